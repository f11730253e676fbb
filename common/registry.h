/* SPDX-License-Identifier: MIT */
/* Read side of the two registry files: look-ups by pread, or in a map that the
 * caller made; each offset and length checked before use, each record copied
 * and the copy checked before it is handed out.
 * Works with libc alone and allocates nothing when the caller brings the room.
 * Does not know: who asks, and who may log in. */
#ifndef EXTAUTH_REGISTRY_H
#define EXTAUTH_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

/* For a variable that is as big as all else that a look-up writes: the compiler
 * is told to clear every one that does not have this. */
#define REGISTRY_UNWIPED __attribute__((uninitialized))

/* Room for one record. With `bytes` of the caller it is fixed, and
 * EXTAUTH_TOOBIG says that it is too small; as {0} it grows by malloc and is
 * ended by registry_room_clear. Aligned for uint32_t inside by the reader. */
struct registry_room {
	char *bytes;
	size_t size;
	bool is_fixed;
	/* To be left free in a fixed room for each member of a group, and for
	 * two more: EXTAUTH_TOOBIG before any of the members is read. */
	size_t member_bytes;
};

/* All texts and lists point into the room and live as long as it does. Texts
 * are never NULL; what the `nss` file does not hold is "". */
struct registry_user {
	const char *name;
	const char *gecos;
	const char *home;
	const char *shell;
	const char *email;
	const char *external_id;
	const char *provider;
	const char *source;
	uint32_t uid;
	uint32_t gid;
	int64_t not_after; /* seconds since 1970, 0 = no end */
	bool is_disabled;
	bool is_held;         /* disabled by hand: no sync enables him */
	bool is_linked;       /* the account itself stands in /etc/passwd */
	const uint32_t *gids; /* groups besides the primary one */
	size_t gid_count;
};

struct registry_group {
	const char *name;
	uint32_t gid;
	const char *members; /* member_count names, each with its NUL */
	size_t members_bytes;
	size_t member_count;
};

enum registry_kind {
	REGISTRY_NONE = 0, /* no record */
	REGISTRY_USER,
	REGISTRY_GROUP,
	REGISTRY_TOMBSTONE, /* a removed user: `user` has uid and name only */
	REGISTRY_HOLE,      /* nothing; never handed out */
};

struct registry_record {
	enum registry_kind kind;
	struct registry_user user;   /* kind USER and TOMBSTONE */
	struct registry_group group; /* kind GROUP */
};

#define REGISTRY_INDEX_COUNT 6

struct registry_index {
	uint64_t offset; /* of its first slot */
	uint64_t slots;  /* a power of two, or 0 */
};

/* An open file; {0} with fd -1 is closed. Whoever keeps all `size` bytes of it
 * mapped may set `map` and close the file; the end of the map is his then. */
struct registry {
	int fd;
	const char *map;  /* NULL: the file is read */
	uint32_t version; /* of the format */
	uint64_t generation;
	uint64_t size;
	uint64_t records_offset;
	uint64_t records_bytes;
	uint64_t user_count;
	uint64_t group_count;
	uint64_t tombstone_count;
	uint64_t seed[2];
	bool may_enumerate;
	bool may_map; /* what the file says about it */
	struct registry_index indexes[REGISTRY_INDEX_COUNT];
};

/* Opens a registry file: regular, owned by root, not writable by others, its
 * header's checksum right. O_CLOEXEC, O_NOFOLLOW, never blocks.
 * `*ret_registry` is the caller's (registry_close), written only on success.
 * EXTAUTH_NOTFOUND if there is none, EXTAUTH_UNAVAILABLE with the reason in
 * `error` for everything else. DESIGN 5.1; the format is told in
 * common/registry_format.h. */
EXTAUTH_CHECKED enum extauth_err registry_open(const char *path,
    struct registry *ret_registry, struct extauth_error *error);

/* Closes it and sets fd to -1. NULL and a closed one are allowed. */
void registry_close(struct registry *registry);

/* Each finds one user: EXTAUTH_NOTFOUND if there is none (a tombstone and a bad
 * record count as none), EXTAUTH_TOOBIG if a fixed room is too small,
 * EXTAUTH_NOMEM, EXTAUTH_UNAVAILABLE for a file that cannot be read or whose
 * offsets lie. `*ret_user` is written only on success. The e-mail is compared
 * by identity_equal, the others byte by byte. */
EXTAUTH_CHECKED enum extauth_err registry_find_name(
    const struct registry *registry, const char *name,
    struct registry_room *room, struct registry_user *ret_user);
EXTAUTH_CHECKED enum extauth_err registry_find_uid(
    const struct registry *registry, uint32_t uid, struct registry_room *room,
    struct registry_user *ret_user);
EXTAUTH_CHECKED enum extauth_err registry_find_email(
    const struct registry *registry, const char *email,
    struct registry_room *room, struct registry_user *ret_user);
EXTAUTH_CHECKED enum extauth_err registry_find_external_id(
    const struct registry *registry, const char *external_id,
    struct registry_room *room, struct registry_user *ret_user);

/* Each finds one group, with the errors of the above. The private group of a
 * user (his name, gid = uid, no members) is found as well. */
EXTAUTH_CHECKED enum extauth_err registry_find_group_name(
    const struct registry *registry, const char *name,
    struct registry_room *room, struct registry_group *ret_group);
EXTAUTH_CHECKED enum extauth_err registry_find_gid(
    const struct registry *registry, uint32_t gid, struct registry_room *room,
    struct registry_group *ret_group);

/* Walks over all records: `*cursor` starts at 0. EXTAUTH_NOTFOUND at the end;
 * otherwise as above. A record that did not fit into a fixed room is given
 * again by the next call. A bad record ends the walk as EXTAUTH_UNAVAILABLE. */
EXTAUTH_CHECKED enum extauth_err registry_next(const struct registry *registry,
    uint64_t *cursor, struct registry_room *room,
    struct registry_record *ret_record);

/* Reads all of the tables and compares their checksum with the header's.
 * EXTAUTH_UNAVAILABLE with the reason in `error`. For `check`, not for logins.
 */
EXTAUTH_CHECKED enum extauth_err registry_verify(
    const struct registry *registry, struct extauth_error *error);

/* Frees a room that grew; leaves {0}, or a fixed one as it is. NULL is allowed.
 */
void registry_room_clear(struct registry_room *room);

#define cleanup_registry __attribute__((cleanup(registry_close)))
#define cleanup_room __attribute__((cleanup(registry_room_clear)))

#endif
