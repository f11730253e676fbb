/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_internal.h"
#include "identity.h"

#define DIGEST_TEXT_BYTES 44 /* base64 of 32 bytes */

/* Makes room for one more item and returns it zeroed, or NULL. */
static void *
list_grow(void **items, size_t *count, size_t item_bytes)
{
	char *grown = reallocarray(*items, *count + 1, item_bytes);

	if (grown == NULL)
		return NULL;
	*items = grown;
	grown += *count * item_bytes;
	memset(grown, 0, item_bytes);
	(*count)++;
	return grown;
}

enum extauth_err
config_list_add(struct config_list *list, const char *text, size_t length)
{
	char *copy = strndup(text, length);
	void *items = list->items;
	char **item;

	if (copy == NULL)
		return EXTAUTH_NOMEM;
	item = list_grow(&items, &list->count, sizeof(*item));
	if (item == NULL) {
		free(copy);
		return EXTAUTH_NOMEM;
	}
	*item = copy;
	list->items = items;
	return EXTAUTH_OK;
}

static bool
list_is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n';
}

/* Takes the next item of a comma list off `*text`. An item lies between commas,
 * blanks around it dropped; *text is NULL behind the last. */
static void
list_take(const char **text, const char **ret_item, size_t *ret_length)
{
	const char *start = *text;
	const char *end = strchrnul(start, ',');

	*text = *end == ',' ? end + 1 : NULL;
	while (start < end && list_is_blank(*start))
		start++;
	while (end > start && list_is_blank(end[-1]))
		end--;
	*ret_item = start;
	*ret_length = (size_t)(end - start);
}

static enum extauth_err
list_check_domain(const char *domain, struct extauth_error *error)
{
	char email[IDENTITY_EMAIL_MAX_BYTES + 1];
	int length = snprintf(email, sizeof(email), "x@%s", domain);

	/* by construction a domain is what may stand in a registered e-mail */
	if (length > 0 && (size_t)length < sizeof(email) &&
	    strchr(domain, '@') == NULL &&
	    identity_check_email(email, NULL) == EXTAUTH_OK)
		return EXTAUTH_OK;
	return error_set(error, EXTAUTH_CONFIG,
	    "\"%.64s\" is not a domain such as example.com", domain);
}

static enum extauth_err
list_check_item(
    enum config_type type, const char *item, struct extauth_error *error)
{
	if (*item == '\0')
		return error_set(error, EXTAUTH_CONFIG,
		    "there is nothing between two commas");
	if (type == CONFIG_DOMAINS)
		return list_check_domain(item, error);
	if (type == CONFIG_SERVICES)
		return config_check_service_name(item, error);
	if (identity_is_short_name(item) || identity_is_email_name(item))
		return EXTAUTH_OK;
	return error_set(error, EXTAUTH_CONFIG,
	    "\"%.64s\" is not a name in the form of registered ones", item);
}

static void
list_clear_texts(struct config_list *list)
{
	size_t index;

	for (index = 0; index < list->count; index++)
		free(list->items[index]);
	free(list->items);
	*list = (struct config_list){0};
}

static enum extauth_err
list_fill(enum config_type type, const char *text, struct config_list *list,
    struct extauth_error *error)
{
	while (text != NULL) {
		const char *item;
		char *added;
		size_t length;
		enum extauth_err err;

		list_take(&text, &item, &length);
		err = config_list_add(list, item, length);
		if (err != EXTAUTH_OK)
			return err;
		added = list->items[list->count - 1];
		err = list_check_item(type, added, error);
		if (err != EXTAUTH_OK)
			return err;
		if (type == CONFIG_DOMAINS)
			identity_fold(added);
	}
	return EXTAUTH_OK;
}

static enum extauth_err
list_set_texts(enum config_type type, struct config_list *list,
    const char *text, struct extauth_error *error)
{
	struct config_list filled = {0};
	enum extauth_err err = EXTAUTH_OK;

	if (*text != '\0')
		err = list_fill(type, text, &filled, error);
	if (err != EXTAUTH_OK) {
		list_clear_texts(&filled);
		return err;
	}
	list_clear_texts(list);
	*list = filled;
	return EXTAUTH_OK;
}

static enum extauth_err
list_add_status(struct config_numbers *list, const char *item, size_t length,
    struct extauth_error *error)
{
	uint32_t *items = list->items;
	uint32_t status = 0;
	size_t index;

	for (index = 0; index < length; index++) {
		if (length != 3 || item[index] < '0' || item[index] > '9')
			return error_set(error, EXTAUTH_CONFIG,
			    "must be HTTP statuses such as 200, 204");
		status = status * 10 + (uint32_t)(item[index] - '0');
	}
	if (status < 200 || status > 299)
		return error_set(error, EXTAUTH_CONFIG,
		    "only 200 to 299 can accept: a redirect or an error says "
		    "nothing about the password");
	items = reallocarray(items, list->count + 1, sizeof(*items));
	if (items == NULL)
		return EXTAUTH_NOMEM;
	items[list->count++] = status;
	list->items = items;
	return EXTAUTH_OK;
}

