/* SPDX-License-Identifier: MIT */
/* Eight processes look up while the file is replaced by whole ones, cut ones
 * and garbage. Where it may be mapped, that is by rename, as the manual demands
 * it; where the file says that nobody may map it, also in place.
 * Usage: test_nss_damage [SECONDS]
 * Does not know: how the module goes about it. */
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "buffer.h"
#include "nss_case.h"
#include "nss_swap.h"

#define READERS 8
#define FILE_BYTES_MAX 65536
#define SWAP_PATH EXTAUTH_NSS_PATH ".damage"
#define PAUSE_NS 2000000
/* A map is looked at for a second before it is compared: whoever begins anew
 * meets the file of this moment, and may map it. */
#define ROUNDS_OF_A_LOAD 50
#define SECONDS_MORE 60

enum damage {
	DAMAGE_NONE,
	DAMAGE_CUT,
	DAMAGE_GARBAGE,
	DAMAGE_STAIN, /* garbage in one place */
	DAMAGE_SPOT,  /* one bit: a text is still one */
	DAMAGE_EMPTY,
	DAMAGE_GONE,
	DAMAGE_KINDS,
};

/* What all processes see, over both tests. */
static struct sums {
	atomic_bool is_over;
	atomic_ulong lookups;
	atomic_ulong found;
	atomic_ulong wrong;
	atomic_ulong sigbus;
	atomic_ulong damages;
} * sums;

static double seconds = 0.8;
static uint64_t chance = 1;

static size_t
choose(size_t end)
{
	chance ^= chance << 13;
	chance ^= chance >> 7;
	chance ^= chance << 17;
	return (size_t)(chance % end);
}

static double
now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
stain(char *bytes, size_t length)
{
	size_t at;

	for (at = 0; at < length; at++)
		bytes[at] = (char)choose(256);
}

/* Makes a file of that kind in `bytes`; returns its length. */
static size_t
damage_make(enum damage damage, char bytes[FILE_BYTES_MAX])
{
	size_t length;
	const char *good = swap_bytes((unsigned)choose(2), &length);
	size_t from = choose(length);

	memcpy(bytes, good, length);
	if (damage == DAMAGE_CUT)
		return from;
	if (damage == DAMAGE_EMPTY)
		return 0;
	if (damage == DAMAGE_GARBAGE)
		stain(bytes, length);
	if (damage == DAMAGE_STAIN)
		stain(bytes + from, 1 + choose(length - from));
	if (damage == DAMAGE_SPOT)
		bytes[from] = (char)(bytes[from] ^ 1);
	return length;
}

static void
replace(enum damage damage)
{
	static char bytes[FILE_BYTES_MAX];
	const size_t length = damage_make(damage, bytes);
	cleanup_fd int fd = -1;

	if (damage == DAMAGE_GONE) {
		(void)unlink(EXTAUTH_NSS_PATH);
		return;
	}
	fd = open(SWAP_PATH, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes, length), (ssize_t)length);
	ck_assert_int_eq(rename(SWAP_PATH, EXTAUTH_NSS_PATH), 0);
}

static void
overwrite(enum damage damage)
{
	static char bytes[FILE_BYTES_MAX];
	const size_t length = damage_make(damage, bytes);
	cleanup_fd int fd = open(EXTAUTH_NSS_PATH, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	/* A cut one is the file that is there, only shorter. */
	if (damage != DAMAGE_CUT && damage != DAMAGE_EMPTY)
		ck_assert_int_eq(pwrite(fd, bytes, length, 0), (ssize_t)length);
	ck_assert_int_eq(ftruncate(fd, (off_t)length), 0);
}

/* Damages and mends until the time is over. */
static void
damage_all(bool is_in_place)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};
	const double end = now_s() + seconds / 2;

	while (now_s() < end) {
		if (is_in_place && choose(2) == 0)
			overwrite((enum damage)choose(DAMAGE_GONE));
		else
			replace((enum damage)choose(DAMAGE_KINDS));
		atomic_fetch_add(&sums->damages, 1);
		nanosleep(&pause, NULL);
		replace(DAMAGE_NONE);
		nanosleep(&pause, NULL);
	}
	atomic_store(&sums->is_over, true);
}

static void
read_all(void)
{
	struct nss_module module = nss_load();
	unsigned number;
	unsigned found = 0;

	for (number = 0; !atomic_load(&sums->is_over); number++) {
		if (!swap_answers_are_not_wrong(&module, number, &found))
			atomic_fetch_add(&sums->wrong, 1);
		if (number % ROUNDS_OF_A_LOAD != 0)
			continue;
		nss_unload(&module);
		module = nss_load();
	}
	/* Each asks in four ways. */
	atomic_fetch_add(&sums->lookups, 4UL * number);
	atomic_fetch_add(&sums->found, found);
	_exit(0);
}

static void
run_readers(bool is_in_place)
{
	pid_t readers[READERS];
	int number;

	nss_case_enter();
	swap_prepare();
	atomic_store(&sums->is_over, false);
	for (number = 0; number < READERS; number++) {
		readers[number] = fork();
		ck_assert_int_ge(readers[number], 0);
		if (readers[number] == 0)
			read_all();
	}
	damage_all(is_in_place);
	for (number = 0; number < READERS; number++) {
		int status = 0;

		ck_assert_int_eq(
		    waitpid(readers[number], &status, 0), readers[number]);
		if (WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS)
			atomic_fetch_add(&sums->sigbus, 1);
		else
			ck_assert_int_eq(status, 0);
	}
	ck_assert_uint_eq(atomic_load(&sums->sigbus), 0);
	ck_assert_uint_eq(atomic_load(&sums->wrong), 0);
	ck_assert_uint_gt(atomic_load(&sums->found), 0);
}

START_TEST(readers_of_a_file_that_is_replaced_by_anything_are_never_wrong)
{
	run_readers(false);
}
END_TEST

START_TEST(readers_of_a_file_that_is_damaged_in_place_are_never_wrong)
{
	swap_forbid_maps();
	run_readers(true);
}
END_TEST

/* For the proof; a test alone tells whether it was passed. */
static void
print_figures(void)
{
	printf("# figure: look_ups = %lu\n", atomic_load(&sums->lookups));
	printf("# figure: look_ups_found = %lu\n", atomic_load(&sums->found));
	printf("# figure: damages = %lu\n", atomic_load(&sums->damages));
	printf("# figure: sigbus = %lu\n", atomic_load(&sums->sigbus));
	printf("# figure: wrong_records = %lu\n", atomic_load(&sums->wrong));
}

static int
run(void)
{
	Suite *suite = suite_create("nss_damage");
	TCase *all = tcase_create("all");
	SRunner *runner;
	int failed;

	tcase_set_timeout(all, seconds + SECONDS_MORE);
	tcase_add_test(all,
	    readers_of_a_file_that_is_replaced_by_anything_are_never_wrong);
	tcase_add_test(
	    all, readers_of_a_file_that_is_damaged_in_place_are_never_wrong);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_set_fork_status(runner, CK_FORK);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed;
}

int
main(int count, char **arguments)
{
	const char *seed = getenv("EXTAUTH_SEED");
	int failed;

	if (count > 1)
		seconds = strtod(arguments[1], NULL);
	if (seed != NULL)
		chance = strtoul(seed, NULL, 10) * 2 + 1;
	sums = mmap(NULL, sizeof(*sums), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (sums == MAP_FAILED)
		return EXIT_FAILURE;
	failed = run();
	print_figures();
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
