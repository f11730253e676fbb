/* SPDX-License-Identifier: MIT */
/* Looks users up and tells how long one look-up took: the median and the 99th
 * percentile in nanoseconds. For each line `WHAT THREADS MILLISECONDS` of
 * standard input it works so long and writes one line `COUNT P50 P99 WRONG`.
 *   hot random missing uid       getpwnam_r and getpwuid_r through libc
 *   groups0 groups10 groups100   getgrouplist of a user in so many groups
 *   direct-hot direct-random direct-missing   the module's own function
 *   chase                        one dependent access to 128 MiB of memory
 *   first                        the first getpwnam_r of this process
 * Does not know: which service answers; nsswitch.conf does.
 *
 * usage: nss_lookup USERS SERVICE */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nss_look.h"

#define SAMPLES_MAX 2000000
#define THREADS_MAX 8

static void *
looker_run(void *context)
{
	struct looker *looker = context;

	looker->count = 0;
	looker->wrong = 0;
	do {
		uint64_t ns = 0;

		if (!looker->bench->look(looker, &ns))
			looker->wrong++;
		looker->samples[looker->count++] =
		    ns > UINT32_MAX ? UINT32_MAX : (uint32_t)ns;
	} while (looker->count < SAMPLES_MAX &&
	    look_now_ns() < looker->bench->end_ns);
	return NULL;
}

static int
compare_samples(const void *one, const void *other)
{
	const uint32_t *first = one;
	const uint32_t *second = other;

	return (*first > *second) - (*first < *second);
}

/* The first thread's times stand for all. */
static void
report(struct looker *lookers, unsigned threads)
{
	struct looker *first = &lookers[0];
	size_t wrong = 0;
	unsigned at;

	for (at = 0; at < threads; at++)
		wrong += lookers[at].wrong;
	qsort(first->samples, first->count, sizeof(*first->samples),
	    compare_samples);
	(void)printf("%zu %u %u %zu\n", first->count,
	    first->samples[first->count / 2],
	    first->samples[first->count * 99 / 100], wrong);
	(void)fflush(stdout);
}

static bool
bench_run(struct bench *bench, struct looker *lookers, unsigned threads,
    unsigned milliseconds)
{
	unsigned at;

	bench->end_ns = look_now_ns() + (uint64_t)milliseconds * 1000000;
	for (at = 1; at < threads; at++)
		if (pthread_create(&lookers[at].thread, NULL, looker_run,
			&lookers[at]) != 0)
			return false;
	(void)looker_run(&lookers[0]);
	for (at = 1; at < threads; at++)
		(void)pthread_join(lookers[at].thread, NULL);
	report(lookers, threads);
	return true;
}

/* One cycle through all places, in an order that no prefetcher foresees. */
static bool
make_chase(struct bench *bench)
{
	uint64_t *chase = malloc(CHASE_PLACES * sizeof(*chase));
	uint64_t random = 88172645463325252U;
	uint32_t place;

	if (chase == NULL)
		return false;
	for (place = 0; place < CHASE_PLACES; place++)
		chase[place] = place;
	for (place = CHASE_PLACES - 1; place > 0; place--) {
		uint32_t other;
		uint64_t kept = chase[place];

		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		other = (uint32_t)(random % place);
		chase[place] = chase[other];
		chase[other] = kept;
	}
	bench->chase = chase;
	return true;
}

static bool
bench_choose(struct bench *bench, const char *what)
{
	if (strcmp(what, "chase") == 0 && bench->chase == NULL &&
	    !make_chase(bench))
		return false;
	bench->look = look_find(what);
	return bench->look != NULL &&
	    (strncmp(what, "direct", 6) != 0 || bench->direct != NULL);
}

static direct_function
find_direct(const char *service)
{
	char name[128];
	void *module;
	void *symbol;
	direct_function direct = NULL;

	(void)snprintf(name, sizeof(name), "libnss_%s.so.2", service);
	module = dlopen(name, RTLD_NOW);
	if (module == NULL)
		return NULL;
	(void)snprintf(name, sizeof(name), "_nss_%s_getpwnam_r", service);
	symbol = dlsym(module, name);
	memcpy(&direct, &symbol, sizeof(direct));
	return direct;
}

static bool
lookers_make(const struct bench *bench, struct looker *lookers)
{
	unsigned at;

	for (at = 0; at < THREADS_MAX; at++) {
		lookers[at].bench = bench;
		lookers[at].random = 2463534242U + at;
		lookers[at].samples = malloc(SAMPLES_MAX * sizeof(uint32_t));
		if (lookers[at].samples == NULL)
			return false;
	}
	return true;
}

static int
bench_serve(struct bench *bench, struct looker *lookers)
{
	char line[128];

	while (fgets(line, sizeof(line), stdin) != NULL) {
		char *end = strchr(line, ' ');
		unsigned long threads;
		unsigned long milliseconds;

		if (end == NULL)
			return EXIT_FAILURE;
		*end = '\0';
		threads = strtoul(end + 1, &end, 10);
		milliseconds = strtoul(end, NULL, 10);
		if (threads < 1 || threads > THREADS_MAX ||
		    !bench_choose(bench, line)) {
			(void)puts("0 0 0 0");
			(void)fflush(stdout);
			continue;
		}
		if (!bench_run(bench, lookers, (unsigned)threads,
			(unsigned)milliseconds))
			return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}

static struct looker lookers[THREADS_MAX];

int
main(int argc, char **argv)
{
	struct bench bench = {0};
	uint64_t ns = 0;

	if (argc < 3)
		return EXIT_FAILURE;
	bench.users = (uint32_t)strtoul(argv[1], NULL, 10);
	lookers[0].bench = &bench;
	if (argc == 4 && strcmp(argv[3], "first") == 0) {
		bool is_right = look_find("hot")(&lookers[0], &ns);

		(void)printf(
		    "1 %llu 0 %d\n", (unsigned long long)ns, is_right ? 0 : 1);
		return EXIT_SUCCESS;
	}
	bench.direct = find_direct(argv[2]);
	if (!lookers_make(&bench, lookers))
		return EXIT_FAILURE;
	return bench_serve(&bench, lookers);
}
