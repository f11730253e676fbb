/* SPDX-License-Identifier: MIT */
/* The local account that gets an administrator back in when the web service is
 * out of reach.
 * Does not know: extauth. */
#ifndef EXTAUTHCTL_SETUP_RESCUE_H
#define EXTAUTHCTL_SETUP_RESCUE_H

#include <stdint.h>

#include "error.h"

#define SETUP_NAME_BYTES 64

/* Finds an account of /etc/passwd with a shell, a password of its own in
 * /etc/shadow that is neither locked nor expired on `today` (days since 1970),
 * and root's rights: root itself, or as sudo says, or a member of group sudo
 * where sudo cannot be asked. `name` has SETUP_NAME_BYTES. EXTAUTH_NOTFOUND
 * with the mend in `error`; EXTAUTH_UNAVAILABLE. shadow(5). */
EXTAUTH_CHECKED enum extauth_err setup_rescue_find(
    int64_t today, char *name, struct extauth_error *error);

#endif
