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

#define PLACE_ATTEMPTS 5

__attribute__((format(printf, 3, 4))) static void
complain(unsigned *figure, const struct fault *fault, const char *format, ...)
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
has_crashed(const struct outcome *outcome, int *ret_signal, bool *ret_is_host)
{
	const struct inject_run *run = &outcome->run;

	*ret_is_host = !run->has_hung && WIFSIGNALED(run->status);
	if (*ret_is_host)
		*ret_signal = WTERMSIG(run->status);
	else if (WIFSIGNALED(run->orphan) && is_crash(WTERMSIG(run->orphan)))
		*ret_signal = WTERMSIG(run->orphan);
	else if (outcome->worker_code != 0 &&
	    outcome->worker_code != CLD_EXITED &&
	    is_crash(outcome->worker_status))
		*ret_signal = outcome->worker_status;
	else
		return false;
	return true;
}

/* The object of the first frame that is neither the C library's nor ours who
 * look on. */
static void
find_object(const char *trace, char *ret_name, size_t size)
{
	ret_name[0] = '\0';
	while (*trace != '\0') {
		const size_t length = strcspn(trace, "+\n");

		if (strncmp(trace, "libc.so", 7) != 0 &&
		    strncmp(trace, "ld-linux", 8) != 0 &&
		    strncmp(trace, "alloc.so", 8) != 0) {
			(void)snprintf(
			    ret_name, size, "%.*s", (int)length, trace);
			return;
		}
		trace += strcspn(trace, "\n");
		trace += *trace != '\0';
	}
}

/* Of the C library, which ends the process by an assertion of its own. */
static bool
is_in(const struct outcome *outcome, const char *function)
{
	return strstr(outcome->failed, function) != NULL &&
	    strstr(outcome->crashed, function) != NULL;
}

/* The first function of a trace that has a name, but for those of signals. */
static void
append_function(const char *trace, char *ret_where, size_t size)
{
	for (; *trace != '\0'; trace += strcspn(trace, "\n") + 1) {
		const char *name = trace + strcspn(trace, " \n");
		const int length = (int)strcspn(name, "\n");
		const size_t used = strlen(ret_where);

		if (length < 2 || strncmp(trace, "lib", 3) != 0 ||
		    strncmp(trace, "libc.so", 7) == 0)
			continue;
		(void)snprintf(
		    ret_where + used, size - used, "%.*s", length, name);
		return;
	}
}

/* The innermost place of a trace that is a program or module of ours. */
static void
find_own(const char *trace, char *ret_place, size_t size)
{
	static const char *const own[] = {"extauth-exchange+", "extauthctl+",
	    "pam_extauth.so+", "libnss_extauth.so.2+"};
	size_t number;

	ret_place[0] = '\0';
	for (; *trace != '\0'; trace += strcspn(trace, "\n") + 1)
		for (number = 0; number < sizeof(own) / sizeof(*own); number++)
			if (strncmp(trace, own[number], strlen(own[number])) ==
			    0) {
				(void)snprintf(ret_place, size, "%.*s",
				    (int)strcspn(trace, "\n"), trace);
				return;
			}
}

/* Who went on after the call in which the fault was told has not looked. */
static bool
is_one_call(const struct outcome *outcome)
{
	char failed[128];
	char crashed[128];

	find_own(outcome->failed, failed, sizeof(failed));
	find_own(outcome->crashed, crashed, sizeof(crashed));
	return crashed[0] == '\0' || strcmp(failed, crashed) == 0;
}

/* Libraries that do not look whether they were given memory: the fault was in
 * one, and so was the crash, within one call of ours. So is the loader. */
