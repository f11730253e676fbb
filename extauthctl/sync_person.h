/* SPDX-License-Identifier: MIT */
/* What of a directory's texts becomes a login name, a group's name, a gecos.
 * Does not know: who is registered. */
#ifndef EXTAUTHCTL_SYNC_PERSON_H
#define EXTAUTHCTL_SYNC_PERSON_H

#include "config.h"
#include "identity.h"

/* Writes the login name that a person gets who is registered now: his name in
 * the directory, else his e-mail; of an e-mail the part before the '@', or all
 * of it with email_login_names. Whether it may be one is not checked. */
void sync_person_login_name(const struct config *config, const char *name,
    const char *email, char ret_name[IDENTITY_TEXT_MAX_BYTES + 1]);

/* Writes prefix and text as a short name: lower case, '-' for what may not
 * stand in one, '_' in front of a first byte that may not, cut. */
void sync_person_make_name(const char *prefix, const char *text,
    char ret_name[IDENTITY_NAME_MAX_BYTES + 1]);

/* Writes a full name as a gecos: letters of Latin-1 lose their accents, all
 * else that is not printable ASCII becomes '?', ':' a blank. */
void sync_person_make_gecos(
    const char *text, char ret_gecos[IDENTITY_TEXT_MAX_BYTES + 1]);

#endif
