/* SPDX-License-Identifier: MIT */
#include "pam_forgot.h"

#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "pam_conversation.h"
#include "pam_log.h"
#include "pam_translate.h"
#include "paths.h"

#define QUESTION                                                               \
	N_("Forgot your password? Send a reset mail to the registered "        \
	   "address [y/N] ")
#define ANSWER                                                                 \
	N_("If you asked for it and the address is registered, a mail is on "  \
	   "its way.")
#define PAGE_MAX_BYTES 1024
#define ASKED_MARK "extauth_forgot_password_asked"

enum offer {
	OFFER_NOT_MADE = 0, /* nobody who can be asked, or nothing to offer */
	OFFER_MADE,
	OFFER_FAILED, /* wanted, and the provider was out of reach */
};

/* The mark lives as long as the PAM handle, so that the three attempts of sudo
 * ask once. */
static bool
take_turn(const struct pam_call *call)
{
	const void *mark = NULL;

	if (pam_get_data(call->pamh, ASKED_MARK, &mark) == PAM_SUCCESS)
		return false;
	return pam_set_data(call->pamh, ASKED_MARK, call->pamh, NULL) ==
	    PAM_SUCCESS;
}

/* A stranger is offered what a registered user of that name would be. */
static bool
stranger_is_offered(const struct pam_login *login)
{
	const struct pam_account *account = &login->account;
	struct policy_question question =
	    pam_account_question(&login->call, account);
	const struct registry_user stranger = {
	    .name = account->name,
	    .gecos = "",
	    .home = "",
	    .shell = "",
	    .email = identity_is_email_name(account->name) ? account->name : "",
	    .external_id = "",
	    .provider = "",
	    .source = "",
	};
	const struct config_provider *provider = NULL;
	const char *why = NULL;
	size_t number;

	question.user = &stranger;
	if (policy_provider(&question, &provider, &why, NULL) == EXTAUTH_OK)
		return config_provider_resets(provider);
	for (number = 0; number < account->config.provider_count; number++) {
		if (config_provider_resets(&account->config.providers[number]))
			return true;
	}
	return false;
}

static bool
is_offered(struct pam_login *login)
{
	if (login->account.is_registered &&
	    pam_login_choose(login) == EXTAUTH_OK)
		return config_provider_resets(login->provider);
	return stranger_is_offered(login);
}

/* The word or its first letter, in any case. */
static bool
is_word(const struct secret *answer, const char *word)
{
	const char *text = secret_reveal(answer);
	size_t place;

	if (answer->length != 1 && answer->length != strlen(word))
		return false;
	for (place = 0; place < answer->length; place++) {
		if ((text[place] | 0x20) != word[place])
			return false;
	}
	return true;
}

static bool
is_yes(const struct pam_call *call, const struct secret *answer)
{
	return is_word(answer, "yes") ||
	    is_word(answer, pam_translate(call, N_("yes")));
}

static void
log_request(const struct pam_login *login, const char *result, bool is_asked)
{
	const bool has_reason = login->outcome.reason[0] != '\0';
	const struct pam_log log = {
	    .priority = LOG_NOTICE,
	    .result = result,
	    .user = login->account.name,
	    .reason = has_reason ? "" : login->account.error.text,
	    .facts = is_asked ? &login->facts : NULL,
	    .outcome = is_asked ? &login->outcome : NULL,
	};

	pam_log_write(&login->call, &log);
}

static enum offer
send_request(struct pam_login *login)
{
	enum extauth_err err;
	bool is_sent;

	login->account.error.text[0] = '\0';
	login_outcome_clear(&login->outcome);
	if (!throttle_take_forgot(
		EXTAUTH_RUN_DIRECTORY, login->account.user.uid)) {
		log_request(login, "reset_mail_held_back", false);
		return OFFER_MADE;
	}
	err = pam_login_run(login, FRAME_FORGOT);
	/* No verdict of a reset mail is a grant. */
	is_sent = err == EXTAUTH_OK &&
	    login->outcome.verdict == VERDICT_REJECTED &&
	    login->outcome.http_status == 200;
	log_request(
	    login, is_sent ? "reset_mail_sent" : "reset_mail_failed", true);
	return is_sent ? OFFER_MADE : OFFER_FAILED;
}

static enum offer
make_offer(struct pam_login *login, bool may_send)
{
	cleanup_secret struct secret answer = {0};
	enum offer offer = OFFER_MADE;
	int64_t answered_ms;

	if (!is_offered(login))
		return OFFER_NOT_MADE;
	if (pam_conversation_ask(&login->call, PAM_PROMPT_ECHO_ON,
		pam_translate(&login->call, QUESTION), &answer) != PAM_SUCCESS)
		return OFFER_NOT_MADE;
	if (answer.length == 0)
		return OFFER_MADE;
	answered_ms = frame_clock_ms();
	if (may_send && is_yes(&login->call, &answer))
		offer = send_request(login);
	/* For a name that nobody has, sshd hands over bytes of its own in place
	 * of the answer, so that a yes cannot be told from a no. */
	pam_login_pad(login, answered_ms);
	pam_conversation_tell(
	    &login->call, PAM_TEXT_INFO, pam_translate(&login->call, ANSWER));
	return offer;
}

static void
show_message(const struct pam_login *login)
{
	pam_conversation_tell(&login->call, PAM_TEXT_INFO,
	    login->account.config.general.forgot_password_message);
}

/* Not for those whom our own rules refuse: they are asked as everybody is. */
static bool
may_send_after(enum pam_decision decision)
{
	return decision == DECISION_VERDICT || decision == DECISION_PAUSED ||
	    decision == DECISION_REPEATED || decision == DECISION_BAD_PASSWORD;
}

void
pam_forgot_after_login(struct pam_login *login, enum pam_decision decision)
{
	const int code = pam_result_login(decision, login->outcome.verdict);

	if (!login->call.args.forgot_password || login->call.is_silent)
		return;
	if (code != PAM_AUTH_ERR && decision != DECISION_UNKNOWN)
		return;
	if (!take_turn(&login->call))
		return;
	if (make_offer(login, may_send_after(decision)) == OFFER_NOT_MADE)
		show_message(login);
}

static void
show_page(struct pam_login *login)
{
	char text[PAGE_MAX_BYTES];

	if (!login->call.is_root || pam_login_choose(login) != EXTAUTH_OK ||
	    login->provider->password_page[0] == '\0')
		return;
	(void)snprintf(text, sizeof(text),
	    pam_translate(&login->call, "Please change your password at %s."),
	    login->provider->password_page);
	pam_conversation_tell(&login->call, PAM_TEXT_INFO, text);
}

enum pam_decision
pam_forgot_instead_of_change(struct pam_login *login)
{
	enum offer offer = OFFER_NOT_MADE;

	show_page(login);
	if (login->call.is_root && !login->call.is_silent &&
	    take_turn(&login->call))
		offer = make_offer(login, true);
	show_message(login);
	return offer == OFFER_FAILED ? DECISION_TIMEOUT : DECISION_ALLOWED;
}
