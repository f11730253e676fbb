/* SPDX-License-Identifier: MIT */
#include "provider_oauth2.h"

#include <stdlib.h>
#include <string.h>

#include "provider_oauth2_internal.h"

struct login
oauth2_login(const struct login *login)
{
	const struct oauth2_memory *memory = login->memory;
	struct login lent = *login;

	lent.provider = &memory->provider;
	return lent;
}

static bool
oauth2_is_device(const struct login *login)
{
	return login->provider->grant == CONFIG_GRANT_DEVICE;
}

enum extauth_err
oauth2_begin_grant(
    struct login *login, struct step *ret_step, struct extauth_error *error)
{
	const struct login lent = oauth2_login(login);

	if (oauth2_is_device(login))
		return oauth2_begin_device(login, ret_step, error);
	login->state = OAUTH2_TOKEN;
	return oauth_password_step(&lent, ret_step, error);
}

static enum extauth_err
oauth2_start(
    struct login *login, struct step *ret_step, struct extauth_error *error)
{
	struct oauth2_memory *memory = login->memory;

	memory->provider = *login->provider;
	if (oauth2_is_device(login) &&
	    (login->flags & (LOGIN_CAN_ASK | LOGIN_DRY_RUN)) == 0) {
		step_verdict(ret_step, VERDICT_SECOND_FACTOR_NEEDED, 0,
		    "the service cannot show a code");
		return EXTAUTH_OK;
	}
	if (oauth2_needs_discovery(login))
		return oauth2_begin_discovery(login, ret_step, error);
	return oauth2_begin_grant(login, ret_step, error);
}

/* Accepts if the claims are about the asked user. */
static enum extauth_err
oauth2_compare(const struct login *login, const struct answer *answer,
    const struct json *claims, struct step *ret_step)
{
	const struct oauth2_memory *memory = login->memory;
	struct login_outcome outcome = {.http_status = answer->status};

	if (oauth_is_asked(login, claims, &outcome))
		return oauth_accept(
		    login, &memory->tokens, answer->status, ret_step);
	oauth_refuse(login, answer, &outcome, ret_step);
	return EXTAUTH_OK;
}

static bool
oauth2_read_claims(const struct login *login, struct json *ret_claims,
    struct login_outcome *outcome)
{
	const struct oauth2_memory *memory = login->memory;
	const char *issuer = login->provider->issuer;

	return oauth_read_claims(login, &memory->tokens.id_token,
	    *issuer != '\0' ? issuer : NULL, ret_claims, outcome);
}

static enum extauth_err
oauth2_ask_userinfo(
    struct login *login, struct step *ret_step, struct extauth_error *error)
{
	const struct oauth2_memory *memory = login->memory;
	const struct login lent = oauth2_login(login);

	login->state = OAUTH2_USERINFO;
	return oauth_userinfo_step(
	    &lent, &memory->tokens.access_token, ret_step, error);
}

/* An id_token may hold no more than sub: the rest is then in userinfo. OpenID
 * Connect Core 5.4. */
static bool
oauth2_is_elsewhere(const struct login *login, const struct json *claims)
{
	const struct oauth2_memory *memory = login->memory;

	return login->provider->identity_from == CONFIG_FROM_AUTO &&
	    memory->provider.userinfo_url[0] != '\0' &&
	    !json_has(claims, login->provider->identity);
}

static enum extauth_err
oauth2_look_at_id_token(struct login *login, const struct answer *answer,
    struct step *ret_step, struct extauth_error *error)
{
	struct login_outcome outcome = {.http_status = answer->status};
	cleanup_json struct json claims = {0};

	if (!oauth2_read_claims(login, &claims, &outcome)) {
		oauth_refuse(login, answer, &outcome, ret_step);
		return EXTAUTH_OK;
	}
	if (oauth2_is_elsewhere(login, &claims))
		return oauth2_ask_userinfo(login, ret_step, error);
	return oauth2_compare(login, answer, &claims, ret_step);
}

static enum config_identity_from
oauth2_source(const struct login *login)
{
	const struct oauth2_memory *memory = login->memory;
	const struct config_provider *provider = &memory->provider;

	if (provider->identity_from != CONFIG_FROM_AUTO)
		return provider->identity_from;
	if (memory->tokens.id_token.length > 0)
		return CONFIG_FROM_ID_TOKEN;
	if (provider->userinfo_url[0] != '\0')
		return CONFIG_FROM_USERINFO;
	if (provider->introspection_url[0] != '\0')
		return CONFIG_FROM_INTROSPECTION;
	return CONFIG_FROM_AUTO;
}

/* Goes on with the tokens in memory. */
static enum extauth_err
oauth2_find_person(struct login *login, const struct answer *answer,
    struct step *ret_step, struct extauth_error *error)
{
	const struct oauth2_memory *memory = login->memory;
	const struct login lent = oauth2_login(login);

