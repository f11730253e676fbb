/* SPDX-License-Identifier: MIT */
/* What the tests of the exchange share: a provider made from configuration
 * text, and the values of one login.
 * Does not know: which machine is tested. */
#ifndef EXTAUTH_EXCHANGE_CASE_H
#define EXTAUTH_EXCHANGE_CASE_H

#include "machine.h"
#include "values.h"

/* 2026-01-01T00:00:00Z */
#define EXCHANGE_CASE_NOW_S 1767225600

/* {0} is none. */
struct exchange_case {
	struct config config;
	const struct config_provider *provider;
	struct login_facts facts;
	struct secret password;
	struct secret new_password;
	struct secret client_secret; /* "client-secret" */
	struct secret api_token;     /* "api-token" */
	struct values values;
	struct login login;
};

/* Makes a login of alice@example.com with `password` at provider main, whose
 * section has the lines of `keys`; ended by exchange_case_free. Fails the test
 * on a bad configuration. */
struct exchange_case *exchange_case_make(
    const char *keys, const char *password);

/* Makes the login's values anew, after its facts were changed. */
void exchange_case_refill(struct exchange_case *one);

void exchange_case_free(struct exchange_case *one);

#endif
