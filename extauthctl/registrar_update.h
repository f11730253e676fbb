/* SPDX-License-Identifier: MIT */
/* The registrar's part that changes users who are registered.
 * Does not know: how a new one is put together. */
#ifndef EXTAUTHCTL_REGISTRAR_UPDATE_H
#define EXTAUTHCTL_REGISTRAR_UPDATE_H

#include "registrar.h"

/* Checks what a user's fields may be, but for name and numbers. EXTAUTH_INVALID
 * with the reason in `error`. */
EXTAUTH_CHECKED enum extauth_err registrar_check_fields(
    const struct registrar *registrar, const struct registry_user *user,
    struct extauth_error *error);

#endif
