/* SPDX-License-Identifier: MIT */
/* What the passwd and the group side share: the caller's buffer, the registry
 * behind it, and glibc's way to say how it went.
 * Does not know: struct passwd, struct group. */
#ifndef EXTAUTH_NSS_BUFFER_H
#define EXTAUTH_NSS_BUFFER_H

#include <nss.h>
#include <stdbool.h>
#include <sys/types.h>

#include "registry.h"

/* For what glibc calls; all else is hidden. */
#define NSS_EXPORT __attribute__((visibility("default")))

/* The caller's buffer, cut in two: the last two bytes hold "*", what is before
 * them is the room for the record. */
struct nss_buffer {
	struct registry_room room;
	char *star;
};

/* Where an enumeration stands. {0} is at the start. glibc calls one at a time.
 */
struct nss_walk {
	uint64_t cursor;
	uint64_t generation;
};

/* Cuts a buffer. EXTAUTH_TOOBIG if not even "*" fits. */
EXTAUTH_CHECKED enum extauth_err nss_buffer_make(
    char *bytes, size_t length, struct nss_buffer *ret_buffer);

/* Gives a text that stands in the room as glibc's structs want it. */
char *nss_buffer_text(const struct nss_buffer *buffer, const char *text);

/* Tells whether a user or private group of ours can have that name, or that
 * number; if not, no file is opened. */
bool nss_may_be_name(const char *name);
bool nss_may_be_id(uint32_t id);

/* Reads the next record of a kind that `wanted` accepts, and moves on only on
 * success; else `*record` holds anything. EXTAUTH_NOTFOUND at the end, or where
 * listing is off; EXTAUTH_UNAVAILABLE if the file was replaced since the walk
 * began; else as registry_next. */
EXTAUTH_CHECKED enum extauth_err nss_walk_next(struct nss_walk *walk,
    struct registry_room *room,
    bool (*wanted)(const struct registry_record *record),
    struct registry_record *record);

/* Ends an entry point: puts the host's errno back, then tells a failure by
 * `*errnop`, ERANGE for a buffer that is too small and for nothing else. */
enum nss_status nss_answer(enum extauth_err err, int saved_errno, int *errnop);

#endif
