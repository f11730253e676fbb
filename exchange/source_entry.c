/* SPDX-License-Identifier: MIT */
#include "source_entry.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "identity.h"
#include "source_entry_internal.h"

#define TEXT_BYTES (IDENTITY_TEXT_MAX_BYTES + 1)

/* Says that somebody may not log in, whatever disabled_if says: a value that is
 * false, or one that is none of those words. */
struct entry_state_rule {
	const char *type;
	const char *pointer;
	const char *const *enabled; /* NULL: the truth value counts */
};

/* The last three exist, and Okta itself refuses them at the login. */
static const char *const okta_enabled[] = {
    "ACTIVE", "PASSWORD_EXPIRED", "RECOVERY", "LOCKED_OUT", NULL};

static const struct entry_state_rule entry_state_rules[] = {
    {"scim", "/active", NULL},
    {"entra", "/accountEnabled", NULL},
    {"pingone", "/enabled", NULL},
    {"okta", "/status", okta_enabled},
};

/* The element of a list that counts. */
static struct json
entry_pick(const struct json *list)
{
	size_t count = json_length(list, "");
	size_t at;

	for (at = 0; at < count; at++) {
		struct json one = json_element(list, at);

		if (json_is_true(&one, "/primary"))
			return one;
	}
	return json_element(list, 0);
}

/* Cut, not refused: see the header. */
static bool
entry_copy(const struct json *value, char text[TEXT_BYTES])
{
	const char *string = json_string(value, "");

	if (string == NULL)
		return json_copy_id(value, "", text, TEXT_BYTES);
	(void)snprintf(text, TEXT_BYTES, "%s", string);
	return true;
}

bool
source_entry_text(
    const struct json *person, const char *pointer, char text[TEXT_BYTES])
{
	struct json value;

	text[0] = '\0';
	if (*pointer == '\0')
		return false;
	value = json_lend(person, pointer);
	if (json_is_array(&value, ""))
		value = entry_pick(&value);
	if (json_is_object(&value, ""))
		value = json_lend(&value, "/value");
	return entry_copy(&value, text);
}

bool
source_entry_number(
    const struct json *person, const char *pointer, uint32_t *ret_number)
{
	char text[TEXT_BYTES];
	uint64_t number = 0;
	const char *digit;

	if (!source_entry_text(person, pointer, text))
		return false;
	for (digit = text; *digit != '\0'; digit++) {
		if (*digit < '0' || *digit > '9')
			return false;
		number = number * 10 + (uint64_t)(*digit - '0');
		if (number > UINT32_MAX)
			return false;
	}
	*ret_number = (uint32_t)number;
	return true;
}

static bool
entry_any_holds(
    const struct json *person, const struct config_conditions *conditions)
{
	size_t at;

	for (at = 0; at < conditions->count; at++)
		if (json_condition_holds(person, &conditions->items[at]))
			return true;
	return false;
}

/* Some servers write truth values as words. */
static bool
entry_is_false(const struct json *person, const char *pointer)
{
	const char *word = json_string(person, pointer);

	if (word != NULL)
		return identity_equal(word, "false");
	return json_has(person, pointer) && !json_is_true(person, pointer);
}

static bool
entry_is_one_of(const char *word, const char *const *words)
{
	for (; word != NULL && *words != NULL; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

static bool
entry_is_disabled(const struct source_run *run, const struct json *person)
{
	size_t at;

	for (at = 0;
	     at < sizeof(entry_state_rules) / sizeof(*entry_state_rules);
	     at++) {
		const struct entry_state_rule *rule = &entry_state_rules[at];

		if (strcmp(rule->type, run->source->type) != 0)
			continue;
		if (rule->enabled == NULL
			? entry_is_false(person, rule->pointer)
			: !entry_is_one_of(json_string(person, rule->pointer),
			      rule->enabled))
			return true;
	}
	return entry_any_holds(person, &run->source->disabled_if);
}

/* An id that was cut might be another's. */
static bool
entry_read_id(const struct source_run *run, const struct json *person,
    struct sync_user *user)
{
	const char *pointer = run->source->user_id;
	struct json value = json_lend(person, pointer);

	return *pointer != '\0' &&
	    json_copy_id(&value, "", user->id, sizeof(user->id));
}

static void
entry_read_uid(const struct source_run *run, const struct json *person,
    struct sync_user *user)
{
	const struct config_source *source = run->source;
	uint32_t number;

	user->has_uid =
	    source_entry_number(person, source->user_uid, &user->uid);
	if (user->has_uid || source->uid_base == 0 ||
	    !source_entry_number(person, source->user_id, &number) ||
	    number > UINT32_MAX - source->uid_base)
		return;
	user->has_uid = true;
	user->uid = source->uid_base + number;
}

static void
entry_read_texts(const struct source_run *run, const struct json *person,
    struct sync_user *user)
{
	const struct config_source *source = run->source;
	struct extauth_error ignored;

	(void)source_entry_text(person, source->user_email, user->email);
	(void)source_entry_text(person, source->user_name, user->name);
	(void)source_entry_text(person, source->user_gecos, user->gecos);
	(void)source_entry_text(person, source->user_home, user->home);
	(void)source_entry_text(person, source->user_shell, user->shell);
	if (user->email[0] == '\0' &&
	    identity_check_email(user->name, &ignored) == EXTAUTH_OK)
		memcpy(user->email, user->name, sizeof(user->email));
}

enum extauth_err
source_entry_read(const struct source_run *run, const struct json *page,
    const char *list, size_t at, struct source_entry *ret_entry)
{
	struct json array = json_lend(page, list);
	struct json person = json_element(&array, at);
	cleanup_source_entry struct source_entry entry = {0};
	enum extauth_err err;

	if (!entry_read_id(run, &person, &entry.user) ||
	    entry_any_holds(&person, &run->source->skip_if)) {
		*ret_entry = (struct source_entry){0};
		return EXTAUTH_OK;
	}
	entry.kind = SOURCE_ENTRY_USER;
	entry_read_texts(run, &person, &entry.user);
	entry_read_uid(run, &person, &entry.user);
	entry.user.is_disabled = entry_is_disabled(run, &person);
	err = source_entry_read_groups(run, &person, &entry);
	if (err != EXTAUTH_OK)
		return err;
	*ret_entry = entry;
	entry = (struct source_entry){0};
	return EXTAUTH_OK;
}

void
source_entry_clear(struct source_entry *entry)
{
	if (entry == NULL)
		return;
	sync_user_clear(&entry->user);
	*entry = (struct source_entry){0};
}
