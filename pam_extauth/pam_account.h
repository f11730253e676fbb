/* SPDX-License-Identifier: MIT */
/* Who PAM_USER is to us, and whether he may log in here: the steps of a login
 * before the password, and all of the account step.
 * Does not know: passwords, the worker. */
#ifndef EXTAUTH_PAM_ACCOUNT_H
#define EXTAUTH_PAM_ACCOUNT_H

#include "config.h"
#include "identity.h"
#include "pam_call.h"
#include "pam_result.h"
#include "policy.h"
#include "registry.h"

/* {0} with a closed registry is nothing: see pam_account_make. */
struct pam_account {
	char name[IDENTITY_EMAIL_MAX_BYTES + 1];
	struct config config; /* where it could be loaded */
	struct registry registry;
	struct registry_room room;
	struct registry_user user; /* where `is_registered` */
	bool is_registered;
	bool is_local; /* /etc/passwd itself has the name */
	struct extauth_error error;
};

/* Makes an empty account, to be ended by pam_account_clear. */
struct pam_account pam_account_make(void);

/* Finds out about `name`: DECISION_ALLOWED, or the first thing that speaks
 * against him, with the reason in `account->error` where it needs one. Local
 * names are left alone whatever is broken. DESIGN 7, steps 1 to 3. */
enum pam_decision pam_account_examine(
    const struct pam_call *call, const char *name, struct pam_account *account);

/* Fills the question that policy_provider is asked for this account; it borrows
 * from both. */
struct policy_question pam_account_question(
    const struct pam_call *call, const struct pam_account *account);

/* Frees all and leaves it empty. */
void pam_account_clear(struct pam_account *account);

#define cleanup_account __attribute__((cleanup(pam_account_clear)))

#endif
