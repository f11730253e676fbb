/* SPDX-License-Identifier: MIT */
/* The profiles of pam-auth-update that setup switches.
 * Does not know: who else keeps profiles. */
#ifndef EXTAUTHCTL_SETUP_PAM_H
#define EXTAUTHCTL_SETUP_PAM_H

#include <stdbool.h>

#include "buffer.h"

#define SETUP_SESSION "/etc/pam.d/common-session"

/* Tells whether the profile (extauth, mkhomedir) stands in the common- files.
 */
bool setup_pam_is_on(const char *profile);

/* Appends the lines that the profile brings, as `TYPE LINE`. EXTAUTH_NOTFOUND
 * with the mend in `error` if the profile, or pam-auth-update, is not there.
 * EXTAUTH_SYSTEM, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err setup_pam_lines(
    const char *profile, struct buffer *lines, struct extauth_error *error);

/* Switches the profile by pam-auth-update, and looks at what came of it.
 * EXTAUTH_CONFIG if the files were changed by hand, so that it left them alone;
 * EXTAUTH_SYSTEM. The text in `error` has the mend. pam-auth-update(8). */
EXTAUTH_CHECKED enum extauth_err setup_pam_switch(
    const char *profile, bool is_on, struct extauth_error *error);

/* Lends the line of common-session that makes home directories, without its
 * line end, or NULL. `text` is the file's. */
const char *setup_pam_home_line(const char *text, size_t *ret_length);

#endif
