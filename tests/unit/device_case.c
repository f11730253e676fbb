/* SPDX-License-Identifier: MIT */
#include "device_case.h"

#include "provider_oauth2.h"
#include "unit.h"

struct machine_case *
device_case_make(const char *keys)
{
	struct machine_case *it =
	    machine_case_make(provider_oauth2(), keys, "");

	machine_case_start(it);
	return it;
}

struct machine_case *
device_case_make_polling(const char *device)
{
	struct machine_case *it = device_case_make(KEYS);

	machine_case_answer(it, 200, device);
	ck_assert_int_eq(it->step.kind, STEP_PROMPT);
	machine_case_event(it, EVENT_ANSWER);
	return it;
}
