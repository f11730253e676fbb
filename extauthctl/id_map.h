/* SPDX-License-Identifier: MIT */
/* Uids and gids that another host gave out, so that this one gives the same
 * people and groups the same numbers: read, looked up, written.
 * Does not know: who is registered here. */
#ifndef EXTAUTHCTL_ID_MAP_H
#define EXTAUTHCTL_ID_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

#define ID_MAP_FILE "ids"

enum id_kind {
	ID_USER = 0,
	ID_GROUP,
	ID_REMOVED, /* a user's who is no more: never to be given out again */
};

/* One number. Texts are never NULL, and of an entry in a map they stand in its
 * `block`; e-mail and external id are a user's. */
struct id_entry {
	enum id_kind kind;
	uint32_t number;
	unsigned line; /* of the file that it came from */
	const char *name;
	const char *email; /* folded */
	const char *external_id;
	char *block; /* owned */
};

struct id_place {
	const struct id_entry *entry;
};

/* {0} is empty. */
struct id_map {
	struct id_entry *entries;
	size_t count;
	size_t capacity;
	struct id_place *sorted; /* by kind and key, once looked up */
};

/* Reads text in the form that id_map_print writes. `*map` gets the entries
 * added. EXTAUTH_INVALID with "line N: reason" in `error`, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err id_map_parse(struct id_map *map,
    const char *text, size_t length, struct extauth_error *error);

/* Reads a file; that it is not there is as if it were empty. EXTAUTH_SYSTEM,
 * else as id_map_parse, with the path in front. */
EXTAUTH_CHECKED enum extauth_err id_map_load(
    const char *path, struct id_map *ret_map, struct extauth_error *error);

/* The same for a file that must be there; "-" is standard input. */
EXTAUTH_CHECKED enum extauth_err id_map_read(
    const char *path, struct id_map *ret_map, struct extauth_error *error);

/* Checks that no number stands for two. EXTAUTH_INVALID with both lines in
 * `error`, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err id_map_check_numbers(
    const struct id_map *map, struct extauth_error *error);

/* Copies the numbers of all into an array, the caller's (free); NULL of an
 * empty map. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err id_map_numbers(
    const struct id_map *map, uint32_t **ret_numbers);

/* Adds a copy of one. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err id_map_add(
    struct id_map *map, const struct id_entry *entry);

/* Lends the entry of a user with that external id (or, where it is empty, that
 * e-mail and none), or of a group with that name; NULL: none. Fails as "none"
 * without memory. */
const struct id_entry *id_map_find_user(
    struct id_map *map, const char *external_id, const char *email);
const struct id_entry *id_map_find_group(struct id_map *map, const char *name);

/* Appends the headline, or one entry, as CSV: kind, number, name, email,
 * external_id. EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err id_map_print_head(struct buffer *text);
EXTAUTH_CHECKED enum extauth_err id_map_print(
    const struct id_entry *entry, struct buffer *text);

/* Puts the map in place of the file ID_MAP_FILE of a directory, 0600; an empty
 * map removes it. On failure the old file stays. EXTAUTH_SYSTEM, EXTAUTH_NOMEM
 * with the reason in `error`. */
EXTAUTH_CHECKED enum extauth_err id_map_write(
    const struct id_map *map, int directory_fd, struct extauth_error *error);

/* Frees all and leaves {0}. NULL is allowed. */
void id_map_clear(struct id_map *map);

#define cleanup_id_map __attribute__((cleanup(id_map_clear)))

#endif
