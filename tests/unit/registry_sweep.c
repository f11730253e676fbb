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

static enum extauth_err
run_scene(const struct scene *scene, enum fault_kind kind, size_t after,
    int number, bool *ret_is_hit)
{
	struct extauth_error error = {0};
	enum extauth_err err;

	prepare();
	fault_begin(kind, after, number);
	err = scene->run(&error);
	*ret_is_hit = fault_end();
	ck_assert(!is_wrong);
	if (err != EXTAUTH_OK)
		ck_assert_msg(*ret_is_hit, "%s", error.text);
	if (err != EXTAUTH_OK)
		ck_assert_str_ne(error.text, "");
	scene->check(err);
	case_remove();
	return err;
}

void
sweep(const struct scene *scene, enum fault_kind kind, int number)
{
	size_t after;
	size_t failures = 0;
	bool is_hit = true;

	for (after = 0; is_hit; after++) {
		enum extauth_err err =
		    run_scene(scene, kind, after, number, &is_hit);

		failures += err != EXTAUTH_OK;
		if (kind == FAULT_SHORT)
			ck_assert_int_eq(err, EXTAUTH_OK);
		ck_assert_uint_lt(after, FAULTS_MAX);
	}
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
