/* SPDX-License-Identifier: MIT */
/* What a sync tells of itself: on standard output as lines or as JSON.
 * Does not know: how it came to be. */
#ifndef EXTAUTHCTL_SYNC_REPORT_H
#define EXTAUTHCTL_SYNC_REPORT_H

#include "document.h"
#include "sync_plan.h"

struct sync_report_order {
	const char *source;
	bool is_rehearsal;        /* "would be" */
	bool has_differences;     /* one line for each */
	struct json_object *json; /* of this source, filled; NULL: lines */
};

/* Tells who was refused, what was done, and the sums. */
void sync_report(
    const struct sync_report_order *order, const struct sync_plan *plan);

/* Tells that nothing changed since a sync that refused so many. */
void sync_report_unchanged(
    const struct sync_report_order *order, size_t refused);

/* Writes the sums as in "added 3, changed 1, ...": for people in their
 * language, else in English. */
void sync_report_sums(const struct sync_counts *counts, bool is_for_people,
    char *ret_text, size_t size);

#endif
