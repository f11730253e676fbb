/* SPDX-License-Identifier: MIT */
/* What the tests of PingOne's two machines share: a configuration, a login, and
 * the answers before the one that a test is about.
 * Does not know: what a test expects. */
#ifndef EXTAUTH_PING_CASE_H
#define EXTAUTH_PING_CASE_H

#include "server_case.h"

#define PINGONE                                                                \
	"type = pingone\nenvironment = E\nclient_id = CLIENT\n"                \
	"client_secret_file = /etc/extauth/secrets/ping\n"

#define TOKEN_BODY                                                             \
	"{\"access_token\":\"T-1\",\"token_type\":\"Bearer\",\"expires_in\":"  \
	"3600}"
#define ALICE "\"email\":\"alice@example.com\",\"username\":\"alice\""
#define MALLORY "\"email\":\"mallory@example.com\",\"username\":\"mallory\""
#define USERS(list) "{\"_embedded\":{\"users\":[" list "]},\"count\":1}"
#define USER(id, more) "{\"id\":\"" id "\"," more "}"

#define TOKEN_ANSWER                                                           \
	{                                                                      \
		200, TOKEN_BODY                                                \
	}
#define USER_ANSWER                                                            \
	{                                                                      \
		200, USERS(USER("U", ALICE))                                   \
	}
#define NO_ANSWER                                                              \
	{                                                                      \
		0, NULL                                                        \
	}

/* An error as PingOne writes it. */
#define FAULT(code, detail)                                                    \
	"{\"id\":\"x\",\"code\":\"" code "\",\"message\":\"m\",\"details\":["  \
	"{\"code\":\"" detail                                                  \
	"\",\"target\":\"password\",\"message\":\"d\"}]}"
#define PLAIN_FAULT(code) "{\"id\":\"x\",\"code\":\"" code "\"}"

/* The answer to one request, and what is to come of it. */
struct ping_case {
	unsigned status;
	const char *body;
	enum verdict verdict;
	const char *reason; /* NULL: any */
};

/* Runs a machine with the lines of `keys`, which begin with PINGONE. */
struct login_outcome ping_case_ask(const struct provider *machine,
    const char *keys, struct server_case *server);

/* The same for a user of that e-mail and external id, with PINGONE alone. */
struct login_outcome ping_case_ask_as(const struct provider *machine,
    const char *email, const char *external_id, struct server_case *server);

/* Fails the test if the outcome of a request is not that of the case. */
void ping_case_check(
    const struct ping_case *one, const struct login_outcome *outcome);

#endif
