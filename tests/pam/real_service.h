/* SPDX-License-Identifier: MIT */
/* The real extauth-exchange and, over TLS, the real test service: what a suite
 * needs that has no part replaced. Only for a private root (tests/enter).
 * Does not know: PAM. */
#ifndef EXTAUTH_TESTS_REAL_SERVICE_H
#define EXTAUTH_TESTS_REAL_SERVICE_H

#include <sys/types.h>

#define REAL_SERVICE_URL "https://id.example.com:8443"
#define REAL_SERVICE_LOGIN "url = " REAL_SERVICE_URL "/login\n"
#define REAL_SERVICE_FORGOT                                                    \
	"forgot_password_url = " REAL_SERVICE_URL "/forgot?e={{USEREMAIL}}\n"

/* Starts the test service and returns when it listens. Once for a suite and
 * before its tests, which fork: so it is no child of the host that is tested.
 * The caller ends it with real_service_stop. */
pid_t real_service_start(void);
void real_service_stop(pid_t service);

/* Puts the real worker in place, behind place_reset, with a configuration of
 * one provider: `settings` are more lines of [extauth], `provider` those of the
 * provider behind its type. Accounts at the service are alice, bob and
 * eva@example.com, with the password "secret". */
void real_service_use(const char *settings, const char *provider);

/* Adds an account: E-MAIL:PASSWORD[:STATUS]. */
void real_service_add_account(const char *line);

/* From now on every request is answered as if it were for this path; see
 * answer.h of the test service. */
void real_service_answer(const char *path);

/* How many requests came in since place_reset. */
int real_service_requests(void);

/* In how many places of them these bytes stand; at most 255. */
int real_service_saw(const char *bytes);

#endif
