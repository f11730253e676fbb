/* SPDX-License-Identifier: MIT */
#include "metrics_text.h"

#include <inttypes.h>
#include <string.h>

#include "escape.h"
#include "message.h"

#define ERROR_NAME "extauth_metrics_error"

static void
add(struct buffer *text, const char *bytes, size_t length)
{
	if (buffer_append(text, bytes, length) != EXTAUTH_OK)
		die_of_memory();
}

static void
add_text(struct buffer *text, const char *more)
{
	add(text, more, strlen(more));
}

/* A text that is no UTF-8 is none of ours; what is not ASCII is left out. */
static void
add_escaped(struct buffer *text, const char *value, bool is_label)
{
	bool is_utf8 = escape_is_utf8(value, strlen(value));

	for (; *value != '\0'; value++) {
		if (*value == '\\')
			add_text(text, "\\\\");
		else if (*value == '\n')
			add_text(text, "\\n");
		else if (*value == '"' && is_label)
			add_text(text, "\\\"");
		else if (!is_utf8 && (unsigned char)*value >= 0x80)
			add_text(text, "?");
		else
			add(text, value, 1);
	}
}

static void
head_add(struct buffer *text, const char *name, const char *help)
{
	add_text(text, "# HELP ");
	add_text(text, name);
	add_text(text, " ");
	add_escaped(text, help, false);
	add_text(text, "\n# TYPE ");
	add_text(text, name);
	add_text(text, " gauge\n");
}

static void
sample_add(struct buffer *text, const char *name,
    const struct metrics_label *labels, int64_t value)
{
	const char *before = "{";
	const struct metrics_label *label;

	add_text(text, name);
	for (label = labels; label != NULL && label->name != NULL; label++) {
		add_text(text, before);
		add_text(text, label->name);
		add_text(text, "=\"");
		add_escaped(text, label->value, true);
		add_text(text, "\"");
		before = ",";
	}
	if (*before == ',')
		add_text(text, "}");
	if (buffer_append_format(text, " %" PRId64 "\n", value) != EXTAUTH_OK)
		die_of_memory();
}

void
metrics_family(struct metrics *metrics, const char *name, const char *help)
{
	metrics->family = name;
	head_add(&metrics->text, name, help);
}

void
metrics_sample(
    struct metrics *metrics, const struct metrics_label *labels, int64_t value)
{
	sample_add(&metrics->text, metrics->family, labels, value);
}

void
metrics_single(
    struct metrics *metrics, const char *name, const char *help, int64_t value)
{
	metrics_family(metrics, name, help);
	metrics_sample(metrics, NULL, value);
}

void
metrics_error(struct metrics *metrics, const char *what, const char *name)
{
	const struct metrics_label labels[] = {
	    {"what", what}, {"name", name}, {NULL, NULL}};

	sample_add(&metrics->errors, ERROR_NAME, labels, 1);
}

void
metrics_finish(struct metrics *metrics)
{
	if (metrics->errors.length == 0)
		return;
	head_add(&metrics->text, ERROR_NAME,
	    "What could not be told, and is left out above.");
	add(&metrics->text, buffer_text(&metrics->errors),
	    metrics->errors.length);
	buffer_clear(&metrics->errors);
}

void
metrics_clear(struct metrics *metrics)
{
	if (metrics == NULL)
		return;
	buffer_clear(&metrics->text);
	buffer_clear(&metrics->errors);
}
