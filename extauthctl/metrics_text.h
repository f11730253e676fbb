/* SPDX-License-Identifier: MIT */
/* Text for Prometheus: families of gauges, labels escaped, what could not be
 * told beside them. Exposition format 0.0.4.
 * Does not know: what is measured. */
#ifndef EXTAUTHCTL_METRICS_TEXT_H
#define EXTAUTHCTL_METRICS_TEXT_H

#include <stdint.h>

#include "buffer.h"

#define METRICS_LABELS_MAX 4
#define METRICS_MAX_BYTES ((size_t)16 << 20)

struct metrics_label {
	const char *name;
	const char *value;
};

/* `text` is what was written; {.text = buffer_make(METRICS_MAX_BYTES)} and the
 * same for `errors` is empty. Memory that is missing ends the program. */
struct metrics {
	struct buffer text;
	struct buffer errors; /* samples that come last, as one family */
	const char *family;
};

/* Begins a family of gauges; until the next one all samples are its. */
void metrics_family(
    struct metrics *metrics, const char *name, const char *help);

/* Adds a sample; `labels` ends with {NULL}, or is NULL. */
void metrics_sample(
    struct metrics *metrics, const struct metrics_label *labels, int64_t value);

/* Both at once, without labels. */
void metrics_single(
    struct metrics *metrics, const char *name, const char *help, int64_t value);

/* Notes that something cannot be told: `what` ("registry", "certificate") of
 * `name`, which may be "". */
void metrics_error(struct metrics *metrics, const char *what, const char *name);

/* Writes the family of what cannot be told, as the last one. */
void metrics_finish(struct metrics *metrics);

/* Frees all. NULL is allowed. */
void metrics_clear(struct metrics *metrics);

#define cleanup_metrics __attribute__((cleanup(metrics_clear)))

#endif
