/* SPDX-License-Identifier: MIT */
#include "throttle.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "buffer.h"
#include "hash.h"

#define MARK_MAGIC 0x315448545558450aU
#define FORGOT_MAGIC 0x314f475246584e0aU
#define TIMES_MAX 64
#define REPEAT_MS 5000
#define FORGOT_MS 600000
#define LOCK_TRIES 20
#define LOCK_PAUSE_NS 10000000
#define NAME_BYTES 32

/* The refusals of one user; the oldest time comes first. */
struct mark {
	uint64_t magic;
	int64_t times_ms[TIMES_MAX];
	int64_t paused_since_ms; /* 0 = not paused */
	uint64_t key[2];
	uint32_t count;
	uint32_t password_hash;
	uint32_t has_password;
	uint32_t zero;
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
 * O_CREAT. Negative if it cannot be had. */
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
	if (!is_ours(fd, S_IFREG) || !lock_take(fd)) {
		close(fd);
		return -1;
	}
	return fd;
}

static bool
mark_is_sound(const struct mark *mark, int64_t now_ms)
{
	uint32_t i;

	if (mark->magic != MARK_MAGIC || mark->count > TIMES_MAX ||
	    mark->paused_since_ms < 0 || mark->paused_since_ms > now_ms)
		return false;
	for (i = 0; i < mark->count; i++)
		if (mark->times_ms[i] < 0 || mark->times_ms[i] > now_ms)
			return false;
	return true;
}

/* Fills `*ret_mark` from the file, or leaves a fresh one. */
static void
mark_read(int fd, int64_t now_ms, struct mark *ret_mark)
{
	struct mark mark = {0};

	*ret_mark = (struct mark){.magic = MARK_MAGIC};
	if (fd >= 0 && pread(fd, &mark, sizeof(mark), 0) == sizeof(mark) &&
	    mark_is_sound(&mark, now_ms))
		*ret_mark = mark;
}

static bool
mark_write(int fd, const void *mark, size_t size)
{
	return pwrite(fd, mark, size, 0) == (ssize_t)size;
}

/* How much of the pause is left. */
static int64_t
mark_pause_left(const struct mark *mark, const struct throttle_limits *limits,
    int64_t now_ms)
{
	int64_t end_ms = mark->paused_since_ms + limits->failure_pause_ms;

	if (limits->max_failures == 0 || mark->paused_since_ms == 0)
		return 0;
	return end_ms > now_ms ? end_ms - now_ms : 0;
}

/* Drops the refusals that count no more: those before the window, and all once
 * the pause that they led to is over. */
static void
mark_age(
    struct mark *mark, const struct throttle_limits *limits, int64_t now_ms)
{
	int64_t since_ms = now_ms - limits->failure_window_ms;
	uint32_t old = 0;

	if (mark_pause_left(mark, limits, now_ms) > 0)
		return;
	if (mark->paused_since_ms != 0)
		mark->count = 0;
	mark->paused_since_ms = 0;
	while (old < mark->count && mark->times_ms[old] < since_ms)
		old++;
	mark->count -= old;
	memmove(mark->times_ms, mark->times_ms + old,
	    mark->count * sizeof(mark->times_ms[0]));
}

static uint32_t
password_hash(const struct mark *mark, const struct secret *password)
{
	return (uint32_t)hash_bytes(
		   mark->key, secret_reveal(password), password->length) &
	    0xffff;
}

/* For a mark as it was read: one that was aged may have lost the last time. */
static bool
mark_repeats(
    const struct mark *mark, const struct secret *password, int64_t now_ms)
{
	return password != NULL && mark->has_password != 0 && mark->count > 0 &&
	    now_ms - mark->times_ms[mark->count - 1] < REPEAT_MS &&
	    password_hash(mark, password) == mark->password_hash;
}

enum throttle_answer
throttle_ask(const char *directory, uint32_t uid,
    const struct throttle_limits *limits, const struct secret *password)
{
	cleanup_fd int fd = mark_open(directory, uid, "", 0);
	int64_t now_ms = clock_ms();
	struct mark mark;

	mark_read(fd, now_ms, &mark);
	if (mark_pause_left(&mark, limits, now_ms) > 0)
		return THROTTLE_PAUSED;
	if (mark_repeats(&mark, password, now_ms))
		return THROTTLE_REPEATED;
	return THROTTLE_PASS;
}

static void
mark_add(
    struct mark *mark, const struct throttle_limits *limits, int64_t now_ms)
{
	uint32_t most = limits->max_failures;

	if (mark->count == TIMES_MAX) {
		mark->count--;
		memmove(mark->times_ms, mark->times_ms + 1,
		    mark->count * sizeof(mark->times_ms[0]));
	}
	mark->times_ms[mark->count++] = now_ms;
	if (most > TIMES_MAX)
		most = TIMES_MAX;
	if (most > 0 && mark->count >= most && mark->paused_since_ms == 0)
		mark->paused_since_ms = now_ms;
}

void
throttle_note_refusal(const char *directory, uint32_t uid,
    const struct throttle_limits *limits, const struct secret *password)
{
	cleanup_fd int fd = mark_open(directory, uid, "", O_CREAT);
	int64_t now_ms = clock_ms();
	struct mark mark;

	if (fd < 0)
		return;
	mark_read(fd, now_ms, &mark);
	mark_age(&mark, limits, now_ms);
	mark_add(&mark, limits, now_ms);
	mark.has_password = password != NULL &&
	    getrandom(mark.key, sizeof(mark.key), GRND_NONBLOCK) ==
		(ssize_t)sizeof(mark.key);
	mark.password_hash =
	    mark.has_password != 0 ? password_hash(&mark, password) : 0;
	if (!mark_write(fd, &mark, sizeof(mark)) && ftruncate(fd, 0) < 0)
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
	struct mark mark;

	mark_read(fd, now_ms, &mark);
	mark_age(&mark, limits, now_ms);
	*ret_failures = mark.count;
	*ret_paused_ms = (uint32_t)mark_pause_left(&mark, limits, now_ms);
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
	    mark.magic == FORGOT_MAGIC && mark.taken_ms <= now_ms &&
	    now_ms - mark.taken_ms < FORGOT_MS)
		return false;
	mark.magic = FORGOT_MAGIC;
	mark.taken_ms = now_ms;
	return mark_write(fd, &mark, sizeof(mark));
}
