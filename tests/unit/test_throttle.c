/* SPDX-License-Identifier: MIT */
#include "throttle.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "frame.h"
#include "unit.h"

#define UID 2000200001

static const struct throttle_limits usual = {5, 600000, 300000};
static const struct throttle_limits brief = {3, 400, 300};
static const struct throttle_limits unlimited = {0, 600000, 300000};

/* A directory that is not there yet, inside one that is. */
struct place {
	char parent[64];
	char directory[80];
};

static struct place
place_make(void)
{
	struct place place = {.parent = "/tmp/extauth-throttle-XXXXXX"};

	ck_assert_ptr_nonnull(mkdtemp(place.parent));
	snprintf(
	    place.directory, sizeof(place.directory), "%s/run", place.parent);
	return place;
}

static void
place_path(const struct place *place, const char *name, char path[128])
{
	snprintf(path, 128, "%s/%s", place->directory, name);
}

static void
place_remove(struct place *place)
{
	static const char *const names[] = {
	    "2000200001", "2000200001.forgot", "2000200002.forgot"};
	char path[128];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		place_path(place, names[i], path);
		unlink(path);
	}
	unlink(place->directory);
	rmdir(place->directory);
	rmdir(place->parent);
}

#define cleanup_place __attribute__((cleanup(place_remove)))

static struct secret
secret_of(const char *text)
{
	struct secret secret = {0};

	ck_assert_ok(secret_set(&secret, text, strlen(text)));
	return secret;
}

static enum throttle_answer
ask(const struct place *place, const struct throttle_limits *limits,
    const char *text)
{
	cleanup_secret struct secret password = secret_of(text);

	return throttle_ask(place->directory, UID, limits, &password);
}

static void
refuse(const struct place *place, const struct throttle_limits *limits,
    const char *text)
{
	cleanup_secret struct secret password = secret_of(text);

	throttle_note_refusal(place->directory, UID, limits, &password);
}

static void
wait_ms(unsigned ms)
{
	usleep(ms * 1000);
}

START_TEST(user_without_a_mark_passes)
{
	cleanup_place struct place place = place_make();
	uint32_t failures = 9;
	uint32_t paused_ms = 9;

	ck_assert_int_eq(ask(&place, &usual, "one"), THROTTLE_PASS);
	throttle_show(place.directory, UID, &usual, &failures, &paused_ms);
	ck_assert_uint_eq(failures, 0);
	ck_assert_uint_eq(paused_ms, 0);
}
END_TEST

START_TEST(six_wrong_passwords_send_five_requests)
{
	static const char *const wrong[] = {"1", "2", "3", "4", "5", "6"};
	cleanup_place struct place place = place_make();
	uint32_t failures;
	uint32_t paused_ms;
	int sent = 0;
	int i;

	for (i = 0; i < 6; i++) {
		if (ask(&place, &usual, wrong[i]) != THROTTLE_PASS)
			continue;
		sent++;
		refuse(&place, &usual, wrong[i]);
	}
	ck_assert_int_eq(sent, 5);
	ck_assert_int_eq(ask(&place, &usual, "right"), THROTTLE_PAUSED);
	ck_assert_int_eq(throttle_ask(place.directory, UID + 1, &usual, NULL),
	    THROTTLE_PASS);
	throttle_show(place.directory, UID, &usual, &failures, &paused_ms);
	ck_assert_uint_eq(failures, 5);
	ck_assert_uint_gt(paused_ms, 290000);
	ck_assert_uint_le(paused_ms, 300000);
}
END_TEST

START_TEST(count_starts_anew_after_the_pause)
{
	cleanup_place struct place place = place_make();
	uint32_t failures;
	uint32_t paused_ms;

	refuse(&place, &brief, "1");
	refuse(&place, &brief, "2");
	refuse(&place, &brief, "3");
	ck_assert_int_eq(ask(&place, &brief, "4"), THROTTLE_PAUSED);
	wait_ms(310);
	ck_assert_int_eq(ask(&place, &brief, "4"), THROTTLE_PASS);
	throttle_show(place.directory, UID, &brief, &failures, &paused_ms);
	ck_assert_uint_eq(failures, 0);
	refuse(&place, &brief, "4");
	refuse(&place, &brief, "5");
	ck_assert_int_eq(ask(&place, &brief, "6"), THROTTLE_PASS);
	refuse(&place, &brief, "6");
	ck_assert_int_eq(ask(&place, &brief, "7"), THROTTLE_PAUSED);
}
END_TEST

