/* SPDX-License-Identifier: MIT */
/* One row of an import: texts by field, turned into a wish.
 * Does not know: CSV, JSON, the registry. */
#ifndef EXTAUTHCTL_IMPORT_ROW_H
#define EXTAUTHCTL_IMPORT_ROW_H

#include "registrar.h"

/* In the order of record_fields. */
enum import_field {
	IMPORT_NAME = 0,
	IMPORT_EMAIL,
	IMPORT_UID,
	IMPORT_GID,
	IMPORT_GECOS,
	IMPORT_HOME,
	IMPORT_SHELL,
	IMPORT_EXTERNAL_ID,
	IMPORT_PROVIDER,
	IMPORT_SOURCE,
	IMPORT_STATE,
	IMPORT_NOT_AFTER,
	IMPORT_GROUPS,
	IMPORT_LINKED,
	IMPORT_FIELD_COUNT
};

/* Texts by field, NULL where the field was not there; all borrowed. */
struct import_row {
	const char *texts[IMPORT_FIELD_COUNT];
	unsigned line; /* or number of the entry */
	size_t number; /* counted from 0, of rows whose shape is right */
};

/* A row as it is meant; texts are those of the row, but for the groups. */
struct import_person {
	struct registrar_wish wish;
	bool is_removed; /* only the uid counts */
	char *groups;    /* owned: the names that wish.groups points to */
};

/* Finds the field of that name, or IMPORT_FIELD_COUNT. */
enum import_field import_field_find(const char *name);

/* Reads the row. `*ret_person` is the caller's (import_person_clear), after a
 * failure as well. EXTAUTH_INVALID with the reason in `error`, EXTAUTH_NOMEM.
 */
EXTAUTH_CHECKED enum extauth_err import_row_read(const struct import_row *row,
    struct import_person *ret_person, struct extauth_error *error);

/* Frees what it holds. NULL is allowed. */
void import_person_clear(struct import_person *person);

#define cleanup_import_person __attribute__((cleanup(import_person_clear)))

#endif
