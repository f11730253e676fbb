/* SPDX-License-Identifier: MIT */
#include "host_check.h"

#include <check.h>
#include <syslog.h>

#include "host.h"
#include "host_state.h"
#include "place.h"
#include "real_service.h"

void
host_check_prepare(void)
{
	real_service_use("max_failures = 0\n", REAL_SERVICE_LOGIN);
	/* The socket of syslog(3) is the C library's. */
	openlog(NULL, LOG_NDELAY, LOG_AUTH);
}

static void
check_code(int code, int expected)
{
	if (code != expected)
		ck_abort_msg("%s, not %s: %s", pam_strerror(NULL, code),
		    pam_strerror(NULL, expected), place_log());
}

void
host_check_login(void)
{
	static struct host_state before;
	static struct host_state after;
	struct host host = {.user = "alice", .password = "wrong"};
	const char *change;

	host_state_read(&before);
	check_code(host_authenticate(&host), PAM_AUTH_ERR);
	host.password = "secret";
	check_code(host_authenticate(&host), PAM_SUCCESS);
	check_code(host_account(&host), PAM_SUCCESS);
	host_state_read(&after);
	change = host_state_change(&before, &after);
	ck_assert_msg(change == NULL, "changed: %s", change);
	ck_assert_int_eq(real_service_requests(), 2);
}
