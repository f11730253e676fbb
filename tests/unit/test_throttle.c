/* SPDX-License-Identifier: MIT */
#include "throttle.h"

#include <unistd.h>

#include "throttle_case.h"

static const struct throttle_limits unlimited = {0, 600000, 300000};

static void
wait_ms(unsigned ms)
{
	usleep(ms * 1000);
}

START_TEST(user_without_a_mark_passes)
{
	cleanup_place struct throttle_place place = throttle_case_make();
	uint32_t failures = 9;
	uint32_t paused_ms = 9;

	ck_assert_int_eq(throttle_case_ask(&place, &throttle_case_usual, "one"),
	    THROTTLE_PASS);
	throttle_show(place.directory, CASE_UID, &throttle_case_usual,
	    &failures, &paused_ms);
	ck_assert_uint_eq(failures, 0);
	ck_assert_uint_eq(paused_ms, 0);
}
END_TEST

START_TEST(six_wrong_passwords_send_five_requests)
{
	static const char *const wrong[] = {"1", "2", "3", "4", "5", "6"};
	cleanup_place struct throttle_place place = throttle_case_make();
	uint32_t failures;
	uint32_t paused_ms;
	uint32_t ticket;
	int sent = 0;
	int i;

	for (i = 0; i < 6; i++) {
		if (throttle_case_ask(&place, &throttle_case_usual, wrong[i]) !=
		    THROTTLE_PASS)
			continue;
		sent++;
		throttle_case_refuse(&place, &throttle_case_usual, wrong[i]);
	}
	ck_assert_int_eq(sent, 5);
	ck_assert_int_eq(
	    throttle_case_ask(&place, &throttle_case_usual, "right"),
	    THROTTLE_PAUSED);
	ck_assert_int_eq(throttle_ask(place.directory, CASE_UID + 1,
			     &throttle_case_usual, NULL, &ticket),
	    THROTTLE_PASS);
	throttle_give_back(place.directory, CASE_UID + 1, ticket);
	throttle_show(place.directory, CASE_UID, &throttle_case_usual,
	    &failures, &paused_ms);
	ck_assert_uint_eq(failures, 5);
	ck_assert_uint_gt(paused_ms, 290000);
	ck_assert_uint_le(paused_ms, 300000);
}
END_TEST

START_TEST(count_starts_anew_after_the_pause)
{
	cleanup_place struct throttle_place place = throttle_case_make();
	uint32_t failures;
	uint32_t paused_ms;

	throttle_case_refuse(&place, &throttle_case_brief, "1");
	throttle_case_refuse(&place, &throttle_case_brief, "2");
	throttle_case_refuse(&place, &throttle_case_brief, "3");
	ck_assert_int_eq(throttle_case_ask(&place, &throttle_case_brief, "4"),
	    THROTTLE_PAUSED);
	wait_ms(310);
	ck_assert_int_eq(throttle_case_ask(&place, &throttle_case_brief, "4"),
	    THROTTLE_PASS);
	throttle_show(place.directory, CASE_UID, &throttle_case_brief,
	    &failures, &paused_ms);
	ck_assert_uint_eq(failures, 0);
	throttle_case_refuse(&place, &throttle_case_brief, "4");
	throttle_case_refuse(&place, &throttle_case_brief, "5");
	ck_assert_int_eq(throttle_case_ask(&place, &throttle_case_brief, "6"),
	    THROTTLE_PASS);
	throttle_case_refuse(&place, &throttle_case_brief, "6");
	ck_assert_int_eq(throttle_case_ask(&place, &throttle_case_brief, "7"),
	    THROTTLE_PAUSED);
}
END_TEST

