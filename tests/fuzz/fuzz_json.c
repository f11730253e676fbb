/* SPDX-License-Identifier: MIT */
/* Fuzz target of the JSON reader: what it takes is strict JSON by a second
 * reader's judgement, and of what is plain it takes all.
 * Does not know: what the text is for. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "json.h"
#include "strict.h"

static const char *const pointers[] = {
    "",
    "/a",
    "/error",
    "/_embedded/users/0/id",
    "/details/0/innerError/code",
    "/~0~1",
    "/0/0",
};

/* The functions that read a tree must bear each tree. */
static void
fuzz_look(const struct json *json)
{
	size_t at;

	for (at = 0; at < sizeof(pointers) / sizeof(*pointers); at++) {
		const char *pointer = pointers[at];
		const char *string = json_string(json, pointer);
		char text[16];
		int64_t number = 0;

		fuzz_require(string == NULL || *string != '\0',
		    "an empty string is lent");
		(void)json_copy_text(json, pointer, text, sizeof(text));
		fuzz_require(strlen(text) < sizeof(text), "a text that is cut");
		if (!json_copy_id(json, pointer, text, sizeof(text)))
			fuzz_require(text[0] == '\0', "what is no id");
		if (json_number(json, pointer, &number))
			fuzz_require(number >= 0, "a number below 0");
		if (json_is_object(json, pointer) ||
		    json_is_true(json, pointer))
			fuzz_require(
			    json_has(json, pointer), "what is there is not");
		(void)json_length(json, pointer);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const char *text = length > 0 ? (const char *)bytes : "";
	struct strict strict = strict_read(text, length);
	struct json json = {0};
	struct extauth_error error = {0};
	enum extauth_err err = json_parse(text, length, &json, &error);

	if (err == EXTAUTH_OK) {
		fuzz_require(strict.is_json, "what is no JSON is taken");
		fuzz_require(!strict.has_nul, "a NUL is taken");
		fuzz_require(!strict.repeats, "a name stands twice");
		fuzz_require(strict.depth <= JSON_DEPTH_MAX, "it is too deep");
		fuzz_look(&json);
	} else {
		fuzz_require(err == EXTAUTH_INVALID, "it is refused oddly");
		fuzz_require(error.text[0] != '\0', "no reason is given");
		fuzz_require(!strict.is_json || !strict.is_plain ||
			strict.has_nul || strict.repeats ||
			strict.depth >= JSON_DEPTH_MAX,
		    "plain JSON is refused");
	}
	json_clear(&json);
	return 0;
}
