/* SPDX-License-Identifier: MIT */
#include "sync_report.h"
#include "translate.h"

#include <stdio.h>
#include <string.h>

#define REMARKS_MAX 20

static const struct {
	uint32_t bit;
	const char *name;
} change_names[] = {
    {SYNC_CHANGE_EMAIL, N_("e-mail")},
    {SYNC_CHANGE_GECOS, N_("gecos")},
    {SYNC_CHANGE_HOME, N_("home")},
    {SYNC_CHANGE_SHELL, N_("shell")},
    {SYNC_CHANGE_PROVIDER, N_("provider")},
    {SYNC_CHANGE_GROUPS, N_("groups")},
    {SYNC_CHANGE_SOURCE, N_("source")},
};

#define CHANGE_NAMES (sizeof(change_names) / sizeof(change_names[0]))

void
sync_report_sums(const struct sync_counts *counts, bool is_for_people,
    char *ret_text, size_t size)
{
	static const char form[] = N_(
	    "added %zu, changed %zu, enabled %zu, disabled %zu, removed %zu, "
	    "refused %zu, unchanged %zu");

	(void)snprintf(ret_text, size, is_for_people ? _(form) : form,
	    counts->added, counts->changed, counts->enabled, counts->disabled,
	    counts->removed, counts->refused, counts->unchanged);
}

static void
remarks_print(
    const char *source, const char *what, const struct sync_remarks *remarks)
{
	size_t i;

	for (i = 0; i < remarks->count && i < REMARKS_MAX; i++)
		(void)printf("%s: %s: %s: %s\n", source, what,
		    remarks->items[i].who, remarks->items[i].text);
	if (i < remarks->count)
		(void)printf(_("%s: %s: and %zu more\n"), source, what,
		    remarks->count - i);
}

static const char *
email_of(const struct sync_plan *plan, const struct sync_step *step)
{
	if (step->person == SYNC_INDEX_NONE)
		return "";
	return sync_person_text(
	    &plan->people->persons[step->person], SYNC_PERSON_EMAIL);
}

static void
changes_print(const struct sync_step *step)
{
	const char *before = ": ";
	size_t i;

	if ((step->changes & ~SYNC_CHANGE_STATES) == 0)
		return;
	(void)printf("~ %s", step->name);
	for (i = 0; i < CHANGE_NAMES; i++) {
		if ((step->changes & change_names[i].bit) == 0)
			continue;
		(void)printf(
		    "%s%s", before, translate_text(change_names[i].name));
		before = ", ";
	}
	(void)printf("\n");
}

static void
step_print(const struct sync_plan *plan, const struct sync_step *step)
{
	switch (step->kind) {
	case SYNC_STEP_REMOVE:
		(void)printf(_("- %s (removed)\n"), step->name);
		break;
	case SYNC_STEP_CHANGE:
		changes_print(step);
		if ((step->changes & SYNC_CHANGE_ENABLE) != 0)
			(void)printf(_("+ %s (enabled)\n"), step->name);
		if ((step->changes & SYNC_CHANGE_DISABLE) != 0)
			(void)printf(_("- %s (disabled)\n"), step->name);
		break;
	case SYNC_STEP_ADD:
		(void)printf(_("+ %s %s uid %u\n"), step->name,
		    email_of(plan, step), step->uid);
		break;
	}
}

static void
lines_print(const struct sync_report_order *order, const struct sync_plan *plan)
{
	struct sync_counts counts = sync_plan_counts(plan);
	char sums[256];
	size_t i;

	remarks_print(order->source, _("refused"), &plan->refusals);
	if (order->has_differences) {
		remarks_print(order->source, _("note"), &plan->notes);
		if (counts.filtered > 0)
			(void)printf(_("%s: note: %zu left out by domains or "
				       "only_groups\n"),
			    order->source, counts.filtered);
		for (i = 0; i < plan->count; i++)
			if (!plan->steps[i].is_refused)
				step_print(plan, &plan->steps[i]);
	}
	sync_report_sums(&counts, true, sums, sizeof(sums));
	(void)printf(
	    order->is_rehearsal ? _("%s: would be: %s\n") : _("%s: %s\n"),
	    order->source, sums);
}

static struct json_object *
remarks_made(const struct sync_remarks *remarks)
{
	struct json_object *array = document_array();
	size_t i;

	for (i = 0; i < remarks->count; i++) {
		struct json_object *object = document_object();

		document_text(object, "who", remarks->items[i].who);
		document_text(object, "external_id", remarks->items[i].id);
		document_text(object, "reason", remarks->items[i].text);
		document_push(array, object);
	}
	return array;
}

static const char *
step_word(const struct sync_step *step)
{
	switch (step->kind) {
	case SYNC_STEP_REMOVE:
		return "removed";
	case SYNC_STEP_ADD:
		return "added";
	case SYNC_STEP_CHANGE:
		break;
	}
	if ((step->changes & SYNC_CHANGE_ENABLE) != 0)
		return "enabled";
	if ((step->changes & SYNC_CHANGE_DISABLE) != 0)
		return "disabled";
	return "changed";
}

static struct json_object *
step_made(const struct sync_plan *plan, const struct sync_step *step)
{
	struct json_object *object = document_object();
	struct json_object *changes = document_array();
	size_t i;

	document_text(object, "name", step->name);
	document_text(object, "email", email_of(plan, step));
	if (step->uid != 0)
		document_number(object, "uid", step->uid);
	document_text(object, "what", step_word(step));
	for (i = 0; i < CHANGE_NAMES; i++)
		if ((step->changes & change_names[i].bit) != 0)
			document_push_text(changes, change_names[i].name);
	document_put(object, "changes", changes);
	return object;
}

static void
json_fill(const struct sync_report_order *order, const struct sync_plan *plan)
{
	struct sync_counts counts = sync_plan_counts(plan);
	struct json_object *json = order->json;
	struct json_object *steps;
	size_t i;

	document_number(json, "added", (int64_t)counts.added);
	document_number(json, "changed", (int64_t)counts.changed);
	document_number(json, "enabled", (int64_t)counts.enabled);
	document_number(json, "disabled", (int64_t)counts.disabled);
	document_number(json, "removed", (int64_t)counts.removed);
	document_number(json, "refused", (int64_t)counts.refused);
	document_number(json, "unchanged", (int64_t)counts.unchanged);
	document_number(json, "left_out", (int64_t)counts.filtered);
	document_put(json, "refusals", remarks_made(&plan->refusals));
	document_put(json, "notes", remarks_made(&plan->notes));
	if (!order->has_differences)
		return;
	steps = document_array();
	for (i = 0; i < plan->count; i++)
		if (!plan->steps[i].is_refused)
			document_push(steps, step_made(plan, &plan->steps[i]));
	document_put(json, "differences", steps);
}

void
sync_report(const struct sync_report_order *order, const struct sync_plan *plan)
{
	if (order->json != NULL)
		json_fill(order, plan);
	else
		lines_print(order, plan);
}

void
sync_report_unchanged(const struct sync_report_order *order, size_t refused)
{
	if (order->json != NULL)
		document_number(order->json, "refused_then", (int64_t)refused);
	else if (refused > 0)
		(void)printf(_("%s: unchanged since the last sync, %zu refused "
			       "then\n"),
		    order->source, refused);
	else
		(void)printf(
		    _("%s: unchanged since the last sync\n"), order->source);
}
