/* SPDX-License-Identifier: MIT */
/* The module with the real extauth-exchange and a real HTTP server. Through the
 * real libpam. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "paths.h"
#include "place.h"
#include "suite.h"

#define SERVICE_USERS "/run/pam-test/service-users"
#define SERVICE_RECORD "/run/pam-test/service-record"
#define SERVICE_CONTROL "/run/pam-test/service-control"

static const char config[] =
    "[extauth]\n"
    "default_provider = main\n"
    "email_login_names = yes\n"
    "failure_delay = 100ms\n"
    "max_failures = 0\n"
    "[provider main]\n"
    "type = rest\n"
    "url = http://127.0.0.1:8480/login\n"
    "insecure_http = yes\n"
    "accept_if = /status == \"active\"\n"
    "expired_if = /status == \"expired\"\n"
    "forgot_password_url = http://127.0.0.1:8480/forgot?e={{USEREMAIL}}\n";

static pid_t
start_service(void)
{
	const struct timespec moment = {.tv_nsec = 300000000};
	const pid_t child = fork();

	if (child == 0) {
		(void)execl(TEST_SERVICE, "extauth-test-service", "--port",
		    "8480", "--users", SERVICE_USERS, "--record",
		    SERVICE_RECORD, "--control", SERVICE_CONTROL, (char *)NULL);
		_exit(127);
	}
	(void)nanosleep(&moment, NULL);
	return child;
}

static void
stop_service(pid_t child)
{
	(void)kill(child, SIGKILL);
	(void)waitpid(child, NULL, 0);
}

/* The requests that the service wrote down, one on each line. */
static int
count_requests(void)
{
	FILE *record = fopen(SERVICE_RECORD, "re");
	int count = 0;
	int byte;

	if (record == NULL)
		return 0;
	while ((byte = getc(record)) != EOF)
		count += byte == '\n';
	(void)fclose(record);
	return count;
}

static void
use_real_worker(void)
{
	place_install_worker(EXCHANGE);
	place_write(EXTAUTH_CONFIG_PATH, config, 0644);
	place_write(SERVICE_USERS,
	    "alice@example.com:secret\nbob@example.com:secret\n"
	    "eva@example.com:secret:expired\n",
	    0644);
}

static const struct {
	const char *user;
	const char *password;
	int code;
	int requests;
} logins[] = {
    {"alice", "secret", PAM_SUCCESS, 1},
    {"bob", "secret", PAM_SUCCESS, 1},
    {"alice", "wrong", PAM_AUTH_ERR, 1},
    {"alice", "secret ", PAM_AUTH_ERR, 1},
    {"eva@example.com", "secret", PAM_AUTH_ERR, 1},
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
	pid_t service;
	size_t number;

	use_real_worker();
	service = start_service();
	for (number = 0; number < sizeof(logins) / sizeof(logins[0]);
	     number++) {
		struct host host = {.user = logins[number].user,
		    .password = logins[number].password};

		ck_assert_msg(host_authenticate(&host) == logins[number].code,
		    "%s: %s", logins[number].user, place_log());
		expected += logins[number].requests;
		ck_assert_int_eq(count_requests(), expected);
	}
	stop_service(service);
}
END_TEST

static const struct {
	const char *answer;
	int code;
} answers[] = {
    {"/accept", PAM_SUCCESS},
    {"/status/401", PAM_AUTH_ERR},
    {"/status/403", PAM_AUTH_ERR},
    {"/status/404", PAM_AUTHINFO_UNAVAIL},
    {"/status/302", PAM_AUTHINFO_UNAVAIL},
    {"/status/429", PAM_MAXTRIES},
    {"/status/503", PAM_AUTHINFO_UNAVAIL},
    {"/garbage", PAM_AUTH_ERR},
    {"/empty", PAM_AUTH_ERR},
    {"/html", PAM_AUTH_ERR},
    {"/close-after-body", PAM_AUTHINFO_UNAVAIL},
};

START_TEST(each_kind_of_answer_has_its_code)
{
	pid_t service;
	size_t number;

	use_real_worker();
	service = start_service();
	for (number = 0; number < sizeof(answers) / sizeof(answers[0]);
	     number++) {
		char password[16];
		struct host host = {.user = "alice", .password = password};

		(void)snprintf(password, sizeof(password), "pw%zu", number);
		place_write(SERVICE_CONTROL, answers[number].answer, 0644);
		ck_assert_msg(host_authenticate(&host) == answers[number].code,
		    "%s: %s", answers[number].answer, place_log());
	}
	ck_assert_int_eq(
	    count_requests(), sizeof(answers) / sizeof(answers[0]));
	stop_service(service);
}
END_TEST

START_TEST(service_that_is_down_is_said_to_be)
{
	struct host host = {.user = "alice", .password = "secret"};

	use_real_worker();
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTHINFO_UNAVAIL);
	ck_assert_ptr_nonnull(strstr(host.shown,
	    "error: The sign-in service cannot be reached. Local accounts "
	    "still work.\n"));
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
	pid_t service;

	use_real_worker();
	service = start_service();
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	ck_assert_int_eq(count_requests(), 2);
	ck_assert_ptr_nonnull(strstr(place_log(),
	    "result=reset_mail_sent user=alice provider=main rhost=- "
	    "http=200"));
	stop_service(service);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    the_service_decides_and_sees_each_password_once,
	    each_kind_of_answer_has_its_code,
	    service_that_is_down_is_said_to_be,
	    reset_mail_is_one_request_without_the_password,
	    NULL,
	};

	return suite_run("pam_service", tests);
}
