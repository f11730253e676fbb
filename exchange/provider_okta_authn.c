/* SPDX-License-Identifier: MIT */
#include "provider_okta_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A status from which a login goes on. */
struct okta_next_rule {
	const char *status;
	bool needs_state_token;
	enum extauth_err (*go_on)(struct login *login,
	    const struct answer *answer, struct step *ret_step,
	    struct extauth_error *error);
};

/* The session token is the proof: it comes with no other status. */
static enum extauth_err
okta_succeed(struct login *login, const struct answer *answer,
    struct step *ret_step, struct extauth_error *error)
{
	const struct okta_memory *memory = login->memory;
	struct login_outcome outcome = {0};

	(void)error;
	if (*answer_text(answer, "/sessionToken") == '\0')
		return okta_refuse(
		    login, answer, "SUCCESS without a session token", ret_step);
	if (!okta_is_asked(login, answer, true, &outcome))
		return okta_end(login, answer, &outcome, ret_step);
	step_verdict(ret_step, VERDICT_ACCEPTED, answer->status, memory->note);
	return EXTAUTH_OK;
}

static void
okta_note_days(struct okta_memory *memory, const struct answer *answer)
{
	int64_t days;

	if (json_number(&answer->json,
		"/_embedded/policy/expiration/passwordExpireDays", &days))
		(void)snprintf(memory->note, sizeof(memory->note),
		    "password expires in %" PRId64 " days", days);
	else
		(void)snprintf(memory->note, sizeof(memory->note),
		    "password expires soon");
}

/* A password that is about to expire keeps nobody out. */
static enum extauth_err
okta_skip(struct login *login, const struct answer *answer,
    struct step *ret_step, struct extauth_error *error)
{
	struct okta_memory *memory = login->memory;
	struct login_outcome outcome = {0};
	char url[OKTA_URL_BYTES] = "/api/v1/authn/skip";

	if (memory->has_skipped)
		return okta_refuse(
		    login, answer, "PASSWORD_WARN a second time", ret_step);
	memory->has_skipped = true;
	okta_note_days(memory, answer);
	if (!okta_take_link(login, answer, "/_links/skip/href", url, &outcome))
		return okta_end(login, answer, &outcome, ret_step);
	login->state = OKTA_AUTHN_SENT;
	return okta_state_step(login, url, ret_step, error);
}

static const struct okta_next_rule okta_next_rules[] = {
    {"SUCCESS", false, okta_succeed},
    {"PASSWORD_WARN", true, okta_skip},
    {"MFA_REQUIRED", true, okta_menu_judge},
    {"MFA_CHALLENGE", true, okta_factor_judge},
};

static enum extauth_err
okta_go_on(const struct okta_next_rule *rule, struct login *login,
    const struct answer *answer, struct step *ret_step,
    struct extauth_error *error)
{
	struct login_outcome outcome = {0};
	enum extauth_err err = EXTAUTH_OK;

	if (!okta_is_asked(login, answer, false, &outcome))
		return okta_end(login, answer, &outcome, ret_step);
	if (rule->needs_state_token)
		err = okta_take_state_token(login->memory, answer);
	if (err == EXTAUTH_NOTFOUND)
		return okta_refuse(
		    login, answer, "the answer holds no state token", ret_step);
	if (err != EXTAUTH_OK)
		return err;
	return rule->go_on(login, answer, ret_step, error);
}

enum extauth_err
okta_authn_judge(struct login *login, const struct answer *answer,
    struct step *ret_step, struct extauth_error *error)
{
	struct login_outcome outcome = {0};
	const char *status = answer_text(answer, "/status");
	size_t at;

	if (okta_judge_error(login, answer, &outcome))
		return okta_end(login, answer, &outcome, ret_step);
	for (at = 0; at < sizeof(okta_next_rules) / sizeof(*okta_next_rules);
	     at++)
		if (strcmp(okta_next_rules[at].status, status) == 0)
			return okta_go_on(&okta_next_rules[at], login, answer,
			    ret_step, error);
	okta_judge_state(answer, &outcome);
	return okta_end(login, answer, &outcome, ret_step);
}

enum extauth_err
okta_authn_take(struct login *login, const struct event *event,
    struct step *ret_step, struct extauth_error *error)
{
	cleanup_answer struct answer answer = {0};
	enum extauth_err err = answer_read(&event->response, &answer);

	if (err != EXTAUTH_OK)
		return err;
	return okta_authn_judge(login, &answer, ret_step, error);
}
