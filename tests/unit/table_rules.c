/* SPDX-License-Identifier: MIT */
#include "table_rules.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#define LINE_BYTES 512

/* What may be expected: a verdict, or the step that the machine goes on by. */
static const char *const expectations[] = {
    "ACCEPTED",
    "REJECTED",
    "EXPIRED",
    "LOCKED",
    "SECOND_FACTOR_NEEDED",
    "DENIED_BY_POLICY",
    "THROTTLED",
    "UNAVAILABLE",
    "MISCONFIGURED",
    "REQUEST",
    "PROMPT",
    "WAIT",
};

static bool
table_is_expectation(const char *word)
{
	size_t at;

	for (at = 0; at < sizeof(expectations) / sizeof(*expectations); at++)
		if (strcmp(word, expectations[at]) == 0)
			return true;
	return false;
}

/* Reads 200, 400-403, a list of such with commas, or *. */
static void
table_read_statuses(const char *text, struct table_rule *rule)
{
	const char *at = strcmp(text, "*") == 0 ? "100-599" : text;

	while (*at != '\0') {
		char *end;
		unsigned long first = strtoul(at, &end, 10);
		unsigned long last = first;

		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		ck_assert_msg(first >= TABLE_STATUS_FIRST && first <= last &&
			last <= TABLE_STATUS_LAST &&
			(*end == ',' || *end == '\0'),
		    "line %u: %s is no status", rule->line, text);
		for (; first <= last; first++)
			rule->statuses[first] = true;
		at = *end == ',' ? end + 1 : end;
	}
}

static void
table_read_rule(char *line, struct table_rule *rule)
{
	char statuses[LINE_BYTES];
	char rest[LINE_BYTES];
	int count;

	line[strcspn(line, "#\n")] = '\0';
	count = sscanf(line, "%159s %511s %159s %159s %511s", rule->stage,
	    statuses, rule->body, rule->expected, rest);
	ck_assert_msg(
	    count == 4, "line %u: stage, status, body, verdict", rule->line);
	ck_assert_msg(table_is_expectation(rule->expected),
	    "line %u: %s is no verdict", rule->line, rule->expected);
	table_read_statuses(statuses, rule);
}

void
table_rules_read(const char *path, struct table_rules *ret_rules)
{
	struct table_rules rules = {0};
	char line[LINE_BYTES];
	unsigned number = 0;
	FILE *file = fopen(path, "re");

	ck_assert_msg(file != NULL, "%s cannot be read", path);
	while (fgets(line, sizeof(line), file) != NULL) {
		number++;
		if (line[strspn(line, " \t\n")] == '\0' || line[0] == '#')
			continue;
		rules.items = reallocarray(
		    rules.items, rules.count + 1, sizeof(*rules.items));
		ck_assert_ptr_nonnull(rules.items);
		rules.items[rules.count] = (struct table_rule){.line = number};
		table_read_rule(line, &rules.items[rules.count++]);
	}
	(void)fclose(file);
	*ret_rules = rules;
}

void
table_rules_clear(struct table_rules *rules)
{
	free(rules->items);
	*rules = (struct table_rules){0};
}

size_t
table_rules_fit(struct table_rules *rules, const char *stage, const char *body,
    struct table_rule **ret_fitting)
{
	size_t count = 0;
	size_t at;

	for (at = 0; at < rules->count; at++)
		if (fnmatch(rules->items[at].stage, stage, FNM_EXTMATCH) == 0 &&
		    fnmatch(rules->items[at].body, body, FNM_EXTMATCH) == 0)
			ret_fitting[count++] = &rules->items[at];
	return count;
}
