/* SPDX-License-Identifier: MIT */
#include "setup_step.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "paths.h"
#include "program.h"
#include "secret_store.h"
#include "setup_pam.h"
#include "setup_sshd.h"
#include "translate.h"

struct setup_step
setup_step_make(enum setup_kind kind, const char *path)
{
	struct setup_step step = {.kind = kind,
	    .before = buffer_make(SETUP_FILE_MAX_BYTES),
	    .after = buffer_make(SETUP_FILE_MAX_BYTES),
	    .will_be_there = true,
	    .mode = 0644};

	step.path = strdup(path);
	if (step.path == NULL)
		die_of_memory();
	return step;
}

void
setup_step_clear(struct setup_step *step)
{
	if (step == NULL)
		return;
	free(step->path);
	buffer_clear(&step->before);
	buffer_clear(&step->after);
	*step = (struct setup_step){0};
}

void
setup_step_turn(struct setup_step *step)
{
	struct buffer text = step->before;
	bool was_there = step->was_there;

	step->before = step->after;
	step->after = text;
	step->was_there = step->will_be_there;
	step->will_be_there = was_there;
	step->is_done = false;
}

/* As `secret set` does it. */
static enum extauth_err
do_secret(const struct setup_step *step, struct extauth_error *error)
{
	cleanup_secret struct secret secret = {0};
	enum extauth_err err =
	    secret_set(&secret, buffer_text(&step->after), step->after.length);

	if (err != EXTAUTH_OK)
		return error_set(error, err, "%s", error_name(err));
	return secret_store(
	    EXTAUTH_CONFIG_PATH, strrchr(step->path, '/') + 1, &secret, error);
}

static enum extauth_err
do_file(const struct setup_step *step, struct extauth_error *error)
{
	if (step->is_secret && step->will_be_there)
		return do_secret(step, error);
	return step->will_be_there
	    ? setup_file_replace(step->path, &step->after, step->mode, error)
	    : setup_file_remove(step->path, error);
}

/* The lines are looked for anew: the file may have been written since. Where
 * they are as they are to be it is done: a step that failed before it wrote is
 * taken back as well. */
static enum extauth_err
do_lines(const struct setup_step *step, struct extauth_error *error)
{
	cleanup_buffer struct buffer now = buffer_make(SETUP_FILE_MAX_BYTES);
	cleanup_buffer struct buffer fresh = buffer_make(SETUP_FILE_MAX_BYTES);
	size_t count = 0;
	enum extauth_err err = setup_file_read(step->path, &now, error);

	if (err != EXTAUTH_OK)
		return err;
	err =
	    setup_lines_exchange(buffer_text(&now), buffer_text(&step->before),
		buffer_text(&step->after), &fresh, &count);
	if (err == EXTAUTH_OK && count == 0 &&
	    setup_lines_are_in(buffer_text(&now), buffer_text(&step->after)))
		return EXTAUTH_OK;
	if (err == EXTAUTH_OK && count == 0)
		return error_set(error, EXTAUTH_SYSTEM,
		    "%s: the lines to change are not there any more",
		    step->path);
	if (err != EXTAUTH_OK)
		return error_set(
		    error, err, "%s: %s", step->path, error_name(err));
	return setup_file_replace(step->path, &fresh, step->mode, error);
}

enum extauth_err
setup_step_do(const struct setup_step *step, const char **ret_note,
    struct extauth_error *error)
{
	enum extauth_err err = EXTAUTH_SYSTEM;

	*ret_note = NULL;
	switch (step->kind) {
	case SETUP_FILE:
		err = do_file(step, error);
		break;
	case SETUP_LINES:
		err = do_lines(step, error);
		break;
	case SETUP_PROFILE:
		return setup_pam_switch(step->path, step->will_be_there, error);
	}
	if (err == EXTAUTH_OK && strcmp(step->path, SETUP_NSSWITCH) == 0)
		program_nscd_forget();
	if (err == EXTAUTH_OK && strcmp(step->path, SETUP_SSHD_PART) == 0)
		err = setup_sshd_reload(ret_note, error);
	return err;
}

/* Each line of `text` that is not in `other`. */
static void
lines_show(const struct context *context, char sign, const char *text,
    const char *other, struct json_object *array)
{
	const char *line;
	size_t length;

	while ((line = setup_line_take(&text, &length)) != NULL) {
		cleanup_free char *copy = strndup(line, length);

		if (setup_line_is_in(other, line, length))
			continue;
		if (copy == NULL)
			die_of_memory();
		document_push_text(array, copy);
		if (!context->is_json)
			(void)printf("    %c %s\n", sign, copy);
	}
}

static void
headline(const struct context *context, const struct setup_step *step)
{
	if (context->is_json)
		return;
	if (step->kind == SETUP_PROFILE)
		(void)printf(_("run: %s --%s %s\n"), "pam-auth-update",
		    step->will_be_there ? "enable" : "disable", step->path);
	else if (!step->will_be_there)
		(void)printf(_("%s: removed\n"), step->path);
	else if (!step->was_there && step->kind == SETUP_FILE)
		(void)printf(_("%s: new, mode %04o\n"), step->path,
		    (unsigned)step->mode);
	else
		(void)printf(_("%s: changed\n"), step->path);
	if (step->is_secret)
		(void)printf(_("    (the secret is not shown)\n"));
}

void
setup_step_show(const struct context *context, const struct setup_step *step,
    struct json_object *plan)
{
	struct json_object *object = document_object();
	struct json_object *removed = document_array();
	struct json_object *added = document_array();
	char command[256];

	headline(context, step);
	if (step->kind == SETUP_PROFILE) {
		(void)snprintf(command, sizeof(command),
		    "pam-auth-update --%s %s",
		    step->will_be_there ? "enable" : "disable", step->path);
		document_text(object, "command", command);
	} else {
		document_text(object, "file", step->path);
	}
	if (!step->is_secret) {
		lines_show(context, '-', buffer_text(&step->before),
		    buffer_text(&step->after), removed);
		lines_show(context, '+', buffer_text(&step->after),
		    buffer_text(&step->before), added);
	}
	document_put(object, "removed", removed);
	document_put(object, "added", added);
	document_push(plan, object);
}
