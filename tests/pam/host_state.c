/* SPDX-License-Identifier: MIT */
#include "host_state.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define DESCRIPTOR_MAX 4096

/* Where the next line goes. */
struct notes {
	char *text;
	size_t left;
};

__attribute__((format(printf, 2, 3))) static void
note(struct notes *notes, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(notes->text, notes->left, format, arguments);
	va_end(arguments);
	if (length < 0 || (size_t)length >= notes->left)
		errx(99, "the state of the host is too long");
	notes->text += length;
	notes->left -= (size_t)length;
}

static void
note_descriptors(struct notes *notes)
{
	char path[64];
	char target[256];
	int fd;

	for (fd = 0; fd < DESCRIPTOR_MAX; fd++) {
		ssize_t length;

		if (fcntl(fd, F_GETFD) < 0)
			continue;
		(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		length = readlink(path, target, sizeof(target) - 1);
		target[length > 0 ? length : 0] = '\0';
		note(notes, "fd %d %s flags %x %x\n", fd, target,
		    (unsigned)fcntl(fd, F_GETFD), (unsigned)fcntl(fd, F_GETFL));
	}
}

static void
note_signals(struct notes *notes)
{
	struct sigaction action;
	sigset_t mask;
	sigset_t pending;
	int signal;

	(void)pthread_sigmask(SIG_SETMASK, NULL, &mask);
	(void)sigpending(&pending);
	for (signal = 1; signal <= SIGRTMAX; signal++) {
		if (sigaction(signal, NULL, &action) != 0)
			continue;
		note(notes, "signal %d blocked %d pending %d %x %jx\n", signal,
		    sigismember(&mask, signal),
		    signal != SIGCHLD && sigismember(&pending, signal) == 1,
		    (unsigned)action.sa_flags,
		    (uintmax_t)(uintptr_t)action.sa_handler);
	}
}

static void
note_timers(struct notes *notes)
{
	static const __itimer_which_t kinds[] = {
	    ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF};
	struct itimerval timer;
	size_t number;

	for (number = 0; number < 3; number++) {
		(void)getitimer(kinds[number], &timer);
		note(notes, "timer runs %d again %ld.%06ld\n",
		    timer.it_value.tv_sec > 0 || timer.it_value.tv_usec > 0,
		    timer.it_interval.tv_sec, timer.it_interval.tv_usec);
	}
}

static void
note_limits(struct notes *notes)
{
	struct rlimit limit;
	int kind;

	for (kind = 0; kind < RLIMIT_NLIMITS; kind++) {
		(void)getrlimit((__rlimit_resource_t)kind, &limit);
		note(notes, "limit %d %ju %ju\n", kind,
		    (uintmax_t)limit.rlim_cur, (uintmax_t)limit.rlim_max);
	}
}

static void
note_ids(struct notes *notes)
{
	uid_t uids[3];
	gid_t gids[3];

	(void)getresuid(&uids[0], &uids[1], &uids[2]);
	(void)getresgid(&gids[0], &gids[1], &gids[2]);
	note(notes, "uid %u %u %u gid %u %u %u groups %d\n", uids[0], uids[1],
	    uids[2], gids[0], gids[1], gids[2], getgroups(0, NULL));
	note(notes, "session %d group %d dumpable %d no_new_privs %d\n",
	    getsid(0), getpgrp(), prctl(PR_GET_DUMPABLE),
	    prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
}

static void
note_threads_and_children(struct notes *notes)
{
	struct stat tasks = {0};
	siginfo_t child = {0};
	int result;

	(void)stat("/proc/self/task", &tasks);
	result = waitid(P_ALL, 0, &child, WEXITED | WNOHANG | WNOWAIT);
	note(notes, "threads %ju children %d %s zombie %d\n",
	    (uintmax_t)tasks.st_nlink, result,
	    result < 0 ? strerrorname_np(errno) : "", child.si_pid);
}

void
host_state_read(struct host_state *ret_state)
{
	struct notes notes = {ret_state->text, sizeof(ret_state->text)};
	const mode_t mask = umask(0);
	char directory[512];
	char **variable;

	(void)umask(mask);
	note_descriptors(&notes);
	note_signals(&notes);
	note_timers(&notes);
	note_limits(&notes);
	note_ids(&notes);
	note_threads_and_children(&notes);
	if (getcwd(directory, sizeof(directory)) == NULL)
		(void)snprintf(directory, sizeof(directory), "none");
	note(&notes, "umask %o directory %s locale %s %d\n", mask, directory,
	    setlocale(LC_ALL, NULL), uselocale(NULL) == LC_GLOBAL_LOCALE);
	for (variable = environ; variable != NULL && *variable != NULL;
	     variable++)
		note(&notes, "%s\n", *variable);
}

const char *
host_state_change(
    const struct host_state *before, const struct host_state *after)
{
	static char line[512];
	size_t at = 0;
	size_t start = 0;

	if (strcmp(before->text, after->text) == 0)
		return NULL;
	for (; before->text[at] == after->text[at]; at++)
		if (after->text[at] == '\n')
			start = at + 1;
	(void)snprintf(line, sizeof(line), "%.*s",
	    (int)strcspn(after->text + start, "\n"), after->text + start);
	return line;
}

void
host_state_block_signals(void)
{
	sigset_t mask;

	(void)sigfillset(&mask);
	if (sigprocmask(SIG_BLOCK, &mask, NULL) != 0)
		err(1, "sigprocmask");
}

static void
handle(int signal)
{
	(void)signal;
}

void
host_state_interrupt_often(void)
{
	const struct itimerval often = {{0, 5000}, {0, 5000}};
	const struct sigaction action = {.sa_handler = handle};

	if (sigaction(SIGALRM, &action, NULL) != 0 ||
	    setitimer(ITIMER_REAL, &often, NULL) != 0)
		err(1, "a signal every five milliseconds");
}

static void *
reap(void *argument)
{
	const struct timespec moment = {.tv_nsec = 500000};

	for (;;)
		if (waitpid(-1, NULL, 0) < 0)
			(void)nanosleep(&moment, NULL);
	return argument;
}

void
host_state_reap_children(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, reap, NULL) != 0)
		err(1, "a thread that waits for children");
}
