/* SPDX-License-Identifier: MIT */
/* A registered user as export and show write it: names of fields, and their
 * form as text.
 * Does not know: files, commands. */
#ifndef EXTAUTHCTL_RECORD_H
#define EXTAUTHCTL_RECORD_H

#include "document.h"
#include "registry_write.h"

/* The fields in the order of the CSV columns; ends with NULL. */
const char *const *record_fields(void);

/* Makes the document of one user; groups are named as `contents` names them.
 * The caller's (document_clear). */
struct json_object *record_of_user(
    const struct registry_contents *contents, const struct registry_user *user);

/* Makes the document of a removed user: uid, name, state. */
struct json_object *record_of_tombstone(
    const struct registry_tombstone *tombstone);

#endif
