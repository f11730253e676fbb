/* SPDX-License-Identifier: MIT */
/* Each verdict that a server can cause, with its code, its log line and what
 * the person sees. Through the real libpam, the real extauth-exchange and the
 * real test service over TLS. */
#include <stdio.h>
#include <string.h>

#include "host.h"
#include "place.h"
#include "real_service.h"
#include "suite.h"

#define MESSAGE_UNAVAILABLE                                                    \
	"error: The sign-in service cannot be reached. Local accounts still "  \
	"work.\n"

static const char provider[] = REAL_SERVICE_LOGIN REAL_SERVICE_FORGOT
    "accept_if = /status == \"active\"\n"
    "expired_if = /status == \"expired\"\n"
    "locked_if = /status == \"locked\"\n"
    "second_factor_if = /status == \"second factor\"\n"
    "unavailable_if = /status == \"maintenance\"\n";

static void
prepare(void)
{
	real_service_use("max_failures = 0\n", provider);
	real_service_add_account("alice@example.com:pw-expired:expired");
	real_service_add_account("alice@example.com:pw-locked:locked");
	real_service_add_account("alice@example.com:pw-second:second factor");
	real_service_add_account("alice@example.com:pw-down:maintenance");
	real_service_add_account("alice@example.com:pw-other:other");
}

/* What the service says to a password, or to every one on a path. */
static const struct {
	const char *password;
	const char *path;
	int code;
	const char *result;
	unsigned http;
	const char *reason;
} verdicts[] = {
    {"secret", "/login", PAM_SUCCESS, "accepted", 200, ""},
    {"pw-wrong", "/login", PAM_AUTH_ERR, "rejected", 401, ""},
    {"pw-expired", "/login", PAM_AUTH_ERR, "expired", 200, ""},
    {"pw-locked", "/login", PAM_AUTH_ERR, "locked", 200, ""},
    {"pw-second", "/login", PAM_AUTH_ERR, "second_factor_needed", 200, ""},
    {"pw-down", "/login", PAM_AUTHINFO_UNAVAIL, "unavailable", 200, ""},
    {"pw-other", "/login", PAM_AUTH_ERR, "rejected", 200, ""},
    {"pw-1", "/status/403", PAM_AUTH_ERR, "rejected", 403, ""},
    {"pw-2", "/status/201", PAM_AUTH_ERR, "rejected", 201, ""},
    {"pw-3", "/status/302", PAM_AUTHINFO_UNAVAIL, "misconfigured", 302,
	"the URL or method is wrong"},
    {"pw-4", "/status/404", PAM_AUTHINFO_UNAVAIL, "misconfigured", 404,
	"the URL or method is wrong"},
    {"pw-5", "/status/429", PAM_MAXTRIES, "throttled", 429, ""},
    {"pw-6", "/status/503", PAM_AUTHINFO_UNAVAIL, "unavailable", 503, ""},
    {"pw-7", "/garbage", PAM_AUTH_ERR, "rejected", 200, ""},
    {"pw-8", "/empty", PAM_AUTH_ERR, "rejected", 200, ""},
    {"pw-9", "/html", PAM_AUTH_ERR, "rejected", 200, ""},
    {"pw-10", "/close-after-body", PAM_AUTHINFO_UNAVAIL, "unavailable", 0, ""},
};

static void
check_log(size_t at)
{
	const char *log = place_log();
	char line[160];

	(void)snprintf(line, sizeof(line),
	    "result=%s user=alice provider=main rhost=192.0.2.7 http=%u ms=",
	    verdicts[at].result, verdicts[at].http);
	ck_assert_msg(strstr(log, line) != NULL, "no %s in %s", line, log);
	ck_assert_ptr_nonnull(strstr(log, verdicts[at].reason));
	ck_assert_ptr_null(strstr(log, verdicts[at].password));
}

