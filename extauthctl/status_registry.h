/* SPDX-License-Identifier: MIT */
/* The registry in numbers, and who is paused, for `status`, `metrics` and
 * `support-bundle`.
 * Does not know: how they are shown. */
#ifndef EXTAUTHCTL_STATUS_REGISTRY_H
#define EXTAUTHCTL_STATUS_REGISTRY_H

#include "config.h"
#include "registry_write.h"

/* {0} is none. Where `is_good` is false, all numbers are 0. */
struct status_registry {
	bool is_there; /* there is a file */
	bool is_good;  /* it was read, or there is none */
	struct extauth_error error;
	size_t enabled;
	size_t disabled; /* all who are */
	size_t held;     /* of these, by hand */
	size_t linked;
	int64_t changed_s;   /* 0 = never */
	const char **paused; /* names, lent from the contents */
	size_t paused_count;
	struct registry_contents contents;
};

/* Reads the registry that there is. `config` tells when somebody is paused;
 * NULL: nobody is looked for. `*ret_registry` is the caller's. */
void status_registry_read(
    const struct config *config, struct status_registry *ret_registry);

/* Frees all and leaves {0}. NULL is allowed. */
void status_registry_clear(struct status_registry *registry);

#define cleanup_status_registry __attribute__((cleanup(status_registry_clear)))

#endif
