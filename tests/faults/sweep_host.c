/* SPDX-License-Identifier: MIT */
/* The host of the sweep: plays one scenario again and again, each time with one
 * fault, and tells what came of it. Run by sweep.py, which sets the scene.
 *
 * usage: sweep_host --kind pam|nss|command [--call NAME] [--user NAME]
 *            [--password right|wrong] [--answer TEXT] [--options TEXT]
 *            [--accepted FILE] [--local] [--open] [--told] [--deadline MS]
 *            [--limit MS] [--share S] [--count N] [--phase P] [--only FAULT]
 *            [-- COMMAND [ARGUMENT]...]
 *   --accepted  what the service adds to for each password that is right: a
 *            grant needs as much of it as without a fault
 *   --told   the output of the command counts
 *   --deadline  then it is killed (10000)
 *   --limit  what takes longer, three times of three, hangs (2500)
 *   --share  of all faults that there are, from 0 to 1; 0 if not given: they
 *            are counted
 *   --count  so many of them, in place of a share
 *   --phase  where in the first stride it begins, from 0 to 1
 *   --only   no fault but this one, named as in the lines that begin with !
 * Prints `NAME = NUMBER` for each figure, the text without a fault behind
 * `clean = `, and a line that begins with ! for each thing that is wrong. */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "alloc.h"
#include "paths.h"
#include "registry_text.h"
#include "sweep.h"

static const int errors[] = {EIO, ENOMEM, ENOSPC, EINTR, EMFILE, EACCES};
#define ERRORS (sizeof(errors) / sizeof(*errors))

static const struct option options[] = {
    {"kind", required_argument, NULL, 'k'},
    {"call", required_argument, NULL, 'c'},
    {"user", required_argument, NULL, 'u'},
    {"password", required_argument, NULL, 'p'},
    {"answer", required_argument, NULL, 'a'},
    {"options", required_argument, NULL, 'o'},
    {"accepted", required_argument, NULL, 'r'},
    {"local", no_argument, NULL, 'l'},
    {"open", no_argument, NULL, 'e'},
    {"deadline", required_argument, NULL, 'd'},
    {"told", no_argument, NULL, 't'},
    {"limit", required_argument, NULL, 'i'},
    {"share", required_argument, NULL, 's'},
    {"count", required_argument, NULL, 'm'},
    {"phase", required_argument, NULL, 'h'},
    {"only", required_argument, NULL, 'n'},
    {NULL, 0, NULL, 0},
};

/* Chooses every so manieth fault. */
struct choice {
	double share;
	double count; /* 0: as the share says */
	double phase;
	size_t total;
	size_t of_worker; /* of the total */
	const char *only; /* sweep_name, or NULL */
};

static void
take(struct sweep *sweep, struct choice *choice, int option, char *value)
{
	switch (option) {
	case 'k':
		sweep->scene.kind = value;
		break;
	case 'c':
		sweep->scene.call = value;
		break;
	case 'u':
		sweep->scene.user = value;
		break;
	case 'p':
		sweep->scene.password = value;
		break;
	case 'a':
		sweep->scene.answer = value;
		break;
	case 'o':
		sweep->scene.options = value;
		break;
	case 'r':
		sweep->accepted = value;
		break;
	case 'l':
		sweep->is_local = true;
		break;
	case 'e':
		sweep->is_open = true;
		break;
	case 'd':
		sweep->deadline_ms = strtol(value, NULL, 10);
		break;
	case 't':
		sweep->is_told = true;
		break;
	case 'i':
		sweep->limit_ms = strtol(value, NULL, 10);
		break;
	case 's':
		choice->share = strtod(value, NULL);
		break;
	case 'm':
		choice->count = strtod(value, NULL);
		break;
	case 'h':
		choice->phase = strtod(value, NULL);
		break;
	case 'n':
		choice->only = value;
		break;
	default:
		errx(64, "see the head of sweep_host.c");
	}
}

static void
look_once(
    struct sweep *sweep, const struct fault *fault, struct outcome *ret_outcome)
{
	sweep_play(sweep, fault, ret_outcome);
	if (ret_outcome->run.has_hung || ret_outcome->run.has_left ||
	    WIFSIGNALED(ret_outcome->run.status))
		errx(99, "without a fault: hung %d, left %d, status %#x",
		    ret_outcome->run.has_hung, ret_outcome->run.has_left,
		    (unsigned)ret_outcome->run.status);
}

/* Plays it without a fault: what it gives, and how often each call is made. */
static void
look(struct sweep *sweep)
{
	static const struct fault never = {
	    .is_allocation = true, .injection.instance = 0};
	static struct outcome first;

	look_once(sweep, NULL, &first);
	outcome_clear(&first);
	look_once(sweep, &never, &sweep->clean);
	sweep_play(sweep, NULL, &first);
	if (strcmp(first.text, sweep->clean.text) != 0)
		errx(99, "without a fault: %s, then %s", sweep->clean.text,
		    first.text);
	(void)memcpy(sweep->clean.run.counts, first.run.counts,
	    sizeof(first.run.counts));
	if (first.live > sweep->clean.live)
		sweep->clean.live = first.live;
	if (first.files > sweep->clean.files)
		sweep->clean.files = first.files;
	if (first.canaries > sweep->clean.canaries)
		sweep->clean.canaries = first.canaries;
	outcome_clear(&first);
	(void)printf("clean = %s\n", sweep->clean.text);
	(void)printf("status = %d\n", WEXITSTATUS(sweep->clean.run.status));
	(void)printf("clean_canaries = %u\n", sweep->clean.canaries);
	(void)printf("clean_live = %u\n", sweep->clean.live);
	(void)printf(
	    "clean_accepted = %lld\n", (long long)sweep->clean.accepted);
	if (sweep->clean.changed[0] != '\0')
		(void)printf(
		    "! without a fault changed: %s\n", sweep->clean.changed);
}

