/* SPDX-License-Identifier: MIT */
/* The one writer of the registry: takes the lock, holds all of it in memory
 * while it is changed, makes both files and renames them into place. Made of
 * registry_*.c: write and lock (files), load, contents, users, positions, uid
 * (what is held), copy and base (what it came from), image, plan and stream (a
 * file made anew), patch and holes (one made from its copy), tables and put
 * (the bytes of either), arena and pages (memory).
 * Does not know: commands, directories, nscd. */
#ifndef EXTAUTH_REGISTRY_WRITE_H
#define EXTAUTH_REGISTRY_WRITE_H

#include "registry.h"
#include "registry_arena.h"

/* Twenty writers in turn that each write a registry of a million users to a
 * slow disk: who waits less would be refused though nothing is wrong. */
#define REGISTRY_LOCK_WAIT_MS 60000

struct registry_tombstone {
	uint32_t uid;
	const char *name;
};

struct registry_own_group {
	uint32_t gid;
	const char *name;
};

#define REGISTRY_POSITIONS_COUNT 7

/* A hash table of positions in an array; see registry_positions.h. */
struct registry_positions {
	struct registry_pages slots;
	uint32_t slot_count;
	uint32_t used;
};

/* What the users of one file take. */
struct registry_sum {
	uint64_t users;
	uint64_t record_bytes;
	uint64_t external_ids;
};

/* What may differ from the file that the contents came from. */
struct registry_touched {
	const char **names; /* of users; some may stand twice */
	size_t name_count;
	size_t name_capacity;
	uint32_t *gids; /* of groups made or removed */
	size_t gid_count;
	size_t gid_capacity;
};

/* All that a registry holds. Who is in a group stands in `gids` of the users
 * alone; the member lists of the files are made from it. {0} is an empty
 * registry. Read the arrays and flags freely, set the flags; change the rest by
 * the functions below. */
struct registry_contents {
	struct registry_user *users; /* what they point to lives as long */
	size_t user_count;
	struct registry_pages user_pages;
	struct registry_own_group *groups;
	size_t group_count;
	size_t group_capacity;
	struct registry_tombstone *tombstones;
	size_t tombstone_count;
	size_t tombstone_capacity;
	uint64_t
	    generation;   /* of the files it came from, 0 if there were none */
	uint32_t version; /* of their format, 0 = the newest */
	bool may_enumerate;
	bool must_not_map;
	struct registry_base *base; /* the file it came from, or NULL */
	struct registry_touched touched;
	struct registry_sum sums[2]; /* of `registry` and of `nss` */
	struct registry_arena arena; /* what users, groups, ... point to */
	const char *lent; /* so many bytes of texts that need no copy */
	size_t lent_bytes;
	struct registry_positions positions[REGISTRY_POSITIONS_COUNT];
	uint64_t seed[2]; /* of the positions, and of the base's indexes */
	uint64_t epoch;   /* another one whenever a uid becomes free again */
};

/* Reads a whole `registry` file, checksum first. `*ret_contents` is the
 * caller's (registry_contents_clear), written only on success. No file gives an
 * empty registry. EXTAUTH_UNAVAILABLE for a damaged one, with the reason in
 * `error`; EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err registry_contents_load(const char *path,
    struct registry_contents *ret_contents, struct extauth_error *error);

/* Makes room for `count` more users at once: for who adds many. EXTAUTH_NOMEM,
 * EXTAUTH_TOOBIG. */
EXTAUTH_CHECKED enum extauth_err registry_contents_reserve(
    struct registry_contents *contents, size_t count);

/* Tells that `size` bytes from `bytes` on stay as they are as long as the
 * contents: texts that stand there are not copied when users are added. */
void registry_contents_lend(
    struct registry_contents *contents, const char *bytes, size_t size);

/* Fetches what the look-ups begin with that one who is soon to be added needs;
 * texts may be NULL. For who adds many: each waits for memory otherwise. */
void registry_contents_expect(const struct registry_contents *contents,
    const char *name, const char *email, const char *external_id);
void registry_contents_expect_uid(
    const struct registry_contents *contents, uint32_t uid);