START_TEST(refusals_before_the_window_do_not_count)
{
	cleanup_place struct place place = place_make();
	uint32_t failures;
	uint32_t paused_ms;

	refuse(&place, &brief, "1");
	wait_ms(250);
	refuse(&place, &brief, "2");
	wait_ms(250);
	refuse(&place, &brief, "3");
	throttle_show(place.directory, UID, &brief, &failures, &paused_ms);
	ck_assert_uint_eq(failures, 2);
	ck_assert_uint_eq(paused_ms, 0);
	ck_assert_int_eq(ask(&place, &brief, "4"), THROTTLE_PASS);
}
END_TEST

START_TEST(same_wrong_password_is_not_sent_twice)
{
	cleanup_place struct place place = place_make();

	refuse(&place, &unlimited, "wrong");
	ck_assert_int_eq(ask(&place, &unlimited, "wrong"), THROTTLE_REPEATED);
	ck_assert_int_eq(ask(&place, &unlimited, "right"), THROTTLE_PASS);
	ck_assert_int_eq(throttle_ask(place.directory, UID, &unlimited, NULL),
	    THROTTLE_PASS);
	wait_ms(5050);
	ck_assert_int_eq(ask(&place, &unlimited, "wrong"), THROTTLE_PASS);
}
END_TEST

START_TEST(refusal_without_a_password_is_no_repeat)
{
	cleanup_place struct place place = place_make();

	throttle_note_refusal(place.directory, UID, &usual, NULL);
	ck_assert_int_eq(ask(&place, &usual, ""), THROTTLE_PASS);
}
END_TEST

START_TEST(no_limit_never_pauses)
{
	cleanup_place struct place place = place_make();
	unsigned i;

	for (i = 0; i < 100; i++)
		refuse(&place, &unlimited, "wrong");
	ck_assert_int_eq(ask(&place, &unlimited, "right"), THROTTLE_PASS);
}
END_TEST

START_TEST(limit_beyond_the_room_pauses_when_that_is_full)
{
	static const struct throttle_limits large = {1000, 600000, 300000};
	cleanup_place struct place place = place_make();
	unsigned i;

	for (i = 0; i < 64; i++)
		refuse(&place, &large, "wrong");
	ck_assert_int_eq(ask(&place, &large, "right"), THROTTLE_PAUSED);
}
END_TEST

START_TEST(success_forgets_the_refusals)
{
	cleanup_place struct place place = place_make();
	char path[128];

	throttle_forget(place.directory, UID);
	place_path(&place, "2000200001", path);
	ck_assert_int_ne(access(path, F_OK), 0);
	refuse(&place, &brief, "1");
	refuse(&place, &brief, "2");
	refuse(&place, &brief, "3");
	throttle_forget(place.directory, UID);
	ck_assert_int_eq(ask(&place, &brief, "3"), THROTTLE_PASS);
}
END_TEST

START_TEST(directory_and_marks_are_private)
{
	cleanup_place struct place place = place_make();
	struct stat status;
	char path[128];

	refuse(&place, &usual, "secret");
	place_path(&place, "2000200001", path);
	ck_assert_int_eq(stat(place.directory, &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0700);
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0600);
}
END_TEST

START_TEST(directory_that_others_may_write_is_not_used)
{
	cleanup_place struct place place = place_make();

	refuse(&place, &brief, "1");
	ck_assert_int_eq(chmod(place.directory, 0777), 0);
	ck_assert_int_eq(ask(&place, &brief, "1"), THROTTLE_PASS);
	ck_assert(!throttle_take_forgot(place.directory, UID));
	ck_assert_int_eq(chmod(place.directory, 0700), 0);
	ck_assert_int_eq(ask(&place, &brief, "1"), THROTTLE_REPEATED);
}
END_TEST

START_TEST(links_are_not_followed)
{
	cleanup_place struct place place = place_make();
	char target[128];
	char path[128];

	refuse(&place, &brief, "1");
	place_path(&place, "2000200001", path);
	place_path(&place, "target", target);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(symlink("target", path), 0);
	refuse(&place, &brief, "1");
	ck_assert_int_ne(access(target, F_OK), 0);
	ck_assert_int_eq(ask(&place, &brief, "1"), THROTTLE_PASS);
}
END_TEST

