/* SPDX-License-Identifier: MIT */
/* Fuzz target of templates. An input is a byte for the kind, the template, and
 * behind a byte 0x1e the value of all placeholders, and behind another that of
 * {{USERID}}. It is expanded twice, with plain words and with the values: to a
 * reader of that language the second text is the first, with the values in the
 * place of the words.
 * Does not know: what the placeholders stand for. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "fuzz_outline.h"
#include "fuzz_pure.h"
#include "template.h"

#define KINDS 6
#define WORD "Tq7Zk"
#define NUMBER "907314"
#define NAMED_MAX 64

/* A template and what is put into it. */
struct filling {
	struct template template;
	struct template_named named[NAMED_MAX];
	struct template_values values;
};

static void
fill(struct filling *filling, struct template_value word,
    struct template_value number)
{
	size_t at;

	filling->values = (struct template_values){.named = filling->named};
	for (at = 0; at < PLACEHOLDER_COUNT; at++)
		filling->values.of[at] =
		    at == PLACEHOLDER_USERID ? number : word;
	for (at = 0; at < filling->template.part_count; at++) {
		const struct template_part *part = &filling->template.parts[at];

		if (part->is_literal || part->text == NULL ||
		    filling->values.named_count == NAMED_MAX)
			continue;
		filling->named[filling->values.named_count++] =
		    (struct template_named){
			.placeholder = part->placeholder,
			.name = part->text,
			.value = word,
		    };
	}
}

static size_t
outline(enum template_kind kind, const struct buffer *text, char *ret_outline)
{
	switch (kind) {
	case TEMPLATE_URL:
	case TEMPLATE_FORM:
		return fuzz_outline_url(
		    buffer_text(text), text->length, ret_outline);
	case TEMPLATE_JSON:
		return fuzz_outline_json(
		    buffer_text(text), text->length, ret_outline);
	case TEMPLATE_XML:
		return fuzz_outline_xml(
		    buffer_text(text), text->length, ret_outline);
	case TEMPLATE_PATH:
	case TEMPLATE_HEADER:
		break;
	}
	return fuzz_outline_line(buffer_text(text), text->length, ret_outline);
}

/* Takes `plain` from `*at` on, with a value in the place of its word. */
static void
take(const struct buffer *plain, size_t *at, const struct filling *filling,
    struct buffer *ret_wanted)
{
	const char *text = plain->bytes + *at;
	size_t left = plain->length - *at;
	const struct template_value *value = NULL;
	size_t used = 1;
	enum extauth_err err;

	if (left >= strlen(WORD) && memcmp(text, WORD, strlen(WORD)) == 0) {
		value = &filling->values.of[PLACEHOLDER_USERNAME];
		used = strlen(WORD);
	} else if (left >= strlen(NUMBER) &&
	    memcmp(text, NUMBER, strlen(NUMBER)) == 0) {
		value = &filling->values.of[PLACEHOLDER_USERID];
		used = strlen(NUMBER);
	}
	err = value != NULL
	    ? buffer_append(ret_wanted, value->bytes, value->length)
	    : buffer_append(ret_wanted, text, 1);
	fuzz_require(err == EXTAUTH_OK, "room");
	*at += used;
}

static void
check_outlines(enum template_kind kind, const struct filling *filling,
    const struct buffer *plain, const struct buffer *full)
{
	cleanup_free char *first = malloc(plain->length * 2 + 1);
	cleanup_free char *second = malloc(full->length * 2 + 1);
	cleanup_buffer struct buffer wanted = buffer_make((size_t)1 << 22);
	struct buffer outlined = {.bytes = first};
	size_t length;
	size_t at = 0;

	fuzz_require(first != NULL && second != NULL, "memory");
	outlined.length = outline(kind, plain, first);
	if (outlined.length == (size_t)-1)
		return;
	while (at < outlined.length)
		take(&outlined, &at, filling, &wanted);
	length = outline(kind, full, second);
	fuzz_require(length != (size_t)-1, "a value breaks the text");
	fuzz_require(length == wanted.length &&
		memcmp(second, buffer_text(&wanted), length) == 0,
	    "a value says something else");
}

/* A server would leave such a part of a path out, or go up by it; in the query
 * it is like any other. RFC 3986 section 3.4. */
static bool
has_dots(const char *url)
{
	const char *query = url + strcspn(url, "?");
	const char *at = strstr(url, "/.");

	for (; at != NULL && at < query; at = strstr(at + 1, "/.")) {
		const char *end = at + strcspn(at + 1, "/?") + 1;

		if (end - at <= 3 && at[end - at - 1] == '.')
			return true;
	}
	return false;
}

static void
check_expanded(enum template_kind kind, struct filling *filling,
    struct template_value word, struct template_value number)
{
	static const struct template_value plain_word = {
	    WORD, sizeof(WORD) - 1};
	static const struct template_value plain_number = {
	    NUMBER, sizeof(NUMBER) - 1};
	cleanup_buffer struct buffer plain =
	    buffer_make(TEMPLATE_OUTPUT_MAX_BYTES);
	cleanup_buffer struct buffer full =
	    buffer_make(TEMPLATE_OUTPUT_MAX_BYTES);
	struct extauth_error error = {{0}};
	enum extauth_err err;

	fill(filling, plain_word, plain_number);
	if (template_expand(&filling->template, &filling->values, &plain,
		&error) != EXTAUTH_OK)
		return;
	fill(filling, word, number);
	err = template_expand(
	    &filling->template, &filling->values, &full, &error);
	fuzz_require(
	    err == EXTAUTH_OK || error.text[0] != '\0', "no reason is given");
	fuzz_require(err == EXTAUTH_OK || err == EXTAUTH_INVALID ||
		err == EXTAUTH_TOOBIG,
	    "it is refused oddly");
	if (err != EXTAUTH_OK)
		return;
	check_outlines(kind, filling, &plain, &full);
	if (kind == TEMPLATE_URL && word.length > 0 && number.length > 0)
		fuzz_require(has_dots(buffer_text(&plain)) ||
			!has_dots(buffer_text(&full)),
		    "a value makes a step up");
}

static void
fuzz_fill(enum template_kind kind, struct fuzz_input *input)
{
	cleanup_free char *text = fuzz_copy_text(input);
	struct filling *filling = calloc(1, sizeof(*filling));
	struct extauth_error error = {{0}};
	struct template_value word = {0};
	struct template_value number = {0};

	fuzz_require(filling != NULL, "memory");
	word.bytes = fuzz_next_text(input, &word.length);
	number.bytes = fuzz_next_text(input, &number.length);
	if (template_parse(kind, text, &filling->template, &error) !=
	    EXTAUTH_OK)
		fuzz_require(error.text[0] != '\0', "no reason is given");
	else if (strstr(text, WORD) == NULL && strstr(text, NUMBER) == NULL)
		check_expanded(kind, filling, word, number);
	template_clear(&filling->template);
	free(filling);
}

void
fuzz_template(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = fuzz_begin(bytes, length);

	fuzz_fill((enum template_kind)(fuzz_next_byte(&input) % KINDS), &input);
}

/* The same without the byte: the kind with the most places to be in. */
void
fuzz_xml(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = fuzz_begin(bytes, length);

	fuzz_fill(TEMPLATE_XML, &input);
}
