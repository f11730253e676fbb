/* SPDX-License-Identifier: MIT */
/* Kills the worker of a login at each of its system calls, from its execve to
 * its end: one login for each. Prints what came of it in one line `NAME=NUMBER
 * ...`; status 1 if a login ended otherwise than it must.
 * Does not know: servers, configuration.
 *
 * usage: kill_calls SERVICE USER PASSWORD ANSWER [EVERY]
 *   ANSWER: to prompts behind the password
 *   EVERY: every how manieth call (1) */
#include <err.h>
#include <errno.h>
#include <security/pam_appl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kill_host.h"

#define HANG_S 20

/* One login under our eyes. */
struct scene {
	pid_t host;
	pid_t worker; /* 0: none yet */
	unsigned calls;
	unsigned kill_at; /* 0: when execve is over */
	bool is_killed;
	bool is_orphaned; /* the worker outlived the host */
	bool is_host_gone;
};

struct sums {
	unsigned kills;
	unsigned granted;
	unsigned refused;
	unsigned faults;
	unsigned wrong;
	int64_t longest_us;
};

/* Ends a hanging login; what is traced dies with us. */
static void
hang(int number)
{
	static const char text[] = "a login hangs\n";

	(void)number;
	(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
	_exit(1);
}

static pid_t
start_host(
    const struct kill_login *login, unsigned number, struct kill_result *result)
{
	const long options = PTRACE_O_EXITKILL | PTRACE_O_TRACEFORK |
	    PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |
	    PTRACE_O_TRACESYSGOOD;
	int ends[2];
	pid_t host;
	char byte = 0;

	if (pipe(ends) != 0)
		err(99, "pipe");
	host = fork();
	if (host == 0) {
		(void)close(ends[1]);
		if (read(ends[0], &byte, 1) != 1)
			_exit(99);
		(void)close(ends[0]);
		kill_host_login(login, number, result);
		_exit(0);
	}
	if (host < 0 || ptrace(PTRACE_SEIZE, host, NULL, options) != 0)
		err(99, "cannot trace the host");
	if (write(ends[1], &byte, 1) != 1)
		err(99, "pipe");
	(void)close(ends[0]);
	(void)close(ends[1]);
	return host;
}

static bool
is_entry(pid_t pid)
{
	struct __ptrace_syscall_info info = {0};

	return ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) > 0 &&
	    info.op == PTRACE_SYSCALL_INFO_ENTRY;
}

static bool
must_die(struct scene *scene, int status)
{
	if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8))
		return scene->kill_at == 0;
	if (WSTOPSIG(status) == (SIGTRAP | 0x80) && is_entry(scene->worker))
		return ++scene->calls == scene->kill_at;
	return false;
}

/* Somebody stopped: kills him or lets him go on. */
static void
go_on(struct scene *scene, pid_t pid, int status)
{
	const bool is_event = status >> 16 != 0;
	const int stopped_by = WSTOPSIG(status);
	const long number =
	    is_event || stopped_by == (SIGTRAP | 0x80) ? 0 : stopped_by;

	if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8))
		scene->worker = pid;
	if (pid == scene->worker && must_die(scene, status)) {
		scene->is_killed = true;
		(void)kill(pid, SIGKILL);
		return;
	}
	(void)ptrace(pid == scene->worker ? PTRACE_SYSCALL : PTRACE_CONT, pid,
	    NULL, number);
}

/* Until nobody is left. */
static void
watch(struct scene *scene)
{
	int status = 0;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		if (WIFSTOPPED(status))
			go_on(scene, pid, status);
		else if (pid == scene->host)
			scene->is_host_gone = true;
		else if (pid == scene->worker)
			scene->is_orphaned = scene->is_host_gone;
	}
	if (errno != ECHILD)
		err(99, "waitpid");
}

static void
judge(const struct scene *scene, const struct kill_result *result,
    struct sums *sums)
{
	const char *complaint = kill_host_complaint(result);

	if (scene->is_orphaned)
		complaint = "the worker outlived the host";
	if (complaint != NULL) {
		warnx("call %u: %s (code %d)", scene->kill_at, complaint,
		    result->code);
		sums->wrong++;
	}
	sums->kills += scene->is_killed;
	sums->granted += result->code == PAM_SUCCESS;
	sums->refused += result->code == PAM_AUTH_ERR;
	sums->faults += result->code == PAM_SYSTEM_ERR;
	if (sums->longest_us < result->microseconds)
		sums->longest_us = result->microseconds;
}

int
main(int count, char **arguments)
{
	struct kill_result *result = mmap(NULL, sizeof(*result),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	const unsigned every =
	    count > 5 ? (unsigned)strtoul(arguments[5], NULL, 10) : 1;
	struct sums sums = {0};
	struct scene scene = {0};

	if (count < 5 || every == 0 || result == MAP_FAILED)
		return 64;
	(void)sigaction(SIGALRM, &(struct sigaction){.sa_handler = hang}, NULL);
	do {
		const struct kill_login login = {
		    arguments[1], arguments[2], arguments[3], arguments[4]};
		const unsigned kill_at =
		    scene.host == 0 ? 0 : scene.kill_at + every;

		*result = (struct kill_result){0};
		(void)alarm(HANG_S);
		scene = (struct scene){.kill_at = kill_at};
		scene.host = start_host(&login, kill_at, result);
		watch(&scene);
		judge(&scene, result, &sums);
	} while (scene.is_killed);
	printf("kills=%u granted=%u refused=%u faults=%u wrong=%u "
	       "longest_ms=%lld\n",
	    sums.kills, sums.granted, sums.refused, sums.faults, sums.wrong,
	    (long long)sums.longest_us / 1000);
	return sums.wrong == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
