/* SPDX-License-Identifier: MIT */
/* A login from the password on. Through the real libpam, the real
 * extauth-exchange and the real test service over TLS. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "paths.h"
#include "place.h"
#include "real_service.h"
#include "suite.h"

static long
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
prepare(void)
{
	real_service_use("", REAL_SERVICE_LOGIN);
}

START_TEST(the_service_is_told_the_facts)
{
	struct host host = {.user = "alice",
	    .password = " pass word",
	    .service = "sshd",
	    .rhost = "192.0.2.7",
	    .tty = "ssh"};

	real_service_use("",
	    REAL_SERVICE_LOGIN
	    "body = {\"email\": \"{{USEREMAIL}}\",\n"
	    "  \"password\": \"{{USERPASSWORD}}\",\n"
	    "  \"facts\": \"{{USERID}} {{USERNAME}} {{SERVICE}} {{RHOST}} "
	    "{{TTY}} {{DEVICENAME}} {{DEVICEIP}}\"}\n");
	real_service_add_account("alice@example.com: pass word");
	ck_assert_int_eq(host_authenticate(&host), PAM_SUCCESS);
	ck_assert_int_eq(real_service_saw("\" pass word\""), 1);
	ck_assert_int_eq(real_service_saw("\"2000200001 alice sshd 192.0.2.7 "
					  "ssh 192.0.2.7 192.0.2.7\""),
	    1);
}
END_TEST

START_TEST(linked_user_and_e_mail_name_log_in)
{
	struct host host = {.user = "bob", .password = "secret"};

	ck_assert_int_eq(host_authenticate(&host), PAM_SUCCESS);
	ck_assert_int_eq(real_service_saw("\"bob@example.com\""), 1);
	host = (struct host){.user = "eva@example.com", .password = "secret"};
	ck_assert_int_eq(host_authenticate(&host), PAM_SUCCESS);
}
END_TEST

static const char *const silent_refusals[] = {
    "", " ", "\b\n\r\177INCORRECT", "a\tb", "\001", "a\177"};

START_TEST(password_that_cannot_be_one_is_never_sent)
{
	char longest[1026];
	size_t number;

	for (number = 0; number < 6; number++) {
		struct host host = {
		    .user = "alice", .password = silent_refusals[number]};

		ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	}
	memset(longest, 'x', sizeof(longest));
	for (number = 1025; number > 1023; number--) {
		struct host host = {.user = "alice", .password = longest};

		longest[number] = '\0';
		ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
		ck_assert_int_eq(
		    real_service_requests(), number == 1024 ? 1 : 0);
	}
}
END_TEST

/* Where it was typed, with either flag: at us, or at a module before us that
 * lets in who has none. */
static const struct host nothing_typed[] = {
    {.user = "alice"},
    {.user = "alice", .flags = PAM_DISALLOW_NULL_AUTHTOK},
    {.user = "alice",
	.before = "auth optional pam_unix.so nullok nodelay",
	.options = "use_first_pass"},
    {.user = "alice",
	.before = "auth optional pam_unix.so nullok nodelay",
	.options = "use_first_pass",
	.flags = PAM_DISALLOW_NULL_AUTHTOK},
};

START_TEST(password_of_nothing_is_refused_whoever_allows_none)
{
	static const char *const passwords[] = {"", " ", "      "};
	size_t row;
	size_t number;

	for (row = 0; row < sizeof(nothing_typed) / sizeof(struct host); row++)
		for (number = 0; number < 3; number++) {
			struct host host = nothing_typed[row];

			host.password = passwords[number];
			ck_assert_int_eq(
			    host_authenticate(&host), PAM_AUTH_ERR);
			ck_assert_int_eq(host.hidden_prompts, 1);
		}
	ck_assert_int_eq(real_service_requests(), 0);
}
END_TEST

/* Each that is no longer arrives byte for byte: tests/e2e/encoding.py. */
START_TEST(password_beyond_the_limit_is_never_sent_however_long_it_is)
{
	static char longest[131074];
	struct host host = {.user = "alice", .password = longest};
	size_t power;
	size_t length;

	for (power = 1024; power <= 131072; power *= 2)
		for (length = power - 1; length <= power + 1; length++) {
			memset(longest, 'x', length);
			longest[length] = '\0';
			ck_assert_int_eq(
			    host_authenticate(&host), PAM_AUTH_ERR);
			ck_assert_int_eq(
			    real_service_requests(), length < 1024 ? 1 : 2);
		}
}
END_TEST

