/* SPDX-License-Identifier: MIT */
/* A registry in a directory of its own, for the tests that read one: alice in
 * group admins; carol@example.com, disabled; bob, linked, in admins; one who
 * was removed; an empty group.
 * Does not know: what is asked of it. */
#ifndef EXTAUTH_REGISTRY_CASE_H
#define EXTAUTH_REGISTRY_CASE_H

#include "registry_write.h"
#include "unit.h"

#define FIRST_UID 2000200001U
#define ADMINS_GID 2000900001U
#define EMPTY_GID 2000900002U
#define REMOVED_UID 2000200009U
#define LINKED_UID 1000U

/* The path of a file in the test's directory; lent until the next call. */
const char *case_path(const char *name);

/* The path of the test's directory itself. */
const char *case_directory(void);

/* Makes the directory; with the sample registry in it. */
void case_make_directory(void);
void case_setup(void);

/* Removes directory and files. */
void case_remove(void);

/* Takes the lock; writes both files and gives it back; adds a user. */
void case_begin(struct registry_change *change);
void case_commit(struct registry_change *change);
void case_add(struct registry_change *change, struct registry_user user);

/* Opens a file of the directory. */
void case_open(const char *name, struct registry *registry);

/* Adds a user without groups whose texts come from the number. */
void case_add_numbered(
    struct registry_change *change, unsigned long number, uint32_t uid);

/* Reads a file of the directory from end to end; it is closed again. */
struct registry case_verified(const char *name);

/* Tries to read the file `registry` into contents, which are dropped. */
EXTAUTH_CHECKED enum extauth_err case_load(struct extauth_error *error);

/* Reads the file `registry` into contents; the caller's. */
struct registry_contents case_loaded(void);

/* Rules of a host on which nothing is taken and every uid exists; nothing in
 * them is to be freed. */
struct registry_uid_rules case_open_rules(uint32_t first, uint32_t last);

/* Allocates a uid, which is of the range and free. */
uint32_t case_allocate(const struct registry_contents *contents,
    struct registry_uid_rules *rules, const char *external_id);

/* The user alice; and that a user is she, as the `nss` file shows her if
 * `is_public`. */
struct registry_user case_alice(void);
void case_assert_alice(const struct registry_user *user, bool is_public);

#endif
