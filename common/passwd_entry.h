/* SPDX-License-Identifier: MIT */
/* One entry of a passwd(5) file, read from the file itself, since NSS may
 * answer from elsewhere, or not at all.
 * Does not know: the registry, what the entry is looked up for. */
#ifndef EXTAUTH_PASSWD_ENTRY_H
#define EXTAUTH_PASSWD_ENTRY_H

#include <pwd.h>
#include <stddef.h>

#include "error.h"

#define PASSWD_ENTRY_PATH "/etc/passwd"

/* {0} is none. */
struct passwd_entry {
	struct passwd fields; /* their texts stand in `line` */
	char *line;
	size_t size;
};

/* Finds the first entry of that name in the file at `path`; a line may have up
 * to 1 MiB. `*ret_entry` is the caller's (passwd_entry_clear). EXTAUTH_NOTFOUND
 * if there is none, or no file; EXTAUTH_UNAVAILABLE with the reason in `error`
 * if the file cannot be read; EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err passwd_entry_find(const char *path,
    const char *name, struct passwd_entry *ret_entry,
    struct extauth_error *error);

/* Frees it and leaves {0}. */
void passwd_entry_clear(struct passwd_entry *entry);

#define cleanup_passwd_entry __attribute__((cleanup(passwd_entry_clear)))

#endif