static enum extauth_err
list_set_statuses(
    struct config_numbers *list, const char *text, struct extauth_error *error)
{
	struct config_numbers filled = {0};
	enum extauth_err err = EXTAUTH_OK;

	while (text != NULL && err == EXTAUTH_OK) {
		const char *item;
		size_t length;

		list_take(&text, &item, &length);
		err = list_add_status(&filled, item, length, error);
	}
	if (err != EXTAUTH_OK) {
		free(filled.items);
		return err;
	}
	free(list->items);
	*list = filled;
	return EXTAUTH_OK;
}

static enum extauth_err
list_add_condition(struct config_conditions *list, const char *text,
    struct extauth_error *error)
{
	struct condition parsed = {0};
	void *items = list->items;
	struct condition *item;
	enum extauth_err err = condition_parse(text, &parsed, error);

	if (err != EXTAUTH_OK)
		return err;
	item = list_grow(&items, &list->count, sizeof(*item));
	if (item == NULL) {
		condition_clear(&parsed);
		return EXTAUTH_NOMEM;
	}
	*item = parsed;
	list->items = items;
	return EXTAUTH_OK;
}

static bool
list_is_base64(const char *text, size_t length)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";

	return strspn(text, digits) == length;
}

static enum extauth_err
list_add_pin(
    struct config_list *list, const char *text, struct extauth_error *error)
{
	static const char prefix[] = "sha256//";

	if (strncmp(text, prefix, strlen(prefix)) == 0)
		text += strlen(prefix);
	/* the last digit carries four bits: its two low ones are zero */
	if (strlen(text) != DIGEST_TEXT_BYTES ||
	    !list_is_base64(text, DIGEST_TEXT_BYTES - 1) ||
	    text[DIGEST_TEXT_BYTES - 1] != '=' ||
	    strchr("AEIMQUYcgkosw048", text[DIGEST_TEXT_BYTES - 2]) == NULL)
		return error_set(error, EXTAUTH_CONFIG,
		    "must be the base64 of 32 bytes, the SHA-256 of the "
		    "server's public key");
	return config_list_add(list, text, DIGEST_TEXT_BYTES);
}

static enum extauth_err
list_add_line(
    struct config_list *list, const char *text, struct extauth_error *error)
{
	size_t length = strlen(text);

	if (length > IDENTITY_TEXT_MAX_BYTES)
		return error_set(error, EXTAUTH_CONFIG,
		    "is longer than %d bytes", IDENTITY_TEXT_MAX_BYTES);
	if (!config_is_printable(text, true))
		return error_set(error, EXTAUTH_CONFIG,
		    "must be one line of printable text");
	return config_list_add(list, text, length);
}

enum extauth_err
config_list_set(enum config_type type, void *member, const char *text,
    struct extauth_error *error)
{
	if (type == CONFIG_STATUSES)
		return list_set_statuses(member, text, error);
	if (type == CONFIG_HEADER)
		return config_header_add(member, text, error);
	if (type == CONFIG_FIELD)
		return config_field_add(member, text, error);
	if (type == CONFIG_CONDITIONS)
		return list_add_condition(member, text, error);
	if (type == CONFIG_PINS)
		return list_add_pin(member, text, error);
	if (type == CONFIG_LINES)
		return list_add_line(member, text, error);
	return list_set_texts(type, member, text, error);
}

static void
list_clear_headers(struct config_headers *list)
{
	size_t index;

	for (index = 0; index < list->count; index++) {
		free(list->items[index].name);
		template_clear(&list->items[index].value);
	}
	free(list->items);
	*list = (struct config_headers){0};
}

static void
list_clear_conditions(struct config_conditions *list)
{
	size_t index;

	for (index = 0; index < list->count; index++)
		condition_clear(&list->items[index]);
	free(list->items);
	*list = (struct config_conditions){0};
}

void
config_list_clear(enum config_type type, void *member)
{
	struct config_numbers *numbers = member;

	if (type == CONFIG_DOMAINS || type == CONFIG_NAMES ||
	    type == CONFIG_SERVICES || type == CONFIG_PINS ||
	    type == CONFIG_LINES) {
		list_clear_texts(member);
	} else if (type == CONFIG_STATUSES) {
		free(numbers->items);
		*numbers = (struct config_numbers){0};
	} else if (type == CONFIG_HEADER || type == CONFIG_FIELD) {
		list_clear_headers(member);
	} else if (type == CONFIG_CONDITIONS) {
		list_clear_conditions(member);
	}
}
