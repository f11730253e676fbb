/* SPDX-License-Identifier: MIT */
#include "pam_login.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "pam_conversation.h"
#include "pam_device.h"
#include "pam_log.h"
#include "paths.h"
#include "worker.h"

struct pam_login *
pam_login_make(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct pam_login *login = calloc(1, sizeof(*login));

	if (login == NULL)
		return NULL;
	pam_call_begin(pamh, flags, argc, argv, &login->call);
	login->account = pam_account_make();
	return login;
}

void
pam_login_free(struct pam_login **login)
{
	if (*login == NULL)
		return;
	secret_clear(&(*login)->password);
	pam_account_clear(&(*login)->account);
	free(*login);
	*login = NULL;
}

enum pam_decision
pam_login_examine(struct pam_login *login, const char *name)
{
	struct pam_account *account = &login->account;
	const enum pam_decision decision =
	    pam_account_examine(&login->call, name, account);

	if (account->is_registered && !login->call.is_root &&
	    decision != DECISION_CONFIG) {
		(void)error_set(&account->error, EXTAUTH_UNAVAILABLE,
		    "the host program is not root and cannot authenticate");
		return DECISION_NOT_ROOT;
	}
	if (account->is_local && !pam_result_is_at_once(decision) &&
	    faccessat(AT_FDCWD, EXTAUTH_EXCHANGE_PATH, X_OK, AT_EACCESS) != 0) {
		(void)error_set(&account->error, EXTAUTH_SYSTEM,
		    "%s cannot be run", EXTAUTH_EXCHANGE_PATH);
		return DECISION_LOCAL_BROKEN;
	}
	return decision;
}

enum pam_decision
pam_login_take_password(struct pam_login *login, int *ret_code)
{
	const struct secret *password = &login->password;
	struct extauth_error *reason = &login->account.error;
	const int code =
	    pam_conversation_password(&login->call, &login->password);

	if (code != PAM_SUCCESS) {
		(void)error_set(reason, EXTAUTH_NOTFOUND, "%s",
		    pam_strerror(login->call.pamh, code));
		*ret_code = code;
		return DECISION_NO_PASSWORD;
	}
	login->password_ms = frame_clock_ms();
	/* What was found before the password stays the reason. */
	if (reason->text[0] != '\0')
		reason = NULL;
	if (identity_check_password(secret_reveal(password), password->length,
		reason) != EXTAUTH_OK)
		return DECISION_BAD_PASSWORD;
	return DECISION_ALLOWED;
}

static struct throttle_limits
limits_of(const struct pam_login *login)
{
	const struct config_general *general = &login->account.config.general;
	const struct throttle_limits limits = {
	    .max_failures = general->max_failures,
	    .failure_window_ms = general->failure_window_ms,
	    .failure_pause_ms = general->failure_pause_ms,
	};

	return limits;
}

static enum pam_decision
ask_throttle(struct pam_login *login)
{
	const struct throttle_limits limits = limits_of(login);

	switch (throttle_ask(EXTAUTH_RUN_DIRECTORY, login->account.user.uid,
	    &limits, &login->password, &login->ticket)) {
	case THROTTLE_PASS:
		return DECISION_ALLOWED;
	case THROTTLE_PAUSED:
		return DECISION_PAUSED;
	case THROTTLE_REPEATED:
		return DECISION_REPEATED;
	}
	return DECISION_FAULT;
}

static void
tell_throttle(const struct pam_login *login)
{
	const struct throttle_limits limits = limits_of(login);
	const uint32_t uid = login->account.user.uid;

	/* What could not be sent was refused by nobody but us. */
	if (login->outcome.verdict == VERDICT_REJECTED &&
	    login->outcome.http_status == 0) {
		throttle_give_back(EXTAUTH_RUN_DIRECTORY, uid, login->ticket);
		return;
	}
	switch (login->outcome.verdict) {
	case VERDICT_ACCEPTED:
		throttle_forget(EXTAUTH_RUN_DIRECTORY, uid);
		return;
	case VERDICT_REJECTED:
	case VERDICT_EXPIRED:
	case VERDICT_LOCKED:
	case VERDICT_SECOND_FACTOR_NEEDED:
	case VERDICT_DENIED_BY_POLICY:
		throttle_note_refusal(EXTAUTH_RUN_DIRECTORY, uid, &limits,
		    &login->password, login->ticket);
		return;
	case VERDICT_THROTTLED:
	case VERDICT_UNAVAILABLE:
	case VERDICT_MISCONFIGURED:
		throttle_give_back(EXTAUTH_RUN_DIRECTORY, uid, login->ticket);
		return;
	}
}

