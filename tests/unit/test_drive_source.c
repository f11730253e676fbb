/* SPDX-License-Identifier: MIT */
#include "drive_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#define PEOPLE 5000 /* more steps than a login may have */

/* A world that a source sees, and what it was told. */
struct world {
	unsigned requests;
	unsigned people;
	unsigned groups;
	uint32_t total;
	uint32_t waited_ms;
	unsigned lines;
	unsigned turns;
	unsigned turns_max;              /* 0: any number */
	enum extauth_err perform_answer; /* OK: a response */
	enum extauth_err tell_answer;
	enum extauth_err wait_answer;
	char first_line[64];
};

static enum extauth_err
world_perform(void *context, const struct request *request,
    struct event *ret_event, struct extauth_error *error)
{
	struct world *world = context;

	(void)request;
	if (world->perform_answer != EXTAUTH_OK)
		return error_set(error, world->perform_answer, "no network");
	world->requests++;
	ret_event->kind = EVENT_RESPONSE;
	ret_event->response.status = 200;
	ret_event->response.body = buffer_make(16);
	return buffer_append_format(
	    &ret_event->response.body, "page %u", world->requests);
}

static enum extauth_err
world_wait(void *context, uint32_t wait_ms, struct extauth_error *error)
{
	struct world *world = context;

	world->waited_ms += wait_ms;
	return world->wait_answer == EXTAUTH_OK
	    ? EXTAUTH_OK
	    : error_set(error, world->wait_answer, "no time");
}

static enum extauth_err
world_tell_total(void *context, uint32_t total)
{
	struct world *world = context;

	world->total = total;
	return EXTAUTH_OK;
}

static enum extauth_err
world_tell_user(void *context, const struct sync_user *user)
{
	struct world *world = context;

	ck_assert_str_eq(user->id, "42");
	world->people++;
	return world->tell_answer;
}

static enum extauth_err
world_tell_group(void *context, const struct sync_group *group)
{
	struct world *world = context;

	ck_assert_str_eq(group->id, "g");
	world->groups++;
	return EXTAUTH_OK;
}

static enum extauth_err
world_may_go_on(void *context, struct extauth_error *error)
{
	struct world *world = context;

	if (world->turns_max == 0 || ++world->turns < world->turns_max)
		return EXTAUTH_OK;
	return error_set(error, EXTAUTH_UNAVAILABLE, "too late");
}

static int64_t
world_now(void *context)
{
	const struct world *world = context;

	return 1000 + world->waited_ms / 1000;
}

static void
world_trace(void *context, const char *line)
{
	struct world *world = context;

	if (world->lines++ == 0)
		(void)snprintf(
		    world->first_line, sizeof(world->first_line), "%s", line);
}

/* A machine of two pages, PEOPLE and a group. */
struct book {
	char *kept;
	const char *page; /* lent by the response */
	struct sync_user user;
	struct sync_group group;
};

static enum extauth_err
book_ask(struct source_step *ret_step)
{
	struct step *step = &ret_step->request;

	ret_step->kind = SOURCE_REQUEST;
	step->kind = STEP_REQUEST;
	step->masked.method = CONFIG_GET;
	step->masked.url = buffer_make(64);
	return buffer_append_text(&step->masked.url, "https://a/?MASKED");
}

static enum extauth_err
book_start(struct source_run *run, struct source_step *ret_step,
    struct extauth_error *error)
{
	struct book *book = run->memory;

	(void)error;
	run->state = 0;
	book->kept = strdup("kept");
	(void)snprintf(book->user.id, sizeof(book->user.id), "42");
	(void)snprintf(book->group.id, sizeof(book->group.id), "g");
	return book_ask(ret_step);
}

static enum extauth_err
book_next(struct source_run *run, const struct event *event,
    struct source_step *ret_step, struct extauth_error *error)
{
	struct book *book = run->memory;

	(void)error;
	switch (run->state++) {
	case 0:
		ck_assert_int_eq(event->kind, EVENT_RESPONSE);
		book->page = buffer_text(&event->response.body);
		source_step_total(ret_step, PEOPLE);
		return EXTAUTH_OK;
	case PEOPLE + 1:
		ck_assert_str_eq(book->page, "page 1");
		source_step_wait(ret_step, 2000);
		return EXTAUTH_OK;
	case PEOPLE + 2:
		ck_assert_int_eq(run->login->now_s, 1002);
		return book_ask(ret_step);
	case PEOPLE + 3:
		ck_assert_str_eq(buffer_text(&event->response.body), "page 2");
		source_step_group(ret_step, &book->group);
		return EXTAUTH_OK;
	case PEOPLE + 4:
		return source_step_end(ret_step, SYNC_COMPLETE, "state");
	default:
		ck_assert_int_eq(event->kind, EVENT_WAITED);
		source_step_user(ret_step, &book->user);
		return EXTAUTH_OK;
	}
}

static void
book_forget(void *memory)
{
	struct book *book = memory;

	ck_assert_pstr_eq(book->kept, "kept");
	free(book->kept);
}

static const struct source book_machine = {
    .name = "book",
    .memory_bytes = sizeof(struct book),
    .forget = book_forget,
    .start = book_start,
    .next = book_next,
};

