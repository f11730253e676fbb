/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "sync_scene.h"

/* Knows `count` people u0, u1, ... by those ids. */
static void
know_many(struct scene *scene, unsigned count)
{
	char name[32];
	char email[64];
	unsigned i;

	for (i = 0; i < count; i++) {
		(void)snprintf(name, sizeof(name), "u%u", i);
		(void)snprintf(email, sizeof(email), "u%u@example.com", i);
		scene_know(scene, name, name, email);
	}
}

static void
tell_many(struct scene *scene, unsigned from, unsigned to)
{
	char name[32];
	char email[64];
	unsigned i;

	for (i = from; i < to; i++) {
		(void)snprintf(name, sizeof(name), "u%u", i);
		(void)snprintf(email, sizeof(email), "u%u@example.com", i);
		scene_tell_plain(scene, name, name, email);
	}
}

START_TEST(who_is_not_named_is_disabled_and_enabled_again)
{
	cleanup_scene struct scene *scene = scene_make("");

	know_many(scene, 3);
	tell_many(scene, 1, 3);
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE), "~ u0 256\n");
	ck_assert(scene_user(scene, "u0")->is_disabled);
	scene_again(scene);
	tell_many(scene, 1, 3);
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE), "");
	ck_assert_uint_eq(sync_plan_counts(&scene->plan).unchanged, 3);
	scene_again(scene);
	tell_many(scene, 0, 3);
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE), "~ u0 128\n");
	ck_assert(!scene_user(scene, "u0")->is_disabled);
}
END_TEST

START_TEST(who_is_not_named_is_removed_where_that_is_wanted)
{
	cleanup_scene struct scene *scene = scene_make("when_gone = remove\n");

	know_many(scene, 2);
	tell_many(scene, 1, 2);
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE), "- u0 removed\n");
	ck_assert_uint_eq(scene->registrar.change.contents.tombstone_count, 1);
}
END_TEST

START_TEST(who_was_registered_by_hand_is_never_gone)
{
	cleanup_scene struct scene *scene = scene_make("");
	struct registry_user hand = {
	    .name = "hand", .email = "hand@example.com", .source = "manual"};
	struct registry_user other = {.name = "other",
	    .email = "other@example.com",
	    .source = "hr",
	    .external_id = "7"};

	scene_register(scene, &hand);
	scene_register(scene, &other);
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE), "");
	ck_assert_uint_eq(scene->plan.lost, 0);
}
END_TEST

START_TEST(user_of_the_source_without_an_id_is_found_by_email)
{
	cleanup_scene struct scene *scene = scene_make("");

	scene_know(scene, "jane", "", "jane@example.com");
	scene_know(scene, "joe", "", "joe@example.com");
	scene_tell_plain(scene, "1", "", "JANE@example.com");
	ck_assert_str_eq(
	    scene_sync(scene, SYNC_COMPLETE), "~ jane 65\n~ joe 256\n");
}
END_TEST

START_TEST(changes_leave_who_is_not_named)
{
	cleanup_scene struct scene *scene = scene_make("");
	struct sync_user gone = {.id = "u1", .is_gone = true};
	struct sync_user stranger = {.id = "x", .is_gone = true};

	know_many(scene, 3);
	tell_many(scene, 2, 4);
	scene_tell(scene, &gone);
	scene_tell(scene, &stranger);
	ck_assert_str_eq(scene_sync(scene, SYNC_CHANGES), "+ u3\n~ u1 256\n");
	ck_assert_uint_eq(sync_plan_counts(&scene->plan).unchanged, 2);
}
END_TEST

START_TEST(changes_take_nobody_away_because_of_an_email)
{
	cleanup_scene struct scene *scene = scene_make("");
	struct sync_user gone = {.id = "u1", .is_gone = true};

	know_many(scene, 2);
	scene_tell_plain(scene, "x", "mallory", "u0@example.com");
	ck_assert_str_eq(scene_sync(scene, SYNC_CHANGES),
	    "! u0@example.com: e-mail u0@example.com is registered for 'u0' "
	    "under another id; a sync of the whole source settles that\n");
	ck_assert(scene->plan.needs_all);
	scene_again(scene);
	scene_tell_plain(scene, "y", "new", "u1@example.com");
	scene_tell(scene, &gone);
	ck_assert_str_eq(
	    scene_sync(scene, SYNC_CHANGES), "- u1 removed\n+ new\n");
	ck_assert(!scene->plan.needs_all);
}
END_TEST

START_TEST(one_who_is_asked_for_leaves_the_others)
{
	cleanup_scene struct scene *scene = scene_make("");

	know_many(scene, 3);
	tell_many(scene, 3, 4);
	ck_assert_str_eq(scene_sync(scene, SYNC_ONE), "+ u3\n");
}
END_TEST

