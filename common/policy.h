/* SPDX-License-Identifier: MIT */
/* Who may log in where, and which provider is asked.
 * Does not know: passwords, PAM codes, the network. */
#ifndef EXTAUTH_POLICY_H
#define EXTAUTH_POLICY_H

#include "config.h"
#include "registry.h"

enum policy_answer {
	POLICY_REFUSED = 0, /* service or group is not allowed */
	POLICY_ALLOWED,
	POLICY_DISABLED,
	POLICY_PAST_DATE,
};

/* The lower-case word that the log shows: "service_not_allowed", "allowed",
 * "disabled", "past_not_after". Static. */
const char *policy_name(enum policy_answer answer);

/* What is asked; all borrowed. */
struct policy_question {
	const struct config *config;
	const struct registry *registry;
	const struct registry_user *user;
	const char *service;         /* PAM service name */
	const char *forced_provider; /* the PAM option, NULL or "" if none */
	int64_t now;                 /* seconds since 1970 */
	bool is_account_step;        /* no password is asked for */
};

/* Tells whether key `services` admits a PAM service: it is empty, or names it;
 * "sudo" holds for "sudo-i", and "su" for "su-l". */
bool policy_admits_service(const struct config *config, const char *service);

/* Decides the account step: state, then date, then `services`, of which the
 * account step of "systemd-user", behind a login, is always one, then [service]
 * rules (the groups are those of the registry). `*ret_answer` is POLICY_REFUSED
 * unless all holds. EXTAUTH_UNAVAILABLE, EXTAUTH_NOMEM where it cannot tell.
 * extauth.conf(5). */
EXTAUTH_CHECKED enum extauth_err policy_account(
    const struct policy_question *question, enum policy_answer *ret_answer);

/* Chooses the provider: the forced one, else that of the [service], of the
 * user, of the e-mail's domain, else the default. `*ret_why` is a static word:
 * "option", "service", "user", "domain", "default". EXTAUTH_CONFIG with the
 * reason in `error` if there is none, if it is not configured, or if its
 * domains exclude the user's e-mail. */
EXTAUTH_CHECKED enum extauth_err policy_provider(
    const struct policy_question *question,
    const struct config_provider **ret_provider, const char **ret_why,
    struct extauth_error *error);

#endif
