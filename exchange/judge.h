/* SPDX-License-Identifier: MIT */
/* What all machines say of an answer in the same way: its status where nothing
 * better is there, and the conditions of the configuration.
 * Does not know: any provider's own codes. */
#ifndef EXTAUTH_JUDGE_H
#define EXTAUTH_JUDGE_H

#include "json.h"
#include "machine.h"

/* An answer and what could be read of it. {0} is none. */
struct answer {
	unsigned status;
	bool is_json;
	struct json json; /* where is_json */
	const struct response *response;
};

/* Reads the body of a response as JSON; that it is none is no error.
 * `*ret_answer` borrows the response and is the caller's (answer_clear).
 * EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err answer_read(
    const struct response *response, struct answer *ret_answer);

/* The same for the response of an event. Where there is none, makes `*ret_step`
 * the verdict that follows, and leaves `ret_answer->response` NULL. */
EXTAUTH_CHECKED enum extauth_err answer_take(const struct event *event,
    struct answer *ret_answer, struct step *ret_step);
void answer_clear(struct answer *answer);

#define cleanup_answer __attribute__((cleanup(answer_clear)))

/* Lends the non-empty string at `pointer`, or "". */
const char *answer_text(const struct answer *answer, const char *pointer);

/* Settles what no body can change: 429 THROTTLED with when to come back; 5xx,
 * 407, 408, 425 and what is no status UNAVAILABLE; 3xx, 404, 405, 406, 415
 * MISCONFIGURED. Returns false, with `*outcome` a refusal that holds the status
 * alone, for all others: 1xx, 2xx, and the rest of 4xx. */
bool judge_status(const struct answer *answer, struct login_outcome *outcome);

/* Makes MISCONFIGURED of a refusal: what was asked for by this machine's own
 * right says nothing about a person. */
void judge_blame_client(struct login_outcome *outcome);

/* Says that a reset mail was asked for, or that nobody may know that it was
 * not: a refusal of status 200, which is no grant. Keeps the reason. */
void judge_set_mailed(struct login_outcome *outcome);

/* Takes a server's words out of reason and message where it repeats the
 * password or a secret of the client, and tells whether it does. */
bool judge_hide_secrets(const struct login *login, const struct answer *answer,
    struct login_outcome *outcome);

/* Sorts a refusal, and takes back a grant, by expired_if, locked_if,
 * second_factor_if and unavailable_if of the provider; copies reject_message
 * for what is no grant; hides secrets. */
void judge_conditions(const struct login *login, const struct answer *answer,
    struct login_outcome *outcome);

/* Sets verdict and reason, keeping the status. printf(3). */
void judge_set(struct login_outcome *outcome, enum verdict verdict,
    const char *format, ...) EXTAUTH_PRINTF(3, 4);

#endif
