/* SPDX-License-Identifier: MIT */
/* Asks through glibc: getent(1), and this process itself, which loads the
 * module from the library path that it was started with.
 * Does not know: how the module is made. */
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "nss_case.h"

/* Runs getent and gives what it printed; 0 is its exit status for "found". */
static int
getent(const char *database, const char *key, char *output, size_t size)
{
	int ends[2];
	size_t length = 0;
	ssize_t got;
	int status;
	pid_t child;

	ck_assert_int_eq(pipe(ends), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		setenv("LD_PRELOAD", NSS_PRELOAD, 1);
		execl("/usr/bin/getent", "getent", database, key, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	while ((got = read(ends[0], output + length, size - 1 - length)) > 0)
		length += (size_t)got;
	output[length] = '\0';
	close(ends[0]);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

struct getent_row {
	const char *database;
	const char *key;
	const char *line; /* NULL: not found */
};

START_TEST(getent_answers)
{
	static const struct getent_row rows[] = {
	    {"passwd", "alice",
		"alice:*:2000200001:2000200001:Alice Example:/home/alice:"
		"/bin/bash\n"},
	    {"passwd", "2000200001",
		"alice:*:2000200001:2000200001:Alice Example:/home/alice:"
		"/bin/bash\n"},
	    {"passwd", "carol@example.com",
		"carol@example.com:*:2000200002:2000200002:Alice Example:"
		"/home/alice:/bin/bash\n"},
	    {"passwd", "alice@example.com", NULL},
	    {"passwd", "Alice", NULL},
	    {"passwd", "nosuchuser", NULL},
	    {"passwd", "2000200099", NULL},
	    {"group", "admins",
		"admins:*:2000900001:alice,carol@example.com\n"},
	    {"group", "2000900001",
		"admins:*:2000900001:alice,carol@example.com\n"},
	    {"group", "alice", "alice:*:2000200001:\n"},
	    {"group", "2000200001", "alice:*:2000200001:\n"},
	    {"group", "nosuchgroup", NULL},
	};
	char output[1024];
	size_t number;

	nss_case_enter();
	nss_case_write(false, 0);
	for (number = 0; number < sizeof(rows) / sizeof(*rows); number++) {
		const struct getent_row *row = &rows[number];
		int status =
		    getent(row->database, row->key, output, sizeof(output));

		ck_assert_int_eq(status, row->line == NULL ? 2 : 0);
		ck_assert_str_eq(output, row->line == NULL ? "" : row->line);
	}
}
END_TEST

START_TEST(initgroups_gives_the_groups)
{
	char output[1024];

	nss_case_enter();
	nss_case_write(false, 0);
	ck_assert_int_eq(
	    getent("initgroups", "alice", output, sizeof(output)), 0);
	ck_assert_ptr_nonnull(strstr(output, " 2000900001 2000900002"));
}
END_TEST

START_TEST(enumeration_lists_us_only_if_it_is_on)
{
	static char output[65536];

	nss_case_enter();
	nss_case_write(false, 2);
	ck_assert_int_eq(getent("passwd", NULL, output, sizeof(output)), 0);
	ck_assert_ptr_nonnull(strstr(output, "root:"));
	ck_assert_ptr_null(strstr(output, "alice"));
	nss_case_write(true, 3);
	ck_assert_int_eq(getent("passwd", NULL, output, sizeof(output)), 0);
	ck_assert_ptr_nonnull(strstr(output, "\nalice:*:"));
	ck_assert_ptr_nonnull(strstr(output, "\nmore2:*:"));
}
END_TEST

START_TEST(long_lived_process_sees_a_new_registry)
{
	/* Longer than it relies on a map that it has. */
	const struct timespec trust = {1, 100000000};

	nss_case_enter();
	nss_case_write(false, 0);
	ck_assert_ptr_nonnull(getpwnam("alice"));
	ck_assert_ptr_null(getpwnam("more0"));
	nss_case_write(false, 1);
	ck_assert_ptr_nonnull(getpwnam("more0"));
	ck_assert_ptr_nonnull(getpwuid(CAROL_UID + 1));
	ck_assert_ptr_nonnull(getpwnam("more0"));
	nss_case_write(false, 0);
	nanosleep(&trust, NULL);
	ck_assert_ptr_null(getpwnam("more0"));
}
END_TEST

START_TEST(local_users_are_answered_without_a_registry)
{
	nss_case_enter();
	ck_assert_ptr_nonnull(getpwnam("root"));
	ck_assert_ptr_null(getpwnam("alice"));
	nss_case_write(false, 0);
	ck_assert_ptr_nonnull(getpwnam("alice"));
	ck_assert_int_eq(truncate(EXTAUTH_NSS_PATH, 100), 0);
	ck_assert_ptr_nonnull(getpwnam("root"));
	ck_assert_ptr_null(getpwnam("alice"));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    getent_answers,
	    initgroups_gives_the_groups,
	    enumeration_lists_us_only_if_it_is_on,
	    long_lived_process_sees_a_new_registry,
	    local_users_are_answered_without_a_registry,
	    NULL,
	};

	return unit_run("nss_glibc", tests);
}
