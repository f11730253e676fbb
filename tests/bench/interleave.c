/* SPDX-License-Identifier: MIT */
/* Runs several commands in turn, round after round, each as a process of its
 * own, and prints the median of their wall and processor times and the ratio to
 * the first. Interleaved, so that what disturbs one disturbs all.
 * Does not know: what the commands do; all must end in 0.
 *
 * usage: interleave ROUNDS LABEL COMMAND [ARGUMENT]... -- LABEL COMMAND ... */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#define PARTIES_MAX 16
#define ROUNDS_MAX 10000

struct party {
	const char *label;
	char **command;
	double *wall_ms;
	double *cpu_ms;
};

extern char **environ;

static double
milliseconds(struct timeval time)
{
	return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3;
}

static int
run_once(const struct party *party, unsigned round)
{
	posix_spawn_file_actions_t actions;
	struct timespec start;
	struct timespec end;
	struct rusage usage;
	int status = -1;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	clock_gettime(CLOCK_MONOTONIC, &start);
	if (posix_spawn(&pid, party->command[0], &actions, NULL, party->command,
		environ) != 0 ||
	    wait4(pid, &status, 0, &usage) != pid || status != 0) {
		fprintf(stderr, "interleave: %s: status %d\n", party->label,
		    status);
		return -1;
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	posix_spawn_file_actions_destroy(&actions);
	party->wall_ms[round] = (double)(end.tv_sec - start.tv_sec) * 1e3 +
	    (double)(end.tv_nsec - start.tv_nsec) / 1e6;
	party->cpu_ms[round] =
	    milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime);
	return 0;
}

static int
compare(const void *one, const void *other)
{
	double left = *(const double *)one;
	double right = *(const double *)other;

	return (left > right) - (left < right);
}

static double
median(double *values, unsigned count)
{
	qsort(values, count, sizeof(*values), compare);
	return values[count / 2];
}

/* Cuts the arguments at each "--" into parties. */
static unsigned
read_parties(char **arguments, struct party *parties, unsigned rounds)
{
	unsigned count = 0;

	while (*arguments != NULL && count < PARTIES_MAX) {
		struct party *party = &parties[count++];

		party->label = *arguments++;
		party->command = arguments;
		party->wall_ms = calloc(rounds, sizeof(double));
		party->cpu_ms = calloc(rounds, sizeof(double));
		if (party->wall_ms == NULL || party->cpu_ms == NULL)
			abort();
		while (*arguments != NULL && strcmp(*arguments, "--") != 0)
			arguments++;
		if (*arguments != NULL)
			*arguments++ = NULL;
	}
	return count;
}

int
main(int argc, char **argv)
{
	struct party parties[PARTIES_MAX];
	unsigned rounds = argc > 3 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
	unsigned count;
	unsigned round;
	unsigned i;
	double first;

	if (rounds == 0 || rounds > ROUNDS_MAX)
		return 64;
	count = read_parties(argv + 2, parties, rounds);
	for (round = 0; round < rounds; round++)
		for (i = 0; i < count; i++)
			if (run_once(&parties[i], round) != 0)
				return 1;
	first = median(parties[0].wall_ms, rounds);
	printf("%-34s %9s %9s %9s\n", "", "wall ms", "CPU ms", "ratio");
	for (i = 0; i < count; i++) {
		double wall = median(parties[i].wall_ms, rounds);

		printf("%-34s %9.2f %9.2f %9.2f\n", parties[i].label, wall,
		    median(parties[i].cpu_ms, rounds), wall / first);
	}
	return 0;
}
