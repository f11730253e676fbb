/* SPDX-License-Identifier: MIT */
/* The one log line of a decision, with fixed keys.
 * Does not know: what was decided, and never a secret. */
#ifndef EXTAUTH_PAM_LOG_H
#define EXTAUTH_PAM_LOG_H

#include "login.h"
#include "pam_call.h"

/* One line; all borrowed. */
struct pam_log {
	int priority;
	const char *result;
	const char *user;
	const char *reason;                  /* ours, "" if none */
	const struct login_facts *facts;     /* NULL: no provider was asked */
	const struct login_outcome *outcome; /* NULL: it gave no answer */
};

/* Writes the line: `result=accepted user=alice provider=main rhost=192.0.2.7
 * http=200 ms=143 id=ab12cd34`, then `tls=` and `reason=` where there is one. A
 * value that is not a plain word is quoted, without control bytes. What has
 * LOG_DEBUG is written with the option `debug` only. pam_syslog(3). */
void pam_log_write(const struct pam_call *call, const struct pam_log *log);

#endif
