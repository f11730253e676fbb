/* SPDX-License-Identifier: MIT */
/* The file of an import, CSV or JSON, read row by row.
 * Does not know: what the fields mean. */
#ifndef EXTAUTHCTL_IMPORT_FILE_H
#define EXTAUTHCTL_IMPORT_FILE_H

#include "csv.h"
#include "document.h"
#include "import_row.h"
#include "registry_pages.h"

/* Where a row of CSV stands: its fields one behind the other, each with its
 * NUL. */
struct import_line {
	size_t offset;
	unsigned line;
};

/* {0} is none. Of CSV `columns` says which field stands in which column. */
struct import_file {
	struct registry_pages text;
	size_t length;
	struct csv_reader reader;
	enum import_field columns[CSV_FIELDS_MAX];
	size_t column_count;
	struct registry_pages line_pages;
	struct json_object *array;          /* NULL: it is CSV */
	struct json_object *groups_of_file; /* NULL: it names no gids */
	size_t count;                       /* rows read */
	struct buffer groups;
};

/* Reads `path` ("-" is standard input) and, of CSV, its headline.
 * `*ret_file` is the caller's (import_file_clear). EXTAUTH_INVALID with the
 * reason in `error`: no JSON, an unknown or repeated column, no column `name`;
 * EXTAUTH_SYSTEM, EXTAUTH_TOOBIG over 16 GiB, of JSON 1 GiB, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err import_file_open(const char *path,
    bool is_json, struct import_file *ret_file, struct extauth_error *error);

/* Reads the next row; its texts are lent until the next call.
 * EXTAUTH_NOTFOUND at the end; EXTAUTH_INVALID with "line N:
 * reason" in `error` for a row of the wrong shape, after which the next one
 * may be read; after EXTAUTH_CONFIG, the same for a file of the wrong shape,
 * it may not; EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err import_file_next(struct import_file *file,
    struct import_row *ret_row, struct extauth_error *error);

/* Reads a row again that import_file_next gave. EXTAUTH_INVALID as above. */
EXTAUTH_CHECKED enum extauth_err import_file_again(struct import_file *file,
    size_t number, struct import_row *ret_row, struct extauth_error *error);

/* Gives back what finds rows again: from now on none is read. Their texts
 * stay. */
void import_file_finish(struct import_file *file);

/* Frees all. NULL is allowed. */
void import_file_clear(struct import_file *file);

#define cleanup_import_file __attribute__((cleanup(import_file_clear)))

#endif
