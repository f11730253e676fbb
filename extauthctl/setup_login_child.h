/* SPDX-License-Identifier: MIT */
/* The process that a trial of a PAM stack runs in: whatever a module does to
 * it, the command lives on.
 * Does not know: what becomes of the outcome. */
#ifndef EXTAUTHCTL_SETUP_LOGIN_CHILD_H
#define EXTAUTHCTL_SETUP_LOGIN_CHILD_H

/* What the process tells after each step, in one write. */
struct setup_login_step {
	int stage; /* enum setup_stage */
	int code;
};

/* Goes through the stack and ends the process. What is logged goes to the
 * syslog and to `log`, the steps to `result`. */
_Noreturn void setup_login_child(
    const char *service, const char *user, int log, int result);

#endif
