/* SPDX-License-Identifier: MIT */
/* What this service can do for a second factor: ask the person, take a code off
 * the end of the password, or neither; and the answers to a provider's prompts.
 * Does not know: which factors there are. */
#ifndef EXTAUTH_PAM_FACTOR_H
#define EXTAUTH_PAM_FACTOR_H

#include "config.h"
#include "pam_call.h"
#include "secret.h"

/* {0} asks, but has nobody to ask: see pam_factor_begin. */
struct pam_factor {
	const struct pam_call *call;
	enum config_second_factor way;
	const struct secret *password; /* without a code; NULL: none */
	struct secret code;            /* that stood behind it */
	bool is_code_given;
	bool is_answered; /* a prompt was, so the password was not refused */
	struct extauth_error unanswered; /* why a prompt was not, "" if none */
};

/* Fills `*ret_factor` by the section of the service, NULL if it has none. Ended
 * by pam_factor_clear. */
void pam_factor_begin(const struct pam_call *call,
    const struct config_service *rules, struct pam_factor *ret_factor);

/* Notes the password, which is borrowed, and where the service appends codes
 * takes a code off its end: what follows its last comma, if that is 6 to 10
 * digits. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err pam_factor_take(
    struct pam_factor *factor, struct secret *password);

/* The enum login_flags that say what can be done; 0 = no second factor. */
uint32_t pam_factor_flags(const struct pam_factor *factor);

/* Answers a prompt of the provider, as worker_host wants it: by the appended
 * code, once, or by asking the person. A host that cannot ask gives an error,
 * the password or the user's name, none of which is an answer. EXTAUTH_NOTFOUND
 * with the reason in `unanswered`; EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err pam_factor_answer(struct pam_factor *factor,
    const char *text, bool echo, struct secret *ret_answer);

/* Wipes and frees all and leaves {0}. */
void pam_factor_clear(struct pam_factor *factor);

#endif
