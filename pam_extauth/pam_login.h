/* SPDX-License-Identifier: MIT */
/* The steps of one login, or of one change of a password, from the password on:
 * take it, ask the local throttle, ask the provider, tell the person, wait.
 * Does not know: who may log in (pam_account), what the codes are. */
#ifndef EXTAUTH_PAM_LOGIN_H
#define EXTAUTH_PAM_LOGIN_H

#include "login.h"
#include "pam_account.h"
#include "pam_call.h"
#include "pam_factor.h"
#include "pam_result.h"
#include "throttle.h"

/* Too large for the stack of a host's thread; {0} but for the registry is a
 * login that has not begun. */
struct pam_login {
	struct pam_call call;
	struct pam_account account;
	bool needs_no_password; /* the provider is asked without one */
	struct secret password;
	struct secret new_password; /* of a change */
	struct pam_factor factor;
	int64_t password_ms; /* frame_clock_ms when the password was there */
	const struct config_provider *provider; /* NULL: none is chosen yet */
	bool is_asked;                          /* the worker was started */
	struct login_facts facts;
	struct login_outcome outcome;
	uint32_t ticket; /* of the try that the throttle counts */
};

/* Makes a login of one call, or NULL without memory. Ended by pam_login_free.
 */
struct pam_login *pam_login_make(
    pam_handle_t *pamh, int flags, int argc, const char **argv);

/* Who is it, and may he? pam_account_examine, and what a login needs besides: a
 * host that is root, and for a linked account a worker that is there. Finds out
 * whether a password is needed. */
enum pam_decision pam_login_examine(struct pam_login *login, const char *name);

/* Takes the password, where one is needed. DECISION_ALLOWED if it may be sent,
 * DECISION_BAD_PASSWORD if not; DECISION_NO_PASSWORD with the PAM code in
 * `*ret_code` if there is none; DECISION_NO_MEMORY. */
enum pam_decision pam_login_take_password(
    struct pam_login *login, int *ret_code);

/* Asks the local throttle: DECISION_ALLOWED, DECISION_PAUSED or
 * DECISION_REPEATED. Afterwards tells it what came of a LOGIN or CHANGE. */
enum pam_decision pam_login_throttle(struct pam_login *login);
void pam_login_tell_throttle(
    const struct pam_login *login, enum frame_type type);

/* Chooses the provider, asks the local throttle and then the provider, for a
 * LOGIN or a CHANGE: DECISION_VERDICT with `login->outcome`, or why there is
 * none. */
enum pam_decision pam_login_ask(struct pam_login *login, enum frame_type type);

/* Chooses the provider, once. EXTAUTH_CONFIG with the reason in
 * `login->account.error`. */
EXTAUTH_CHECKED enum extauth_err pam_login_choose(struct pam_login *login);

/* Runs the worker for the chosen provider with a new request id, and with the
 * passwords that belong to `type`, and fills `login->outcome`; the errors are
 * those of worker_run. */
EXTAUTH_CHECKED enum extauth_err pam_login_run(
    struct pam_login *login, enum frame_type type);

/* Waits until `failure_delay` after `since_ms` of frame_clock_ms. */
void pam_login_pad(const struct pam_login *login, int64_t since_ms);

/* Shows what the person is to know of a login that failed. */
void pam_login_tell(const struct pam_login *login, enum pam_decision decision);

/* Writes the log line. */
void pam_login_log(const struct pam_login *login, enum pam_decision decision);

/* Wipes and frees the login of a `struct pam_login *`: for the cleanup
 * attribute only. */
void pam_login_free(struct pam_login **login);

#define cleanup_login __attribute__((cleanup(pam_login_free)))

#endif
