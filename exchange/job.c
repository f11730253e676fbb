/* SPDX-License-Identifier: MIT */
#include "job.h"

#include <stdlib.h>
#include <time.h>

#include "drive.h"
#include "job_internal.h"
#include "job_source.h"
#include "origin.h"
#include "paths.h"
#include "provider.h"
#include "sandbox.h"
#include "text.h"

static enum extauth_err
job_load(struct job *job, struct extauth_error *error)
{
	const struct login_facts *facts = &job->told->facts;
	enum extauth_err err =
	    config_load(facts->config_path, &job->config, error);

	if (err != EXTAUTH_OK)
		return err;
	job->provider = config_find_provider(&job->config, facts->provider);
	if (job->provider == NULL)
		return error_set(
		    error, EXTAUTH_CONFIG, "no provider %s", facts->provider);
	err = credentials_load(&job->config, job->provider, job->told->type,
	    &job->credentials, error);
	if (err != EXTAUTH_OK)
		return err;
	values_fill(&job->values, facts, job->provider, &job->told->password);
	return values_add_secrets(
	    &job->values, job->credentials.secrets, job->credentials.count);
}

/* All servers are looked up before the filter is on: afterwards no name can
 * be. */
static enum extauth_err
job_resolve(struct job *job, struct extauth_error *error)
{
	const char *urls[ORIGINS_MAX];
	size_t count = origin_list(job->provider, job->told->type, urls);
	enum extauth_err err = EXTAUTH_OK;
	size_t at;

	if ((job->told->facts.flags & LOGIN_DRY_RUN) != 0)
		return EXTAUTH_OK;
	if (count == 0)
		return error_set(error, EXTAUTH_CONFIG,
		    "provider %s has no url", job->provider->name);
	for (at = 0; at < count && err == EXTAUTH_OK; at++)
		err = http_resolve(job->http, urls[at], error);
	return err;
}

static enum extauth_err
job_open_http(struct job *job, struct extauth_error *error)
{
	const struct http_settings settings = {
	    .provider = job->provider,
	    .client_certificate = &job->credentials.client_certificate,
	    .client_key = &job->credentials.client_key,
	    .hangup_fd = job->dialog->fd,
	};

	return http_open(&settings, &job->http, error);
}

enum extauth_err
job_lock_in(struct job *job, struct extauth_error *error)
{
	enum extauth_err err = sandbox_drop_ids(EXTAUTH_WORKER_USER, error);

	if (err == EXTAUTH_OK)
		err = sandbox_tie(job->dialog->fd, error);
	if (err != EXTAUTH_OK)
		return err;
	dialog_set_alarm(job->dialog, 0);
	if (!job->is_offline)
		err = job_open_http(job, error);
	if (err == EXTAUTH_OK && !job->is_offline)
		err = job_resolve(job, error);
	if (err == EXTAUTH_OK)
		err = sandbox_close(error);
	return err;
}

static enum extauth_err
job_perform(void *context, const struct request *request,
    struct event *ret_event, struct extauth_error *error)
{
	struct job *job = context;
	enum extauth_err err = EXTAUTH_OK;

	if (!request->is_poll)
		err = dialog_end_wait(job->dialog);
	if (err != EXTAUTH_OK)
		return err;
	return http_perform(job->http, request, dialog_deadline_ms(job->dialog),
	    ret_event, error);
}

static enum extauth_err
job_ask(void *context, const char *text, bool echo, struct secret *ret_answer)
{
	struct job *job = context;

	return dialog_ask(job->dialog, text, echo, ret_answer);
}

static enum extauth_err
job_inform(void *context, const char *text)
{
	struct job *job = context;

	return dialog_show(job->dialog, FRAME_INFORM, text);
}

static enum extauth_err
job_wait(void *context, uint32_t wait_ms)
{
	struct job *job = context;

	return dialog_wait(job->dialog, wait_ms);
}

int64_t
job_now(void *context)
{
	(void)context;
	return (int64_t)time(NULL);
}

/* A line that cannot be shown must not end the login that it is about. */
static void
job_trace(void *context, const char *line)
{
	struct job *job = context;

	(void)!dialog_show(job->dialog, FRAME_TRACE, line);
}

struct login
job_login(const struct job *job, uint32_t flags)
{
	return (struct login){
	    .provider = job->provider,
	    .values = &job->values.real,
	    .masked = &job->values.masked,
	    .password = &job->told->password,
	    .new_password = &job->told->new_password,
	    .client_secret = &job->credentials.client_secret,
	    .api_token = &job->credentials.api_token,
	    .phrases = job->told->facts.phrases,
	    .flags = flags,
	    .now_s = job_now(NULL),
	};
}

