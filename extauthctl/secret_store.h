/* SPDX-License-Identifier: MIT */
/* Stores a secret for the worker to find.
 * Does not know: who uses it. */
#ifndef EXTAUTHCTL_SECRET_STORE_H
#define EXTAUTHCTL_SECRET_STORE_H

#include "secret.h"

/* Makes the secret the content of the file secrets/NAME beside the
 * configuration at `config_path`, for root alone, replaced as a whole.
 * EXTAUTH_INVALID if it is no name of a secret; EXTAUTH_SYSTEM. */
EXTAUTH_CHECKED enum extauth_err secret_store(const char *config_path,
    const char *name, const struct secret *secret, struct extauth_error *error);

#endif
