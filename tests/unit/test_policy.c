/* SPDX-License-Identifier: MIT */
#include "policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "registry_write.h"
#include "unit.h"

static const char configuration[] =
    "[extauth]\n"
    "default_provider = main\n"
    "[provider main]\n"
    "type = rest\n"
    "url = https://id.example.com/login\n"
    "[provider partners]\n"
    "type = rest\n"
    "url = https://id.example.org/login\n"
    "domains = example.org, Example.NET\n"
    "[provider open]\n"
    "type = rest\n"
    "url = https://id.example.edu/login\n"
    "domains = example.edu\n"
    "any_domain = yes\n"
    "[service sudo]\n"
    "allow_groups = admins, nobody-made-it, operators\n"
    "[service login]\n"
    "allow_users = carol, bob\n"
    "[service both]\n"
    "allow_users = carol\n"
    "allow_groups = admins\n"
    "[service private]\n"
    "allow_groups = bob\n"
    "[service free]\n"
    "[service vpn]\n"
    "provider = open\n";

#define ADMINS 2000300001
#define OPERATORS 2000300002
#define BOB 2000200001

/* Bob is in no group, carol in operators; each test asks as one of them. */
struct scene {
	struct config config;
	struct registry registry;
	struct registry_user user;
	struct policy_question question;
	char directory[64];
	uint32_t gids[1];
};

static void
registry_fill(struct scene *scene)
{
	cleanup_change struct registry_change change = REGISTRY_CHANGE_NONE;
	struct extauth_error error = {{0}};
	char path[128];

	memcpy(scene->directory, "/tmp/extauth-policy-XXXXXX", 27);
	ck_assert_ptr_nonnull(mkdtemp(scene->directory));
	ck_assert_ok(
	    registry_change_begin(scene->directory, 1000, &change, &error));
	ck_assert_ok(registry_contents_add_group(
	    &change.contents, "admins", ADMINS, &error));
	ck_assert_ok(registry_contents_add_group(
	    &change.contents, "operators", OPERATORS, &error));
	ck_assert_ok(
	    registry_contents_add_user(&change.contents, &scene->user, &error));
	ck_assert_ok(registry_change_commit(&change, &error));
	snprintf(path, sizeof(path), "%s/registry", scene->directory);
	ck_assert_ok(registry_open(path, &scene->registry, &error));
}

static struct scene *
scene_make(void)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	struct extauth_error error = {{0}};

	ck_assert_ptr_nonnull(scene);
	ck_assert_msg(
	    config_parse("extauth.conf", configuration, strlen(configuration),
		&scene->config, &error) == EXTAUTH_OK,
	    "%s", error.text);
	scene->user = (struct registry_user){.name = "bob",
	    .gecos = "",
	    .home = "/home/bob",
	    .shell = "/bin/sh",
	    .email = "bob@example.com",
	    .external_id = "",
	    .provider = "",
	    .source = "",
	    .uid = BOB,
	    .gid = BOB,
	    .gids = scene->gids};
	registry_fill(scene);
	scene->question = (struct policy_question){.config = &scene->config,
	    .registry = &scene->registry,
	    .user = &scene->user,
	    .service = "sshd",
	    .now = 1000};
	return scene;
}

static void
scene_free(struct scene **scene)
{
	static const char *const names[] = {"registry", "nss", "lock", ".lock"};
	char path[128];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(
		    path, sizeof(path), "%s/%s", (*scene)->directory, names[i]);
		unlink(path);
	}
	rmdir((*scene)->directory);
	registry_close(&(*scene)->registry);
	config_clear(&(*scene)->config);
	free(*scene);
}

#define cleanup_scene __attribute__((cleanup(scene_free)))

static enum policy_answer
answer_for(struct scene *scene, const char *service)
{
	enum policy_answer answer = POLICY_DISABLED;

	scene->question.service = service;
	ck_assert_ok(policy_account(&scene->question, &answer));
	return answer;
}

