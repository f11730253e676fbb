/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "oauth.h"
#include "provider_okta_internal.h"

#define GRANT_OTP "http://auth0.com/oauth/grant-type/mfa-otp"
#define GRANT_PUSH "http://auth0.com/oauth/grant-type/mfa-oob"
#define INTERVAL_S 5
#define INTERVAL_MAX_S 60
#define EXPIRES_S 300
#define SLOWER_MS 5000
#define POLLS_MAX 90
#define TEXT_MAX_BYTES 256
#define NUMBER_BYTES 16

/* Begins a request for tokens with what the password has earned. */
static struct draft
okta_direct_draft(const struct login *login, const char *grant_type)
{
	const struct okta_memory *memory = login->memory;
	struct draft draft =
	    oauth_draft(login, login->provider->token_url, grant_type);

	draft_secret_field(&draft, "mfa_token", &memory->mfa_token);
	if (login->provider->scope[0] != '\0')
		draft_field(&draft, "scope", login->provider->scope);
	return draft;
}

/* The challenge stands beside the token endpoint. */
static enum extauth_err
okta_push_step(
    struct login *login, struct step *ret_step, struct extauth_error *error)
{
	const char *token_url = login->provider->token_url;
	const char *name = strrchr(token_url, '/');
	const struct okta_memory *memory = login->memory;
	cleanup_buffer struct buffer url =
	    buffer_make(TEMPLATE_OUTPUT_MAX_BYTES);
	cleanup_draft struct draft draft = {0};
	enum extauth_err err;

	err = buffer_append(&url, token_url,
	    name != NULL ? (size_t)(name - token_url) : strlen(token_url));
	if (err == EXTAUTH_OK)
		err = buffer_append_text(&url, "/challenge");
	if (err != EXTAUTH_OK)
		return err;
	draft = oauth_draft(login, buffer_text(&url), NULL);
	draft_secret_field(&draft, "mfa_token", &memory->mfa_token);
	draft_field(&draft, "challenge_types_supported", GRANT_PUSH);
	draft_field(&draft, "channel_hint", "push");
	login->state = OKTA_PUSH_SENT;
	return draft_end(&draft, ret_step, error);
}

static enum extauth_err
okta_otp_step(struct login *login, const struct secret *code,
    struct step *ret_step, struct extauth_error *error)
{
	struct okta_memory *memory = login->memory;
	cleanup_draft struct draft draft = okta_direct_draft(login, GRANT_OTP);

	draft_secret_field(&draft, "otp", code);
	memory->codes++;
	login->state = OKTA_OTP_SENT;
	return draft_end(&draft, ret_step, error);
}

static bool
okta_can_push(const struct login *login)
{
	return (login->flags & LOGIN_HAS_CODE) == 0;
}

static enum extauth_err
okta_ask_otp(struct login *login, enum phrase prefix, struct step *ret_step)
{
	cleanup_buffer struct buffer text = buffer_make(TEXT_MAX_BYTES);
	enum extauth_err err;

	err = phrase_append(&text, login->phrases, prefix, NULL, NULL);
	if (err == EXTAUTH_OK)
		err = phrase_append(
		    &text, login->phrases, PHRASE_CODE_APP, NULL, NULL);
	if (err == EXTAUTH_OK && okta_can_push(login))
		err =
		    okta_append_choice(login, &text, PHRASE_ENTER_PHONE, NULL);
	if (err == EXTAUTH_OK)
		err = buffer_append_text(&text, ": ");
	if (err != EXTAUTH_OK)
		return err;
	login->state = OKTA_OTP_ASKED;
	return step_prompt(ret_step, true, buffer_text(&text));
}

enum extauth_err
okta_direct_judge(struct login *login, const struct answer *answer,
    struct step *ret_step, struct extauth_error *error)
{
	const char *token = answer_text(answer, "/mfa_token");
	struct okta_memory *memory = login->memory;
	struct login_outcome outcome = {0};
	enum extauth_err err =
	    secret_set(&memory->mfa_token, token, strlen(token));

	if (err != EXTAUTH_OK)
		return err;
	if ((login->flags & (LOGIN_HAS_CODE | LOGIN_CAN_ASK)) != 0)
		return okta_ask_otp(login, PHRASE_NOTHING, ret_step);
	if ((login->flags & LOGIN_CAN_WAIT) != 0)
		return okta_push_step(login, ret_step, error);
	judge_set(&outcome, VERDICT_SECOND_FACTOR_NEEDED,
	    "mfa_required: a second factor is needed");
	return okta_end(login, answer, &outcome, ret_step);
}

enum extauth_err
okta_direct_take_choice(struct login *login, const struct event *event,
    struct step *ret_step, struct extauth_error *error)
{
	cleanup_secret struct secret code = {0};
	enum extauth_err err = okta_read_code(&event->answer, &code);

	if (err != EXTAUTH_OK)
		return err;
	if (okta_can_push(login) &&
	    (code.length == 0 || okta_is_word(&code, "push")))
		return okta_push_step(login, ret_step, error);
	if (code.length > 0)
		return okta_otp_step(login, &code, ret_step, error);
	step_verdict(ret_step, VERDICT_REJECTED, 0, "no code was given");
	return EXTAUTH_OK;
}

enum extauth_err
okta_direct_take_otp(struct login *login, const struct event *event,
    struct step *ret_step, struct extauth_error *error)
{
	const struct okta_memory *memory = login->memory;
	cleanup_answer struct answer answer = {0};
	enum extauth_err err = answer_read(&event->response, &answer);