static struct sync_end
run(const struct source *machine, struct world *world, bool is_traced)
{
	const struct drive_source_hands hands = {
	    .context = world,
	    .perform = world_perform,
	    .wait = world_wait,
	    .tell_total = world_tell_total,
	    .tell_user = world_tell_user,
	    .tell_group = world_tell_group,
	    .may_go_on = world_may_go_on,
	    .now = world_now,
	    .trace = is_traced ? world_trace : NULL,
	};
	struct login login = {0};
	struct source_run run = {.login = &login};
	struct sync_end end = {.kind = SYNC_COMPLETE};

	drive_source_run(machine, &run, &hands, &end);
	ck_assert_ptr_null(run.memory);
	return end;
}

START_TEST(steps_are_carried_out_in_order)
{
	struct world world = {0};
	cleanup_sync_end struct sync_end end =
	    run(&book_machine, &world, false);

	ck_assert_int_eq(end.kind, SYNC_COMPLETE);
	ck_assert_pstr_eq(end.state, "state");
	ck_assert_uint_eq(world.people, PEOPLE);
	ck_assert_uint_eq(world.total, PEOPLE);
	ck_assert_uint_eq(world.groups, 1);
	ck_assert_uint_eq(world.requests, 2);
	ck_assert_uint_eq(world.waited_ms, 2000);
	ck_assert_uint_eq(world.lines, 0);
}
END_TEST

START_TEST(requests_are_shown_masked)
{
	struct world world = {0};
	cleanup_sync_end struct sync_end end = run(&book_machine, &world, true);

	ck_assert_int_eq(end.kind, SYNC_COMPLETE);
	ck_assert_str_eq(world.first_line, "GET https://a/?MASKED");
	/* request, status, answer, times: twice */
	ck_assert_uint_eq(world.lines, 8);
}
END_TEST

START_TEST(reading_that_takes_too_long_is_a_failure)
{
	struct world world = {.turns_max = 100};
	struct sync_end end = run(&book_machine, &world, false);

	ck_assert_int_eq(end.kind, SYNC_FAILED);
	ck_assert_str_eq(end.reason, "too late");
	ck_assert(!end.is_configuration);
	ck_assert_ptr_null(end.state);
}
END_TEST

START_TEST(host_that_is_gone_ends_it)
{
	struct world world = {.tell_answer = EXTAUTH_SYSTEM};
	struct sync_end end = run(&book_machine, &world, false);

	ck_assert_int_eq(end.kind, SYNC_FAILED);
	ck_assert_uint_eq(world.people, 1);
}
END_TEST

START_TEST(pause_without_time_tells_what_it_was_for)
{
	struct world world = {.wait_answer = EXTAUTH_UNAVAILABLE};
	struct sync_end end = run(&book_machine, &world, false);

	ck_assert_int_eq(end.kind, SYNC_FAILED);
	ck_assert_str_eq(end.reason, "status 200: no time");
	world = (struct world){.wait_answer = EXTAUTH_SYSTEM};
	end = run(&book_machine, &world, false);
	ck_assert_str_eq(end.reason, "no time");
}
END_TEST

static enum extauth_err
claiming_start(struct source_run *run, struct source_step *ret_step,
    struct extauth_error *error)
{
	ck_assert_ok(source_step_end(ret_step, SYNC_COMPLETE, "state"));
	(void)run;
	return error_set(error, EXTAUTH_INVALID, "a reason");
}

START_TEST(error_is_never_a_reading)
{
	const struct source claiming = {
	    .name = "claiming", .start = claiming_start, .next = book_next};
	struct world world = {0};
	struct sync_end end = run(&claiming, &world, false);

	ck_assert_int_eq(end.kind, SYNC_FAILED);
	ck_assert_str_eq(end.reason, "a reason");
	ck_assert_ptr_null(end.state);
}
END_TEST

START_TEST(error_says_whether_the_configuration_is_to_blame)
{
	static const bool expected[] = {
	    [EXTAUTH_NOMEM] = false,
	    [EXTAUTH_NOTFOUND] = true,
	    [EXTAUTH_EXISTS] = false,
	    [EXTAUTH_INVALID] = false,
	    [EXTAUTH_TOOBIG] = false,
	    [EXTAUTH_CONFIG] = true,
	    [EXTAUTH_UNAVAILABLE] = false,
	    [EXTAUTH_SYSTEM] = false,
	};
	const struct extauth_error none = {0};
	size_t at;

	for (at = EXTAUTH_NOMEM; at < sizeof(expected) / sizeof(*expected);
	     at++) {
		struct world world = {.perform_answer = (enum extauth_err)at};
		struct sync_end end = run(&book_machine, &world, true);

		ck_assert_int_eq(end.kind, SYNC_FAILED);
		ck_assert_str_eq(end.reason, "no network");
		ck_assert_int_eq(end.is_configuration, expected[at]);
		drive_source_fail((enum extauth_err)at, &none, &end);
		ck_assert_str_ne(end.reason, "");
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    steps_are_carried_out_in_order,
	    requests_are_shown_masked,
	    reading_that_takes_too_long_is_a_failure,
	    host_that_is_gone_ends_it,
	    pause_without_time_tells_what_it_was_for,
	    error_is_never_a_reading,
	    error_says_whether_the_configuration_is_to_blame,
	    NULL,
	};

	return unit_run("drive_source", tests);
}
