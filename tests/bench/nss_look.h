/* SPDX-License-Identifier: MIT */
/* One look-up of each kind that the benchmark knows, timed, its answer checked.
 * Does not know: how often it is made. */
#ifndef EXTAUTH_NSS_LOOK_H
#define EXTAUTH_NSS_LOOK_H

#include <nss.h>
#include <pthread.h>
#include <pwd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CHASE_PLACES (UINT32_C(1) << 24) /* of 8 bytes */
#define GROUPS_MAX 512
#define BUFFER_BYTES 16384

typedef enum nss_status (*direct_function)(const char *name,
    struct passwd *result, char *buffer, size_t length, int *errnop);

struct looker;

/* Makes one look-up. Returns false for a wrong answer; `*ret_ns` is the time
 * around it. */
typedef bool (*look_function)(struct looker *looker, uint64_t *ret_ns);

struct bench {
	uint32_t users;
	direct_function direct;
	uint64_t *chase;
	uint64_t end_ns;
	look_function look;
};

/* One thread at work. */
struct looker {
	const struct bench *bench;
	pthread_t thread;
	uint64_t random;
	uint32_t *samples;
	size_t count;
	size_t wrong;
	gid_t groups[GROUPS_MAX];
	char buffer[BUFFER_BYTES];
};

/* CLOCK_MONOTONIC in nanoseconds. */
uint64_t look_now_ns(void);

/* Finds a kind of look-up by its name, or NULL. */
look_function look_find(const char *name);

#endif
