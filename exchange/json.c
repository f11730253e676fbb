/* SPDX-License-Identifier: MIT */
#include "json.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <json-c/json_visit.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "escape.h"
#include "json_scan.h"
#include "text.h"

/* What a walk over the tree found. */
struct json_walk {
	size_t names;
	bool has_infinity;
};

/* json-c gives the form of this function. */
// NOLINTBEGIN(readability-function-size,readability-non-const-parameter)
static int
json_visit(struct json_object *value, int flags, struct json_object *parent,
    const char *name, size_t *index, void *context)
{
	struct json_walk *walk = context;

	(void)parent;
	(void)index;
	if ((flags & JSON_C_VISIT_SECOND) != 0)
		return JSON_C_VISIT_RETURN_CONTINUE;
	if (name != NULL)
		walk->names++;
	if (json_object_is_type(value, json_type_double) &&
	    isfinite(json_object_get_double(value)) == 0)
		walk->has_infinity = true;
	return JSON_C_VISIT_RETURN_CONTINUE;
}
// NOLINTEND(readability-function-size,readability-non-const-parameter)

static enum extauth_err
json_check(const struct json *json, const struct json_scan *scan,
    struct extauth_error *error)
{
	struct json_walk walk = {0};

	if (json->root != NULL &&
	    json_c_visit(json->root, 0, json_visit, &walk) != 0)
		return error_set(error, EXTAUTH_INVALID, "it cannot be read");
	if (walk.has_infinity)
		return error_set(
		    error, EXTAUTH_INVALID, "a number is not finite");
	if (walk.names != scan->names)
		return error_set(
		    error, EXTAUTH_INVALID, "a name stands twice in an object");
	return EXTAUTH_OK;
}

/* Without memory json-c stops in the middle and calls it a success. */
static bool
json_is_whole(struct json_tokener *tokener, const char *bytes, size_t length)
{
	size_t end = json_tokener_get_parse_end(tokener);

	while (end < length && strchr(" \t\r\n", bytes[end]) != NULL)
		end++;
	return end >= length;
}

static enum extauth_err
json_read(const char *bytes, size_t length, struct json *ret_json,
    struct extauth_error *error)
{
	struct json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH_MAX);
	enum json_tokener_error result;
	bool is_whole;

	if (tokener == NULL)
		return EXTAUTH_NOMEM;
	json_tokener_set_flags(
	    tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	ret_json->root = json_tokener_parse_ex(tokener, bytes, (int)length);
	is_whole = json_is_whole(tokener, bytes, length);
	/* A bare number ends only when something follows it. */
	if (json_tokener_get_error(tokener) == json_tokener_continue)
		ret_json->root = json_tokener_parse_ex(tokener, "", 1);
	result = json_tokener_get_error(tokener);
	json_tokener_free(tokener);
	if (result == json_tokener_success && is_whole)
		return EXTAUTH_OK;
	json_clear(ret_json);
	if (result == json_tokener_success)
		return EXTAUTH_NOMEM;
	return error_set(error, EXTAUTH_INVALID, "%s",
	    result == json_tokener_continue ? "the text ends too early"
					    : json_tokener_error_desc(result));
}

enum extauth_err
json_parse(const char *bytes, size_t length, struct json *ret_json,
    struct extauth_error *error)
{
	struct json_scan scan = json_scan(bytes, length);
	cleanup_json struct json json = {0};
	enum extauth_err err;

	if (length == 0 || length > INT_MAX)
		return error_set(error, EXTAUTH_INVALID,
		    length == 0 ? "there is no text" : "the text is too long");
	if (!escape_is_utf8(bytes, length))
		return error_set(error, EXTAUTH_INVALID, "not UTF-8");
	if (scan.has_stranger)
		return error_set(
		    error, EXTAUTH_INVALID, "a byte that cannot stand there");
	err = json_read(bytes, length, &json, error);
	if (err != EXTAUTH_OK)
		return err;
	err = json_check(&json, &scan, error);
	if (err != EXTAUTH_OK)
		return err;
	*ret_json = json;
	json = (struct json){0};
	return EXTAUTH_OK;
}

/* Copies a token of `length` bytes with ~0 and ~1 undone; it cannot grow. RFC
 * 6901 4. */
static void
json_copy_token(char *name, const char *token, size_t length)
{
	size_t at;

	for (at = 0; at < length; at++) {
		if (token[at] == '~' && at + 1 < length)
			*name++ = token[++at] == '1' ? '/' : '~';
		else
			*name++ = token[at];
	}
	*name = '\0';
}

char *
json_pointer_token(const char *token, size_t length)
{
	char *name = malloc(length + 1);

	if (name != NULL)
		json_copy_token(name, token, length);
	return name;
}

static bool
json_array_step(
    struct json_object *array, const char *name, struct json_object **ret_value)
{
	size_t index = 0;
	const char *digit;

	if (*name == '\0' || (name[0] == '0' && name[1] != '\0'))
		return false;
	for (digit = name; *digit != '\0'; digit++) {
		if (*digit < '0' || *digit > '9' || digit - name > 8)
			return false;
		index = index * 10 + (size_t)(*digit - '0');
	}
	if (index >= json_object_array_length(array))
		return false;
	*ret_value = json_object_array_get_idx(array, index);
	return true;
}

