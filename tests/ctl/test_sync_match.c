/* SPDX-License-Identifier: MIT */
#include "sync_scene.h"

START_TEST(who_was_registered_by_hand_is_adopted)
{
	cleanup_scene struct scene *scene = scene_make("");
	struct registry_user hand = {.name = "jane",
	    .email = "jane@example.com",
	    .source = "manual",
	    .gecos = "Jane"};

	scene_register(scene, &hand);
	scene_tell_plain(scene, "1", "other", "jane@example.com");
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE), "~ jane 64\n");
	ck_assert_str_eq(scene_user(scene, "jane")->external_id, "1");
	ck_assert_str_eq(scene_user(scene, "jane")->source, "corp");
	ck_assert_str_eq(scene_user(scene, "jane")->gecos, "Jane");
}
END_TEST

START_TEST(who_was_registered_by_hand_is_adopted_by_id_and_email)
{
	cleanup_scene struct scene *scene = scene_make("");
	struct registry_user hand = {.name = "jane",
	    .email = "jane@example.com",
	    .source = "manual",
	    .external_id = "1"};

	scene_register(scene, &hand);
	scene_tell_plain(scene, "1", "other", "Jane@Example.com");
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE), "~ jane 65\n");
	ck_assert_str_eq(scene_user(scene, "jane")->source, "corp");
}
END_TEST

/* An id by hand may be of another directory, where it is somebody else's. */
START_TEST(an_id_alone_takes_nobody_over)
{
	cleanup_scene struct scene *scene = scene_make("");
	struct registry_user hand = {.name = "jane",
	    .email = "jane@example.com",
	    .source = "manual",
	    .external_id = "1"};

	scene_register(scene, &hand);
	scene_tell_plain(scene, "1", "other", "new@example.com");
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE), "+ other\n");
	ck_assert_str_eq(scene_user(scene, "jane")->email, "jane@example.com");
	ck_assert_str_eq(scene_user(scene, "jane")->source, "manual");
}
END_TEST

START_TEST(who_is_disabled_by_hand_is_not_enabled)
{
	cleanup_scene struct scene *scene = scene_make("");
	struct registry_user held = {.name = "jane",
	    .email = "jane@example.com",
	    .source = "corp",
	    .external_id = "1",
	    .is_disabled = true,
	    .is_held = true};
	struct registry_user gone = {.name = "joe",
	    .email = "joe@example.com",
	    .source = "corp",
	    .external_id = "2",
	    .is_disabled = true};

	scene_register(scene, &held);
	scene_register(scene, &gone);
	scene_tell_plain(scene, "1", "jane", "jane@example.com");
	scene_tell_plain(scene, "2", "joe", "joe@example.com");
	(void)scene_sync(scene, SYNC_COMPLETE);
	ck_assert(scene_user(scene, "jane")->is_disabled);
	ck_assert(!scene_user(scene, "joe")->is_disabled);
}
END_TEST

START_TEST(uid_that_is_not_free_is_refused_or_another)
{
	cleanup_scene struct scene *scene = scene_make("");
	static const struct sync_user outside = {.id = "1",
	    .name = "a",
	    .email = "a@example.com",
	    .has_uid = true,
	    .uid = 1000};
	static const struct sync_user one = {.id = "2",
	    .name = "b",
	    .email = "b@example.com",
	    .has_uid = true,
	    .uid = 2000200500};
	static const struct sync_user same = {.id = "3",
	    .name = "c",
	    .email = "c@example.com",
	    .has_uid = true,
	    .uid = 2000200500};

	scene_tell(scene, &same);
	scene_tell(scene, &outside);
	scene_tell(scene, &one);
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE),
	    "+ a\n+ b\n! c@example.com: uid 2000200500 is registered for "
	    "'b'\n");
	ck_assert_uint_gt(scene_user(scene, "a")->uid, 2000200000);
	ck_assert_uint_eq(scene->plan.notes.count, 1);
}
END_TEST

START_TEST(people_of_others_are_left_alone)
{
	cleanup_scene struct scene *scene = scene_make("");
	struct registry_user hand = {.name = "jane",
	    .email = "jane@example.com",
	    .source = "manual",
	    .external_id = "x"};
	struct registry_user other = {.name = "joe",
	    .email = "joe@example.com",
	    .source = "hr",
	    .external_id = "2"};

	scene_register(scene, &hand);
	scene_register(scene, &other);
	scene_tell_plain(scene, "1", "j1", "jane@example.com");
	scene_tell_plain(scene, "2", "j2", "joe@example.org");
	scene_tell_plain(scene, "3", "j3", "joe@example.com");
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE),
	    "+ j2\n"
	    "! jane@example.com: e-mail jane@example.com is registered by "
	    "hand for 'jane', with an external id\n"
	    "! joe@example.com: e-mail joe@example.com is registered for "
	    "'joe', from source hr\n");
	ck_assert(!scene_user(scene, "jane")->is_disabled);
}
END_TEST

START_TEST(linked_account_keeps_what_passwd_has)
{
	cleanup_scene struct scene *scene = scene_make("");
	struct registry_user linked = {.name = "games",
	    .email = "games@example.com",
	    .source = "corp",
	    .external_id = "1",
	    .is_linked = true,
	    .uid = 5,
	    .gid = 60};
	struct sync_user told = {.id = "1",
	    .email = "g@example.com",
	    .gecos = "G",
	    .home = "/g",
	    .shell = "/g"};

	scene_register(scene, &linked);
	scene_tell(scene, &told);
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE), "~ games 1\n");
	ck_assert_str_eq(scene_user(scene, "games")->shell, "/bin/bash");
}
END_TEST

START_TEST(account_linked_by_hand_is_not_adopted)
{
	cleanup_scene struct scene *scene = scene_make("");
	struct registry_user linked = {.name = "games",
	    .email = "games@example.com",
	    .source = "manual",
	    .is_linked = true,
	    .uid = 5,
	    .gid = 60};

	scene_register(scene, &linked);
	scene_tell_plain(scene, "1", "other", "games@example.com");
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE),
	    "! games@example.com: e-mail games@example.com is registered by "
	    "hand for 'games', a local account\n");
	ck_assert_str_eq(scene_user(scene, "games")->source, "manual");
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    who_was_registered_by_hand_is_adopted,
	    who_was_registered_by_hand_is_adopted_by_id_and_email,
	    an_id_alone_takes_nobody_over,
	    who_is_disabled_by_hand_is_not_enabled,
	    uid_that_is_not_free_is_refused_or_another,
	    people_of_others_are_left_alone,
	    linked_account_keeps_what_passwd_has,
	    account_linked_by_hand_is_not_adopted,
	    NULL,
	};

	return unit_run("sync_match", tests);
}
