/* SPDX-License-Identifier: MIT */
/* A JSON text from outside, read strictly, and what conditions say about it.
 * Does not know: HTTP, verdicts. */
#ifndef EXTAUTH_JSON_H
#define EXTAUTH_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "condition.h"
#include "error.h"

#define JSON_DEPTH_MAX 16
/* A member with a longer name is not found by any pointer. */
#define JSON_TOKEN_MAX_BYTES 1023

struct json_object;

/* One text that was read; {0} is JSON's null. */
struct json {
	struct json_object *root;
};

/* Reads a whole text. `*ret_json` is the caller's (json_clear) and written only
 * on success. EXTAUTH_INVALID, with a reason that holds no byte of the text,
 * for what is not strict JSON: not UTF-8, nested deeper than JSON_DEPTH_MAX, a
 * name twice in one object, a NUL in a string, a control byte, a number that is
 * not finite. EXTAUTH_NOMEM. RFC 8259. */
EXTAUTH_CHECKED enum extauth_err json_parse(const char *bytes, size_t length,
    struct json *ret_json, struct extauth_error *error);

/* Tells whether the condition holds. Types are exact: 1, 1.0 and "1" are three
 * values. What is not there fulfils none of the three forms, and a number that
 * is too big to be told apart from its neighbour neither. */
bool json_condition_holds(
    const struct json *json, const struct condition *condition);

/* Copies the string at `pointer` into `text` of `size` bytes, printable and cut
 * to fit. Returns false, with `text` empty, if there is no string.
 * RFC 6901. */
bool json_copy_text(
    const struct json *json, const char *pointer, char *text, size_t size);

/* Lends the string at `pointer`, or NULL where there is none, or an empty one,
 * or one with a NUL inside. It lives as long as `json`. */
const char *json_string(const struct json *json, const char *pointer);

/* Copies a name for somebody: a non-empty string, or a whole number as decimal
 * digits. Returns false, with `text` empty, for anything else and for what does
 * not fit. */
bool json_copy_id(
    const struct json *json, const char *pointer, char *text, size_t size);

/* Reads a whole number from 0 to INT64_MAX. */
bool json_number(
    const struct json *json, const char *pointer, int64_t *ret_number);

/* Tells whether there is an object, `true`, or anything but null. */
bool json_is_object(const struct json *json, const char *pointer);
bool json_is_true(const struct json *json, const char *pointer);
bool json_has(const struct json *json, const char *pointer);

/* Lends the value at `pointer`, to be read by itself as long as `json` lives
 * and never to be cleared; null where there is none. */
struct json json_lend(const struct json *json, const char *pointer);

/* Lends element `at` of an array, or null. */
struct json json_element(const struct json *array, size_t at);

/* Tells whether there is an array. */
bool json_is_array(const struct json *json, const char *pointer);

/* How many elements the array at `pointer` has; 0 where there is none. */
size_t json_length(const struct json *json, const char *pointer);

/* Copies one token of a pointer, of `length` bytes, with ~0 and ~1 undone; the
 * caller frees it. NULL: no memory. RFC 6901 4. */
char *json_pointer_token(const char *token, size_t length);

/* Frees the text and leaves {0}. NULL is allowed. */
void json_clear(struct json *json);

#define cleanup_json __attribute__((cleanup(json_clear)))

#endif
