/* SPDX-License-Identifier: MIT */
#include "sync_state.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sync_scene.h"

#define DAY 86400

/* A directory of its own, which is removed with all that is in it. */
struct place {
	char path[64];
	int fd;
};

static struct place
place_make(void)
{
	struct place place = {.path = "/tmp/extauth-sync-XXXXXX"};
	struct extauth_error error = {0};

	ck_assert_ptr_nonnull(mkdtemp(place.path));
	strcat(place.path, "/sync");
	ck_assert_ok(sync_state_lock(place.path, &place.fd, &error));
	return place;
}

static void
place_clear(struct place *place)
{
	static const char *const names[] = {"corp", "a", "b"};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)unlinkat(place->fd, names[i], 0);
	close(place->fd);
	(void)rmdir(place->path);
	*strrchr(place->path, '/') = '\0';
	(void)rmdir(place->path);
}

#define cleanup_place __attribute__((cleanup(place_clear)))

static void
file_write(const struct place *place, const char *name, const char *text)
{
	int fd = openat(place->fd, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static struct sync_state
state_made(void)
{
	return (struct sync_state){
	    .state = strdup("S1 delta \"\n\\ \xc3\xbc"),
	    .settings = "0123456789abcdef",
	    .generation = 7,
	    .whole_s = 10,
	    .success_s = 11,
	    .attempt_s = 12,
	    .result = "failed: why",
	    .counts = {.added = 1, .unchanged = 5000000000},
	};
}

START_TEST(state_comes_back_as_it_went)
{
	cleanup_place struct place place = place_make();
	cleanup_sync_state struct sync_state state = state_made();
	cleanup_sync_state struct sync_state back = {0};
	struct extauth_error error = {0};
	struct stat status;

	ck_assert_ok(sync_state_write(place.fd, "corp", &state, &error));
	sync_state_load(place.path, "corp", &back);
	ck_assert_str_eq(back.state, state.state);
	ck_assert_str_eq(back.settings, state.settings);
	ck_assert_str_eq(back.result, state.result);
	ck_assert_uint_eq(back.generation, 7);
	ck_assert_int_eq(back.whole_s, 10);
	ck_assert_int_eq(back.success_s, 11);
	ck_assert_int_eq(back.attempt_s, 12);
	ck_assert_uint_eq(back.counts.added, 1);
	ck_assert_uint_eq(back.counts.unchanged, 5000000000);
	ck_assert_int_eq(fstatat(place.fd, "corp", &status, 0), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0600);
	ck_assert_int_eq(fstat(place.fd, &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0700);
}
END_TEST

START_TEST(largest_state_fits)
{
	cleanup_place struct place place = place_make();
	cleanup_sync_state struct sync_state state = {0};
	cleanup_sync_state struct sync_state back = {0};
	struct extauth_error error = {0};

	state.state = calloc(1, SYNC_STATE_MAX_BYTES + 1);
	memset(state.state, 1, SYNC_STATE_MAX_BYTES);
	ck_assert_ok(sync_state_write(place.fd, "corp", &state, &error));
	sync_state_load(place.path, "corp", &back);
	ck_assert_str_eq(back.state, state.state);
}
END_TEST

START_TEST(state_that_json_cannot_hold_is_not_kept)
{
	cleanup_place struct place place = place_make();
	cleanup_sync_state struct sync_state state = {
	    .state = strdup("\xff"), .attempt_s = 5};
	cleanup_sync_state struct sync_state back = {0};
	struct extauth_error error = {0};

	ck_assert_ok(sync_state_write(place.fd, "corp", &state, &error));
	sync_state_load(place.path, "corp", &back);
	ck_assert_ptr_null(back.state);
	ck_assert_int_eq(back.attempt_s, 5);
}
END_TEST

START_TEST(damaged_file_is_no_state)
{
	static const char *const texts[] = {"", "{", "[]", "7", "\"x\"",
	    "{\"state\": 5, \"whole\": \"x\", \"counts\": []}", "\xff\xff"};
	cleanup_place struct place place = place_make();
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		cleanup_sync_state struct sync_state state = {0};

		file_write(&place, "corp", texts[i]);
		sync_state_load(place.path, "corp", &state);
		ck_assert_ptr_null(state.state);
		ck_assert_int_eq(state.whole_s, 0);
	}
}
END_TEST

START_TEST(file_that_others_may_write_is_no_state)
{
	cleanup_place struct place place = place_make();
	cleanup_sync_state struct sync_state state = {0};

	file_write(&place, "a", "{\"state\": \"x\"}");
	ck_assert_int_eq(fchmodat(place.fd, "a", 0666, 0), 0);
	sync_state_load(place.path, "a", &state);
	ck_assert_ptr_null(state.state);
	ck_assert_int_eq(fchmodat(place.fd, "a", 0600, 0), 0);
	ck_assert_int_eq(symlinkat("a", place.fd, "b"), 0);
	sync_state_load(place.path, "b", &state);
	ck_assert_ptr_null(state.state);
	sync_state_load(place.path, "none", &state);
	ck_assert_ptr_null(state.state);
}
END_TEST

START_TEST(one_sync_runs_at_a_time)
{
	cleanup_place struct place place = place_make();
	struct extauth_error error = {0};
	int fd = -1;

	ck_assert_int_eq(
	    sync_state_lock(place.path, &fd, &error), EXTAUTH_UNAVAILABLE);
	ck_assert_int_eq(fd, -1);
}
END_TEST

START_TEST(directory_that_others_may_write_is_refused)
{
	cleanup_place struct place place = place_make();
	struct extauth_error error = {0};
	int fd = -1;

	ck_assert_int_eq(fchmod(place.fd, 0777), 0);
	ck_assert_int_eq(
	    sync_state_lock(place.path, &fd, &error), EXTAUTH_SYSTEM);
	ck_assert_int_eq(
	    sync_state_lock("/nonexistent/sync", &fd, &error), EXTAUTH_SYSTEM);
}
END_TEST

static const struct {
	const char *settings;
	uint64_t generation;
	int64_t now_s;
	bool is_lent;
} lent[] = {
    {"0123456789abcdef", 7, 10, true},
    {"0123456789abcdef", 9, 10 + DAY - 1, true},
    {"0123456789abcdef", 7, 10 + DAY, false}, /* all anew, once a day */
    {"0123456789abcdef", 7, 9, false},        /* a clock that was put back */
    {"0123456789abcdef", 6, 10, false},       /* an older registry */
    {"0123456789abcdee", 7, 10, false},       /* another configuration */
};

START_TEST(state_is_lent_while_it_is_good)
{
	cleanup_sync_state struct sync_state state = state_made();
	struct sync_state none = {.settings = "0123456789abcdef"};
	size_t i;

	for (i = 0; i < sizeof(lent) / sizeof(lent[0]); i++)
		ck_assert_str_eq(sync_state_lend(&state, lent[i].settings,
				     lent[i].generation, lent[i].now_s),
		    lent[i].is_lent ? state.state : "");
	ck_assert_str_eq(sync_state_lend(&none, "0123456789abcdef", 7, 10), "");
}
END_TEST

static const char *const settings[] = {
    "",
    "domains = example.com\n",
    "domains = example.org\n",
    "group_prefix = x-\n",
    "when_gone = remove\n",
    "uid_base = 2000300000\nuser_id = id\n",
    "[group a]\nremote = A\n",
    "[group a]\nremote = B\n",
    "[group a]\nremote = A\nremote = B\n",
    "[group a]\nremote = A\ngid = 70000\n",
    "[group a]\nremote = A\nsource = corp\n",
    "only_groups = a\n[group a]\nremote = A\n",
    "provider = p\n[provider p]\ntype = basic\nurl = https://a.b/\n",
};

#define SETTINGS_COUNT (sizeof(settings) / sizeof(settings[0]))

START_TEST(what_the_host_makes_of_people_tells_settings_apart)
{
	char sums[SETTINGS_COUNT][SYNC_STATE_SETTINGS_BYTES];
	size_t i;
	size_t j;

	for (i = 0; i < SETTINGS_COUNT; i++) {
		cleanup_scene struct scene *scene = scene_make(settings[i]);

		ck_assert_ok(sync_state_settings(
		    &scene->config, &scene->config.sources[0], sums[i]));
		ck_assert_uint_eq(strlen(sums[i]), 16);
		for (j = 0; j < i; j++)
			ck_assert_str_ne(sums[i], sums[j]);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    state_comes_back_as_it_went,
	    largest_state_fits,
	    state_that_json_cannot_hold_is_not_kept,
	    damaged_file_is_no_state,
	    file_that_others_may_write_is_no_state,
	    one_sync_runs_at_a_time,
	    directory_that_others_may_write_is_refused,
	    state_is_lent_while_it_is_good,
	    what_the_host_makes_of_people_tells_settings_apart,
	    NULL,
	};

	return unit_run("sync_state", tests);
}
