/* SPDX-License-Identifier: MIT */
#include "login.h"

#include <string.h>

#include "escape.h"

/* Characters that are not seen but change what is: C1 controls, direction
 * marks and isolates, line and paragraph separators, the byte order mark, tags.
 * Each range is told by the first bytes of its UTF-8 form and by what the next
 * byte may be. */
static const struct hidden {
	const char *start;
	unsigned char first;
	unsigned char last;
} hidden_characters[] = {
    {"\xc2", 0x80, 0x9f},
    {"\xd8", 0x9c, 0x9c},
    {"\xe2\x80", 0x8b, 0x8f},
    {"\xe2\x80", 0xa8, 0xae},
    {"\xe2\x81", 0xa0, 0xaf},
    {"\xef\xbb", 0xbf, 0xbf},
    {"\xf3\xa0", 0x80, 0xbf},
};

static bool
is_continuation(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

/* Tells how many bytes of a hidden character stand at `text`, 0 if none. */
static size_t
hidden_length(const char *text)
{
	size_t i;

	for (i = 0;
	     i < sizeof(hidden_characters) / sizeof(hidden_characters[0]);
	     i++) {
		const struct hidden *hidden = &hidden_characters[i];
		size_t length = strlen(hidden->start);
		unsigned char next;

		if (strncmp(text, hidden->start, length) != 0)
			continue;
		next = (unsigned char)text[length];
		if (next < hidden->first || next > hidden->last)
			continue;
		length++;
		while (is_continuation(text[length]))
			length++;
		return length;
	}
	return 0;
}

static void
mask_unless(char *text, const char *keep, bool may_be_wide)
{
	for (; *text != '\0'; text++) {
		unsigned char byte = (unsigned char)*text;
		bool is_wide = byte >= 0x80 && may_be_wide;

		if (!is_wide && (byte < ' ' || byte > '~') &&
		    strchr(keep, byte) == NULL)
			*text = '?';
	}
}

/* A text that was cut may end within a character, which is dropped. */
static bool
is_utf8_but_for_its_end(char *text)
{
	size_t length = strlen(text);
	size_t end = length;

	while (end > 0 && length - end < 3 && !escape_is_utf8(text, end) &&
	    (unsigned char)text[end - 1] >= 0x80)
		end--;
	if (!escape_is_utf8(text, end))
		return false;
	text[end] = '\0';
	return true;
}

void
login_make_printable(char *text, const char *keep)
{
	char *at;

	mask_unless(text, keep, is_utf8_but_for_its_end(text));
	for (at = text; *at != '\0'; at++)
		memset(at, '?', hidden_length(at));
}

void
login_make_plain(char *text)
{
	mask_unless(text, "", false);
}
