/* SPDX-License-Identifier: MIT */
/* What the parts of source_entry share.
 * Does not know: sources. */
#ifndef EXTAUTH_SOURCE_ENTRY_INTERNAL_H
#define EXTAUTH_SOURCE_ENTRY_INTERNAL_H

#include "source_entry.h"

/* Copies the text at a pointer ("": none), as source_entry_read says; false,
 * with "", where there is none. */
bool source_entry_text(const struct json *person, const char *pointer,
    char text[IDENTITY_TEXT_MAX_BYTES + 1]);

/* Reads a number or its digits. */
bool source_entry_number(
    const struct json *person, const char *pointer, uint32_t *ret_number);

/* Fills groups, has_groups and has_nameless_group. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err source_entry_read_groups(
    const struct source_run *run, const struct json *person,
    struct source_entry *entry);

#endif
