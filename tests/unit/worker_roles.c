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

#include "login.h"

#define DIALOG_FD 3
#define FAR_MS 60000

struct scene {
	struct login_facts facts;
	struct login_outcome outcome;
	struct secret password;
	struct buffer pending;
	char nonce[FRAME_NONCE_BYTES];
};

static int64_t
far(void)
{
	return frame_clock_ms() + FAR_MS;
}

static void
send_bytes(const void *bytes, size_t length)
{
	if (send(DIALOG_FD, bytes, length, MSG_NOSIGNAL) < 0)
		_exit(1);
}

static void
send_frame(struct frame *frame)
{
	if (frame_send(DIALOG_FD, frame, far()) != EXTAUTH_OK)
		_exit(1);
	frame_clear(frame);
}

static void
say(enum frame_type type, const char *text)
{
	struct frame frame = frame_make(type);

	if (frame_add_text(&frame, TAG_TEXT, text) != EXTAUTH_OK)
		_exit(1);
	send_frame(&frame);
}

static struct frame
verdict_frame(struct scene *scene, enum verdict verdict)
{
	struct frame frame;

	scene->outcome.verdict = verdict;
	if (login_outcome_to_frame(&scene->outcome, scene->nonce, &frame) !=
	    EXTAUTH_OK)
		_exit(1);
	return frame;
}

static void
send_verdict(struct scene *scene, enum verdict verdict)
{
	struct frame frame = verdict_frame(scene, verdict);

	send_frame(&frame);
}

/* A grant as it stands on the wire, with `more` bytes to be written behind. */
static size_t
grant_bytes(struct scene *scene, char *bytes, size_t size)
{
	struct frame frame = verdict_frame(scene, VERDICT_ACCEPTED);
	uint32_t length = (uint32_t)frame.fields.length + 1;

	memset(bytes, 0, size);
	memcpy(bytes, &length, sizeof(length));
	bytes[4] = (char)frame.type;
	memcpy(bytes + 5, frame.fields.bytes, frame.fields.length);
	frame_clear(&frame);
	return 4 + length;
}

static void
play_accept(struct scene *scene)
{
	bool is_right = scene->password.length == 6 &&
	    memcmp(secret_reveal(&scene->password), "secret", 6) == 0;

	send_verdict(scene, is_right ? VERDICT_ACCEPTED : VERDICT_REJECTED);
}

static void
play_linger(struct scene *scene)
{
	play_accept(scene);
	for (;;)
		pause();
}

static void
play_exit(struct scene *scene)
{
	(void)scene;
}

static void
play_hang(struct scene *scene)
{
	(void)scene;
	for (;;)
		pause();
}

static void
play_hang_up(struct scene *scene)
{
	close(DIALOG_FD);
	play_hang(scene);
}

static void
play_garbage(struct scene *scene)
{
	(void)scene;
	send_bytes("HTTP/1.1 200 OK\r\n\r\n", 19);
}

static void
play_short(struct scene *scene)
{
	char bytes[1024];
	size_t length = grant_bytes(scene, bytes, sizeof(bytes));

	send_bytes(bytes, length - 1);
}

static void
play_extra(struct scene *scene)
{
	char bytes[1024];
	size_t length = grant_bytes(scene, bytes, sizeof(bytes));

	send_bytes(bytes, length + 1);
}

static void
play_slow(struct scene *scene)
{
	char bytes[1024];
	size_t length = grant_bytes(scene, bytes, sizeof(bytes));
	size_t i;

	for (i = 0; i < length; i++) {
		send_bytes(bytes + i, 1);
		usleep(30000);
	}
}

static void
play_wrong_nonce(struct scene *scene)
{
	scene->nonce[FRAME_NONCE_BYTES - 1] ^= 1;
	send_verdict(scene, VERDICT_ACCEPTED);
}

static void
play_wrong_frame(struct scene *scene)
{
	(void)scene;
	say(FRAME_END, "");
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
		say(FRAME_INFORM, "hear, hear");
}

static void
play_flood_trace(struct scene *scene)
{
	(void)scene;
	for (;;)
		say(FRAME_TRACE, "POST /");
}

static void
play_talk(struct scene *scene)
{
	say(FRAME_INFORM, "look at\nyour \033[2Jphone");
	say(FRAME_TRACE, "POST /v1/login");
	send_verdict(scene, VERDICT_LOCKED);
}

/* Asks once; "123456" is the right answer. */
static void
play_prompt(struct scene *scene)
{
	struct frame frame = frame_make(FRAME_PROMPT);
	char text[16] = "";

	if (frame_add_text(&frame, TAG_TEXT, "Code: ") != EXTAUTH_OK ||
	    frame_add_number(&frame, TAG_ECHO, 1) != EXTAUTH_OK)
		_exit(1);
	send_frame(&frame);
	if (frame_receive(DIALOG_FD, &scene->pending, far(), &frame) !=
		EXTAUTH_OK ||
	    frame.type != FRAME_ANSWER ||
	    frame_get_text(&frame, TAG_TEXT, text, sizeof(text)) != EXTAUTH_OK)
		_exit(1);
	send_verdict(scene,
	    strcmp(text, "123456") == 0 ? VERDICT_ACCEPTED : VERDICT_REJECTED);
}

/* Asks without a text, and takes any answer. */
static void
play_bare(struct scene *scene)
{
	struct frame frame = frame_make(FRAME_PROMPT);

	send_frame(&frame);
	if (frame_receive(DIALOG_FD, &scene->pending, far(), &frame) !=
	    EXTAUTH_OK)
		_exit(1);
	frame_clear(&frame);
	send_verdict(scene, VERDICT_DENIED_BY_POLICY);
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

	for (fd = DIALOG_FD + 1; fd < 3000; fd++)
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
	send_verdict(scene, VERDICT_REJECTED);
}

static const struct role {
	const char *name;
	void (*play)(struct scene *scene);
} roles[] = {
    {"accept", play_accept},
    {"linger", play_linger},
    {"exit", play_exit},
    {"hang", play_hang},
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
    {"prompt", play_prompt},
    {"bare", play_bare},
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
	if (frame_receive(DIALOG_FD, &scene.pending, far(), &frame) !=
		EXTAUTH_OK ||
	    login_from_frame(&frame, &scene.facts, scene.nonce,
		&scene.password) != EXTAUTH_OK)
		return 1;
	frame_clear(&frame);
	for (i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (strcmp(roles[i].name, scene.facts.username) == 0)
			roles[i].play(&scene);
	secret_clear(&scene.password);
	buffer_clear(&scene.pending);
	return 0;
}
