/* SPDX-License-Identifier: MIT */
#include "sync_reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sync_conversation.h"
#include "sync_progress.h"
#include "translate.h"

struct reading {
	const struct sync_order *order;
	struct sync_people *people;
	struct sync_progress progress;
};

static void
on_total(void *context, uint32_t total)
{
	struct reading *reading = context;

	sync_progress_total(&reading->progress, total);
}

/* A worker that was asked for one person may not tell of another. */
static enum extauth_err
on_user(void *context, const struct sync_user *user)
{
	struct reading *reading = context;
	const char *email = reading->order->email;

	sync_progress_step(&reading->progress);
	if (email != NULL && !identity_equal(email, user->email))
		return EXTAUTH_OK;
	return sync_people_tell_user(reading->people, user);
}

static enum extauth_err
on_group(void *context, const struct sync_group *group)
{
	struct reading *reading = context;

	return sync_people_tell_group(reading->people, group);
}

static void
on_trace(void *context, const char *text)
{
	struct reading *reading = context;

	sync_progress_end(&reading->progress);
	while (*text != '\0') {
		size_t length = strcspn(text, "\n");

		(void)fputs("  | ", stderr);
		(void)fwrite(text, 1, length, stderr);
		(void)fputs("\n", stderr);
		text += length + (text[length] == '\n');
	}
}

static bool
copy(char *to, size_t size, const char *text)
{
	int length = snprintf(to, size, "%s", text);

	return length >= 0 && (size_t)length < size;
}

static enum extauth_err
job_make(const struct sync_order *order, const char *state,
    struct sync_job **ret_job, struct extauth_error *error)
{
	cleanup_free struct sync_job *job = calloc(1, sizeof(*job));
	cleanup_free struct login_facts *facts = calloc(1, sizeof(*facts));

	if (job == NULL || facts == NULL)
		return error_set(error, EXTAUTH_NOMEM, "out of memory");
	login_make_request_id(facts);
	if (!copy(
		job->request_id, sizeof(job->request_id), facts->request_id) ||
	    !copy(job->config_path, sizeof(job->config_path),
		order->config_path) ||
	    !copy(job->source, sizeof(job->source), order->source->name) ||
	    !copy(job->email, sizeof(job->email),
		order->email != NULL ? order->email : "") ||
	    !copy(job->state, sizeof(job->state), state))
		return error_set(
		    error, EXTAUTH_TOOBIG, "a text is too long to be sent");
	job->flags = order->is_traced ? LOGIN_TRACE : 0;
	job->deadline_ms = order->source->sync_deadline_ms;
	*ret_job = job;
	job = NULL;
	return EXTAUTH_OK;
}

/* What the worker says of a failure. */
static enum extauth_err
failure(const struct sync_end *end, struct extauth_error *error)
{
	enum extauth_err err =
	    end->is_configuration ? EXTAUTH_CONFIG : EXTAUTH_UNAVAILABLE;
	const char *reason = end->reason[0] != '\0'
	    ? end->reason
	    : _("the directory could not be read");

	if (end->tls[0] == '\0')
		return error_set(error, err, "%s", reason);
	return error_set(error, err, "%s (TLS: %s)", reason, end->tls);
}

enum extauth_err
sync_read(const struct sync_order *order, const char *state,
    struct sync_people *ret_people, struct sync_end *ret_end,
    struct extauth_error *error)
{
	cleanup_free struct sync_job *job = NULL;
	struct reading reading = {.order = order,
	    .people = ret_people,
	    .progress = sync_progress_make(order->source->name)};
	struct sync_listener listener = {.context = &reading,
	    .total = on_total,
	    .user = on_user,
	    .group = on_group,
	    .trace = order->is_traced ? on_trace : NULL};
	enum extauth_err err;

	sync_people_begin(ret_people, order->config, order->source);
	err = job_make(order, state, &job, error);
	if (err == EXTAUTH_OK)
		err = sync_converse(
		    order->worker, job, &listener, ret_end, error);
	sync_progress_end(&reading.progress);
	if (err == EXTAUTH_OK && ret_end->kind == SYNC_FAILED)
		err = failure(ret_end, error);
	if (err == EXTAUTH_OK)
		err = sync_people_settle(ret_people);
	return err;
}
