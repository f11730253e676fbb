/* SPDX-License-Identifier: MIT */
/* A worker's side of the dialog, for the roles of worker_roles.c. What cannot
 * be said or heard ends the process.
 * Does not know: which role is played. */
#ifndef EXTAUTH_WORKER_SCENE_H
#define EXTAUTH_WORKER_SCENE_H

#include "login.h"

#define SCENE_FD 3

struct scene {
	struct login_facts facts;
	struct login_outcome outcome;
	struct secret password;
	struct secret new_password;
	struct buffer pending;
	char nonce[FRAME_NONCE_BYTES];
};

/* The time until which the host is waited for. */
int64_t scene_end_ms(void);

/* Each says something to the host; scene_send_frame ends the frame. */
void scene_send_bytes(const void *bytes, size_t length);
void scene_send_frame(struct frame *frame);
void scene_say(enum frame_type type, const char *text);
void scene_send_verdict(struct scene *scene, enum verdict verdict);

/* Makes the VERDICT frame; the caller's (frame_clear). */
struct frame scene_verdict_frame(struct scene *scene, enum verdict verdict);

/* Roles that others begin or end with: grants the password "secret", does
 * nothing for ever, grants the answer "123456". */
void scene_play_accept(struct scene *scene);
void scene_play_hang(struct scene *scene);
void scene_play_prompt(struct scene *scene);

/* Roles about persons; see worker_scene_person.c. */
void scene_play_bare(struct scene *scene);
void scene_play_wait(struct scene *scene);
void scene_play_wait_for_ever(struct scene *scene);
void scene_play_wait_and_hang(struct scene *scene);
void scene_play_wait_and_ask(struct scene *scene);
void scene_play_flood_waiting(struct scene *scene);
void scene_play_odd_waiting(struct scene *scene);
void scene_play_token(struct scene *scene);
void scene_play_change(struct scene *scene);

#endif
