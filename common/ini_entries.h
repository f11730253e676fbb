/* SPDX-License-Identifier: MIT */
/* The lists inside of struct ini: its entries and paths.
 * Does not know: the text that they come from. */
#ifndef EXTAUTH_INI_ENTRIES_H
#define EXTAUTH_INI_ENTRIES_H

#include "ini.h"

/* Appends an entry, whose texts become the list's; on failure they stay the
 * caller's. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err ini_entries_add(
    struct ini *ini, struct ini_entry entry);

/* Appends a copy of `path`. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err ini_entries_add_path(
    struct ini *ini, const char *path);

/* Frees the entries behind the first `count`. */
void ini_entries_cut(struct ini *ini, size_t count);

/* Frees the texts of one entry. */
void ini_entry_clear(struct ini_entry *entry);

#endif
