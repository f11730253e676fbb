/* SPDX-License-Identifier: MIT */
#include "setup_login.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <security/pam_appl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buffer.h"
#include "frame.h"
#include "setup_login_child.h"

#define LOG_BYTES 65536
#define LOOK_MS 50

bool
setup_login_is_good(const struct setup_outcome *outcome)
{
	return outcome->stage == SETUP_STAGE_ACCOUNT &&
	    outcome->code == PAM_SUCCESS;
}

bool
setup_login_is_refusal(const struct setup_outcome *outcome)
{
	return outcome->stage == SETUP_STAGE_AUTHENTICATE &&
	    (strstr(outcome->log, "result=rejected") != NULL ||
		strstr(outcome->log, "result=repeated") != NULL);
}

const char *
setup_login_code(int code)
{
	static const struct {
		int code;
		const char *name;
	} names[] = {
	    {PAM_SUCCESS, "PAM_SUCCESS"},
	    {PAM_OPEN_ERR, "PAM_OPEN_ERR"},
	    {PAM_SERVICE_ERR, "PAM_SERVICE_ERR"},
	    {PAM_SYSTEM_ERR, "PAM_SYSTEM_ERR"},
	    {PAM_BUF_ERR, "PAM_BUF_ERR"},
	    {PAM_PERM_DENIED, "PAM_PERM_DENIED"},
	    {PAM_AUTH_ERR, "PAM_AUTH_ERR"},
	    {PAM_CRED_INSUFFICIENT, "PAM_CRED_INSUFFICIENT"},
	    {PAM_AUTHINFO_UNAVAIL, "PAM_AUTHINFO_UNAVAIL"},
	    {PAM_USER_UNKNOWN, "PAM_USER_UNKNOWN"},
	    {PAM_MAXTRIES, "PAM_MAXTRIES"},
	    {PAM_NEW_AUTHTOK_REQD, "PAM_NEW_AUTHTOK_REQD"},
	    {PAM_ACCT_EXPIRED, "PAM_ACCT_EXPIRED"},
	    {PAM_CONV_ERR, "PAM_CONV_ERR"},
	    {PAM_IGNORE, "PAM_IGNORE"},
	    {PAM_ABORT, "PAM_ABORT"},
	    {PAM_MODULE_UNKNOWN, "PAM_MODULE_UNKNOWN"},
	};
	size_t index;

	for (index = 0; index < sizeof(names) / sizeof(names[0]); index++)
		if (names[index].code == code)
			return names[index].name;
	return "PAM_?";
}

/* Reads what is there. false at the end. */
static bool
take_log(int fd, struct buffer *log)
{
	char piece[1024];
	ssize_t length;

	while ((length = read(fd, piece, sizeof(piece))) > 0)
		if (buffer_append(log, piece, (size_t)length) != EXTAUTH_OK)
			continue;
	return length < 0 && (errno == EAGAIN || errno == EINTR);
}

/* Reads the log until the process is gone: what it started may hold the log
 * open for ever. false if it took too long. */
static bool
keep_log(pid_t child, int fd, int64_t end_ms, struct buffer *log)
{
	bool is_open = true;

	while (frame_clock_ms() < end_ms) {
		struct pollfd ready = {.fd = fd, .events = POLLIN};
		pid_t ended = waitpid(child, NULL, WNOHANG);

		is_open = is_open && take_log(fd, log);
		if (ended == child)
			return true;
		(void)poll(&ready, is_open ? 1 : 0, LOOK_MS);
	}
	return false;
}

/* Our module's last line of the log, without what syslog puts in front. */
static void
log_take(const struct buffer *log, char *line)
{
	static const char mark[] = "pam_extauth(";
	const char *found = buffer_text(log);
	const char *last = NULL;

	while ((found = strstr(found, mark)) != NULL)
		last = found++;
	if (last != NULL)
		(void)snprintf(line, SETUP_LOG_BYTES, "%.*s",
		    (int)strcspn(last, "\n"), last);
}

static void
outcome_take(int fd, struct setup_outcome *outcome)
{
	struct setup_login_step step;

	while (read(fd, &step, sizeof(step)) == (ssize_t)sizeof(step)) {
		outcome->stage = (enum setup_stage)step.stage;
		outcome->code = step.code;
	}
}

static bool
pipes_open(int *log, int *result)
{
	if (pipe2(log, O_CLOEXEC) != 0)
		return false;
	(void)fcntl(log[0], F_SETFL, O_NONBLOCK);
	if (pipe2(result, O_CLOEXEC | O_NONBLOCK) == 0)
		return true;
	(void)close(log[0]);
	(void)close(log[1]);
	return false;
}

/* An interrupt is for the question that is open, not for us: who ended now
 * would take the process along, and leave the terminal without echo. */
static void
signals_hold(bool is_held)
{
	struct sigaction action = {.sa_handler = is_held ? SIG_IGN : SIG_DFL};

	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGQUIT, &action, NULL);
}

static void
watch(pid_t child, int log_fd, uint32_t deadline_ms,
    struct setup_outcome *outcome)
{
	cleanup_buffer struct buffer log = buffer_make(LOG_BYTES);

	signals_hold(true);
	outcome->was_late =
	    !keep_log(child, log_fd, frame_clock_ms() + deadline_ms, &log);
	if (outcome->was_late) {
		(void)kill(child, SIGKILL);
		while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
			continue;
	}
	signals_hold(false);
	log_take(&log, outcome->log);
}

enum extauth_err
setup_login_try(const char *service, const char *user, uint32_t deadline_ms,
    struct setup_outcome *ret_outcome, struct extauth_error *error)
{
	struct setup_outcome outcome = {0};
	int log_ends[2];
	int result_ends[2];
	pid_t child;

	if (!pipes_open(log_ends, result_ends))
		return error_set(
		    error, EXTAUTH_SYSTEM, "pipe: %s", error_of_number(errno));
	(void)fflush(NULL);
	child = fork();
	if (child == 0)
		setup_login_child(service, user, log_ends[1], result_ends[1]);
	(void)close(log_ends[1]);
	(void)close(result_ends[1]);
	if (child > 0) {
		watch(child, log_ends[0], deadline_ms, &outcome);
		outcome_take(result_ends[0], &outcome);
		*ret_outcome = outcome;
	}
	(void)close(log_ends[0]);
	(void)close(result_ends[0]);
	return child > 0
	    ? EXTAUTH_OK
	    : error_set(error, EXTAUTH_SYSTEM, "a process cannot be started");
}
