/* SPDX-License-Identifier: MIT */
#include "finding.h"

#include <stdio.h>

#include "translate.h"

#define TEXT_BYTES 2048

/* "warning" has seven letters; what follows stands below each other. */
#define LEVEL_COLUMNS 8

static const char *
level_name(enum finding_level level)
{
	switch (level) {
	case FINDING_NOTE:
		return N_("note");
	case FINDING_WARNING:
		return N_("warning");
	case FINDING_ERROR:
		return N_("error");
	}
	return "error";
}

void
finding_add(struct findings *findings, enum finding_level level, const char *id,
    const char *mend, const char *format, ...)
{
	struct json_object *object = document_object();
	char text[TEXT_BYTES] = "";
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(text, sizeof(text), translate_text(format), arguments);
	va_end(arguments);
	document_text(object, "level", level_name(level));
	document_text(object, "id", id);
	document_text(object, "text", text);
	document_text(object, "mend", translate_text(mend));
	document_push(findings->array, object);
	findings->counts[level]++;
}

static const char *
colour_of(const char *level)
{
	if (level[0] == 'e')
		return "\033[31m";
	return level[0] == 'w' ? "\033[33m" : "\033[2m";
}

static void
print_one(const struct context *context, struct json_object *finding)
{
	const char *level = document_get_text(finding, "level");
	const char *mend = document_get_text(finding, "mend");

	if (context->is_coloured)
		(void)printf("%s", colour_of(level));
	translate_print_padded(_(level), LEVEL_COLUMNS);
	if (context->is_coloured)
		(void)printf("\033[0m");
	(void)printf("%s: %s\n", document_get_text(finding, "id"),
	    document_get_text(finding, "text"));
	if (mend[0] != '\0')
		(void)printf(_("        mend: %s\n"), mend);
}

void
findings_print(const struct context *context, const struct findings *findings)
{
	size_t count = json_object_array_length(findings->array);
	size_t index;

	if (context->is_json) {
		document_print_json(findings->array);
		return;
	}
	for (index = 0; index < count; index++)
		print_one(
		    context, json_object_array_get_idx(findings->array, index));
	(void)printf(_("errors: %u, warnings: %u, notes: %u\n"),
	    findings->counts[FINDING_ERROR], findings->counts[FINDING_WARNING],
	    findings->counts[FINDING_NOTE]);
}
