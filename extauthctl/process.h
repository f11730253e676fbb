/* SPDX-License-Identifier: MIT */
/* The processes of a uid, found in /proc and ended by pidfd.
 * Does not know: who the uid is. */
#ifndef EXTAUTHCTL_PROCESS_H
#define EXTAUTHCTL_PROCESS_H

#include <stdint.h>

/* Counts processes whose real, effective or saved uid it is. proc(5). */
unsigned process_count(uint32_t uid);

/* Ends all processes of `uid`, hang-up first, then TERM, then KILL; and the
 * sessions of user `name` in systemd-logind. Never of a uid below 1000. Returns
 * how many were there at first. pidfd_send_signal(2). */
unsigned process_end_all(const char *name, uint32_t uid);

#endif
