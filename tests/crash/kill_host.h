/* SPDX-License-Identifier: MIT */
/* A PAM host whose worker is killed: one login, what the module said, what had
 * come from the worker by then, and what is left. It sees what the module does
 * by standing before the C library's posix_spawn and recv.
 * Does not know: who kills, and when. */
#ifndef EXTAUTH_TESTS_KILL_HOST_H
#define EXTAUTH_TESTS_KILL_HOST_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "verdict.h"

/* Who logs in. */
struct kill_login {
	const char *service;
	const char *user;
	const char *password; /* a %u in it makes a fresh one each time */
	const char *answer;   /* to further prompts; NULL: there are none */
};

/* What came of it. */
struct kill_result {
	int code; /* of PAM */
	bool is_over;
	bool has_verdict; /* a whole VERDICT frame had come, which says: */
	enum verdict verdict;
	bool has_child; /* somebody is left that was not waited for */
	int more_fds;   /* than before */
	int64_t microseconds;
};

/* Called in the host when a worker was started. */
extern void (*kill_host_started)(pid_t worker);

/* Logs in once. */
void kill_host_login(const struct kill_login *login, unsigned number,
    struct kill_result *ret_result);

/* Tells what is wrong about it, or NULL: the verdict's code if one had come
 * whole, success for ACCEPTED alone; the fault's code if none had; nothing
 * left. */
const char *kill_host_complaint(const struct kill_result *result);

/* By the clock that only goes forward. */
int64_t kill_clock_us(void);

/* A number below `end`, by chance, from a state that is any number. */
uint64_t kill_chance(uint64_t *state, uint64_t end);

#endif