/* False if there is nothing; a null that is there is true with NULL. Allocates
 * nothing: "no memory" must not look like "not there". */
static bool
json_find(const struct json *json, const char *pointer,
    struct json_object **ret_value)
{
	struct json_object *value = json->root;

	while (*pointer == '/') {
		size_t length = strcspn(++pointer, "/");
		char name[JSON_TOKEN_MAX_BYTES + 1];
		bool is_there = false;

		if (length > JSON_TOKEN_MAX_BYTES)
			return false;
		json_copy_token(name, pointer, length);
		if (json_object_is_type(value, json_type_object))
			is_there =
			    json_object_object_get_ex(value, name, &value) != 0;
		else if (json_object_is_type(value, json_type_array))
			is_there = json_array_step(value, name, &value);
		if (!is_there)
			return false;
		pointer += length;
	}
	if (*pointer != '\0')
		return false;
	*ret_value = value;
	return true;
}

static bool
json_is_saturated(struct json_object *value)
{
	return json_object_is_type(value, json_type_int) &&
	    (json_object_get_int64(value) == INT64_MIN ||
		json_object_get_uint64(value) == UINT64_MAX);
}

bool
json_condition_holds(const struct json *json, const struct condition *condition)
{
	cleanup_json struct json literal = {0};
	struct json_object *value;
	bool is_equal;

	if (!json_find(json, condition->pointer, &value))
		return false;
	if (condition->comparison == CONDITION_PRESENT)
		return value != NULL &&
		    (!json_object_is_type(value, json_type_boolean) ||
			json_object_get_boolean(value));
	if (condition->literal == NULL || json_is_saturated(value) ||
	    json_parse(condition->literal, strlen(condition->literal), &literal,
		NULL) != EXTAUTH_OK)
		return false;
	is_equal = json_object_equal(value, literal.root) != 0;
	return condition->comparison == CONDITION_EQUAL ? is_equal : !is_equal;
}

bool
json_copy_text(
    const struct json *json, const char *pointer, char *text, size_t size)
{
	struct json_object *value;
	const char *string;
	size_t length;

	text[0] = '\0';
	if (!json_find(json, pointer, &value) ||
	    !json_object_is_type(value, json_type_string))
		return false;
	string = json_object_get_string(value);
	length = (size_t)json_object_get_string_len(value);
	if (strlen(string) != length)
		return false;
	text_copy_printable(text, size, string, length);
	return true;
}

/* The value at `pointer` if it has that type, else NULL. */
static struct json_object *
json_typed(const struct json *json, const char *pointer, enum json_type type)
{
	struct json_object *value;

	if (!json_find(json, pointer, &value) ||
	    !json_object_is_type(value, type))
		return NULL;
	return value;
}

const char *
json_string(const struct json *json, const char *pointer)
{
	struct json_object *value = json_typed(json, pointer, json_type_string);
	const char *string;

	if (value == NULL)
		return NULL;
	string = json_object_get_string(value);
	if (*string == '\0' ||
	    strlen(string) != (size_t)json_object_get_string_len(value))
		return NULL;
	return string;
}

bool
json_number(const struct json *json, const char *pointer, int64_t *ret_number)
{
	struct json_object *value = json_typed(json, pointer, json_type_int);
	int64_t number;

	if (value == NULL || json_is_saturated(value))
		return false;
	number = json_object_get_int64(value);
	if (number < 0 || json_object_get_uint64(value) != (uint64_t)number)
		return false;
	*ret_number = number;
	return true;
}

bool
json_copy_id(
    const struct json *json, const char *pointer, char *text, size_t size)
{
	const char *string = json_string(json, pointer);
	int64_t number;
	int length;

	text[0] = '\0';
	if (string != NULL)
		length = snprintf(text, size, "%s", string);
	else if (json_number(json, pointer, &number))
		length = snprintf(text, size, "%" PRId64, number);
	else
		return false;
	if (length > 0 && (size_t)length < size)
		return true;
	text[0] = '\0';
	return false;
}

bool
json_is_object(const struct json *json, const char *pointer)
{
	return json_typed(json, pointer, json_type_object) != NULL;
}

bool
json_is_true(const struct json *json, const char *pointer)
{
	struct json_object *value =
	    json_typed(json, pointer, json_type_boolean);

	return value != NULL && json_object_get_boolean(value);
}

bool
json_has(const struct json *json, const char *pointer)
{
	struct json_object *value;

	return json_find(json, pointer, &value) && value != NULL;
}

struct json
json_lend(const struct json *json, const char *pointer)
{
	struct json lent = {0};

	(void)json_find(json, pointer, &lent.root);
	return lent;
}

struct json
json_element(const struct json *array, size_t at)
{
	struct json lent = {0};

	if (at < json_length(array, ""))
		lent.root = json_object_array_get_idx(array->root, at);
	return lent;
}

bool
json_is_array(const struct json *json, const char *pointer)
{
	return json_typed(json, pointer, json_type_array) != NULL;
}

size_t
json_length(const struct json *json, const char *pointer)
{
	struct json_object *value = json_typed(json, pointer, json_type_array);

	return value != NULL ? json_object_array_length(value) : 0;
}

void
json_clear(struct json *json)
{
	if (json == NULL)
		return;
	json_object_put(json->root);
	*json = (struct json){0};
}