/* Gives back what only look-ups need, for who has added many: from now on the
 * contents can be committed and cleared, and no more. */
void registry_contents_finish(struct registry_contents *contents);

/* Each lends the user, until the next change, or NULL. */
const struct registry_user *registry_contents_find_name(
    const struct registry_contents *contents, const char *name);
const struct registry_user *registry_contents_find_uid(
    const struct registry_contents *contents, uint32_t uid);
const struct registry_user *registry_contents_find_email(
    const struct registry_contents *contents, const char *email);
const struct registry_user *registry_contents_find_external_id(
    const struct registry_contents *contents, const char *external_id);
/* An external id is one person's within a source; the above gives any. */
const struct registry_user *registry_contents_find_source_id(
    const struct registry_contents *contents, const char *source,
    const char *external_id);

/* Each lends the group, until the next change, or NULL. Private groups of users
 * are not among them. */
const struct registry_own_group *registry_contents_find_group(
    const struct registry_contents *contents, const char *name);
const struct registry_own_group *registry_contents_find_gid(
    const struct registry_contents *contents, uint32_t gid);

/* Tells whether `uid` was a removed user's. */
bool registry_contents_is_spent(
    const struct registry_contents *contents, uint32_t uid);

/* Adds a copy of `user`. No text may be NULL, the e-mail not empty; gid is the
 * uid unless linked; each of gids a group of the registry, twice counts as
 * once. On failure nothing is changed.
 * EXTAUTH_INVALID for a field that the readers would not hand out,
 * EXTAUTH_EXISTS for a name (also a group's), uid (also a removed one, or a
 * group's gid), e-mail or, within its source, external id that is taken, both
 * with the reason in `error`; EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err registry_contents_add_user(
    struct registry_contents *contents, const struct registry_user *user,
    struct extauth_error *error);

/* Puts a copy of `user` in place of the user with that uid and name; may hold
 * texts that are lent from the one it replaces. On failure nothing is changed.
 * EXTAUTH_NOTFOUND, else as registry_contents_add_user. */
EXTAUTH_CHECKED enum extauth_err registry_contents_change_user(
    struct registry_contents *contents, const struct registry_user *user,
    struct extauth_error *error);

/* Removes the user and leaves a tombstone, but none for a linked user, whose
 * uid is not ours. On failure nothing is changed. EXTAUTH_NOTFOUND,
 * EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err registry_contents_remove_user(
    struct registry_contents *contents, const char *name);

/* Adds a group. EXTAUTH_INVALID, EXTAUTH_EXISTS (name or gid of a group or of a
 * user, or a removed uid) with the reason in `error`; EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err registry_contents_add_group(
    struct registry_contents *contents, const char *name, uint32_t gid,
    struct extauth_error *error);

/* Removes a group that no user is in, and frees its gid. EXTAUTH_NOTFOUND;
 * EXTAUTH_EXISTS if it has members. */
EXTAUTH_CHECKED enum extauth_err registry_contents_remove_group(
    struct registry_contents *contents, const char *name);

/* Frees all and leaves {0}. NULL is allowed. */
void registry_contents_clear(struct registry_contents *contents);

/* Numbers from `first` to the one before `end`, none of which is free. {0} is
 * an empty run. */
struct registry_uid_run {
	uint64_t first;
	uint64_t end;
};

#define REGISTRY_UID_RUNS 8

/* From which uids (and gids) one may be given out on this host; the sorted
 * `taken` are those of /etc/passwd and /etc/group. */
struct registry_uid_rules {
	uint32_t first;
	uint32_t last;
	uint32_t *taken;
	size_t taken_count;
	uint32_t *reserved; /* sorted: kept for somebody, see claimed */
	size_t reserved_count;
	uint32_t claimed; /* reserved, and for him who is asked about now */
	uint32_t (*mapped)[2]; /* first and last of each range of the uid_map */
	size_t mapped_count;
	uint32_t
	    highest; /* given out by registry_allocate_uid, 0 = not known */
	struct registry_uid_run
	    runs[REGISTRY_UID_RUNS]; /* the longest walked */
	uint64_t epoch; /* of the registry that `runs` are true of */
};

