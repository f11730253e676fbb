/* SPDX-License-Identifier: MIT */
/* Texts that people read, in their language. gettext(3).
 * Does not know: any text. */
#ifndef EXTAUTHCTL_TRANSLATE_H
#define EXTAUTHCTL_TRANSLATE_H

#include <libintl.h>

/* Translates a literal where it is used; marks one in a table, to be translated
 * where it is printed. */
#define _(text) gettext(text)
#define N_(text) (text)

#endif
