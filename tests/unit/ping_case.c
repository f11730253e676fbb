/* SPDX-License-Identifier: MIT */
#include "ping_case.h"

#include <stdio.h>

#include "unit.h"

struct login_outcome
ping_case_ask(const struct provider *machine, const char *keys,
    struct server_case *server)
{
	struct exchange_case *one = exchange_case_make(keys, "hunter2");
	struct login_outcome outcome;

	server->secret = "T-1";
	outcome = server_case_ask(server, machine, one);
	exchange_case_free(one);
	return outcome;
}

struct login_outcome
ping_case_ask_as(const struct provider *machine, const char *email,
    const char *external_id, struct server_case *server)
{
	struct exchange_case *one = exchange_case_make(PINGONE, "hunter2");
	struct login_outcome outcome;

	(void)snprintf(one->facts.email, sizeof(one->facts.email), "%s", email);
	(void)snprintf(one->facts.external_id, sizeof(one->facts.external_id),
	    "%s", external_id);
	exchange_case_refill(one);
	outcome = server_case_ask(server, machine, one);
	exchange_case_free(one);
	return outcome;
}

void
ping_case_check(
    const struct ping_case *one, const struct login_outcome *outcome)
{
	ck_assert_msg(outcome->verdict == one->verdict, "%u %s: %s %s",
	    one->status, one->body, verdict_name(outcome->verdict),
	    outcome->reason);
	if (one->reason != NULL)
		ck_assert_str_eq(outcome->reason, one->reason);
}
