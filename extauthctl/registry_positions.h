/* SPDX-License-Identifier: MIT */
/* Finds users, groups and tombstones of a registry in memory by their keys: by
 * tables of its own, and for users by the indexes of the file they came from.
 * Does not know: what may be added.  */
#ifndef EXTAUTH_REGISTRY_POSITIONS_H
#define EXTAUTH_REGISTRY_POSITIONS_H

#include "registry_write.h"

#define POSITION_NONE SIZE_MAX

/* By which key; each stands for one array of the contents. */
enum registry_key {
	KEY_NAME = 0,
	KEY_UID,
	KEY_EMAIL,
	KEY_EXTERNAL_ID, /* an empty one is not a key */
	KEY_GROUP_NAME,
	KEY_GROUP_GID,
	KEY_TOMBSTONE, /* by uid; not those of the base */
};

/* Gives the position in its array, or POSITION_NONE. */
size_t positions_find_text(const struct registry_contents *contents,
    enum registry_key key, const char *text);
size_t positions_find_source_id(const struct registry_contents *contents,
    const char *source, const char *external_id);
size_t positions_find_number(const struct registry_contents *contents,
    enum registry_key key, uint32_t number);

/* Fetches what a look-up begins with, for who will soon ask. */
void positions_expect(const struct registry_contents *contents,
    enum registry_key key, const char *text);
void positions_expect_number(const struct registry_contents *contents,
    enum registry_key key, uint32_t number);

/* Tells whether there is an upper-case letter of ASCII among the bytes. */
bool positions_has_upper(const char *text, size_t length);

/* Tells whether the base holds a tombstone of `uid`. */
bool positions_are_spent(
    const struct registry_contents *contents, uint32_t uid);

/* Makes sure that `count` more can be put. EXTAUTH_NOMEM, EXTAUTH_TOOBIG. */
EXTAUTH_CHECKED enum extauth_err positions_reserve(
    struct registry_contents *contents, enum registry_key key, size_t count);

/* Puts in what stands at `position` of the array; room was reserved. */
void positions_put(
    struct registry_contents *contents, enum registry_key key, size_t position);

/* Notes that what stood at `from` of the array, and is there still, stands at
 * `to`; needs no room. */
void positions_move(struct registry_contents *contents, enum registry_key key,
    size_t from, size_t to);

/* Takes out what stands at `position` of the array, and is there still. */
void positions_drop(
    struct registry_contents *contents, enum registry_key key, size_t position);

#endif
