/* SPDX-License-Identifier: MIT */
/* Texts that people read, in their language. gettext(3).
 * Does not know: any text. */
#ifndef EXTAUTHCTL_TRANSLATE_H
#define EXTAUTHCTL_TRANSLATE_H

#include <libintl.h>
#include <stddef.h>

#include "error.h"

/* Translates a literal where it is used. N_() of error.h marks one in a table,
 * to be translated where it is printed. */
#define _(text) gettext(text)

/* Translates from now on as LC_ALL, LC_MESSAGES, LANG and LANGUAGE say, where
 * the terminal takes UTF-8; else all stays English. Numbers, dates and what is
 * a letter stay as in the C locale. */
void translate_start(void);

/* English from now on: for what programs read. */
void translate_stop(void);

/* Translates a text that may be empty, or that is marked elsewhere. */
const char *translate_text(const char *text) EXTAUTH_FORMAT_OF(1);

/* Counts the columns that a text takes in a table. */
size_t translate_columns(const char *text);

/* Prints a text and blanks up to `columns`. */
void translate_print_padded(const char *text, size_t columns);

#endif
