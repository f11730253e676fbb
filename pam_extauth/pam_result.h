/* SPDX-License-Identifier: MIT */
/* What was decided, and the one map from there to the codes of PAM.
 * Does not know: how it was decided. */
#ifndef EXTAUTH_PAM_RESULT_H
#define EXTAUTH_PAM_RESULT_H

#include <stdbool.h>

#include "verdict.h"

/* 0 is a fault, so that a forgotten assignment fails closed. */
enum pam_decision {
	DECISION_FAULT = 0,    /* our worker or our own code failed */
	DECISION_NOT_OURS,     /* a local or foreign account, or no name */
	DECISION_LOCAL_BROKEN, /* linked, but extauth cannot be used */
	DECISION_LOCAL_CLASH,  /* registered, but /etc/passwd has the name */
	DECISION_UNKNOWN,      /* nobody has this name */
	DECISION_NAME_CLASH,   /* getpwnam gives another account */
	DECISION_DISABLED,
	DECISION_PAST_DATE,
	DECISION_NOT_ALLOWED,      /* this service, or his groups */
	DECISION_BAD_PASSWORD,     /* empty, over-long, control bytes */
	DECISION_BAD_NEW_PASSWORD, /* the same, or it is the old one */
	DECISION_PAUSED,           /* the local throttle */
	DECISION_REPEATED,         /* the same wrong password again */
	DECISION_NO_PASSWORD,      /* the conversation gave none */
	DECISION_CONFIG,           /* an option or the configuration is wrong */
	DECISION_NO_REGISTRY,      /* it cannot be read */
	DECISION_NOT_ROOT,         /* the host cannot read it */
	DECISION_TIMEOUT,          /* the worker gave no verdict in time */
	DECISION_NO_MEMORY,
	DECISION_VERDICT, /* the provider's verdict counts */
	DECISION_ALLOWED, /* nothing speaks against the account */
};

/* The PAM code of a verdict: the one place from which a login succeeds. */
int pam_result_of_verdict(enum verdict verdict);

/* The PAM code of a login; `verdict` counts for DECISION_VERDICT only.
 * DECISION_ALLOWED alone is no success here. */
int pam_result_login(enum pam_decision decision, enum verdict verdict);

/* The PAM code of the account step. */
int pam_result_account(enum pam_decision decision);

/* The PAM code of the first half of a password change; DECISION_ALLOWED, like
 * every refusal of one of ours, is PAM_PERM_DENIED. */
int pam_result_password(enum pam_decision decision);

/* The PAM code of a change at the provider; `verdict` counts for
 * DECISION_VERDICT only, and its ACCEPTED alone is a success. */
int pam_result_change(enum pam_decision decision, enum verdict verdict);

/* The lower-case word that the log shows behind `result=`. Static. */
const char *pam_result_name(enum pam_decision decision, enum verdict verdict);

/* Tells whether a login ends with it before a password is asked for. */
bool pam_result_is_at_once(enum pam_decision decision);

/* The priority of its log line, syslog(3); LOG_DEBUG for what is logged with
 * the option `debug` only. */
int pam_result_priority(enum pam_decision decision);

#endif
