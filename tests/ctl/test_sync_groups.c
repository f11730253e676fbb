/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "sync_scene.h"

#define ADMINS "[group admins]\nremote = Admins\nremote = g-2\ngid = 70000\n"

/* Tells of a person with groups: pairs of id and name, ends with NULL. */
static void
tell_in(struct scene *scene, const char *name, const char *const *groups)
{
	cleanup_sync_user struct sync_user user = {0};

	(void)snprintf(user.id, sizeof(user.id), "id-%s", name);
	(void)snprintf(user.name, sizeof(user.name), "%s", name);
	(void)snprintf(user.email, sizeof(user.email), "%s@example.com", name);
	for (; *groups != NULL; groups++)
		ck_assert_ok(sync_texts_add(&user.groups, *groups));
	scene_tell(scene, &user);
}

/* The names of a user's groups, each with a blank behind it. */
static const char *
groups_of(const struct scene *scene, const char *name, char text[256])
{
	const struct registry_user *user = scene_user(scene, name);
	size_t i;

	text[0] = '\0';
	for (i = 0; i < user->gid_count; i++) {
		const struct registry_own_group *group =
		    registry_contents_find_gid(
			&scene->registrar.change.contents, user->gids[i]);

		ck_assert_ptr_nonnull(group);
		strcat(strcat(text, group->name), " ");
	}
	return text;
}

static const char *const none[] = {NULL};
static const char *const in_admins[] = {"g-1", "Admins", NULL};
static const char *const in_both[] = {"g-2", "", "", "Admins", NULL};
static const char *const in_other[] = {"g-9", "Others", NULL};

START_TEST(mapped_groups_get_their_members)
{
	cleanup_scene struct scene *scene = scene_make(ADMINS);
	char text[256];

	tell_in(scene, "jane", in_admins);
	tell_in(scene, "joe", in_both);
	tell_in(scene, "ann", in_other);
	scene_sync(scene, SYNC_COMPLETE);
	ck_assert_str_eq(groups_of(scene, "jane", text), "admins ");
	ck_assert_str_eq(groups_of(scene, "joe", text), "admins ");
	ck_assert_str_eq(groups_of(scene, "ann", text), "");
	ck_assert_uint_eq(scene_user(scene, "jane")->gids[0], 70000);
	ck_assert_uint_eq(scene->registrar.change.contents.group_count, 1);
}
END_TEST

START_TEST(group_told_by_itself_is_joined_before_and_after_its_people)
{
	static const char *const members[] = {
	    "id-jane", "id-joe", "id-nobody", "id-jane", NULL};
	cleanup_scene struct scene *scene = scene_make(ADMINS);
	char text[256];

	tell_in(scene, "jane", none);
	scene_tell_group(scene, "g-1", "Admins", members);
	tell_in(scene, "joe", none);
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE), "+ jane\n+ joe\n");
	ck_assert_str_eq(groups_of(scene, "jane", text), "admins ");
	ck_assert_str_eq(groups_of(scene, "joe", text), "admins ");
}
END_TEST

START_TEST(groups_are_exactly_those_told)
{
	cleanup_scene struct scene *scene = scene_make(ADMINS);
	char text[256];

	tell_in(scene, "jane", in_admins);
	scene_sync(scene, SYNC_COMPLETE);
	scene_again(scene);
	tell_in(scene, "jane", none);
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE), "~ jane 32\n");
	ck_assert_str_eq(groups_of(scene, "jane", text), "");
	scene_again(scene);
	tell_in(scene, "jane", in_admins);
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE), "~ jane 32\n");
	ck_assert_uint_eq(scene_user(scene, "jane")->gids[0], 70000);
}
END_TEST

START_TEST(groups_by_hand_stay_where_none_are_asked_for)
{
	cleanup_scene struct scene *scene = scene_make("");
	struct registry_contents *contents = &scene->registrar.change.contents;
	uint32_t gid = 70001;
	struct registry_user user = {.name = "jane",
	    .email = "jane@example.com",
	    .source = "corp",
	    .external_id = "id-jane",
	    .gids = &gid,
	    .gid_count = 1};
	struct extauth_error error;

	ck_assert_ok(registry_contents_add_group(contents, "ops", gid, &error));
	scene_register(scene, &user);
	tell_in(scene, "jane", in_admins);
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE), "");
	ck_assert_uint_eq(scene_user(scene, "jane")->gid_count, 1);
}
END_TEST

