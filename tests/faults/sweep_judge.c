/* SPDX-License-Identifier: MIT */
#include "sweep.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "registry_text.h"

#define LOOKS 3

void
sweep_complain(
    unsigned *figure, const struct fault *fault, const char *format, ...)
{
	char name[SWEEP_NAME_BYTES];
	va_list arguments;

	++*figure;
	sweep_name(fault, name);
	(void)printf("! %s: ", name);
	va_start(arguments, format);
	(void)vprintf(format, arguments);
	va_end(arguments);
	(void)printf("\n");
}

static bool
is_crash(int number)
{
	return number == SIGSEGV || number == SIGABRT || number == SIGBUS ||
	    number == SIGFPE || number == SIGILL || number == SIGSYS ||
	    number == SIGTRAP;
}

static bool
has_crashed(const struct outcome *outcome, struct crash *ret_crash)
{
	const struct inject_run *run = &outcome->run;

	ret_crash->is_host = !run->has_hung && WIFSIGNALED(run->status);
	if (ret_crash->is_host)
		ret_crash->signal = WTERMSIG(run->status);
	else if (WIFSIGNALED(run->orphan) && is_crash(WTERMSIG(run->orphan)))
		ret_crash->signal = WTERMSIG(run->orphan);
	else if (outcome->worker_code != 0 &&
	    outcome->worker_code != CLD_EXITED &&
	    is_crash(outcome->worker_status))
		ret_crash->signal = outcome->worker_status;
	else
		return false;
	return true;
}

/* The machine may have been busy: the fastest of some times counts. A close(2)
 * that fails has closed all the same, but not here: whoever waits for the end
 * of a stream then waits until its deadline. */
static bool
is_slow(struct sweep *sweep, const struct fault *fault,
    const struct outcome *outcome)
{
	static struct outcome again;
	int64_t duration_ms = outcome->run.duration_ms;
	int looks;

	if (!fault->is_allocation && fault->injection.call == SYS_close)
		return false;
	for (looks = 1; duration_ms > sweep->limit_ms && looks < LOOKS;
	     looks++) {
		sweep_play(sweep, fault, &again);
		duration_ms = again.run.duration_ms;
		outcome_clear(&again);
	}
	return duration_ms > sweep->limit_ms;
}

static void
judge_ends(struct sweep *sweep, const struct fault *fault,
    const struct outcome *outcome)
{
	const struct inject_run *run = &outcome->run;
	struct crash crash;

	if (run->has_hung)
		sweep_complain(&sweep->hangs, fault, "the host hangs");
	else if (is_slow(sweep, fault, outcome))
		sweep_complain(&sweep->hangs, fault, "the host took %lld ms",
		    (long long)run->duration_ms);
	if (run->has_left)
		sweep_complain(
		    &sweep->hangs, fault, "the worker was left behind");
	if (!outcome->is_done && !run->has_hung && WIFEXITED(run->status) &&
	    strcmp(sweep->scene.kind, "command") != 0)
		sweep_complain(&sweep->crashes, fault, "the host was ended");
	if (has_crashed(outcome, &crash))
		sweep_judge_crash(sweep, fault, outcome, &crash);
}

/* An account step that does not know a registered user leaves him to others. */
static void
judge_pam(struct sweep *sweep, const struct fault *fault,
    const struct outcome *outcome)
{
	const char *code = outcome->text;
	const char *clean = sweep->clean.text;

	if (!outcome->is_done)
		return;
	if (strcmp(code, "SUCCESS") == 0 || strcmp(code, "IGNORE") == 0) {
		if (strcmp(code, clean) != 0 &&
		    !(sweep->is_open && outcome->accepted > 0))
			sweep_complain(&sweep->wrong_grants, fault,
			    "%s, not %s", code, clean);
		else if (outcome->accepted < sweep->clean.accepted)
			sweep_complain(&sweep->wrong_grants, fault,
			    "granted, though the service did not");
	}
	if (strcmp(code, "USER_UNKNOWN") == 0 && strcmp(code, clean) != 0 &&
	    strcmp(sweep->scene.call, "account") == 0 && !sweep->is_local)
		sweep_complain(
		    &sweep->wrong_grants, fault, "%s, not %s", code, clean);
	if (outcome->canaries > sweep->clean.canaries)
		sweep_complain(&sweep->leaks, fault, "%u copies of a password",
		    outcome->canaries);
}

/* Whether a word stands in a text as a whole. */
static bool
is_word_of(const char *word, size_t size, const char *text, const char *ends)
{
	for (; *text != '\0'; text += strspn(text, ends)) {
		const size_t length = strcspn(text, ends);

		if (length == size && memcmp(text, word, size) == 0)
			return true;
		text += length;
	}
	return false;
}

