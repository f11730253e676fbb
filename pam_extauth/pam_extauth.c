/* SPDX-License-Identifier: MIT */
/* The six entry points of the PAM module.
 * Does not know: how each step is done. */
#include <security/pam_modules.h>

#include <errno.h>
#include <syslog.h>

#include "pam_account.h"
#include "pam_call.h"
#include "pam_change.h"
#include "pam_conversation.h"
#include "pam_forgot.h"
#include "pam_log.h"
#include "pam_login.h"
#include "pam_result.h"
#include "pam_token.h"

#define ENTRY_POINT __attribute__((visibility("default")))

static int
leave(const struct pam_login *login, enum pam_decision decision, int code)
{
	pam_login_log(login, decision);
	return pam_args_apply(&login->call.args, code);
}

/* A failure takes as long, and looks the same, whatever it is. */
static int
conclude(struct pam_login *login, enum pam_decision decision)
{
	const int code = pam_result_login(decision, login->outcome.verdict);

	pam_login_log(login, decision);
	secret_clear(&login->password);
	secret_clear(&login->factor.code);
	if (code == PAM_SUCCESS) {
		pam_token_export(login);
		return code;
	}
	pam_login_pad(login, login->password_ms);
	pam_login_tell(login, decision);
	pam_forgot_after_login(login, decision);
	return pam_args_apply(&login->call.args, code);
}

ENTRY_POINT int
pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	cleanup_errno int host_errno = errno;
	cleanup_login struct pam_login *login =
	    pam_login_make(pamh, flags, argc, argv);
	const char *name = NULL;
	enum pam_decision standing;
	enum pam_decision decision;
	int code;

	if (login == NULL)
		return PAM_BUF_ERR;
	code = pam_conversation_user(&login->call, &name);
	if (code != PAM_SUCCESS)
		return pam_args_apply(&login->call.args, code);
	standing = pam_login_examine(login, name);
	if (pam_result_is_at_once(standing))
		return leave(login, standing,
		    pam_result_login(standing, VERDICT_REJECTED));
	decision = pam_login_take_password(login, &code);
	if (decision == DECISION_NO_PASSWORD)
		return leave(login, decision, code);
	if (standing != DECISION_ALLOWED)
		return conclude(login, standing);
	if (decision == DECISION_ALLOWED)
		decision = pam_login_ask(login, FRAME_LOGIN);
	return conclude(login, decision);
}

ENTRY_POINT int
pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_SUCCESS;
}

/* A linked account is /etc/passwd's: what we refuse him is our login alone. */
static enum pam_decision
examine_for_account(const struct pam_call *call, struct pam_account *account)
{
	const enum pam_decision decision =
	    pam_account_examine(call, pam_call_item(call, PAM_USER), account);

	if (account->is_local && decision != DECISION_ALLOWED &&
	    !pam_result_is_at_once(decision))
		return DECISION_NOT_OURS;
	return decision;
}

ENTRY_POINT int
pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	cleanup_errno int host_errno = errno;
	cleanup_account struct pam_account account = pam_account_make();
	struct pam_call call;
	struct pam_log log = {.result = ""};
	enum pam_decision decision;
	int code;

	pam_call_begin(pamh, flags, argc, argv, &call);
	call.is_account_step = true;
	decision = examine_for_account(&call, &account);
	code = pam_result_account(decision);
	log.priority = code == PAM_SUCCESS || decision == DECISION_UNKNOWN
	    ? LOG_DEBUG
	    : pam_result_priority(decision);
	log.result = pam_result_name(decision, VERDICT_REJECTED);
	log.user = account.name;
	log.reason = account.error.text;
	pam_log_write(&call, &log);
	return pam_args_apply(&call.args, code);
}

static int
session(pam_handle_t *pamh)
{
	const void *user = NULL;

	if (pam_get_item(pamh, PAM_USER, &user) != PAM_SUCCESS || user == NULL)
		return PAM_SESSION_ERR;
	return PAM_SUCCESS;
}

ENTRY_POINT int
pam_sm_open_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)flags;
	(void)argc;
	(void)argv;
	return session(pamh);
}

ENTRY_POINT int
pam_sm_close_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)flags;
	(void)argc;
	(void)argv;
	return session(pamh);
}

static int
conclude_change(struct pam_login *login, enum pam_decision decision)
{
	const int code = pam_result_change(decision, login->outcome.verdict);

	pam_login_log(login, decision);
	secret_clear(&login->password);
	secret_clear(&login->new_password);
	if (code == PAM_SUCCESS)
		return code;
	pam_login_pad(login, login->password_ms);
	pam_change_tell(login, decision);
	return pam_args_apply(&login->call.args, code);
}

/* libpam calls twice: the first half takes the old password and changes
 * nothing. */
static int
change(struct pam_login *login, bool is_first_half)
{
	enum pam_decision decision;
	int code = PAM_SYSTEM_ERR;

	decision = is_first_half ? pam_change_prepare(login, &code)
				 : pam_change_carry_out(login, &code);
	if (is_first_half && decision == DECISION_ALLOWED)
		return PAM_SUCCESS;
	if (decision == DECISION_NO_PASSWORD)
		return leave(login, decision, code);
	return conclude_change(login, decision);
}

ENTRY_POINT int
pam_sm_chauthtok(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	cleanup_errno int host_errno = errno;
	cleanup_login struct pam_login *login =
	    pam_login_make(pamh, flags, argc, argv);
	const bool is_first_half = ((unsigned)flags & PAM_UPDATE_AUTHTOK) == 0;
	enum pam_decision decision;
	int code;

	if (login == NULL)
		return PAM_BUF_ERR;
	decision = pam_account_examine(&login->call,
	    pam_call_item(&login->call, PAM_USER), &login->account);
	/* The password of a linked account stands in /etc/shadow. */
	if (login->account.is_local)
		decision = DECISION_NOT_OURS;
	if (decision == DECISION_ALLOWED && pam_change_is_possible(login))
		return change(login, is_first_half);
	code = pam_result_password(decision);
	if (!is_first_half)
		return pam_args_apply(&login->call.args,
		    code == PAM_USER_UNKNOWN ? code : PAM_AUTHTOK_ERR);
	if (decision != DECISION_ALLOWED)
		return leave(login, decision, code);
	code = pam_result_password(pam_forgot_instead_of_change(login));
	pam_call_debug(&login->call, "no password of %s is changed here",
	    login->account.name);
	return code;
}
