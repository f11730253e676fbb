/* SPDX-License-Identifier: MIT */
/* Where pam_extauth.so stands in /etc/pam.d.
 * Does not know: what should stand there. */
#ifndef EXTAUTHCTL_PAM_STACK_H
#define EXTAUTHCTL_PAM_STACK_H

#include <stdbool.h>

#include "lines.h"

#define PAM_STACK_DIRECTORY "/etc/pam.d"

/* One line of a PAM file; the words are lent by `lines`. */
struct pam_line {
	const char *type; /* "auth", without the dash in front */
	const char *control;
	const char *module;
	char *const *options;
	size_t option_count;
};

/* Reads the line that `lines` holds. false if it is none of the four types.
 * pam.conf(5). */
bool pam_line_read(const struct lines *lines, struct pam_line *ret_line);

/* Tells whether the line calls our module. */
bool pam_line_is_ours(const struct pam_line *line);

/* Tells whether the stack of `service` calls our module for `type`, followed
 * through @include, include and substack. */
bool pam_stack_has_us(const char *service, const char *type);

#endif
