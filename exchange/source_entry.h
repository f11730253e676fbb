/* SPDX-License-Identifier: MIT */
/* Makes people of what a directory holds of them, by the attributes that the
 * configuration names.
 * Does not know: pages, requests. */
#ifndef EXTAUTH_SOURCE_ENTRY_H
#define EXTAUTH_SOURCE_ENTRY_H

#include "json.h"
#include "source_machine.h"

/* What an entry turned out to be. */
enum source_entry_kind {
	SOURCE_ENTRY_NOBODY = 0, /* skip_if, or it has no id */
	SOURCE_ENTRY_USER,
};

struct source_entry {
	enum source_entry_kind kind;
	struct sync_user user;
	bool has_groups;         /* it names some, wanted or not */
	bool has_nameless_group; /* one of them by its id alone */
};

/* Reads the element `at` of the array at pointer `list` of a page ("" is the
 * whole page) by user_id, user_email and their kin: strings and whole numbers;
 * a list gives its first element that has `primary` true, else its first, and
 * an object (as in emails of SCIM) its `value`. An e-mail that is not there is
 * the user's name where that is one. user_uid may be a number or its digits;
 * uid_base is added to a numeric id where there is no uid. is_disabled by
 * disabled_if, and by what the type has for it (active, accountEnabled,
 * enabled, status). user_groups: a list of strings (names), or of objects with
 * value, id, display, displayName, name; those that nobody wants are left out,
 * and those beyond SYNC_TEXTS_MAX_BYTES. `*ret_entry` is the caller's
 * (source_entry_clear). A text over 255 bytes is cut, and left for the host to
 * refuse; who has such an id is NOBODY. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err source_entry_read(const struct source_run *run,
    const struct json *page, const char *list, size_t at,
    struct source_entry *ret_entry);

/* Reads one group of a directory: id (`id`, `value`), name (`displayName`,
 * `display`, `name`, `profile/name`) and, at group_gid, its gid. False: it has
 * no id. No members. */
bool source_entry_read_group(const struct source_run *run,
    const struct json *group, struct sync_group *ret_group);

/* Frees what it holds and leaves {0}. NULL is allowed. */
void source_entry_clear(struct source_entry *entry);

#define cleanup_source_entry __attribute__((cleanup(source_entry_clear)))

/* Tells whether a [group NAME] takes the directory's group of that id or name
 * (either may be ""), or group_prefix takes all. */
bool source_entry_wants_group(
    const struct source_run *run, const char *id, const char *name);

/* Ids of people that were told, so that one who is met again is told once. {0}
 * is empty. */
struct source_seen {
	uint64_t *hashes; /* 0 is a free place */
	size_t slots;
	size_t count;
};

/* Notes an id; `*ret_is_new` is false if it was noted before. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err source_seen_add(
    struct source_seen *seen, const char *id, bool *ret_is_new);
void source_seen_clear(struct source_seen *seen);

#endif
