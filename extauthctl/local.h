/* SPDX-License-Identifier: MIT */
/* Who stands in /etc/passwd and /etc/group themselves, past NSS.
 * Does not know: the registry. */
#ifndef EXTAUTHCTL_LOCAL_H
#define EXTAUTHCTL_LOCAL_H

#include <stdint.h>

#include "error.h"

#define LOCAL_TEXT_BYTES 1024

struct local_user {
	uint32_t uid;
	uint32_t gid;
	char gecos[LOCAL_TEXT_BYTES];
	char home[LOCAL_TEXT_BYTES];
	char shell[LOCAL_TEXT_BYTES];
};

/* Finds a user in /etc/passwd. EXTAUTH_NOTFOUND if there is none,
 * EXTAUTH_UNAVAILABLE if the file cannot be read. passwd(5). */
EXTAUTH_CHECKED enum extauth_err local_find_user(
    const char *name, struct local_user *ret_user, struct extauth_error *error);

/* Finds a group in /etc/group; else as local_find_user. group(5). */
EXTAUTH_CHECKED enum extauth_err local_find_group(
    const char *name, uint32_t *ret_gid, struct extauth_error *error);

#endif
