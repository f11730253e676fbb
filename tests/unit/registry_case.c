/* SPDX-License-Identifier: MIT */
#include "registry_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Each test works in a directory of its own, in memory: the writer's fsync(2)
 * waits for whatever else the disk is busy with. */
static char directory[] = "/dev/shm/extauth-registry-XXXXXX";

const char *
case_path(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return path;
}

const char *
case_directory(void)
{
	return directory;
}

void
case_make_directory(void)
{
	memcpy(directory + strlen(directory) - 6, "XXXXXX", 6);
	ck_assert_ptr_nonnull(mkdtemp(directory));
}

void
case_remove(void)
{
	static const char *const names[] = {
	    "registry", "nss", "lock", ".registry.new", ".nss.new", "link"};
	size_t number;

	for (number = 0; number < sizeof(names) / sizeof(*names); number++)
		unlink(case_path(names[number]));
	rmdir(directory);
}

struct registry_user
case_alice(void)
{
	static const uint32_t gids[] = {ADMINS_GID};

	return (struct registry_user){.name = "alice",
	    .gecos = "Alice Example",
	    .home = "/home/alice",
	    .shell = "/bin/bash",
	    .email = "Alice@example.com",
	    .external_id = "00u1",
	    .provider = "main",
	    .source = "people",
	    .uid = FIRST_UID,
	    .gid = FIRST_UID,
	    .not_after = 4102444800,
	    .gids = gids,
	    .gid_count = 1};
}

static struct registry_user
plain_user(const char *name, const char *email, uint32_t uid)
{
	struct registry_user user = case_alice();

	user.name = name;
	user.email = email;
	user.external_id = "";
	user.uid = uid;
	user.gid = uid;
	user.not_after = 0;
	user.gid_count = 0;
	return user;
}

void
case_begin(struct registry_change *change)
{
	struct extauth_error error = {0};
	enum extauth_err err =
	    registry_change_begin(directory, 0, change, &error);

	ck_assert_msg(err == EXTAUTH_OK, "%s", error.text);
}

void
case_commit(struct registry_change *change)
{
	struct extauth_error error = {0};
	enum extauth_err err = registry_change_commit(change, &error);

	ck_assert_msg(err == EXTAUTH_OK, "%s", error.text);
	registry_change_end(change);
}

void
case_add(struct registry_change *change, struct registry_user user)
{
	struct extauth_error error = {0};
	enum extauth_err err =
	    registry_contents_add_user(&change->contents, &user, &error);

	ck_assert_msg(err == EXTAUTH_OK, "%s: %s", user.name, error.text);
}

/* alice with a group; an e-mail as name, disabled; bob, linked, in a group; one
 * who was removed; an empty group. */
static void
write_sample(void)
{
	struct registry_change change;
	struct registry_user user;

	case_begin(&change);
	ck_assert_ok(registry_contents_add_group(
	    &change.contents, "admins", ADMINS_GID, NULL));
	ck_assert_ok(registry_contents_add_group(
	    &change.contents, "empty", EMPTY_GID, NULL));
	case_add(&change, case_alice());
	user =
	    plain_user("carol@example.com", "carol@example.com", FIRST_UID + 1);
	user.is_disabled = true;
	case_add(&change, user);
	user = case_alice();
	user.name = "bob";
	user.email = "bob@example.com";
	user.external_id = "00u2";
	user.uid = LINKED_UID;
	user.gid = LINKED_UID;
	user.is_linked = true;
	case_add(&change, user);
	case_add(&change, plain_user("gone", "gone@example.com", REMOVED_UID));
	ck_assert_ok(registry_contents_remove_user(&change.contents, "gone"));
	change.contents.may_enumerate = true;
	case_commit(&change);
}

void
case_setup(void)
{
	case_make_directory();
	write_sample();
}

void
case_open(const char *name, struct registry *registry)
{
	struct extauth_error error = {0};
	enum extauth_err err = registry_open(case_path(name), registry, &error);

	ck_assert_msg(err == EXTAUTH_OK, "%s", error.text);
}

void
case_assert_alice(const struct registry_user *user, bool is_public)
{
	ck_assert_str_eq(user->name, "alice");
	ck_assert_str_eq(user->gecos, "Alice Example");
	ck_assert_str_eq(user->home, "/home/alice");
	ck_assert_str_eq(user->shell, "/bin/bash");
	ck_assert_str_eq(user->email, is_public ? "" : "Alice@example.com");
	ck_assert_str_eq(user->external_id, is_public ? "" : "00u1");
	ck_assert_str_eq(user->provider, is_public ? "" : "main");
	ck_assert_str_eq(user->source, is_public ? "" : "people");
	ck_assert_uint_eq(user->uid, FIRST_UID);
	ck_assert_uint_eq(user->gid, FIRST_UID);
	ck_assert_int_eq(user->not_after, 4102444800);
	ck_assert(!user->is_disabled && !user->is_linked);
	ck_assert_uint_eq(user->gid_count, 1);
	ck_assert_uint_eq(user->gids[0], ADMINS_GID);
}

struct registry
case_verified(const char *name)
{
	cleanup_registry struct registry registry = {.fd = -1};

	case_open(name, &registry);
	ck_assert_ok(registry_verify(&registry, NULL));
	return registry;
}

void
case_add_numbered(
    struct registry_change *change, unsigned long number, uint32_t uid)
{
	struct registry_user user = case_alice();
	char text[3][48];

	snprintf(text[0], sizeof(text[0]), "user%lu", number);
	snprintf(text[1], sizeof(text[1]), "user%lu@example.com", number);
	snprintf(text[2], sizeof(text[2]), "id-%lu", number);
	user.name = text[0];
	user.email = text[1];
	user.external_id = text[2];
	user.uid = uid;
	user.gid = uid;
	user.gid_count = 0;
	case_add(change, user);
}

enum extauth_err
case_load(struct extauth_error *error)
{
	cleanup_contents struct registry_contents contents = {0};

	return registry_contents_load(case_path("registry"), &contents, error);
}

struct registry_contents
case_loaded(void)
{
	struct registry_contents contents = {0};

	ck_assert_ok(
	    registry_contents_load(case_path("registry"), &contents, NULL));
	return contents;
}

struct registry_uid_rules
case_open_rules(uint32_t first, uint32_t last)
{
	static uint32_t everything[1][2] = {{0, UINT32_MAX - 1}};

	return (struct registry_uid_rules){.first = first,
	    .last = last,
	    .mapped = everything,
	    .mapped_count = 1};
}

uint32_t
case_allocate(const struct registry_contents *contents,
    struct registry_uid_rules *rules, const char *external_id)
{
	struct extauth_error error = {0};
	uint32_t uid = 0;
	enum extauth_err err =
	    registry_allocate_uid(contents, rules, external_id, &uid, &error);

	ck_assert_msg(err == EXTAUTH_OK, "%s", error.text);
	ck_assert_ok(registry_check_uid(contents, rules, uid, &error));
	ck_assert(uid >= rules->first && uid <= rules->last);
	return uid;
}
