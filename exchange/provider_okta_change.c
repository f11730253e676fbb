/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "provider_okta.h"
#include "provider_okta_internal.h"

#define CAUSE "/errorCauses/0/errorSummary"

/* A status of the old password's answer after which it can be changed. */
static const char *const okta_changeable[] = {
    "PASSWORD_EXPIRED",
    "PASSWORD_WARN",
};

/* What an error of a change means; `cause` begins its first cause, letters
 * counting without case. The first that fits counts. */
struct okta_change_rule {
	const char *code;
	const char *cause;
	enum verdict verdict;
	const char *text;
};

#define OLD_WRONG "the old password is wrong"
#define NEW_REFUSED "the new password is against the policy"

static const struct okta_change_rule okta_change_rules[] = {
    {"E0000014", "oldpassword", VERDICT_REJECTED, OLD_WRONG},
    {"E0000014", "old password", VERDICT_REJECTED, OLD_WRONG},
    {"E0000014", "", VERDICT_DENIED_BY_POLICY, NEW_REFUSED},
    {"E0000080", "", VERDICT_DENIED_BY_POLICY, NEW_REFUSED},
    {"E0000001", "password", VERDICT_DENIED_BY_POLICY, NEW_REFUSED},
    {"E0000001", "newpassword", VERDICT_DENIED_BY_POLICY, NEW_REFUSED},
};

static enum extauth_err
okta_trusted_step(
    struct login *login, struct step *ret_step, struct extauth_error *error)
{
	cleanup_buffer struct buffer username =
	    buffer_make(TEMPLATE_OUTPUT_MAX_BYTES);
	cleanup_draft struct draft draft = {0};
	enum extauth_err err = login_username(login, &username, error);

	if (err != EXTAUTH_OK)
		return err;
	draft = okta_draft(login, "/api/v1/users");
	draft_segment(&draft, buffer_text(&username));
	draft_segment(&draft, "credentials");
	draft_segment(&draft, "change_password");
	okta_trust(&draft, login);
	draft_open(&draft, "oldPassword");
	draft_password(&draft, "value", login->password);
	draft_close(&draft);
	draft_open(&draft, "newPassword");
	draft_secret_field(&draft, "value", login->new_password);
	draft_close(&draft);
	login->state = OKTA_CHANGE_SENT;
	return draft_end(&draft, ret_step, error);
}

static enum extauth_err
okta_change_start(
    struct login *login, struct step *ret_step, struct extauth_error *error)
{
	return login->api_token->length > 0
	    ? okta_trusted_step(login, ret_step, error)
	    : okta_authn_step(login, ret_step, error);
}

static enum extauth_err
okta_change_step(struct login *login, const char *url, struct step *ret_step,
    struct extauth_error *error)
{
	cleanup_draft struct draft draft = okta_state_draft(login, url);

	draft_password(&draft, "oldPassword", login->password);
	draft_secret_field(&draft, "newPassword", login->new_password);
	login->state = OKTA_CHANGE_SENT;
	return draft_end(&draft, ret_step, error);
}

static bool
okta_is_changeable(const char *status)
{
	size_t at;

	for (at = 0; at < sizeof(okta_changeable) / sizeof(*okta_changeable);
	     at++)
		if (strcmp(okta_changeable[at], status) == 0)
			return true;
	return false;
}

/* The old password is right, or it ends here. */
static enum extauth_err
okta_change_judge_old(struct login *login, const struct answer *answer,
    struct step *ret_step, struct extauth_error *error)
{
	struct login_outcome outcome = {0};
	const char *status = answer_text(answer, "/status");
	char url[OKTA_URL_BYTES] = "/api/v1/authn/credentials/change_password";
	enum extauth_err err;

	if (okta_judge_error(login, answer, &outcome))
		return okta_end(login, answer, &outcome, ret_step);
	if (strcmp(status, "SUCCESS") == 0)
		judge_set(&outcome, VERDICT_MISCONFIGURED,
		    "Okta changes a password that has not expired only with "
		    "api_token_file");
	else if (!okta_is_changeable(status))
		okta_judge_state(answer, &outcome);
	else if (okta_is_asked(login, answer, false, &outcome) &&
	    okta_take_link(login, answer, "/_links/next/href", url, &outcome)) {
		err = okta_take_state_token(login->memory, answer);
		if (err == EXTAUTH_OK)
			return okta_change_step(login, url, ret_step, error);
		if (err != EXTAUTH_NOTFOUND)
			return err;
		judge_set(&outcome, VERDICT_REJECTED,
		    "the answer holds no state token");
	}
	return okta_end(login, answer, &outcome, ret_step);
}

