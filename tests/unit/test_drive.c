/* SPDX-License-Identifier: MIT */
#include "drive.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

/* A machine that asks, informs, waits and accepts the right code. */
static enum extauth_err
code_start(
    struct login *login, struct step *ret_step, struct extauth_error *error)
{
	(void)error;
	login->state = 0;
	return step_prompt(ret_step, false, "Code: ");
}

static enum extauth_err
code_next(struct login *login, const struct event *event, struct step *ret_step,
    struct extauth_error *error)
{
	switch (login->state++) {
	case 0:
		if (strcmp(secret_reveal(&event->answer), "123456") != 0)
			return EXTAUTH_OK;
		ret_step->kind = STEP_INFORM;
		return EXTAUTH_OK;
	case 1:
		ret_step->kind = STEP_WAIT;
		ret_step->wait_ms = 5;
		return EXTAUTH_OK;
	case 2:
		ck_assert_int_eq(event->kind, EVENT_WAITED);
		ret_step->outcome.verdict = VERDICT_ACCEPTED;
		return EXTAUTH_OK;
	default:
		return error_set(error, EXTAUTH_SYSTEM, "past the end");
	}
}

static enum extauth_err
endless_next(struct login *login, const struct event *event,
    struct step *ret_step, struct extauth_error *error)
{
	(void)event;
	(void)error;
	login->state++;
	ret_step->kind = STEP_WAIT;
	return EXTAUTH_OK;
}

static enum extauth_err
failing_start(
    struct login *login, struct step *ret_step, struct extauth_error *error)
{
	(void)login;
	ret_step->outcome.verdict = VERDICT_ACCEPTED;
	return error_set(error, EXTAUTH_CONFIG, "a reason");
}

/* What the person does. */
struct person {
	const char *answer; /* NULL: nobody there */
	unsigned informed;
	uint32_t waited_ms;
};

static enum extauth_err
person_ask(
    void *context, const char *text, bool echo, struct secret *ret_answer)
{
	struct person *person = context;

	ck_assert_str_eq(text, "Code: ");
	ck_assert(!echo);
	if (person->answer == NULL)
		return EXTAUTH_NOTFOUND;
	return secret_set(ret_answer, person->answer, strlen(person->answer));
}

static enum extauth_err
person_inform(void *context, const char *text)
{
	struct person *person = context;

	(void)text;
	person->informed++;
	return EXTAUTH_OK;
}

static enum extauth_err
person_wait(void *context, uint32_t wait_ms)
{
	struct person *person = context;

	person->waited_ms += wait_ms;
	return EXTAUTH_OK;
}

static struct login_outcome
run(const struct provider *provider, struct person *person)
{
	const struct drive_hands hands = {
	    .context = person,
	    .ask = person_ask,
	    .inform = person_inform,
	    .wait = person_wait,
	};
	struct login_outcome outcome = {.verdict = VERDICT_ACCEPTED};
	struct login login = {0};

	drive_run(provider, &login, &hands, &outcome);
	return outcome;
}

static const struct provider code_machine = {
    .name = "code", .start = code_start, .next = code_next};

START_TEST(steps_are_carried_out_in_order)
{
	struct person person = {.answer = "123456"};
	struct login_outcome outcome = run(&code_machine, &person);

	ck_assert_int_eq(outcome.verdict, VERDICT_ACCEPTED);
	ck_assert_uint_eq(person.informed, 1);
	ck_assert_uint_eq(person.waited_ms, 5);
}
END_TEST

START_TEST(step_left_empty_is_a_refusal)
{
	struct person person = {.answer = "000000"};
	struct login_outcome outcome = run(&code_machine, &person);

	ck_assert_int_eq(outcome.verdict, VERDICT_REJECTED);
	ck_assert_uint_eq(person.informed, 0);
}
END_TEST

START_TEST(prompt_without_a_person_needs_a_second_factor)
{
	struct person person = {0};

	ck_assert_int_eq(
	    run(&code_machine, &person).verdict, VERDICT_SECOND_FACTOR_NEEDED);
}
END_TEST

