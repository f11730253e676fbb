/* SPDX-License-Identifier: MIT */
#include "sweep.h"

#include <dirent.h>
#include <err.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "paths.h"
#include "registry_text.h"

#define NO_CALL 511

void
sweep_name(const struct fault *fault, char *ret_name)
{
	const struct injection *injection = &fault->injection;
	const char *role = injection->role == INJECT_HOST ? "host" : "worker";
	char *call;

	if (fault->is_allocation) {
		(void)snprintf(ret_name, SWEEP_NAME_BYTES, "%s allocation %u",
		    role, injection->instance);
		return;
	}
	call =
	    seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, injection->call);
	(void)snprintf(ret_name, SWEEP_NAME_BYTES, "%s %s %u %s", role,
	    call != NULL ? call : "?", injection->instance,
	    strerrorname_np(injection->error));
	free(call);
}

static off_t
size_of(const char *path)
{
	struct stat status;

	return path != NULL && stat(path, &status) == 0 ? status.st_size : 0;
}

static void
begin(struct sweep *sweep, const struct fault *fault)
{
	struct control *control = sweep->control;

	kept_put_back(&sweep->registry);
	kept_put_back(&sweep->marks);
	(void)memset(control, 0, sizeof(*control));
	(void)memset(sweep->stage, 0, sizeof(*sweep->stage));
	sweep->stage->inject.listener = -1;
	control->is_armed = strcmp(sweep->scene.kind, "command") == 0;
	if (fault != NULL && fault->is_allocation)
		control->fail_at[fault->injection.role] =
		    fault->injection.instance;
	control->wants_trace = sweep->wants_trace;
	(void)unlink(SCENE_OUTPUT);
}

static void
read_output(char *text)
{
	FILE *output = fopen(SCENE_OUTPUT, "re");

	if (output != NULL) {
		text[fread(text, 1, SCENE_TEXT_BYTES - 1, output)] = '\0';
		(void)fclose(output);
	}
}

/* Where a command could leave some, but for the registry's directory. */
static unsigned
count_files(void)
{
	static const char *const directories[] = {"/tmp", "/var/tmp", "/run",
	    "/etc", "/etc/extauth", EXTAUTH_RUN_DIRECTORY};
	unsigned count = 0;
	size_t number;

	for (number = 0; number < sizeof(directories) / sizeof(*directories);
	     number++) {
		DIR *directory = opendir(directories[number]);

		while (directory != NULL && readdir(directory) != NULL)
			count++;
		if (directory != NULL)
			(void)closedir(directory);
	}
	return count;
}

static void
gather(const struct sweep *sweep, struct outcome *outcome)
{
	const struct control *control = sweep->control;
	size_t number;

	(void)memcpy(outcome->text, sweep->stage->text, sizeof(outcome->text));
	(void)memcpy(
	    outcome->changed, sweep->stage->changed, sizeof(outcome->changed));
	outcome->canaries = sweep->stage->canaries;
	outcome->is_done = sweep->stage->is_done;
	outcome->is_fired = outcome->run.is_fired || control->is_fired;
	outcome->live = control->live;
	for (number = 0; number < CONTROL_LEAKS; number++)
		outcome->live_callers[number] = control->live_callers[number];
	for (number = 0; number < CONTROL_ROLES; number++)
		outcome->allocations[number] = control->counts[number];
	(void)memcpy(outcome->failed, control->failed, sizeof(outcome->failed));
	(void)memcpy(
	    outcome->crashed, control->crashed, sizeof(outcome->crashed));
	outcome->worker_code = control->worker_code;
	outcome->worker_status = control->worker_status;
	if (strcmp(sweep->scene.kind, "command") != 0)
		return;
	if (sweep->is_told)
		read_output(outcome->text);
	outcome->files = count_files();
	outcome->registry = registry_text(EXTAUTH_REGISTRY_PATH);
	outcome->nss = registry_text(EXTAUTH_NSS_PATH);
}

void
sweep_play(struct sweep *sweep, const struct fault *fault, struct outcome *ret)
{
	static const struct injection none = {.call = NO_CALL};
	struct inject_run *run = &ret->run;
	const off_t accepted = size_of(sweep->accepted);

	(void)memset(ret, 0, sizeof(*ret));
	run->injection.call = INJECT_ALL;
	if (fault != NULL)
		run->injection = fault->is_allocation ? none : fault->injection;
	run->deadline_ms = sweep->deadline_ms;
	run->shared = &sweep->stage->inject;
	run->trace_signal = sweep->wants_trace ? CONTROL_TRACE_SIGNAL : 0;
	run->begun = sweep->control->begun;
	if (sweep->scene.command != NULL)
		run->program = strrchr(sweep->scene.command[0], '/');
	begin(sweep, fault);
	(void)fflush(NULL);
	run->host = fork();
	if (run->host < 0)
		err(99, "fork");
	if (run->host == 0)
		scene_play(&sweep->scene, sweep->stage, sweep->control,
		    run->injection.call);
	inject_supervise(run);
	ret->accepted = size_of(sweep->accepted) - accepted;
	gather(sweep, ret);
}

void
outcome_clear(struct outcome *outcome)
{
	free(outcome->registry);
	free(outcome->nss);
	outcome->registry = NULL;
	outcome->nss = NULL;
}
