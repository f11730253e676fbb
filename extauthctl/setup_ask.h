/* SPDX-License-Identifier: MIT */
/* Questions with a line for an answer.
 * Does not know: what is asked. */
#ifndef EXTAUTHCTL_SETUP_ASK_H
#define EXTAUTHCTL_SETUP_ASK_H

#include <stdbool.h>

#include "error.h"

/* Asks on the terminal; `usual`, unless NULL, is shown in [brackets] and is the
 * answer of an empty line. `*ret_answer` is the caller's. EXTAUTH_INVALID for
 * the end of input, EXTAUTH_NOMEM, EXTAUTH_SYSTEM. */
EXTAUTH_CHECKED enum extauth_err setup_ask_line(const char *question,
    const char *usual, char **ret_answer, struct extauth_error *error);

/* Asks for yes or no; an empty line is `usual`. As setup_ask_line. */
EXTAUTH_CHECKED enum extauth_err setup_ask_yes(const char *question, bool usual,
    bool *ret_yes, struct extauth_error *error);

#endif
