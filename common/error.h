/* SPDX-License-Identifier: MIT */
/* The one vocabulary of errors, and the text that goes with one.
 * Does not know: who reports it, and where. */
#ifndef EXTAUTH_ERROR_H
#define EXTAUTH_ERROR_H

#include <stdarg.h>

#define EXTAUTH_CHECKED __attribute__((warn_unused_result))
#define EXTAUTH_PRINTF(text, first) __attribute__((format(printf, text, first)))
#define EXTAUTH_FORMAT_OF(text) __attribute__((format_arg(text)))
#define EXTAUTH_ERROR_TEXT_BYTES 512

/* Marks a text that is translated where it is shown: gettext(3), whose name it
 * is. NOLINTNEXTLINE(readability-identifier-naming) */
#define N_(text) text

enum extauth_err {
	EXTAUTH_OK = 0,
	EXTAUTH_NOMEM,       /* no memory */
	EXTAUTH_NOTFOUND,    /* a definite "there is none" */
	EXTAUTH_EXISTS,      /* there is one already */
	EXTAUTH_INVALID,     /* bytes that do not follow their grammar */
	EXTAUTH_TOOBIG,      /* over a stated limit */
	EXTAUTH_CONFIG,      /* what the administrator wrote cannot be used */
	EXTAUTH_UNAVAILABLE, /* cannot tell now: file or peer out of reach */
	EXTAUTH_SYSTEM,      /* a system call or our own worker failed */
};

struct extauth_error {
	char text[EXTAUTH_ERROR_TEXT_BYTES];
};

/* Fills the text of `error` and hands `err` back, so that a failing function
 * ends in one return statement. `error` may be NULL. A text that is too long is
 * cut; control characters in it become '?'. The format goes through
 * error_translated. */
enum extauth_err error_set(struct extauth_error *error, enum extauth_err err,
    const char *format, ...) EXTAUTH_PRINTF(3, 4);

/* Puts "prefix: " in front of the text that `error` already holds, and hands
 * `err` back. `error` may be NULL. */
enum extauth_err error_prefix(
    struct extauth_error *error, enum extauth_err err, const char *prefix);

/* Names an error code in two or three lower-case words, for a report that has
 * no text of its own. Static storage; through error_translated. */
const char *error_name(enum extauth_err err);

/* Lends the text in the language of the program, which is English but for the
 * one that called error_translate_by. */
const char *error_translated(const char *text) EXTAUTH_FORMAT_OF(1);

/* Says what an errno means; through error_translated. Static storage. */
const char *error_of_number(int number);

/* From here on all texts of this process go through `translate`, which keeps
 * the conversions of a format: for a program of ours, in its main and before
 * there is a second thread. A module never calls it, so that what it logs is
 * English and nothing in it is shared by the threads of a host. */
void error_translate_by(const char *(*translate)(const char *text));

#endif
