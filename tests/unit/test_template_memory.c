/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "fault.h"
#include "template.h"
#include "unit.h"

#define FAULTS_MAX 1000
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

int
main(void)
{
	const TTest *const tests[] = {
	    text_is_whole_or_memory_has_run_out,
	    NULL,
	};

	return unit_run("template_memory", tests);
}
