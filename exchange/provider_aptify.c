/* SPDX-License-Identifier: MIT */
#include "provider_aptify.h"

#include <stdio.h>
#include <string.h>

#include "oauth.h"
#include "provider_aptify_answer.h"
#include "text.h"

#define USERNAME_MAX_BYTES 1024
#define URL_MAX_BYTES 4096

/* login->state: what is waited for. */
enum aptify_state {
	APTIFY_LOGIN = 0,
	APTIFY_USER_INFORMATION,
	APTIFY_LOGOUT,
};

/* login->memory. */
struct aptify_memory {
	struct buffer username; /* lent to the login's request */
	struct secret token;
	char user_id[APTIFY_ID_BYTES]; /* "" if the login's answer had none */
	struct login_outcome outcome;  /* told when the session has ended */
};

static void
aptify_forget(void *memory)
{
	struct aptify_memory *one = memory;

	buffer_clear(&one->username);
	secret_clear(&one->token);
}

static enum draft_body
aptify_body(const struct config_provider *provider)
{
	if (provider->http_auth != CONFIG_AUTH_NONE)
		return DRAFT_NONE;
	switch (provider->login_by) {
	case CONFIG_LOGIN_FORM:
		return DRAFT_FORM;
	case CONFIG_LOGIN_QUERY:
		return DRAFT_NONE;
	case CONFIG_LOGIN_JSON:
		return DRAFT_JSON;
	}
	return DRAFT_FORM;
}

/* Begins a request to a path below `url`. */
static struct draft
aptify_draft(const struct login *login, enum draft_body body, const char *path)
{
	cleanup_buffer struct buffer url = buffer_make(URL_MAX_BYTES);
	struct draft draft;
	enum extauth_err err;

	err = buffer_append_text(&url, config_provider_base(login->provider));
	if (err == EXTAUTH_OK)
		err = buffer_append_text(&url, "/");
	if (err == EXTAUTH_OK)
		err = buffer_append_text(&url, path);
	draft = draft_make(body, buffer_text(&url));
	if (err != EXTAUTH_OK)
		draft.err = err;
	return draft;
}

static struct draft
aptify_login_draft(const struct login *login)
{
	const struct config_provider *provider = login->provider;
	const struct aptify_memory *memory = login->memory;
	struct draft draft =
	    aptify_draft(login, aptify_body(provider), provider->login_path);

	draft_segment(&draft, provider->login_provider);
	if (provider->http_auth != CONFIG_AUTH_NONE)
		return draft;
	draft_field(
	    &draft, provider->username_field, buffer_text(&memory->username));
	draft_password(&draft, provider->password_field, login->password);
	draft_configured_fields(&draft, login, &provider->fields);
	return draft;
}

/* Windows takes the password in a handshake, not in a field. */
static void
aptify_set_user(const struct login *login, struct step *step)
{
	const struct aptify_memory *memory = login->memory;

	step->request.username = buffer_text(&memory->username);
	step->request.password = login->password;
	step->request.bears_password = true;
	step->request.is_ntlm = login->provider->http_auth == CONFIG_AUTH_NTLM;
	step->masked.username = step->request.username;
	step->masked.is_ntlm = step->request.is_ntlm;
}

static enum extauth_err
aptify_start(
    struct login *login, struct step *ret_step, struct extauth_error *error)
{
	const struct config_provider *provider = login->provider;
	struct aptify_memory *memory = login->memory;
	cleanup_draft struct draft draft = {0};
	enum extauth_err err;

	memory->username = buffer_make(USERNAME_MAX_BYTES);
	err = login_username(login, &memory->username, error);
	if (err != EXTAUTH_OK)
		return err;
	login->state = APTIFY_LOGIN;
	draft = aptify_login_draft(login);
	err = draft_end(&draft, ret_step, error);
	if (err == EXTAUTH_OK && provider->http_auth != CONFIG_AUTH_NONE)
		aptify_set_user(login, ret_step);
	return err;
}

/* What stands in front of the token. */
static enum extauth_err
aptify_append_prefix(const char *login_provider, struct buffer *prefix,
    struct extauth_error *error)
{
	enum extauth_err err = escape_append(prefix, ESCAPE_HEADER,
	    login_provider, strlen(login_provider), error);

	return err == EXTAUTH_OK ? buffer_append_text(prefix, " ") : err;
}

/* A call that the token proves. */
static enum extauth_err
aptify_call(const struct login *login, const char *path, struct step *ret_step,
    struct extauth_error *error)
{
	const struct config_provider *provider = login->provider;
	const struct aptify_memory *memory = login->memory;
	cleanup_buffer struct buffer prefix = buffer_make(URL_MAX_BYTES);
	cleanup_draft struct draft draft =
	    aptify_draft(login, DRAFT_NONE, path);
	enum extauth_err err =
	    aptify_append_prefix(provider->login_provider, &prefix, error);

	if (err != EXTAUTH_OK)
		return err;
	draft_secret_header(&draft, "AptifyAuthorization", buffer_text(&prefix),
	    &memory->token);
	return draft_end(&draft, ret_step, error);
}

static bool
aptify_keeps_token(const struct login *login)
{
	const struct aptify_memory *memory = login->memory;

	return memory->outcome.verdict == VERDICT_ACCEPTED &&
	    *login->provider->export_token != '\0';
}

