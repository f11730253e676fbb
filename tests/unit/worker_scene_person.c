/* SPDX-License-Identifier: MIT */
#include <unistd.h>

#include "worker_scene.h"

/* Asks without a text, and takes any answer. */
void
scene_play_bare(struct scene *scene)
{
	struct frame frame = frame_make(FRAME_PROMPT);

	scene_send_frame(&frame);
	if (frame_receive(SCENE_FD, &scene->pending, scene_end_ms(), &frame) !=
	    EXTAUTH_OK)
		_exit(1);
	frame_clear(&frame);
	scene_send_verdict(scene, VERDICT_DENIED_BY_POLICY);
}

static void
say_waiting(uint32_t flags)
{
	struct frame frame = frame_make(FRAME_WAITING);

	if (frame_add_number(&frame, TAG_FLAGS, flags) != EXTAUTH_OK)
		_exit(1);
	scene_send_frame(&frame);
}

/* Waits for a person, twice a quarter of a second. */
void
scene_play_wait(struct scene *scene)
{
	say_waiting(1);
	usleep(250000);
	say_waiting(0);
	say_waiting(1);
	usleep(250000);
	say_waiting(0);
	scene_play_accept(scene);
}

/* Waits for a person who does not come. */
void
scene_play_wait_for_ever(struct scene *scene)
{
	say_waiting(1);
	scene_play_hang(scene);
}

/* The person came, and the network does not answer. */
void
scene_play_wait_and_hang(struct scene *scene)
{
	say_waiting(1);
	say_waiting(0);
	scene_play_hang(scene);
}

void
scene_play_wait_and_ask(struct scene *scene)
{
	say_waiting(1);
	scene_play_prompt(scene);
}

void
scene_play_flood_waiting(struct scene *scene)
{
	(void)scene;
	for (;;)
		say_waiting(1);
}

void
scene_play_odd_waiting(struct scene *scene)
{
	say_waiting(2);
	scene_play_accept(scene);
}

/* Grants with a token for the session. */
void
scene_play_token(struct scene *scene)
{
	if (secret_set(&scene->outcome.token, "token", 5) != EXTAUTH_OK)
		_exit(1);
	scene_play_accept(scene);
}

/* Changes the right password into any other. */
void
scene_play_change(struct scene *scene)
{
	if (scene->new_password.length == 0)
		scene_send_verdict(scene, VERDICT_MISCONFIGURED);
	scene_play_accept(scene);
}
