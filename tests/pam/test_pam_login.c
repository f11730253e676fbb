/* SPDX-License-Identifier: MIT */
/* A login from the password on, with a stand-in for the worker that says what
 * the test wants. Through the real libpam. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "paths.h"
#include "place.h"
#include "suite.h"

#define MESSAGE_UNAVAILABLE                                                    \
	"error: The sign-in service cannot be reached. Local accounts still "  \
	"work.\n"

static long
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static const struct {
	const char *verdict;
	int code;
} verdicts[] = {
    {"rejected", PAM_AUTH_ERR},
    {"accepted", PAM_SUCCESS},
    {"expired", PAM_AUTH_ERR},
    {"locked", PAM_AUTH_ERR},
    {"second_factor_needed", PAM_AUTH_ERR},
    {"denied_by_policy", PAM_AUTH_ERR},
    {"throttled", PAM_MAXTRIES},
    {"unavailable", PAM_AUTHINFO_UNAVAIL},
    {"misconfigured", PAM_AUTHINFO_UNAVAIL},
};

START_TEST(each_verdict_has_its_code_and_its_log_line)
{
	char script[128];
	char line[128];
	size_t number;

	for (number = 0; number < sizeof(verdicts) / sizeof(verdicts[0]);
	     number++) {
		struct host host = {.user = "alice",
		    .password = "secret",
		    .rhost = "192.0.2.7"};

		place_reset();
		(void)snprintf(script, sizeof(script),
		    "http 299\nreason a \"reason\"\nverdict %s\n",
		    verdicts[number].verdict);
		(void)snprintf(line, sizeof(line),
		    "result=%s user=alice provider=main rhost=192.0.2.7 "
		    "http=299 ms=",
		    verdicts[number].verdict);
		place_script(script);
		ck_assert_int_eq(
		    host_authenticate(&host), verdicts[number].code);
		ck_assert_ptr_nonnull(strstr(place_log(), line));
		ck_assert_ptr_nonnull(
		    strstr(place_log(), "reason=\"a 'reason'\""));
		ck_assert_ptr_null(strstr(place_log(), "secret"));
	}
}
END_TEST

START_TEST(the_worker_is_told_the_facts)
{
	struct host host = {.user = "alice",
	    .password = " pass word",
	    .service = "sshd",
	    .rhost = "192.0.2.7",
	    .tty = "ssh"};

	place_script("verdict accepted\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_SUCCESS);
	ck_assert_ptr_nonnull(strstr(place_record(),
	    "LOGIN user=alice uid=2000200001 email=alice@example.com "
	    "provider=main service=sshd rhost=192.0.2.7 tty=ssh "
	    "name=192.0.2.7 ip=192.0.2.7 "
	    "config=/etc/extauth/extauth.conf\npassword= pass word\n"));
}
END_TEST

START_TEST(linked_user_and_e_mail_name_log_in)
{
	struct host host = {.user = "bob", .password = "secret"};

	place_script("verdict accepted\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_SUCCESS);
	ck_assert_ptr_nonnull(strstr(place_record(), "email=bob@example.com"));
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
		    place_requests("LOGIN"), number == 1024 ? 1 : 0);
	}
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
	ck_assert_int_eq(place_requests("LOGIN"), 1);
}
END_TEST

#define TIMED_LOGINS 21

static int
compare(const void *one, const void *other)
{
	const long difference = *(const long *)one - *(const long *)other;

	return difference < 0 ? -1 : difference > 0;
}

static long
median_ms(const char *user)
{
	long times[TIMED_LOGINS];
	int number;

	for (number = 0; number < TIMED_LOGINS; number++) {
		char password[16];
		struct host host = {.user = user, .password = password};
		const long start = now_ms();

		(void)snprintf(password, sizeof(password), "pw%d", number);
		ck_assert_int_ne(host_authenticate(&host), PAM_SUCCESS);
		times[number] = now_ms() - start;
	}
	qsort(times, TIMED_LOGINS, sizeof(times[0]), compare);
	return times[TIMED_LOGINS / 2];
}

START_TEST(refusals_take_the_same_time)
{
	const long wrong = median_ms("alice");

	ck_assert_int_ge(wrong, 100);
	ck_assert_int_le(labs(median_ms("dora") - wrong), 5);
	ck_assert_int_le(labs(median_ms("nosuchuser") - wrong), 5);
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
	ck_assert_int_eq(place_requests("LOGIN"), 0);
}
END_TEST

START_TEST(worker_that_gives_no_verdict_is_no_refusal)
{
	struct host host = {.user = "alice", .password = "secret"};

	place_script("die\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_SYSTEM_ERR);
	place_script("hang\n");
	host.shown[0] = '\0';
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTHINFO_UNAVAIL);
	ck_assert_ptr_nonnull(strstr(host.shown, MESSAGE_UNAVAILABLE));
	ck_assert_ptr_nonnull(
	    strstr(place_log(), "result=unavailable user=alice"));
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
	ck_assert_int_eq(place_requests("LOGIN"), 5);
	ck_assert_ptr_nonnull(
	    strstr(place_log(), "result=throttled_locally user=alice"));
}
END_TEST

START_TEST(the_same_wrong_password_is_sent_once)
{
	struct host host = {.user = "alice", .password = "wrong"};

	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	ck_assert_int_eq(place_requests("LOGIN"), 1);
	ck_assert_ptr_nonnull(
	    strstr(place_log(), "result=repeated user=alice"));
}
END_TEST

START_TEST(forced_provider_that_is_not_there_is_a_configuration_error)
{
	struct host host = {
	    .user = "alice", .password = "secret", .options = "provider=other"};

	ck_assert_int_eq(host_authenticate(&host), PAM_SERVICE_ERR);
	ck_assert_int_eq(place_requests("LOGIN"), 0);
}
END_TEST

START_TEST(tls_trouble_is_logged_with_its_reason)
{
	struct host host = {.user = "alice", .password = "secret"};

	place_script("tls expired 2026-11-20 cn=id.example.com\n"
		     "verdict unavailable\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTHINFO_UNAVAIL);
	ck_assert_ptr_nonnull(strstr(
	    place_log(), "tls=\"expired 2026-11-20 cn=id.example.com\""));
}
END_TEST

START_TEST(hostile_rhost_cannot_forge_the_log)
{
	struct host host = {.user = "alice",
	    .password = "secret",
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
	place_script("verdict accepted\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_SUCCESS);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    each_verdict_has_its_code_and_its_log_line,
	    the_worker_is_told_the_facts,
	    linked_user_and_e_mail_name_log_in,
	    password_that_cannot_be_one_is_never_sent,
	    refused_and_unknown_see_what_a_wrong_password_sees,
	    refusals_take_the_same_time,
	    local_names_are_not_asked_and_not_delayed,
	    worker_that_gives_no_verdict_is_no_refusal,
	    six_wrong_passwords_are_five_requests,
	    the_same_wrong_password_is_sent_once,
	    forced_provider_that_is_not_there_is_a_configuration_error,
	    tls_trouble_is_logged_with_its_reason,
	    hostile_rhost_cannot_forge_the_log,
	    environment_of_the_host_has_no_say,
	    NULL,
	};

	return suite_run("pam_login", tests);
}
