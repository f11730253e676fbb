/* SPDX-License-Identifier: MIT */
#include "source_machine.h"

#include <string.h>

#include "unit.h"

START_TEST(an_empty_step_is_a_failure)
{
	struct source_step step = {0};

	ck_assert_int_eq(step.kind, SOURCE_END);
	ck_assert_int_eq(step.end.kind, SYNC_FAILED);
	source_step_clear(&step);
	source_step_clear(NULL);
}
END_TEST

START_TEST(an_end_keeps_a_copy_of_the_state)
{
	struct source_step step = {0};
	char state[] = "s1";

	ck_assert_ok(source_step_end(&step, SYNC_COMPLETE, state));
	state[0] = 'x';
	ck_assert_int_eq(step.kind, SOURCE_END);
	ck_assert_int_eq(step.end.kind, SYNC_COMPLETE);
	ck_assert_str_eq(step.end.state, "s1");
	source_step_clear(&step);
	ck_assert_ptr_null(step.end.state);
	ck_assert_ok(source_step_end(&step, SYNC_ONE, ""));
	ck_assert_ptr_null(step.end.state);
	ck_assert_ok(source_step_end(&step, SYNC_ONE, NULL));
	ck_assert_ptr_null(step.end.state);
	source_step_clear(&step);
}
END_TEST

START_TEST(a_failure_has_a_printable_reason)
{
	struct source_step step = {0};

	source_step_fail(&step, true, 404, "page 1:\nwrong");
	ck_assert_int_eq(step.end.kind, SYNC_FAILED);
	ck_assert(step.end.is_configuration);
	ck_assert_uint_eq(step.end.http_status, 404);
	ck_assert_str_eq(step.end.reason, "page 1:?wrong");
	source_step_clear(&step);
}
END_TEST

START_TEST(steps_lend_what_they_tell)
{
	struct source_step step = {0};
	struct sync_user user = {0};
	struct sync_group group = {0};

	source_step_user(&step, &user);
	ck_assert_int_eq(step.kind, SOURCE_USER);
	ck_assert_ptr_eq(step.user, &user);
	source_step_group(&step, &group);
	ck_assert_int_eq(step.kind, SOURCE_GROUP);
	ck_assert_ptr_eq(step.group, &group);
	source_step_total(&step, 7);
	ck_assert_int_eq(step.kind, SOURCE_TOTAL);
	ck_assert_uint_eq(step.total, 7);
	source_step_wait(&step, 1500);
	ck_assert_int_eq(step.kind, SOURCE_WAIT);
	ck_assert_int_eq(step.request.kind, STEP_WAIT);
	ck_assert_uint_eq(step.request.wait_ms, 1500);
	source_step_clear(&step);
	ck_assert_ptr_null(step.user);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    an_empty_step_is_a_failure,
	    an_end_keeps_a_copy_of_the_state,
	    a_failure_has_a_printable_reason,
	    steps_lend_what_they_tell,
	    NULL,
	};

	return unit_run("source_machine", tests);
}
