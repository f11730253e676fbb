/* SPDX-License-Identifier: MIT */
#include "throttle.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "buffer.h"
#include "throttle_mark.h"

#define FORGOT_MAGIC 0x314f475246584e0aU
#define FORGOT_MS 600000
#define LOCK_TRIES 20
#define LOCK_PAUSE_NS 10000000
#define ROOM_TRIES 100
#define ROOM_PAUSE_NS 50000000
#define NAME_BYTES 32

/* What is asked of the mark of one user. */
struct question {
	const char *directory;
	uint32_t uid;
	const struct throttle_limits *limits;
	const struct secret *password;
};

struct forgot_mark {
	uint64_t magic;
	int64_t taken_ms;
};

static int64_t
clock_ms(void)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What others may write to, or own, says nothing. */
static bool
is_ours(int fd, mode_t type)
{
	struct stat status;

	return fstat(fd, &status) == 0 && (status.st_mode & S_IFMT) == type &&
	    status.st_uid == geteuid() && (status.st_mode & 022) == 0;
}

static int
directory_open(const char *directory)
{
	int fd;

	mkdir(directory, 0700);
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0 && !is_ours(fd, S_IFDIR)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* A login waits for another's lock a fifth of a second, not longer. */
static bool
lock_take(int fd)
{
	const struct timespec pause = {.tv_nsec = LOCK_PAUSE_NS};
	int tries;

	for (tries = 0; tries < LOCK_TRIES; tries++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return true;
		nanosleep(&pause, NULL);
	}
	return false;
}

/* Opens and locks the mark; closing it gives the lock back. `flags` may be
 * O_CREAT. Negative if it cannot be had, with EWOULDBLOCK where another process
 * keeps the lock. */
static int
mark_open(const char *directory, uint32_t uid, const char *suffix, int flags)
{
	cleanup_fd int directory_fd = directory_open(directory);
	char name[NAME_BYTES];
	int fd;

	if (directory_fd < 0)
		return -1;
	snprintf(name, sizeof(name), "%u%s", uid, suffix);
	fd = openat(directory_fd, name,
	    O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | flags, 0600);
	if (fd < 0)
		return -1;
	if (is_ours(fd, S_IFREG)) {
		if (lock_take(fd))
			return fd;
		close(fd);
		errno = EWOULDBLOCK;
		return -1;
	}
	close(fd);
	errno = EPERM;
	return -1;
}

/* Fills `*ret_mark` from the file, or leaves a fresh one. */
static void
mark_read(int fd, int64_t now_ms, struct throttle_mark *ret_mark)
{
	struct throttle_mark mark = {0};

	*ret_mark = (struct throttle_mark){.magic = THROTTLE_MARK_MAGIC};
	if (fd >= 0 && pread(fd, &mark, sizeof(mark), 0) == sizeof(mark) &&
	    throttle_mark_is_sound(&mark, now_ms))
		*ret_mark = mark;
}

/* Beyond the limit on the size of files the kernel writes in part, or sends
 * SIGXFSZ, which ends a host that does not expect it: so it is not tried. */
static bool
mark_write(int fd, const void *mark, size_t size)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur < size) {
		errno = EFBIG;
		return false;
	}
	errno = ENOSPC; /* where it is written in part */
	return pwrite(fd, mark, size, 0) == (ssize_t)size;
}

static uint32_t
make_ticket(void)
{
	uint32_t ticket = 0;

	if (getrandom(&ticket, sizeof(ticket), GRND_INSECURE) !=
	    (ssize_t)sizeof(ticket))
		return 1;
	return ticket | 1;
}

/* Puts an open try into the mark before anything is sent: however many logins
 * there are at once, and however they end, no more get through. A caller who
 * set RLIMIT_FSIZE for a setuid host must not get round it; where the disk is
 * full, the provider still decides. */
static enum throttle_answer
mark_open_try(
    int fd, struct throttle_mark *mark, int64_t now_ms, uint32_t *ret_ticket)
{
	uint32_t ticket = make_ticket();

	throttle_mark_add(mark, ticket, now_ms);
	if (mark_write(fd, mark, sizeof(*mark)))
		*ret_ticket = ticket;
	else if (errno == EFBIG)
		return THROTTLE_PAUSED;
	return THROTTLE_PASS;
}

