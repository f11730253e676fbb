/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECE_END 0x1e

void
fuzz_require(bool holds, const char *what)
{
	if (holds)
		return;
	(void)fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

const char *
fuzz_target_name(char *const *arguments)
{
	static const char prefix[] = "fuzz_";
	const char *name = strrchr(arguments[0], '/');

	name = name != NULL ? name + 1 : arguments[0];
	fuzz_require(strncmp(name, prefix, sizeof(prefix) - 1) == 0,
	    "the program is called fuzz_TARGET");
	return name + sizeof(prefix) - 1;
}

bool
fuzz_is_shown(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text < ' ' || *text > '~')
			return false;
	return true;
}

const char *
fuzz_next_text(struct fuzz_input *input, size_t *ret_length)
{
	const char *text = input->next;
	const char *stop = memchr(text, PIECE_END, (size_t)(input->end - text));

	*ret_length = (size_t)((stop != NULL ? stop : input->end) - text);
	input->next = stop != NULL ? stop + 1 : input->end;
	return text;
}

struct fuzz_input
fuzz_begin(const uint8_t *bytes, size_t length)
{
	const char *start = length > 0 ? (const char *)bytes : "";

	return (struct fuzz_input){.next = start, .end = start + length};
}

uint8_t
fuzz_next_byte(struct fuzz_input *input)
{
	return input->next < input->end ? (uint8_t)*input->next++ : 0;
}

char *
fuzz_copy_text(struct fuzz_input *input)
{
	size_t length;
	const char *text = fuzz_next_text(input, &length);
	char *copy = strndup(text, length);

	fuzz_require(copy != NULL, "memory");
	return copy;
}

char *
fuzz_copy_bytes(const char *bytes, size_t length)
{
	char *copy = malloc(length > 0 ? length : 1);

	fuzz_require(copy != NULL, "memory");
	memcpy(copy, bytes, length);
	return copy;
}

unsigned
fuzz_read_status(const char *text, size_t length)
{
	unsigned status = 0;
	size_t at;

	if (length < FUZZ_STATUS_BYTES)
		return 0;
	for (at = 0; at < FUZZ_STATUS_BYTES; at++)
		status = status * 10 + ((unsigned char)text[at] + 2U) % 10;
	return status;
}
