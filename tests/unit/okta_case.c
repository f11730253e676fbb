/* SPDX-License-Identifier: MIT */
#include "okta_case.h"

#include <string.h>

#include "provider_okta.h"
#include "unit.h"

struct machine_case *
okta_case_make(const struct provider *machine, const char *keys)
{
	struct machine_case *it = machine_case_make(machine, keys, "hunter2");

	secret_clear(&it->one->api_token);
	return it;
}

struct machine_case *
okta_case_answered(uint32_t flags, const char *body)
{
	struct machine_case *it = okta_case_make(provider_okta(), AUTHN);

	it->one->login.flags = flags;
	machine_case_start(it);
	machine_case_answer(it, 200, body);
	return it;
}

struct machine_case *
okta_case_token_answered(uint32_t flags, unsigned status, const char *body)
{
	struct machine_case *it = okta_case_make(provider_okta(), TOKEN_API);

	it->one->login.flags = flags;
	machine_case_start(it);
	machine_case_answer(it, status, body);
	return it;
}

void
okta_case_type(struct machine_case *it, const char *line)
{
	struct event event = {.kind = EVENT_ANSWER};
	enum extauth_err err;

	ck_assert_int_eq(it->step.kind, STEP_PROMPT);
	ck_assert_ok(secret_set(&event.answer, line, strlen(line)));
	step_clear(&it->step);
	err = it->machine->next(&it->one->login, &event, &it->step, &it->error);
	ck_assert_msg(err == EXTAUTH_OK, "%s", it->error.text);
	event_clear(&event);
}

void
okta_case_expect_prompt(const struct machine_case *it, const char *text)
{
	ck_assert_int_eq(it->step.kind, STEP_PROMPT);
	ck_assert_str_eq(buffer_text(&it->step.text), text);
	ck_assert(it->step.echo);
}

void
okta_case_expect_request(
    const struct machine_case *it, const char *url, const char *body)
{
	ck_assert_int_eq(it->step.kind, STEP_REQUEST);
	ck_assert_int_eq(it->step.request.method, CONFIG_POST);
	ck_assert_str_eq(machine_case_url(it), url);
	ck_assert_str_eq(machine_case_body(it), body);
	machine_case_expect_masked(it);
}

void
okta_case_wait(struct machine_case *it, uint32_t wait_ms)
{
	ck_assert_int_eq(it->step.kind, STEP_WAIT);
	ck_assert_uint_eq(it->step.wait_ms, wait_ms);
	machine_case_event(it, EVENT_WAITED);
}

void
okta_case_end(struct machine_case *it, enum verdict verdict, const char *reason)
{
	machine_case_expect(it, verdict, reason);
	ck_assert_ptr_null(strstr(it->step.outcome.reason, "TOKEN"));
	ck_assert_ptr_null(strchr(it->step.outcome.reason, '@'));
	machine_case_free(it);
}
