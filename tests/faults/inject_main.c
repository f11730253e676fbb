/* SPDX-License-Identifier: MIT */
/* Runs a command in which one system call fails once, or at which it is killed.
 *
 * usage: inject [--role host|worker] [--call NUMBER --instance K
 *            (--error NUMBER | --kill)] [--deadline MS] [--record FILE]
 *            [--] COMMAND [ARGUMENT]...
 *   --role      whose call: the command's own with what it forks (host), or
 *               that of the extauth-exchange which it starts; host if not given
 *   --call      the number of the call, as FILE of --record has it
 *   --instance  the how manieth of the role, from 1
 *   --error     the call is not carried out and gives this error
 *   --kill      SIGKILL to the process at the call, which is not carried out
 *   --deadline  the command is killed then, and the status is 124 (20000)
 *   --record    writes a line ROLE NUMBER COUNT for each call that was made;
 *               without --call only that
 *
 * The status is the command's, 128 + N if a signal ended it, 125 if the call
 * was not reached: then it ran as if alone. 126 if what it had started outlived
 * it by three seconds. */
#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "inject.h"

static const struct option options[] = {
    {"role", required_argument, NULL, 'r'},
    {"call", required_argument, NULL, 'c'},
    {"instance", required_argument, NULL, 'i'},
    {"error", required_argument, NULL, 'e'},
    {"kill", no_argument, NULL, 'k'},
    {"deadline", required_argument, NULL, 'd'},
    {"record", required_argument, NULL, 'o'},
    {NULL, 0, NULL, 0},
};

static int
number_of(const char *text)
{
	char *end;
	const long number = strtol(text, &end, 10);

	if (end == text || *end != '\0' || number < 0 || number > 1000000)
		errx(64, "%s: not a number", text);
	return (int)number;
}

static void
take(struct inject_run *run, int option, const char *value,
    const char **ret_record)
{
	struct injection *injection = &run->injection;

	switch (option) {
	case 'r':
		injection->role =
		    strcmp(value, "worker") == 0 ? INJECT_WORKER : INJECT_HOST;
		break;
	case 'c':
		injection->call = number_of(value);
		break;
	case 'i':
		injection->instance = (unsigned)number_of(value);
		break;
	case 'e':
		injection->error = number_of(value);
		break;
	case 'k':
		injection->error = 0;
		break;
	case 'd':
		run->deadline_ms = number_of(value);
		break;
	case 'o':
		*ret_record = value;
		break;
	default:
		errx(64, "see the head of inject_main.c");
	}
}

static void
write_record(const struct inject_run *run, const char *path)
{
	static const char *const roles[] = {"host", "worker"};
	FILE *record = fopen(path, "we");
	int role;
	int call;

	if (record == NULL)
		err(99, "%s", path);
	for (role = 0; role < INJECT_ROLES; role++)
		for (call = 0; call < INJECT_CALLS; call++)
			if (run->counts[role][call] > 0)
				(void)fprintf(record, "%s %d %u\n", roles[role],
				    call, run->counts[role][call]);
	(void)fclose(record);
}

static int
status_of(const struct inject_run *run)
{
	if (run->has_hung)
		return 124;
	if (run->injection.call != INJECT_ALL && !run->is_fired)
		return 125;
	if (run->has_left)
		return 126;
	return WIFSIGNALED(run->status) ? 128 + WTERMSIG(run->status)
					: WEXITSTATUS(run->status);
}

/* The command counts from when it is itself. */
static void
start(struct inject_run *run, char **command)
{
	run->host = fork();
	if (run->host < 0)
		err(99, "fork");
	if (run->host > 0)
		return;
	inject_watch_me(run->shared, run->injection.call);
	(void)execvp(command[0], command);
	err(127, "%s", command[0]);
}

int
main(int argc, char **argv)
{
	static struct inject_run run = {.injection.call = INJECT_ALL,
	    .injection.instance = 1,
	    .deadline_ms = 20000};
	const char *record = NULL;
	int option;

	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1)
		take(&run, option, optarg, &record);
	if (optind == argc)
		errx(64, "see the head of inject_main.c");
	run.shared = inject_share(sizeof(*run.shared));
	run.shared->listener = -1;
	run.program = strrchr(argv[optind], '/');
	if (run.program == NULL)
		errx(64, "%s: not a whole path", argv[optind]);
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
	start(&run, &argv[optind]);
	inject_supervise(&run);
	if (record != NULL)
		write_record(&run, record);
	return status_of(&run);
}
