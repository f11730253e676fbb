/* SPDX-License-Identifier: MIT */
/* The text for Prometheus: families, labels, what could not be told.
 * Does not know: what is measured. */
#include "metrics_text.h"
#include "unit.h"

static struct metrics
metrics_new(void)
{
	return (struct metrics){.text = buffer_make(METRICS_MAX_BYTES),
	    .errors = buffer_make(METRICS_MAX_BYTES)};
}

START_TEST(family_has_help_type_and_samples)
{
	const struct metrics_label labels[] = {
	    {"a", "x"}, {"b", ""}, {NULL, NULL}};
	cleanup_metrics struct metrics metrics = metrics_new();

	metrics_single(&metrics, "one", "What it is.", -7);
	metrics_family(&metrics, "two", "Another.");
	metrics_sample(&metrics, labels, INT64_MAX);
	metrics_sample(&metrics, NULL, 0);
	metrics_finish(&metrics);
	ck_assert_str_eq(buffer_text(&metrics.text),
	    "# HELP one What it is.\n# TYPE one gauge\none -7\n"
	    "# HELP two Another.\n# TYPE two gauge\n"
	    "two{a=\"x\",b=\"\"} 9223372036854775807\ntwo 0\n");
}
END_TEST

START_TEST(label_and_help_are_escaped_each_by_its_rule)
{
	static const struct {
		const char *value;
		const char *text;
	} rows[] = {
	    {"a\"b", "n{v=\"a\\\"b\"} 1\n"},
	    {"a\\b", "n{v=\"a\\\\b\"} 1\n"},
	    {"a\nb", "n{v=\"a\\nb\"} 1\n"},
	    {"a}b,c=\"d", "n{v=\"a}b,c=\\\"d\"} 1\n"},
	    {"\303\244", "n{v=\"\303\244\"} 1\n"},
	    {"\303x", "n{v=\"?x\"} 1\n"},
	};
	size_t at;

	for (at = 0; at < sizeof(rows) / sizeof(*rows); at++) {
		const struct metrics_label labels[] = {
		    {"v", rows[at].value}, {NULL, NULL}};
		cleanup_metrics struct metrics metrics = metrics_new();

		metrics_family(&metrics, "n", "A \"b\" \\ c\nd.");
		buffer_clear(&metrics.text);
		metrics_sample(&metrics, labels, 1);
		ck_assert_str_eq(buffer_text(&metrics.text), rows[at].text);
	}
}
END_TEST

START_TEST(help_keeps_its_quotes)
{
	cleanup_metrics struct metrics metrics = metrics_new();

	metrics_family(&metrics, "n", "A \"b\" \\ c\nd.");
	ck_assert_str_eq(buffer_text(&metrics.text),
	    "# HELP n A \"b\" \\\\ c\\nd.\n# TYPE n gauge\n");
}
END_TEST

START_TEST(what_could_not_be_told_comes_last_as_one_family)
{
	cleanup_metrics struct metrics metrics = metrics_new();

	metrics_error(&metrics, "registry", "");
	metrics_single(&metrics, "one", "One.", 1);
	metrics_error(&metrics, "ca_file", "main");
	metrics_finish(&metrics);
	ck_assert_str_eq(buffer_text(&metrics.text),
	    "# HELP one One.\n# TYPE one gauge\none 1\n"
	    "# HELP extauth_metrics_error What could not be told, and is left "
	    "out above.\n# TYPE extauth_metrics_error gauge\n"
	    "extauth_metrics_error{what=\"registry\",name=\"\"} 1\n"
	    "extauth_metrics_error{what=\"ca_file\",name=\"main\"} 1\n");
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    family_has_help_type_and_samples,
	    label_and_help_are_escaped_each_by_its_rule,
	    help_keeps_its_quotes,
	    what_could_not_be_told_comes_last_as_one_family,
	    NULL,
	};

	return unit_run("metrics_text", tests);
}