START_TEST(prefix_publishes_every_group)
{
	static const char *const groups[] = {"g-1", "Dev Ops", "g-2", "9-lives",
	    "g-3",
	    "\xc3\x9c"
	    "ber",
	    "g-4", "", NULL};
	cleanup_scene struct scene *scene =
	    scene_make("group_prefix = corp-\n");
	char text[256];

	tell_in(scene, "jane", groups);
	scene_sync(scene, SYNC_COMPLETE);
	ck_assert_uint_eq(scene_user(scene, "jane")->gid_count, 3);
	groups_of(scene, "jane", text);
	ck_assert_ptr_nonnull(strstr(text, "corp-dev-ops "));
	ck_assert_ptr_nonnull(strstr(text, "corp-9-lives "));
	ck_assert_ptr_nonnull(strstr(text, "corp---ber "));
}
END_TEST

START_TEST(two_groups_with_one_name_are_not_mixed)
{
	static const char *const one[] = {"g-1", "Dev Ops", NULL};
	static const char *const other[] = {"g-2", "dev-ops", NULL};
	cleanup_scene struct scene *scene =
	    scene_make("group_prefix = corp-\n");

	tell_in(scene, "jane", one);
	tell_in(scene, "joe", other);
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE),
	    "+ jane\n+ joe\n! group corp-dev-ops: two groups of the directory "
	    "would have this name\n");
	ck_assert_uint_eq(scene_user(scene, "jane")->gid_count, 0);
}
END_TEST

START_TEST(prefix_does_not_reach_into_a_mapped_group)
{
	static const char *const sly[] = {"g-9", "admins", NULL};
	cleanup_scene struct scene *scene =
	    scene_make("group_prefix = corp-\n"
		       "[group corp-admins]\nremote = Real Admins\n");

	tell_in(scene, "jane", sly);
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE), "+ jane\n");
	ck_assert_uint_eq(scene_user(scene, "jane")->gid_count, 0);
}
END_TEST

START_TEST(name_that_is_not_free_is_refused_to_a_group)
{
	static const char *const groups[] = {"g-9", "s", "g-8", "People", NULL};
	cleanup_scene struct scene *scene =
	    scene_make("group_prefix = sy\n[group jane]\nremote = People\n");

	scene_know(scene, "jane", "id-jane", "jane@example.com");
	tell_in(scene, "jane", groups);
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE),
	    "! group jane: 'jane' is the private group of a user\n"
	    "! group sys: the name \"sys\" belongs to the system\n");
}
END_TEST

START_TEST(only_groups_leaves_others_out)
{
	cleanup_scene struct scene *scene =
	    scene_make("only_groups = admins\n" ADMINS);

	scene_know(scene, "old", "id-old", "old@example.com");
	tell_in(scene, "jane", in_admins);
	tell_in(scene, "joe", in_other);
	tell_in(scene, "old", none);
	ck_assert_str_eq(
	    scene_sync(scene, SYNC_COMPLETE), "+ jane\n~ old 256\n");
	ck_assert_uint_eq(sync_plan_counts(&scene->plan).filtered, 2);
}
END_TEST

START_TEST(changes_tell_groups_as_a_whole)
{
	static const char *const members[] = {"id-joe", "id-nobody", NULL};
	cleanup_scene struct scene *scene = scene_make(ADMINS);
	char text[256];

	tell_in(scene, "jane", in_admins);
	tell_in(scene, "joe", none);
	tell_in(scene, "ann", none);
	scene_sync(scene, SYNC_COMPLETE);
	scene_again(scene);
	scene_tell_group(scene, "g-1", "Admins", members);
	ck_assert_str_eq(
	    scene_sync(scene, SYNC_CHANGES), "~ jane 32\n~ joe 32\n");
	ck_assert_str_eq(groups_of(scene, "jane", text), "");
	ck_assert_str_eq(groups_of(scene, "joe", text), "admins ");
	ck_assert_uint_eq(sync_plan_counts(&scene->plan).unchanged, 1);
	ck_assert(!scene->plan.needs_all);
}
END_TEST

