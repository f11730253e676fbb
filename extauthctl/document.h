/* SPDX-License-Identifier: MIT */
/* What a command shows, made once as a JSON document and printed either as
 * that or as short aligned text.
 * Does not know: what it shows. */
#ifndef EXTAUTHCTL_DOCUMENT_H
#define EXTAUTHCTL_DOCUMENT_H

#include <json.h>
#include <stdbool.h>
#include <stdint.h>

/* Each makes an empty document, the caller's until it is added to another one
 * (document_clear). Memory that is missing ends the program. */
struct json_object *document_object(void);
struct json_object *document_array(void);

/* Each adds a member to an object. Texts are copied, their bytes that are no
 * UTF-8 replaced by '?'. A document that is added belongs to the other. */
void document_text(
    struct json_object *object, const char *key, const char *text);
void document_number(
    struct json_object *object, const char *key, int64_t number);
void document_flag(struct json_object *object, const char *key, bool flag);
void document_null(struct json_object *object, const char *key);
void document_put(
    struct json_object *object, const char *key, struct json_object *value);

/* Each adds an element to an array. */
void document_push_text(struct json_object *array, const char *text);
void document_push(struct json_object *array, struct json_object *value);

/* Lends a text member, or "". */
const char *document_get_text(struct json_object *object, const char *key);

/* Lends a value as text: that of a text, else the JSON of it; NULL is lent for
 * NULL alone. Memory that is missing ends the program. */
const char *document_value(struct json_object *value);

/* Lends the whole document as JSON, never NULL; flags are those of
 * json_object_to_json_string_ext. Memory that is missing ends the program. */
const char *document_render(struct json_object *document, int flags);

/* Prints the whole document as JSON. */
void document_print_json(struct json_object *document);

/* Prints the members of an object that are not empty, one line for each:
 * name, blanks, value. */
void document_print_fields(struct json_object *object);

/* Prints an array of objects as a table of `columns` (ends with NULL) with a
 * headline; blanks between, the last column not padded. */
void document_print_table(
    struct json_object *array, const char *const *columns);

/* Gives up a document that was added nowhere. */
void document_clear(struct json_object **document);

#define cleanup_document __attribute__((cleanup(document_clear)))

#endif
