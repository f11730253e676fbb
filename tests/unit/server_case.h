/* SPDX-License-Identifier: MIT */
/* A stand-in server: it gives its answers one after the other, and keeps what
 * it was asked.
 * Does not know: what a test expects. */
#ifndef EXTAUTH_SERVER_CASE_H
#define EXTAUTH_SERVER_CASE_H

#include "exchange_case.h"

#define SERVER_CASE_REQUESTS_MAX 6
#define SERVER_CASE_TEXT_BYTES 2048

/* Status 0 is no answer at all, for the reason `body`. */
struct server_answer {
	unsigned status;
	const char *body;
};

struct server_case {
	const struct server_answer *answers; /* the last has body NULL */
	size_t asked;
	size_t passwords; /* how many requests bore one */
	bool is_ntlm;     /* any of them */
	/* As request_render writes it, but not masked. */
	char requests[SERVER_CASE_REQUESTS_MAX][SERVER_CASE_TEXT_BYTES];
	char username[SERVER_CASE_TEXT_BYTES]; /* of HTTP authentication */
	char trace[SERVER_CASE_REQUESTS_MAX * SERVER_CASE_TEXT_BYTES];
	const char *secret; /* no trace may show it */
};

/* Makes a server with those answers; ended by server_case_free. */
struct server_case *server_case_make(const struct server_answer *answers);
void server_case_free(struct server_case *server);

/* Runs the machine against the server; it must not ask for more answers than
 * there are. The outcome is the caller's (login_outcome_clear). */
struct login_outcome server_case_ask(struct server_case *server,
    const struct provider *machine, struct exchange_case *one);

/* The same without a network, to `server->trace` alone. */
struct login_outcome server_case_rehearse(struct server_case *server,
    const struct provider *machine, struct exchange_case *one);

#endif
