/* SPDX-License-Identifier: MIT */
#include "worker_roles.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "worker_scene.h"

/* A grant as it stands on the wire, with `more` bytes to be written behind. */
static size_t
grant_bytes(struct scene *scene, char *bytes, size_t size)
{
	struct frame frame = scene_verdict_frame(scene, VERDICT_ACCEPTED);
	uint32_t length = (uint32_t)frame.fields.length + 1;

	memset(bytes, 0, size);
	memcpy(bytes, &length, sizeof(length));
	bytes[4] = (char)frame.type;
	memcpy(bytes + 5, frame.fields.bytes, frame.fields.length);
	frame_clear(&frame);
	return 4 + length;
}

static void
play_linger(struct scene *scene)
{
	scene_play_accept(scene);
	for (;;)
		pause();
}

static void
play_exit(struct scene *scene)
{
	(void)scene;
}

static void
play_hang_up(struct scene *scene)
{
	close(SCENE_FD);
	scene_play_hang(scene);
}

static void
play_garbage(struct scene *scene)
{
	(void)scene;
	scene_send_bytes("HTTP/1.1 200 OK\r\n\r\n", 19);
}

static void
play_short(struct scene *scene)
{
	char bytes[1024];
	size_t length = grant_bytes(scene, bytes, sizeof(bytes));

	scene_send_bytes(bytes, length - 1);
}

static void
play_extra(struct scene *scene)
{
	char bytes[1024];
	size_t length = grant_bytes(scene, bytes, sizeof(bytes));

	scene_send_bytes(bytes, length + 1);
}

static void
play_slow(struct scene *scene)
{
	char bytes[1024];
	size_t length = grant_bytes(scene, bytes, sizeof(bytes));
	size_t i;

	for (i = 0; i < length; i++) {
		scene_send_bytes(bytes + i, 1);
		usleep(30000);
	}
}

static void
play_wrong_nonce(struct scene *scene)
{
	scene->nonce[FRAME_NONCE_BYTES - 1] ^= 1;
	scene_send_verdict(scene, VERDICT_ACCEPTED);
}

static void
play_wrong_frame(struct scene *scene)
{
	(void)scene;
	scene_say(FRAME_END, "");
}

static void
play_killed(struct scene *scene)
{
	(void)scene;
	kill(getpid(), SIGKILL);
}

static void
play_flood_inform(struct scene *scene)
{
	(void)scene;
	for (;;)
		scene_say(FRAME_INFORM, "hear, hear");
}

static void
play_flood_trace(struct scene *scene)
{
	(void)scene;
	for (;;)
		scene_say(FRAME_TRACE, "POST /");
}

static void
play_talk(struct scene *scene)
{
	scene_say(FRAME_INFORM, "look at\nyour \033[2Jphone");
	scene_say(FRAME_TRACE, "POST /v1/login");
	scene_send_verdict(scene, VERDICT_LOCKED);
}

static bool
is_null_device(int fd)
{
	struct stat here;
	struct stat null;

	return fstat(fd, &here) == 0 && stat("/dev/null", &null) == 0 &&
	    here.st_rdev == null.st_rdev;
}

/* Those of faults belong to the sanitizer where there is one. */
static bool
signal_is_checked(int number)
{
#ifdef EXTAUTH_SANITIZED
	return number != SIGSEGV && number != SIGBUS && number != SIGFPE &&
	    number != SIGILL;
#else
	return number > 0;
#endif
}

static bool
signals_are_default(void)
{
	struct sigaction action;
	sigset_t mask;
	int number;

	sigprocmask(SIG_BLOCK, NULL, &mask);
	for (number = 1; number < 32; number++) {
		if (sigismember(&mask, number) != 0 ||
		    sigaction(number, NULL, &action) < 0)
			return false;
		if (action.sa_handler != SIG_DFL && signal_is_checked(number))
			return false;
	}
	return true;
}

static bool
low_descriptors_are_null(void)
{
	return is_null_device(0) && is_null_device(1) && is_null_device(2);
}

static bool
high_descriptors_are_closed(void)
{
	int fd;

	for (fd = SCENE_FD + 1; fd < 3000; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			return false;
	return true;
}

/* Says in its reason what is wrong with what it was given. */
static void
play_inspect(struct scene *scene)
{
	snprintf(scene->outcome.reason, sizeof(scene->outcome.reason),
	    "%s%s%s%s%s", low_descriptors_are_null() ? "" : "low fds ",
	    high_descriptors_are_closed() ? "" : "high fds ",
	    signals_are_default() ? "" : "signals ",
	    environ[0] == NULL ? "" : "environment ",
	    getsid(0) == getpid() ? "" : "session ");
	scene_send_verdict(scene, VERDICT_REJECTED);
}

static const struct role {
	const char *name;
	void (*play)(struct scene *scene);
} roles[] = {
    {"accept", scene_play_accept},
    {"linger", play_linger},
    {"exit", play_exit},
    {"hang", scene_play_hang},
    {"hang_up", play_hang_up},
    {"garbage", play_garbage},
    {"short", play_short},
    {"extra", play_extra},
    {"slow", play_slow},
    {"wrong_nonce", play_wrong_nonce},
    {"wrong_frame", play_wrong_frame},
    {"killed", play_killed},
    {"flood_inform", play_flood_inform},
    {"flood_trace", play_flood_trace},
    {"talk", play_talk},
    {"prompt", scene_play_prompt},
    {"bare", scene_play_bare},
    {"wait", scene_play_wait},
    {"wait_for_ever", scene_play_wait_for_ever},
    {"wait_and_hang", scene_play_wait_and_hang},
    {"wait_and_ask", scene_play_wait_and_ask},
    {"flood_waiting", scene_play_flood_waiting},
    {"odd_waiting", scene_play_odd_waiting},
    {"token", scene_play_token},
    {"change", scene_play_change},
    {"inspect", play_inspect},
};

bool
worker_role_is_ours(const char *program_name)
{
	return strcmp(program_name, "extauth-exchange") == 0;
}

int
worker_role_play(void)
{
	static struct scene scene;
	struct frame frame;
	size_t i;

	scene.pending = buffer_make((size_t)FRAME_MAX_BYTES * 2);
	if (frame_receive(SCENE_FD, &scene.pending, scene_end_ms(), &frame) !=
		EXTAUTH_OK ||
	    login_from_frame(&frame, &scene.facts, scene.nonce, &scene.password,
		&scene.new_password) != EXTAUTH_OK)
		return 1;
	frame_clear(&frame);
	for (i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (strcmp(roles[i].name, scene.facts.username) == 0)
			roles[i].play(&scene);
	secret_clear(&scene.password);
	secret_clear(&scene.new_password);
	buffer_clear(&scene.pending);
	return 0;
}
