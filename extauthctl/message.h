/* SPDX-License-Identifier: MIT */
/* What extauthctl says on standard error, and the status that it ends with.
 * Does not know: what a command is for. */
#ifndef EXTAUTHCTL_MESSAGE_H
#define EXTAUTHCTL_MESSAGE_H

#include "error.h"

/* The exit status; 64 and 78 are those of sysexits.h. */
enum ctl_exit {
	CTL_DONE = 0,   /* yes, or done */
	CTL_NO = 1,     /* refused, or check found something */
	CTL_CANNOT = 2, /* could not tell: something is out of reach */
	CTL_USAGE = 64,
	CTL_CONFIG = 78,
};

/* Writes "extauthctl: TEXT" and a line end; the format is translated. Control
 * bytes become '?'. */
void complain(const char *format, ...) EXTAUTH_PRINTF(1, 2);

/* Writes the text of `error`, or the name of `err` if it has none, and hands
 * back the exit status that fits `err`. */
enum ctl_exit complain_error(
    enum extauth_err err, const struct extauth_error *error);

/* As complain_error, with "what: " in front. */
enum ctl_exit complain_about(
    const char *what, enum extauth_err err, const struct extauth_error *error);

/* Ends the program as out of memory. Nothing is half written by then: files
 * are replaced by rename(2) alone. */
_Noreturn void die_of_memory(void);

#endif