static bool
is_of_library(const struct fault *fault, const struct outcome *outcome,
    char *ret_where, size_t size)
{
	char object[128];

	find_object(outcome->crashed, ret_where, size);
	find_object(outcome->failed, object, sizeof(object));
	if (!outcome->has_begun[fault->injection.role]) {
		(void)snprintf(ret_where, size, "the loader");
		return true;
	}
	append_function(outcome->crashed, ret_where, size);
	if (is_in(outcome, " getaddrinfo\n")) {
		(void)snprintf(ret_where, size, "getaddrinfo");
		return true;
	}
	/* Short of memory it loads a filter of fewer calls: that ends the
	 * worker, on its way out at the latest. */
	if (strstr(outcome->failed, " seccomp_load\n") != NULL) {
		(void)snprintf(ret_where, size, "seccomp_load");
		return true;
	}
	if (fault->is_allocation &&
	    (strncmp(object, "lib", 3) != 0 || !is_one_call(outcome)))
		return false;
	return strncmp(ret_where, "lib", 3) == 0 &&
	    strstr(ret_where, "extauth") == NULL;
}

static void
print_trace(const char *what, const char *trace)
{
	while (*trace != '\0') {
		const size_t length = strcspn(trace, "\n");

		(void)printf("!   %s at %.*s\n", what, (int)length, trace);
		trace += length + 1;
	}
}

/* Makes the same fault again until it is told where it crashes. */
static void
judge_crash(
    struct sweep *sweep, const struct fault *fault, int number, bool is_host)
{
	static struct outcome again;
	const char *who = is_host ? "host" : "worker";
	char where[128];
	int left = PLACE_ATTEMPTS;

	sweep->wants_trace = true;
	do {
		outcome_clear(&again);
		sweep_play(sweep, fault, &again);
	} while (*again.crashed == '\0' && --left > 0);
	sweep->wants_trace = false;
	if (is_of_library(fault, &again, where, sizeof(where))) {
		sweep->library_crashes++;
		(void)printf("library: %s: %s\n", who, where);
	} else {
		complain(&sweep->crashes, fault, "signal %d ended the %s",
		    number, who);
		print_trace("failed", again.failed);
		print_trace("crashed", again.crashed);
	}
	outcome_clear(&again);
}

static void
judge_ends(struct sweep *sweep, const struct fault *fault,
    const struct outcome *outcome)
{
	const struct inject_run *run = &outcome->run;
	bool is_host;
	int number;

	if (run->has_hung)
		complain(&sweep->hangs, fault, "the host hangs");
	if (run->has_left)
		complain(&sweep->hangs, fault, "the worker was left behind");
	if (!outcome->is_done && !run->has_hung && WIFEXITED(run->status) &&
	    strcmp(sweep->scene.kind, "command") != 0)
		complain(&sweep->crashes, fault, "the host was ended");
	if (has_crashed(outcome, &number, &is_host))
		judge_crash(sweep, fault, number, is_host);
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
		    !(sweep->is_open && outcome->is_seen))
			complain(&sweep->wrong_grants, fault, "%s, not %s",
			    code, clean);
		else if (sweep->record != NULL && !outcome->is_seen)
			complain(&sweep->wrong_grants, fault,
			    "granted without a request");
	}
	if (strcmp(code, "USER_UNKNOWN") == 0 && strcmp(code, clean) != 0 &&
	    strcmp(sweep->scene.call, "account") == 0 && !sweep->is_local)
		complain(
		    &sweep->wrong_grants, fault, "%s, not %s", code, clean);
	if (outcome->canaries > sweep->clean.canaries)
		complain(&sweep->leaks, fault, "%u copies of a password",
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
		complain(&sweep->wrong_records, fault, "\"%s\", not \"%s\"",
		    told, sweep->clean.text);
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
		complain(&sweep->half_written, fault, "registry %s, nss %s",
		    is_new       ? "new"
			: is_old ? "old"
				 : outcome->registry,
		    is_nss_new       ? "new"
			: is_nss_old ? "old"
				     : outcome->nss);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0 &&
	    WEXITSTATUS(clean->run.status) == 0 && !(is_new && is_nss_new))
		complain(
		    &sweep->half_written, fault, "status 0, but not written");
	problem = registry_text_go_on();
	if (problem != NULL)
		complain(
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
		complain(&sweep->leaks, fault, "changed: %s", outcome->changed);
	if (outcome->live <= sweep->clean.live)
		return;
	complain(&sweep->leaks, fault, "%u allocations, not %u", outcome->live,
	    sweep->clean.live);
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