static void
spoil(const struct place *place, off_t offset, const char *bytes, size_t length)
{
	cleanup_fd int fd = -1;
	char path[128];

	place_path(place, "2000200001", path);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(pwrite(fd, bytes, length, offset), (ssize_t)length);
}

START_TEST(damaged_mark_counts_as_none)
{
	static const struct {
		off_t offset;
		const char *bytes;
	} damages[] = {
	    {0, "12345678"},                         /* magic */
	    {8, "\xff\xff\xff\xff\xff\xff\xff\x7f"}, /* in the future */
	    {8, "\xff\xff\xff\xff\xff\xff\xff\xff"}, /* negative */
	    {8 + 64 * 8, "\xff\xff\xff\xff\xff\xff\xff\x7f"}, /* pause */
	    {8 + 64 * 8 + 24, "\xff\xff\xff\xff\0\0\0\0"},    /* count */
	};
	cleanup_place struct place place = place_make();
	size_t i;

	for (i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		throttle_forget(place.directory, UID);
		refuse(&place, &brief, "1");
		ck_assert_int_eq(ask(&place, &brief, "1"), THROTTLE_REPEATED);
		spoil(&place, damages[i].offset, damages[i].bytes, 8);
		ck_assert_int_eq(ask(&place, &brief, "1"), THROTTLE_PASS);
	}
}
END_TEST

START_TEST(held_lock_delays_no_login)
{
	cleanup_place struct place place = place_make();
	cleanup_fd int fd = -1;
	int64_t start_ms;
	char path[128];

	refuse(&place, &brief, "1");
	place_path(&place, "2000200001", path);
	fd = open(path, O_RDWR | O_CLOEXEC);
	ck_assert_int_eq(flock(fd, LOCK_EX), 0);
	start_ms = frame_clock_ms();
	ck_assert_int_eq(ask(&place, &brief, "1"), THROTTLE_PASS);
	ck_assert_int_lt(frame_clock_ms() - start_ms, 600);
}
END_TEST

START_TEST(concurrent_refusals_are_all_counted)
{
	static const struct throttle_limits many = {60, 600000, 300000};
	cleanup_place struct place place = place_make();
	uint32_t failures;
	uint32_t paused_ms;
	int i;

	for (i = 0; i < 8; i++) {
		pid_t child = fork();
		int round;

		ck_assert_int_ge(child, 0);
		if (child != 0)
			continue;
		for (round = 0; round < 4; round++)
			throttle_note_refusal(
			    place.directory, UID, &many, NULL);
		_exit(0);
	}
	while (wait(NULL) > 0)
		continue;
	throttle_show(place.directory, UID, &many, &failures, &paused_ms);
	ck_assert_uint_eq(failures, 32);
}
END_TEST

START_TEST(one_reset_mail_in_ten_minutes)
{
	cleanup_place struct place place = place_make();
	struct place nowhere = {.directory = "/nonexistent/extauth"};

	ck_assert(throttle_take_forgot(place.directory, UID));
	ck_assert(!throttle_take_forgot(place.directory, UID));
	ck_assert(throttle_take_forgot(place.directory, UID + 1));
	ck_assert(!throttle_take_forgot(nowhere.directory, UID));
	refuse(&nowhere, &usual, "1");
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    user_without_a_mark_passes,
	    six_wrong_passwords_send_five_requests,
	    count_starts_anew_after_the_pause,
	    refusals_before_the_window_do_not_count,
	    same_wrong_password_is_not_sent_twice,
	    refusal_without_a_password_is_no_repeat,
	    no_limit_never_pauses,
	    limit_beyond_the_room_pauses_when_that_is_full,
	    success_forgets_the_refusals,
	    directory_and_marks_are_private,
	    directory_that_others_may_write_is_not_used,
	    links_are_not_followed,
	    damaged_mark_counts_as_none,
	    held_lock_delays_no_login,
	    concurrent_refusals_are_all_counted,
	    one_reset_mail_in_ten_minutes,
	    NULL,
	};

	return unit_run("throttle", tests);
}
