/* SPDX-License-Identifier: MIT */
#include "machine_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base64url.h"
#include "unit.h"

struct machine_case *
machine_case_make(
    const struct provider *machine, const char *keys, const char *password)
{
	struct machine_case *it = calloc(1, sizeof(*it));

	ck_assert_ptr_nonnull(it);
	it->machine = machine;
	it->one = exchange_case_make(keys, password);
	it->one->login.flags = LOGIN_CAN_ASK | LOGIN_CAN_WAIT;
	if (machine->memory_bytes > 0) {
		it->one->login.memory = calloc(1, machine->memory_bytes);
		ck_assert_ptr_nonnull(it->one->login.memory);
	}
	return it;
}

void
machine_case_free(struct machine_case *it)
{
	if (it->machine->forget != NULL)
		it->machine->forget(it->one->login.memory);
	free(it->one->login.memory);
	step_clear(&it->step);
	exchange_case_free(it->one);
	free(it);
}

void
machine_case_start(struct machine_case *it)
{
	enum extauth_err err =
	    it->machine->start(&it->one->login, &it->step, &it->error);

	ck_assert_msg(err == EXTAUTH_OK, "%s", it->error.text);
}

static void
machine_case_next(struct machine_case *it, const struct event *event)
{
	enum extauth_err err;

	step_clear(&it->step);
	err = it->machine->next(&it->one->login, event, &it->step, &it->error);
	ck_assert_msg(err == EXTAUTH_OK, "%s", it->error.text);
}

void
machine_case_answer(struct machine_case *it, unsigned status, const char *body)
{
	struct event event = {.kind = EVENT_RESPONSE};

	ck_assert_int_eq(it->step.kind, STEP_REQUEST);
	event.response.status = status;
	event.response.body = buffer_make(RESPONSE_BODY_MAX_BYTES);
	ck_assert_ok(buffer_append_text(&event.response.body, body));
	machine_case_next(it, &event);
	event_clear(&event);
}

void
machine_case_event(struct machine_case *it, enum event_kind kind)
{
	struct event event = {.kind = kind};

	if (kind == EVENT_FAILED)
		(void)snprintf(event.failure.reason,
		    sizeof(event.failure.reason), "timeout");
	machine_case_next(it, &event);
	event_clear(&event);
}

void
machine_case_rehearse(struct machine_case *it)
{
	struct buffer body = buffer_make(RESPONSE_BODY_MAX_BYTES);

	ck_assert_ok(it->machine->rehearse(&it->one->login, &body));
	machine_case_answer(it, 200, buffer_text(&body));
	buffer_clear(&body);
}

const char *
machine_case_url(const struct machine_case *it)
{
	return buffer_text(&it->step.request.url);
}

const char *
machine_case_body(const struct machine_case *it)
{
	return buffer_text(&it->step.request.body);
}

const char *
machine_case_header(const struct machine_case *it, const char *name)
{
	size_t length = strlen(name);
	size_t at;

	for (at = 0; at < it->step.request.header_count; at++) {
		const char *line = buffer_text(&it->step.request.headers[at]);

		if (strncmp(line, name, length) == 0 && line[length] == ':')
			return line + length + 2;
	}
	return "";
}

void
machine_case_expect(
    const struct machine_case *it, enum verdict verdict, const char *reason)
{
	const struct login_outcome *outcome = &it->step.outcome;

	ck_assert_int_eq(it->step.kind, STEP_VERDICT);
	ck_assert_msg(outcome->verdict == verdict &&
		strstr(outcome->reason, reason) != NULL,
	    "%s: %s, and not %s: %s", verdict_name(outcome->verdict),
	    outcome->reason, verdict_name(verdict), reason);
}

void
machine_case_expect_masked(const struct machine_case *it)
{
	static const char *const hidden[] = {
	    "hunter2", "client-secret", "TOKEN", "DEVICE-CODE"};
	struct buffer lines = buffer_make(4UL * TEMPLATE_OUTPUT_MAX_BYTES);
	size_t at;

	ck_assert_int_eq(it->step.kind, STEP_REQUEST);
	ck_assert_ok(request_render(&it->step.masked, &lines));
	for (at = 0; at < sizeof(hidden) / sizeof(*hidden); at++)
		ck_assert_ptr_null(strstr(buffer_text(&lines), hidden[at]));
	buffer_clear(&lines);
}

void
machine_case_id_token(const char *claims, char *text)
{
	struct buffer token = buffer_make(MACHINE_CASE_TEXT_BYTES - 1);

	ck_assert_ok(buffer_append_text(&token, "e30."));
	ck_assert_ok(base64url_encode(&token, claims, strlen(claims)));
	ck_assert_ok(buffer_append_text(&token, ".c2ln"));
	(void)snprintf(
	    text, MACHINE_CASE_TEXT_BYTES, "%s", buffer_text(&token));
	buffer_clear(&token);
}

void
machine_case_tokens(const char *claims, char *text)
{
	char *token = malloc(MACHINE_CASE_TEXT_BYTES);

	ck_assert_ptr_nonnull(token);
	machine_case_id_token(claims, token);
	(void)snprintf(text, MACHINE_CASE_TEXT_BYTES,
	    "{\"access_token\":\"TOKEN\",\"token_type\":\"Bearer\","
	    "\"id_token\":\"%s\"}",
	    token);
	free(token);
}

void
machine_case_answer_tokens(struct machine_case *it, const char *claims)
{
	char *body = malloc(MACHINE_CASE_TEXT_BYTES);

	ck_assert_ptr_nonnull(body);
	machine_case_tokens(claims, body);
	machine_case_answer(it, 200, body);
	free(body);
}
