/* SPDX-License-Identifier: MIT */
/* Asks the administrator: for a password without echo, for an answer.
 * Does not know: what the answer is for. */
#ifndef EXTAUTHCTL_TERMINAL_H
#define EXTAUTHCTL_TERMINAL_H

#include <stdbool.h>

#include "secret.h"

/* Reads one secret: from the terminal after `prompt`, without echo unless
 * `echo`, where standard input is one; else the first line of standard input.
 * The line end is dropped. EXTAUTH_INVALID for the end of input before a line
 * began, EXTAUTH_TOOBIG, EXTAUTH_NOMEM, EXTAUTH_SYSTEM. termios(3). */
EXTAUTH_CHECKED enum extauth_err terminal_read_line(const char *prompt,
    bool echo, struct secret *ret_secret, struct extauth_error *error);

/* Reads all of standard input; one line end at its end is dropped. Else as
 * terminal_read_line. */
EXTAUTH_CHECKED enum extauth_err terminal_read_all(
    struct secret *ret_secret, struct extauth_error *error);

/* Tells whether standard input is a terminal. */
bool terminal_is_person(void);

#endif
