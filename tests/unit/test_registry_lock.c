/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "registry_case.h"

#define WRITERS 16
#define USERS_EACH 25
#define KILLS 200
/* Longer than a test may take. */
#define LONG_WAIT_MS 100000

static enum extauth_err
begin(const char *directory, uint32_t wait_ms, struct extauth_error *error)
{
	struct registry_change change;
	enum extauth_err err =
	    registry_change_begin(directory, wait_ms, &change, error);

	if (err == EXTAUTH_OK)
		registry_change_end(&change);
	return err;
}

static int64_t
milliseconds_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - start->tv_sec) * 1000 +
	    (now.tv_nsec - start->tv_nsec) / 1000000;
}

/* Starts a process that takes the lock and keeps it. */
static pid_t
start_holder(void)
{
	struct registry_change change;
	int ready[2];
	char byte;
	pid_t pid;

	ck_assert_int_eq(pipe(ready), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		case_begin(&change);
		if (write(ready[1], "", 1) == 1)
			pause();
		_exit(1);
	}
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static void
kill_child(pid_t pid)
{
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}

static void
assert_cannot_begin(const char *directory, const char *why)
{
	struct extauth_error error = {0};

	ck_assert_int_eq(begin(directory, 0, &error), EXTAUTH_SYSTEM);
	ck_assert_str_eq(error.text, why);
}

START_TEST(place_where_no_lock_can_be_is_told)
{
	assert_cannot_begin("/nonexistent/registry",
	    "/nonexistent/registry: No such file or directory");
	assert_cannot_begin("/dev/null", "/dev/null: Not a directory");
	case_make_directory();
	ck_assert_int_eq(mkdir(case_path("lock"), 0700), 0);
	assert_cannot_begin(case_directory(), "lock: Is a directory");
	ck_assert_int_eq(rmdir(case_path("lock")), 0);
	case_remove();
}
END_TEST

START_TEST(lock_of_another_process_is_waited_for)
{
	struct extauth_error error = {0};
	struct timespec start;
	pid_t holder;

	case_setup();
	holder = start_holder();
	clock_gettime(CLOCK_MONOTONIC, &start);
	ck_assert_int_eq(
	    begin(case_directory(), 300, &error), EXTAUTH_UNAVAILABLE);
	ck_assert_int_ge(milliseconds_since(&start), 300);
	ck_assert_ptr_nonnull(strstr(error.text, "another process"));
	ck_assert_int_eq(begin(case_directory(), 0, NULL), EXTAUTH_UNAVAILABLE);
	kill_child(holder);
	ck_assert_ok(begin(case_directory(), 0, &error));
	case_remove();
}
END_TEST

START_TEST(waiting_writer_goes_on_when_the_lock_is_free)
{
	struct timespec start;
	pid_t holder;
	pid_t killer;

	case_setup();
	holder = start_holder();
	clock_gettime(CLOCK_MONOTONIC, &start);
	killer = fork();
	ck_assert_int_ge(killer, 0);
	if (killer == 0) {
		usleep(200000);
		_exit(kill(holder, SIGKILL));
	}
	ck_assert_ok(begin(case_directory(), LONG_WAIT_MS, NULL));
	ck_assert_int_ge(milliseconds_since(&start), 150);
	ck_assert_int_eq(waitpid(killer, NULL, 0), killer);
	ck_assert_int_eq(waitpid(holder, NULL, 0), holder);
	case_remove();
}
END_TEST

/* One of the writers; each user is a change of its own. */
static void
write_users(unsigned writer)
{
	struct registry_uid_rules rules;
	char external_id[16];
	unsigned number;

	ck_assert_ok(
	    registry_uid_rules_load(2000200001, 2147352575, &rules, NULL));
	for (number = 0; number < USERS_EACH; number++) {
		struct registry_change change;
		unsigned long own = writer * USERS_EACH + number;
		uint32_t uid;

		snprintf(external_id, sizeof(external_id), "id-%lu", own);
		ck_assert_ok(registry_change_begin(
		    case_directory(), LONG_WAIT_MS, &change, NULL));
		if (change.contents.generation > 0)
			ck_assert_uint_eq(case_verified("nss").generation,
			    change.contents.generation);
		rules.highest = 0;
		ck_assert_ok(registry_allocate_uid(&change.contents, &rules,
		    number % 2 == 0 ? external_id : NULL, &uid, NULL));
		case_add_numbered(&change, own, uid);
		case_commit(&change);
	}
	registry_uid_rules_clear(&rules);
}

START_TEST(sixteen_writers_at_once_lose_nothing)
{
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_room struct registry_room room = {0};
	struct registry_user user;
	struct registry both[2];
	char name[16];
	unsigned number;
	int status;

	case_make_directory();
	for (number = 0; number < WRITERS; number++) {
		if (unit_fork() == 0) {
			write_users(number);
			_exit(0);
		}
	}
	for (number = 0; number < WRITERS; number++) {
		ck_assert_int_gt(wait(&status), 0);
		ck_assert_int_eq(status, 0);
	}
	both[0] = case_verified("registry");
	both[1] = case_verified("nss");
	for (number = 0; number < 2; number++) {
		ck_assert_uint_eq(
		    both[number].generation, WRITERS * USERS_EACH);
		ck_assert_uint_eq(
		    both[number].user_count, WRITERS * USERS_EACH);
	}
	case_open("registry", &registry);
	for (number = 0; number < WRITERS * USERS_EACH; number++) {
		uint32_t uid;

		snprintf(name, sizeof(name), "user%u", number);
		ck_assert_ok(registry_find_name(&registry, name, &room, &user));
		uid = user.uid;
		ck_assert_ok(registry_find_uid(&registry, uid, &room, &user));
		ck_assert_str_eq(user.name, name);
	}
	case_remove();
}
END_TEST

/* Adds users for ever; each commit is one more. */
static void
write_for_ever(void)
{
	struct registry_change change;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		case_begin(&change);
		case_add_numbered(&change, change.contents.generation,
		    FIRST_UID + (uint32_t)change.contents.generation);
		case_commit(&change);
	}
}

