/* SPDX-License-Identifier: MIT */
/* The rules of tests/provider_verdicts.txt: which answer, at which stage of
 * which provider, means what.
 * Does not know: providers. */
#ifndef EXTAUTH_TABLE_RULES_H
#define EXTAUTH_TABLE_RULES_H

#include <stdbool.h>
#include <stddef.h>

#define TABLE_STATUS_FIRST 100
#define TABLE_STATUS_LAST 599
#define TABLE_NAME_BYTES 160

/* One line. Stage and body are patterns, fnmatch(3) with FNM_EXTMATCH. */
struct table_rule {
	unsigned line;
	char stage[TABLE_NAME_BYTES];
	char body[TABLE_NAME_BYTES];
	char expected[TABLE_NAME_BYTES];
	bool statuses[TABLE_STATUS_LAST + 1];
	bool is_used;
};

/* {0} is none. */
struct table_rules {
	struct table_rule *items;
	size_t count;
};

/* Reads the file; ended by table_rules_clear. Fails the test on a line that is
 * no rule. */
void table_rules_read(const char *path, struct table_rules *ret_rules);
void table_rules_clear(struct table_rules *rules);

/* Lends, in `ret_fitting` (as many places as there are rules), the rules for
 * this stage and body, in order. Returns how many. */
size_t table_rules_fit(struct table_rules *rules, const char *stage,
    const char *body, struct table_rule **ret_fitting);

#endif
