/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "sync_scene.h"

START_TEST(new_people_are_registered)
{
	cleanup_scene struct scene *scene = scene_make("provider = main\n"
						       "[provider main]\n"
						       "type = basic\n"
						       "url = https://a.b/\n");
	struct sync_user jane = {.id = "1",
	    .name = "jane",
	    .email = "Jane@example.com",
	    .gecos = "J\xc3\xb6rg: M\xc3\xbcller \xe2\x82\xac",
	    .home = "/srv/jane",
	    .shell = "/bin/sh",
	    .has_uid = true,
	    .uid = 2000200777};
	const struct registry_user *user;

	scene_tell(scene, &jane);
	scene_tell_plain(scene, "2", "", "Bob.Q@example.com");
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE), "+ jane\n+ bob-q\n");
	user = scene_user(scene, "jane");
	ck_assert_str_eq(user->email, "Jane@example.com");
	ck_assert_str_eq(user->gecos, "Jorg  Muller ?");
	ck_assert_str_eq(user->home, "/srv/jane");
	ck_assert_str_eq(user->shell, "/bin/sh");
	ck_assert_str_eq(user->external_id, "1");
	ck_assert_str_eq(user->source, "corp");
	ck_assert_str_eq(user->provider, "main");
	ck_assert_uint_eq(user->uid, 2000200777);
	ck_assert_str_eq(scene_user(scene, "bob-q")->home, "/home/bob-q");
}
END_TEST

START_TEST(nothing_new_is_no_step)
{
	cleanup_scene struct scene *scene = scene_make("");

	scene_tell_plain(scene, "1", "jane", "jane@example.com");
	scene_sync(scene, SYNC_COMPLETE);
	scene_again(scene);
	scene_tell_plain(scene, "1", "jane", "jane@example.com");
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE), "");
	ck_assert_uint_eq(sync_plan_counts(&scene->plan).unchanged, 1);
}
END_TEST

START_TEST(login_name_and_uid_stay_for_ever)
{
	cleanup_scene struct scene *scene = scene_make("");
	uint32_t uid = scene_know(scene, "jane", "1", "jane@example.com");
	struct sync_user told = {.id = "1",
	    .name = "jane-smith",
	    .email = "jane.smith@example.com",
	    .has_uid = true,
	    .uid = 2000200777};

	scene_tell(scene, &told);
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE), "~ jane 1\n");
	ck_assert_uint_eq(scene_user(scene, "jane")->uid, uid);
	ck_assert_str_eq(
	    scene_user(scene, "jane")->email, "jane.smith@example.com");
	ck_assert_uint_eq(scene->plan.notes.count, 1);
}
END_TEST

START_TEST(known_email_with_a_new_id_is_another_person)
{
	cleanup_scene struct scene *scene = scene_make("");
	uint32_t uid = scene_know(scene, "jane", "1", "jane@example.com");

	scene_tell_plain(scene, "2", "jane", "jane@example.com");
	ck_assert_str_eq(
	    scene_sync(scene, SYNC_COMPLETE), "- jane removed\n+ jane\n");
	ck_assert_uint_ne(scene_user(scene, "jane")->uid, uid);
	ck_assert_str_eq(scene_user(scene, "jane")->external_id, "2");
	ck_assert(
	    registry_contents_is_spent(&scene->registrar.change.contents, uid));
	ck_assert_uint_eq(scene->plan.lost, 1);
}
END_TEST

START_TEST(who_is_asked_for_alone_replaces_nobody)
{
	cleanup_scene struct scene *scene = scene_make("");

	scene_know(scene, "jane", "1", "jane@example.com");
	scene_tell_plain(scene, "2", "jane", "jane@example.com");
	ck_assert_ptr_nonnull(
	    strstr(scene_sync(scene, SYNC_ONE), "! jane@example.com: e-mail"));
	ck_assert_str_eq(scene_user(scene, "jane")->external_id, "1");
}
END_TEST

START_TEST(email_of_somebody_gone_may_go_to_another)
{
	cleanup_scene struct scene *scene = scene_make("");

	scene_know(scene, "old", "1", "sales@example.com");
	scene_know(scene, "jane", "2", "jane@example.com");
	scene_tell_plain(scene, "2", "jane", "sales@example.com");
	ck_assert_str_eq(
	    scene_sync(scene, SYNC_COMPLETE), "- old removed\n~ jane 1\n");
}
END_TEST

