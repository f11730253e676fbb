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
#include "pam_translate.h"
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
	secret_clear(&(*login)->new_password);
	pam_factor_clear(&(*login)->factor);
	login_outcome_clear(&(*login)->outcome);
	pam_account_clear(&(*login)->account);
	free(*login);
	*login = NULL;
}

/* Where no provider can be chosen, a password is asked for as ever;
 * pam_login_ask then says why. */
static void
find_need(struct pam_login *login)
{
	if (pam_login_choose(login) == EXTAUTH_OK)
		login->needs_no_password =
		    !config_provider_wants_password(login->provider);
	else
		login->account.error.text[0] = '\0';
}

enum pam_decision
pam_login_examine(struct pam_login *login, const char *name)
{
	struct pam_account *account = &login->account;
	const enum pam_decision decision =
	    pam_account_examine(&login->call, name, account);

	if (account->config.general.language != NULL)
		login->call.language = account->config.general.language;
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
	pam_factor_begin(&login->call,
	    config_find_service(&account->config, login->call.service),
	    &login->factor);
	if (decision == DECISION_ALLOWED)
		find_need(login);
	return decision;
}

/* What was found before the password stays the reason. */
static enum pam_decision
check_password(struct pam_login *login)
{
	const struct secret *password = &login->password;
	struct extauth_error *reason = &login->account.error;

	if (reason->text[0] != '\0')
		reason = NULL;
	return identity_check_password(secret_reveal(password),
		   password->length, reason) == EXTAUTH_OK
	    ? DECISION_ALLOWED
	    : DECISION_BAD_PASSWORD;
}

enum pam_decision
pam_login_take_password(struct pam_login *login, int *ret_code)
{
	int code = PAM_SUCCESS;

	if (!login->needs_no_password)
		code =
		    pam_conversation_password(&login->call, &login->password);
	if (code != PAM_SUCCESS) {
		(void)error_set(&login->account.error, EXTAUTH_NOTFOUND, "%s",
		    pam_strerror(login->call.pamh, code));
		*ret_code = code;
		return DECISION_NO_PASSWORD;
	}
	login->password_ms = frame_clock_ms();
	if (login->needs_no_password)
		return DECISION_ALLOWED;
	if (pam_factor_take(&login->factor, &login->password) != EXTAUTH_OK)
		return DECISION_NO_MEMORY;
	return check_password(login);
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
	pam_translate_phrases(&login->call, facts);
	login_make_request_id(facts);
}

static enum extauth_err
answer_prompt(
    void *context, const char *text, bool echo, struct secret *ret_answer)
{
	struct pam_login *login = context;

	return pam_factor_answer(&login->factor, text, echo, ret_answer);
}

static void
show_text(void *context, const char *text)
{
	const struct pam_login *login = context;

	pam_conversation_tell(&login->call, PAM_TEXT_INFO, text);
}

enum extauth_err
pam_login_run(struct pam_login *login, enum frame_type type)
{
	const uint32_t flags =
	    type == FRAME_LOGIN ? pam_factor_flags(&login->factor) : 0;
	const bool has_password = type == FRAME_CHANGE ||
	    (type == FRAME_LOGIN && !login->needs_no_password);
	const struct worker_host host = {
	    .context = login,
	    .prompt = flags != 0 ? answer_prompt : NULL,
	    .inform = show_text,
	};
	const struct worker_job job = {
	    .program = EXTAUTH_EXCHANGE_PATH,
	    .type = type,
	    .facts = &login->facts,
	    .password = has_password ? &login->password : NULL,
	    .new_password = type == FRAME_CHANGE ? &login->new_password : NULL,
	    .host = &host,
	};

	fill_facts(login);
	login->facts.flags = flags;
	login->is_asked = true;
	login_outcome_clear(&login->outcome);
	return worker_run(&job, &login->outcome, &login->account.error);
}

static enum pam_decision
decide_failure(enum extauth_err err)
{
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

/* A prompt without an answer says as much as a verdict would. */
static enum extauth_err
carry_out(struct pam_login *login, enum frame_type type)
{
	const char *unanswered = login->factor.unanswered.text;
	enum extauth_err err = pam_login_run(login, type);

	if (err == EXTAUTH_OK || unanswered[0] == '\0')
		return err;
	login->outcome.verdict = VERDICT_SECOND_FACTOR_NEEDED;
	(void)snprintf(login->outcome.reason, sizeof(login->outcome.reason),
	    "%.*s", LOGIN_MESSAGE_MAX_BYTES, unanswered);
	return EXTAUTH_OK;
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
pam_login_ask(struct pam_login *login, enum frame_type type)
{
	enum extauth_err err = pam_login_choose(login);
	enum pam_decision throttled;

	if (err != EXTAUTH_OK)
		return err == EXTAUTH_NOMEM ? DECISION_NO_MEMORY
					    : DECISION_CONFIG;
	throttled = pam_login_throttle(login);
	if (throttled != DECISION_ALLOWED)
		return throttled;
	err = carry_out(login, type);
	if (err != EXTAUTH_OK)
		throttle_give_back(EXTAUTH_RUN_DIRECTORY,
		    login->account.user.uid, login->ticket);
	if (!is_same_user(login))
		return DECISION_FAULT;
	if (err != EXTAUTH_OK)
		return decide_failure(err);
	pam_login_tell_throttle(login, type);
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
