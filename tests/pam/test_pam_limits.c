/* SPDX-License-Identifier: MIT */
/* Hosts that have little left, and servers and workers that hang up: never a
 * wrong verdict, and the host as it was before. Through the real libpam, the
 * real extauth-exchange and the real test service over TLS. */
#include <netinet/in.h>

#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host.h"
#include "host_check.h"
#include "host_state.h"
#include "place.h"
#include "real_service.h"
#include "suite.h"

#define CODE_CHANGED 99
#define ENOUGH_DESCRIPTORS 10
#define ADDRESS_SPACE_BYTES (64UL * 1024 * 1024)
#define RESET_PORT 8444

START_TEST(host_with_a_limit_of_sixteen_descriptors_is_left_as_it_was)
{
	const struct rlimit limit = {16, 16};

	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	host_check_login();
}
END_TEST

/* One step of a host; CODE_CHANGED unless it is left as it was. */
static int
step_unchanged(struct host *host, int (*step)(pam_handle_t *, int))
{
	static struct host_state before;
	static struct host_state after;
	int code;

	host_state_read(&before);
	code = step(host->pamh, 0);
	host_state_read(&after);
	return host_state_change(&before, &after) == NULL ? code : CODE_CHANGED;
}

/* The step in a process that may open `count` descriptors more. */
static int
step_with_free(struct host host, int (*step)(pam_handle_t *, int), int count)
{
	const struct rlimit limit = {64, 64};
	const pid_t child = fork();
	int status = 0;

	if (child == 0) {
		int fd;
		int last = -1;

		host_begin(&host);
		(void)setrlimit(RLIMIT_NOFILE, &limit);
		while ((fd = dup(STDERR_FILENO)) >= 0)
			last = fd;
		for (; count > 0; count--)
			(void)close(last--);
		_exit(step_unchanged(&host, step));
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* What a step says with enough descriptors; with fewer it says that, or that it
 * cannot tell: never a grant, and never that the user is somebody else's. */
static const struct {
	const char *user;
	const char *password;
	int (*step)(pam_handle_t *, int);
	int code;
} steps[] = {
    {"alice", "secret", pam_authenticate, PAM_SUCCESS},
    {"alice", "wrong", pam_authenticate, PAM_AUTH_ERR},
    {"dora", "secret", pam_authenticate, PAM_AUTH_ERR},
    {"alice", NULL, pam_acct_mgmt, PAM_SUCCESS},
    {"dora", NULL, pam_acct_mgmt, PAM_ACCT_EXPIRED},
};

static bool
is_unable(int code)
{
	return code == PAM_AUTHINFO_UNAVAIL || code == PAM_SYSTEM_ERR ||
	    code == PAM_SERVICE_ERR;
}

static void
check_step(size_t at)
{
	const struct host host = {
	    .user = steps[at].user, .password = steps[at].password};
	int count;
	int code = CODE_CHANGED;

	for (count = 0; count <= ENOUGH_DESCRIPTORS; count++) {
		code = step_with_free(host, steps[at].step, count);
		ck_assert_msg(code == steps[at].code || is_unable(code),
		    "%s, step %zu, with %d free: %d", steps[at].user, at, count,
		    code);
		ck_assert_msg(count > 0 || code != PAM_SUCCESS,
		    "%s is let in without a descriptor", steps[at].user);
	}
	ck_assert_int_eq(code, steps[at].code);
}

START_TEST(host_with_few_free_descriptors_is_refused_or_right)
{
	size_t at;

	for (at = 0; at < sizeof(steps) / sizeof(steps[0]); at++)
		check_step(at);
}
END_TEST

START_TEST(host_without_a_free_descriptor_is_refused)
{
	const struct host host = {.user = "alice", .password = "secret"};

	/* libpam itself makes another refusal of ours. */
	ck_assert(is_unable(step_with_free(host, pam_authenticate, 0)));
	ck_assert_ptr_nonnull(
	    strstr(place_log(), "result=registry_unavailable user=alice"));
	ck_assert_int_eq(real_service_requests(), 0);
}
END_TEST

/* What a login says in a host in which no file may grow: a try that cannot be
 * counted is not sent. */
static const struct {
	const char *settings;
	const char *password;
	int code;
	int requests;
} grown[] = {
    {"", "secret", PAM_AUTH_ERR, 0},
    {"max_failures = 0\n", "secret", PAM_SUCCESS, 1},
    {"max_failures = 0\n", "wrong", PAM_AUTH_ERR, 1},
};

/* The status of a process in which no file may grow, and that SIGXFSZ ends. */
static int
status_without_growth(const char *password)
{
	const struct rlimit limit = {0, 0};
	struct host host = {.user = "alice", .password = password};
	const pid_t child = fork();
	int status = 0;

	if (child == 0) {
		host_begin(&host);
		if (signal(SIGXFSZ, SIG_DFL) == SIG_ERR ||
		    setrlimit(RLIMIT_FSIZE, &limit) != 0)
			_exit(CODE_CHANGED);
		_exit(step_unchanged(&host, pam_authenticate));
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	return status;
}

START_TEST(host_in_which_no_file_may_grow_lives_and_sends_no_uncounted_try)
{
	size_t at;

	for (at = 0; at < sizeof(grown) / sizeof(grown[0]); at++) {
		const int before = real_service_requests();
		int status;

		real_service_use(grown[at].settings, REAL_SERVICE_LOGIN);
		status = status_without_growth(grown[at].password);
		ck_assert_msg(WIFEXITED(status), "row %zu: ended by signal %d",
		    at, WTERMSIG(status));
		ck_assert_int_eq(WEXITSTATUS(status), grown[at].code);
		ck_assert_int_eq(
		    real_service_requests() - before, grown[at].requests);
	}
}
END_TEST

/* The shadow memory of a sanitizer needs more than any such limit. */
#ifndef __SANITIZE_ADDRESS__
START_TEST(host_with_little_address_space_is_left_as_it_was)
{
	const struct rlimit limit = {ADDRESS_SPACE_BYTES, ADDRESS_SPACE_BYTES};

	ck_assert_int_eq(setrlimit(RLIMIT_AS, &limit), 0);
	host_check_login();
}
END_TEST
#endif

static int
listen_on_loopback(void)
{
	const struct sockaddr_in address = {
	    .sin_family = AF_INET,
	    .sin_port = htons(RESET_PORT),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(
	    bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	ck_assert_int_eq(listen(fd, 8), 0);
	return fd;
}

/* Resets each connection behind its first byte. */
__attribute__((noreturn)) static void
serve_resets(int listener)
{
	const struct linger at_once = {1, 0};

	for (;;) {
		const int fd = accept(listener, NULL, NULL);
		char byte;

		if (read(fd, &byte, 1) == 1)
			(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once,
			    sizeof(at_once));
		(void)close(fd);
	}
}

static pid_t
start_resetting(void)
{
	const int listener = listen_on_loopback();
	const pid_t server = fork();

	if (server == 0)
		serve_resets(listener);
	ck_assert_int_gt(server, 0);
	(void)close(listener);
	return server;
}

/* SIGPIPE would end this host, and with it the test. */
static void
check_code_of_host_with_sigpipe(int expected)
{
	static struct host_state before;
	static struct host_state after;
	struct host host = {.user = "alice", .password = "secret"};
	const char *change;
	int round;

	ck_assert(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
	host_state_read(&before);
	for (round = 0; round < 5; round++)
		ck_assert_int_eq(host_authenticate(&host), expected);
	host_state_read(&after);
	change = host_state_change(&before, &after);
	ck_assert_msg(change == NULL, "changed: %s", change);
}

START_TEST(server_that_resets_is_unavailable_and_ends_no_host)
{
	const pid_t server = start_resetting();

	real_service_use("", "url = https://id.example.com:8444/login\n");
	check_code_of_host_with_sigpipe(PAM_AUTHINFO_UNAVAIL);
	ck_assert_int_eq(kill(server, SIGKILL), 0);
	ck_assert_ptr_nonnull(
	    strstr(place_log(), "result=unavailable user=alice"));
}
END_TEST

START_TEST(server_that_hangs_up_is_unavailable_and_ends_no_host)
{
	real_service_answer("/close-after-body");
	check_code_of_host_with_sigpipe(PAM_AUTHINFO_UNAVAIL);
	ck_assert_int_eq(real_service_requests(), 5);
}
END_TEST

START_TEST(worker_that_ends_unheard_ends_no_host)
{
	place_install_worker("/bin/true");
	check_code_of_host_with_sigpipe(PAM_SYSTEM_ERR);
}
END_TEST

START_TEST(worker_that_cannot_be_started_leaves_nothing)
{
	place_install_worker("/etc/hostname");
	check_code_of_host_with_sigpipe(PAM_SYSTEM_ERR);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    host_with_a_limit_of_sixteen_descriptors_is_left_as_it_was,
	    host_with_few_free_descriptors_is_refused_or_right,
	    host_without_a_free_descriptor_is_refused,
	    host_in_which_no_file_may_grow_lives_and_sends_no_uncounted_try,
#ifndef __SANITIZE_ADDRESS__
	    host_with_little_address_space_is_left_as_it_was,
#endif
	    server_that_resets_is_unavailable_and_ends_no_host,
	    server_that_hangs_up_is_unavailable_and_ends_no_host,
	    worker_that_ends_unheard_ends_no_host,
	    worker_that_cannot_be_started_leaves_nothing,
	    NULL,
	};

	return suite_run_served("pam_limits", tests, host_check_prepare);
}
