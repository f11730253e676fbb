/* SPDX-License-Identifier: MIT */
/* One login as it is told to extauth-exchange, and what comes of it.
 * Does not know: how it is carried out. */
#ifndef EXTAUTH_LOGIN_H
#define EXTAUTH_LOGIN_H

#include <limits.h>

#include "device.h"
#include "frame.h"
#include "secret.h"
#include "verdict.h"

#define LOGIN_MESSAGE_MAX_BYTES 255
#define LOGIN_REQUEST_ID_BYTES 8

enum login_flags {
	LOGIN_TRACE = 1,   /* send TRACE frames */
	LOGIN_DRY_RUN = 2, /* build the request and trace it; send nothing */
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
};

/* What came of it. {0} is a refusal. */
struct login_outcome {
	enum verdict verdict;
	uint32_t http_status; /* 0 = no answer */
	uint32_t duration_ms; /* from start to verdict, by the host's clock */
	char reason[LOGIN_MESSAGE_MAX_BYTES + 1];  /* for the log, printable */
	char message[LOGIN_MESSAGE_MAX_BYTES + 1]; /* for the person, or "" */
	char tls[LOGIN_MESSAGE_MAX_BYTES + 1];     /* why TLS failed, or "" */
};

/* Writes facts, nonce and password (NULL: none) as a frame of `type` (LOGIN,
 * FORGOT or PROBE). `*ret_frame` is the caller's (frame_clear). EXTAUTH_TOOBIG,
 * EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err login_to_frame(enum frame_type type,
    const struct login_facts *facts, const char nonce[FRAME_NONCE_BYTES],
    const struct secret *password, struct frame *ret_frame);

/* Reads such a frame. EXTAUTH_INVALID for a missing or wrong field,
 * EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err login_from_frame(const struct frame *frame,
    struct login_facts *ret_facts, char ret_nonce[FRAME_NONCE_BYTES],
    struct secret *ret_password);

/* Writes and reads the VERDICT frame. Reading believes only a frame with this
 * nonce and a known verdict, and makes its texts printable; else
 * EXTAUTH_INVALID. */
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

#endif