/* Every word that was told must be one of those without a fault. */
static bool
is_part_of(const char *told, const char *clean, const char *ends)
{
	while (*told != '\0') {
		const size_t size = strcspn(told, ends);

		if (size > 0 && !is_word_of(told, size, clean, ends))
			return false;
		told += size + (told[size] != '\0');
	}
	return true;
}

static void
judge_nss(struct sweep *sweep, const struct fault *fault,
    const struct outcome *outcome)
{
	const char *told = outcome->text;
	char *kept;
	char *error;

	if (!outcome->is_done)
		return;
	kept = strdup(told);
	while (kept != NULL && (error = strstr(kept, "error\n")) != NULL)
		(void)memmove(error, error + 6, strlen(error + 6) + 1);
	if (kept == NULL ||
	    !is_part_of(kept, sweep->clean.text,
		strcmp(sweep->scene.call, "initgroups") == 0 ? " " : "\n"))
		sweep_complain(&sweep->wrong_records, fault,
		    "\"%s\", not \"%s\"", told, sweep->clean.text);
	free(kept);
}

static void
judge_registry(struct sweep *sweep, const struct fault *fault,
    const struct outcome *outcome)
{
	const struct outcome *clean = &sweep->clean;
	const bool is_new = strcmp(outcome->registry, clean->registry) == 0;
	const bool is_old =
	    strcmp(outcome->registry, sweep->registry_before) == 0;
	const bool is_nss_new = strcmp(outcome->nss, clean->nss) == 0;
	const bool is_nss_old = strcmp(outcome->nss, sweep->nss_before) == 0;
	const int status = outcome->run.status;
	const char *problem;

	if (!(is_new || is_old) || !(is_nss_new || is_nss_old) ||
	    (!is_new && is_nss_new && !is_nss_old))
		sweep_complain(&sweep->half_written, fault,
		    "registry %s, nss %s",
		    is_new       ? "new"
			: is_old ? "old"
				 : outcome->registry,
		    is_nss_new       ? "new"
			: is_nss_old ? "old"
				     : outcome->nss);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0 &&
	    WEXITSTATUS(clean->run.status) == 0 && !(is_new && is_nss_new))
		sweep_complain(
		    &sweep->half_written, fault, "status 0, but not written");
	if (sweep->is_told && WIFEXITED(status) && WEXITSTATUS(status) == 0 &&
	    strcmp(outcome->text, clean->text) != 0)
		sweep_complain(&sweep->wrong_records, fault,
		    "status 0, but other output: %s", outcome->text);
	if (outcome->files > clean->files)
		sweep_complain(&sweep->leaks, fault, "%u files, not %u",
		    outcome->files, clean->files);
	problem = registry_text_go_on();
	if (problem != NULL)
		sweep_complain(
		    &sweep->half_written, fault, "next writer: %s", problem);
}

/* What the C library's own look into its files leaves open. */
static bool
is_of_files(const struct sweep *sweep, const struct outcome *outcome)
{
	return strcmp(sweep->scene.kind, "nss") == 0 &&
	    (strstr(outcome->changed, "/etc/passwd") != NULL ||
		strstr(outcome->changed, "/etc/group") != NULL);
}

/* Of these the state is the caller's whether they fail or not: the one that
 * would have put it back is the one that failed. */
static bool
is_of_the_fault(const struct fault *fault)
{
	const int call = fault->injection.call;

	if (fault->is_allocation || fault->injection.role != INJECT_HOST)
		return false;
	return call == SYS_close || call == SYS_close_range ||
	    call == SYS_waitid || call == SYS_rt_sigprocmask ||
	    call == SYS_rt_sigaction || call == SYS_pidfd_send_signal;
}

static void
judge_leaks(struct sweep *sweep, const struct fault *fault,
    const struct outcome *outcome)
{
	size_t number;

	if (!outcome->is_done || is_of_files(sweep, outcome))
		return;
	if (outcome->changed[0] != '\0' && !is_of_the_fault(fault))
		sweep_complain(
		    &sweep->leaks, fault, "changed: %s", outcome->changed);
	if (outcome->live <= sweep->clean.live)
		return;
	sweep_complain(&sweep->leaks, fault, "%u allocations, not %u",
	    outcome->live, sweep->clean.live);
	for (number = 0; number < CONTROL_LEAKS; number++)
		(void)printf(
		    "!   by %#jx\n", (uintmax_t)outcome->live_callers[number]);
}

void
sweep_judge(struct sweep *sweep, const struct fault *fault,
    const struct outcome *outcome)
{
	if (!outcome->is_fired) {
		sweep->not_reached++;
		return;
	}
	sweep->faults++;
	if (strcmp(sweep->scene.kind, "pam") == 0)
		judge_pam(sweep, fault, outcome);
	else if (strcmp(sweep->scene.kind, "nss") == 0)
		judge_nss(sweep, fault, outcome);
	else
		judge_registry(sweep, fault, outcome);
	judge_leaks(sweep, fault, outcome);
	judge_ends(sweep, fault, outcome);
}
