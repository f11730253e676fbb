/* SPDX-License-Identifier: MIT */
/* Hosts in odd states get the right verdict, and find themselves after a login
 * as they were before. Through the real libpam, the real extauth-exchange and
 * the real test service over TLS. */
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "host_check.h"
#include "host_state.h"
#include "real_service.h"
#include "suite.h"

START_TEST(plain_host_is_left_as_it_was)
{
	host_check_login();
}
END_TEST

START_TEST(host_with_closed_standard_descriptors_is_left_as_it_was)
{
	(void)close(0);
	(void)close(1);
	(void)close(2);
	host_check_login();
}
END_TEST

START_TEST(host_with_two_thousand_descriptors_is_left_as_it_was)
{
	const struct rlimit limit = {4096, 4096};
	int number;

	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	for (number = 0; number < 2000; number++)
		ck_assert_int_ge(open("/dev/null", O_RDONLY), 0);
	host_check_login();
}
END_TEST

static void
handle(int signal)
{
	(void)signal;
}

START_TEST(host_with_signals_of_its_own_is_left_as_it_was)
{
	sigset_t mask;

	ck_assert(signal(SIGCHLD, SIG_IGN) != SIG_ERR);
	ck_assert(signal(SIGALRM, handle) != SIG_ERR);
	ck_assert(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
	(void)sigemptyset(&mask);
	(void)sigaddset(&mask, SIGTERM);
	(void)sigaddset(&mask, SIGUSR1);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &mask, NULL), 0);
	(void)alarm(50);
	host_check_login();
}
END_TEST

START_TEST(host_that_blocks_every_signal_is_left_as_it_was)
{
	host_state_block_signals();
	host_check_login();
}
END_TEST

START_TEST(pending_alarm_of_the_host_stays_pending)
{
	sigset_t mask;

	(void)sigemptyset(&mask);
	(void)sigaddset(&mask, SIGALRM);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &mask, NULL), 0);
	ck_assert_int_eq(raise(SIGALRM), 0);
	host_check_login();
	ck_assert_int_eq(sigpending(&mask), 0);
	ck_assert_int_eq(sigismember(&mask, SIGALRM), 1);
}
END_TEST

START_TEST(interrupted_host_is_left_as_it_was)
{
	host_state_interrupt_often();
	host_check_login();
}
END_TEST

START_TEST(interrupted_host_waits_the_whole_delay)
{
	struct host host = {.user = "nosuchuser", .password = "wrong"};
	struct timespec start;
	struct timespec end;

	host_state_interrupt_often();
	(void)clock_gettime(CLOCK_MONOTONIC, &start);
	ck_assert_int_eq(host_authenticate(&host), PAM_USER_UNKNOWN);
	(void)clock_gettime(CLOCK_MONOTONIC, &end);
	ck_assert_int_ge((end.tv_sec - start.tv_sec) * 1000 +
		(end.tv_nsec - start.tv_nsec) / 1000000,
	    99);
	ck_assert_int_eq(real_service_requests(), 0);
}
END_TEST

START_TEST(host_in_a_removed_directory_with_no_umask_is_left_as_it_was)
{
	ck_assert_int_eq(mkdir("/tmp/gone", 0755), 0);
	ck_assert_int_eq(chdir("/tmp/gone"), 0);
	ck_assert_int_eq(rmdir("/tmp/gone"), 0);
	(void)umask(0);
	host_check_login();
}
END_TEST

START_TEST(host_with_a_locale_and_an_environment_is_left_as_it_was)
{
	ck_assert_ptr_nonnull(setlocale(LC_ALL, "C.UTF-8"));
	ck_assert_int_eq(setenv("LC_ALL", "tr_TR.UTF-8", 1), 0);
	ck_assert_int_eq(setenv("SSL_CERT_FILE", "/nowhere", 1), 0);
	ck_assert_int_eq(setenv("https_proxy", "http://127.0.0.1:9", 1), 0);
	host_check_login();
}
END_TEST

/* C.UTF-8 is there on every machine, and lets LANGUAGE choose. */
START_TEST(host_whose_person_reads_another_language_is_left_as_it_was)
{
	real_service_use(
	    "max_failures = 0\nlanguage = C.UTF-8\n", REAL_SERVICE_LOGIN);
	ck_assert_int_eq(setenv("LANGUAGE", "de", 1), 0);
	host_check_login();
}
END_TEST

START_TEST(host_without_an_environment_is_left_as_it_was)
{
	ck_assert_int_eq(clearenv(), 0);
	host_check_login();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    plain_host_is_left_as_it_was,
	    host_with_closed_standard_descriptors_is_left_as_it_was,
	    host_with_two_thousand_descriptors_is_left_as_it_was,
	    host_with_signals_of_its_own_is_left_as_it_was,
	    host_that_blocks_every_signal_is_left_as_it_was,
	    pending_alarm_of_the_host_stays_pending,
	    interrupted_host_is_left_as_it_was,
	    interrupted_host_waits_the_whole_delay,
	    host_in_a_removed_directory_with_no_umask_is_left_as_it_was,
	    host_with_a_locale_and_an_environment_is_left_as_it_was,
	    host_whose_person_reads_another_language_is_left_as_it_was,
	    host_without_an_environment_is_left_as_it_was,
	    NULL,
	};

	return suite_run_served("pam_host", tests, host_check_prepare);
}