/* `*ret_is_full` is set where the answers to come decide. */
static enum throttle_answer
ask_once(
    const struct question *question, bool *ret_is_full, uint32_t *ret_ticket)
{
	const struct throttle_limits *limits = question->limits;
	cleanup_fd int fd =
	    mark_open(question->directory, question->uid, "", O_CREAT);
	int64_t now_ms = clock_ms();
	struct throttle_mark mark;

	*ret_is_full = false;
	if (fd < 0)
		return errno == EWOULDBLOCK ? THROTTLE_PAUSED : THROTTLE_PASS;
	mark_read(fd, now_ms, &mark);
	if (throttle_mark_pause_left(&mark, limits, now_ms) > 0)
		return THROTTLE_PAUSED;
	if (throttle_mark_repeats(&mark, question->password, now_ms))
		return THROTTLE_REPEATED;
	if (limits->max_failures == 0)
		return THROTTLE_PASS;
	throttle_mark_age(&mark, limits, now_ms);
	if (mark.count < throttle_mark_most(limits))
		return mark_open_try(fd, &mark, now_ms, ret_ticket);
	*ret_is_full = throttle_mark_refusals(&mark) < mark.count;
	return THROTTLE_PAUSED;
}

enum throttle_answer
throttle_ask(const char *directory, uint32_t uid,
    const struct throttle_limits *limits, const struct secret *password,
    uint32_t *ret_ticket)
{
	const struct question question = {directory, uid, limits, password};
	const struct timespec pause = {.tv_nsec = ROOM_PAUSE_NS};
	enum throttle_answer answer;
	bool is_full;
	int tries = 0;

	*ret_ticket = 0;
	answer = ask_once(&question, &is_full, ret_ticket);
	while (is_full && tries++ < ROOM_TRIES) {
		nanosleep(&pause, NULL);
		answer = ask_once(&question, &is_full, ret_ticket);
	}
	return answer;
}

void
throttle_note_refusal(const char *directory, uint32_t uid,
    const struct throttle_limits *limits, const struct secret *password,
    uint32_t ticket)
{
	cleanup_fd int fd = mark_open(directory, uid, "", O_CREAT);
	int64_t now_ms = clock_ms();
	struct throttle_mark mark;

	if (fd < 0)
		return;
	mark_read(fd, now_ms, &mark);
	throttle_mark_age(&mark, limits, now_ms);
	throttle_mark_refuse(&mark, limits, ticket, now_ms);
	throttle_mark_keep_password(&mark, password, now_ms);
	if (!mark_write(fd, &mark, sizeof(mark)) && ftruncate(fd, 0) < 0)
		return;
}

void
throttle_give_back(const char *directory, uint32_t uid, uint32_t ticket)
{
	cleanup_fd int fd = mark_open(directory, uid, "", 0);
	struct throttle_mark mark;
	uint32_t place;

	mark_read(fd, clock_ms(), &mark);
	place = throttle_mark_find(&mark, ticket);
	if (place == mark.count)
		return;
	throttle_mark_drop(&mark, place, 1);
	if (!mark_write(fd, &mark, sizeof(mark)))
		return;
}

/* Emptied, not removed: another login may wait for the lock of this file, and
 * would note its refusal in one that is gone. */
void
throttle_forget(const char *directory, uint32_t uid)
{
	cleanup_fd int fd = mark_open(directory, uid, "", 0);

	if (fd >= 0 && ftruncate(fd, 0) < 0)
		return;
}

void
throttle_show(const char *directory, uint32_t uid,
    const struct throttle_limits *limits, uint32_t *ret_failures,
    uint32_t *ret_paused_ms)
{
	cleanup_fd int fd = mark_open(directory, uid, "", 0);
	int64_t now_ms = clock_ms();
	struct throttle_mark mark;

	mark_read(fd, now_ms, &mark);
	throttle_mark_age(&mark, limits, now_ms);
	*ret_failures = throttle_mark_refusals(&mark);
	*ret_paused_ms =
	    (uint32_t)throttle_mark_pause_left(&mark, limits, now_ms);
}

bool
throttle_take_forgot(const char *directory, uint32_t uid)
{
	cleanup_fd int fd = mark_open(directory, uid, ".forgot", O_CREAT);
	int64_t now_ms = clock_ms();
	struct forgot_mark mark = {0};

	if (fd < 0)
		return false;
	if (pread(fd, &mark, sizeof(mark), 0) == (ssize_t)sizeof(mark) &&
	    mark.magic == FORGOT_MAGIC &&
	    throttle_mark_is_past(mark.taken_ms, now_ms) &&
	    now_ms - mark.taken_ms < FORGOT_MS)
		return false;
	mark.magic = FORGOT_MAGIC;
	mark.taken_ms = now_ms;
	return mark_write(fd, &mark, sizeof(mark));
}
