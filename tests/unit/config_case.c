/* SPDX-License-Identifier: MIT */
#include "config_case.h"

#include <string.h>

void
config_case_refused(const struct config_refused *rows, size_t count)
{
	size_t index;

	for (index = 0; index < count; index++) {
		struct config config = {0};
		struct extauth_error error = {0};
		const char *text = rows[index].text;

		ck_assert_msg(config_parse("x.conf", text, strlen(text),
				  &config, &error) == EXTAUTH_CONFIG,
		    "taken, or worse: %s: %s", text, error.text);
		ck_assert_str_eq(error.text, rows[index].line);
		ck_assert_ptr_null(config.path);
	}
}

struct config
config_case_taken(const char *text)
{
	struct config config = {0};
	struct extauth_error error = {0};

	ck_assert_msg(config_parse("x.conf", text, strlen(text), &config,
			  &error) == EXTAUTH_OK,
	    "%s", error.text);
	return config;
}