/* Reads this host's files for the range `first` to `last`. `*ret_rules` is the
 * caller's (registry_uid_rules_clear), written only on success.
 * EXTAUTH_CONFIG for an empty range, EXTAUTH_UNAVAILABLE for a file that cannot
 * be read, with the reason in `error`; EXTAUTH_NOMEM. user_namespaces(7). */
EXTAUTH_CHECKED enum extauth_err registry_uid_rules_load(uint32_t first,
    uint32_t last, struct registry_uid_rules *ret_rules,
    struct extauth_error *error);

/* Keeps numbers, copied, from everybody but him for whom `claimed` is set to
 * one. Once. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err registry_uid_rules_reserve(
    struct registry_uid_rules *rules, const uint32_t *numbers, size_t count);

/* Frees what it holds and leaves {0}. NULL is allowed. */
void registry_uid_rules_clear(struct registry_uid_rules *rules);

/* Checks a uid that somebody else chose, in the range or not: EXTAUTH_INVALID
 * if it is never given out on this host (identity_check_uid, the uid_map),
 * EXTAUTH_EXISTS if it is taken in the registry, by a tombstone or on the host;
 * the reason in `error`. Holds for a gid as well. */
EXTAUTH_CHECKED enum extauth_err registry_check_uid(
    const struct registry_contents *contents,
    const struct registry_uid_rules *rules, uint32_t uid,
    struct extauth_error *error);

/* Finds a uid in the range that registry_check_uid passes. With an external id
 * it is that id's hash, or the next free one, so that hosts agree; without one
 * (NULL or "") the next free one behind the highest in use. The rules of the
 * hash never change. It is taken only by registry_contents_add_user.
 * EXTAUTH_TOOBIG if none is free, with the reason in `error`. */
EXTAUTH_CHECKED enum extauth_err registry_allocate_uid(
    const struct registry_contents *contents, struct registry_uid_rules *rules,
    const char *external_id, uint32_t *ret_uid, struct extauth_error *error);

/* A change under way: the lock is held, `contents` is to be changed.
 * REGISTRY_CHANGE_NONE is none. */
struct registry_change {
	struct registry_contents contents;
	int directory_fd;
	int lock_fd;
};

#define REGISTRY_CHANGE_NONE                                                   \
	{                                                                      \
		.directory_fd = -1, .lock_fd = -1                              \
	}

/* Makes `directory` (0755) if it is missing, takes its lock, waiting up to
 * `wait_ms`, and loads its registry. `*ret_change` is the caller's
 * (registry_change_end), written only on success. EXTAUTH_UNAVAILABLE for a
 * lock that others hold, a damaged registry, one that is lost or older than
 * `nss`, or a directory that is not root's or that others may write to;
 * EXTAUTH_SYSTEM, EXTAUTH_NOMEM; the reason in `error`. F_OFD_SETLK of
 * fcntl(2). */
EXTAUTH_CHECKED enum extauth_err registry_change_begin(const char *directory,
    uint32_t wait_ms, struct registry_change *ret_change,
    struct extauth_error *error);

/* The same, with an empty registry in memory whatever the files say: for who
 * puts a saved one in their place. What gets lost by that is the caller's to
 * look at, under the lock. */
EXTAUTH_CHECKED enum extauth_err registry_change_open(const char *directory,
    uint32_t wait_ms, struct registry_change *ret_change,
    struct extauth_error *error);

/* Writes both files under the next generation and puts them in place, first
 * `registry`, then `nss`; umask does not matter. On failure before the first
 * rename the old files stay. May be called again. EXTAUTH_SYSTEM,
 * EXTAUTH_TOOBIG, EXTAUTH_NOMEM with the reason in `error`. */
EXTAUTH_CHECKED enum extauth_err registry_change_commit(
    struct registry_change *change, struct extauth_error *error);

/* Gives the lock back and frees all; what was not committed is gone. NULL and
 * an ended one are allowed. */
void registry_change_end(struct registry_change *change);

#define cleanup_contents __attribute__((cleanup(registry_contents_clear)))
#define cleanup_uid_rules __attribute__((cleanup(registry_uid_rules_clear)))
#define cleanup_change __attribute__((cleanup(registry_change_end)))

#endif
