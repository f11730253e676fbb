/* SPDX-License-Identifier: MIT */
#include "registry_sweep.h"

#include <errno.h>

#define FAULTS_MAX 5000

static bool is_wrong;

void
sweep_expect(bool is_right)
{
	is_wrong = is_wrong || !is_right;
}

static void
prepare(void)
{
	struct registry_change change;
	unsigned long number;

	case_setup();
	case_begin(&change);
	for (number = 0; number < SWEEP_USERS; number++)
		case_add_numbered(
		    &change, number, FIRST_UID + 100 + (uint32_t)number);
	case_commit(&change);
}

static struct fault_outcome
run_scene(
    const struct scene *scene, enum fault_kind kind, size_t after, int number)
{
	struct fault_outcome outcome;

	prepare();
	outcome = fault_try(kind, after, number, scene->run);
	ck_assert(!is_wrong);
	if (outcome.err != EXTAUTH_OK) {
		ck_assert_msg(outcome.has_failed, "%s", outcome.error.text);
		ck_assert_str_ne(outcome.error.text, "");
	}
	scene->check(outcome.err);
	case_remove();
	return outcome;
}

void
sweep(const struct scene *scene, enum fault_kind kind, int number)
{
	struct fault_outcome outcome;
	size_t after = 0;
	size_t failures = 0;

	do {
		ck_assert_uint_lt(after, FAULTS_MAX);
		outcome = run_scene(scene, kind, after++, number);
		failures += outcome.err != EXTAUTH_OK;
		if (kind == FAULT_SHORT)
			ck_assert_int_eq(outcome.err, EXTAUTH_OK);
	} while (outcome.has_failed);
	ck_assert_uint_gt(after, scene->least[kind]);
	ck_assert(kind == FAULT_SHORT || failures > 0);
}

void
sweep_all(const struct scene *scene)
{
	sweep(scene, FAULT_MEMORY, ENOMEM);
	sweep(scene, FAULT_CALL, EIO);
	sweep(scene, FAULT_CALL, EINTR);
	sweep(scene, FAULT_SHORT, 0);
}
