/* SPDX-License-Identifier: MIT */
#include "inject.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif
#define WORKER_NAME "/extauth-exchange"
#define LEFT_MS 3000

/* Those that end a process or always have an answer; and the one of which the
 * C library ends the process if it has another answer than the kernel gives. */
static const int unfailing[] = {
    SYS_exit,
    SYS_exit_group,
    SYS_rt_sigreturn,
    SYS_getpid,
    SYS_gettid,
    SYS_getppid,
    SYS_getuid,
    SYS_geteuid,
    SYS_getgid,
    SYS_getegid,
    SYS_umask,
    SYS_set_tid_address,
    SYS_futex,
    SYS_sched_yield,
#ifdef SYS_alarm
    SYS_alarm,
    SYS_time,
    SYS_getpgrp,
#endif
};
#define UNFAILING (sizeof(unfailing) / sizeof(*unfailing))

bool
inject_can_fail(int call)
{
	size_t number;

	for (number = 0; number < UNFAILING; number++)
		if (unfailing[number] == call)
			return false;
	return call >= 0 && call < INJECT_CALLS;
}

void *
inject_share(size_t bytes)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		err(99, "mmap");
	return memory;
}

static int
install(struct sock_filter *lines, size_t count)
{
	const struct sock_fprog program = {(unsigned short)count, lines};
	const unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;
	long fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
	    flags | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &program);

	if (fd < 0 && errno == EINVAL)
		fd = syscall(
		    SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
	if (fd < 0)
		err(99, "seccomp");
	return (int)fd;
}