/* What a grant needs; a row of the table has some of these. */
enum {
	HAS_STATUS = 1,
	HAS_CONDITION = 2,
	HAS_IDENTITY = 4,
	HAS_NONCE = 8,
	HAS_END = 16,
	HAS_ALL = 31,
};

/* The real worker asks the real service; what it says goes through a relay. */
static int
code_of_row(unsigned row)
{
	char password[16];
	char path[128];
	char script[32];
	struct host host = {.user = "alice", .password = password};

	(void)snprintf(password, sizeof(password), "pass%u", row);
	(void)snprintf(path, sizeof(path),
	    "/say/%d/{\"status\":\"%s\",\"name\":\"%s\"}",
	    (row & HAS_STATUS) != 0 ? 200 : 401,
	    (row & HAS_CONDITION) != 0 ? "active" : "passive",
	    (row & HAS_IDENTITY) != 0 ? "alice" : "alicia");
	(void)snprintf(script, sizeof(script), "%s %s\n",
	    (row & HAS_NONCE) != 0 ? "" : "nonce",
	    (row & HAS_END) != 0 ? "" : "end");
	real_service_answer(path);
	place_script(script);
	return host_authenticate(&host);
}

static int
expected_of_row(unsigned row)
{
	if ((row & HAS_NONCE) == 0 || (row & HAS_END) == 0)
		return PAM_SYSTEM_ERR;
	return row == HAS_ALL ? PAM_SUCCESS : PAM_AUTH_ERR;
}

START_TEST(one_row_of_the_truth_table_is_a_grant)
{
	unsigned grants = 0;
	unsigned row;

	real_service_use("max_failures = 0\n",
	    REAL_SERVICE_LOGIN "accept_if = /status == \"active\"\n"
			       "identity = /name\n"
			       "identity_is = name\n");
	place_install_worker(RELAY_WORKER);
	for (row = 0; row <= HAS_ALL; row++) {
		const int code = code_of_row(row);

		ck_assert_msg(code == expected_of_row(row), "row %u: %d: %s",
		    row, code, place_log());
		grants += code == PAM_SUCCESS;
	}
	ck_assert_uint_eq(grants, 1);
	ck_assert_int_eq(real_service_requests(), HAS_ALL + 1);
}
END_TEST

/* Who gets no request, and what he gets. */
static const struct {
	const char *user;
	int code;
	const char *result;
} refused[] = {
    {"dora", PAM_AUTH_ERR, "result=disabled user=dora"},
    {"paula", PAM_AUTH_ERR, "result=past_not_after user=paula"},
    {"nosuchuser", PAM_USER_UNKNOWN, "result=unknown user=nosuchuser"},
    {"no@example.com", PAM_USER_UNKNOWN, "result=unknown user=no@example.com"},
};

START_TEST(refused_and_unknown_see_what_a_wrong_password_sees)
{
	struct host wrong = {.user = "alice", .password = "wrong"};
	size_t number;

	ck_assert_int_eq(host_authenticate(&wrong), PAM_AUTH_ERR);
	for (number = 0; number < sizeof(refused) / sizeof(refused[0]);
	     number++) {
		struct host host = {
		    .user = refused[number].user, .password = "wrong"};
		const long start = now_ms();

		ck_assert_int_eq(
		    host_authenticate(&host), refused[number].code);
		ck_assert_int_ge(now_ms() - start, 100);
		ck_assert_str_eq(host.shown, wrong.shown);
		ck_assert_ptr_nonnull(
		    strstr(place_log(), refused[number].result));
	}
	ck_assert_int_eq(real_service_requests(), 1);
}
END_TEST

static const char timed_config[] = "[extauth]\n"
				   "default_provider = main\n"
				   "failure_delay = 250ms\n"
				   "max_failures = 0\n"
				   "[provider main]\n"
				   "type = rest\n" REAL_SERVICE_LOGIN;

static long
time_of_refusal(const char *user, int round)
{
	char password[16];
	struct host host = {.user = user, .password = password};
	const long start = now_ms();

	(void)snprintf(password, sizeof(password), "pw%d", round);
	ck_assert_int_ne(host_authenticate(&host), PAM_SUCCESS);
	return now_ms() - start;
}

