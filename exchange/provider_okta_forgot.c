/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "provider_okta.h"
#include "provider_okta_internal.h"

/* An answer after which the mail is on its way, as far as anybody may know. */
struct okta_sent_rule {
	unsigned status;
	const char *pointer;
	const char *value;
	const char *text; /* for the log */
};

/* clang-format off */
static const struct okta_sent_rule okta_sent_rules[] = {
    {200, "/status", "RECOVERY_CHALLENGE", ""},
    {200, "/status", "RECOVERY", ""},
    {403, "/errorCode", "E0000095", "E0000095: Okta does not know the user"},
};
/* clang-format on */

static enum extauth_err
okta_forgot_start(
    struct login *login, struct step *ret_step, struct extauth_error *error)
{
	cleanup_draft struct draft draft =
	    okta_draft(login, "/api/v1/authn/recovery/password");

	okta_trust(&draft, login);
	draft_username(&draft, "username", login);
	draft_field(&draft, "factorType", "EMAIL");
	return draft_end(&draft, ret_step, error);
}

static const struct okta_sent_rule *
okta_find_sent(const struct answer *answer)
{
	size_t at;

	for (at = 0; at < sizeof(okta_sent_rules) / sizeof(*okta_sent_rules);
	     at++) {
		const struct okta_sent_rule *rule = &okta_sent_rules[at];

		if (rule->status == answer->status &&
		    strcmp(answer_text(answer, rule->pointer), rule->value) ==
			0)
			return rule;
	}
	return NULL;
}

/* A refusal with status 200 would be read as a mail that was sent. */
static void
okta_forgot_judge(const struct login *login, const struct answer *answer,
    struct login_outcome *outcome)
{
	const struct okta_sent_rule *sent = okta_find_sent(answer);

	if (sent != NULL) {
		judge_set(outcome, VERDICT_REJECTED, "%s", sent->text);
		judge_set_mailed(outcome);
		return;
	}
	if (!okta_judge_error(login, answer, outcome))
		okta_judge_state(answer, outcome);
	judge_blame_client(outcome);
}

static enum extauth_err
okta_forgot_next(struct login *login, const struct event *event,
    struct step *ret_step, struct extauth_error *error)
{
	cleanup_answer struct answer answer = {0};
	enum extauth_err err = answer_take(event, &answer, ret_step);

	(void)error;
	if (err != EXTAUTH_OK || answer.response == NULL)
		return err;
	okta_forgot_judge(login, &answer, &ret_step->outcome);
	return EXTAUTH_OK;
}

const struct provider *
provider_okta_forgot(void)
{
	static const struct provider machine = {
	    .name = "okta forgot",
	    .start = okta_forgot_start,
	    .next = okta_forgot_next,
	};

	return &machine;
}
