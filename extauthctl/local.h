/* SPDX-License-Identifier: MIT */
/* Who stands in /etc/passwd and /etc/group themselves, past NSS.
 * Does not know: the registry. */
#ifndef EXTAUTHCTL_LOCAL_H
#define EXTAUTHCTL_LOCAL_H

#include <stdbool.h>
#include <stddef.h>
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

/* The names of a file, sorted; for who asks often. {0} is none. */
struct local_names {
	char **names;
	size_t count;
};

enum local_file {
	LOCAL_PASSWD = 0,
	LOCAL_GROUP,
};

/* Reads the names. `*ret_names` is the caller's (local_names_clear).
 * EXTAUTH_UNAVAILABLE with the reason in `error`, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err local_names_load(enum local_file file,
    struct local_names *ret_names, struct extauth_error *error);

/* Tells whether `name` is among them. */
bool local_names_have(const struct local_names *names, const char *name);

/* Frees all. NULL is allowed. */
void local_names_clear(struct local_names *names);

#endif
