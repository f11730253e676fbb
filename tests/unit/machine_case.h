/* SPDX-License-Identifier: MIT */
/* One machine, moved by a test step by step: an answer goes in, the next step
 * can be looked at.
 * Does not know: which machine it is. */
#ifndef EXTAUTH_MACHINE_CASE_H
#define EXTAUTH_MACHINE_CASE_H

#include "exchange_case.h"

#define MACHINE_CASE_TEXT_BYTES 8192

struct machine_case {
	struct exchange_case *one;
	const struct provider *machine;
	struct step step; /* the one that the machine wants now */
	struct extauth_error error;
};

/* Makes a login as exchange_case_make does, with memory for the machine, and
 * does not start it; ended by machine_case_free. */
struct machine_case *machine_case_make(
    const struct provider *machine, const char *keys, const char *password);
void machine_case_free(struct machine_case *it);

/* Each moves the machine on, which must succeed. */
void machine_case_start(struct machine_case *it);
void machine_case_answer(
    struct machine_case *it, unsigned status, const char *body);
void machine_case_event(struct machine_case *it, enum event_kind kind);

/* Moves it on by what it rehearses itself. */
void machine_case_rehearse(struct machine_case *it);

/* Lends what the request that is wanted now holds; "" for what is not there. */
const char *machine_case_url(const struct machine_case *it);
const char *machine_case_body(const struct machine_case *it);
const char *machine_case_header(
    const struct machine_case *it, const char *name);

/* Fails the test unless the step is a verdict of that kind, with `reason` in
 * its reason. */
void machine_case_expect(
    const struct machine_case *it, enum verdict verdict, const char *reason);

/* Fails the test if the trace of the request shows a secret. */
void machine_case_expect_masked(const struct machine_case *it);

/* Writes an id_token with these claims into `text` of MACHINE_CASE_TEXT_BYTES,
 * and the answer of a token endpoint with it. */
void machine_case_id_token(const char *claims, char *text);
void machine_case_tokens(const char *claims, char *text);

/* Moves the machine on by a status 200 with these tokens. */
void machine_case_answer_tokens(struct machine_case *it, const char *claims);

#endif
