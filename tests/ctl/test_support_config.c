/* SPDX-License-Identifier: MIT */
/* Every key of the configuration has a decision of what a supporter may see.
 * Does not know: whether it is a good one. */
#include <string.h>

#include "support_config.h"
#include "unit.h"

START_TEST(every_key_has_a_decision)
{
	size_t count = 0;
	const struct config_key *keys = config_keys(&count);
	size_t at;

	ck_assert_uint_gt(count, 100);
	for (at = 0; at < count; at++)
		ck_assert_msg(support_config_decision(keys[at].section,
				  keys[at].name) != SUPPORT_OMIT,
		    "[%s] %s: may a supporter see it? Add a row to "
		    "support_config_table.h",
		    keys[at].section, keys[at].name);
}
END_TEST

START_TEST(every_decision_is_of_a_key_and_stands_once)
{
	size_t count = 0;
	const struct config_key *keys = config_keys(&count);
	const char *section = NULL;
	const char *key = NULL;
	size_t nth;

	for (nth = 0; support_config_row(nth, &section, &key); nth++) {
		unsigned found = 0;
		size_t at;

		for (at = 0; at < count; at++)
			found += strcmp(keys[at].section, section) == 0 &&
			    strcmp(keys[at].name, key) == 0;
		ck_assert_msg(found == 1, "[%s] %s", section, key);
	}
	ck_assert_uint_eq(nth, count);
}
END_TEST

START_TEST(unknown_key_is_left_out)
{
	ck_assert_int_eq(
	    support_config_decision("provider", "nonsense"), SUPPORT_OMIT);
	ck_assert_int_eq(
	    support_config_decision("nonsense", "url"), SUPPORT_OMIT);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    every_key_has_a_decision,
	    every_decision_is_of_a_key_and_stands_once,
	    unknown_key_is_left_out,
	    NULL,
	};

	return unit_run("support_config", tests);
}