static bool
okta_begins(const char *text, const char *prefix)
{
	size_t at;

	for (at = 0; prefix[at] != '\0'; at++) {
		char letter = text[at];

		if (letter >= 'A' && letter <= 'Z')
			letter = (char)(letter - 'A' + 'a');
		if (letter != prefix[at])
			return false;
	}
	return true;
}

static const struct okta_change_rule *
okta_find_change(const struct answer *answer)
{
	const size_t count =
	    sizeof(okta_change_rules) / sizeof(*okta_change_rules);
	const char *code = okta_error_code(answer);
	const char *cause = answer_text(answer, CAUSE);
	size_t at;

	for (at = 0; at < count; at++)
		if (strcmp(okta_change_rules[at].code, code) == 0 &&
		    okta_begins(cause, okta_change_rules[at].cause))
			return &okta_change_rules[at];
	return NULL;
}

/* A server may repeat what it was sent. */
static void
okta_tell_cause(const struct login *login, const struct answer *answer,
    struct login_outcome *outcome)
{
	const char *cause = answer_text(answer, CAUSE);

	if (strstr(cause, secret_reveal(login->new_password)) == NULL &&
	    strstr(cause, secret_reveal(login->password)) == NULL)
		(void)json_copy_text(&answer->json, CAUSE, outcome->message,
		    sizeof(outcome->message));
}

/* Returns false if nothing is known against the change. */
static bool
okta_judge_change(const struct login *login, const struct answer *answer,
    struct login_outcome *outcome)
{
	const struct okta_change_rule *rule = okta_find_change(answer);

	if (!okta_judge_error(login, answer, outcome))
		return false;
	if (rule == NULL || answer->status < 400 ||
	    judge_status(answer, outcome))
		return true;
	judge_set(outcome, rule->verdict, "%s: %s", rule->code, rule->text);
	if (rule->verdict == VERDICT_DENIED_BY_POLICY)
		okta_tell_cause(login, answer, outcome);
	return true;
}

/* With an API token the answer holds the credentials, else a status. */
static bool
okta_is_changed(struct login *login, const struct answer *answer,
    struct login_outcome *outcome)
{
	const char *status = answer_text(answer, "/status");

	if (login->api_token->length > 0 &&
	    (json_is_object(&answer->json, "/password") ||
		json_is_object(&answer->json, "/provider")))
		return true;
	if (login->api_token->length == 0 && strcmp(status, "SUCCESS") == 0)
		return okta_is_asked(login, answer, false, outcome);
	okta_judge_state(answer, outcome);
	return false;
}

static enum extauth_err
okta_change_judge_new(
    struct login *login, const struct answer *answer, struct step *ret_step)
{
	struct login_outcome outcome = {0};

	if (okta_judge_change(login, answer, &outcome) ||
	    !okta_is_changed(login, answer, &outcome))
		return okta_end(login, answer, &outcome, ret_step);
	step_verdict(ret_step, VERDICT_ACCEPTED, answer->status, "");
	return EXTAUTH_OK;
}

static enum extauth_err
okta_change_next(struct login *login, const struct event *event,
    struct step *ret_step, struct extauth_error *error)
{
	cleanup_answer struct answer answer = {0};
	enum extauth_err err = answer_take(event, &answer, ret_step);

	if (err != EXTAUTH_OK || answer.response == NULL)
		return err;
	return login->state == OKTA_CHANGE_SENT
	    ? okta_change_judge_new(login, &answer, ret_step)
	    : okta_change_judge_old(login, &answer, ret_step, error);
}

static enum extauth_err
okta_change_rehearse(const struct login *login, struct buffer *answer)
{
	return okta_rehearse_state(login,
	    login->state == OKTA_CHANGE_SENT ? "SUCCESS" : "PASSWORD_EXPIRED",
	    answer);
}

const struct provider *
provider_okta_change(void)
{
	static const struct provider machine = {
	    .name = "okta change",
	    .memory_bytes = sizeof(struct okta_memory),
	    .forget = okta_forget,
	    .rehearse = okta_change_rehearse,
	    .start = okta_change_start,
	    .next = okta_change_next,
	};

	return &machine;
}
