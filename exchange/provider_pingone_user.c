/* SPDX-License-Identifier: MIT */
#include "provider_pingone_user.h"

#include <stdio.h>
#include <string.h>

#include "person.h"
#include "provider_pingone_error.h"

#define POINTER_BYTES 48
#define FILTER_MAX_BYTES 2048

/* Which users are asked for, by what they are compared with. */
struct pingone_filter {
	enum config_identity_is is;
	enum placeholder placeholder;
	const char *attribute;
};

static const struct pingone_filter pingone_filters[] = {
    {CONFIG_IS_EMAIL, PLACEHOLDER_USEREMAIL, "email"},
    {CONFIG_IS_NAME, PLACEHOLDER_USERNAME, "username"},
};

/* The configuration allows no third way. */
static const struct pingone_filter *
pingone_filter(const struct login *login)
{
	size_t at = sizeof(pingone_filters) / sizeof(*pingone_filters) - 1;

	while (at > 0 && pingone_filters[at].is != login->provider->identity_is)
		at--;
	return &pingone_filters[at];
}

void
pingone_forget(void *memory)
{
	struct pingone_memory *one = memory;

	oauth_tokens_clear(&one->tokens);
}

enum extauth_err
pingone_start(
    struct login *login, struct step *ret_step, struct extauth_error *error)
{
	login->state = PINGONE_TOKEN;
	return oauth_client_step(login, ret_step, error);
}

static struct draft
pingone_draft(const struct login *login, const char *media_type)
{
	const char *base = config_provider_base(login->provider);
	const struct pingone_memory *memory = login->memory;
	struct draft draft = media_type != NULL
	    ? draft_make_json(base, media_type)
	    : draft_make(DRAFT_NONE, base);

	draft_segment(&draft, "environments");
	draft_segment(&draft, login->provider->environment);
	draft_segment(&draft, "users");
	draft_secret_header(
	    &draft, "Authorization", "Bearer ", &memory->tokens.access_token);
	return draft;
}

struct draft
pingone_password_draft(const struct login *login, const char *media_type)
{
	const struct pingone_memory *memory = login->memory;
	struct draft draft = pingone_draft(login, media_type);

	draft_segment(&draft, memory->user_id);
	draft_segment(&draft, "password");
	return draft;
}

/* The value is a JSON string, as in SCIM. RFC 7644 3.4.2.2. */
static enum extauth_err
pingone_append_filter(const struct login *login, struct buffer *filter,
    struct extauth_error *error)
{
	const struct pingone_filter *by = pingone_filter(login);
	const char *value = login_value(login, by->placeholder);
	enum extauth_err err;

	err = buffer_append_format(filter, "%s eq \"", by->attribute);
	if (err == EXTAUTH_OK)
		err = escape_append(
		    filter, ESCAPE_JSON, value, strlen(value), error);
	return err == EXTAUTH_OK ? buffer_append_text(filter, "\"") : err;
}

static enum extauth_err
pingone_user_step(
    struct login *login, struct step *ret_step, struct extauth_error *error)
{
	cleanup_buffer struct buffer filter = buffer_make(FILTER_MAX_BYTES);
	cleanup_draft struct draft draft = {0};
	enum extauth_err err;

	err = pingone_append_filter(login, &filter, error);
	if (err != EXTAUTH_OK)
		return err;
	draft = pingone_draft(login, NULL);
	draft_query(&draft, "filter", buffer_text(&filter));
	login->state = PINGONE_USER;
	return draft_end(&draft, ret_step, error);
}

enum extauth_err
pingone_ask_user(struct login *login, const struct answer *answer,
    struct step *ret_step, struct extauth_error *error)
{
	struct pingone_memory *memory = login->memory;
	struct login_outcome outcome = {0};

	if (oauth_take_tokens(answer, &memory->tokens, &outcome))
		return pingone_user_step(login, ret_step, error);
	(void)judge_hide_secrets(login, answer, &outcome);
	judge_blame_client(&outcome);
	ret_step->outcome = outcome;
	return EXTAUTH_OK;
}

static void
pingone_point(char *pointer, size_t at, const char *name)
{
	(void)snprintf(
	    pointer, POINTER_BYTES, "/_embedded/users/%zu/%s", at, name);
}