	switch (oauth2_source(login)) {
	case CONFIG_FROM_ID_TOKEN:
		return oauth2_look_at_id_token(login, answer, ret_step, error);
	case CONFIG_FROM_USERINFO:
		return oauth2_ask_userinfo(login, ret_step, error);
	case CONFIG_FROM_INTROSPECTION:
		login->state = OAUTH2_INTROSPECTION;
		return oauth_introspection_step(
		    &lent, &memory->tokens.access_token, ret_step, error);
	case CONFIG_FROM_NOWHERE:
		if (!oauth2_is_device(login))
			return oauth_accept(
			    login, &memory->tokens, answer->status, ret_step);
		break;
	case CONFIG_FROM_AUTO:
		break;
	}
	step_verdict(ret_step, VERDICT_MISCONFIGURED, answer->status,
	    "nothing says whose token it is: write openid into scope, or "
	    "userinfo_url or introspection_url");
	return EXTAUTH_OK;
}

enum extauth_err
oauth2_take_tokens(struct login *login, const struct answer *answer,
    struct step *ret_step, struct extauth_error *error)
{
	struct oauth2_memory *memory = login->memory;
	struct login_outcome outcome;

	if (oauth_take_tokens(answer, &memory->tokens, &outcome))
		return oauth2_find_person(login, answer, ret_step, error);
	oauth_refuse(login, answer, &outcome, ret_step);
	return EXTAUTH_OK;
}

/* What another user's token could be mixed in with: the two must be about one
 * subject. OpenID Connect Core 5.3.2. */
static bool
oauth2_is_one_subject(const struct login *login, const struct answer *answer,
    struct login_outcome *outcome)
{
	const struct oauth2_memory *memory = login->memory;
	cleanup_json struct json claims = {0};
	const char *subject;

	if (memory->tokens.id_token.length == 0)
		return true;
	if (!oauth2_read_claims(login, &claims, outcome))
		return false;
	subject = json_string(&claims, "/sub");
	if (subject != NULL &&
	    strcmp(subject, answer_text(answer, "/sub")) == 0)
		return true;
	judge_set(outcome, VERDICT_REJECTED,
	    "userinfo is about another subject than the id_token");
	return false;
}

static enum extauth_err
oauth2_take_userinfo(struct login *login, const struct answer *answer,
    struct step *ret_step, struct extauth_error *error)
{
	struct login_outcome outcome;

	(void)error;
	if (oauth_is_answered(answer, &outcome) &&
	    oauth2_is_one_subject(login, answer, &outcome))
		return oauth2_compare(login, answer, &answer->json, ret_step);
	oauth_refuse(login, answer, &outcome, ret_step);
	return EXTAUTH_OK;
}

static enum extauth_err
oauth2_take_introspection(struct login *login, const struct answer *answer,
    struct step *ret_step, struct extauth_error *error)
{
	struct login_outcome outcome;

	(void)error;
	if (!oauth_is_answered(answer, &outcome))
		oauth_judge_client(answer, &outcome);
	else if (json_is_true(&answer->json, "/active"))
		return oauth2_compare(login, answer, &answer->json, ret_step);
	else
		judge_set(
		    &outcome, VERDICT_REJECTED, "the token is not active");
	oauth_refuse(login, answer, &outcome, ret_step);
	return EXTAUTH_OK;
}

static enum extauth_err
oauth2_take(struct login *login, const struct answer *answer,
    struct step *ret_step, struct extauth_error *error)
{
	switch ((enum oauth2_state)login->state) {
	case OAUTH2_DISCOVERY:
		return oauth2_take_discovery(login, answer, ret_step, error);
	case OAUTH2_TOKEN:
		return oauth2_take_tokens(login, answer, ret_step, error);
	case OAUTH2_USERINFO:
		return oauth2_take_userinfo(login, answer, ret_step, error);
	case OAUTH2_INTROSPECTION:
		return oauth2_take_introspection(
		    login, answer, ret_step, error);
	case OAUTH2_DEVICE_AUTHORIZATION:
		return oauth2_take_device(login, answer, ret_step, error);
	case OAUTH2_DEVICE_POLL:
		return oauth2_take_poll(login, answer, ret_step, error);
	case OAUTH2_DEVICE_PERSON:
		break;
	}
	return error_set(error, EXTAUTH_SYSTEM, "an answer to no request");
}

static enum extauth_err
oauth2_next(struct login *login, const struct event *event,
    struct step *ret_step, struct extauth_error *error)
{
	cleanup_answer struct answer answer = {0};
	enum extauth_err err;

	if (login->state == OAUTH2_DEVICE_PERSON)
		return oauth2_poll(login, ret_step, error);
	if (event->kind != EVENT_RESPONSE &&
	    login->state == OAUTH2_DEVICE_POLL) {
		oauth2_take_lost_poll(login, ret_step);
		return EXTAUTH_OK;
	}
	err = answer_take(event, &answer, ret_step);
	if (err != EXTAUTH_OK || answer.response == NULL)
		return err;
	return oauth2_take(login, &answer, ret_step, error);
}

static void
oauth2_forget(void *at)
{
	struct oauth2_memory *memory = at;
	size_t which;

	oauth_tokens_clear(&memory->tokens);
	secret_clear(&memory->device.code);
	for (which = 0; which < OAUTH2_ENDPOINT_COUNT; which++)
		free(memory->found[which]);
}

const struct provider *
provider_oauth2(void)
{
	static const struct provider machine = {
	    .name = "oauth2",
	    .memory_bytes = sizeof(struct oauth2_memory),
	    .forget = oauth2_forget,
	    .rehearse = oauth2_rehearse,
	    .start = oauth2_start,
	    .next = oauth2_next,
	};

	return &machine;
}
