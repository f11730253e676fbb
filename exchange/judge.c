/* SPDX-License-Identifier: MIT */
#include "judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

enum extauth_err
answer_read(const struct response *response, struct answer *ret_answer)
{
	const struct buffer *body = &response->body;
	struct answer answer = {
	    .status = response->status, .response = response};
	struct extauth_error ignored;
	enum extauth_err err;

	err =
	    json_parse(buffer_text(body), body->length, &answer.json, &ignored);
	if (err == EXTAUTH_NOMEM)
		return err;
	answer.is_json = err == EXTAUTH_OK;
	*ret_answer = answer;
	return EXTAUTH_OK;
}

enum extauth_err
answer_take(
    const struct event *event, struct answer *ret_answer, struct step *ret_step)
{
	if (event->kind == EVENT_RESPONSE)
		return answer_read(&event->response, ret_answer);
	ret_step->kind = STEP_VERDICT;
	machine_outcome_from_failure(&event->failure, &ret_step->outcome);
	return EXTAUTH_OK;
}

void
answer_clear(struct answer *answer)
{
	if (answer == NULL)
		return;
	json_clear(&answer->json);
	*answer = (struct answer){0};
}

const char *
answer_text(const struct answer *answer, const char *pointer)
{
	const char *text =
	    answer->is_json ? json_string(&answer->json, pointer) : NULL;

	return text != NULL ? text : "";
}

void
judge_set(struct login_outcome *outcome, enum verdict verdict,
    const char *format, ...)
{
	char text[sizeof(outcome->reason)];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	outcome->verdict = verdict;
	text_print(outcome->reason, sizeof(outcome->reason), "%s", text);
}

static void
judge_throttled(const struct response *response, struct login_outcome *outcome)
{
	if (response->retry_after[0] != '\0')
		judge_set(outcome, VERDICT_THROTTLED,
		    "status %u: too many requests, retry after %s",
		    response->status, response->retry_after);
	else if (response->rate_limit_reset[0] != '\0')
		judge_set(outcome, VERDICT_THROTTLED,
		    "status %u: too many requests, reset at %s",
		    response->status, response->rate_limit_reset);
	else
		judge_set(outcome, VERDICT_THROTTLED,
		    "status %u: too many requests", response->status);
}

bool
judge_status(const struct answer *answer, struct login_outcome *outcome)
{
	unsigned status = answer->status;

	*outcome = (struct login_outcome){.http_status = status};
	switch (verdict_from_status(status, NULL, 0)) {
	case VERDICT_THROTTLED:
		judge_throttled(answer->response, outcome);
		return true;
	case VERDICT_UNAVAILABLE:
		judge_set(outcome, VERDICT_UNAVAILABLE, "status %u%s%s", status,
		    answer->response->retry_after[0] != '\0' ? ", retry after "
							     : "",
		    answer->response->retry_after);
		return true;
	case VERDICT_MISCONFIGURED:
		judge_set(outcome, VERDICT_MISCONFIGURED,
		    "status %u: the URL or method is wrong", status);
		return true;
	case VERDICT_ACCEPTED:
	case VERDICT_REJECTED:
	case VERDICT_EXPIRED:
	case VERDICT_LOCKED:
	case VERDICT_SECOND_FACTOR_NEEDED:
	case VERDICT_DENIED_BY_POLICY:
		judge_set(outcome, VERDICT_REJECTED, "status %u", status);
		break;
	}
	return false;
}

void
judge_blame_client(struct login_outcome *outcome)
{
	switch (outcome->verdict) {
	case VERDICT_REJECTED:
	case VERDICT_ACCEPTED:
	case VERDICT_EXPIRED:
	case VERDICT_LOCKED:
	case VERDICT_SECOND_FACTOR_NEEDED:
	case VERDICT_DENIED_BY_POLICY:
		outcome->verdict = VERDICT_MISCONFIGURED;
		return;
	case VERDICT_THROTTLED:
	case VERDICT_UNAVAILABLE:
	case VERDICT_MISCONFIGURED:
		return;
	}
}

void
judge_set_mailed(struct login_outcome *outcome)
{
	outcome->verdict = VERDICT_REJECTED;
	outcome->http_status = 200;
}

/* Where the texts stand that reasons are made of. */
static const char *const judge_told[] = {
    "/error",
    "/error_description",
    "/status",
    "/code",
    "/message",
    "/details/0/code",
    "/details/0/message",
    "/ErrorInfo/ErrorMessage",
};

/* A reason is cut and made printable, so that it may hold a part of a secret
 * alone: the texts are looked at. */
static bool
judge_repeats(const struct login *login, const struct answer *answer,
    const struct secret *secret)
{
	const char *text = secret_reveal(secret);
	size_t at;

	if (secret->length == 0)
		return false;
	for (at = 0; at < sizeof(judge_told) / sizeof(*judge_told); at++)
		if (strstr(answer_text(answer, judge_told[at]), text) != NULL)
			return true;
	return strstr(answer_text(answer, login->provider->reject_message),
		   text) != NULL;
}

bool
judge_hide_secrets(const struct login *login, const struct answer *answer,
    struct login_outcome *outcome)
{
	if (!judge_repeats(login, answer, login->password) &&
	    !judge_repeats(login, answer, login->client_secret) &&
	    !judge_repeats(login, answer, login->api_token))
		return false;
	outcome->message[0] = '\0';
	if (outcome->verdict != VERDICT_ACCEPTED)
		judge_set(
		    outcome, outcome->verdict, "status %u", answer->status);
	return true;
}

static bool
judge_any_holds(
    const struct answer *answer, const struct config_conditions *conditions)
{
	size_t at;

	for (at = 0; at < conditions->count; at++)
		if (json_condition_holds(&answer->json, &conditions->items[at]))
			return true;
	return false;
}

/* The first that holds counts. */
static void
judge_sort(const struct config_provider *provider, const struct answer *answer,
    struct login_outcome *outcome)
{
	if (judge_any_holds(answer, &provider->expired_if))
		judge_set(outcome, VERDICT_EXPIRED, "expired_if holds");
	else if (judge_any_holds(answer, &provider->locked_if))
		judge_set(outcome, VERDICT_LOCKED, "locked_if holds");
	else if (judge_any_holds(answer, &provider->second_factor_if))
		judge_set(outcome, VERDICT_SECOND_FACTOR_NEEDED,
		    "second_factor_if holds");
	else if (judge_any_holds(answer, &provider->unavailable_if))
		judge_set(outcome, VERDICT_UNAVAILABLE, "unavailable_if holds");
}

void
judge_conditions(const struct login *login, const struct answer *answer,
    struct login_outcome *outcome)
{
	const struct config_provider *provider = login->provider;
	bool is_hidden = judge_hide_secrets(login, answer, outcome);

	if (!answer->is_json)
		return;
	if (outcome->verdict == VERDICT_REJECTED ||
	    outcome->verdict == VERDICT_ACCEPTED)
		judge_sort(provider, answer, outcome);
	if (outcome->verdict != VERDICT_ACCEPTED && !is_hidden &&
	    provider->reject_message[0] != '\0')
		(void)json_copy_text(&answer->json, provider->reject_message,
		    outcome->message, sizeof(outcome->message));
}