static int
install_one(int call)
{
	struct sock_filter lines[] = {
	    BPF_STMT(
		BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)call, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	return install(lines, sizeof(lines) / sizeof(*lines));
}

static int
install_all(void)
{
	struct sock_filter lines[UNFAILING * 2 + 2] = {
	    BPF_STMT(
		BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	};
	size_t count = 1;
	size_t number;

	for (number = 0; number < UNFAILING; number++) {
		lines[count++] =
		    (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
			(unsigned)unfailing[number], 0, 1);
		lines[count++] = (struct sock_filter)BPF_STMT(
		    BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	}
	lines[count++] = (struct sock_filter)BPF_STMT(
	    BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
	return install(lines, count);
}

void
inject_watch_me(struct inject_shared *shared, int call)
{
	const int fd = call == INJECT_ALL ? install_all() : install_one(call);

	shared->listener = fd;
	while (!shared->is_taken)
		(void)sched_yield();
	(void)close(fd);
}

static int64_t
clock_ms(void)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The listener of the host; -1 if it ended before. */
static int
take_listener(struct inject_run *run, int pidfd)
{
	const struct timespec moment = {.tv_nsec = 20000};
	struct pollfd dead = {.fd = pidfd, .events = POLLIN};
	int fd;

	while (run->shared->listener < 0) {
		if (poll(&dead, 1, 0) > 0 && run->shared->listener < 0)
			return -1;
		(void)nanosleep(&moment, NULL);
	}
	fd = pidfd_getfd(pidfd, run->shared->listener, 0);
	if (fd < 0)
		err(99, "pidfd_getfd");
	run->shared->is_taken = true;
	return fd;
}

static bool
runs(pid_t process, const char *program)
{
	char path[64];
	char target[256];
	const size_t wanted = strlen(program);
	ssize_t length;

	(void)snprintf(path, sizeof(path), "/proc/%d/exe", process);
	length = readlink(path, target, sizeof(target));
	return length >= (ssize_t)wanted &&
	    memcmp(target + (size_t)length - wanted, program, wanted) == 0;
}

static enum inject_role
role_of(struct inject_run *run, pid_t process)
{
	if (process == run->host)
		return INJECT_HOST;
	if (process == run->worker)
		return INJECT_WORKER;
	if (!runs(process, WORKER_NAME))
		return INJECT_HOST;
	run->worker = process;
	return INJECT_WORKER;
}

static FILE *
open_of(pid_t process, const char *name)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", process, name);
	return fopen(path, "re");
}

/* Where the heap ends: what the kernel answers to a brk(2) that it refuses. */
static long
heap_end(pid_t process)
{
	char line[512];
	unsigned long end = 0;
	FILE *maps = open_of(process, "maps");

	while (maps != NULL && fgets(line, sizeof(line), maps) != NULL) {
		const char *dash = strchr(line, '-');

		if (dash != NULL && strstr(line, "[heap]") != NULL)
			end = strtoul(dash + 1, NULL, 16);
	}
	if (maps != NULL)
		(void)fclose(maps);
	return (long)end;
}

/* The process of a thread. */
static pid_t
process_of(pid_t thread)
{
	char line[128];
	int process = 0;
	FILE *status = open_of(thread, "status");

	while (status != NULL && fgets(line, sizeof(line), status) != NULL)
		if (sscanf(line, "Tgid: %d", &process) == 1)
			break;
	if (status != NULL)
		(void)fclose(status);
	return process;
}

/* Does it to this call; false if the kernel could not. */
static bool
fire(struct inject_run *run, const struct seccomp_notif *call,
    struct seccomp_notif_resp *response)
{
	const pid_t process = (pid_t)call->pid;

	if (call->data.nr == SYS_brk && run->injection.error != 0) {
		if (call->data.args[0] == 0)
			return false;
		response->flags = 0;
		response->val = heap_end(process);
		return true;
	}
	run->is_in_loader = run->begun != NULL &&
	    run->begun[run->injection.role] != process_of(process);
	if (run->injection.error == 0)
		(void)kill(process, SIGKILL);
	else if (run->trace_signal != 0 && !run->is_in_loader)
		(void)syscall(SYS_tkill, process, run->trace_signal);
	response->flags = 0;
	response->error =
	    run->injection.error == 0 ? -EINTR : -run->injection.error;
	return true;
}

static void
judge(struct inject_run *run, const struct seccomp_notif *call,
    struct seccomp_notif_resp *response)
{
	const struct injection *wanted = &run->injection;
	const int number = call->data.nr;
	enum inject_role role;
	unsigned instance;

	if (run->program != NULL && !run->shared->is_armed &&
	    runs((pid_t)call->pid, run->program))
		run->shared->is_armed = true;
	if (!run->shared->is_armed || number < 0 || number >= INJECT_CALLS)
		return;
	role = role_of(run, (pid_t)call->pid);
	instance = ++run->counts[role][number];
	if (!run->is_fired && role == wanted->role && number == wanted->call &&
	    instance == wanted->instance)
		run->is_fired = fire(run, call, response);
}

static void
answer(struct inject_run *run, int listener)
{
	struct seccomp_notif call = {0};
	struct seccomp_notif_resp response = {0};

	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) != 0)
		return;
	response.id = call.id;
	response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	judge(run, &call, &response);
	(void)ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

/* What the host did not wait for is ours now. */
static void
reap(struct inject_run *run)
{
	int status;

	while (waitpid(-1, &status, __WALL | WNOHANG) > 0)
		if (WIFSIGNALED(status))
			run->orphan = status;
}

static void
kill_left(struct inject_run *run)
{
	run->has_left = true;
	if (run->worker > 0)
		(void)kill(run->worker, SIGKILL);
}

/* Until the last process with the filter has ended. */
static void
answer_left(struct inject_run *run, int listener)
{
	int64_t end_ms = clock_ms() + LEFT_MS;
	struct pollfd asked = {.fd = listener, .events = POLLIN};

	while (poll(&asked, 1, 20) >= 0 && (asked.revents & POLLHUP) == 0) {
		if ((asked.revents & POLLIN) != 0)
			answer(run, listener);
		reap(run);
		if (clock_ms() > end_ms) {
			kill_left(run);
			end_ms += LEFT_MS;
		}
	}
}

void
inject_supervise(struct inject_run *run)
{
	const int pidfd = pidfd_open(run->host, 0);
	const int listener = take_listener(run, pidfd);
	const int64_t begin_ms = clock_ms();
	const int64_t end_ms = begin_ms + run->deadline_ms;
	struct pollfd ready[] = {{.fd = listener, .events = POLLIN},
	    {.fd = pidfd, .events = POLLIN}};

	while (listener >= 0) {
		(void)poll(ready, 2, 100);
		if ((ready[0].revents & POLLIN) != 0)
			answer(run, listener);
		else if (ready[1].revents != 0)
			break;
		if (!run->has_hung && clock_ms() > end_ms) {
			run->has_hung = true;
			(void)kill(run->host, SIGKILL);
		}
	}
	if (waitpid(run->host, &run->status, 0) != run->host)
		err(99, "waitpid");
	run->duration_ms = clock_ms() - begin_ms;
	if (listener >= 0)
		answer_left(run, listener);
	reap(run);
	(void)close(listener);
	(void)close(pidfd);
}
