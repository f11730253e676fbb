/* SPDX-License-Identifier: MIT */
/* One line of a list of comma-separated values as a person.
 * Does not know: where the lines come from. */
#ifndef EXTAUTH_SOURCE_CSV_ROW_H
#define EXTAUTH_SOURCE_CSV_ROW_H

#include "csv.h"
#include "source_machine.h"

enum csv_column {
	CSV_ID = 0,
	CSV_EMAIL,
	CSV_NAME,
	CSV_GECOS,
	CSV_UID,
	CSV_HOME,
	CSV_SHELL,
	CSV_GROUPS,
	CSV_STATE,
	CSV_COLUMNS,
};

/* Where each column stands; CSV_FIELDS_MAX: nowhere. */
struct csv_columns {
	size_t at[CSV_COLUMNS];
	size_t count; /* of all */
};

/* Finds the columns by the names that the configuration has for them, ASCII
 * letters without case, and `state`. EXTAUTH_CONFIG with "line N: reason" for a
 * column of user_id or user_email that is missing, or there twice. */
EXTAUTH_CHECKED enum extauth_err csv_find_columns(const struct source_run *run,
    const struct csv_record *header, struct csv_columns *ret_columns,
    struct extauth_error *error);

/* What a line is. Of the state "removed" no more is read. */
struct csv_person {
	struct sync_user user;
	bool is_removed;
};

/* Reads a line. `ret_person->user` is the caller's (sync_user_clear).
 * EXTAUTH_INVALID with "line N: reason" for too few or too many fields, no id,
 * an id, home or shell over 255 bytes, a uid that is no number, an unknown
 * state, and groups that do not fit; EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err csv_read_user(const struct source_run *run,
    const struct csv_columns *columns, const struct csv_record *record,
    struct csv_person *ret_person, struct extauth_error *error);

#endif
