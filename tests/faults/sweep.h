/* SPDX-License-Identifier: MIT */
/* One fault in one scenario: made, and judged.
 * Does not know: which faults there are. */
#ifndef EXTAUTH_TESTS_FAULTS_SWEEP_H
#define EXTAUTH_TESTS_FAULTS_SWEEP_H

#include "kept.h"
#include "scene.h"

struct fault {
	bool is_allocation; /* number injection.instance, of injection.role */
	struct injection injection;
};

/* What a scenario comes to. */
struct outcome {
	struct inject_run run;
	char text[SCENE_TEXT_BYTES];
	char changed[512];
	unsigned canaries;
	bool is_done;
	bool is_fired;
	bool is_seen; /* the service got a request */
	unsigned live;
	uintptr_t live_callers[CONTROL_LEAKS];
	unsigned allocations[CONTROL_ROLES];
	int worker_code;
	int worker_status;
	bool has_begun[CONTROL_ROLES];
	char failed[CONTROL_TRACE_BYTES];
	char crashed[CONTROL_TRACE_BYTES];
	char *registry; /* of a command: registry_text of both files */
	char *nss;
};

struct sweep {
	struct scene scene;
	const char *record; /* the service's record of requests, or NULL */
	bool is_local;      /* the user stands in /etc/passwd */
	bool is_open;       /* what refuses him may fail: the service decides */
	bool wants_trace;
	int64_t deadline_ms;
	struct kept registry;
	struct kept marks;
	struct stage *stage;
	struct control *control;
	struct outcome clean;
	char *registry_before;
	char *nss_before;
	/* The figures. */
	unsigned faults;
	unsigned not_reached;
	unsigned crashes;
	unsigned library_crashes; /* of a library in which the fault was */
	unsigned hangs;
	unsigned wrong_grants;
	unsigned wrong_records;
	unsigned leaks;
	unsigned half_written;
};

/* Plays the scenario from the same beginning, with one fault; NULL: none, all
 * calls are counted. The texts of the outcome end with outcome_clear. */
void sweep_play(
    struct sweep *sweep, const struct fault *fault, struct outcome *ret);
void outcome_clear(struct outcome *outcome);

/* What a fault is called. */
#define SWEEP_NAME_BYTES 128
void sweep_name(const struct fault *fault, char *ret_name);

/* Counts the outcome of a fault, and tells what is wrong with it. */
void sweep_judge(struct sweep *sweep, const struct fault *fault,
    const struct outcome *outcome);

#endif