enum extauth_err
pam_login_choose(struct pam_login *login)
{
	const struct policy_question question =
	    pam_account_question(&login->call, &login->account);
	const char *why = "";
	enum extauth_err err;

	if (login->provider != NULL)
		return EXTAUTH_OK;
	err = policy_provider(
	    &question, &login->provider, &why, &login->account.error);
	if (err == EXTAUTH_OK)
		pam_call_debug(&login->call, "provider=%s by %s",
		    login->provider->name, why);
	return err;
}

static void
copy_text(char *text, size_t size, const char *from)
{
	(void)snprintf(text, size, "%s", from);
}

/* What is stored in the registry fits by its own limits. */
static void
fill_facts(struct pam_login *login)
{
	const struct registry_user *user = &login->account.user;
	const struct config *config = &login->account.config;
	struct login_facts *facts = &login->facts;

	copy_text(facts->config_path, sizeof(facts->config_path),
	    login->call.args.config_path);
	copy_text(
	    facts->provider, sizeof(facts->provider), login->provider->name);
	copy_text(facts->username, sizeof(facts->username), user->name);
	copy_text(facts->email, sizeof(facts->email), user->email);
	copy_text(
	    facts->external_id, sizeof(facts->external_id), user->external_id);
	copy_text(facts->service, sizeof(facts->service), login->call.service);
	facts->uid = user->uid;
	facts->login_deadline_ms = config->general.login_deadline_ms;
	facts->person_deadline_ms = config->general.person_deadline_ms;
	pam_device_collect(&login->call, &config->general, &facts->device);
	login_make_request_id(facts);
}

static enum extauth_err
answer_prompt(
    void *context, const char *text, bool echo, struct secret *ret_answer)
{
	struct pam_login *login = context;
	const int style = echo ? PAM_PROMPT_ECHO_ON : PAM_PROMPT_ECHO_OFF;

	if (pam_conversation_ask(&login->call, style, text, ret_answer) ==
	    PAM_SUCCESS)
		return EXTAUTH_OK;
	login->is_unanswered = true;
	return EXTAUTH_UNAVAILABLE;
}

static void
show_text(void *context, const char *text)
{
	const struct pam_login *login = context;

	pam_conversation_tell(&login->call, PAM_TEXT_INFO, text);
}

enum extauth_err
pam_login_run(struct pam_login *login, enum frame_type type,
    const struct secret *password)
{
	const struct config_service *rules =
	    config_find_service(&login->account.config, login->call.service);
	const bool may_prompt =
	    type == FRAME_LOGIN && (rules == NULL || rules->second_factor);
	const struct worker_host host = {
	    .context = login,
	    .prompt = may_prompt ? answer_prompt : NULL,
	    .inform = show_text,
	};
	const struct worker_job job = {
	    .program = EXTAUTH_EXCHANGE_PATH,
	    .type = type,
	    .facts = &login->facts,
	    .password = password,
	    .host = &host,
	};

	fill_facts(login);
	login->is_asked = true;
	return worker_run(&job, &login->outcome, &login->account.error);
}

static enum pam_decision
decide_failure(struct pam_login *login, enum extauth_err err)
{
	if (login->is_unanswered) {
		login->outcome.verdict = VERDICT_SECOND_FACTOR_NEEDED;
		return DECISION_VERDICT;
	}
	switch (err) {
	case EXTAUTH_UNAVAILABLE:
		return DECISION_TIMEOUT;
	case EXTAUTH_NOMEM:
		return DECISION_NO_MEMORY;
	case EXTAUTH_OK:
	case EXTAUTH_NOTFOUND:
	case EXTAUTH_EXISTS:
	case EXTAUTH_INVALID:
	case EXTAUTH_TOOBIG:
	case EXTAUTH_CONFIG:
	case EXTAUTH_SYSTEM:
		return DECISION_FAULT;
	}
	return DECISION_FAULT;
}

