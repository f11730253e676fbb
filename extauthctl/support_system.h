/* SPDX-License-Identifier: MIT */
/* What a program of the system prints.
 * Does not know: what it means. */
#ifndef EXTAUTHCTL_SUPPORT_SYSTEM_H
#define EXTAUTHCTL_SUPPORT_SYSTEM_H

#include <stdbool.h>

#include "buffer.h"

/* Runs argv[0], an absolute path, without input and without environment, and
 * appends what it prints, up to the buffer's limit. Tells whether it ended with
 * status 0; one that takes more than 20 s is killed. posix_spawn(3). */
bool support_capture(const char *const *argv, struct buffer *text);

/* Takes the next line out of a text, without its end; false behind the last.
 * `*next` is where it goes on. */
bool support_line(char **next, char **ret_line);

#endif
