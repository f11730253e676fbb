/* SPDX-License-Identifier: MIT */
#include "kill_host.h"

#include <dirent.h>
#include <dlfcn.h>
#include <err.h>
#include <errno.h>
#include <security/pam_appl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>

#include "frame.h"

#define PASSWORD_BYTES 128

typedef int spawn_function(pid_t *pid, const char *path,
    const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attrp,
    char *const argv[], char *const envp[]);
typedef ssize_t recv_function(int fd, void *bytes, size_t size, int flags);

/* All that came from the worker in this login. */
static char heard[FRAME_MAX_BYTES * 2];
static size_t heard_length;

void (*kill_host_started)(pid_t worker);
/* Somebody was asked about this login. */
static bool has_worker;

/* The C library's function of that name, behind ours. */
static void
find_next(const char *name, void *ret_function)
{
	void *const found = dlsym(RTLD_NEXT, name);

	if (found == NULL)
		errx(99, "no %s", name);
	memcpy(ret_function, &found, sizeof(found));
}

__attribute__((visibility("default"))) int
posix_spawn(pid_t *pid, const char *path,
    const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attrp,
    char *const argv[], char *const envp[])
{
	spawn_function *next = NULL;
	int failed;

	find_next("posix_spawn", &next);
	failed = next(pid, path, actions, attrp, argv, envp);
	has_worker = has_worker || failed == 0;
	if (failed == 0 && kill_host_started != NULL)
		kill_host_started(*pid);
	return failed;
}

__attribute__((visibility("default"))) ssize_t
recv(int fd, void *bytes, size_t size, int flags)
{
	recv_function *next = NULL;
	ssize_t got;

	find_next("recv", &next);
	got = next(fd, bytes, size, flags);
	if (got > 0 && (flags & MSG_PEEK) == 0 &&
	    (size_t)got <= sizeof(heard) - heard_length) {
		memcpy(heard + heard_length, bytes, (size_t)got);
		heard_length += (size_t)got;
	}
	return got;
}

/* The host must see the same verdict in the same bytes. */
static void
look_at_verdict(struct kill_result *result)
{
	size_t used = 0;
	size_t at;

	for (at = 0; at < heard_length; at += used) {
		cleanup_frame struct frame frame = {0};
		uint32_t wire = 0;

		if (frame_decode(heard + at, heard_length - at, &frame,
			&used) != EXTAUTH_OK)
			return;
		if (frame.type == FRAME_VERDICT)
			result->has_verdict =
			    frame_get_number(&frame, TAG_VERDICT, &wire) ==
				EXTAUTH_OK &&
			    verdict_from_wire(wire, &result->verdict) ==
				EXTAUTH_OK;
	}
}

static int
count_fds(void)
{
	DIR *directory = opendir("/proc/self/fd");
	int count = 0;

	if (directory == NULL)
		err(99, "/proc/self/fd");
	while (readdir(directory) != NULL)
		count++;
	(void)closedir(directory);
	return count;
}

/* The texts to be typed, in turn. */
struct typing {
	const char *password;
	const char *answer;
	bool is_begun;
};

static int
converse(int count, const struct pam_message **messages,
    struct pam_response **ret_responses, void *context)
{
	struct typing *typing = context;
	struct pam_response *responses =
	    calloc((size_t)count, sizeof(*responses));
	int number;

	if (responses == NULL)
		return PAM_BUF_ERR;
	for (number = 0; number < count; number++) {
		const char *text =
		    typing->is_begun ? typing->answer : typing->password;

		if (messages[number]->msg_style != PAM_PROMPT_ECHO_OFF &&
		    messages[number]->msg_style != PAM_PROMPT_ECHO_ON)
			continue;
		typing->is_begun = true;
		responses[number].resp = strdup(text != NULL ? text : "");
	}
	*ret_responses = responses;
	return PAM_SUCCESS;
}

static void
no_delay(int code, unsigned microseconds, void *context)
{
	(void)code;
	(void)microseconds;
	(void)context;
}

