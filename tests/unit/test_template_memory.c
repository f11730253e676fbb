/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "fault.h"
#include "template.h"
#include "unit.h"

#define FAULTS_MAX 1000
#define LARGE_BYTES ((size_t)1024 * 1024)
#define MANY_BYTES ((size_t)64 * 1024)
#define TEXT "{\"a\": \"{{USERNAME}}\", \"b\": \"{{SECRET:key}}\", \"c\": \"\"}"

/* Parses and expands, with the fault wherever it falls. */
static enum extauth_err
expand(struct buffer *buffer, struct extauth_error *error)
{
	static const struct template_named key = {
	    PLACEHOLDER_SECRET, "key", {"s\"", 2}};
	struct template_values values = {.named = &key, .named_count = 1};
	cleanup_template struct template template = {0};
	enum extauth_err err =
	    template_parse(TEMPLATE_JSON, TEXT, &template, error);

	values.of[PLACEHOLDER_USERNAME] = (struct template_value){"alice", 5};
	return err == EXTAUTH_OK
	    ? template_expand(&template, &values, buffer, error)
	    : err;
}

START_TEST(text_is_whole_or_memory_has_run_out)
{
	size_t after;
	bool is_hit = true;

	for (after = 0; is_hit; after++) {
		cleanup_buffer struct buffer buffer = buffer_make(1024);
		struct extauth_error error = {0};
		enum extauth_err err;

		fault_begin(FAULT_MEMORY, after, ENOMEM);
		err = expand(&buffer, &error);
		is_hit = fault_end();
		ck_assert_int_eq(err, is_hit ? EXTAUTH_NOMEM : EXTAUTH_OK);
		ck_assert_uint_lt(after, FAULTS_MAX);
		if (!is_hit)
			ck_assert_str_eq(buffer_text(&buffer),
			    "{\"a\": \"alice\", \"b\": \"s\\\"\", "
			    "\"c\": \"\"}");
	}
	ck_assert_uint_gt(after, 8);
}
END_TEST

static size_t seen_bytes;

size_t __real_strlen(const char *text);
size_t __wrap_strlen(const char *text);

size_t
__wrap_strlen(const char *text)
{
	const size_t length = __real_strlen(text);

	seen_bytes += length + 1;
	return length;
}

/* How many bytes are measured while a text of placeholders alone is read. */
static size_t
work_of(size_t length, struct template *ret_template)
{
	static const char piece[] = "{{USERNAME}}";
	static char text[MANY_BYTES + sizeof(piece)];
	size_t at;

	for (at = 0; at < length; at += sizeof(piece) - 1)
		memcpy(text + at, piece, sizeof(piece));
	seen_bytes = 0;
	ck_assert_ok(template_parse(TEMPLATE_HEADER, text, ret_template, NULL));
	return seen_bytes;
}

START_TEST(text_twice_as_long_is_twice_the_work)
{
	cleanup_template struct template half = {0};
	cleanup_template struct template whole = {0};
	const size_t work = work_of(MANY_BYTES / 2, &half);

	ck_assert_uint_gt(work, 0);
	ck_assert_uint_le(work_of(MANY_BYTES, &whole), 2 * work + 1000);
	ck_assert_uint_ge(whole.part_count, 2 * half.part_count - 1);
}
END_TEST

/* Of a value of 1 MiB, and of a text of as much. */
START_TEST(large_input_is_refused_and_holds_no_more_than_the_limit)
{
	static char large[LARGE_BYTES + 32];
	const char *const texts[] = {large + LARGE_BYTES, large};
	size_t row;

	memset(large, 'x', LARGE_BYTES);
	memcpy(large + LARGE_BYTES, "{{USERNAME}}", sizeof("{{USERNAME}}"));
	for (row = 0; row < 2; row++) {
		cleanup_template struct template template = {0};
		cleanup_buffer struct buffer buffer =
		    buffer_make(TEMPLATE_OUTPUT_MAX_BYTES);
		struct template_values values = {0};

		values.of[PLACEHOLDER_USERNAME] =
		    (struct template_value){large, LARGE_BYTES};
		ck_assert_ok(template_parse(
		    TEMPLATE_HEADER, texts[row], &template, NULL));
		ck_assert_int_eq(
		    template_expand(&template, &values, &buffer, NULL),
		    EXTAUTH_TOOBIG);
		ck_assert_uint_le(
		    buffer.capacity, 2 * TEMPLATE_OUTPUT_MAX_BYTES);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    text_is_whole_or_memory_has_run_out,
	    text_twice_as_long_is_twice_the_work,
	    large_input_is_refused_and_holds_no_more_than_the_limit,
	    NULL,
	};

	return unit_run("template_memory", tests);
}
