/* SPDX-License-Identifier: MIT */
/* What the jobs of a person and of a directory share.
 * Does not know: what a job is for. */
#ifndef EXTAUTH_JOB_INTERNAL_H
#define EXTAUTH_JOB_INTERNAL_H

#include "credentials.h"
#include "dialog.h"
#include "http.h"
#include "machine.h"
#include "values.h"

/* What a job needs at hand. */
struct job {
	struct dialog *dialog;
	const struct dialog_job *told;
	struct config config;
	const struct config_provider *provider;
	struct credentials credentials;
	struct values values;
	struct http *http;
	bool is_offline; /* no server is asked */
};

/* Gives up what is not needed, in an order in which nothing undoes it, and
 * opens the HTTP client with the names of all servers looked up. As
 * sandbox_close, http_open and http_resolve. */
EXTAUTH_CHECKED enum extauth_err job_lock_in(
    struct job *job, struct extauth_error *error);

/* Gives the job as machines see it; lent from the job. */
struct login job_login(const struct job *job, uint32_t flags);

/* time(2), as a hand of drive. */
int64_t job_now(void *context);

/* Wipes and frees what it holds. */
void job_clear(struct job *job);

#endif
