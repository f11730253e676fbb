/* SPDX-License-Identifier: MIT */
#include "provider_rest.h"

#include "connection.h"
#include "judge.h"
#include "oauth.h"
#include "person.h"

enum rest_state {
	REST_LOGIN = 0,
	REST_CONNECTION,
};

struct rest_memory {
	struct connection connection;
};

static void
rest_forget(void *memory)
{
	struct rest_memory *rest = memory;

	connection_clear(&rest->connection);
}

/* The login's own request, with the values of the connection where there is
 * one. */
static enum extauth_err
rest_ask(struct login *login, const struct template_values *values,
    const struct template_values *masked, struct step *ret_step,
    struct extauth_error *error)
{
	cleanup_step struct step step = {.kind = STEP_REQUEST};
	cleanup_secret struct secret mask = {0};
	enum extauth_err err;

	err = request_build(
	    login->provider, values, login->password, &step.request, error);
	if (err == EXTAUTH_OK)
		err = request_build(
		    login->provider, masked, &mask, &step.masked, error);
	if (err != EXTAUTH_OK)
		return err;
	step.masked.password = NULL;
	login->state = REST_LOGIN;
	*ret_step = step;
	step = (struct step){0};
	return EXTAUTH_OK;
}

static enum extauth_err
rest_connect(
    struct login *login, struct step *ret_step, struct extauth_error *error)
{
	cleanup_step struct step step = {.kind = STEP_REQUEST};
	enum extauth_err err;

	login->state = REST_CONNECTION;
	if (login->provider->connection == CONFIG_CONNECTION_CLIENT_CREDENTIALS)
		return oauth_client_step(login, ret_step, error);
	err = request_build_connection(
	    login->provider, login->values, &step.request, error);
	if (err == EXTAUTH_OK)
		err = request_build_connection(
		    login->provider, login->masked, &step.masked, error);
	if (err != EXTAUTH_OK)
		return err;
	*ret_step = step;
	step = (struct step){0};
	return EXTAUTH_OK;
}

static enum extauth_err
rest_start(
    struct login *login, struct step *ret_step, struct extauth_error *error)
{
	if (login->provider->connection != CONFIG_CONNECTION_NONE)
		return rest_connect(login, ret_step, error);
	return rest_ask(login, login->values, login->masked, ret_step, error);
}

/* A connection that is refused is no refusal of the person. */
static bool
rest_is_connected(const struct config_provider *provider,
    const struct answer *answer, struct login_outcome *outcome)
{
	struct oauth_tokens tokens = {0};
	bool is_settled;

	if (provider->connection == CONFIG_CONNECTION_CLIENT_CREDENTIALS) {
		if (oauth_take_tokens(answer, &tokens, outcome)) {
			oauth_tokens_clear(&tokens);
			return true;
		}
		judge_blame_client(outcome);
		return false;
	}
	is_settled = judge_status(answer, outcome);
	if (!is_settled && answer->status == 200 && answer->is_json)
		return true;
	if (!is_settled && answer->status == 200)
		judge_set(outcome, VERDICT_UNAVAILABLE,
		    "connection: the answer is not JSON");
	else if (!is_settled)
		judge_set(outcome, VERDICT_MISCONFIGURED,
		    "connection: status %u", answer->status);
	return false;
}

static enum extauth_err
rest_next_connected(struct login *login, const struct answer *answer,
    struct step *ret_step, struct extauth_error *error)
{
	struct rest_memory *memory = login->memory;
	struct connection *connection = &memory->connection;
	struct step step = {.kind = STEP_VERDICT};
	enum extauth_err err;

	if (!rest_is_connected(login->provider, answer, &step.outcome)) {
		(void)judge_hide_secrets(login, answer, &step.outcome);
		*ret_step = step;
		return EXTAUTH_OK;
	}
	err = connection_fill(connection, login, &answer->json, error);
	if (err != EXTAUTH_OK)
		return err;
	return rest_ask(
	    login, &connection->values, &connection->masked, ret_step, error);
}

static bool
rest_looks_inside(const struct config_provider *provider)
{
	return *provider->identity != '\0' ||
	    *provider->identity_external_id != '\0' ||
	    provider->accept_if.count + provider->expired_if.count +
		provider->locked_if.count + provider->second_factor_if.count +
		provider->unavailable_if.count >
	    0;
}

/* Only called for an accepted status. */
static void
rest_judge_accepted(struct login *login, const struct answer *answer,
    struct login_outcome *outcome)
{
	const struct config_provider *provider = login->provider;
	size_t at;

	if (rest_looks_inside(provider) && !answer->is_json) {
		judge_set(outcome, VERDICT_REJECTED, "the answer is not JSON");
		return;
	}
	for (at = 0; at < provider->accept_if.count; at++) {
		const struct condition *condition =
		    &provider->accept_if.items[at];

		if (json_condition_holds(&answer->json, condition))
			continue;
		judge_set(outcome, VERDICT_REJECTED,
		    "accept_if %s does not hold", condition->pointer);
		return;
	}
	if (answer->is_json)
		(void)person_is_configured(login, &answer->json, outcome);
}

static void
rest_judge(struct login *login, const struct answer *answer,
    struct login_outcome *outcome)
{
	const struct config_provider *provider = login->provider;

	if (verdict_from_status(answer->status, provider->accept_status.items,
		provider->accept_status.count) != VERDICT_ACCEPTED) {
		(void)judge_status(answer, outcome);
	} else {
		outcome->http_status = answer->status;
		outcome->verdict = VERDICT_ACCEPTED;
		rest_judge_accepted(login, answer, outcome);
	}
	judge_conditions(login, answer, outcome);
}

static enum extauth_err
rest_next_answered(struct login *login, const struct answer *answer,
    struct step *ret_step, struct extauth_error *error)
{
	struct step step = {.kind = STEP_VERDICT};

	if (login->state == REST_CONNECTION)
		return rest_next_connected(login, answer, ret_step, error);
	rest_judge(login, answer, &step.outcome);
	*ret_step = step;
	return EXTAUTH_OK;
}

static enum extauth_err
rest_next(struct login *login, const struct event *event, struct step *ret_step,
    struct extauth_error *error)
{
	cleanup_answer struct answer answer = {0};
	enum extauth_err err = answer_take(event, &answer, ret_step);

	if (err != EXTAUTH_OK || answer.response == NULL)
		return err;
	return rest_next_answered(login, &answer, ret_step, error);
}

/* What a connection would answer cannot be known but for a token. */
static enum extauth_err
rest_rehearse(const struct login *login, struct buffer *answer)
{
	if (login->state != REST_CONNECTION)
		return EXTAUTH_OK;
	return buffer_append_text(
	    answer, "{\"access_token\":\"TOKEN\",\"token_type\":\"Bearer\"}");
}

const struct provider *
provider_rest(void)
{
	static const struct provider machine = {
	    .name = "rest",
	    .memory_bytes = sizeof(struct rest_memory),
	    .forget = rest_forget,
	    .rehearse = rest_rehearse,
	    .start = rest_start,
	    .next = rest_next,
	};

	return &machine;
}
