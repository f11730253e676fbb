/* SPDX-License-Identifier: MIT */
#include "scene.h"

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alloc.h"
#include "host_state.h"
#include "trace.h"

static bool
is(const char *text, const char *other)
{
	return strcmp(text, other) == 0;
}

void
scene_warm_up(const struct scene *scene)
{
	if (is(scene->kind, "pam"))
		scene_pam_warm_up(scene);
	else if (is(scene->kind, "nss"))
		scene_nss_warm_up(scene);
	else if (scene->command == NULL || scene->command[0] == NULL)
		errx(64, "no command");
}

_Noreturn static void
run_command(const struct scene *scene)
{
	static char preload[] = "LD_PRELOAD=/run/faults/alloc.so";
	static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	char *const environment[] = {preload, path, NULL};
	const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	const int output =
	    open(SCENE_OUTPUT, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	const int errors = open("/run/faults/errors",
	    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	(void)dup2(null, 0);
	(void)dup2(output, 1);
	(void)dup2(errors, 2);
	(void)execve(scene->command[0], scene->command, environment);
	_exit(127);
}

_Noreturn void
scene_play(const struct scene *scene, struct stage *stage,
    struct control *control, int call)
{
	static struct host_state before;
	static struct host_state after;
	const char *change;

	if (is(scene->kind, "command")) {
		inject_watch_me(&stage->inject, call);
		run_command(scene);
	}
	control->begun[INJECT_HOST] = getpid();
	if (control->wants_trace)
		trace_begin(control);
	host_state_read(&before);
	inject_watch_me(&stage->inject, call);
	control->is_armed = true;
	stage->inject.is_armed = true;
	if (is(scene->kind, "pam"))
		scene_pam_call(stage->text);
	else
		scene_nss_call(scene, stage->text);
	stage->inject.is_armed = false;
	control->is_armed = false;
	host_state_read(&after);
	change = host_state_change(&before, &after);
	(void)snprintf(stage->changed, sizeof(stage->changed), "%s",
	    change != NULL ? change : "");
	stage->canaries = scene_count_canaries();
	alloc_count_live();
	stage->is_done = true;
	_exit(0);
}