START_TEST(emails_that_go_round_are_passed_on)
{
	cleanup_scene struct scene *scene = scene_make("");

	scene_know(scene, "a", "1", "a@example.com");
	scene_know(scene, "b", "2", "b@example.com");
	scene_know(scene, "c", "3", "c@example.com");
	scene_know(scene, "d", "4", "d@example.com");
	scene_tell_plain(scene, "1", "", "b@example.com");
	scene_tell_plain(scene, "2", "", "c@example.com");
	scene_tell_plain(scene, "3", "", "a@example.com");
	scene_tell_plain(scene, "4", "", "e@example.com");
	scene_tell_plain(scene, "5", "x", "d@example.com");
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE),
	    "~ a 1\n~ b 1\n~ c 1\n~ d 1\n+ x\n");
	ck_assert_str_eq(scene_user(scene, "a")->email, "b@example.com");
	ck_assert_str_eq(scene_user(scene, "b")->email, "c@example.com");
	ck_assert_str_eq(scene_user(scene, "c")->email, "a@example.com");
}
END_TEST

START_TEST(circle_with_one_who_is_refused_changes_no_email)
{
	cleanup_scene struct scene *scene = scene_make("");
	struct sync_user bad = {
	    .id = "2", .email = "a@example.com", .home = "home"};

	scene_know(scene, "a", "1", "a@example.com");
	scene_know(scene, "b", "2", "b@example.com");
	scene_tell_plain(scene, "1", "", "b@example.com");
	scene_tell(scene, &bad);
	scene_sync(scene, SYNC_COMPLETE);
	ck_assert_uint_eq(scene->plan.refusals.count, 2);
	ck_assert_str_eq(scene_user(scene, "a")->email, "a@example.com");
	ck_assert_str_eq(scene_user(scene, "b")->email, "b@example.com");
}
END_TEST

START_TEST(chain_of_emails_is_passed_on_from_its_end)
{
	cleanup_scene struct scene *scene = scene_make("");

	scene_know(scene, "a", "1", "a@example.com");
	scene_know(scene, "b", "2", "b@example.com");
	scene_know(scene, "c", "3", "c@example.com");
	scene_tell_plain(scene, "1", "", "b@example.com");
	scene_tell_plain(scene, "2", "", "c@example.com");
	scene_tell_plain(scene, "3", "", "new@example.com");
	ck_assert_str_eq(
	    scene_sync(scene, SYNC_COMPLETE), "~ a 1\n~ b 1\n~ c 1\n");
	ck_assert_str_eq(scene_user(scene, "a")->email, "b@example.com");
}
END_TEST

START_TEST(shared_email_is_refused_but_to_who_has_it)
{
	cleanup_scene struct scene *scene = scene_make("");

	scene_know(scene, "jane", "1", "jane@example.com");
	scene_tell_plain(scene, "1", "", "jane@example.com");
	scene_tell_plain(scene, "2", "x", "JANE@example.com");
	scene_tell_plain(scene, "3", "y", "y@example.com");
	scene_tell_plain(scene, "4", "z", "y@example.com");
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE),
	    "! JANE@example.com: two people of the directory have this "
	    "e-mail\n"
	    "! y@example.com: two people of the directory have this e-mail\n"
	    "! y@example.com: two people of the directory have this "
	    "e-mail\n");
	ck_assert_uint_eq(sync_plan_counts(&scene->plan).unchanged, 1);
}
END_TEST

START_TEST(two_new_people_with_one_name_are_refused)
{
	cleanup_scene struct scene *scene = scene_make("");

	scene_know(scene, "joe", "0", "joe@example.com");
	scene_tell_plain(scene, "0", "", "joe@example.com");
	scene_tell_plain(scene, "1", "jane", "jane@example.com");
	scene_tell_plain(scene, "2", "JANE", "jane@example.org");
	scene_tell_plain(scene, "3", "joe", "joe@example.org");
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE),
	    "! jane@example.com: two new people would have the login name "
	    "'jane'\n"
	    "! jane@example.org: two new people would have the login name "
	    "'jane'\n"
	    "! joe@example.org: 'joe' is registered\n");
}
END_TEST