static int
authenticate(const struct kill_login *login, struct typing *typing)
{
	const struct pam_conv conversation = {converse, typing};
	void (*const delay)(int, unsigned, void *) = no_delay;
	pam_handle_t *pamh = NULL;
	const void *item = NULL;
	int code;

	if (pam_start(login->service, login->user, &conversation, &pamh) !=
	    PAM_SUCCESS)
		errx(99, "pam_start");
	memcpy(&item, &delay, sizeof(item));
	(void)pam_set_item(pamh, PAM_FAIL_DELAY, item);
	code = pam_authenticate(pamh, 0);
	(void)pam_end(pamh, code);
	return code;
}

static void
make_password(const char *from, unsigned number, char password[PASSWORD_BYTES])
{
	const char *place = strstr(from, "%u");

	if (place == NULL)
		(void)snprintf(password, PASSWORD_BYTES, "%s", from);
	else
		(void)snprintf(password, PASSWORD_BYTES, "%.*s%u%s",
		    (int)(place - from), from, number, place + 2);
}

static void
log_in(const struct kill_login *login, unsigned number,
    struct kill_result *ret_result)
{
	char password[PASSWORD_BYTES];
	struct typing typing = {password, login->answer, false};
	int fds;
	int64_t start;

	/* The C library keeps its socket to the log. */
	openlog("kill", LOG_NDELAY, LOG_AUTH);
	fds = count_fds();
	start = kill_clock_us();
	make_password(login->password, number, password);
	heard_length = 0;
	has_worker = false;
	*ret_result = (struct kill_result){0};
	ret_result->code = authenticate(login, &typing);
	ret_result->microseconds = kill_clock_us() - start;
	look_at_verdict(ret_result);
	ret_result->more_fds = count_fds() - fds;
	ret_result->has_child =
	    waitpid(-1, NULL, WNOHANG) != -1 || errno != ECHILD;
	ret_result->is_over = true;
}

/* One fresh password of 65,536 is taken for the one before, of which so many
 * bits are known (throttle.h), and nobody is asked: then another is typed. */
void
kill_host_login(const struct kill_login *login, unsigned number,
    struct kill_result *ret_result)
{
	log_in(login, number, ret_result);
	if (!has_worker && ret_result->code == PAM_AUTH_ERR &&
	    strstr(login->password, "%u") != NULL)
		log_in(login, ~number, ret_result);
}

/* The code that the module must give; -1 for verdicts that no server of these
 * tests causes. */
static int
right_code(const struct kill_result *result)
{
	if (!result->has_verdict)
		return PAM_SYSTEM_ERR;
	if (result->verdict == VERDICT_ACCEPTED)
		return PAM_SUCCESS;
	if (result->verdict == VERDICT_REJECTED ||
	    result->verdict == VERDICT_SECOND_FACTOR_NEEDED)
		return PAM_AUTH_ERR;
	return result->verdict == VERDICT_UNAVAILABLE ? PAM_AUTHINFO_UNAVAIL
						      : -1;
}

const char *
kill_host_complaint(const struct kill_result *result)
{
	if (!result->is_over)
		return "the host did not end";
	if (result->code == PAM_SUCCESS &&
	    (!result->has_verdict || result->verdict != VERDICT_ACCEPTED))
		return "success without a grant";
	if (result->code != right_code(result))
		return result->has_verdict ? "not the code of the verdict"
					   : "not the code of a fault";
	if (result->has_child)
		return "a child is left";
	if (result->more_fds != 0)
		return "a descriptor is left";
	return NULL;
}

int64_t
kill_clock_us(void)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* splitmix64 */
uint64_t
kill_chance(uint64_t *state, uint64_t end)
{
	uint64_t number = *state += 0x9e3779b97f4a7c15;

	number = (number ^ number >> 30) * 0xbf58476d1ce4e5b9;
	number = (number ^ number >> 27) * 0x94d049bb133111eb;
	return (number ^ number >> 31) % end;
}
