/* SPDX-License-Identifier: MIT */
/* What the server of a provider shows of itself, without a login.
 * Does not know: how it is told further. */
#ifndef EXTAUTHCTL_METRICS_ONLINE_H
#define EXTAUTHCTL_METRICS_ONLINE_H

#include <stdbool.h>
#include <stdint.h>

#include "config.h"

struct metrics_online {
	bool is_reachable;
	int64_t server_end_s; /* 0: no certificate, or it is not told */
};

/* Connects to the provider by the worker, as `check --online` does before its
 * attempt to log in. The end of the server's certificate is the beginning of
 * its last day, UTC. */
void metrics_online_probe(const struct config *config,
    const struct config_provider *provider, struct metrics_online *ret_online);

#endif
