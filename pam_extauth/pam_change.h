/* SPDX-License-Identifier: MIT */
/* A change of the password at the provider, where it has a call for that.
 * Does not know: how the provider is told. */
#ifndef EXTAUTH_PAM_CHANGE_H
#define EXTAUTH_PAM_CHANGE_H

#include "pam_login.h"

/* Tells whether the provider of an examined and allowed user can change his
 * password, and this host may ask it. */
bool pam_change_is_possible(struct pam_login *login);

/* Takes the old password, which root does not know better. DECISION_ALLOWED,
 * DECISION_BAD_PASSWORD, or DECISION_NO_PASSWORD with the PAM code in
 * `*ret_code`. */
enum pam_decision pam_change_prepare(struct pam_login *login, int *ret_code);

/* Takes the new password as well and has the provider change it:
 * DECISION_VERDICT with `login->outcome`, or why there is none;
 * DECISION_BAD_NEW_PASSWORD for one that is not even sent. */
enum pam_decision pam_change_carry_out(struct pam_login *login, int *ret_code);

/* Shows what the person is to know of a change that failed. */
void pam_change_tell(const struct pam_login *login, enum pam_decision decision);

#endif
