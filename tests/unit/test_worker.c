/* SPDX-License-Identifier: MIT */
#include "worker.h"

#include <string.h>

#include "worker_case.h"
#include "worker_roles.h"

START_TEST(right_password_is_accepted)
{
	cleanup_run struct run *run = run_make("accept");

	assert_grants(run);
	ck_assert_uint_lt(run->outcome.duration_ms, CASE_DEADLINE_MS);
}
END_TEST

START_TEST(wrong_or_no_password_is_rejected)
{
	cleanup_run struct run *run = run_make("accept");

	ck_assert_ok(secret_set(&run->password, "secreT", 6));
	ck_assert_ok(run_go(run));
	ck_assert_int_eq(run->outcome.verdict, VERDICT_REJECTED);
	run->job.password = NULL;
	ck_assert_ok(run_go(run));
	ck_assert_int_eq(run->outcome.verdict, VERDICT_REJECTED);
}
END_TEST

START_TEST(worker_that_misbehaves_never_grants)
{
	static const struct {
		const char *role;
		enum extauth_err err;
	} wrong[] = {
	    {"exit", EXTAUTH_SYSTEM},
	    {"hang_up", EXTAUTH_SYSTEM},
	    {"garbage", EXTAUTH_SYSTEM},
	    {"short", EXTAUTH_SYSTEM},
	    {"extra", EXTAUTH_SYSTEM},
	    {"wrong_nonce", EXTAUTH_SYSTEM},
	    {"wrong_frame", EXTAUTH_SYSTEM},
	    {"killed", EXTAUTH_SYSTEM},
	    {"flood_inform", EXTAUTH_SYSTEM},
	    {"flood_trace", EXTAUTH_SYSTEM},
	    {"flood_waiting", EXTAUTH_SYSTEM},
	    {"odd_waiting", EXTAUTH_SYSTEM},
	    {"hang", EXTAUTH_UNAVAILABLE},
	    {"wait_and_hang", EXTAUTH_UNAVAILABLE},
	    {"slow", EXTAUTH_UNAVAILABLE},
	};
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		cleanup_run struct run *run = run_make(wrong[i].role);

		if (wrong[i].err == EXTAUTH_UNAVAILABLE)
			run->facts.login_deadline_ms = 300;
		ck_assert_msg(
		    run_go(run) == wrong[i].err, "role %s", wrong[i].role);
		ck_assert_str_ne(run->error.text, "");
		ck_assert_int_eq(run->outcome.verdict, VERDICT_REJECTED);
		assert_no_child();
	}
}
END_TEST

START_TEST(program_that_cannot_serve_is_a_system_error)
{
	static const char *const programs[] = {
	    "/nonexistent/extauth-exchange", "/bin/true", "/etc/passwd", "/"};
	size_t i;

	for (i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		cleanup_run struct run *run = run_make("accept");

		run->job.program = programs[i];
		ck_assert_int_eq(run_go(run), EXTAUTH_SYSTEM);
		ck_assert_str_ne(run->error.text, "");
		assert_no_child();
	}
}
END_TEST

START_TEST(worker_that_stays_after_its_verdict_is_ended)
{
	cleanup_run struct run *run = run_make("linger");

	assert_grants(run);
	assert_no_child();
}
END_TEST

START_TEST(grant_that_was_not_asked_for_is_not_believed)
{
	static const enum frame_type types[] = {FRAME_FORGOT, FRAME_PROBE};
	cleanup_run struct run *run = run_make("accept");
	size_t i;

	for (i = 0; i < 2; i++) {
		run->job.type = types[i];
		ck_assert_int_eq(run_go(run), EXTAUTH_SYSTEM);
	}
	run->job.type = FRAME_LOGIN;
	run->facts.flags = LOGIN_TRACE | LOGIN_DRY_RUN;
	ck_assert_int_eq(run_go(run), EXTAUTH_SYSTEM);
	ck_assert_int_eq(run->outcome.verdict, VERDICT_REJECTED);
}
END_TEST

START_TEST(spoken_texts_reach_the_host_printable)
{
	cleanup_run struct run *run = run_make("talk");

	ck_assert_ok(run_go(run));
	ck_assert_int_eq(run->outcome.verdict, VERDICT_LOCKED);
	ck_assert_uint_eq(run->witness.informed, 1);
	ck_assert_uint_eq(run->witness.traced, 1);
	ck_assert_str_eq(run->witness.text, "look at\nyour ?[2Jphone");
	run->job.host = NULL;
	ck_assert_ok(run_go(run));
	ck_assert_int_eq(run->outcome.verdict, VERDICT_LOCKED);
}
END_TEST

START_TEST(floods_reach_the_host_up_to_their_limit)
{
	cleanup_run struct run *inform = run_make("flood_inform");
	cleanup_run struct run *trace = run_make("flood_trace");

	ck_assert_int_eq(run_go(inform), EXTAUTH_SYSTEM);
	ck_assert_uint_eq(inform->witness.informed, 32);
	ck_assert_int_eq(run_go(trace), EXTAUTH_SYSTEM);
	ck_assert_uint_eq(trace->witness.traced, 10000);
}
END_TEST

START_TEST(answer_of_the_person_reaches_the_worker)
{
	cleanup_run struct run *run = run_make("prompt");

	run->witness.answer = "123456";
	assert_grants(run);
	ck_assert_str_eq(run->witness.text, "Code: ");
	ck_assert(run->witness.echo);
	run->witness.answer = "000000";
	ck_assert_ok(run_go(run));
	ck_assert_int_eq(run->outcome.verdict, VERDICT_REJECTED);
}
END_TEST