/* A conversation that put another name into PAM_USER meanwhile would log in
 * somebody whose password was never checked. */
static bool
is_same_user(struct pam_login *login)
{
	if (strcmp(pam_call_item(&login->call, PAM_USER),
		login->account.name) == 0)
		return true;
	(void)error_set(&login->account.error, EXTAUTH_SYSTEM,
	    "PAM_USER was changed during the conversation");
	return false;
}

enum pam_decision
pam_login_ask(struct pam_login *login)
{
	enum extauth_err err = pam_login_choose(login);
	enum pam_decision throttled;

	if (err != EXTAUTH_OK)
		return err == EXTAUTH_NOMEM ? DECISION_NO_MEMORY
					    : DECISION_CONFIG;
	throttled = ask_throttle(login);
	if (throttled != DECISION_ALLOWED)
		return throttled;
	err = pam_login_run(login, FRAME_LOGIN, &login->password);
	if (err != EXTAUTH_OK)
		throttle_give_back(EXTAUTH_RUN_DIRECTORY,
		    login->account.user.uid, login->ticket);
	if (!is_same_user(login))
		return DECISION_FAULT;
	if (err != EXTAUTH_OK)
		return decide_failure(login, err);
	tell_throttle(login);
	return DECISION_VERDICT;
}

void
pam_login_pad(const struct pam_login *login, int64_t since_ms)
{
	/* The clock's milliseconds are cut: one more, or it would be early. */
	const int64_t until_ms =
	    since_ms + login->account.config.general.failure_delay_ms + 1;
	const struct timespec until = {
	    .tv_sec = until_ms / 1000,
	    .tv_nsec = until_ms % 1000 * 1000000,
	};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) ==
	    EINTR)
		continue;
}

/* Said only with explain_refusals, since each but the first two proves the
 * password right. */
static const char *
explanation(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_EXPIRED:
		return "Your password has expired. Please change it at the "
		       "sign-in service.";
	case VERDICT_LOCKED:
		return "Your account is locked at the sign-in service.";
	case VERDICT_SECOND_FACTOR_NEEDED:
		return "The sign-in service asks for a second factor, which "
		       "cannot be given here.";
	case VERDICT_DENIED_BY_POLICY:
		return "The sign-in service does not allow this login.";
	case VERDICT_THROTTLED:
		return "The sign-in service takes no further attempts now. "
		       "Please try again later.";
	case VERDICT_REJECTED:
	case VERDICT_ACCEPTED:
	case VERDICT_UNAVAILABLE:
	case VERDICT_MISCONFIGURED:
		return "";
	}
	return "";
}

void
pam_login_tell(const struct pam_login *login, enum pam_decision decision)
{
	const struct config_general *general = &login->account.config.general;
	const struct login_outcome *outcome = &login->outcome;

	if (pam_result_login(decision, outcome->verdict) ==
	    PAM_AUTHINFO_UNAVAIL) {
		pam_conversation_tell(
		    &login->call, PAM_ERROR_MSG, general->message_unavailable);
		return;
	}
	if (decision != DECISION_VERDICT || !general->explain_refusals ||
	    outcome->verdict == VERDICT_ACCEPTED)
		return;
	pam_conversation_tell(&login->call, PAM_ERROR_MSG,
	    outcome->message[0] != '\0' ? outcome->message
					: explanation(outcome->verdict));
}

void
pam_login_log(const struct pam_login *login, enum pam_decision decision)
{
	const bool has_outcome =
	    login->is_asked && decision == DECISION_VERDICT;
	const bool has_reason = has_outcome && login->outcome.reason[0] != '\0';
	const struct pam_log log = {
	    .priority = pam_result_priority(decision),
	    .result = pam_result_name(decision, login->outcome.verdict),
	    .user = login->account.name,
	    .reason = has_reason ? "" : login->account.error.text,
	    .facts = login->is_asked ? &login->facts : NULL,
	    .outcome = has_outcome ? &login->outcome : NULL,
	};

	pam_log_write(&login->call, &log);
}
