/* SPDX-License-Identifier: MIT */
#include "phrase.h"

#include <stdbool.h>
#include <string.h>

/* One line each. */
static const char *const texts[PHRASE_COUNT] = {
    [PHRASE_NOTHING] = "",
    [PHRASE_OPEN_AND_ENTER] =
	N_("Open %s and enter the code %s, then press Enter: "),
    [PHRASE_CHOOSE_NUMBER] = N_("On your phone choose %s, then press Enter: "),
    [PHRASE_CODE_OKTA] = N_("Code from your authenticator app (Okta Verify)"),
    [PHRASE_CODE_GOOGLE] = N_("Code from your authenticator app (Google)"),
    [PHRASE_CODE_APP] = N_("Code from your authenticator app"),
    [PHRASE_CODE_TOKEN] = N_("Code from your token"),
    [PHRASE_CODE_PHONE] = N_("Code from your phone"),
    [PHRASE_CODE_MESSAGE] = N_("Code from the text message"),
    [PHRASE_CODE_CALL] = N_("Code from the call"),
    [PHRASE_CODE_EMAIL] = N_("Code from the e-mail"),
    [PHRASE_ENTER_PHONE] = N_("Enter for a request on your phone"),
    [PHRASE_ENTER_CODE] = N_("Enter for a code by %s"),
    [PHRASE_OR] = N_(", or "),
    [PHRASE_NONE_OF_THEM] = N_("That is none of them. "),
    [PHRASE_WRONG] = N_("That code is wrong. "),
    [PHRASE_USED] = N_("That code was used before. "),
    [PHRASE_TOO_OLD] = N_("That code is too old. "),
    [PHRASE_SENT] = N_("It was sent a moment ago. "),
};

static size_t
places(const char *text, size_t length)
{
	size_t count = 0;
	size_t at;

	for (at = 0; at + 1 < length; at++)
		if (text[at] == '%' && text[at + 1] == 's')
			count++;
	return count;
}

/* One that lost a place would hide the code from the person. */
static bool
can_stand_for(const char *text, const char *other, size_t length)
{
	return length > 0 &&
	    places(text, strlen(text)) == places(other, length);
}

static char *
put_line(char *at, const char *line)
{
	size_t length = strlen(line);

	memcpy(at, line, length);
	at += length;
	*at++ = '\n';
	*at = '\0';
	return at;
}

void
phrase_collect(
    phrase_translate *translate, void *context, char phrases[PHRASES_MAX_BYTES])
{
	size_t left = PHRASES_MAX_BYTES;
	size_t i;

	*phrases = '\0';
	for (i = PHRASE_NOTHING + 1; i < PHRASE_COUNT; i++) {
		const char *other = translate(context, texts[i]);
		size_t room = strlen(texts[i]) + strlen(other) + 3;

		if (strcmp(texts[i], other) == 0 ||
		    strchr(other, '\n') != NULL || room > left)
			continue;
		phrases = put_line(put_line(phrases, texts[i]), other);
		left -= room - 1;
	}
}

/* Lends the text of `length` bytes that stands for `text`. */
static const char *
find(const char *phrases, const char *text, size_t *ret_length)
{
	size_t length = strlen(text);

	while (phrases != NULL && *phrases != '\0') {
		size_t key = strcspn(phrases, "\n");
		const char *other = phrases + key + (phrases[key] == '\n');
		size_t found = strcspn(other, "\n");

		if (key == length && memcmp(phrases, text, length) == 0 &&
		    can_stand_for(text, other, found)) {
			*ret_length = found;
			return other;
		}
		phrases = other + found + (other[found] == '\n');
	}
	*ret_length = length;
	return text;
}

enum extauth_err
phrase_append(struct buffer *buffer, const char *phrases, enum phrase phrase,
    const char *first, const char *second)
{
	const char *values[] = {first, second, NULL};
	const char *const *value = values;
	enum extauth_err err = EXTAUTH_OK;
	size_t length;
	const char *text = find(phrases, texts[phrase], &length);
	const char *end = text + length;

	while (err == EXTAUTH_OK && text < end) {
		bool is_place = *value != NULL && *text == '%' &&
		    text + 1 < end && text[1] == 's';

		err = is_place ? buffer_append_text(buffer, *value++)
			       : buffer_append(buffer, text, 1);
		text += is_place ? 2 : 1;
	}
	return err;
}
