/* SPDX-License-Identifier: MIT */
/* The file of an import, CSV or JSON, read row by row.
 * Does not know: what the fields mean. */
#ifndef EXTAUTHCTL_IMPORT_FILE_H
#define EXTAUTHCTL_IMPORT_FILE_H

#include "csv.h"
#include "document.h"
#include "import_row.h"

/* {0} is none. Of CSV `columns` says which field stands in which column. */
struct import_file {
	struct buffer text;
	struct csv_reader reader;
	struct csv_record record;
	enum import_field columns[CSV_FIELDS_MAX];
	size_t column_count;
	size_t start;                       /* behind the headline */
	struct json_object *array;          /* NULL: it is CSV */
	struct json_object *groups_of_file; /* NULL: it names no gids */
	size_t next;
	struct buffer groups;
};

/* Reads `path` ("-" is standard input) and, of CSV, its headline.
 * `*ret_file` is the caller's (import_file_clear). EXTAUTH_INVALID with the
 * reason in `error`: no JSON, an unknown or repeated column, no column `name`;
 * EXTAUTH_SYSTEM, EXTAUTH_TOOBIG over 1 GiB, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err import_file_open(const char *path,
    bool is_json, struct import_file *ret_file, struct extauth_error *error);

/* Reads the next row; its texts are lent until the next call. EXTAUTH_NOTFOUND
 * at the end; EXTAUTH_INVALID with "line N: reason" in `error`, after which
 * there is no use in going on; EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err import_file_next(struct import_file *file,
    struct import_row *ret_row, struct extauth_error *error);

/* Goes back to the first row. */
void import_file_rewind(struct import_file *file);

/* Frees all. NULL is allowed. */
void import_file_clear(struct import_file *file);

#define cleanup_import_file __attribute__((cleanup(import_file_clear)))

#endif
