/* SPDX-License-Identifier: MIT */
#include "connection.h"

#include <stdlib.h>
#include <string.h>

#define NUMBER_BYTES 24

static enum extauth_err
connection_add_value(struct template_named **array, size_t count,
    const char *name, struct template_value value)
{
	struct template_named *grown =
	    reallocarray(*array, count + 1, sizeof(*grown));

	if (grown == NULL)
		return EXTAUTH_NOMEM;
	*array = grown;
	grown[count] = (struct template_named){
	    .placeholder = PLACEHOLDER_CONNECTION,
	    .name = name,
	    .value = value,
	};
	return EXTAUTH_OK;
}

/* Without a network nobody knows what would stand there. */
static enum extauth_err
connection_read(const struct connection *connection, const char *pointer,
    struct secret *ret_text, struct extauth_error *error)
{
	const struct json *answer = connection->answer;
	const char *string = connection->is_rehearsal
	    ? REQUEST_MASK
	    : json_string(answer, pointer);
	char number[NUMBER_BYTES];

	if (string == NULL &&
	    json_copy_id(answer, pointer, number, sizeof(number)))
		string = number;
	if (string == NULL)
		return error_set(error, EXTAUTH_CONFIG,
		    "{{CONNECTION:%s}}: the connection's answer has no text "
		    "and no number there",
		    pointer);
	return secret_set(ret_text, string, strlen(string));
}

static enum extauth_err
connection_keep(struct connection *connection, struct secret *text,
    struct template_value *ret_value)
{
	struct secret *grown = reallocarray(
	    connection->texts, connection->text_count + 1, sizeof(*grown));

	if (grown == NULL)
		return EXTAUTH_NOMEM;
	connection->texts = grown;
	grown[connection->text_count++] = *text;
	*ret_value = (struct template_value){
	    .bytes = secret_reveal(text), .length = text->length};
	*text = (struct secret){0};
	return EXTAUTH_OK;
}

static enum extauth_err
connection_add(struct connection *connection, const char *pointer,
    struct extauth_error *error)
{
	const struct template_value mask = {REQUEST_MASK, strlen(REQUEST_MASK)};
	cleanup_secret struct secret text = {0};
	struct template_value value = {0};
	enum extauth_err err =
	    connection_read(connection, pointer, &text, error);

	if (err == EXTAUTH_OK)
		err = connection_keep(connection, &text, &value);
	if (err == EXTAUTH_OK)
		err = connection_add_value(
		    &connection->named, connection->count, pointer, value);
	if (err == EXTAUTH_OK)
		err = connection_add_value(&connection->masked_named,
		    connection->count, pointer, mask);
	if (err == EXTAUTH_OK)
		connection->count++;
	return err;
}

static bool
connection_has(const struct connection *connection, const char *pointer)
{
	size_t at;

	for (at = 0; at < connection->count; at++)
		if (connection->named[at].placeholder ==
			PLACEHOLDER_CONNECTION &&
		    strcmp(connection->named[at].name, pointer) == 0)
			return true;
	return false;
}

static enum extauth_err
connection_add_template(struct connection *connection,
    const struct template *template, struct extauth_error *error)
{
	enum extauth_err err = EXTAUTH_OK;
	size_t at;

	for (at = 0; at < template->part_count && err == EXTAUTH_OK; at++) {
		const struct template_part *part = &template->parts[at];

		if (part->is_literal ||
		    part->placeholder != PLACEHOLDER_CONNECTION ||
		    connection_has(connection, part->text))
			continue;
		err = connection_add(connection, part->text, error);
	}
	return err;
}

static enum extauth_err
connection_add_all(struct connection *connection,
    const struct config_provider *provider, struct extauth_error *error)
{
	enum extauth_err err;
	size_t at;

	err = connection_add_template(connection, &provider->url, error);
	if (err == EXTAUTH_OK)
		err =
		    connection_add_template(connection, &provider->body, error);
	for (at = 0; at < provider->headers.count && err == EXTAUTH_OK; at++)
		err = connection_add_template(
		    connection, &provider->headers.items[at].value, error);
	return err;
}

/* Begins with the values that the login has by name already. */
static enum extauth_err
connection_copy_named(
    const struct template_values *values, struct template_named **ret_named)
{
	size_t at;

	for (at = 0; at < values->named_count; at++) {
		enum extauth_err err = connection_add_value(ret_named, at,
		    values->named[at].name, values->named[at].value);

		if (err != EXTAUTH_OK)
			return err;
		(*ret_named)[at].placeholder = values->named[at].placeholder;
	}
	return EXTAUTH_OK;
}

enum extauth_err
connection_fill(struct connection *connection, const struct login *login,
    const struct json *answer, struct extauth_error *error)
{
	enum extauth_err err;

	connection->answer = answer;
	connection->is_rehearsal = (login->flags & LOGIN_DRY_RUN) != 0;
	connection->values = *login->values;
	connection->masked = *login->masked;
	err = connection_copy_named(login->values, &connection->named);
	if (err == EXTAUTH_OK)
		err = connection_copy_named(
		    login->masked, &connection->masked_named);
	connection->count = login->values->named_count;
	if (err == EXTAUTH_OK)
		err = connection_add_all(connection, login->provider, error);
	connection->values.named = connection->named;
	connection->values.named_count = connection->count;
	connection->masked.named = connection->masked_named;
	connection->masked.named_count = connection->count;
	return err;
}

void
connection_clear(struct connection *connection)
{
	size_t at;

	if (connection == NULL)
		return;
	for (at = 0; at < connection->text_count; at++)
		secret_clear(&connection->texts[at]);
	free(connection->texts);
	free(connection->named);
	free(connection->masked_named);
	*connection = (struct connection){0};
}