static enum extauth_err
aptify_conclude(const struct login *login, struct step *ret_step)
{
	const struct aptify_memory *memory = login->memory;
	cleanup_step struct step step = {.kind = STEP_VERDICT};
	enum extauth_err err = EXTAUTH_OK;

	step.outcome = memory->outcome;
	if (aptify_keeps_token(login))
		err = secret_set(&step.outcome.token,
		    secret_reveal(&memory->token), memory->token.length);
	if (err != EXTAUTH_OK)
		return err;
	*ret_step = step;
	step = (struct step){0};
	return EXTAUTH_OK;
}

/* Ends the session that the login opened, granted or not; then the verdict. */
static enum extauth_err
aptify_end(struct login *login, const struct login_outcome *outcome,
    struct step *ret_step, struct extauth_error *error)
{
	struct aptify_memory *memory = login->memory;
	const char *path = login->provider->logout_path;

	memory->outcome = *outcome;
	if (*path == '\0' || aptify_keeps_token(login))
		return aptify_conclude(login, ret_step);
	login->state = APTIFY_LOGOUT;
	return aptify_call(login, path, ret_step, error);
}

static enum extauth_err
aptify_after_login(struct login *login, const struct answer *answer,
    struct step *ret_step, struct extauth_error *error)
{
	struct aptify_memory *memory = login->memory;
	const char *path = login->provider->user_information_path;
	struct login_outcome outcome = {0};
	enum extauth_err err;
	bool is_asked;

	if (!aptify_is_logged_in(answer, &outcome)) {
		oauth_refuse(login, answer, &outcome, ret_step);
		return EXTAUTH_OK;
	}
	err = aptify_take_token(answer, &memory->token);
	if (err != EXTAUTH_OK)
		return err;
	is_asked = aptify_is_asked(login, answer, "", &outcome) &&
	    aptify_take_id(answer, "", memory->user_id, &outcome);
	if (is_asked)
		aptify_accept(answer, &outcome);
	else
		judge_conditions(login, answer, &outcome);
	if (!is_asked || *path == '\0')
		return aptify_end(login, &outcome, ret_step, error);
	memory->outcome = outcome;
	login->state = APTIFY_USER_INFORMATION;
	return aptify_call(login, path, ret_step, error);
}

static enum extauth_err
aptify_after_information(struct login *login, const struct answer *answer,
    struct step *ret_step, struct extauth_error *error)
{
	const struct aptify_memory *memory = login->memory;
	struct login_outcome outcome = {0};

	if (aptify_is_confirmed(login, answer, memory->user_id, &outcome))
		outcome = memory->outcome;
	else
		judge_conditions(login, answer, &outcome);
	return aptify_end(login, &outcome, ret_step, error);
}

/* How the logout went changes nothing but the log. */
static void
aptify_note_logout(const struct login *login, const struct event *event)
{
	struct aptify_memory *memory = login->memory;
	struct login_outcome *outcome = &memory->outcome;
	struct login_outcome before = *outcome;
	const char *separator = before.reason[0] != '\0' ? "; " : "";

	if (event->kind != EVENT_RESPONSE)
		text_print(outcome->reason, sizeof(outcome->reason),
		    "%s%slogout: %s", before.reason, separator,
		    event->failure.reason);
	else if (event->response.status < 200 || event->response.status > 299)
		text_print(outcome->reason, sizeof(outcome->reason),
		    "%s%slogout: status %u", before.reason, separator,
		    event->response.status);
}

static enum extauth_err
aptify_after_failure(struct login *login, const struct event *event,
    struct step *ret_step, struct extauth_error *error)
{
	struct login_outcome outcome = {0};

	machine_outcome_from_failure(&event->failure, &outcome);
	if (login->state == APTIFY_USER_INFORMATION)
		return aptify_end(login, &outcome, ret_step, error);
	ret_step->outcome = outcome;
	return EXTAUTH_OK;
}

static enum extauth_err
aptify_next(struct login *login, const struct event *event,
    struct step *ret_step, struct extauth_error *error)
{
	cleanup_answer struct answer answer = {0};
	enum extauth_err err;

	if (login->state == APTIFY_LOGOUT) {
		aptify_note_logout(login, event);
		return aptify_conclude(login, ret_step);
	}
	if (event->kind != EVENT_RESPONSE)
		return aptify_after_failure(login, event, ret_step, error);
	err = answer_read(&event->response, &answer);
	if (err != EXTAUTH_OK)
		return err;
	return login->state == APTIFY_LOGIN
	    ? aptify_after_login(login, &answer, ret_step, error)
	    : aptify_after_information(login, &answer, ret_step, error);
}

static enum extauth_err
aptify_rehearse(const struct login *login, struct buffer *answer)
{
	const char *id = login_value(login, PLACEHOLDER_USEREXTERNALID);
	const char *email = login_value(login, PLACEHOLDER_USEREMAIL);
	cleanup_draft struct draft draft = draft_make(DRAFT_JSON, "");
	cleanup_step struct step step = {0};
	struct extauth_error ignored;
	enum extauth_err err;

	draft_field(&draft, "UserId", *id != '\0' ? id : "1");
	draft_field(&draft, "UserName", email);
	draft_field(&draft, "Email", email);
	draft_field(&draft, "TokenId", "TOKEN");
	err = draft_end(&draft, &step, &ignored);
	if (err != EXTAUTH_OK)
		return err;
	return buffer_append(
	    answer, buffer_text(&step.request.body), step.request.body.length);
}

const struct provider *
provider_aptify(void)
{
	static const struct provider machine = {
	    .name = "aptify",
	    .memory_bytes = sizeof(struct aptify_memory),
	    .forget = aptify_forget,
	    .rehearse = aptify_rehearse,
	    .start = aptify_start,
	    .next = aptify_next,
	};

	return &machine;
}
