/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sync_arena.h"
#include "sync_person.h"
#include "sync_progress.h"
#include "sync_scene.h"

static const struct {
	const char *name;
	const char *email;
	bool email_names;
	const char *login;
} logins[] = {
    {"jane", "j@example.com", false, "jane"},
    {"Jane", "j@example.com", true, "jane"},
    {"", "Jane.Doe+x@example.com", false, "jane-doe-x"},
    {"", "Jane.Doe@Example.com", true, "jane.doe@example.com"},
    {"JD@corp.local", "jane@example.com", false, "jd"},
    {"JD@corp.local", "Jane@example.com", true, "jane@example.com"},
    {"9lives", "c@example.com", false, "_9lives"},
    {"-x", "c@example.com", false, "_-x"},
    {"a b", "c@example.com", false, "a-b"},
    {"abcdefghijabcdefghijabcdefghijabcdefghij", "c@example.com", false,
	"abcdefghijabcdefghijabcdefghijab"},
    {"", "@example.com", false, "_"},
};

START_TEST(login_name_follows_from_name_and_email)
{
	struct config config = {0};
	char name[IDENTITY_TEXT_MAX_BYTES + 1];
	size_t i;

	for (i = 0; i < sizeof(logins) / sizeof(logins[0]); i++) {
		config.general.email_login_names = logins[i].email_names;
		sync_person_login_name(
		    &config, logins[i].name, logins[i].email, name);
		ck_assert_str_eq(name, logins[i].login);
	}
}
END_TEST

static const struct {
	const char *text;
	const char *gecos;
} full_names[] = {
    {"", ""},
    {"Jane Doe,,,", "Jane Doe,,,"},
    {"Zo\xc3\xab \xc3\x85ngstr\xc3\xb6m", "Zoe Angstrom"},
    {"\xc3\xbf\xc3\x80", "yA"},
    {"\xe5\xb1\xb1\xe7\x94\xb0", "??"},
    {"a:b\tc", "a b?c"},
    {"\xf0\x9f\x98\x80!", "?!"},
};

START_TEST(gecos_is_what_passwd_can_hold)
{
	char gecos[IDENTITY_TEXT_MAX_BYTES + 1];
	size_t i;

	for (i = 0; i < sizeof(full_names) / sizeof(full_names[0]); i++) {
		sync_person_make_gecos(full_names[i].text, gecos);
		ck_assert_str_eq(gecos, full_names[i].gecos);
		ck_assert_ok(identity_check_gecos(gecos, NULL));
	}
}
END_TEST

START_TEST(people_are_found_among_many)
{
	cleanup_scene struct scene *scene = scene_make("");
	char id[32];
	char email[64];
	unsigned i;

	for (i = 0; i < 50000; i++) {
		(void)snprintf(id, sizeof(id), "id-%u", i);
		(void)snprintf(email, sizeof(email), "U%u@example.com", i);
		scene_tell_plain(scene, id, "", email);
	}
	ck_assert_ok(sync_people_settle(&scene->people));
	for (i = 0; i < 50000; i += 7) {
		const struct sync_person *person;

		(void)snprintf(id, sizeof(id), "id-%u", i);
		(void)snprintf(email, sizeof(email), "u%u@EXAMPLE.com", i);
		person = sync_people_find_id(&scene->people, id);
		ck_assert_ptr_nonnull(person);
		ck_assert_ptr_eq(
		    person, sync_people_find_email(&scene->people, email));
		ck_assert_str_eq(sync_person_text(person, SYNC_PERSON_ID), id);
	}
	ck_assert_ptr_null(sync_people_find_id(&scene->people, "id-50000"));
	ck_assert_ptr_null(sync_people_find_email(&scene->people, "x@y.z"));
	ck_assert_uint_eq(scene->people.told_count, 50000);
}
END_TEST

START_TEST(arena_keeps_small_and_large_things)
{
	struct sync_arena arena = {0};
	static const char *texts[3000];
	void *large;
	char text[32];
	unsigned i;

	ck_assert_ok(sync_arena_take(&arena, (size_t)5 << 20, &large));
	memset(large, 1, (size_t)5 << 20);
	for (i = 0; i < 3000; i++) {
		void *number;

		(void)snprintf(text, sizeof(text), "%u", i);
		ck_assert_ok(sync_arena_copy(&arena, text, &texts[i]));
		ck_assert_ok(sync_arena_take(&arena, 1000, &number));
		ck_assert_uint_eq((uintptr_t)number % 16, 0);
		memset(number, 2, 1000);
	}
	for (i = 0; i < 3000; i++)
		ck_assert_uint_eq(strtoul(texts[i], NULL, 10), i);
	sync_arena_clear(&arena);
	ck_assert_ptr_null(arena.blocks);
	sync_arena_clear(NULL);
}
END_TEST

static const struct {
	uint32_t count;
	uint32_t total;
	int64_t elapsed_ms;
	const char *text;
} steps[] = {
    {12300, 100000, 3000, "corp: 12,300 of 100,000 users, 4,100/s, 22 s left"},
    {12300, 0, 3000, "corp: 12,300 users, 4,100/s"},
    {100, 100, 1000, "corp: 100 of 100 users, 100/s"},
    {1, 100, 60000, "corp: 1 of 100 users, 0/s"},
    {7, 5, 0, "corp: 7 of 5 users, 0/s"},
    {1234567, 4000000, 1000,
	"corp: 1,234,567 of 4,000,000 users, 1,234,567/s, 3 s left"},
};

START_TEST(progress_says_how_far_it_is)
{
	char text[SYNC_PROGRESS_TEXT_BYTES];
	size_t i;

	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct sync_progress progress = {.source = "corp",
		    .count = steps[i].count,
		    .total = steps[i].total};

		sync_progress_text(&progress, steps[i].elapsed_ms, text);
		ck_assert_str_eq(text, steps[i].text);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    login_name_follows_from_name_and_email,
	    gecos_is_what_passwd_can_hold,
	    people_are_found_among_many,
	    arena_keeps_small_and_large_things,
	    progress_says_how_far_it_is,
	    NULL,
	};

	return unit_run("sync_people", tests);
}
