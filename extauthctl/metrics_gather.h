/* SPDX-License-Identifier: MIT */
/* What there is to be measured, as families of metrics. extauthctl(8) names
 * them.
 * Does not know: the format of the text, and where it goes. */
#ifndef EXTAUTHCTL_METRICS_GATHER_H
#define EXTAUTHCTL_METRICS_GATHER_H

#include <stdbool.h>

#include "metrics_text.h"
#include "status_document.h"

/* Adds all families. With `is_online` each provider's server is connected to.
 */
void metrics_gather(
    const struct status_scene *scene, bool is_online, struct metrics *metrics);

#endif
