/* SPDX-License-Identifier: MIT */
/* Looks up in many threads and processes while the file is replaced.
 * Usage: test_nss_swap [SWAPS]
 * Does not know: how the module goes about it. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "nss_case.h"
#include "nss_swap.h"

#define THREADS 64
#define PROCESSES 8
#define STORM_THREADS 4
#define STORM_LOOKUPS 40
#define SWAPS 100
#define SWAP_PAUSE_NS 5000000
/* Nothing here takes as long: who is still there hangs. */
#define HANG_SECONDS 60

static unsigned swaps = SWAPS;

/* What all threads and processes see. */
struct scene {
	struct nss_module module;
	atomic_bool is_over;
	atomic_uint wrong;
	atomic_uint right;
	atomic_uint forks;
};

static struct scene *
scene_make(void)
{
	struct scene *scene = mmap(NULL, sizeof(*scene), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	ck_assert(scene != MAP_FAILED);
	nss_case_enter();
	swap_prepare();
	scene->module = nss_load();
	return scene;
}

static void
swap_all(struct scene *scene)
{
	const struct timespec pause = {.tv_nsec = SWAP_PAUSE_NS};
	unsigned number;

	for (number = 1; number <= swaps; number++) {
		swap_put(number);
		nanosleep(&pause, NULL);
	}
	atomic_store(&scene->is_over, true);
}

static void *
look_up(void *argument)
{
	struct scene *scene = argument;
	unsigned number;

	for (number = 0; !atomic_load(&scene->is_over); number++) {
		if (swap_answers_are_right(&scene->module, number))
			atomic_fetch_add(&scene->right, 1);
		else
			atomic_fetch_add(&scene->wrong, 1);
	}
	return NULL;
}

/* Forks in the midst of what the other threads do; a child that hangs is killed
 * by its alarm. */
static void *
storm(void *argument)
{
	struct scene *scene = argument;

	while (!atomic_load(&scene->is_over)) {
		pid_t child = fork();
		unsigned number;
		int status;

		if (child == 0) {
			alarm(HANG_SECONDS / 2);
			for (number = 0; number < STORM_LOOKUPS; number++)
				if (!swap_answers_are_right(
					&scene->module, number))
					_exit(1);
			_exit(0);
		}
		if (child < 0 || waitpid(child, &status, 0) != child ||
		    status != 0)
			atomic_fetch_add(&scene->wrong, 1);
		atomic_fetch_add(&scene->forks, 1);
	}
	return NULL;
}

static void
start_threads(pthread_t *threads, unsigned count, void *(*run)(void *),
    struct scene *scene)
{
	unsigned number;

	for (number = 0; number < count; number++)
		ck_assert_int_eq(
		    pthread_create(&threads[number], NULL, run, scene), 0);
}

static void
end_threads(const pthread_t *threads, unsigned count)
{
	unsigned number;

	for (number = 0; number < count; number++)
		ck_assert_int_eq(pthread_join(threads[number], NULL), 0);
}

static void
start_processes(pid_t *processes, struct scene *scene)
{
	unsigned number;

	for (number = 0; number < PROCESSES; number++) {
		processes[number] = fork();
		ck_assert_int_ge(processes[number], 0);
		if (processes[number] == 0) {
			look_up(scene);
			_exit(0);
		}
	}
}

static void
end_processes(const pid_t *processes)
{
	unsigned number;
	int status;

	for (number = 0; number < PROCESSES; number++) {
		ck_assert_int_eq(
		    waitpid(processes[number], &status, 0), processes[number]);
		ck_assert_int_eq(status, 0);
	}
}

START_TEST(every_answer_is_of_one_snapshot)
{
	struct scene *scene = scene_make();
	pthread_t threads[THREADS];
	pid_t processes[PROCESSES];

	start_processes(processes, scene);
	start_threads(threads, THREADS, look_up, scene);
	swap_all(scene);
	end_threads(threads, THREADS);
	end_processes(processes);
	ck_assert_uint_eq(atomic_load(&scene->wrong), 0);
	ck_assert_uint_gt(atomic_load(&scene->right), THREADS);
}
END_TEST

START_TEST(children_of_a_fork_storm_look_up_as_well)
{
	struct scene *scene = scene_make();
	pthread_t readers[STORM_THREADS];
	pthread_t forkers[STORM_THREADS];

	start_threads(readers, STORM_THREADS, look_up, scene);
	start_threads(forkers, STORM_THREADS, storm, scene);
	swap_all(scene);
	end_threads(readers, STORM_THREADS);
	end_threads(forkers, STORM_THREADS);
	ck_assert_uint_eq(atomic_load(&scene->wrong), 0);
	ck_assert_uint_gt(atomic_load(&scene->forks), STORM_THREADS);
}
END_TEST

int
main(int count, char **arguments)
{
	Suite *suite = suite_create("nss_swap");
	TCase *all = tcase_create("all");
	SRunner *runner;
	int failed;

	if (count > 1)
		swaps = (unsigned)strtoul(arguments[1], NULL, 10);
	tcase_set_timeout(all, HANG_SECONDS + swaps / 20);
	tcase_add_test(all, every_answer_is_of_one_snapshot);
	tcase_add_test(all, children_of_a_fork_storm_look_up_as_well);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
