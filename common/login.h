/* SPDX-License-Identifier: MIT */
/* One login as it is told to extauth-exchange, and what comes of it.
 * Does not know: how it is carried out. */
#ifndef EXTAUTH_LOGIN_H
#define EXTAUTH_LOGIN_H

#include <limits.h>

#include "device.h"
#include "frame.h"
#include "phrase.h"
#include "secret.h"
#include "verdict.h"

#define LOGIN_MESSAGE_MAX_BYTES 255
#define LOGIN_REQUEST_ID_BYTES 8

enum login_flags {
	LOGIN_TRACE = 1,   /* send TRACE frames */
	LOGIN_DRY_RUN = 2, /* build the requests and trace them; send nothing */
	/* What the host can do for a second factor; without any of these none
	 * is to be tried. */
	LOGIN_CAN_ASK = 4,  /* a PROMPT reaches the person */
	LOGIN_HAS_CODE = 8, /* one PROMPT is answered: by a code typed before */
	LOGIN_CAN_WAIT = 16, /* the person may be waited for */
};

/* The facts of one login; no secret among them. {0} is none. */
struct login_facts {
	char config_path[PATH_MAX];
	char provider[IDENTITY_TEXT_MAX_BYTES + 1];
	char request_id[LOGIN_REQUEST_ID_BYTES + 1]; /* lower-case hex */
	char username[IDENTITY_TEXT_MAX_BYTES + 1];
	char email[IDENTITY_TEXT_MAX_BYTES + 1];
	char external_id[IDENTITY_TEXT_MAX_BYTES + 1];
	char service[IDENTITY_TEXT_MAX_BYTES + 1];
	uint32_t uid;
	uint32_t flags;
	uint32_t login_deadline_ms;
	uint32_t person_deadline_ms;
	struct device device;
	char phrases[PHRASES_MAX_BYTES]; /* for the person; "" = English */
};

/* What came of it. {0} is a refusal. */
struct login_outcome {
	enum verdict verdict;
	uint32_t http_status; /* 0 = no answer */
	uint32_t duration_ms; /* from start to verdict, by the host's clock */
	char reason[LOGIN_MESSAGE_MAX_BYTES + 1];  /* for the log, printable */
	char message[LOGIN_MESSAGE_MAX_BYTES + 1]; /* for the person, or "" */
	char tls[LOGIN_MESSAGE_MAX_BYTES + 1];     /* why TLS failed, or "" */
	struct secret token; /* for the session; with ACCEPTED only */
};

/* Wipes and frees the token and leaves {0}. NULL is allowed. */
void login_outcome_clear(struct login_outcome *outcome);

#define cleanup_outcome __attribute__((cleanup(login_outcome_clear)))

/* The passwords of one job, borrowed; NULL: none. {0} is none at all. */
struct login_passwords {
	const struct secret *password;
	const struct secret *new_password; /* CHANGE only */
};

/* Writes facts, nonce and passwords as a frame of `type` (LOGIN, FORGOT, PROBE
 * or CHANGE). `*ret_frame` is the caller's (frame_clear). EXTAUTH_TOOBIG,
 * EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err login_to_frame(enum frame_type type,
    const struct login_facts *facts, const char nonce[FRAME_NONCE_BYTES],
    const struct login_passwords *passwords, struct frame *ret_frame);

/* Reads such a frame. Both secrets are the caller's and empty where the frame
 * has none. EXTAUTH_INVALID for a missing or wrong field, and for a CHANGE
 * without a new password; EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err login_from_frame(const struct frame *frame,
    struct login_facts *ret_facts, char ret_nonce[FRAME_NONCE_BYTES],
    struct secret *ret_password, struct secret *ret_new_password);

/* Writes and reads the VERDICT frame. A token is written and read with ACCEPTED
 * only. Reading believes only a frame with this nonce and a known verdict, and
 * makes its texts printable; `*ret_outcome` is then the caller's
 * (login_outcome_clear). Else EXTAUTH_INVALID; EXTAUTH_TOOBIG, EXTAUTH_NOMEM.
 */
EXTAUTH_CHECKED enum extauth_err login_outcome_to_frame(
    const struct login_outcome *outcome, const char nonce[FRAME_NONCE_BYTES],
    struct frame *ret_frame);
EXTAUTH_CHECKED enum extauth_err login_outcome_from_frame(
    const struct frame *frame, const char nonce[FRAME_NONCE_BYTES],
    struct login_outcome *ret_outcome);

/* Fills request_id with random hex digits, from getrandom(2). */
void login_make_request_id(struct login_facts *facts);

/* Makes '?' of each byte of a control character that is not one of `keep`, of
 * what hides or turns text, and of what is not UTF-8, in place: what the worker
 * says goes to terminals. An end that was cut within a character goes. */
void login_make_printable(char *text, const char *keep);

/* Makes '?' of each byte that is not printable ASCII, in place: for the log. */
void login_make_plain(char *text);

#endif
