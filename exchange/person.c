/* SPDX-License-Identifier: MIT */
#include "person.h"

#include <string.h>

#include "identity.h"
#include "judge.h"

#define ID_BYTES 256

static bool
person_refuse(struct login_outcome *outcome, const char *reason)
{
	judge_set(outcome, VERDICT_REJECTED, "%s", reason);
	return false;
}

static bool
person_has_pointer(const char *pointer)
{
	return pointer != NULL && *pointer != '\0';
}

/* An answer may leave the id out; what it says must be right. */
bool
person_has_id(const struct login *login, const struct json *answer,
    const char *external_id, struct login_outcome *outcome)
{
	const char *registered = login_value(login, PLACEHOLDER_USEREXTERNALID);
	char answered[ID_BYTES];

	if (!person_has_pointer(external_id) || *registered == '\0' ||
	    !json_has(answer, external_id))
		return true;
	if (!json_copy_id(answer, external_id, answered, sizeof(answered)))
		return person_refuse(
		    outcome, "the answer's id is neither text nor number");
	if (strcmp(registered, answered) == 0)
		return true;
	judge_set(outcome, VERDICT_REJECTED,
	    "identity changed: registered %s, answered %s", registered,
	    answered);
	return false;
}

/* The identity is demanded: an answer that names nobody is about nobody. */
static bool
person_is_demanded_id(const struct login *login, const struct json *answer,
    const char *pointer, struct login_outcome *outcome)
{
	if (*login_value(login, PLACEHOLDER_USEREXTERNALID) == '\0')
		return person_refuse(
		    outcome, "the user is registered without an external id");
	if (!json_has(answer, pointer))
		return person_refuse(
		    outcome, "the answer does not say whom it is about");
	return person_has_id(login, answer, pointer, outcome);
}

static bool
person_is_called(const struct login *login, const struct json *answer,
    const char *pointer, enum placeholder what, struct login_outcome *outcome)
{
	const char *registered = login_value(login, what);
	const char *answered = json_string(answer, pointer);

	if (answered == NULL)
		return person_refuse(
		    outcome, "the answer does not say whom it is about");
	if (*registered == '\0' || !identity_equal(registered, answered))
		return person_refuse(
		    outcome, "the answer is about somebody else");
	return true;
}

bool
person_is_named(const struct login *login, const struct json *answer,
    const char *identity, enum config_identity_is is,
    struct login_outcome *outcome)
{
	if (!person_has_pointer(identity))
		return true;
	switch (is) {
	case CONFIG_IS_EMAIL:
		return person_is_called(
		    login, answer, identity, PLACEHOLDER_USEREMAIL, outcome);
	case CONFIG_IS_NAME:
		return person_is_called(
		    login, answer, identity, PLACEHOLDER_USERNAME, outcome);
	case CONFIG_IS_EXTERNAL_ID:
		return person_is_demanded_id(login, answer, identity, outcome);
	}
	return person_refuse(outcome, "the answer is about nobody");
}

bool
person_is_configured(const struct login *login, const struct json *answer,
    struct login_outcome *outcome)
{
	const struct config_provider *provider = login->provider;

	return person_has_id(
		   login, answer, provider->identity_external_id, outcome) &&
	    person_is_named(login, answer, provider->identity,
		provider->identity_is, outcome);
}
