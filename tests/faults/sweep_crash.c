/* SPDX-License-Identifier: MIT */
/* Whose fault a crash is: that of a library in which the fault was made, or of
 * whoever went on after it.
 * Does not know: how a crash is noticed. */
#include <stdio.h>
#include <string.h>

#include "sweep.h"

/* How often libraries allocate is not the same each time: neither is where the
 * fault is. */
#define PLACE_ATTEMPTS 40

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
		    strncmp(trace, "alloc.so", 8) != 0 &&
		    strncmp(trace, "sweep_host", 10) != 0) {
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

/* Short of memory libseccomp loads a filter of fewer calls. One that allows too
 * much the worker finds out; with one that refuses futex(2) or exit_group(2) it
 * cannot end otherwise: the crash is behind main, where only the first frame is
 * of ours. */
static bool
is_of_filter(const struct outcome *outcome)
{
	char crashed[128];
	char first[128] = "";
	const char *trace = outcome->failed;

	find_own(outcome->crashed, crashed, sizeof(crashed));
	for (; *trace != '\0'; trace += strcspn(trace, "\n") + 1)
		if (strncmp(trace, "extauth-exchange+", 17) == 0)
			find_own(trace, first, sizeof(first));
	return strstr(outcome->failed, " seccomp_load\n") != NULL &&
	    crashed[0] != '\0' && strcmp(crashed, first) == 0;
}

/* Nothing of the process was there to be told. */
static bool
is_of_loader(const struct outcome *outcome)
{
	return outcome->run.is_in_loader && *outcome->crashed == '\0';
}

/* Libraries that do not look whether they were given memory: the fault was in
 * one, and so was the crash, within one call of ours. So is the loader. */
static bool
is_of_library(const struct outcome *outcome, char *ret_where, size_t size)
{
	char object[128];

	find_object(outcome->crashed, ret_where, size);
	find_object(outcome->failed, object, sizeof(object));
	if (is_of_loader(outcome)) {
		(void)snprintf(ret_where, size, "the loader");
		return true;
	}
	append_function(outcome->crashed, ret_where, size);
	if (is_in(outcome, " getaddrinfo\n")) {
		(void)snprintf(ret_where, size, "getaddrinfo");
		return true;
	}
	if (is_of_filter(outcome)) {
		(void)snprintf(ret_where, size, "seccomp_load");
		return true;
	}
	if (strncmp(object, "lib", 3) != 0 || !is_one_call(outcome))
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

void
sweep_print_traces(const struct outcome *outcome)
{
	print_trace("failed", outcome->failed);
	print_trace("crashed", outcome->crashed);
}

void
sweep_judge_crash(struct sweep *sweep, const struct fault *fault,
    const struct outcome *outcome, const struct crash *crash)
{
	static struct outcome again;
	const char *who = crash->is_host ? "host" : "worker";
	char where[128];
	int left = is_of_loader(outcome) ? 0 : PLACE_ATTEMPTS;

	sweep->wants_trace = true;
	for (; left > 0 && *outcome->crashed == '\0'; left--) {
		outcome_clear(&again);
		sweep_play(sweep, fault, &again);
		outcome = &again;
	}
	if (is_of_library(outcome, where, sizeof(where))) {
		sweep->library_crashes++;
		(void)printf("library: %s: %s\n", who, where);
	} else {
		sweep_complain(&sweep->crashes, fault, "signal %d ended the %s",
		    crash->signal, who);
		sweep_print_traces(outcome);
	}
	outcome_clear(&again);
}
