/* SPDX-License-Identifier: MIT */
#include "pam_factor.h"

#include <string.h>

#include "login.h"
#include "pam_conversation.h"

#define CODE_DIGITS_LEAST 6
#define CODE_DIGITS_MOST 10
/* What the administrator can do about it. */
#define ASKING "sshd asks by KbdInteractiveAuthentication"
#define ELSEWHERE ASKING "; else second_factor = append"

void
pam_factor_begin(const struct pam_call *call,
    const struct config_service *rules, struct pam_factor *ret_factor)
{
	const struct pam_factor factor = {
	    .call = call,
	    .way =
		rules != NULL ? rules->second_factor : CONFIG_SECOND_FACTOR_ASK,
	};

	pam_factor_clear(ret_factor);
	*ret_factor = factor;
}

void
pam_factor_clear(struct pam_factor *factor)
{
	const struct pam_factor nothing = {0};

	secret_clear(&factor->code);
	*factor = nothing;
}

/* The length of the code at the end of a text, 0 if there is none. */
static size_t
code_length(const char *text, size_t length)
{
	size_t digits = 0;

	while (digits < length && text[length - 1 - digits] >= '0' &&
	    text[length - 1 - digits] <= '9')
		digits++;
	if (digits < CODE_DIGITS_LEAST || digits > CODE_DIGITS_MOST)
		return 0;
	if (digits == length || text[length - 1 - digits] != ',')
		return 0;
	return digits;
}

static enum extauth_err
split(struct pam_factor *factor, struct secret *password)
{
	const char *text = secret_reveal(password);
	const size_t digits = code_length(text, password->length);
	cleanup_secret struct secret rest = {0};
	enum extauth_err err;

	if (digits == 0)
		return EXTAUTH_OK;
	err =
	    secret_set(&factor->code, text + password->length - digits, digits);
	if (err == EXTAUTH_OK)
		err = secret_set(&rest, text, password->length - digits - 1);
	if (err != EXTAUTH_OK)
		return err;
	secret_clear(password);
	*password = rest;
	rest = (struct secret){0};
	return EXTAUTH_OK;
}

enum extauth_err
pam_factor_take(struct pam_factor *factor, struct secret *password)
{
	factor->password = password;
	return factor->way == CONFIG_SECOND_FACTOR_APPEND
	    ? split(factor, password)
	    : EXTAUTH_OK;
}

uint32_t
pam_factor_flags(const struct pam_factor *factor)
{
	uint32_t flags = LOGIN_CAN_WAIT;

	switch (factor->way) {
	case CONFIG_SECOND_FACTOR_ASK:
		/* PAM_SILENT, which sudo always sets, is about messages: a
		 * question is asked as the one for the password is. */
		return flags | LOGIN_CAN_ASK;
	case CONFIG_SECOND_FACTOR_APPEND:
		if (factor->code.length > 0)
			flags |= LOGIN_HAS_CODE;
		return flags;
	case CONFIG_SECOND_FACTOR_DENY:
		return 0;
	}
	return 0;
}

static enum extauth_err
leave_unanswered(struct pam_factor *factor, const char *why)
{
	return error_set(&factor->unanswered, EXTAUTH_NOTFOUND, "%s", why);
}

/* A login without a password has nothing that a code could stand behind. */
static enum extauth_err
give_code(struct pam_factor *factor, struct secret *ret_answer)
{
	if (factor->password == NULL)
		return leave_unanswered(factor,
		    "the service cannot ask, and this provider takes no "
		    "password and no code: it wants second_factor = ask");
	if (factor->code.length == 0)
		return leave_unanswered(factor,
		    "the service cannot ask: append the code to the password, "
		    "as password,123456");
	if (factor->is_code_given)
		return leave_unanswered(factor,
		    "the service cannot ask: the provider wants more than the "
		    "code that was appended");
	factor->is_code_given = true;
	return secret_set(
	    ret_answer, secret_reveal(&factor->code), factor->code.length);
}

/* sshd's password method and database servers answer whatever is asked with the
 * password that they have, mail servers what is echoed with the name. */
static enum extauth_err
check_answer(struct pam_factor *factor, struct secret *answer)
{
	const char *user = pam_call_item(factor->call, PAM_USER);

	if (factor->password != NULL &&
	    secret_equals(answer, factor->password)) {
		secret_clear(answer);
		return leave_unanswered(factor,
		    "the service cannot ask: it answered with the password "
		    "again (" ELSEWHERE ")");
	}
	if (answer->length > 0 && strcmp(secret_reveal(answer), user) == 0) {
		secret_clear(answer);
		return leave_unanswered(factor,
		    "the service cannot ask: it answered with the user's name");
	}
	return EXTAUTH_OK;
}

static enum extauth_err
ask_person(struct pam_factor *factor, const char *text, bool echo,
    struct secret *ret_answer)
{
	const int style = echo ? PAM_PROMPT_ECHO_ON : PAM_PROMPT_ECHO_OFF;
	const struct pam_call *call = factor->call;
	int code;

	code = pam_conversation_ask(call, style, text, ret_answer);
	if (code == PAM_BUF_ERR)
		return EXTAUTH_NOMEM;
	if (code != PAM_SUCCESS)
		return error_set(&factor->unanswered, EXTAUTH_NOTFOUND,
		    "the service cannot ask, or the person gave up: %s (%s)",
		    pam_strerror(call->pamh, code),
		    factor->password != NULL ? ELSEWHERE : ASKING);
	return check_answer(factor, ret_answer);
}

static enum extauth_err
answer(struct pam_factor *factor, const char *text, bool echo,
    struct secret *ret_answer)
{
	switch (factor->way) {
	case CONFIG_SECOND_FACTOR_ASK:
		return ask_person(factor, text, echo, ret_answer);
	case CONFIG_SECOND_FACTOR_APPEND:
		return give_code(factor, ret_answer);
	case CONFIG_SECOND_FACTOR_DENY:
		break;
	}
	return leave_unanswered(factor, "second_factor = deny");
}

enum extauth_err
pam_factor_answer(struct pam_factor *factor, const char *text, bool echo,
    struct secret *ret_answer)
{
	const enum extauth_err err = answer(factor, text, echo, ret_answer);

	if (err == EXTAUTH_OK)
		factor->is_answered = true;
	return err;
}
