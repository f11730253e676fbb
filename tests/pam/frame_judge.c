/* SPDX-License-Identifier: MIT */
#include "frame_judge.h"

#include <stdint.h>
#include <string.h>

/* By common/frame.h; written down once more, so that both must agree. */
enum {
	LARGEST = 131072,
	NONCE = 16,
	TEXT_MAX = 255,
	TOKEN_MAX = 16384,
	SHOWN_MAX = 32768,
	SPOKEN_MAX = 32,
	WAITING_MAX = 256,
	TRACED_MAX = 10000,
};
enum {
	PROMPT = 65,
	INFORM = 66,
	TRACE = 67,
	VERDICT = 69,
	WAITING = 71,
};
enum {
	OF_VERSION = 1,
	OF_NONCE = 2,
	OF_FLAGS = 8,
	OF_TEXT = 21,
	OF_VERDICT = 23,
	OF_REASON = 24,
	OF_MESSAGE = 25,
	OF_STATUS = 26,
	OF_TLS = 27,
	OF_TOKEN = 29,
};
#define ACCEPTED 0x91d93080u

struct member {
	const char *bytes; /* NULL: there is none */
	size_t length;
};

struct words {
	unsigned char type;
	struct member members[256];
};

static uint32_t
number(const char *bytes)
{
	const unsigned char *at = (const unsigned char *)bytes;

	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	    (uint32_t)at[3] << 24;
}

/* False for what is no frame, or not yet a whole one. */
static bool
read_words(const char *at, size_t left, struct words *words, size_t *used)
{
	size_t claimed;

	memset(words, 0, sizeof(*words));
	if (left < 5)
		return false;
	claimed = number(at);
	if (claimed < 1 || claimed > LARGEST || claimed > left - 4)
		return false;
	*used = claimed + 4;
	words->type = (unsigned char)at[4];
	at += 5;
	for (claimed--; claimed > 0;) {
		struct member *member;
		size_t length;

		if (claimed < 5)
			return false;
		length = number(at + 1);
		if (length > claimed - 5)
			return false;
		member = &words->members[(unsigned char)*at];
		if (member->bytes != NULL)
			return false;
		*member = (struct member){at + 5, length};
		at += 5 + length;
		claimed -= 5 + length;
	}
	return true;
}

static bool
is_number(const struct member *member, uint32_t wanted)
{
	return member->bytes != NULL && member->length == 4 &&
	    number(member->bytes) == wanted;
}

static bool
is_text(const struct member *member)
{
	return member->bytes != NULL && member->length <= TEXT_MAX &&
	    memchr(member->bytes, 0, member->length) == NULL;
}

static bool
is_grant(const struct words *words, const struct frame_dialog *dialog)
{
	const struct member *members = words->members;
	const struct member *token = &members[OF_TOKEN];

	return is_number(&members[OF_VERSION], 1) && dialog->nonce != NULL &&
	    members[OF_NONCE].length == NONCE &&
	    memcmp(members[OF_NONCE].bytes, dialog->nonce, NONCE) == 0 &&
	    is_number(&members[OF_VERDICT], ACCEPTED) &&
	    members[OF_STATUS].bytes != NULL &&
	    members[OF_STATUS].length == 4 && is_text(&members[OF_REASON]) &&
	    is_text(&members[OF_MESSAGE]) && is_text(&members[OF_TLS]) &&
	    token->length <= TOKEN_MAX &&
	    (!dialog->is_change || token->length == 0);
}

static bool
is_too_long_to_show(const struct member *text)
{
	return text->bytes != NULL &&
	    strnlen(text->bytes, text->length) > SHOWN_MAX;
}

struct tally {
	unsigned spoken;
	unsigned waiting;
	unsigned traced;
};

static bool
may_go_on(const struct words *words, const struct frame_dialog *dialog,
    struct tally *tally)
{
	const struct member *members = words->members;

	switch (words->type) {
	case PROMPT:
		return !dialog->is_change && tally->spoken++ < SPOKEN_MAX &&
		    !is_too_long_to_show(&members[OF_TEXT]);
	case INFORM:
		return tally->spoken++ < SPOKEN_MAX;
	case TRACE:
		return tally->traced++ < TRACED_MAX;
	case WAITING:
		return tally->waiting++ < WAITING_MAX &&
		    (is_number(&members[OF_FLAGS], 0) ||
			is_number(&members[OF_FLAGS], 1));
	default:
		return false;
	}
}

bool
frame_judge_may_grant(const struct frame_dialog *dialog)
{
	static struct words words;
	struct tally tally = {0};
	size_t at = 0;
	size_t used = 0;

	while (read_words(
	    dialog->bytes + at, dialog->length - at, &words, &used)) {
		at += used;
		if (words.type == VERDICT)
			return is_grant(&words, dialog) && at == dialog->length;
		if (!may_go_on(&words, dialog, &tally))
			return false;
	}
	return false;
}

/* The number of a character's bytes and its least value, by its first byte. */
static int
width(unsigned char first, uint32_t *ret_bits, uint32_t *ret_least)
{
	if (first >= 0xf0 && first < 0xf5) {
		*ret_bits = first & 0x07;
		*ret_least = 0x10000;
		return 4;
	}
	if (first >= 0xe0 && first < 0xf0) {
		*ret_bits = first & 0x0f;
		*ret_least = 0x800;
		return 3;
	}
	if (first >= 0xc2 && first < 0xe0) {
		*ret_bits = first & 0x1f;
		*ret_least = 0x80;
		return 2;
	}
	*ret_bits = first;
	*ret_least = 0;
	return first < 0x80 ? 1 : 0;
}

static bool
is_seen(uint32_t point)
{
	static const uint32_t unseen[][2] = {{0, 0x09}, {0x0b, 0x1f},
	    {0x7f, 0x9f}, {0x61c, 0x61c}, {0x200b, 0x200f}, {0x2028, 0x202e},
	    {0x2060, 0x206f}, {0xd800, 0xdfff}, {0xfeff, 0xfeff},
	    {0xe0000, 0xe0fff}, {0x110000, 0xffffffff}};
	size_t at;

	for (at = 0; at < sizeof(unseen) / sizeof(unseen[0]); at++)
		if (point >= unseen[at][0] && point <= unseen[at][1])
			return false;
	return true;
}

bool
frame_judge_is_showable(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	while (*at != 0) {
		uint32_t point;
		uint32_t least;
		int left = width(*at++, &point, &least);

		if (left == 0)
			return false;
		while (--left > 0) {
			if ((*at & 0xc0) != 0x80)
				return false;
			point = point << 6 | (*at++ & 0x3f);
		}
		if (point < least || !is_seen(point))
			return false;
	}
	return true;
}
