/* SPDX-License-Identifier: MIT */
/* What the tests of the exchange share: a provider made from configuration
 * text, and the values of one login.
 * Does not know: which machine is tested. */
#ifndef EXTAUTH_EXCHANGE_CASE_H
#define EXTAUTH_EXCHANGE_CASE_H

#include "machine.h"
#include "values.h"

/* {0} is none. */
struct exchange_case {
	struct config config;
	const struct config_provider *provider;
	struct login_facts facts;
	struct secret password;
	struct values values;
	struct login login;
};

/* Makes a login of alice@example.com with `password` at provider main, whose
 * section has the lines of `keys`; ended by exchange_case_free. Fails the test
 * on a bad configuration. */
struct exchange_case *exchange_case_make(
    const char *keys, const char *password);
void exchange_case_free(struct exchange_case *one);

#endif
