/* SPDX-License-Identifier: MIT */
/* Hosts with threads and hosts that fork get the right verdict, each for its
 * own user. Through the real libpam, the real extauth-exchange and the real
 * test service over TLS. A thread only keeps what it got: the assertions are
 * the main thread's. */
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host.h"
#include "host_check.h"
#include "host_state.h"
#include "place.h"
#include "real_service.h"
#include "suite.h"

#define THREADS 16
#define ROUNDS 3

START_TEST(host_that_reaps_every_child_is_left_as_it_was)
{
	host_state_reap_children();
	host_check_login();
}
END_TEST

/* As sshd does for keyboard-interactive. */
static int
authenticate_in_child(struct host *host)
{
	const pid_t child = fork();
	int status = 0;

	if (child == 0)
		_exit(pam_authenticate(host->pamh, 0));
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

START_TEST(host_that_forks_after_pam_start_gets_the_verdict_on_both_sides)
{
	struct host host = {.user = "alice", .password = "secret"};

	host_begin(&host);
	ck_assert_int_eq(authenticate_in_child(&host), PAM_SUCCESS);
	ck_assert_int_eq(pam_acct_mgmt(host.pamh, 0), PAM_SUCCESS);
	host.password = "wrong";
	ck_assert_int_eq(authenticate_in_child(&host), PAM_AUTH_ERR);
	ck_assert_int_eq(pam_authenticate(host.pamh, 0), PAM_AUTH_ERR);
	host.password = "secret";
	ck_assert_int_eq(pam_authenticate(host.pamh, 0), PAM_SUCCESS);
	host_end(&host);
}
END_TEST

struct person {
	pthread_barrier_t *start;
	char user[16];
	char own[16];
	char other[16];
	int right[ROUNDS];
	int wrong[ROUNDS];
	int account[ROUNDS];
};

static void *
log_in(void *argument)
{
	struct person *person = argument;
	int round;

	(void)pthread_barrier_wait(person->start);
	for (round = 0; round < ROUNDS; round++) {
		struct host host = {
		    .user = person->user, .password = person->own};

		person->right[round] = host_authenticate(&host);
		person->account[round] = host_account(&host);
		host.password = person->other;
		person->wrong[round] = host_authenticate(&host);
	}
	return NULL;
}

/* The wrong password of each is the right one of the next. */
static void
make_person(struct person *person, pthread_barrier_t *start, unsigned number)
{
	char email[32];
	char line[64];

	person->start = start;
	(void)snprintf(person->user, sizeof(person->user), "user%u", number);
	(void)snprintf(person->own, sizeof(person->own), "pw-%u", number);
	(void)snprintf(person->other, sizeof(person->other), "pw-%u",
	    (number + 1) % THREADS);
	(void)snprintf(email, sizeof(email), "%s@example.com", person->user);
	(void)snprintf(line, sizeof(line), "%s:%s", email, person->own);
	place_add_user(person->user, email, number);
	real_service_add_account(line);
}

static void
check_person(const struct person *person)
{
	int round;

	for (round = 0; round < ROUNDS; round++) {
		ck_assert_int_eq(person->right[round], PAM_SUCCESS);
		ck_assert_int_eq(person->account[round], PAM_SUCCESS);
		ck_assert_int_eq(person->wrong[round], PAM_AUTH_ERR);
	}
}

START_TEST(each_of_many_threads_gets_the_verdict_of_its_user)
{
	static struct person people[THREADS];
	pthread_t threads[THREADS];
	pthread_barrier_t start;
	unsigned number;

	ck_assert_int_eq(pthread_barrier_init(&start, NULL, THREADS), 0);
	for (number = 0; number < THREADS; number++)
		make_person(&people[number], &start, number);
	for (number = 0; number < THREADS; number++)
		ck_assert_int_eq(pthread_create(&threads[number], NULL, log_in,
				     &people[number]),
		    0);
	for (number = 0; number < THREADS; number++)
		ck_assert_int_eq(pthread_join(threads[number], NULL), 0);
	for (number = 0; number < THREADS; number++)
		check_person(&people[number]);
	ck_assert_int_eq(real_service_requests(), THREADS * ROUNDS * 2);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    host_that_reaps_every_child_is_left_as_it_was,
	    host_that_forks_after_pam_start_gets_the_verdict_on_both_sides,
	    each_of_many_threads_gets_the_verdict_of_its_user,
	    NULL,
	};

	return suite_run_served("pam_threads", tests, host_check_prepare);
}
