/* SPDX-License-Identifier: MIT */
/* One real login through a service's own PAM stack, in a process of its own.
 * Does not know: what the stack is made of. */
#ifndef EXTAUTHCTL_SETUP_LOGIN_H
#define EXTAUTHCTL_SETUP_LOGIN_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"

#define SETUP_LOG_BYTES 512

/* How far the stack came. */
enum setup_stage {
	SETUP_STAGE_NONE = 0, /* it ended the process, or took too long */
	SETUP_STAGE_START,
	SETUP_STAGE_AUTHENTICATE,
	SETUP_STAGE_ACCOUNT,
};

struct setup_outcome {
	enum setup_stage stage;    /* the last step that was taken */
	int code;                  /* what it gave; PAM_SUCCESS is 0 */
	bool was_late;             /* ended by us */
	char log[SETUP_LOG_BYTES]; /* our module's last line, "" if none */
};

/* Has `user` log in through `service`: authentication and account, no session.
 * The password is asked for without echo, or is the first line of standard
 * input; further questions likewise. What the stack says to the person goes to
 * standard error. After `deadline_ms` the process is killed. EXTAUTH_SYSTEM if
 * it cannot be started. pam(3). */
EXTAUTH_CHECKED enum extauth_err setup_login_try(const char *service,
    const char *user, uint32_t deadline_ms, struct setup_outcome *ret_outcome,
    struct extauth_error *error);

/* Tells whether the person may log in. */
bool setup_login_is_good(const struct setup_outcome *outcome);

/* Tells whether it was the provider that said no to this password. */
bool setup_login_is_refusal(const struct setup_outcome *outcome);

/* The name of PAM's code, as "PAM_AUTH_ERR". Static. */
const char *setup_login_code(int code);

#endif