START_TEST(machine_that_does_not_end_is_ended)
{
	const struct provider endless = {
	    .name = "endless", .start = code_start, .next = endless_next};
	struct person person = {.answer = "123456"};
	struct login_outcome outcome = run(&endless, &person);

	ck_assert_int_eq(outcome.verdict, VERDICT_UNAVAILABLE);
	ck_assert_str_eq(outcome.reason, "the provider does not end");
}
END_TEST

/* A wait and an answer each second for the ten minutes that person_deadline can
 * have. */
static enum extauth_err
patient_next(struct login *login, const struct event *event,
    struct step *ret_step, struct extauth_error *error)
{
	(void)event;
	(void)error;
	if (login->state++ < 1200)
		step_wait(ret_step, 500);
	else
		ret_step->outcome.verdict = VERDICT_ACCEPTED;
	return EXTAUTH_OK;
}

static int64_t
later_now(void *context)
{
	const struct person *person = context;

	return 1000 + person->waited_ms / 1000;
}

START_TEST(person_is_waited_for_as_long_as_is_configured)
{
	const struct provider patient = {
	    .name = "patient", .start = code_start, .next = patient_next};
	struct person person = {.answer = "123456"};
	const struct drive_hands hands = {
	    .context = &person,
	    .ask = person_ask,
	    .wait = person_wait,
	    .now = later_now,
	};
	struct login_outcome outcome = {0};
	struct login login = {.now_s = 1000};

	drive_run(&patient, &login, &hands, &outcome);
	ck_assert_int_eq(outcome.verdict, VERDICT_ACCEPTED);
	ck_assert_uint_eq(person.waited_ms, 600000);
	/* a token that comes now is of now */
	ck_assert_int_eq(login.now_s, 1600);
}
END_TEST

START_TEST(error_is_never_a_grant)
{
	const struct provider failing = {
	    .name = "fail", .start = failing_start, .next = code_next};
	struct person person = {0};
	struct login_outcome outcome = run(&failing, &person);

	ck_assert_int_eq(outcome.verdict, VERDICT_MISCONFIGURED);
	ck_assert_str_eq(outcome.reason, "a reason");
}
END_TEST

START_TEST(every_error_is_an_outcome)
{
	static const enum verdict expected[] = {
	    [EXTAUTH_OK] = VERDICT_UNAVAILABLE,
	    [EXTAUTH_NOMEM] = VERDICT_UNAVAILABLE,
	    [EXTAUTH_NOTFOUND] = VERDICT_MISCONFIGURED,
	    [EXTAUTH_EXISTS] = VERDICT_MISCONFIGURED,
	    [EXTAUTH_INVALID] = VERDICT_REJECTED,
	    [EXTAUTH_TOOBIG] = VERDICT_REJECTED,
	    [EXTAUTH_CONFIG] = VERDICT_MISCONFIGURED,
	    [EXTAUTH_UNAVAILABLE] = VERDICT_UNAVAILABLE,
	    [EXTAUTH_SYSTEM] = VERDICT_UNAVAILABLE,
	};
	const struct extauth_error none = {0};
	size_t at;

	for (at = 0; at < sizeof(expected) / sizeof(*expected); at++) {
		struct login_outcome outcome;

		machine_outcome_from_error(
		    (enum extauth_err)at, &none, &outcome);
		ck_assert_int_eq(outcome.verdict, expected[at]);
		ck_assert_str_ne(outcome.reason, "");
	}
	step_clear(NULL);
	event_clear(NULL);
}
END_TEST

/* A machine of two requests, the password in each, and a memory. */
struct greedy {
	struct secret kept;
};

static enum extauth_err
greedy_ask(struct step *ret_step)
{
	ret_step->kind = STEP_REQUEST;
	ret_step->request.bears_password = true;
	return EXTAUTH_OK;
}

static enum extauth_err
greedy_start(
    struct login *login, struct step *ret_step, struct extauth_error *error)
{
	struct greedy *greedy = login->memory;