START_TEST(killed_writer_leaves_the_old_or_the_new_files)
{
	struct registry_change change;
	uint64_t generation = 1;
	unsigned number;

	case_make_directory();
	case_begin(&change);
	case_add_numbered(&change, 0, FIRST_UID);
	case_commit(&change);
	for (number = 0; number < KILLS; number++) {
		pid_t pid = unit_fork();
		struct registry registry;
		struct registry nss;

		if (pid == 0)
			write_for_ever();
		usleep(500 + number * 7919 % 12000);
		kill_child(pid);
		registry = case_verified("registry");
		nss = case_verified("nss");
		ck_assert_uint_ge(registry.generation, generation);
		ck_assert_uint_eq(registry.user_count, registry.generation);
		ck_assert_uint_eq(nss.user_count, nss.generation);
		ck_assert_uint_le(registry.generation - nss.generation, 1);
		case_begin(&change);
		case_add_numbered(&change, change.contents.generation,
		    FIRST_UID + (uint32_t)change.contents.generation);
		case_commit(&change);
		ck_assert_int_ne(access(case_path(".registry.new"), F_OK), 0);
		ck_assert_int_ne(access(case_path(".nss.new"), F_OK), 0);
		generation = case_verified("registry").generation;
		ck_assert_uint_eq(generation, registry.generation + 1);
		ck_assert_uint_eq(case_verified("nss").generation, generation);
	}
	ck_assert_uint_gt(generation, KILLS + 1);
	case_remove();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    place_where_no_lock_can_be_is_told,
	    lock_of_another_process_is_waited_for,
	    waiting_writer_goes_on_when_the_lock_is_free,
	    sixteen_writers_at_once_lose_nothing,
	    killed_writer_leaves_the_old_or_the_new_files,
	    NULL,
	};

	return unit_run("registry_lock", tests);
}