START_TEST(refusals_before_the_window_do_not_count)
{
	cleanup_place struct throttle_place place = throttle_case_make();
	uint32_t failures;
	uint32_t paused_ms;

	throttle_case_refuse(&place, &throttle_case_brief, "1");
	wait_ms(250);
	throttle_case_refuse(&place, &throttle_case_brief, "2");
	wait_ms(250);
	throttle_case_refuse(&place, &throttle_case_brief, "3");
	throttle_show(place.directory, CASE_UID, &throttle_case_brief,
	    &failures, &paused_ms);
	ck_assert_uint_eq(failures, 2);
	ck_assert_uint_eq(paused_ms, 0);
	ck_assert_int_eq(throttle_case_ask(&place, &throttle_case_brief, "4"),
	    THROTTLE_PASS);
}
END_TEST

START_TEST(same_wrong_password_is_not_sent_twice)
{
	cleanup_place struct throttle_place place = throttle_case_make();
	uint32_t ticket;

	throttle_case_refuse(&place, &unlimited, "wrong");
	ck_assert_int_eq(
	    throttle_case_ask(&place, &unlimited, "wrong"), THROTTLE_REPEATED);
	ck_assert_int_eq(
	    throttle_case_ask(&place, &unlimited, "right"), THROTTLE_PASS);
	ck_assert_int_eq(
	    throttle_ask(place.directory, CASE_UID, &unlimited, NULL, &ticket),
	    THROTTLE_PASS);
	ck_assert_uint_eq(ticket, 0);
	wait_ms(5050);
	ck_assert_int_eq(
	    throttle_case_ask(&place, &unlimited, "wrong"), THROTTLE_PASS);
}
END_TEST

START_TEST(refusal_without_a_password_is_no_repeat)
{
	cleanup_place struct throttle_place place = throttle_case_make();

	throttle_note_refusal(
	    place.directory, CASE_UID, &throttle_case_usual, NULL, 0);
	ck_assert_int_eq(
	    throttle_case_ask(&place, &throttle_case_usual, ""), THROTTLE_PASS);
}
END_TEST

START_TEST(no_limit_never_pauses)
{
	cleanup_place struct throttle_place place = throttle_case_make();
	unsigned i;

	for (i = 0; i < 100; i++)
		throttle_case_refuse(&place, &unlimited, "wrong");
	ck_assert_int_eq(
	    throttle_case_ask(&place, &unlimited, "right"), THROTTLE_PASS);
}
END_TEST

START_TEST(limit_beyond_the_room_pauses_when_that_is_full)
{
	static const struct throttle_limits large = {1000, 600000, 300000};
	cleanup_place struct throttle_place place = throttle_case_make();
	unsigned i;

	for (i = 0; i < 64; i++)
		throttle_case_refuse(&place, &large, "wrong");
	ck_assert_int_eq(
	    throttle_case_ask(&place, &large, "right"), THROTTLE_PAUSED);
}
END_TEST

START_TEST(success_forgets_the_refusals)
{
	cleanup_place struct throttle_place place = throttle_case_make();
	char path[128];

	throttle_forget(place.directory, CASE_UID);
	throttle_case_path(&place, "2000200001", path);
	ck_assert_int_ne(access(path, F_OK), 0);
	throttle_case_refuse(&place, &throttle_case_brief, "1");
	throttle_case_refuse(&place, &throttle_case_brief, "2");
	throttle_case_refuse(&place, &throttle_case_brief, "3");
	throttle_forget(place.directory, CASE_UID);
	ck_assert_int_eq(throttle_case_ask(&place, &throttle_case_brief, "3"),
	    THROTTLE_PASS);
}
END_TEST

START_TEST(one_reset_mail_in_ten_minutes)
{
	cleanup_place struct throttle_place place = throttle_case_make();
	struct throttle_place nowhere = {.directory = "/nonexistent/extauth"};

	ck_assert(throttle_take_forgot(place.directory, CASE_UID));
	ck_assert(!throttle_take_forgot(place.directory, CASE_UID));
	ck_assert(throttle_take_forgot(place.directory, CASE_UID + 1));
	ck_assert(!throttle_take_forgot(nowhere.directory, CASE_UID));
	throttle_case_refuse(&nowhere, &throttle_case_usual, "1");
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
	    one_reset_mail_in_ten_minutes,
	    NULL,
	};

	return unit_run("throttle", tests);
}