static const struct {
	struct sync_user user;
	const char *reason;
} refused[] = {
    {{.id = "1", .name = "x"}, "! x: the directory has no e-mail\n"},
    {{.id = "1"}, "! 1: the directory has no e-mail\n"},
    {{.id = "1", .email = "root@example.com"},
	"! root@example.com: the name \"root\" belongs to the system\n"},
    {{.id = "1", .email = "wheel@example.com"},
	"! wheel@example.com: the name \"wheel\" belongs to the system\n"},
    {{.id = "1", .name = "x", .email = "x@example.com", .home = "x"},
	"! x@example.com: home is an absolute path, which starts with '/'\n"},
    {{.id = "1", .name = "x", .email = "not one"},
	"! not one: an e-mail needs an '@'\n"},
    {{.id = " 1", .name = "x", .email = "x@example.com"},
	"! x@example.com: an external id has no blank at its ends\n"},
};

START_TEST(who_may_not_be_registered_is_refused_and_stops_nobody)
{
	size_t i;

	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		cleanup_scene struct scene *scene = scene_make("");
		const char *text;

		scene_tell(scene, &refused[i].user);
		scene_tell_plain(scene, "9", "jane", "jane@example.com");
		text = scene_sync(scene, SYNC_COMPLETE);
		ck_assert_str_eq(text + strlen("+ jane\n"), refused[i].reason);
		ck_assert_uint_eq(
		    scene->registrar.change.contents.user_count, 1);
	}
}
END_TEST

START_TEST(who_is_refused_stays_as_he_is)
{
	cleanup_scene struct scene *scene = scene_make("");
	struct sync_user bad = {
	    .id = "1", .email = "new@example.com", .shell = "sh"};

	scene_know(scene, "jane", "1", "jane@example.com");
	scene_tell(scene, &bad);
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE),
	    "! new@example.com: shell is an absolute path, which starts with "
	    "'/'\n");
	ck_assert_str_eq(scene_user(scene, "jane")->email, "jane@example.com");
	ck_assert(!scene_user(scene, "jane")->is_disabled);
}
END_TEST

START_TEST(who_is_refused_is_disabled_all_the_same)
{
	cleanup_scene struct scene *scene = scene_make("");
	struct sync_user bad = {.id = "1",
	    .email = "jane@example.com",
	    .shell = "sh",
	    .is_disabled = true};
	struct sync_user none = {.id = "2", .is_disabled = true};

	scene_know(scene, "jane", "1", "jane@example.com");
	scene_know(scene, "joe", "2", "joe@example.com");
	scene_tell(scene, &bad);
	scene_tell(scene, &none);
	scene_sync(scene, SYNC_COMPLETE);
	ck_assert_uint_eq(scene->plan.refusals.count, 2);
	ck_assert(scene_user(scene, "jane")->is_disabled);
	ck_assert(scene_user(scene, "joe")->is_disabled);
	ck_assert_uint_eq(scene->plan.lost, 2);
	ck_assert_uint_eq(sync_plan_counts(&scene->plan).disabled, 2);
}
END_TEST

START_TEST(id_that_is_told_twice_is_refused)
{
	cleanup_scene struct scene *scene = scene_make("");

	scene_tell_plain(scene, "1", "a", "a@example.com");
	scene_tell_plain(scene, "1", "b", "b@example.com");
	ck_assert_str_eq(scene_sync(scene, SYNC_COMPLETE),
	    "! a@example.com: two people of the directory have this id\n");
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    new_people_are_registered,
	    nothing_new_is_no_step,
	    login_name_and_uid_stay_for_ever,
	    known_email_with_a_new_id_is_another_person,
	    who_is_asked_for_alone_replaces_nobody,
	    email_of_somebody_gone_may_go_to_another,
	    emails_that_go_round_are_passed_on,
	    circle_with_one_who_is_refused_changes_no_email,
	    chain_of_emails_is_passed_on_from_its_end,
	    shared_email_is_refused_but_to_who_has_it,
	    two_new_people_with_one_name_are_refused,
	    who_may_not_be_registered_is_refused_and_stops_nobody,
	    who_is_refused_stays_as_he_is,
	    who_is_refused_is_disabled_all_the_same,
	    id_that_is_told_twice_is_refused,
	    NULL,
	};

	return unit_run("sync_plan", tests);
}