	(void)error;
	if (err != EXTAUTH_OK)
		return err;
	if (answer.status == 400 && okta_can_push(login) &&
	    memory->codes < OKTA_CODES_MAX &&
	    strcmp(answer_text(&answer, "/error"), "invalid_grant") == 0)
		return okta_ask_otp(login, PHRASE_WRONG, ret_step);
	return okta_token_judge(login, &answer, ret_step);
}

/* There is no clock: what was waited is counted. */
static enum extauth_err
okta_direct_wait(
    struct login *login, const struct answer *answer, struct step *ret_step)
{
	struct okta_memory *memory = login->memory;

	memory->waited_ms += memory->interval_ms;
	if (memory->waited_ms > memory->expires_ms)
		return okta_refuse(
		    login, answer, "not answered on the phone", ret_step);
	login->state = OKTA_PUSH_WAITING;
	step_wait(ret_step, memory->interval_ms);
	return EXTAUTH_OK;
}

/* Whole seconds, as milliseconds: from 1 to `most_s`. */
static uint32_t
okta_seconds(const struct answer *answer, const char *pointer, int64_t usual_s,
    int64_t most_s)
{
	int64_t seconds;

	if (!json_number(&answer->json, pointer, &seconds) || seconds < 1)
		seconds = usual_s;
	return (uint32_t)(seconds < most_s ? seconds : most_s) * 1000;
}

static void
okta_read_times(struct okta_memory *memory, const struct answer *answer)
{
	memory->interval_ms =
	    okta_seconds(answer, "/interval", INTERVAL_S, INTERVAL_MAX_S);
	memory->expires_ms =
	    okta_seconds(answer, "/expires_in", EXPIRES_S, EXPIRES_S);
	if (memory->expires_ms > POLLS_MAX * memory->interval_ms)
		memory->expires_ms = POLLS_MAX * memory->interval_ms;
}

static enum extauth_err
okta_show_number(
    struct login *login, const struct answer *answer, struct step *ret_step)
{
	struct login_outcome outcome = {0};
	char number[NUMBER_BYTES];

	if ((login->flags & LOGIN_CAN_ASK) == 0) {
		judge_set(&outcome, VERDICT_SECOND_FACTOR_NEEDED,
		    "a number is to be chosen on the phone, and nobody can be "
		    "told");
		return okta_end(login, answer, &outcome, ret_step);
	}
	if (!json_copy_id(
		&answer->json, "/binding_code", number, sizeof(number)))
		return okta_refuse(
		    login, answer, "the number is missing", ret_step);
	login->state = OKTA_PUSH_NUMBER_SHOWN;
	return okta_ask_number(login, answer, number, ret_step);
}

enum extauth_err
okta_direct_take_push(struct login *login, const struct event *event,
    struct step *ret_step, struct extauth_error *error)
{
	struct okta_memory *memory = login->memory;
	cleanup_answer struct answer answer = {0};
	enum extauth_err err = answer_read(&event->response, &answer);
	struct login_outcome outcome;
	const char *oob_code;

	(void)error;
	if (err != EXTAUTH_OK)
		return err;
	if (!oauth_is_answered(&answer, &outcome))
		return okta_token_judge(login, &answer, ret_step);
	oob_code = answer_text(&answer, "/oob_code");
	if (*oob_code == '\0')
		return okta_refuse(login, &answer,
		    "the phone cannot be asked: no oob_code", ret_step);
	err = secret_set(&memory->oob_code, oob_code, strlen(oob_code));
	if (err != EXTAUTH_OK)
		return err;
	okta_read_times(memory, &answer);
	if (strcmp(answer_text(&answer, "/binding_method"), "transfer") == 0)
		return okta_show_number(login, &answer, ret_step);
	return okta_direct_wait(login, &answer, ret_step);
}

enum extauth_err
okta_direct_poll(struct login *login, const struct event *event,
    struct step *ret_step, struct extauth_error *error)
{
	const struct okta_memory *memory = login->memory;
	cleanup_draft struct draft draft = okta_direct_draft(login, GRANT_PUSH);
	enum extauth_err err;

	(void)event;
	draft_secret_field(&draft, "oob_code", &memory->oob_code);
	err = draft_end(&draft, ret_step, error);
	if (err != EXTAUTH_OK)
		return err;
	login->state = OKTA_PUSH_POLL_SENT;
	ret_step->request.is_poll = true;
	ret_step->masked.is_poll = true;
	return EXTAUTH_OK;
}

/* RFC 8628 3.5 has the same two. */
enum extauth_err
okta_direct_take_poll(struct login *login, const struct event *event,
    struct step *ret_step, struct extauth_error *error)
{
	struct okta_memory *memory = login->memory;
	cleanup_answer struct answer answer = {0};
	enum extauth_err err = answer_read(&event->response, &answer);
	const char *code;

	(void)error;
	if (err != EXTAUTH_OK)
		return err;
	code = answer.status == 400 ? answer_text(&answer, "/error") : "";
	if (strcmp(code, "slow_down") == 0)
		memory->interval_ms += SLOWER_MS;
	if (strcmp(code, "slow_down") == 0 ||
	    strcmp(code, "authorization_pending") == 0)
		return okta_direct_wait(login, &answer, ret_step);
	return okta_token_judge(login, &answer, ret_step);
}