static void
be_in_group(struct scene *scene, uint32_t gid)
{
	scene->gids[0] = gid;
	scene->user.gid_count = 1;
}

START_TEST(service_without_a_section_lets_everybody_in)
{
	cleanup_scene struct scene *scene = scene_make();

	ck_assert_int_eq(answer_for(scene, "sshd"), POLICY_ALLOWED);
	ck_assert_int_eq(answer_for(scene, ""), POLICY_ALLOWED);
}
END_TEST

START_TEST(section_that_names_nobody_lets_everybody_in)
{
	cleanup_scene struct scene *scene = scene_make();

	ck_assert_int_eq(answer_for(scene, "free"), POLICY_ALLOWED);
	ck_assert_int_eq(answer_for(scene, "vpn"), POLICY_ALLOWED);
}
END_TEST

START_TEST(section_lets_in_whom_it_names)
{
	static const struct {
		const char *service;
		const char *user;
		uint32_t gid;
		enum policy_answer answer;
	} cases[] = {
	    {"login", "bob", 0, POLICY_ALLOWED},
	    {"login", "carol", 0, POLICY_ALLOWED},
	    {"login", "dave", ADMINS, POLICY_REFUSED},
	    {"sudo", "bob", 0, POLICY_REFUSED},
	    {"sudo", "bob", ADMINS, POLICY_ALLOWED},
	    {"sudo", "bob", OPERATORS, POLICY_ALLOWED},
	    {"sudo", "bob", 2000300003, POLICY_REFUSED},
	    {"sudo-i", "bob", 0, POLICY_REFUSED},
	    {"sudo-i", "bob", ADMINS, POLICY_ALLOWED},
	    {"both", "carol", 0, POLICY_ALLOWED},
	    {"both", "bob", ADMINS, POLICY_ALLOWED},
	    {"both", "bob", OPERATORS, POLICY_REFUSED},
	    {"private", "bob", 0, POLICY_ALLOWED},
	};
	cleanup_scene struct scene *scene = scene_make();
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		scene->user.name = cases[i].user;
		scene->user.gid_count = 0;
		if (cases[i].gid != 0)
			be_in_group(scene, cases[i].gid);
		ck_assert_msg(
		    answer_for(scene, cases[i].service) == cases[i].answer,
		    "case %zu", i);
	}
}
END_TEST

START_TEST(primary_group_of_a_linked_user_is_not_ours)
{
	cleanup_scene struct scene *scene = scene_make();

	scene->user.is_linked = true;
	scene->user.gid = ADMINS;
	ck_assert_int_eq(answer_for(scene, "sudo"), POLICY_REFUSED);
}
END_TEST

START_TEST(disabled_user_is_told_so_before_all_else)
{
	cleanup_scene struct scene *scene = scene_make();

	scene->user.is_disabled = true;
	scene->user.not_after = 1;
	ck_assert_int_eq(answer_for(scene, "sudo"), POLICY_DISABLED);
	ck_assert_int_eq(answer_for(scene, "sshd"), POLICY_DISABLED);
}
END_TEST

START_TEST(last_second_of_the_date_still_counts)
{
	cleanup_scene struct scene *scene = scene_make();

	scene->user.not_after = 1000;
	ck_assert_int_eq(answer_for(scene, "sshd"), POLICY_ALLOWED);
	scene->question.now = 1001;
	ck_assert_int_eq(answer_for(scene, "sshd"), POLICY_PAST_DATE);
	ck_assert_int_eq(answer_for(scene, "sudo"), POLICY_PAST_DATE);
}
END_TEST

START_TEST(registry_out_of_reach_is_neither_yes_nor_no)
{
	cleanup_scene struct scene *scene = scene_make();
	enum policy_answer answer = POLICY_ALLOWED;

	registry_close(&scene->registry);
	scene->question.service = "sudo";
	ck_assert_int_eq(
	    policy_account(&scene->question, &answer), EXTAUTH_UNAVAILABLE);
	ck_assert_int_eq(answer, POLICY_REFUSED);
}
END_TEST

