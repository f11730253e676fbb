/* SPDX-License-Identifier: MIT */
/* Marks in /run/extauth that spare a provider's lock-out counter: refusals of a
 * user in a window, the last wrong password for five seconds, the last reset
 * mail for ten minutes. Times by CLOCK_BOOTTIME.
 * Does not know: names, or what a refusal was for. */
#ifndef EXTAUTH_THROTTLE_H
#define EXTAUTH_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"
#include "secret.h"

struct throttle_limits {
	uint32_t max_failures; /* 0 = never paused */
	uint32_t failure_window_ms;
	uint32_t failure_pause_ms;
};

enum throttle_answer {
	THROTTLE_PASS = 0,
	THROTTLE_PAUSED,  /* too many refusals */
	THROTTLE_REPEATED /* the same wrong password within five seconds */
};

/* `directory` is made (0700) if missing; it must be root's and not writable by
 * others. Each works on the one file UID in it under a lock; a mark that cannot
 * be read or written counts as none, since the provider still decides. What the
 * caller of a setuid host can bring about, a lock that is held or a limit on
 * the size of files, counts as a pause. */

/* Tells whether this password may be sent for `uid` now. With THROTTLE_PASS the
 * try is counted at once, so that logins at the same time cannot send more than
 * `max_failures` wrong passwords; `*ret_ticket` names it for the two below, 0 =
 * it is not counted. Where tries without an answer fill the count, it waits up
 * to five seconds for one. A try that nobody ends counts for the window.
 * Without a password (NULL) nothing is a repeat. */
enum throttle_answer throttle_ask(const char *directory, uint32_t uid,
    const struct throttle_limits *limits, const struct secret *password,
    uint32_t *ret_ticket);

/* Ends a try as a refusal by the provider; one that is not counted is counted
 * now. Of the password 16 bits of a keyed hash are kept, the key made anew each
 * time: enough to know a repeat, too little to learn from. */
void throttle_note_refusal(const char *directory, uint32_t uid,
    const struct throttle_limits *limits, const struct secret *password,
    uint32_t ticket);

/* Ends a try of which the provider said nothing. */
void throttle_give_back(const char *directory, uint32_t uid, uint32_t ticket);

/* Forgets the refusals of `uid`, after a success or by `user unlock`. */
void throttle_forget(const char *directory, uint32_t uid);

/* Tells since when and how often `uid` was refused, for `status` and `user
 * show`: `*ret_failures` in the window, `*ret_paused_ms` left of the pause. */
void throttle_show(const char *directory, uint32_t uid,
    const struct throttle_limits *limits, uint32_t *ret_failures,
    uint32_t *ret_paused_ms);

/* Takes the right to send one reset mail for `uid`: false if one was taken
 * within ten minutes, or if the mark cannot be written. */
bool throttle_take_forgot(const char *directory, uint32_t uid);

#endif
