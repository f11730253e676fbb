/* SPDX-License-Identifier: MIT */
#include "sync_roles.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sync.h"

#define WORKER_NAME "extauth-exchange"
#define WORKER_FD 3
#define SOON_MS 5000

struct scene {
	const struct sync_job *job;
	char nonce[FRAME_NONCE_BYTES];
};

static void
send_frame(struct frame *frame)
{
	if (frame_send(WORKER_FD, frame, frame_clock_ms() + SOON_MS) !=
	    EXTAUTH_OK)
		_exit(2);
	frame_clear(frame);
}

static void
say_user(void)
{
	struct sync_user user = {.id = "1", .email = "jane@example.com"};
	struct frame frame;

	if (sync_user_to_frame(&user, &frame) == EXTAUTH_OK)
		send_frame(&frame);
}

static void
say_group(void)
{
	struct sync_group group = {.id = "g"};
	struct frame frame;

	if (sync_group_to_frame(&group, &frame) == EXTAUTH_OK)
		send_frame(&frame);
}

static void
say_total(void)
{
	struct frame frame;

	if (sync_total_to_frame(7, &frame) == EXTAUTH_OK)
		send_frame(&frame);
}

static void
say_text(enum frame_type type)
{
	struct frame frame = frame_make(type);

	if (frame_add_text(&frame, TAG_TEXT, "GET /\x1b") == EXTAUTH_OK)
		send_frame(&frame);
}

static void
say_end(const struct scene *scene, enum sync_end_kind kind)
{
	char state[] = "state";
	struct sync_end end = {
	    .kind = kind, .state = state, .reason = "because"};
	struct frame frame;

	if (sync_end_to_frame(&end, scene->nonce, &frame) == EXTAUTH_OK)
		send_frame(&frame);
}

static void
play_whole(const struct scene *scene)
{
	say_total();
	say_text(FRAME_TRACE);
	say_user();
	say_group();
	say_user();
	say_end(scene, SYNC_COMPLETE);
}

static void
play_killed(const struct scene *scene)
{
	(void)scene;
	say_user();
	(void)raise(SIGKILL);
}

static void
play_closes(const struct scene *scene)
{
	(void)scene;
	say_user();
}

static void
play_half(const struct scene *scene)
{
	(void)scene;
	say_user();
	(void)send(WORKER_FD, "\x40\0\0\0D", 5, 0);
}

static void
play_twice(const struct scene *scene)
{
	say_end(scene, SYNC_COMPLETE);
	say_end(scene, SYNC_COMPLETE);
}

static void
play_goes_on(const struct scene *scene)
{
	say_end(scene, SYNC_COMPLETE);
	usleep(50000);
	say_user();
}

static void
play_other_nonce(const struct scene *scene)
{
	struct scene other = *scene;

	other.nonce[0] ^= 1;
	say_end(&other, SYNC_COMPLETE);
}

static void
play_garbage(const struct scene *scene)
{
	(void)scene;
	(void)send(WORKER_FD, "HTTP/1.1 200 OK\r\n\r\n", 19, 0);
}

static void
play_prompt(const struct scene *scene)
{
	say_text(FRAME_PROMPT);
	say_end(scene, SYNC_COMPLETE);
}

static void
play_nobody(const struct scene *scene)
{
	struct frame frame = frame_make(FRAME_USER);

	send_frame(&frame);
	say_end(scene, SYNC_COMPLETE);
}

static void
play_hangs(const struct scene *scene)
{
	(void)scene;
	say_user();
	for (;;)
		pause();
}

static void
play_failed(const struct scene *scene)
{
	say_user();
	say_end(scene, SYNC_FAILED);
}

static void
play_changes(const struct scene *scene)
{
	say_user();
	say_end(scene, SYNC_CHANGES);
}

static void
play_unchanged(const struct scene *scene)
{
	say_end(scene, SYNC_UNCHANGED);
}

static void
play_unchanged_and_told(const struct scene *scene)
{
	say_user();
	say_end(scene, SYNC_UNCHANGED);
}

static void
play_one(const struct scene *scene)
{
	say_user();
	say_end(scene, SYNC_ONE);
}

static const struct {
	const char *name;
	void (*play)(const struct scene *scene);
} roles[] = {
    {"whole", play_whole},
    {"killed", play_killed},
    {"closes", play_closes},
    {"half", play_half},
    {"twice", play_twice},
    {"goes on", play_goes_on},
    {"other nonce", play_other_nonce},
    {"garbage", play_garbage},
    {"prompt", play_prompt},
    {"nobody", play_nobody},
    {"failed", play_failed},
    {"changes", play_changes},
    {"unchanged", play_unchanged},
    {"unchanged and told", play_unchanged_and_told},
    {"one", play_one},
    {"hangs", play_hangs},
};

#define ROLE_COUNT (sizeof(roles) / sizeof(roles[0]))

bool
sync_role_is_ours(const char *program_name)
{
	return strcmp(program_name, WORKER_NAME) == 0;
}

int
sync_role_play(void)
{
	struct buffer pending = buffer_make((size_t)FRAME_MAX_BYTES * 2);
	struct sync_job *job = calloc(1, sizeof(*job));
	struct scene scene = {.job = job};
	struct frame frame;
	size_t i;

	if (job == NULL ||
	    frame_receive(WORKER_FD, &pending, frame_clock_ms() + SOON_MS,
		&frame) != EXTAUTH_OK ||
	    sync_job_from_frame(&frame, job, scene.nonce) != EXTAUTH_OK)
		return 2;
	for (i = 0; i < ROLE_COUNT; i++)
		if (strcmp(roles[i].name, job->source) == 0)
			roles[i].play(&scene);
	return 0;
}