START_TEST(stranger_in_only_groups_needs_a_whole_reading)
{
	static const char *const members[] = {"id-nobody", NULL};
	cleanup_scene struct scene *scene =
	    scene_make("only_groups = admins\n" ADMINS);

	scene_know(scene, "old", "id-old", "old@example.com");
	scene_tell_group(scene, "g-1", "Admins", members);
	ck_assert_str_eq(scene_sync(scene, SYNC_CHANGES), "~ old 256\n");
	ck_assert(scene->plan.needs_all);
}
END_TEST

START_TEST(gid_of_the_directory_counts_within_the_range)
{
	cleanup_scene struct scene *scene = scene_make("group_prefix = x-\n");
	cleanup_sync_group struct sync_group inside = {
	    .id = "1", .name = "in", .has_gid = true, .gid = 2000300000};
	cleanup_sync_group struct sync_group outside = {
	    .id = "2", .name = "out", .has_gid = true, .gid = 5000};
	const struct registry_own_group *group;

	ck_assert_ok(sync_texts_add(&inside.members, "id-jane"));
	ck_assert_ok(sync_texts_add(&outside.members, "id-jane"));
	ck_assert_ok(sync_people_tell_group(&scene->people, &inside));
	ck_assert_ok(sync_people_tell_group(&scene->people, &outside));
	tell_in(scene, "jane", none);
	scene_sync(scene, SYNC_COMPLETE);
	group = registry_contents_find_group(
	    &scene->registrar.change.contents, "x-in");
	ck_assert_uint_eq(group->gid, 2000300000);
	group = registry_contents_find_group(
	    &scene->registrar.change.contents, "x-out");
	ck_assert_uint_gt(group->gid, 2000200000);
	ck_assert_uint_eq(scene->plan.notes.count, 1);
}
END_TEST

START_TEST(group_nobody_is_in_is_not_made)
{
	static const char *const members[] = {"id-nobody", NULL};
	cleanup_scene struct scene *scene = scene_make(ADMINS);

	scene_tell_group(scene, "g-1", "Admins", none);
	scene_tell_group(scene, "g-1", "Admins", members);
	scene_sync(scene, SYNC_COMPLETE);
	ck_assert_uint_eq(scene->registrar.change.contents.group_count, 0);
}
END_TEST

START_TEST(another_group_of_a_mapped_name_gives_nobody_its_rights)
{
	static const char *const sly[] = {"g-9", "Admins", NULL};
	static const char *const by_id[] = {"g-2", "Root", NULL};
	static const char *const named_so[] = {"g-8", "g-2", NULL};
	cleanup_scene struct scene *scene = scene_make(ADMINS);
	char text[256];

	tell_in(scene, "jane", by_id);
	tell_in(scene, "mallory", named_so);
	ck_assert_str_eq(
	    scene_sync(scene, SYNC_COMPLETE), "+ jane\n+ mallory\n");
	ck_assert_str_eq(groups_of(scene, "jane", text), "admins ");
	ck_assert_str_eq(groups_of(scene, "mallory", text), "");
	scene_again(scene);
	tell_in(scene, "jane", in_admins);
	tell_in(scene, "mallory", sly);
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE),
	    "~ jane 32\n! group admins: two groups of the directory have the "
	    "name that is its remote; an id tells which\n");
	ck_assert_str_eq(groups_of(scene, "mallory", text), "");
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    mapped_groups_get_their_members,
	    group_told_by_itself_is_joined_before_and_after_its_people,
	    groups_are_exactly_those_told,
	    groups_by_hand_stay_where_none_are_asked_for,
	    prefix_publishes_every_group,
	    two_groups_with_one_name_are_not_mixed,
	    prefix_does_not_reach_into_a_mapped_group,
	    name_that_is_not_free_is_refused_to_a_group,
	    only_groups_leaves_others_out,
	    changes_tell_groups_as_a_whole,
	    stranger_in_only_groups_needs_a_whole_reading,
	    gid_of_the_directory_counts_within_the_range,
	    group_nobody_is_in_is_not_made,
	    another_group_of_a_mapped_name_gives_nobody_its_rights,
	    NULL,
	};

	return unit_run("sync_groups", tests);
}