static void
job_drive(struct job *job, struct login_outcome *ret_outcome)
{
	const struct provider *provider =
	    provider_find(job->provider, job->told->type);
	uint32_t flags = job->told->facts.flags;
	struct login login = job_login(job, flags);
	const struct drive_hands hands = {
	    .context = job,
	    .perform = job_perform,
	    .ask = job_ask,
	    .inform = job_inform,
	    .wait = job_wait,
	    .now = job_now,
	    .trace = (flags & LOGIN_TRACE) != 0 ? job_trace : NULL,
	    .is_dry_run = (flags & LOGIN_DRY_RUN) != 0,
	};

	if (provider == NULL) {
		ret_outcome->verdict = VERDICT_MISCONFIGURED;
		text_print(ret_outcome->reason, sizeof(ret_outcome->reason),
		    "provider %s: type %s cannot do that", job->provider->name,
		    job->provider->type);
		return;
	}
	drive_run(provider, &login, &hands, ret_outcome);
}

static void
job_tell_client_certificate(
    const struct job *job, struct login_outcome *outcome)
{
	const struct secret *pem = &job->credentials.client_certificate;
	struct tls_certificate certificate;

	if (pem->length == 0)
		return;
	if (tls_read_certificate(
		secret_reveal(pem), pem->length, &certificate) != EXTAUTH_OK)
		text_print(outcome->reason, sizeof(outcome->reason),
		    "client certificate cannot be read");
	else
		text_print(outcome->reason, sizeof(outcome->reason),
		    "client certificate valid until %s cn=%s",
		    certificate.not_after, certificate.name);
}

static void
job_probe(struct job *job, struct login_outcome *ret_outcome)
{
	cleanup_event struct event event = {0};
	struct tls_certificate leaf = {0};
	struct extauth_error error = {0};
	const char *urls[ORIGINS_MAX] = {NULL};
	enum extauth_err err;

	/* That there is one was found out by job_resolve. */
	(void)origin_list(job->provider, FRAME_PROBE, urls);
	err = http_probe(
	    job->http, urls[0], job->dialog->deadline_ms, &event, &leaf);
	if (err != EXTAUTH_OK) {
		machine_outcome_from_error(err, &error, ret_outcome);
		return;
	}
	if (event.kind == EVENT_FAILED) {
		machine_outcome_from_failure(&event.failure, ret_outcome);
		return;
	}
	ret_outcome->verdict = VERDICT_REJECTED;
	if (leaf.not_after[0] != '\0')
		text_print(ret_outcome->tls, sizeof(ret_outcome->tls),
		    "valid until %s cn=%s issuer=%s", leaf.not_after, leaf.name,
		    leaf.issuer);
	job_tell_client_certificate(job, ret_outcome);
}

static void
job_carry_out(struct job *job, struct login_outcome *ret_outcome)
{
	struct extauth_error error = {0};
	enum extauth_err err = sandbox_limit(SANDBOX_LOGIN_BYTES, &error);

	if (err == EXTAUTH_OK)
		err = job_load(job, &error);
	if (err == EXTAUTH_OK)
		err = job_lock_in(job, &error);
	if (err != EXTAUTH_OK)
		machine_outcome_from_error(err, &error, ret_outcome);
	else if (job->told->type == FRAME_PROBE)
		job_probe(job, ret_outcome);
	else
		job_drive(job, ret_outcome);
}

void
job_clear(struct job *job)
{
	http_close(job->http);
	values_clear(&job->values);
	credentials_clear(&job->credentials);
	config_clear(&job->config);
}

static enum extauth_err
job_login_run(struct dialog *dialog, const struct dialog_job *told)
{
	struct login_outcome outcome = {.verdict = VERDICT_UNAVAILABLE};
	struct job *job = calloc(1, sizeof(*job));
	enum extauth_err err;

	if (job != NULL) {
		job->dialog = dialog;
		job->told = told;
		job_carry_out(job, &outcome);
	}
	/* First the verdict, for which somebody waits: the host then ends this
	 * process, and the kernel takes back what is freed below. */
	err = dialog_end(dialog, &outcome);
	login_outcome_clear(&outcome);
	if (job != NULL)
		job_clear(job);
	free(job);
	return err;
}

enum extauth_err
job_run(struct dialog *dialog, const struct dialog_job *told)
{
	return told->type == FRAME_SYNC ? job_source_run(dialog, told)
					: job_login_run(dialog, told);
}