static bool
pingone_is_asked(
    const struct login *login, const struct answer *answer, size_t at)
{
	const struct pingone_filter *by = pingone_filter(login);
	struct login_outcome ignored = {0};
	char pointer[POINTER_BYTES];

	pingone_point(pointer, at, by->attribute);
	return person_is_named(login, &answer->json, pointer, by->is, &ignored);
}

/* How many users of the list are the asked one; `*ret_at` is the last. */
static size_t
pingone_count_asked(
    const struct login *login, const struct answer *answer, size_t *ret_at)
{
	size_t length = json_length(&answer->json, "/_embedded/users");
	size_t count = 0;
	size_t at;

	for (at = 0; at < length; at++)
		if (pingone_is_asked(login, answer, at)) {
			*ret_at = at;
			count++;
		}
	return count;
}

static bool
pingone_is_id(const char *id)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789-_";
	size_t length = strlen(id);

	return length > 0 && length < PINGONE_ID_BYTES &&
	    strspn(id, letters) == length;
}

static bool
pingone_take_id(struct login *login, const struct answer *answer, size_t at,
    struct login_outcome *outcome)
{
	struct pingone_memory *memory = login->memory;
	char pointer[POINTER_BYTES];
	const char *id;

	pingone_point(pointer, at, "id");
	if (!person_has_id(login, &answer->json, pointer, outcome))
		return false;
	id = answer_text(answer, pointer);
	if (!pingone_is_id(id)) {
		judge_set(outcome, VERDICT_REJECTED, "the user has no id");
		return false;
	}
	(void)snprintf(memory->user_id, sizeof(memory->user_id), "%s", id);
	return true;
}

enum pingone_found
pingone_take_user(struct login *login, const struct answer *answer,
    size_t *ret_at, struct login_outcome *outcome)
{
	size_t at = 0;
	size_t count;

	if (pingone_judge(answer, outcome)) {
		if (answer->status >= 400)
			judge_blame_client(outcome);
		return PINGONE_FAILED;
	}
	count = pingone_count_asked(login, answer, &at);
	if (count == 0) {
		judge_set(outcome, VERDICT_REJECTED, "no such user");
		return PINGONE_NOBODY;
	}
	/* On the next page there could be one more. */
	if (count > 1 || json_has(&answer->json, "/_links/next")) {
		judge_set(outcome, VERDICT_REJECTED, "more than one user");
		return PINGONE_NOBODY;
	}
	if (!pingone_take_id(login, answer, at, outcome))
		return PINGONE_NOBODY;
	*ret_at = at;
	return PINGONE_FOUND;
}

/* A user as the look-up gives him. */
static enum extauth_err
pingone_rehearse_user(const struct login *login, struct step *ret_object)
{
	const char *id = login_value(login, PLACEHOLDER_USEREXTERNALID);
	cleanup_draft struct draft draft = draft_make(DRAFT_JSON, "");
	struct extauth_error ignored;

	draft_field(&draft, "id", *id != '\0' ? id : "ID");
	draft_field(&draft, "email", login_value(login, PLACEHOLDER_USEREMAIL));
	draft_field(
	    &draft, "username", login_value(login, PLACEHOLDER_USERNAME));
	return draft_end(&draft, ret_object, &ignored);
}

enum extauth_err
pingone_rehearse(const struct login *login, struct buffer *answer)
{
	cleanup_step struct step user = {0};
	enum extauth_err err;

	if (login->state == PINGONE_TOKEN)
		return buffer_append_text(answer,
		    "{\"access_token\":\"TOKEN\",\"token_type\":\"Bearer\"}");
	if (login->state == PINGONE_PASSWORD)
		return buffer_append_text(answer, "{\"status\":\"OK\"}");
	err = pingone_rehearse_user(login, &user);
	if (err == EXTAUTH_OK)
		err = buffer_append_text(answer, "{\"_embedded\":{\"users\":[");
	if (err == EXTAUTH_OK)
		err =
		    buffer_append_text(answer, buffer_text(&user.request.body));
	return err == EXTAUTH_OK ? buffer_append_text(answer, "]}}") : err;
}
