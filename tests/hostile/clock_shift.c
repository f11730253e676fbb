/* SPDX-License-Identifier: MIT */
/* Preloaded, shows every process another time of day: as many seconds away as
 * /run/clock-shift says; with "jump" in front there and back at each question.
 * Does not know: who asks, the clocks that nobody can set. */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#define SHIFT_FILE "/run/clock-shift"
#define SHOWN __attribute__((visibility("default")))

static long shift_s;
static int is_jumping;

__attribute__((constructor)) static void
read_shift(void)
{
	FILE *file = fopen(SHIFT_FILE, "re");
	char word[8] = "";

	if (file == NULL)
		return;
	if (fscanf(file, "%7s %ld", word, &shift_s) != 2)
		shift_s = 0;
	is_jumping = strcmp(word, "jump") == 0;
	fclose(file);
}

static long
shift(void)
{
	if (is_jumping)
		shift_s = -shift_s;
	return shift_s;
}

SHOWN int
clock_gettime(clockid_t clock, struct timespec *ret_now)
{
	static int (*real)(clockid_t, struct timespec *);
	int result;

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
	result = real(clock, ret_now);
	if (result == 0 && clock == CLOCK_REALTIME)
		ret_now->tv_sec += shift();
	return result;
}

SHOWN time_t
time(time_t *ret_now)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_REALTIME, &now);
	if (ret_now != NULL)
		*ret_now = now.tv_sec;
	return now.tv_sec;
}

SHOWN int
gettimeofday(struct timeval *restrict ret_now, void *restrict zone)
{
	struct timespec now = {0};
	int result = clock_gettime(CLOCK_REALTIME, &now);

	(void)zone;
	ret_now->tv_sec = now.tv_sec;
	ret_now->tv_usec = now.tv_nsec / 1000;
	return result;
}
