/* SPDX-License-Identifier: MIT */
/* Reads and writes comma-separated values. RFC 4180, with LF alone allowed as
 * line end.
 * Does not know: what the columns are. */
#ifndef EXTAUTH_CSV_H
#define EXTAUTH_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"

#define CSV_FIELDS_MAX 64

/* One record; `fields` is its whole memory, with the texts behind it, each with
 * its NUL. */
struct csv_record {
	const char **fields;
	size_t count;
	unsigned line; /* on which it began */
};

/* Where the reader is. */
struct csv_reader {
	const char *text;
	size_t length;
	size_t offset;
	unsigned line; /* starts at 1 */
};

/* Reads the next record; empty lines are left out. `*ret_record` is the
 * caller's (csv_record_clear), written only on success. EXTAUTH_NOTFOUND at the
 * end; EXTAUTH_INVALID with "line N: reason" in `error` for a quote that stands
 * wrong or is not closed, a NUL, too many fields; EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err csv_read(struct csv_reader *reader,
    struct csv_record *ret_record, struct extauth_error *error);

/* Reads the next record as csv_read does, but leaves it where it is: the fields
 * stand in `text`, which is the reader's, one behind the other, each with its
 * NUL. Behind the text there is one byte more. `fields` of the record is the
 * caller's and has room for CSV_FIELDS_MAX. For who reads much, and once. */
EXTAUTH_CHECKED enum extauth_err csv_cut(struct csv_reader *reader, char *text,
    struct csv_record *record, struct extauth_error *error);

/* Frees what it holds and leaves {0}. NULL is allowed. */
void csv_record_clear(struct csv_record *record);

/* Appends a field, in quotes where it needs them, and a comma before it unless
 * it is the first of its record. EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err csv_append(
    struct buffer *buffer, const char *field, bool is_first);

#define cleanup_csv_record __attribute__((cleanup(csv_record_clear)))

#endif
