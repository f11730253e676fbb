/* SPDX-License-Identifier: MIT */
/* A host whose worker is hostile: one case through the real libpam, judged.
 * Does not know: the tricks. */
#ifndef EXTAUTH_TESTS_HOSTILE_HOST_H
#define EXTAUTH_TESTS_HOSTILE_HOST_H

#include "hostile.h"

#define HOSTILE_TRICKS_MAX 64
#define HOSTILE_CASE_MS 3000

/* What came of the cases of one trick. */
struct hostile_tally {
	unsigned cases;
	unsigned grants; /* right ones: what was said is a grant to both */
	unsigned late;   /* right ones that came too late */
	unsigned wrong_grants;
	unsigned missed_grants;
	unsigned state_changes;
	unsigned unshowable;
	unsigned too_long;
	char first[512]; /* the first case that is not as it should be */
};

/* One host and its cases; in shared memory. */
struct hostile_host {
	int64_t since_ms; /* of frame_clock_ms: when the case began; 0: none */
	int64_t longest_ms;
	struct hostile_tally tallies[HOSTILE_TRICKS_MAX];
};

/* Writes configuration and PAM services for all hosts. */
void hostile_host_prepare(void);

/* The cases that are still to be played; in shared memory. */
struct hostile_rest {
	uint64_t seed;
	uint32_t next;
	uint32_t end;
};

/* Plays one case after the other, beside other hosts, until none is left. */
void hostile_host_run(struct hostile_host *host, struct hostile_rest *rest);

#endif
