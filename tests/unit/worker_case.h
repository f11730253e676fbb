/* SPDX-License-Identifier: MIT */
/* One run of worker_run against a role, and a host that remembers what it saw.
 * Does not know: what a test expects. */
#ifndef EXTAUTH_WORKER_CASE_H
#define EXTAUTH_WORKER_CASE_H

#include "unit.h"
#include "worker.h"

#define CASE_DEADLINE_MS 5000

/* What the person and the log saw, and what the person answers. */
struct witness {
	const char *answer;
	enum extauth_err err;
	unsigned think_ms;
	unsigned informed;
	unsigned traced;
	char text[128];
	bool echo;
};

struct run {
	struct login_facts facts;
	struct worker_job job;
	struct worker_host host;
	struct witness witness;
	struct secret password;
	struct login_outcome outcome;
	struct extauth_error error;
	char program[PATH_MAX];
};

/* Makes a login with the right password against `role`; the caller frees. */
struct run *run_make(const char *role);
/* Frees it: for the cleanup attribute only. */
void run_free(struct run **run);
/* Carries it out. */
enum extauth_err run_go(struct run *run);
/* Carries it out and asserts that it grants. */
void assert_grants(struct run *run);
/* Asserts that this process has no child, not even a dead one. */
void assert_no_child(void);

#define cleanup_run __attribute__((cleanup(run_free)))

#endif