static bool
is_named(const struct fault *fault, const char *wanted)
{
	const size_t length = strlen(wanted);
	char name[SWEEP_NAME_BYTES];

	sweep_name(fault, name);
	return strncmp(name, wanted, length) == 0 &&
	    (name[length] == '\0' || name[length] == ' ');
}

static void
make(struct sweep *sweep, struct choice *choice, const struct fault *fault)
{
	static struct outcome outcome;
	const double place =
	    (double)choice->total++ * choice->share + choice->phase;

	choice->of_worker += fault->injection.role == INJECT_WORKER;
	if (choice->only != NULL ? !is_named(fault, choice->only)
				 : floor(place + choice->share) <= floor(place))
		return;
	/* What ends a worker may depend on its threads, and not come again. */
	sweep->wants_trace =
	    choice->only != NULL || fault->injection.role == INJECT_WORKER;
	sweep_play(sweep, fault, &outcome);
	sweep_judge(sweep, fault, &outcome);
	if (choice->only != NULL) {
		(void)printf("result = %s\n", outcome.text);
		sweep_print_traces(&outcome);
	}
	outcome_clear(&outcome);
}

static void
make_calls(struct sweep *sweep, struct choice *choice, enum inject_role role)
{
	struct fault fault = {.injection.role = role};
	struct injection *injection = &fault.injection;
	int call;
	size_t error;

	for (call = 0; call < INJECT_CALLS; call++) {
		const unsigned count = sweep->clean.run.counts[role][call];

		if (!inject_can_fail(call))
			continue;
		injection->call = call;
		for (injection->instance = 1; injection->instance <= count;
		     injection->instance++)
			for (error = 0; error < ERRORS; error++) {
				injection->error = errors[error];
				make(sweep, choice, &fault);
			}
	}
}

static void
make_all(struct sweep *sweep, struct choice *choice)
{
	struct fault fault = {.is_allocation = true};
	struct injection *injection = &fault.injection;
	int role;

	for (role = 0; role < INJECT_ROLES; role++) {
		injection->role = (enum inject_role)role;
		for (injection->instance = 1;
		     injection->instance <= sweep->clean.allocations[role];
		     injection->instance++)
			make(sweep, choice, &fault);
	}
	for (role = 0; role < INJECT_ROLES; role++)
		make_calls(sweep, choice, (enum inject_role)role);
}

static void
print_figures(const struct sweep *sweep, const struct choice *choice)
{
	(void)printf(
	    "total = %zu\nof_worker = %zu\n", choice->total, choice->of_worker);
	(void)printf("faults = %u\nnot_reached = %u\n", sweep->faults,
	    sweep->not_reached);
	(void)printf("library_crashes = %u\n", sweep->library_crashes);
	(void)printf("crashes = %u\nhangs = %u\nwrong_grants = %u\n",
	    sweep->crashes, sweep->hangs, sweep->wrong_grants);
	(void)printf("wrong_records = %u\nleaks = %u\nhalf_written = %u\n",
	    sweep->wrong_records, sweep->leaks, sweep->half_written);
}

static void
begin(struct sweep *sweep)
{
	sweep->stage = inject_share(sizeof(*sweep->stage));
	sweep->control = control_map(true);
	if (sweep->control == NULL)
		err(99, CONTROL_PATH);
	alloc_begin(sweep->control);
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	scene_warm_up(&sweep->scene);
	kept_read(&sweep->registry, EXTAUTH_REGISTRY_DIRECTORY);
	kept_read(&sweep->marks, EXTAUTH_RUN_DIRECTORY);
	sweep->registry_before = registry_text(EXTAUTH_REGISTRY_PATH);
	sweep->nss_before = registry_text(EXTAUTH_NSS_PATH);
}

int
main(int argc, char **argv)
{
	static struct sweep sweep = {
	    .scene = {.kind = "", .call = "", .user = "", .password = ""},
	    .deadline_ms = 10000,
	    .limit_ms = 2500};
	struct choice choice = {0};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		take(&sweep, &choice, option, optarg);
	if (optind < argc)
		sweep.scene.command = &argv[optind];
	begin(&sweep);
	look(&sweep);
	if (choice.count > 0) {
		make_all(&sweep, &choice);
		choice.share = fmin(1, choice.count / (double)choice.total);
		choice.total = 0;
		choice.of_worker = 0;
	}
	make_all(&sweep, &choice);
	print_figures(&sweep, &choice);
	kept_put_back(&sweep.registry);
	kept_put_back(&sweep.marks);
	outcome_clear(&sweep.clean);
	free(sweep.registry_before);
	free(sweep.nss_before);
	kept_clear(&sweep.registry);
	kept_clear(&sweep.marks);
	return 0;
}
