/* SPDX-License-Identifier: MIT */
/* What the one who makes allocations fail, and those in whose processes they
 * fail, have in common: a file that both map.
 * Does not know: what a right outcome is. */
#ifndef EXTAUTH_TESTS_FAULTS_CONTROL_H
#define EXTAUTH_TESTS_FAULTS_CONTROL_H

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define CONTROL_PATH "/run/faults/control"
#define CONTROL_ROLES 2 /* as enum inject_role */
#define CONTROL_LEAKS 8
#define CONTROL_TRACE_BYTES 4096
#define CONTROL_TRACE_SIGNAL SIGUSR2

struct control {
	atomic_bool is_armed;               /* allocations count */
	atomic_uint fail_at[CONTROL_ROLES]; /* from 1; 0 = none */
	atomic_uint counts[CONTROL_ROLES];
	atomic_bool is_fired;
	/* As the host's waitid(2) said of its worker: si_code, si_status. */
	atomic_int worker_code;
	atomic_int worker_status;
	/* Of the host: allocated while armed and not freed when it was asked. */
	atomic_uint live;
	atomic_uintptr_t live_callers[CONTROL_LEAKS];
	/* Whether to write down where the fault and the crash are. */
	atomic_bool wants_trace;
	char failed[CONTROL_TRACE_BYTES];
	char crashed[CONTROL_TRACE_BYTES];
	/* The last process whose loader is through: the library is in it. */
	atomic_int begun[CONTROL_ROLES];
};

/* Maps CONTROL_PATH, which is made if it is missing. NULL if that fails. */
struct control *control_map(bool is_made);

#endif
