/* SPDX-License-Identifier: MIT */
/* The files of the throttle: whose they are, damage, locks. */
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buffer.h"
#include "frame.h"
#include "throttle_case.h"
#include "throttle_mark.h"

START_TEST(directory_and_marks_are_private)
{
	cleanup_place struct throttle_place place = throttle_case_make();
	struct stat status;
	char path[128];

	throttle_case_refuse(&place, &throttle_case_usual, "secret");
	throttle_case_path(&place, "2000200001", path);
	ck_assert_int_eq(stat(place.directory, &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0700);
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0600);
}
END_TEST

START_TEST(directory_that_others_may_write_is_not_used)
{
	cleanup_place struct throttle_place place = throttle_case_make();

	throttle_case_refuse(&place, &throttle_case_brief, "1");
	ck_assert_int_eq(chmod(place.directory, 0777), 0);
	ck_assert_int_eq(throttle_case_ask(&place, &throttle_case_brief, "1"),
	    THROTTLE_PASS);
	ck_assert(!throttle_take_forgot(place.directory, CASE_UID));
	ck_assert_int_eq(chmod(place.directory, 0700), 0);
	ck_assert_int_eq(throttle_case_ask(&place, &throttle_case_brief, "1"),
	    THROTTLE_REPEATED);
}
END_TEST

START_TEST(links_are_not_followed)
{
	cleanup_place struct throttle_place place = throttle_case_make();
	char target[128];
	char path[128];

	throttle_case_refuse(&place, &throttle_case_brief, "1");
	throttle_case_path(&place, "2000200001", path);
	throttle_case_path(&place, "target", target);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(symlink("target", path), 0);
	throttle_case_refuse(&place, &throttle_case_brief, "1");
	ck_assert_int_ne(access(target, F_OK), 0);
	ck_assert_int_eq(throttle_case_ask(&place, &throttle_case_brief, "1"),
	    THROTTLE_PASS);
}
END_TEST

/* Writes eight bytes into a file. */
static void
spoil(const struct throttle_place *place, const char *name, off_t offset,
    const void *bytes)
{
	cleanup_fd int fd = -1;
	char path[128];

	throttle_case_path(place, name, path);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(pwrite(fd, bytes, 8, offset), 8);
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
	    {8 + 64 * 16, "\xff\xff\xff\xff\xff\xff\xff\x7f"}, /* pause */
	    {8 + 64 * 16 + 24, "\xff\xff\xff\xff\0\0\0\0"},    /* count */
	    {8 + 64 * 16 + 32, "\xff\xff\xff\xff\xff\xff\xff\x7f"},
	};
	cleanup_place struct throttle_place place = throttle_case_make();
	size_t i;

	for (i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		throttle_forget(place.directory, CASE_UID);
		throttle_case_refuse(&place, &throttle_case_brief, "1");
		ck_assert_int_eq(
		    throttle_case_ask(&place, &throttle_case_brief, "1"),
		    THROTTLE_REPEATED);
		spoil(
		    &place, "2000200001", damages[i].offset, damages[i].bytes);
		ck_assert_int_eq(
		    throttle_case_ask(&place, &throttle_case_brief, "1"),
		    THROTTLE_PASS);
	}
}
END_TEST

/* A time that no clock had, and one that is still to come. */
START_TEST(reset_mail_of_an_odd_time_counts_not)
{
	static const int64_t times[] = {
	    -1, INT64_MIN, INT64_MIN + 6, INT64_MAX, (int64_t)1 << 60};
	cleanup_place struct throttle_place place = throttle_case_make();
	size_t i;

	ck_assert(throttle_take_forgot(place.directory, CASE_UID));
	for (i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		spoil(&place, "2000200001.forgot", 8, &times[i]);
		ck_assert(throttle_take_forgot(place.directory, CASE_UID));
		ck_assert(!throttle_take_forgot(place.directory, CASE_UID));
	}
}
END_TEST

START_TEST(held_lock_is_a_pause_and_no_long_wait)
{
	cleanup_place struct throttle_place place = throttle_case_make();
	cleanup_fd int fd = -1;
	int64_t start_ms;
	char path[128];

	throttle_case_refuse(&place, &throttle_case_brief, "1");
	throttle_case_path(&place, "2000200001", path);
	fd = open(path, O_RDWR | O_CLOEXEC);
	ck_assert_int_eq(flock(fd, LOCK_EX), 0);
	start_ms = frame_clock_ms();
	ck_assert_int_eq(throttle_case_ask(&place, &throttle_case_brief, "2"),
	    THROTTLE_PAUSED);
	ck_assert_int_lt(frame_clock_ms() - start_ms, 900);
}
END_TEST

START_TEST(limit_on_the_size_of_files_sends_nothing)
{
	cleanup_place struct throttle_place place = throttle_case_make();
	struct rlimit limit;
	struct rlimit none;

	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
	none = limit;
	none.rlim_cur = 0;
	ck_assert(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &none), 0);
	ck_assert_int_eq(throttle_case_ask(&place, &throttle_case_brief, "1"),
	    THROTTLE_PAUSED);
	none.rlim_cur = 1000;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &none), 0);
	ck_assert_int_eq(throttle_case_ask(&place, &throttle_case_brief, "1"),
	    THROTTLE_PAUSED);
	none.rlim_cur = sizeof(struct throttle_mark);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &none), 0);
	ck_assert_int_eq(throttle_case_ask(&place, &throttle_case_brief, "1"),
	    THROTTLE_PASS);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	ck_assert_int_eq(throttle_case_ask(&place, &throttle_case_brief, "1"),
	    THROTTLE_PASS);
}
END_TEST

START_TEST(concurrent_refusals_are_all_counted)
{
	static const struct throttle_limits many = {60, 600000, 300000};
	cleanup_place struct throttle_place place = throttle_case_make();
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
			    place.directory, CASE_UID, &many, NULL, 0);
		_exit(0);
	}
	while (wait(NULL) > 0)
		continue;
	throttle_show(place.directory, CASE_UID, &many, &failures, &paused_ms);
	ck_assert_uint_eq(failures, 32);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    directory_and_marks_are_private,
	    directory_that_others_may_write_is_not_used,
	    links_are_not_followed,
	    damaged_mark_counts_as_none,
	    reset_mail_of_an_odd_time_counts_not,
	    held_lock_is_a_pause_and_no_long_wait,
	    limit_on_the_size_of_files_sends_nothing,
	    concurrent_refusals_are_all_counted,
	    NULL,
	};

	return unit_run("throttle_marks", tests);
}
