/* SPDX-License-Identifier: MIT */
#include "process.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <time.h>
#include <unistd.h>

#include "buffer.h"
#include "number.h"
#include "program.h"

#define LOWEST_UID 1000
#define STATUS_BYTES 2048

static bool
is_of_uid(int process, uint32_t uid)
{
	char text[STATUS_BYTES];
	cleanup_fd int fd = openat(process, "status", O_RDONLY | O_CLOEXEC);
	uint32_t uids[3] = {0};
	const char *line;
	ssize_t length;

	length = fd >= 0 ? read(fd, text, sizeof(text) - 1) : -1;
	if (length <= 0)
		return false;
	text[length] = '\0';
	line = strstr(text, "\nUid:");
	if (line == NULL)
		return false;
	/* The kernel writes these. NOLINTNEXTLINE(cert-err34-c) */
	if (sscanf(line, "\nUid: %u %u %u", &uids[0], &uids[1], &uids[2]) != 3)
		return false;
	return uids[0] == uid || uids[1] == uid || uids[2] == uid;
}

/* The pidfd comes before the look at the uid, so that a pid that is given out
 * again in between is not hit. */
static bool
send_one(int proc, const char *name, uint32_t uid, int number)
{
	cleanup_fd int process = -1;
	cleanup_fd int pidfd = -1;
	uint32_t pid = 0;

	if (!number_parse(name, &pid))
		return false;
	pidfd = pidfd_open((pid_t)pid, 0);
	process = openat(proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (pidfd < 0 || process < 0 || !is_of_uid(process, uid))
		return false;
	if (number != 0)
		(void)pidfd_send_signal(pidfd, number, NULL, 0);
	return true;
}

static unsigned
send_all(uint32_t uid, int number)
{
	const struct dirent *entry;
	unsigned count = 0;
	DIR *stream = opendir("/proc");

	/* One thread. NOLINTNEXTLINE(concurrency-mt-unsafe) */
	while (stream != NULL && (entry = readdir(stream)) != NULL)
		if (send_one(dirfd(stream), entry->d_name, uid, number))
			count++;
	if (stream != NULL)
		(void)closedir(stream);
	return count;
}

unsigned
process_count(uint32_t uid)
{
	return send_all(uid, 0);
}

/* Up to two seconds. */
static bool
are_gone(uint32_t uid)
{
	const struct timespec pause = {.tv_nsec = 50000000};
	int round;

	for (round = 0; round < 40; round++) {
		if (process_count(uid) == 0)
			return true;
		(void)nanosleep(&pause, NULL);
	}
	return false;
}

unsigned
process_end_all(const char *name, uint32_t uid)
{
	static const int numbers[] = {SIGHUP, SIGTERM, SIGKILL};
	const char *const terminate[] = {
	    "/usr/bin/loginctl", "terminate-user", name, NULL};
	unsigned count;
	size_t index;

	if (uid < LOWEST_UID)
		return 0;
	count = process_count(uid);
	if (access("/run/systemd/system", F_OK) == 0)
		(void)program_run(terminate);
	for (index = 0; index < 3 && process_count(uid) > 0; index++) {
		(void)send_all(uid, numbers[index]);
		if (are_gone(uid))
			break;
	}
	return count;
}
