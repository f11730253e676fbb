/* SPDX-License-Identifier: MIT */
/* What the tests of Aptify's machine share: a configuration, a login, and good
 * answers.
 * Does not know: what a test expects. */
#ifndef EXTAUTH_APTIFY_CASE_H
#define EXTAUTH_APTIFY_CASE_H

#include "server_case.h"

#define APTIFY_BASE "https://h.example/AptifyServicesAPI/services"
#define APTIFY_KEYS(login_provider)                                            \
	"type = aptify\nurl = " APTIFY_BASE                                    \
	"\nlogin_provider = " login_provider "\n"
#define APTIFY APTIFY_KEYS("Web")

#define ALICE                                                                  \
	"\"UserName\":\"alice@example.com\",\"Email\":\"alice@example.com\""
#define MALLORY                                                                \
	"\"UserName\":\"mallory@example.com\",\"Email\":\"mallory@example."    \
	"com\""
/* What the login answers, with `who` and `more`. */
#define LOGGED_IN(who, more)                                                   \
	"{\"UserId\":1," who                                                   \
	",\"LinkId\":2,\"CompanyId\":3,\"TokenId\":\"T-1\"" more "}"
#define CONFIRMED(who) "{\"result\":\"ok\",\"userInfo\":{" who "}}"

#define LOGIN_ANSWER                                                           \
	{                                                                      \
		200, LOGGED_IN(ALICE, "")                                      \
	}
#define INFORMATION_ANSWER                                                     \
	{                                                                      \
		200, CONFIRMED("\"UserId\":1," ALICE)                          \
	}
#define LOGOUT_ANSWER                                                          \
	{                                                                      \
		200, "{\"result\":\"ok\"}"                                     \
	}
#define NO_ANSWER                                                              \
	{                                                                      \
		0, NULL                                                        \
	}

/* The answer to one request, and what is to come of it. */
struct aptify_case {
	unsigned status;
	const char *body;
	enum verdict verdict;
	const char *reason;
};

/* Runs the machine with the lines of `keys`; `external_id` is the user's. */
struct login_outcome aptify_case_ask(
    const char *keys, const char *external_id, struct server_case *server);

/* Fails the test if the outcome of a request is not that of the case. */
void aptify_case_check(
    const struct aptify_case *one, const struct login_outcome *outcome);

#endif
