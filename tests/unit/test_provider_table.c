/* SPDX-License-Identifier: MIT */
/* Every answer at every stage of every provider: the verdicts are those of
 * tests/provider_verdicts.txt, which is written by hand.
 *
 * usage: test_provider_table [BEGINNING-OF-A-STAGE]... */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "provider.h"
#include "table_body.h"
#include "table_rules.h"
#include "unit.h"

#define RULES SOURCE_DIRECTORY "/tests/provider_verdicts.txt"
#define CASES_MIN 18000
#define SHOWN_MAX 100
#define TEXT_BYTES 512

/* What a stage's test counts. */
struct table_count {
	unsigned cases;
	unsigned failures;
	unsigned shown;
	char last[TEXT_BYTES]; /* body and outcome that were shown last */
};

/* verdict_name is in lower case. */
static bool
table_is_expected(const struct step *step, const char *expected)
{
	const char *name = table_step_name(step);

	for (; *name != '\0' && *expected != '\0'; name++, expected++)
		if ((*name & ~0x20) != (*expected & ~0x20))
			return false;
	return *name == *expected;
}

/* A refusal says why; nothing says a secret. */
static const char *
table_find_fault(const struct step *step)
{
	const struct login_outcome *outcome = &step->outcome;

	if (strstr(outcome->reason, TABLE_PASSWORD) != NULL ||
	    strstr(outcome->message, TABLE_PASSWORD) != NULL ||
	    strstr(outcome->reason, "client-secret") != NULL)
		return "a secret is told";
	if (step->kind != STEP_VERDICT)
		return NULL;
	if (outcome->verdict != VERDICT_ACCEPTED && outcome->reason[0] == '\0')
		return "no reason is given";
	if (outcome->verdict != VERDICT_ACCEPTED && outcome->token.length > 0)
		return "a token goes with a refusal";
	return NULL;
}

/* Of neighbours that fail alike the first is shown. */
static void
table_show(const struct table_run *run, unsigned status, const char *text,
    struct table_count *count)
{
	count->failures++;
	if (strcmp(count->last, text) == 0 || count->shown == SHOWN_MAX)
		return;
	(void)snprintf(count->last, sizeof(count->last), "%s", text);
	count->shown++;
	printf("# %s %u %s (%s)\n", run->stage->name, status, text,
	    run->step.outcome.reason);
}

static void
table_check_case(struct table_run *run, const struct table_body *body,
    unsigned status, const struct table_rule *rule, struct table_count *count)
{
	char text[TEXT_BYTES];
	const char *fault;

	table_run_reach(run);
	table_run_answer(run, status, body->text, strlen(body->text));
	table_run_leave(run);
	fault = table_find_fault(&run->step);
	count->cases++;
	if (fault == NULL && table_is_expected(&run->step, rule->expected))
		return;
	(void)snprintf(text, sizeof(text), "%s: %s, line %u says %s %s",
	    body->name, table_step_name(&run->step), rule->line, rule->expected,
	    fault != NULL ? fault : "");
	table_show(run, status, text, count);
}

/* Where the status alone counts, the bodies that are no answer to anything are
 * given with each, and the rest with the first and the last few. */
static bool
table_is_given(const struct table_body *body, unsigned status)
{
	bool is_made = strchr(body->name, '.') == NULL;

	return is_made || status < 105 || (status >= 195 && status < 210) ||
	    (status >= 295 && status < 310) ||
	    (status >= 395 && status < 515) || status >= 595;
}

static void
table_check_body(struct table_run *run, const struct table_body *body,
    struct table_rules *rules, struct table_count *count)
{
	struct table_rule **fitting = calloc(rules->count, sizeof(*fitting));
	size_t fits;
	unsigned status;

	ck_assert_ptr_nonnull(fitting);
	fits = table_rules_fit(rules, run->stage->name, body->name, fitting);
	for (status = TABLE_STATUS_FIRST; status <= TABLE_STATUS_LAST;
	     status++) {
		size_t at = 0;

		if (!table_is_given(body, status))
			continue;
		while (at < fits && !fitting[at]->statuses[status])
			at++;
		if (at == fits)
			ck_abort_msg("%s %u %s: no rule", run->stage->name,
			    status, body->name);
		fitting[at]->is_used = true;
		table_check_case(run, body, status, fitting[at], count);
	}
	free(fitting);
}

/* A rule for this stage alone that no case met says nothing. */
static void
table_check_unused(const struct table_rules *rules, const char *stage)
{
	size_t at;

	for (at = 0; at < rules->count; at++)
		ck_assert_msg(rules->items[at].is_used ||
			strcmp(rules->items[at].stage, stage) != 0,
		    "line %u of the rules is not used", rules->items[at].line);
}

static void
table_check_stage(const struct table_stage *stage)
{
	struct table_count count = {0};
	struct table_rules rules;
	struct table_bodies bodies;
	struct table_run run;
	size_t at;

	table_rules_read(RULES, &rules);
	table_bodies_collect(stage, &bodies);
	table_run_begin(stage, &run);
	for (at = 0; at < bodies.count; at++)
		table_check_body(&run, &bodies.items[at], &rules, &count);
	printf("# %s: %u cases\n", stage->name, count.cases);
	(void)fflush(stdout);
	ck_assert_msg(count.failures == 0, "%s: %u of %u cases", stage->name,
	    count.failures, count.cases);
	table_check_unused(&rules, stage->name);
	table_run_end(&run);
	table_bodies_clear(&bodies);
	table_rules_clear(&rules);
}

START_TEST(stage_judges_as_the_rules_say)
{
	table_check_stage(&table_stages()[_i]);
}
END_TEST

static size_t
table_count_cases(const struct table_stage *stage)
{
	struct table_bodies bodies;
	size_t cases = 0;
	size_t at;
	unsigned status;

	table_bodies_collect(stage, &bodies);
	for (at = 0; at < bodies.count; at++)
		for (status = TABLE_STATUS_FIRST; status <= TABLE_STATUS_LAST;
		     status++)
			cases += table_is_given(&bodies.items[at], status);
	table_bodies_clear(&bodies);
	return cases;
}

START_TEST(there_are_enough_cases)
{
	const struct table_stage *stage;
	size_t cases = 0;

	for (stage = table_stages(); stage->name != NULL; stage++)
		cases += table_count_cases(stage);
	printf("# all stages: %zu cases\n", cases);
	(void)fflush(stdout);
	ck_assert_uint_ge(cases, CASES_MIN);
}
END_TEST

static bool
is_chosen(const char *name, int count, char **beginnings)
{
	int at;

	for (at = 0; at < count; at++)
		if (strncmp(name, beginnings[at], strlen(beginnings[at])) == 0)
			return true;
	return count == 0;
}

int
main(int argc, char **argv)
{
	Suite *suite = suite_create("provider_table");
	TCase *all = tcase_create("all");
	SRunner *runner;
	int failed;
	int at;

	tcase_set_timeout(all, 60);
	for (at = 0; table_stages()[at].name != NULL; at++)
		if (is_chosen(table_stages()[at].name, argc - 1, argv + 1))
			tcase_add_loop_test(
			    all, stage_judges_as_the_rules_say, at, at + 1);
	if (argc == 1)
		tcase_add_test(all, there_are_enough_cases);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
