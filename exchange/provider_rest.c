/* SPDX-License-Identifier: MIT */
#include "provider_rest.h"

#include "json.h"
#include "text.h"

/* What is judged: the answer, as JSON if it is that. */
struct rest_answer {
	const struct response *response;
	struct json json;
	bool is_json;
};

static enum extauth_err
rest_start(
    struct login *login, struct step *ret_step, struct extauth_error *error)
{
	cleanup_step struct step step = {.kind = STEP_REQUEST};
	cleanup_secret struct secret mask = {0};
	enum extauth_err err;

	err = request_build(login->provider, login->values, login->password,
	    &step.request, error);
	if (err == EXTAUTH_OK)
		err = request_build(
		    login->provider, login->masked, &mask, &step.masked, error);
	if (err != EXTAUTH_OK)
		return err;
	step.masked.password = NULL;
	*ret_step = step;
	step = (struct step){0};
	return EXTAUTH_OK;
}

static bool
rest_any_holds(const struct rest_answer *answer,
    const struct config_conditions *conditions)
{
	size_t at;

	for (at = 0; at < conditions->count; at++)
		if (answer->is_json &&
		    json_condition_holds(&answer->json, &conditions->items[at]))
			return true;
	return false;
}

static bool
rest_has_conditions(const struct config_provider *provider)
{
	return provider->accept_if.count + provider->expired_if.count +
	    provider->locked_if.count + provider->second_factor_if.count +
	    provider->unavailable_if.count >
	    0;
}

/* Only called for an accepted status. */
static void
rest_judge_accepted(const struct config_provider *provider,
    const struct rest_answer *answer, struct login_outcome *outcome)
{
	size_t at;

	if (rest_has_conditions(provider) && !answer->is_json) {
		outcome->verdict = VERDICT_REJECTED;
		text_print(outcome->reason, sizeof(outcome->reason),
		    "the answer is not JSON");
		return;
	}
	for (at = 0; at < provider->accept_if.count; at++) {
		const struct condition *condition =
		    &provider->accept_if.items[at];

		if (json_condition_holds(&answer->json, condition))
			continue;
		outcome->verdict = VERDICT_REJECTED;
		text_print(outcome->reason, sizeof(outcome->reason),
		    "accept_if %s does not hold", condition->pointer);
		return;
	}
}

static void
rest_mark(const struct rest_answer *answer,
    const struct config_conditions *conditions, enum verdict verdict,
    const char *key, struct login_outcome *outcome)
{
	if (outcome->verdict != VERDICT_REJECTED &&
	    outcome->verdict != VERDICT_ACCEPTED)
		return;
	if (!rest_any_holds(answer, conditions))
		return;
	outcome->verdict = verdict;
	text_print(outcome->reason, sizeof(outcome->reason), "%s holds", key);
}

static void
rest_sort(const struct config_provider *provider,
    const struct rest_answer *answer, struct login_outcome *outcome)
{
	rest_mark(answer, &provider->expired_if, VERDICT_EXPIRED, "expired_if",
	    outcome);
	rest_mark(
	    answer, &provider->locked_if, VERDICT_LOCKED, "locked_if", outcome);
	rest_mark(answer, &provider->second_factor_if,
	    VERDICT_SECOND_FACTOR_NEEDED, "second_factor_if", outcome);
	rest_mark(answer, &provider->unavailable_if, VERDICT_UNAVAILABLE,
	    "unavailable_if", outcome);
}

static void
rest_give_reason(const struct response *response, struct login_outcome *outcome)
{
	const char *what = NULL;

	if (outcome->reason[0] != '\0' || outcome->verdict == VERDICT_ACCEPTED)
		return;
	if (outcome->verdict == VERDICT_MISCONFIGURED)
		what = "the URL or method is wrong";
	else if (outcome->verdict == VERDICT_THROTTLED)
		what = "too many requests";
	text_print(outcome->reason, sizeof(outcome->reason),
	    "status %u%s%s%s%s", response->status, what != NULL ? ": " : "",
	    what != NULL ? what : "",
	    response->retry_after[0] != '\0' ? ", retry after " : "",
	    response->retry_after);
}

static void
rest_judge(const struct config_provider *provider,
    const struct rest_answer *answer, struct login_outcome *outcome)
{
	unsigned status = answer->response->status;

	outcome->http_status = status;
	outcome->verdict = verdict_from_status(status,
	    provider->accept_status.items, provider->accept_status.count);
	if (outcome->verdict == VERDICT_ACCEPTED)
		rest_judge_accepted(provider, answer, outcome);
	rest_sort(provider, answer, outcome);
	rest_give_reason(answer->response, outcome);
	if (outcome->verdict != VERDICT_ACCEPTED && answer->is_json &&
	    provider->reject_message != NULL &&
	    provider->reject_message[0] != '\0')
		(void)json_copy_text(&answer->json, provider->reject_message,
		    outcome->message, sizeof(outcome->message));
}

static enum extauth_err
rest_next(struct login *login, const struct event *event, struct step *ret_step,
    struct extauth_error *error)
{
	struct rest_answer answer = {.response = &event->response};
	struct step step = {.kind = STEP_VERDICT};
	const struct buffer *body = &event->response.body;
	enum extauth_err err;

	if (event->kind != EVENT_RESPONSE) {
		machine_outcome_from_failure(&event->failure, &step.outcome);
		*ret_step = step;
		return EXTAUTH_OK;
	}
	err = json_parse(buffer_text(body), body->length, &answer.json, error);
	if (err == EXTAUTH_NOMEM)
		return err;
	answer.is_json = err == EXTAUTH_OK;
	rest_judge(login->provider, &answer, &step.outcome);
	json_clear(&answer.json);
	*ret_step = step;
	return EXTAUTH_OK;
}

const struct provider *
provider_rest(void)
{
	static const struct provider machine = {
	    .name = "rest",
	    .start = rest_start,
	    .next = rest_next,
	};

	return &machine;
}
