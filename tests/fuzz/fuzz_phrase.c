/* SPDX-License-Identifier: MIT */
/* Fuzz target of what a person is told in his language. An input is what a host
 * says the phrases are.
 * Does not know: languages. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "fuzz_pure.h"
#include "phrase.h"

#define ROOM_BYTES 65536
#define WORD "Q7Z9K" /* the number or code that the person needs */

static unsigned
count_words(const struct buffer *text)
{
	const char *at = buffer_text(text);
	unsigned count = 0;

	while ((at = strstr(at, WORD)) != NULL) {
		at += strlen(WORD);
		count++;
	}
	return count;
}

void
fuzz_phrase(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = fuzz_begin(bytes, length);
	cleanup_free char *phrases = strndup(input.next, length);
	int phrase;

	fuzz_require(phrases != NULL, "memory");
	if (strstr(phrases, WORD) != NULL)
		return;
	for (phrase = 0; phrase < PHRASE_COUNT; phrase++) {
		cleanup_buffer struct buffer english = buffer_make(ROOM_BYTES);
		cleanup_buffer struct buffer other = buffer_make(ROOM_BYTES);

		fuzz_require(phrase_append(&english, "", (enum phrase)phrase,
				 WORD, WORD) == EXTAUTH_OK &&
			phrase_append(&other, phrases, (enum phrase)phrase,
			    WORD, WORD) == EXTAUTH_OK,
		    "room");
		fuzz_require(other.length > 0 || english.length == 0,
		    "a phrase is gone");
		fuzz_require(count_words(&english) == count_words(&other),
		    "a word is gone");
	}
}
