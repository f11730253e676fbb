/* SPDX-License-Identifier: MIT */
#include "document.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "escape.h"
#include "message.h"
#include "translate.h"

#define COLUMNS_MAX 16
#define FIELD_COLUMNS 16
#define VALUE_MAX_BYTES 65536

static struct json_object *
made(struct json_object *value)
{
	if (value == NULL)
		die_of_memory();
	return value;
}

struct json_object *
document_object(void)
{
	return made(json_object_new_object());
}

struct json_object *
document_array(void)
{
	return made(json_object_new_array());
}

void
document_put(
    struct json_object *object, const char *key, struct json_object *value)
{
	if (json_object_object_add(object, key, value) != 0)
		die_of_memory();
}

static struct json_object *
text_made(const char *text)
{
	cleanup_free char *copy = strdup(text);
	char *byte;

	if (copy == NULL)
		die_of_memory();
	if (!escape_is_utf8(copy, strlen(copy)))
		for (byte = copy; *byte != '\0'; byte++)
			if ((unsigned char)*byte >= 0x80)
				*byte = '?';
	return made(json_object_new_string(copy));
}

void
document_text(struct json_object *object, const char *key, const char *text)
{
	document_put(object, key, text_made(text));
}

void
document_number(struct json_object *object, const char *key, int64_t number)
{
	document_put(object, key, made(json_object_new_int64(number)));
}

void
document_flag(struct json_object *object, const char *key, bool flag)
{
	document_put(object, key, made(json_object_new_boolean(flag)));
}

void
document_null(struct json_object *object, const char *key)
{
	document_put(object, key, NULL);
}

void
document_push(struct json_object *array, struct json_object *value)
{
	if (json_object_array_add(array, value) != 0)
		die_of_memory();
}

void
document_push_text(struct json_object *array, const char *text)
{
	document_push(array, text_made(text));
}

const char *
document_get_text(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;

	if (!json_object_object_get_ex(object, key, &value) || value == NULL)
		return "";
	return document_value(value);
}

const char *
document_value(struct json_object *value)
{
	const char *text = json_object_get_string(value);

	if (text == NULL && value != NULL)
		die_of_memory();
	return text;
}

const char *
document_render(struct json_object *document, int flags)
{
	const char *text = json_object_to_json_string_ext(document, flags);

	if (text == NULL)
		die_of_memory();
	return text;
}

void
document_print_json(struct json_object *document)
{
	(void)printf("%s\n",
	    document_render(document,
		JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
		    JSON_C_TO_STRING_NOSLASHESCAPE));
}

static void
list_as_text(struct json_object *array, struct buffer *buffer)
{
	size_t count = json_object_array_length(array);
	size_t index;

	for (index = 0; index < count; index++) {
		struct json_object *item =
		    json_object_array_get_idx(array, index);

		if ((index > 0 &&
			buffer_append_text(buffer, ", ") != EXTAUTH_OK) ||
		    buffer_append_text(buffer, document_value(item)) !=
			EXTAUTH_OK)
			die_of_memory();
	}
}

/* As a person reads it: yes and no, lists with commas. */
static void
value_as_text(struct json_object *value, struct buffer *buffer)
{
	const char *text;

	buffer_clear(buffer);
	if (value == NULL)
		return;
	if (json_object_is_type(value, json_type_array)) {
		list_as_text(value, buffer);
		return;
	}
	if (json_object_is_type(value, json_type_boolean))
		text = json_object_get_boolean(value) ? _("yes") : _("no");
	else
		text = document_value(value);
	if (buffer_append_text(buffer, text) != EXTAUTH_OK)
		die_of_memory();
}

/* The value of a member. The states of a user are words of ours; other texts
 * are names, and stay. */
static void
member_as_text(
    const char *key, struct json_object *value, struct buffer *buffer)
{
	value_as_text(value, buffer);
	if (strcmp(key, "state") == 0 && buffer->length > 0) {
		const char *word = translate_text(buffer_text(buffer));
		cleanup_free char *copy = strdup(word);

		buffer_clear(buffer);
		if (copy == NULL ||
		    buffer_append_text(buffer, copy) != EXTAUTH_OK)
			die_of_memory();
	}
}

static void
key_as_text(const char *key, char *text, size_t size)
{
	const char *translated = translate_text(key);
	char *byte;

	(void)snprintf(text, size, "%s", translated);
	if (translated != key)
		return;
	for (byte = text; *byte != '\0'; byte++)
		if (*byte == '_')
			*byte = ' ';
}

void
document_print_fields(struct json_object *object)
{
	cleanup_buffer struct buffer text = buffer_make(VALUE_MAX_BYTES);
	struct json_object_iterator member = json_object_iter_begin(object);
	struct json_object_iterator end = json_object_iter_end(object);

	for (; !json_object_iter_equal(&member, &end);
	     json_object_iter_next(&member)) {
		char key[64];
		const char *name = json_object_iter_peek_name(&member);

		member_as_text(
		    name, json_object_iter_peek_value(&member), &text);
		if (text.length == 0)
			continue;
		key_as_text(name, key, sizeof(key));
		translate_print_padded(key, FIELD_COLUMNS);
		(void)printf(" %s\n", buffer_text(&text));
	}
}

static void
cell(struct json_object *row, const char *column, struct buffer *text)
{
	struct json_object *value = NULL;

	(void)json_object_object_get_ex(row, column, &value);
	member_as_text(column, value, text);
	if (text->length == 0 && buffer_append_text(text, "-") != EXTAUTH_OK)
		die_of_memory();
}

static size_t
column_width(struct json_object *array, const char *column)
{
	cleanup_buffer struct buffer text = buffer_make(VALUE_MAX_BYTES);
	size_t count = json_object_array_length(array);
	size_t width = translate_columns(translate_text(column));
	size_t index;

	for (index = 0; index < count; index++) {
		cell(json_object_array_get_idx(array, index), column, &text);
		if (translate_columns(buffer_text(&text)) > width)
			width = translate_columns(buffer_text(&text));
	}
	return width;
}

static void
row_print(
    struct json_object *row, const char *const *columns, const size_t *widths)
{
	cleanup_buffer struct buffer text = buffer_make(VALUE_MAX_BYTES);
	size_t column;

	for (column = 0; columns[column] != NULL; column++) {
		if (row != NULL) {
			cell(row, columns[column], &text);
		} else {
			buffer_clear(&text);
			if (buffer_append_text(&text,
				translate_text(columns[column])) != EXTAUTH_OK)
				die_of_memory();
		}
		if (columns[column + 1] == NULL)
			(void)printf("%s\n", buffer_text(&text));
		else
			translate_print_padded(
			    buffer_text(&text), widths[column] + 2);
	}
}

void
document_print_table(struct json_object *array, const char *const *columns)
{
	size_t widths[COLUMNS_MAX] = {0};
	size_t count = json_object_array_length(array);
	size_t index;

	for (index = 0; index < COLUMNS_MAX && columns[index] != NULL; index++)
		widths[index] = column_width(array, columns[index]);
	row_print(NULL, columns, widths);
	for (index = 0; index < count; index++)
		row_print(
		    json_object_array_get_idx(array, index), columns, widths);
}

void
document_clear(struct json_object **document)
{
	if (*document != NULL)
		(void)json_object_put(*document);
	*document = NULL;
}
