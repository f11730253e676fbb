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
	off_t accepted; /* bytes that the service wrote of what was right */
	unsigned files; /* of a command: where it could leave some */
	unsigned live;
	uintptr_t live_callers[CONTROL_LEAKS];
	unsigned allocations[CONTROL_ROLES];
	int worker_code;
	int worker_status;
	char failed[CONTROL_TRACE_BYTES];
	char crashed[CONTROL_TRACE_BYTES];
	char *registry; /* of a command: registry_text of both files */
	char *nss;
};

struct sweep {
	struct scene scene;
	const char *accepted; /* where the service writes what was right */
	bool is_local;        /* the user stands in /etc/passwd */
	bool is_open; /* what refuses him may fail: the service decides */
	bool wants_trace;
	bool is_told; /* the output of the command counts */
	int64_t deadline_ms;
	int64_t limit_ms; /* what takes longer hangs */
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

/* Counts, and prints what is wrong with a fault. */
__attribute__((format(printf, 3, 4))) void sweep_complain(
    unsigned *figure, const struct fault *fault, const char *format, ...);

/* What ended a process. */
struct crash {
	int signal;
	bool is_host;
};

/* Counts a crash as a library's own or as ours; makes the fault again if the
 * outcome does not tell where the process was. */
void sweep_judge_crash(struct sweep *sweep, const struct fault *fault,
    const struct outcome *outcome, const struct crash *crash);

/* Prints where the fault was and where it ended. */
void sweep_print_traces(const struct outcome *outcome);

/* What a fault is called. */
#define SWEEP_NAME_BYTES 128
void sweep_name(const struct fault *fault, char *ret_name);

/* Counts the outcome of a fault, and tells what is wrong with it. */
void sweep_judge(struct sweep *sweep, const struct fault *fault,
    const struct outcome *outcome);

#endif
