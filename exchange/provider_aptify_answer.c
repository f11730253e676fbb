/* SPDX-License-Identifier: MIT */
#include "provider_aptify_answer.h"

#include <stdio.h>
#include <string.h>

#include "person.h"
#include "text.h"

#define POINTER_BYTES 32
#define USER_INFO "/userInfo"

/* Where the asked user may stand. One is enough: the other may be changed by
 * the person, or be another kind of name. */
struct aptify_name_rule {
	const char *name;
	enum config_identity_is is;
};

static const struct aptify_name_rule aptify_name_rules[] = {
    {"/Email", CONFIG_IS_EMAIL},
    {"/UserName", CONFIG_IS_EMAIL},
    {"/UserName", CONFIG_IS_NAME},
};

/* What is written to the log of a login. */
static const char *const aptify_logged_ids[] = {
    "UserId",
    "LinkId",
    "CompanyId",
};

static void
aptify_point(char *pointer, const char *base, const char *name)
{
	(void)snprintf(pointer, POINTER_BYTES, "%s%s", base, name);
}

static bool
aptify_refuse(struct login_outcome *outcome, const char *reason)
{
	judge_set(outcome, VERDICT_REJECTED, "%s", reason);
	return false;
}

/* Aptify's own words are for the person; the log has them too, unless they name
 * him. */
static bool
aptify_refuse_error(const struct answer *answer, struct login_outcome *outcome)
{
	char *message = outcome->message;

	(void)json_copy_text(&answer->json, "/ErrorInfo/ErrorMessage", message,
	    sizeof(outcome->message));
	if (message[0] != '\0' && strchr(message, '@') == NULL)
		judge_set(outcome, VERDICT_REJECTED, "ErrorInfo: %s", message);
	else
		judge_set(outcome, VERDICT_REJECTED, "ErrorInfo");
	return false;
}

/* What can stand in a header, in one word. */
static bool
aptify_is_token(const char *token)
{
	const char *byte;

	for (byte = token; *byte != '\0'; byte++)
		if (*byte <= ' ' || *byte > '~')
			return false;
	return byte > token && byte - token <= SECRET_MAX_BYTES;
}

/* Tells whether the answer is a JSON object of status 200. */
static bool
aptify_is_object(const struct answer *answer, struct login_outcome *outcome)
{
	if (judge_status(answer, outcome))
		return false;
	if (answer->status != 200)
		return false;
	if (answer->is_json && json_is_object(&answer->json, ""))
		return true;
	judge_set(outcome, VERDICT_UNAVAILABLE, "the answer is no JSON object");
	return false;
}

bool
aptify_is_logged_in(const struct answer *answer, struct login_outcome *outcome)
{
	bool is_object = aptify_is_object(answer, outcome);

	if (outcome->verdict != VERDICT_REJECTED)
		return false;
	if (answer->is_json && json_has(&answer->json, "/ErrorInfo"))
		return aptify_refuse_error(answer, outcome);
	if (!is_object)
		return false;
	if (!aptify_is_token(answer_text(answer, "/TokenId")))
		return aptify_refuse(outcome, "the answer has no TokenId");
	return true;
}

enum extauth_err
aptify_take_token(const struct answer *answer, struct secret *token)
{
	const char *text = answer_text(answer, "/TokenId");

	return secret_set(token, text, strlen(text));
}

static bool
aptify_is_named(
    const struct login *login, const struct answer *answer, const char *base)
{
	struct login_outcome ignored = {0};
	char pointer[POINTER_BYTES];
	size_t at;

	for (at = 0;
	     at < sizeof(aptify_name_rules) / sizeof(*aptify_name_rules);
	     at++) {
		aptify_point(pointer, base, aptify_name_rules[at].name);
		if (person_is_named(login, &answer->json, pointer,
			aptify_name_rules[at].is, &ignored))
			return true;
	}
	return false;
}

bool
aptify_is_asked(const struct login *login, const struct answer *answer,
    const char *base, struct login_outcome *outcome)
{
	char pointer[POINTER_BYTES];

	aptify_point(pointer, base, "/UserId");
	if (!person_has_id(login, &answer->json, pointer, outcome))
		return false;
	return aptify_is_named(login, answer, base) ||
	    aptify_refuse(outcome, "the answer is about somebody else");
}

bool
aptify_take_id(const struct answer *answer, const char *base, char *id,
    struct login_outcome *outcome)
{
	char pointer[POINTER_BYTES];

	aptify_point(pointer, base, "/UserId");
	if (json_copy_id(&answer->json, pointer, id, APTIFY_ID_BYTES) ||
	    !json_has(&answer->json, pointer))
		return true;
	return aptify_refuse(outcome, "UserId is neither text nor number");
}

void
aptify_accept(const struct answer *answer, struct login_outcome *outcome)
{
	char reason[sizeof(outcome->reason)] = "";
	char pointer[POINTER_BYTES];
	char id[APTIFY_ID_BYTES];
	size_t used = 0;
	size_t at;

	for (at = 0;
	     at < sizeof(aptify_logged_ids) / sizeof(*aptify_logged_ids);
	     at++) {
		aptify_point(pointer, "/", aptify_logged_ids[at]);
		if (!json_copy_id(&answer->json, pointer, id, sizeof(id)))
			continue;
		text_print(reason + used, sizeof(reason) - used, "%s%s=%s",
		    used > 0 ? " " : "", aptify_logged_ids[at], id);
		used = strlen(reason);
	}
	judge_set(outcome, VERDICT_ACCEPTED, "%s", reason);
}

/* Tells whether the token is said to be of a user at all; `*ret_base` is where
 * he stands. */
static bool
aptify_has_user(const struct answer *answer, const char **ret_base)
{
	const struct json *json = &answer->json;
	bool is_inside = json_has(json, USER_INFO);

	if (json_has(json, "/ErrorInfo") ||
	    json_has(json, USER_INFO "/ErrorInfo"))
		return false;
	if (json_has(json, "/result") &&
	    strcmp(answer_text(answer, "/result"), "ok") != 0)
		return false;
	if (is_inside && !json_is_object(json, USER_INFO))
		return false;
	*ret_base = is_inside ? USER_INFO : "";
	return true;
}

bool
aptify_is_confirmed(const struct login *login, const struct answer *answer,
    const char *user_id, struct login_outcome *outcome)
{
	const char *base = "";
	char id[APTIFY_ID_BYTES];

	if (!aptify_is_object(answer, outcome)) {
		if (answer->status == 404)
			judge_set(outcome, VERDICT_MISCONFIGURED,
			    "UserInformation did not take the token");
		return false;
	}
	if (!aptify_has_user(answer, &base))
		return aptify_refuse(
		    outcome, "UserInformation does not tell a user");
	if (!aptify_is_asked(login, answer, base, outcome) ||
	    !aptify_take_id(answer, base, id, outcome))
		return false;
	if (strcmp(id, user_id) == 0)
		return true;
	judge_set(outcome, VERDICT_REJECTED,
	    "identity changed: logged in %s, answered %s", user_id,
	    id[0] != '\0' ? id : "none");
	return false;
}