	(void)error;
	ck_assert_uint_eq(greedy->kept.length, 0);
	ck_assert_ok(secret_set(&greedy->kept, "kept", 4));
	return greedy_ask(ret_step);
}

static enum extauth_err
greedy_next(struct login *login, const struct event *event,
    struct step *ret_step, struct extauth_error *error)
{
	(void)error;
	ck_assert_int_eq(event->kind, EVENT_RESPONSE);
	ck_assert_uint_eq(event->response.status, 200);
	if (login->state++ == 0)
		return greedy_ask(ret_step);
	ret_step->outcome.verdict = VERDICT_ACCEPTED;
	return EXTAUTH_OK;
}

static void
greedy_forget(void *memory)
{
	struct greedy *greedy = memory;

	ck_assert_str_eq(secret_reveal(&greedy->kept), "kept");
	secret_clear(&greedy->kept);
}

static enum extauth_err
greedy_rehearse(const struct login *login, struct buffer *answer)
{
	(void)login;
	return buffer_append_text(answer, "{}");
}

static const struct provider greedy_machine = {
    .name = "greedy",
    .memory_bytes = sizeof(struct greedy),
    .forget = greedy_forget,
    .rehearse = greedy_rehearse,
    .start = greedy_start,
    .next = greedy_next,
};

static enum extauth_err
count_request(void *context, const struct request *request,
    struct event *ret_event, struct extauth_error *error)
{
	unsigned *requests = context;

	(void)request;
	(void)error;
	*requests += 1;
	ret_event->kind = EVENT_RESPONSE;
	ret_event->response.status = 200;
	return EXTAUTH_OK;
}

static struct login_outcome
run_greedy(bool is_dry, const struct secret *new_password, unsigned *requests)
{
	const struct drive_hands hands = {
	    .context = requests,
	    .perform = count_request,
	    .is_dry_run = is_dry,
	};
	struct login_outcome outcome = {0};
	struct login login = {.new_password = new_password};

	drive_run(&greedy_machine, &login, &hands, &outcome);
	ck_assert_ptr_null(login.memory);
	return outcome;
}

START_TEST(password_is_never_sent_twice)
{
	unsigned requests = 0;
	struct login_outcome outcome = run_greedy(false, NULL, &requests);

	ck_assert_int_eq(outcome.verdict, VERDICT_UNAVAILABLE);
	ck_assert_str_eq(outcome.reason, "the password would be sent twice");
	ck_assert_uint_eq(requests, 1);
}
END_TEST

START_TEST(change_may_prove_the_old_password_first)
{
	cleanup_secret struct secret new_password = {0};
	unsigned requests = 0;

	ck_assert_ok(secret_set(&new_password, "new", 3));
	ck_assert_int_eq(run_greedy(false, &new_password, &requests).verdict,
	    VERDICT_ACCEPTED);
	ck_assert_uint_eq(requests, 2);
}
END_TEST

START_TEST(rehearsal_sends_nothing_and_accepts_nobody)
{
	cleanup_secret struct secret new_password = {0};
	unsigned requests = 0;
	struct login_outcome outcome;

	ck_assert_ok(secret_set(&new_password, "new", 3));
	outcome = run_greedy(true, &new_password, &requests);
	ck_assert_int_eq(outcome.verdict, VERDICT_REJECTED);
	ck_assert_str_eq(outcome.reason, "dry run");
	ck_assert_uint_eq(requests, 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    steps_are_carried_out_in_order,
	    step_left_empty_is_a_refusal,
	    prompt_without_a_person_needs_a_second_factor,
	    machine_that_does_not_end_is_ended,
	    person_is_waited_for_as_long_as_is_configured,
	    error_is_never_a_grant,
	    every_error_is_an_outcome,
	    password_is_never_sent_twice,
	    change_may_prove_the_old_password_first,
	    rehearsal_sends_nothing_and_accepts_nobody,
	    NULL,
	};

	return unit_run("drive", tests);
}