START_TEST(prompt_without_a_text_is_an_empty_question)
{
	cleanup_run struct run *run = run_make("bare");

	run->witness.answer = "";
	memcpy(run->witness.text, "old", 4);
	ck_assert_ok(run_go(run));
	ck_assert_int_eq(run->outcome.verdict, VERDICT_DENIED_BY_POLICY);
	ck_assert_str_eq(run->witness.text, "");
	ck_assert(!run->witness.echo);
}
END_TEST

START_TEST(thinking_does_not_count_as_network_time)
{
	cleanup_run struct run *run = run_make("prompt");

	run->witness.answer = "123456";
	run->witness.think_ms = 900;
	run->facts.login_deadline_ms = 800;
	assert_grants(run);
	ck_assert_uint_ge(run->outcome.duration_ms, 900);
}
END_TEST

static void
assert_nobody_answered(struct run *run)
{
	ck_assert_ok(run_go(run));
	ck_assert_int_eq(run->outcome.verdict, VERDICT_SECOND_FACTOR_NEEDED);
	ck_assert_str_eq(
	    run->outcome.reason, "not answered before person_deadline");
	assert_no_child();
}

START_TEST(thinking_too_long_is_no_answer)
{
	cleanup_run struct run *run = run_make("prompt");

	run->witness.answer = "123456";
	run->witness.think_ms = 300;
	run->facts.person_deadline_ms = 100;
	assert_nobody_answered(run);
}
END_TEST

START_TEST(waiting_for_a_person_does_not_count_as_network_time)
{
	cleanup_run struct run *run = run_make("wait");

	run->facts.login_deadline_ms = 400;
	assert_grants(run);
	ck_assert_uint_ge(run->outcome.duration_ms, 500);
	run->facts.person_deadline_ms = 400;
	assert_nobody_answered(run);
}
END_TEST

START_TEST(person_who_does_not_come_ends_the_login)
{
	cleanup_run struct run *run = run_make("wait_for_ever");

	run->facts.person_deadline_ms = 200;
	assert_nobody_answered(run);
}
END_TEST

START_TEST(prompt_within_a_wait_is_answered_as_any_other)
{
	cleanup_run struct run *run = run_make("wait_and_ask");

	run->witness.answer = "123456";
	run->witness.think_ms = 900;
	run->facts.login_deadline_ms = 800;
	assert_grants(run);
	run->facts.person_deadline_ms = 300;
	assert_nobody_answered(run);
}
END_TEST

START_TEST(token_comes_with_a_login_alone)
{
	cleanup_run struct run *run = run_make("token");

	assert_grants(run);
	ck_assert_str_eq(secret_reveal(&run->outcome.token), "token");
	run->job.type = FRAME_CHANGE;
	run->job.new_password = &run->password;
	ck_assert_int_eq(run_go(run), EXTAUTH_SYSTEM);
	ck_assert_uint_eq(run->outcome.token.length, 0);
}
END_TEST

START_TEST(change_of_a_password_is_accepted)
{
	cleanup_run struct run *run = run_make("change");
	cleanup_secret struct secret next = {0};

	ck_assert_ok(secret_set(&next, "next", 4));
	run->job.type = FRAME_CHANGE;
	run->job.new_password = &next;
	assert_grants(run);
}
END_TEST

START_TEST(prompt_without_a_person_needs_a_second_factor)
{
	cleanup_run struct run *run = run_make("prompt");

	run->host.prompt = NULL;
	ck_assert_ok(run_go(run));
	ck_assert_int_eq(run->outcome.verdict, VERDICT_SECOND_FACTOR_NEEDED);
	ck_assert_str_ne(run->outcome.reason, "");
}
END_TEST

START_TEST(prompt_that_fails_ends_the_login)
{
	cleanup_run struct run *run = run_make("prompt");

	run->witness.err = EXTAUTH_NOMEM;
	ck_assert_int_eq(run_go(run), EXTAUTH_NOMEM);
	assert_no_child();
}
END_TEST

START_TEST(no_deadline_in_the_facts_means_the_usual_one)
{
	cleanup_run struct run *run = run_make("accept");

	run->facts.login_deadline_ms = 0;
	assert_grants(run);
}
END_TEST

int
main(int count, char **arguments)
{
	const TTest *const tests[] = {
	    right_password_is_accepted,
	    wrong_or_no_password_is_rejected,
	    worker_that_misbehaves_never_grants,
	    program_that_cannot_serve_is_a_system_error,
	    worker_that_stays_after_its_verdict_is_ended,
	    grant_that_was_not_asked_for_is_not_believed,
	    spoken_texts_reach_the_host_printable,
	    floods_reach_the_host_up_to_their_limit,
	    answer_of_the_person_reaches_the_worker,
	    prompt_without_a_text_is_an_empty_question,
	    thinking_does_not_count_as_network_time,
	    thinking_too_long_is_no_answer,
	    waiting_for_a_person_does_not_count_as_network_time,
	    person_who_does_not_come_ends_the_login,
	    prompt_within_a_wait_is_answered_as_any_other,
	    token_comes_with_a_login_alone,
	    change_of_a_password_is_accepted,
	    prompt_without_a_person_needs_a_second_factor,
	    prompt_that_fails_ends_the_login,
	    no_deadline_in_the_facts_means_the_usual_one,
	    NULL,
	};

	if (count > 0 && worker_role_is_ours(arguments[0]))
		return worker_role_play();
	return unit_run("worker", tests);
}
