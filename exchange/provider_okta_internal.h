/* SPDX-License-Identifier: MIT */
/* What the parts of the Okta machines share.
 * Does not know: other providers. */
#ifndef EXTAUTH_PROVIDER_OKTA_INTERNAL_H
#define EXTAUTH_PROVIDER_OKTA_INTERNAL_H

#include "draft.h"
#include "judge.h"

#define OKTA_URL_BYTES 512
#define OKTA_ID_BYTES 256
#define OKTA_NOTE_BYTES 64
#define OKTA_FACTORS_MAX 8
#define OKTA_CODES_MAX 3
#define OKTA_POLL_MS 4000
#define OKTA_PHONE_MAX_MS 300000 /* how long a person is waited for */

/* What a login waits for: `state` of struct login. */
enum okta_state {
	OKTA_NEW = 0,
	/* okta_api = authn */
	OKTA_AUTHN_SENT,
	OKTA_MENU_SHOWN,
	OKTA_CODE_ASKED,
	OKTA_CODE_SENT,
	OKTA_CHALLENGE_SENT,
	OKTA_NUMBER_SHOWN,
	OKTA_WAITING,
	OKTA_POLL_SENT,
	OKTA_CANCEL_SENT,
	/* okta_api = token */
	OKTA_TOKEN_SENT,
	OKTA_OTP_ASKED,
	OKTA_OTP_SENT,
	OKTA_PUSH_SENT,
	OKTA_PUSH_NUMBER_SHOWN,
	OKTA_PUSH_WAITING,
	OKTA_PUSH_POLL_SENT,
	/* a change */
	OKTA_CHANGE_SENT,
};

enum okta_factor_kind {
	OKTA_FACTOR_CODE = 0, /* an app or a device shows a code */
	OKTA_FACTOR_SENT,     /* Okta sends a code when it is asked to */
	OKTA_FACTOR_PUSH,     /* a request on the phone */
};

/* A factor that can be used here. Static. */
struct okta_factor_rule {
	const char *type;     /* Okta's factorType */
	const char *provider; /* NULL: any */
	const char *word;     /* what a person types to choose it */
	enum okta_factor_kind kind;
	enum phrase code; /* "Code from ..." */
};

struct okta_factor {
	const struct okta_factor_rule *rule;
	char url[OKTA_URL_BYTES]; /* where it is verified */
};

/* The memory of a login. {0} is its beginning. */
struct okta_memory {
	struct secret state_token;
	char user_id[OKTA_ID_BYTES]; /* "" = not told yet */
	char note[OKTA_NOTE_BYTES];  /* for the log of a grant */
	struct okta_factor factors[OKTA_FACTORS_MAX];
	size_t factor_count;
	struct okta_factor *factor; /* the one in use, or NULL */
	unsigned codes;             /* that were sent, or not understood */
	uint32_t waited_ms;
	bool has_skipped;
	bool has_shown_number;
	/* okta_api = token */
	struct secret mfa_token;
	struct secret oob_code;
	uint32_t interval_ms;
	uint32_t expires_ms;
};

/* provider_okta_request */

/* Begins a JSON request to `path` at the organisation. */
struct draft okta_draft(const struct login *login, const char *path);

/* Adds the API token, if there is one, and with it the person's address. */
void okta_trust(struct draft *draft, const struct login *login);

/* The first request: name and password. */
EXTAUTH_CHECKED enum extauth_err okta_authn_step(
    struct login *login, struct step *ret_step, struct extauth_error *error);

/* Begins a JSON request to `url`, or to a path at the organisation, with the
 * state token; and makes one of that alone. */
struct draft okta_state_draft(const struct login *login, const char *url);
EXTAUTH_CHECKED enum extauth_err okta_state_step(const struct login *login,
    const char *url, struct step *ret_step, struct extauth_error *error);

/* Copies the link at `pointer` into `url`; where there is none, `url` stays.
 * Returns false with MISCONFIGURED in `*outcome` if it leads elsewhere. */
bool okta_take_link(const struct login *login, const struct answer *answer,
    const char *pointer, char url[OKTA_URL_BYTES],
    struct login_outcome *outcome);

/* Keeps the state token of an answer. EXTAUTH_NOTFOUND if there is none. */
EXTAUTH_CHECKED enum extauth_err okta_take_state_token(
    struct okta_memory *memory, const struct answer *answer);

/* Wipes what a machine of Okta remembers. */
void okta_forget(void *memory);

/* Appends the answer of a server that has no question left, with `status`. */
EXTAUTH_CHECKED enum extauth_err okta_rehearse_state(
    const struct login *login, const char *status, struct buffer *answer);

/* provider_okta_judge */

/* Judges status and errorCode. Returns false for a 200 that holds a JSON
 * object, true with the verdict in `*outcome` for all else. */
bool okta_judge_error(const struct login *login, const struct answer *answer,
    struct login_outcome *outcome);

/* Judges a `status` of the authentication API that ends a login. */
void okta_judge_state(
    const struct answer *answer, struct login_outcome *outcome);

/* Lends the errorCode if it has the form of one, else "". */
const char *okta_error_code(const struct answer *answer);

/* Checks that the answer is about the asked user, and about the same as the
 * answers before. An answer that names nobody passes unless `is_demanded`.
 * Returns false with the refusal in `*outcome`. */
bool okta_is_asked(struct login *login, const struct answer *answer,
    bool is_demanded, struct login_outcome *outcome);

/* Ends a login with a verdict that is no grant, sorted by the administrator's
 * conditions. Always EXTAUTH_OK. */
enum extauth_err okta_end(const struct login *login,
    const struct answer *answer, struct login_outcome *outcome,
    struct step *ret_step);

