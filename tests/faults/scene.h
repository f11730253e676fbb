/* SPDX-License-Identifier: MIT */
/* One scenario of the sweep: what is called, in a child of a host that is warm,
 * and what comes of it.
 * Does not know: faults. */
#ifndef EXTAUTH_TESTS_FAULTS_SCENE_H
#define EXTAUTH_TESTS_FAULTS_SCENE_H

#include <stdbool.h>

#include "control.h"
#include "inject.h"

#define SCENE_TEXT_BYTES 16384
#define SCENE_OUTPUT "/run/faults/output" /* of a command */

struct scene {
	const char *kind; /* pam, nss or command */
	const char *call; /* of libpam or of NSS */
	const char *user;
	const char *password; /* right, wrong or none */
	const char *answer;   /* to a prompt with echo, or the second without */
	const char *options;  /* behind pam_extauth.so */
	char **command;
};

/* What the child writes and the sweep reads. */
struct stage {
	struct inject_shared inject;
	char text[SCENE_TEXT_BYTES]; /* what the call gave */
	char changed[512];           /* of the host, "" if it is as it was */
	unsigned canaries;           /* copies of a password in its memory */
	bool is_done;
};

/* Once in the host: what no fault is made in. */
void scene_warm_up(const struct scene *scene);

/* In a child; ends it. Calls of the number `call` are asked about. */
_Noreturn void scene_play(const struct scene *scene, struct stage *stage,
    struct control *control, int call);

/* The parts of scene_play: each calls and writes what it gave to text. */
void scene_pam_warm_up(const struct scene *scene);
void scene_pam_call(char *text);
void scene_nss_warm_up(const struct scene *scene);
void scene_nss_call(const struct scene *scene, char *text);

/* How often a password of the sweep stands in memory that can be written. */
unsigned scene_count_canaries(void);

/* The passwords, backwards, so that they stand nowhere. */
const char *scene_password(const char *which);

#endif
