/* SPDX-License-Identifier: MIT */
/* The offer of a reset mail: asked once in a conversation, the same for those
 * who are registered and those who are not.
 * Does not know: how the provider sends the mail. */
#ifndef EXTAUTH_PAM_FORGOT_H
#define EXTAUTH_PAM_FORGOT_H

#include "pam_login.h"

/* After a refused login with the option `forgot_password`: asks, and sends the
 * request for `y` or `yes` of a registered user. Where the service cannot ask,
 * or no provider mails resets, shows forgot_password_message. */
void pam_forgot_after_login(
    struct pam_login *login, enum pam_decision decision);

/* In place of a password change: tells the provider's password_page, offers the
 * same, then shows
 * forgot_password_message. Returns DECISION_TIMEOUT if the mail was wanted and
 * the provider could not be reached, else DECISION_ALLOWED. */
enum pam_decision pam_forgot_instead_of_change(struct pam_login *login);

#endif
