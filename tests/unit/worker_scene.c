/* SPDX-License-Identifier: MIT */
#include "worker_scene.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define FAR_MS 60000

int64_t
scene_end_ms(void)
{
	return frame_clock_ms() + FAR_MS;
}

void
scene_send_bytes(const void *bytes, size_t length)
{
	if (send(SCENE_FD, bytes, length, MSG_NOSIGNAL) < 0)
		_exit(1);
}

void
scene_send_frame(struct frame *frame)
{
	if (frame_send(SCENE_FD, frame, scene_end_ms()) != EXTAUTH_OK)
		_exit(1);
	frame_clear(frame);
}

void
scene_say(enum frame_type type, const char *text)
{
	struct frame frame = frame_make(type);

	if (frame_add_text(&frame, TAG_TEXT, text) != EXTAUTH_OK)
		_exit(1);
	scene_send_frame(&frame);
}

struct frame
scene_verdict_frame(struct scene *scene, enum verdict verdict)
{
	struct frame frame;

	scene->outcome.verdict = verdict;
	if (login_outcome_to_frame(&scene->outcome, scene->nonce, &frame) !=
	    EXTAUTH_OK)
		_exit(1);
	return frame;
}

void
scene_send_verdict(struct scene *scene, enum verdict verdict)
{
	struct frame frame = scene_verdict_frame(scene, verdict);

	scene_send_frame(&frame);
}

void
scene_play_accept(struct scene *scene)
{
	bool is_right = scene->password.length == 6 &&
	    memcmp(secret_reveal(&scene->password), "secret", 6) == 0;

	scene_send_verdict(
	    scene, is_right ? VERDICT_ACCEPTED : VERDICT_REJECTED);
}

void
scene_play_hang(struct scene *scene)
{
	(void)scene;
	for (;;)
		pause();
}

/* Asks once; "123456" is the right answer. */
void
scene_play_prompt(struct scene *scene)
{
	struct frame frame = frame_make(FRAME_PROMPT);
	char text[16] = "";

	if (frame_add_text(&frame, TAG_TEXT, "Code: ") != EXTAUTH_OK ||
	    frame_add_number(&frame, TAG_ECHO, 1) != EXTAUTH_OK)
		_exit(1);
	scene_send_frame(&frame);
	if (frame_receive(SCENE_FD, &scene->pending, scene_end_ms(), &frame) !=
		EXTAUTH_OK ||
	    frame.type != FRAME_ANSWER ||
	    frame_get_text(&frame, TAG_TEXT, text, sizeof(text)) != EXTAUTH_OK)
		_exit(1);
	scene_send_verdict(scene,
	    strcmp(text, "123456") == 0 ? VERDICT_ACCEPTED : VERDICT_REJECTED);
}
