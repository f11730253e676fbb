/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "registry_restore.h"
#include "registry_sweep.h"

static enum extauth_err
read_user(const struct registry *registry,
    enum extauth_err (*find)(const struct registry *, const char *,
	struct registry_room *, struct registry_user *),
    const char *key)
{
	cleanup_room struct registry_room room = {0};
	struct registry_user user;
	enum extauth_err err = find(registry, key, &room, &user);

	if (err == EXTAUTH_OK)
		sweep_expect(user.uid == FIRST_UID &&
		    user.gids[0] == ADMINS_GID &&
		    strcmp(user.name, "alice") == 0 &&
		    strcmp(user.shell, "/bin/bash") == 0);
	return err;
}

static enum extauth_err
read_rest(const struct registry *registry)
{
	cleanup_room struct registry_room room = {0};
	struct registry_record record;
	struct registry_group group;
	struct registry_user user;
	uint64_t cursor = 0;
	enum extauth_err err =
	    registry_find_uid(registry, FIRST_UID, &room, &user);

	if (err == EXTAUTH_OK)
		err =
		    registry_find_group_name(registry, "admins", &room, &group);
	if (err == EXTAUTH_OK)
		err = registry_find_gid(registry, ADMINS_GID, &room, &group);
	if (err == EXTAUTH_OK)
		sweep_expect(strcmp(group.name, "admins") == 0);
	while (err == EXTAUTH_OK)
		err = registry_next(registry, &cursor, &room, &record);
	return err == EXTAUTH_NOTFOUND ? EXTAUTH_OK : err;
}

static enum extauth_err
read_all(struct extauth_error *error)
{
	cleanup_registry struct registry registry = {.fd = -1};
	enum extauth_err err =
	    registry_open(case_path("registry"), &registry, error);

	if (err != EXTAUTH_OK)
		return err;
	err = registry_verify(&registry, NULL);
	if (err == EXTAUTH_OK)
		err = read_user(&registry, registry_find_name, "alice");
	if (err == EXTAUTH_OK)
		err = read_user(
		    &registry, registry_find_email, "alice@example.com");
	if (err == EXTAUTH_OK)
		err = read_user(&registry, registry_find_external_id, "00u1");
	if (err == EXTAUTH_OK)
		err = read_rest(&registry);
	if (err != EXTAUTH_OK)
		return error_set(error, err, "%s", error_name(err));
	return EXTAUTH_OK;
}

/* Nobody is missing because a read failed. */
static void
check_read(enum extauth_err err)
{
	ck_assert_int_ne(err, EXTAUTH_NOTFOUND);
	ck_assert_int_ne(err, EXTAUTH_INVALID);
}

START_TEST(reader_answers_right_or_tells_that_it_cannot)
{
	static const struct scene scene = {read_all, check_read, {5, 40, 40}};

	sweep_all(&scene);
}
END_TEST

/* open(2), fstat(2), and pread(2) of the header. */
START_TEST(call_that_fails_is_named)
{
	static const char *const texts[] = {
	    "Input/output error", "Input/output error", "cannot be read"};
	size_t number;

	case_setup();
	for (number = 0; number < 3; number++) {
		cleanup_registry struct registry registry = {.fd = -1};
		struct extauth_error error = {0};
		char text[256];

		snprintf(text, sizeof(text), "%s: %s", case_path("registry"),
		    texts[number]);
		fault_begin(FAULT_CALL, number, EIO);
		ck_assert_int_eq(
		    registry_open(case_path("registry"), &registry, &error),
		    EXTAUTH_UNAVAILABLE);
		ck_assert(fault_end());
		ck_assert_str_eq(error.text, text);
		ck_assert_int_eq(registry.fd, -1);
	}
	case_remove();
}
END_TEST

static enum extauth_err
restore(struct extauth_error *error)
{
	cleanup_contents struct registry_contents contents = {0};
	enum extauth_err err =
	    registry_restore_read(case_path("registry"), &contents, error);

	if (err != EXTAUTH_OK)
		return err;
	sweep_expect(contents.user_count == SWEEP_USERS + 3);
	sweep_expect(registry_contents_find_name(&contents, "user9") != NULL);
	sweep_expect(registry_contents_is_spent(&contents, REMOVED_UID));
	return EXTAUTH_OK;
}

START_TEST(registry_is_restored_whole_or_told)
{
	static const struct scene scene = {restore, check_read, {20, 3, 1}};

	sweep_all(&scene);
}
END_TEST

static enum extauth_err
choose_uid(struct extauth_error *error)
{
	static const uint32_t kept[] = {FIRST_UID + 200, FIRST_UID + 100};
	cleanup_contents struct registry_contents contents = {0};
	cleanup_uid_rules struct registry_uid_rules rules = {0};
	uint32_t uid = 0;
	enum extauth_err err =
	    registry_contents_load(case_path("registry"), &contents, error);

	if (err == EXTAUTH_OK)
		err = registry_uid_rules_load(
		    FIRST_UID, FIRST_UID + 1000, &rules, error);
	if (err == EXTAUTH_OK)
		err = registry_uid_rules_reserve(&rules, kept, 2);
	if (err == EXTAUTH_OK)
		err = registry_allocate_uid(&contents, &rules, "", &uid, error);
	if (err == EXTAUTH_OK)
		sweep_expect(uid == FIRST_UID + 100 + SWEEP_USERS);
	if (err == EXTAUTH_NOMEM && error->text[0] == '\0')
		return error_set(error, err, "out of memory");
	return err;
}

START_TEST(uid_is_the_right_one_or_none)
{
	static const struct scene scene = {choose_uid, check_read, {8, 5, 1}};

	sweep_all(&scene);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    reader_answers_right_or_tells_that_it_cannot,
	    call_that_fails_is_named,
	    registry_is_restored_whole_or_told,
	    uid_is_the_right_one_or_none,
	    NULL,
	};

	return unit_run("registry_fault_read", tests);
}
