/* SPDX-License-Identifier: MIT */
/* Makes one system call of a process, or of the worker that it starts, fail
 * once, or kills there: seccomp hands each call that is asked about to the
 * process that injects, which lets it go on or answers for the kernel.
 * Does not know: what a right outcome is. */
#ifndef EXTAUTH_TESTS_INJECT_H
#define EXTAUTH_TESTS_INJECT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define INJECT_CALLS 512
#define INJECT_ALL (-1)

/* Whose call it is: that of the process started, with what it forks until that
 * runs another program; or that of extauth-exchange. */
enum inject_role {
	INJECT_HOST = 0,
	INJECT_WORKER,
	INJECT_ROLES,
};

/* What is to happen, once. */
struct injection {
	enum inject_role role;
	int call;          /* INJECT_ALL: nothing, the calls are counted */
	unsigned instance; /* from 1, among the same calls of the role */
	int error;         /* 0: killed */
};

/* Shared with the process that is watched. */
struct inject_shared {
	atomic_int listener; /* the descriptor in that process, -1 = not yet */
	atomic_bool is_taken;
	atomic_bool is_armed; /* calls count */
};

/* One run and what came of it. */
struct inject_run {
	struct injection injection;
	struct inject_shared *shared;
	pid_t host;
	const char *program; /* counts from when the host runs it; or NULL */
	int64_t deadline_ms; /* for all of it */
	/* Sent to who gets the fault, if that is begun[role]; 0 = none. */
	int trace_signal;
	const atomic_int *begun; /* or NULL */
	/* What came of it. */
	bool is_in_loader; /* whoever got it was not begun[role] */
	unsigned counts[INJECT_ROLES][INJECT_CALLS];
	bool is_fired;
	int64_t duration_ms; /* of the host */
	bool has_hung;       /* the host was killed at the deadline */
	bool has_left;       /* something that it started outlived it */
	int status;          /* of the host, as waitpid(2) has it */
	int orphan; /* status of the last that it did not wait for, or 0 */
	pid_t worker;
};

/* Memory for inject_shared, of any size, that children share. */
void *inject_share(size_t bytes);

/* In the process to be watched: from now on these calls (INJECT_ALL: every one
 * that can fail) are asked about. Returns when they are being answered. */
void inject_watch_me(struct inject_shared *shared, int call);

/* Answers until the host and all that it started have ended, and fills in what
 * came of it. The host is a child of the caller and calls inject_watch_me; the
 * caller must be its reaper (prctl(2), PR_SET_CHILD_SUBREAPER). */
void inject_supervise(struct inject_run *run);

/* Tells whether a call is one that the kernel may refuse: neither an end of
 * the process nor a question that always has an answer. */
bool inject_can_fail(int call);

#endif