static void
check_verdict(size_t at)
{
	struct host host = {.user = "alice",
	    .password = verdicts[at].password,
	    .rhost = "192.0.2.7"};

	real_service_answer(verdicts[at].path);
	ck_assert_msg(host_authenticate(&host) == verdicts[at].code,
	    "%s %s: %s", verdicts[at].password, verdicts[at].path, place_log());
	check_log(at);
	ck_assert_str_eq(host.shown,
	    verdicts[at].code == PAM_AUTHINFO_UNAVAIL
		? "hidden: Password: \n" MESSAGE_UNAVAILABLE
		: "hidden: Password: \n");
	ck_assert_int_eq(real_service_requests(), 1);
}

START_TEST(each_verdict_has_its_code_its_log_line_and_its_text)
{
	size_t at;

	for (at = 0; at < sizeof(verdicts) / sizeof(verdicts[0]); at++) {
		place_reset();
		prepare();
		check_verdict(at);
	}
}
END_TEST

static const struct {
	const char *user;
	const char *password;
	int code;
	int requests;
} logins[] = {
    {"alice", "secret", PAM_SUCCESS, 1},
    {"bob", "secret", PAM_SUCCESS, 1},
    {"eva@example.com", "secret", PAM_SUCCESS, 1},
    {"alice", "wrong", PAM_AUTH_ERR, 1},
    {"alice", "secret ", PAM_AUTH_ERR, 1},
    {"eva@example.com", "pw-expired", PAM_AUTH_ERR, 1},
    {"alice", "", PAM_AUTH_ERR, 0},
    {"alice", "\b\n\r\177INCORRECT", PAM_AUTH_ERR, 0},
    {"dora", "secret", PAM_AUTH_ERR, 0},
    {"nosuchuser", "secret", PAM_USER_UNKNOWN, 0},
    {"root", "secret", PAM_USER_UNKNOWN, 0},
    {"lucy", "secret", PAM_USER_UNKNOWN, 0},
    {"carl", "secret", PAM_USER_UNKNOWN, 0},
};

START_TEST(the_service_decides_and_sees_each_password_once)
{
	int expected = 0;
	size_t number;

	for (number = 0; number < sizeof(logins) / sizeof(logins[0]);
	     number++) {
		struct host host = {.user = logins[number].user,
		    .password = logins[number].password};

		ck_assert_msg(host_authenticate(&host) == logins[number].code,
		    "%s: %s", logins[number].user, place_log());
		expected += logins[number].requests;
		ck_assert_int_eq(real_service_requests(), expected);
	}
}
END_TEST

START_TEST(service_that_is_down_is_said_to_be)
{
	struct host host = {.user = "alice", .password = "secret"};

	real_service_use("", "url = https://id.example.com:8499/login\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTHINFO_UNAVAIL);
	ck_assert_ptr_nonnull(strstr(host.shown, MESSAGE_UNAVAILABLE));
	ck_assert_ptr_nonnull(strstr(place_log(),
	    "result=unavailable user=alice provider=main rhost=-"));
}
END_TEST

START_TEST(reset_mail_is_one_request_without_the_password)
{
	struct host host = {.user = "alice",
	    .password = "wrong",
	    .answer = "y",
	    .options = "forgot_password"};

	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	ck_assert_int_eq(real_service_requests(), 2);
	ck_assert_int_eq(real_service_saw("/forgot?e=alice%40example.com"), 1);
	ck_assert_int_eq(real_service_saw("wrong"), 1);
	ck_assert_ptr_nonnull(strstr(place_log(),
	    "result=reset_mail_sent user=alice provider=main rhost=- "
	    "http=200"));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    each_verdict_has_its_code_its_log_line_and_its_text,
	    the_service_decides_and_sees_each_password_once,
	    service_that_is_down_is_said_to_be,
	    reset_mail_is_one_request_without_the_password,
	    NULL,
	};

	return suite_run_served("pam_service", tests, prepare);
}