START_TEST(whole_reading_that_tells_who_is_gone_is_nonsense)
{
	cleanup_scene struct scene *scene = scene_make("");
	struct sync_user gone = {.id = "u1", .is_gone = true};
	struct extauth_error error;

	scene_tell(scene, &gone);
	ck_assert_ok(sync_people_settle(&scene->people));
	ck_assert_int_eq(sync_plan_make(&scene->people, SYNC_COMPLETE,
			     &scene->registrar, &scene->plan, &error),
	    EXTAUTH_INVALID);
}
END_TEST

START_TEST(people_of_other_domains_are_left_out)
{
	cleanup_scene struct scene *scene =
	    scene_make("domains = example.com, example.org\n");

	scene_know(scene, "jane", "1", "jane@example.com");
	scene_tell_plain(scene, "1", "jane", "jane@example.net");
	scene_tell_plain(scene, "2", "joe", "joe@EXAMPLE.org");
	scene_tell_plain(scene, "3", "ann", "ann@mail.example.com");
	scene_tell_plain(scene, "4", "none", "");
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE),
	    "+ joe\n~ jane 256\n! none: the directory has no e-mail\n");
	ck_assert_uint_eq(sync_plan_counts(&scene->plan).filtered, 2);
}
END_TEST

START_TEST(guard_counts_who_would_be_lost)
{
	cleanup_scene struct scene *scene = scene_make("");
	const struct sync_plan *plan = &scene->plan;

	know_many(scene, 100);
	tell_many(scene, 30, 100);
	scene_sync(scene, SYNC_COMPLETE);
	ck_assert_uint_eq(plan->lost, 30);
	ck_assert_uint_eq(plan->at_stake, 100);
	ck_assert(sync_plan_is_too_much(plan, 20, 0));
	ck_assert(sync_plan_is_too_much(plan, 29, 0));
	ck_assert(!sync_plan_is_too_much(plan, 30, 0));
	ck_assert(sync_plan_is_too_much(plan, 20, 29));
	ck_assert(!sync_plan_is_too_much(plan, 20, 30));
	ck_assert(!sync_plan_is_too_much(plan, 100, 0));
	ck_assert(sync_plan_is_too_much(plan, 0, 0));
}
END_TEST

START_TEST(empty_directory_is_too_much_however_many_are_disabled)
{
	cleanup_scene struct scene *scene = scene_make("");
	const struct sync_plan *plan = &scene->plan;

	know_many(scene, 10);
	tell_many(scene, 0, 1);
	scene_sync(scene, SYNC_COMPLETE);
	ck_assert_uint_eq(plan->lost, 9);
	scene_again(scene);
	scene_sync(scene, SYNC_COMPLETE);
	ck_assert_uint_eq(plan->lost, 1);
	ck_assert_uint_eq(plan->at_stake, 1);
	ck_assert(sync_plan_is_too_much(plan, 20, 0));
}
END_TEST

START_TEST(removal_of_the_disabled_counts)
{
	cleanup_scene struct scene *scene = scene_make("when_gone = remove\n");
	struct registry_user user = {.name = "jane",
	    .email = "jane@example.com",
	    .source = "corp",
	    .external_id = "1",
	    .is_disabled = true};

	scene_register(scene, &user);
	scene_sync(scene, SYNC_COMPLETE);
	ck_assert_uint_eq(scene->plan.lost, 1);
	ck_assert_uint_eq(scene->plan.at_stake, 1);
}
END_TEST

START_TEST(disabled_by_the_directory_counts)
{
	cleanup_scene struct scene *scene = scene_make("");
	struct sync_user told = {
	    .id = "u0", .email = "u0@example.com", .is_disabled = true};
	struct sync_user other = {.id = "n",
	    .name = "n",
	    .email = "n@example.com",
	    .is_disabled = true};

	know_many(scene, 1);
	scene_tell(scene, &told);
	scene_tell(scene, &other);
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE), "~ u0 256\n+ n\n");
	ck_assert_uint_eq(scene->plan.lost, 1);
	ck_assert(scene_user(scene, "n")->is_disabled);
}
END_TEST

START_TEST(nobody_at_all_is_not_too_much)
{
	cleanup_scene struct scene *scene = scene_make("");

	scene_sync(scene, SYNC_COMPLETE);
	ck_assert(!sync_plan_is_too_much(&scene->plan, 0, 0));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    who_is_not_named_is_disabled_and_enabled_again,
	    who_is_not_named_is_removed_where_that_is_wanted,
	    who_was_registered_by_hand_is_never_gone,
	    user_of_the_source_without_an_id_is_found_by_email,
	    changes_leave_who_is_not_named,
	    changes_take_nobody_away_because_of_an_email,
	    one_who_is_asked_for_leaves_the_others,
	    whole_reading_that_tells_who_is_gone_is_nonsense,
	    people_of_other_domains_are_left_out,
	    guard_counts_who_would_be_lost,
	    empty_directory_is_too_much_however_many_are_disabled,
	    removal_of_the_disabled_counts,
	    disabled_by_the_directory_counts,
	    nobody_at_all_is_not_too_much,
	    NULL,
	};

	return unit_run("sync_gone", tests);
}
