/* SPDX-License-Identifier: MIT */
#include "provider_pingone.h"

#include <stdio.h>
#include <string.h>

#include "person.h"
#include "provider_pingone_error.h"
#include "provider_pingone_user.h"

#define CHECK "application/vnd.pingidentity.password.check+json"
#define POINTER_BYTES 48

/* What a user that was found may say of himself, if he says it at all. */
struct pingone_state_rule {
	const char *name;
	const char *wanted; /* NULL: the truth value true */
	const char *reason;
};

static const struct pingone_state_rule pingone_state_rules[] = {
    {"enabled", NULL, "the user is disabled"},
    {"lifecycle/status", "ACCOUNT_OK", "the account is not set up"},
    {"account/status", "OK", "the account is locked"},
};

static bool
pingone_state_is(const struct answer *answer, const char *pointer,
    const struct pingone_state_rule *rule)
{
	if (!json_has(&answer->json, pointer))
		return true;
	if (rule->wanted == NULL)
		return json_is_true(&answer->json, pointer);
	return strcmp(answer_text(answer, pointer), rule->wanted) == 0;
}

/* The password of a user who may not log in is not sent. */
static bool
pingone_is_usable(
    const struct answer *answer, size_t user, struct login_outcome *outcome)
{
	char pointer[POINTER_BYTES];
	size_t at;

	for (at = 0;
	     at < sizeof(pingone_state_rules) / sizeof(*pingone_state_rules);
	     at++) {
		const struct pingone_state_rule *rule =
		    &pingone_state_rules[at];

		(void)snprintf(pointer, sizeof(pointer),
		    "/_embedded/users/%zu/%s", user, rule->name);
		if (pingone_state_is(answer, pointer, rule))
			continue;
		judge_set(outcome, VERDICT_LOCKED, "%s", rule->reason);
		return false;
	}
	return true;
}

static enum extauth_err
pingone_check_step(
    struct login *login, struct step *ret_step, struct extauth_error *error)
{
	cleanup_draft struct draft draft = pingone_password_draft(login, CHECK);

	draft_password(&draft, "password", login->password);
	login->state = PINGONE_PASSWORD;
	return draft_end(&draft, ret_step, error);
}

static enum extauth_err
pingone_check_user(struct login *login, const struct answer *answer,
    struct step *ret_step, struct extauth_error *error)
{
	struct login_outcome outcome = {0};
	size_t user = 0;

	if (pingone_take_user(login, answer, &user, &outcome) ==
		PINGONE_FOUND &&
	    pingone_is_usable(answer, user, &outcome))
		return pingone_check_step(login, ret_step, error);
	oauth_refuse(login, answer, &outcome, ret_step);
	return EXTAUTH_OK;
}

/* A password that was right for somebody else is none. The answer need not tell
 * whose it was; what it tells must be right. */
static bool
pingone_is_same_user(const struct login *login, const struct answer *answer)
{
	const struct pingone_memory *memory = login->memory;
	struct login_outcome ignored = {0};

	if (json_has(&answer->json, "/user/id") &&
	    strcmp(answer_text(answer, "/user/id"), memory->user_id) != 0)
		return false;
	return !json_has(&answer->json, "/email") ||
	    person_is_named(
		login, &answer->json, "/email", CONFIG_IS_EMAIL, &ignored);
}

static void
pingone_judge_check(const struct login *login, const struct answer *answer,
    struct login_outcome *outcome)
{
	if (pingone_judge(answer, outcome))
		return;
	if (!pingone_is_same_user(login, answer))
		judge_set(outcome, VERDICT_REJECTED,
		    "the answer is about somebody else");
	else if (strcmp(answer_text(answer, "/status"), "OK") == 0)
		judge_set(outcome, VERDICT_ACCEPTED, "%s", "");
	else
		(void)pingone_judge_code(answer, outcome);
}

static enum extauth_err
pingone_next_answer(struct login *login, const struct answer *answer,
    struct step *ret_step, struct extauth_error *error)
{
	struct login_outcome outcome = {0};

	if (login->state == PINGONE_TOKEN)
		return pingone_ask_user(login, answer, ret_step, error);
	if (login->state == PINGONE_USER)
		return pingone_check_user(login, answer, ret_step, error);
	pingone_judge_check(login, answer, &outcome);
	if (outcome.verdict == VERDICT_ACCEPTED)
		ret_step->outcome = outcome;
	else
		oauth_refuse(login, answer, &outcome, ret_step);
	return EXTAUTH_OK;
}

static enum extauth_err
pingone_next(struct login *login, const struct event *event,
    struct step *ret_step, struct extauth_error *error)
{
	cleanup_answer struct answer answer = {0};
	enum extauth_err err = answer_take(event, &answer, ret_step);

	if (err != EXTAUTH_OK || answer.response == NULL)
		return err;
	return pingone_next_answer(login, &answer, ret_step, error);
}

const struct provider *
provider_pingone(void)
{
	static const struct provider machine = {
	    .name = "pingone",
	    .memory_bytes = sizeof(struct pingone_memory),
	    .forget = pingone_forget,
	    .rehearse = pingone_rehearse,
	    .start = pingone_start,
	    .next = pingone_next,
	};

	return &machine;
}