START_TEST(answers_have_names)
{
	ck_assert_str_eq(policy_name(POLICY_REFUSED), "service_not_allowed");
	ck_assert_str_eq(policy_name(POLICY_ALLOWED), "allowed");
	ck_assert_str_eq(policy_name(POLICY_DISABLED), "disabled");
	ck_assert_str_eq(policy_name(POLICY_PAST_DATE), "past_not_after");
}
END_TEST

START_TEST(first_that_is_set_names_the_provider)
{
	static const struct {
		const char *forced;
		const char *service;
		const char *of_user;
		const char *email;
		const char *provider;
		const char *why;
	} cases[] = {
	    {NULL, "sshd", "", "bob@example.com", "main", "default"},
	    {"", "sshd", "", "bob@example.com", "main", "default"},
	    {NULL, "sshd", "", "bob@sub.example.org", "main", "default"},
	    {NULL, "sshd", "", "bob@example.org", "partners", "domain"},
	    {NULL, "sshd", "", "bob@EXAMPLE.net", "partners", "domain"},
	    {NULL, "sshd", "main", "bob@example.org", "main", "user"},
	    {NULL, "vpn", "main", "bob@example.org", "open", "service"},
	    {"main", "vpn", "partners", "bob@example.org", "main", "option"},
	    {"open", "sshd", "", "bob@example.com", "open", "option"},
	};
	cleanup_scene struct scene *scene = scene_make();
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct config_provider *provider = NULL;
		struct extauth_error error = {{0}};
		const char *why = "";

		scene->question.forced_provider = cases[i].forced;
		scene->question.service = cases[i].service;
		scene->user.provider = cases[i].of_user;
		scene->user.email = cases[i].email;
		ck_assert_ok(
		    policy_provider(&scene->question, &provider, &why, &error));
		ck_assert_str_eq(provider->name, cases[i].provider);
		ck_assert_str_eq(why, cases[i].why);
	}
}
END_TEST

static void
assert_no_provider(struct scene *scene, const char *reason)
{
	const struct config_provider *provider = NULL;
	struct extauth_error error = {{0}};
	const char *why = "";

	ck_assert_int_eq(
	    policy_provider(&scene->question, &provider, &why, &error),
	    EXTAUTH_CONFIG);
	ck_assert_ptr_nonnull(strstr(error.text, reason));
	ck_assert_ptr_null(provider);
}

START_TEST(provider_that_cannot_serve_is_refused)
{
	cleanup_scene struct scene *scene = scene_make();

	scene->question.forced_provider = "nobody";
	assert_no_provider(scene, "provider nobody (set by option)");
	scene->question.forced_provider = "partners";
	assert_no_provider(scene, "the domain \"example.com\"");
	scene->user.email = "bob@sub.example.org";
	assert_no_provider(scene, "the domain \"sub.example.org\"");
	scene->user.email = "";
	assert_no_provider(scene, "the domain \"\"");
}
END_TEST

START_TEST(nothing_set_is_an_error_of_the_configuration)
{
	cleanup_scene struct scene *scene = scene_make();

	ck_assert_ptr_nonnull(scene->config.general.default_provider);
	scene->config.general.default_provider[0] = '\0';
	assert_no_provider(scene, "no provider is set for bob");
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    service_without_a_section_lets_everybody_in,
	    section_that_names_nobody_lets_everybody_in,
	    section_lets_in_whom_it_names,
	    primary_group_of_a_linked_user_is_not_ours,
	    disabled_user_is_told_so_before_all_else,
	    last_second_of_the_date_still_counts,
	    registry_out_of_reach_is_neither_yes_nor_no,
	    answers_have_names,
	    first_that_is_set_names_the_provider,
	    provider_that_cannot_serve_is_refused,
	    nothing_set_is_an_error_of_the_configuration,
	    NULL,
	};

	return unit_run("policy", tests);
}
