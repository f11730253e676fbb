/* SPDX-License-Identifier: MIT */
/* The tries that are sent and not answered yet. */
#include "throttle_mark.h"

#include <sys/wait.h>
#include <unistd.h>

#include "frame.h"
#include "throttle_case.h"

static const struct throttle_limits one = {1, 600000, 300000};

static void
wait_ms(unsigned ms)
{
	usleep(ms * 1000);
}

/* Takes a try and leaves it open. */
static uint32_t
take(const struct throttle_place *place, const struct throttle_limits *limits)
{
	uint32_t ticket;

	ck_assert_int_eq(
	    throttle_ask(place->directory, CASE_UID, limits, NULL, &ticket),
	    THROTTLE_PASS);
	ck_assert_uint_ne(ticket, 0);
	return ticket;
}

static void
give_back(const struct throttle_place *place, uint32_t ticket)
{
	throttle_give_back(place->directory, CASE_UID, ticket);
}

static void
assert_shown(const struct throttle_place *place, uint32_t failures)
{
	uint32_t shown;
	uint32_t paused_ms;

	throttle_show(place->directory, CASE_UID, &throttle_case_brief, &shown,
	    &paused_ms);
	ck_assert_uint_eq(shown, failures);
	ck_assert_int_eq(paused_ms > 0, failures >= 3);
}

START_TEST(open_tries_that_are_refused_pause)
{
	cleanup_place struct throttle_place place = throttle_case_make();
	uint32_t tickets[3];
	int i;

	for (i = 0; i < 3; i++)
		tickets[i] = take(&place, &throttle_case_brief);
	assert_shown(&place, 0);
	for (i = 0; i < 3; i++)
		throttle_note_refusal(place.directory, CASE_UID,
		    &throttle_case_brief, NULL, tickets[i]);
	assert_shown(&place, 3);
	ck_assert_int_eq(
	    throttle_case_ask(&place, &throttle_case_brief, "right"),
	    THROTTLE_PAUSED);
}
END_TEST

START_TEST(try_that_is_given_back_does_not_count)
{
	cleanup_place struct throttle_place place = throttle_case_make();
	uint32_t open;
	int i;

	for (i = 0; i < 10; i++)
		give_back(&place, take(&place, &throttle_case_brief));
	open = take(&place, &throttle_case_brief);
	take(&place, &throttle_case_brief);
	throttle_case_refuse(&place, &throttle_case_brief, "1");
	give_back(&place, 0);
	give_back(&place, open);
	give_back(&place, open);
	assert_shown(&place, 1);
	take(&place, &throttle_case_brief);
}
END_TEST

START_TEST(login_waits_for_open_tries_that_fill_the_count)
{
	cleanup_place struct throttle_place place = throttle_case_make();
	uint32_t open = take(&place, &one);
	int64_t start_ms = frame_clock_ms();
	pid_t child = unit_fork();

	if (child == 0) {
		wait_ms(300);
		give_back(&place, open);
		_exit(0);
	}
	take(&place, &one);
	ck_assert_int_ge(frame_clock_ms() - start_ms, 300);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
}
END_TEST

START_TEST(try_that_nobody_ends_counts_for_the_window)
{
	static const struct throttle_limits brief = {1, 6000, 300000};
	cleanup_place struct throttle_place place = throttle_case_make();

	take(&place, &brief);
	ck_assert_int_eq(
	    throttle_case_ask(&place, &brief, "right"), THROTTLE_PAUSED);
	wait_ms(1000);
	ck_assert_int_eq(
	    throttle_case_ask(&place, &brief, "right"), THROTTLE_PASS);
}
END_TEST

/* Logs in with a wrong password; tells whether it was sent. */
static int
log_in(const struct throttle_place *place)
{
	uint32_t ticket;

	if (throttle_ask(place->directory, CASE_UID, &throttle_case_usual, NULL,
		&ticket) != THROTTLE_PASS)
		return 0;
	wait_ms(200); /* the provider thinks */
	throttle_note_refusal(
	    place->directory, CASE_UID, &throttle_case_usual, NULL, ticket);
	return 1;
}

START_TEST(logins_at_once_send_no_more_than_the_limit)
{
	cleanup_place struct throttle_place place = throttle_case_make();
	int sent = 0;
	int status;
	int i;

	for (i = 0; i < 16; i++) {
		if (unit_fork() == 0)
			_exit(log_in(&place));
	}
	while (wait(&status) > 0)
		sent += WEXITSTATUS(status);
	ck_assert_int_eq(sent, 5);
}
END_TEST

START_TEST(mark_without_room_drops_the_oldest_try)
{
	struct throttle_mark mark = {.magic = THROTTLE_MARK_MAGIC};
	uint32_t i;

	for (i = 1; i <= THROTTLE_TRIES_MAX + 1; i++)
		throttle_mark_add(&mark, i, i);
	ck_assert(throttle_mark_is_sound(&mark, THROTTLE_TRIES_MAX + 1));
	ck_assert(!throttle_mark_is_sound(&mark, THROTTLE_TRIES_MAX));
	ck_assert_uint_eq(mark.count, THROTTLE_TRIES_MAX);
	ck_assert_uint_eq(throttle_mark_find(&mark, 1), mark.count);
	ck_assert_uint_eq(throttle_mark_find(&mark, 2), 0);
	ck_assert_uint_eq(throttle_mark_find(&mark, 0), mark.count);
	throttle_mark_refuse(&mark, &one, 2, 100);
	ck_assert_uint_eq(throttle_mark_refusals(&mark), 1);
	ck_assert_int_eq(throttle_mark_pause_left(&mark, &one, 100), 300000);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    open_tries_that_are_refused_pause,
	    try_that_is_given_back_does_not_count,
	    login_waits_for_open_tries_that_fill_the_count,
	    try_that_nobody_ends_counts_for_the_window,
	    logins_at_once_send_no_more_than_the_limit,
	    mark_without_room_drops_the_oldest_try,
	    NULL,
	};

	return unit_run("throttle_mark", tests);
}
