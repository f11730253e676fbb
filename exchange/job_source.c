/* SPDX-License-Identifier: MIT */
#include "job_source.h"

#include <stdlib.h>
#include <unistd.h>

#include "dialog_source.h"
#include "drive_source.h"
#include "job_file.h"
#include "job_internal.h"
#include "sandbox.h"
#include "source.h"

struct job_source {
	struct job job;
	const struct config_source *source;
	struct login_facts facts; /* of nobody: this host's name alone */
	int file;                 /* of a csv, or -1 */
};

static enum extauth_err
job_source_fill(struct job_source *reading)
{
	struct job *job = &reading->job;
	struct device *device = &reading->facts.device;
	struct values *values = &job->values;

	if (gethostname(device->hostname, sizeof(device->hostname) - 1) != 0)
		device->hostname[0] = '\0';
	values_fill(
	    values, &reading->facts, job->provider, &job->told->password);
	values->real.of[PLACEHOLDER_USERID] = (struct template_value){0};
	values->masked.of[PLACEHOLDER_USERID] = (struct template_value){0};
	return values_add_secrets(
	    values, job->credentials.secrets, job->credentials.count);
}

static enum extauth_err
job_source_load(struct job_source *reading, struct extauth_error *error)
{
	struct job *job = &reading->job;
	const struct sync_job *sync = &job->told->sync;
	enum extauth_err err =
	    config_load(sync->config_path, &job->config, error);

	if (err != EXTAUTH_OK)
		return err;
	reading->source = config_find_source(&job->config, sync->source);
	if (reading->source == NULL)
		return error_set(
		    error, EXTAUTH_CONFIG, "no source %s", sync->source);
	job->provider = &reading->source->access;
	job->is_offline = *reading->source->file != '\0';
	err = credentials_load(
	    &job->config, job->provider, FRAME_SYNC, &job->credentials, error);
	if (err == EXTAUTH_OK && job->is_offline)
		err = credentials_open_list(
		    reading->source->file, &reading->file, error);
	return err == EXTAUTH_OK ? job_source_fill(reading) : err;
}

static enum extauth_err
job_source_perform(void *context, const struct request *request,
    struct event *ret_event, struct extauth_error *error)
{
	struct job_source *reading = context;
	struct job *job = &reading->job;
	enum extauth_err err = dialog_flush(job->dialog);

	if (err != EXTAUTH_OK)
		return err;
	return job->is_offline
	    ? job_file_answer(reading->file, request, ret_event)
	    : http_perform(job->http, request, job->dialog->deadline_ms,
		  ret_event, error);
}

static enum extauth_err
job_source_wait(void *context, uint32_t wait_ms, struct extauth_error *error)
{
	struct job_source *reading = context;

	return dialog_pause(reading->job.dialog, wait_ms, error);
}

static enum extauth_err
job_source_tell_total(void *context, uint32_t total)
{
	struct job_source *reading = context;

	return dialog_gather_total(reading->job.dialog, total);
}

static enum extauth_err
job_source_tell_user(void *context, const struct sync_user *user)
{
	struct job_source *reading = context;

	return dialog_gather_user(reading->job.dialog, user);
}

static enum extauth_err
job_source_tell_group(void *context, const struct sync_group *group)
{
	struct job_source *reading = context;

	return dialog_gather_group(reading->job.dialog, group);
}

static enum extauth_err
job_source_may_go_on(void *context, struct extauth_error *error)
{
	struct job_source *reading = context;

	if (frame_clock_ms() < reading->job.dialog->deadline_ms)
		return EXTAUTH_OK;
	return error_set(
	    error, EXTAUTH_UNAVAILABLE, "not done before sync_deadline");
}

/* A line that cannot be shown must not end the reading that it is about. */
static void
job_source_trace(void *context, const char *line)
{
	struct job_source *reading = context;

	(void)!dialog_gather_trace(reading->job.dialog, line);
}

static void
job_source_drive(struct job_source *reading, struct sync_end *ret_end)
{
	struct job *job = &reading->job;
	const struct source *machine = source_find(reading->source);
	uint32_t flags = job->told->sync.flags;
	struct login login = job_login(job, flags);
	struct source_run run = {
	    .config = &job->config,
	    .source = reading->source,
	    .login = &login,
	    .job = &job->told->sync,
	};
	const struct drive_source_hands hands = {
	    .context = reading,
	    .perform = job_source_perform,
	    .wait = job_source_wait,
	    .tell_total = job_source_tell_total,
	    .tell_user = job_source_tell_user,
	    .tell_group = job_source_tell_group,
	    .may_go_on = job_source_may_go_on,
	    .now = job_now,
	    .trace = (flags & LOGIN_TRACE) != 0 ? job_source_trace : NULL,
	};
	struct extauth_error error = {0};

	if (machine != NULL) {
		drive_source_run(machine, &run, &hands, ret_end);
		return;
	}
	(void)error_set(&error, EXTAUTH_CONFIG,
	    "source %s: type %s cannot be read", reading->source->name,
	    reading->source->type);
	drive_source_fail(EXTAUTH_CONFIG, &error, ret_end);
}

static void
job_source_carry_out(struct job_source *reading, struct sync_end *ret_end)
{
	struct extauth_error error = {0};
	enum extauth_err err = sandbox_limit(SANDBOX_SYNC_BYTES, &error);

	if (err == EXTAUTH_OK)
		err = job_source_load(reading, &error);
	if (err == EXTAUTH_OK)
		err = job_lock_in(&reading->job, &error);
	if (err == EXTAUTH_OK)
		job_source_drive(reading, ret_end);
	else
		drive_source_fail(err, &error, ret_end);
}

enum extauth_err
job_source_run(struct dialog *dialog, const struct dialog_job *told)
{
	struct sync_end end = {.kind = SYNC_FAILED, .reason = "out of memory"};
	struct job_source *reading = calloc(1, sizeof(*reading));
	enum extauth_err err;

	if (reading != NULL) {
		reading->job.dialog = dialog;
		reading->job.told = told;
		reading->file = -1;
		job_source_carry_out(reading, &end);
	}
	/* First the end, for which the host waits. */
	err = dialog_end_sync(dialog, &end);
	sync_end_clear(&end);
	if (reading != NULL) {
		cleanup_close_fd(&reading->file);
		job_clear(&reading->job);
	}
	free(reading);
	return err;
}
