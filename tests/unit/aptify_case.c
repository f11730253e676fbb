/* SPDX-License-Identifier: MIT */
#include "aptify_case.h"

#include <stdio.h>

#include "provider_aptify.h"
#include "unit.h"

struct login_outcome
aptify_case_ask(
    const char *keys, const char *external_id, struct server_case *server)
{
	struct exchange_case *one = exchange_case_make(keys, "hunter2");
	struct login_outcome outcome;

	(void)snprintf(one->facts.external_id, sizeof(one->facts.external_id),
	    "%s", external_id);
	exchange_case_refill(one);
	server->secret = "T-1";
	outcome = server_case_ask(server, provider_aptify(), one);
	exchange_case_free(one);
	return outcome;
}

void
aptify_case_check(
    const struct aptify_case *one, const struct login_outcome *outcome)
{
	ck_assert_msg(outcome->verdict == one->verdict, "%u %s: %s %s",
	    one->status, one->body, verdict_name(outcome->verdict),
	    outcome->reason);
	ck_assert_str_eq(outcome->reason, one->reason);
	ck_assert_uint_eq(outcome->token.length, 0);
}