/* The same with a plain refusal. */
enum extauth_err okta_refuse(const struct login *login,
    const struct answer *answer, const char *reason, struct step *ret_step);

/* provider_okta_authn */

/* Takes any answer of the authentication API, and goes on from it. */
EXTAUTH_CHECKED enum extauth_err okta_authn_take(struct login *login,
    const struct event *event, struct step *ret_step,
    struct extauth_error *error);
EXTAUTH_CHECKED enum extauth_err okta_authn_judge(struct login *login,
    const struct answer *answer, struct step *ret_step,
    struct extauth_error *error);

/* provider_okta_menu: which factor is used, and its code */

/* MFA_REQUIRED: reads the factors and begins with one, or asks which. */
EXTAUTH_CHECKED enum extauth_err okta_menu_judge(struct login *login,
    const struct answer *answer, struct step *ret_step,
    struct extauth_error *error);

/* Takes the choice, or a code at once. */
EXTAUTH_CHECKED enum extauth_err okta_menu_take(struct login *login,
    const struct event *event, struct step *ret_step,
    struct extauth_error *error);

/* Appends one choice more, behind an "or" if it is not the first. */
EXTAUTH_CHECKED enum extauth_err okta_append_choice(const struct login *login,
    struct buffer *text, enum phrase phrase, const char *word);

/* Tells Okta that the person has given up, and refuses. */
EXTAUTH_CHECKED enum extauth_err okta_cancel(
    struct login *login, struct step *ret_step, struct extauth_error *error);
EXTAUTH_CHECKED enum extauth_err okta_cancelled(struct login *login,
    const struct event *event, struct step *ret_step,
    struct extauth_error *error);

/* provider_okta_ask: what a person is asked, and what he typed */

/* Asks for the code of the factor in use; `prefix` says what was wrong. */
EXTAUTH_CHECKED enum extauth_err okta_ask_code(
    struct login *login, enum phrase prefix, struct step *ret_step);

/* Asks for `number` to be chosen on the phone; refuses if it is no number of at
 * most 8 digits. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err okta_ask_number(const struct login *login,
    const struct answer *answer, const char *number, struct step *ret_step);

/* Makes a code, or a word, of what was typed: blanks are no part of it.
 * EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err okta_read_code(
    const struct secret *typed, struct secret *ret_code);

/* Tells whether what was typed is `word`, in any case. */
bool okta_is_word(const struct secret *code, const char *word);

/* provider_okta_factor: the factor in use */

/* MFA_CHALLENGE: what has come of the factor. */
EXTAUTH_CHECKED enum extauth_err okta_factor_judge(struct login *login,
    const struct answer *answer, struct step *ret_step,
    struct extauth_error *error);

/* Asks Okta to send the code, or the request to the phone. */
EXTAUTH_CHECKED enum extauth_err okta_factor_challenge(
    struct login *login, struct step *ret_step, struct extauth_error *error);

/* Sends the code. */
EXTAUTH_CHECKED enum extauth_err okta_factor_verify(struct login *login,
    const struct secret *code, struct step *ret_step,
    struct extauth_error *error);

/* Take what was typed, and the answers to a code and to a challenge. */
EXTAUTH_CHECKED enum extauth_err okta_factor_take_code(struct login *login,
    const struct event *event, struct step *ret_step,
    struct extauth_error *error);
EXTAUTH_CHECKED enum extauth_err okta_factor_take_verified(struct login *login,
    const struct event *event, struct step *ret_step,
    struct extauth_error *error);
EXTAUTH_CHECKED enum extauth_err okta_factor_take_challenged(
    struct login *login, const struct event *event, struct step *ret_step,
    struct extauth_error *error);

/* Asks what the person has done on the phone. */
EXTAUTH_CHECKED enum extauth_err okta_factor_poll(struct login *login,
    const struct event *event, struct step *ret_step,
    struct extauth_error *error);

/* provider_okta_token, provider_okta_direct */

/* Asks for tokens with name and password. */
EXTAUTH_CHECKED enum extauth_err okta_token_start(
    struct login *login, struct step *ret_step, struct extauth_error *error);

/* Takes the answer to the password; and judges one that is to be the last. */
EXTAUTH_CHECKED enum extauth_err okta_token_take(struct login *login,
    const struct event *event, struct step *ret_step,
    struct extauth_error *error);
EXTAUTH_CHECKED enum extauth_err okta_token_judge(const struct login *login,
    const struct answer *answer, struct step *ret_step);

/* 403 mfa_required: begins with a factor, or asks which. */
EXTAUTH_CHECKED enum extauth_err okta_direct_judge(struct login *login,
    const struct answer *answer, struct step *ret_step,
    struct extauth_error *error);

/* Take what was typed, and the answers to a code, a challenge and a poll. */
EXTAUTH_CHECKED enum extauth_err okta_direct_take_choice(struct login *login,
    const struct event *event, struct step *ret_step,
    struct extauth_error *error);
EXTAUTH_CHECKED enum extauth_err okta_direct_take_otp(struct login *login,
    const struct event *event, struct step *ret_step,
    struct extauth_error *error);
EXTAUTH_CHECKED enum extauth_err okta_direct_take_push(struct login *login,
    const struct event *event, struct step *ret_step,
    struct extauth_error *error);
EXTAUTH_CHECKED enum extauth_err okta_direct_take_poll(struct login *login,
    const struct event *event, struct step *ret_step,
    struct extauth_error *error);

/* Asks what the person has done on the phone. */
EXTAUTH_CHECKED enum extauth_err okta_direct_poll(struct login *login,
    const struct event *event, struct step *ret_step,
    struct extauth_error *error);

#endif
