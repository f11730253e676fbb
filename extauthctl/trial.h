/* SPDX-License-Identifier: MIT */
/* What test-login, forgot-password and check --online share: a registered
 * user, the facts of a login, one run of the worker with its traces.
 * Does not know: what the commands make of it. */
#ifndef EXTAUTHCTL_TRIAL_H
#define EXTAUTHCTL_TRIAL_H

#include "command.h"
#include "config.h"
#include "document.h"
#include "registry.h"
#include "worker.h"

/* From where the login is said to come; each may be NULL. */
struct trial_place {
	const char *service;
	const char *rhost;
	const char *tty;
};

/* A user found in the registry; {0} with registry.fd -1 is none. */
struct trial_user {
	struct registry registry;
	struct registry_room room;
	struct registry_user user;
};

/* Finds a registered user by login name, else by e-mail. `*ret_user` is the
 * caller's (trial_user_clear). On failure a message was written and what is
 * returned is not CTL_DONE. */
enum ctl_exit trial_find_user(const char *name, struct trial_user *ret_user);

/* Closes and frees what it holds. NULL is allowed. */
void trial_user_clear(struct trial_user *user);

/* Makes the facts of a login of `user`, the caller's (free). EXTAUTH_TOOBIG for
 * a text that is too long; EXTAUTH_SYSTEM if the configuration's path cannot be
 * made absolute; EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err trial_make_facts(const struct config *config,
    const struct registry_user *user, const struct trial_place *place,
    struct login_facts **ret_facts, struct extauth_error *error);

/* What the worker is to do; all borrowed. */
struct trial_task {
	enum frame_type type;
	const struct login_facts *facts;
	const struct secret *password; /* NULL: none */
	struct json_object *traces; /* collects them; NULL: they are printed */
	bool is_unattended;         /* nobody is asked */
};

/* Runs the worker; its questions go to the terminal. As worker_run, but `error`
 * is never left empty on failure. */
EXTAUTH_CHECKED enum extauth_err trial_run(const struct trial_task *task,
    struct login_outcome *ret_outcome, struct extauth_error *error);

/* The exit status that fits a verdict. */
enum ctl_exit trial_exit(enum verdict verdict);

#define cleanup_trial_user __attribute__((cleanup(trial_user_clear)))

#endif
