/* SPDX-License-Identifier: MIT */
/* The token that a login brought, for the session: into the PAM environment,
 * where the administrator said so.
 * Does not know: what the token is good for. */
#ifndef EXTAUTH_PAM_TOKEN_H
#define EXTAUTH_PAM_TOKEN_H

#include "pam_login.h"

/* Puts the token of an accepted login into the variable that `export_token` of
 * its provider names; without one of either, and where PAM_RUSER is the user
 * himself, it does nothing. What goes wrong is logged, and the login stays one.
 * pam_putenv(3). */
void pam_token_export(const struct pam_login *login);

#endif