/* That all take the same time is measured in tests/e2e/timing.py. */
START_TEST(no_refusal_is_told_before_failure_delay)
{
	place_write(EXTAUTH_CONFIG_PATH, timed_config, 0644);
	ck_assert_int_ge(time_of_refusal("alice", 1), 250);
	ck_assert_int_ge(time_of_refusal("dora", 1), 250);
	ck_assert_int_ge(time_of_refusal("nosuchuser", 1), 250);
	ck_assert_int_eq(real_service_requests(), 1);
}
END_TEST

START_TEST(local_names_are_not_asked_and_not_delayed)
{
	static const char *const names[] = {
	    "root", "toor", "lucy", "carl", "lena", "Alice", "a b"};
	size_t number;

	for (number = 0; number < sizeof(names) / sizeof(names[0]); number++) {
		struct host host = {.user = names[number], .password = "x"};
		const long start = now_ms();

		ck_assert_int_eq(host_authenticate(&host), PAM_USER_UNKNOWN);
		ck_assert_int_lt(now_ms() - start, 90);
		ck_assert_str_eq(host.shown, "");
	}
	ck_assert_int_eq(real_service_requests(), 0);
}
END_TEST

START_TEST(six_wrong_passwords_are_five_requests)
{
	char password[2] = "a";
	int number;

	for (number = 0; number < 6; number++) {
		struct host host = {.user = "alice", .password = password};

		ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
		password[0]++;
	}
	ck_assert_int_eq(real_service_requests(), 5);
	ck_assert_ptr_nonnull(
	    strstr(place_log(), "result=throttled_locally user=alice"));
}
END_TEST

START_TEST(the_same_wrong_password_is_sent_once)
{
	struct host host = {.user = "alice", .password = "wrong"};

	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	ck_assert_int_eq(real_service_requests(), 1);
	ck_assert_ptr_nonnull(
	    strstr(place_log(), "result=repeated user=alice"));
}
END_TEST

START_TEST(forced_provider_that_is_not_there_is_a_configuration_error)
{
	struct host host = {
	    .user = "alice", .password = "secret", .options = "provider=other"};

	ck_assert_int_eq(host_authenticate(&host), PAM_SERVICE_ERR);
	ck_assert_int_eq(real_service_requests(), 0);
}
END_TEST

#define WRONG_HOST "tls=\"wrong-host cn=DNS:id.example.com\""

START_TEST(tls_trouble_is_logged_with_its_reason)
{
	struct host host = {.user = "alice", .password = "secret"};

	place_append("/etc/hosts", "127.0.0.1 wrong.example.com\n");
	real_service_use("", "url = https://wrong.example.com:8443/login\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTHINFO_UNAVAIL);
	ck_assert_msg(
	    strstr(place_log(), WRONG_HOST) != NULL, "%s", place_log());
	ck_assert_int_eq(real_service_requests(), 0);
}
END_TEST

START_TEST(hostile_rhost_cannot_forge_the_log)
{
	struct host host = {.user = "alice",
	    .password = "wrong",
	    .rhost = "a\" result=accepted\nb"};

	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	ck_assert_ptr_nonnull(
	    strstr(place_log(), "rhost=\"a' result=accepted?b\" "));
}
END_TEST

START_TEST(environment_of_the_host_has_no_say)
{
	struct host host = {.user = "alice", .password = "secret"};

	ck_assert_int_eq(setenv("EXTAUTH_CONFIG", "/nowhere", 1), 0);
	ck_assert_int_eq(setenv("LC_ALL", "tr_TR.UTF-8", 1), 0);
	ck_assert_int_eq(host_authenticate(&host), PAM_SUCCESS);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    the_service_is_told_the_facts,
	    linked_user_and_e_mail_name_log_in,
	    password_that_cannot_be_one_is_never_sent,
	    password_of_nothing_is_refused_whoever_allows_none,
	    password_beyond_the_limit_is_never_sent_however_long_it_is,
	    one_row_of_the_truth_table_is_a_grant,
	    refused_and_unknown_see_what_a_wrong_password_sees,
	    no_refusal_is_told_before_failure_delay,
	    local_names_are_not_asked_and_not_delayed,
	    six_wrong_passwords_are_five_requests,
	    the_same_wrong_password_is_sent_once,
	    forced_provider_that_is_not_there_is_a_configuration_error,
	    tls_trouble_is_logged_with_its_reason,
	    hostile_rhost_cannot_forge_the_log,
	    environment_of_the_host_has_no_say,
	    NULL,
	};

	return suite_run_served("pam_login", tests, prepare);
}
