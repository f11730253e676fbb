/* SPDX-License-Identifier: MIT */
/* The name of the operating system, as os-release(5) and uname(2) tell it.
 * Does not know: the configuration, who logs in. */
#ifndef EXTAUTH_DEVICE_OS_H
#define EXTAUTH_DEVICE_OS_H

#include <stdbool.h>
#include <stddef.h>

/* Reads PRETTY_NAME out of one line of an os-release file: quotes and the
 * backslashes of the shell's double quotes are taken off. False, with nothing
 * written, if the line sets something else or is not well formed.
 * `ret_name` has room for `size` bytes with the NUL; what is longer is cut.
 * os-release(5). */
bool device_os_parse_line(const char *line, char *ret_name, size_t size);

/* Writes PRETTY_NAME ("Linux" if there is none) and the machine of uname(2), as
 * "Debian GNU/Linux 12 (bookworm) x86_64", into `ret_os` of `size` bytes with
 * the NUL; what is longer is cut. */
void device_os_describe(char *ret_os, size_t size);

#endif
