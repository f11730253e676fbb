/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fault.h"
#include "registry_case.h"

static void
write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
}

/* Shows this process alone another file at `path`. */
static void
show_text(const char *path, const char *text)
{
	char name[] = "/tmp/extauth-host-XXXXXX";
	int fd = mkstemp(name);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(close(fd), 0);
	write_text(name, text);
	ck_assert_int_eq(mount(name, path, "none", MS_BIND, NULL), 0);
	ck_assert_int_eq(unlink(name), 0);
}

/* Where this process alone sees no other file than those that it makes. */
static void
hide_proc(void)
{
	unit_hide_mounts();
	ck_assert_int_eq(mount("tmpfs", "/proc", "tmpfs", 0, NULL), 0);
	ck_assert_int_eq(mkdir("/proc/self", 0755), 0);
}

START_TEST(host_accounts_are_never_given_out)
{
	cleanup_uid_rules struct registry_uid_rules rules = {0};
	cleanup_contents struct registry_contents contents = {0};
	struct extauth_error error = {0};

	unit_hide_mounts();
	show_text("/etc/passwd",
	    "root:x:0:0:root:/root:/bin/sh\n+\n::\nbob:x:188766:188768::/:\n"
	    "eve:x:99999999999:1a:::\ncut:x:188769");
	show_text("/etc/group",
	    "root:x:0:\nstaff:x:188767:188771\nlast:x:188770:bob");
	ck_assert_ok(registry_uid_rules_load(100000, 200000, &rules, &error));
	ck_assert_uint_eq(rules.taken_count, 7);
	ck_assert_uint_eq(case_allocate(&contents, &rules, "1"), 188769);
	ck_assert_int_eq(registry_check_uid(&contents, &rules, 188766, &error),
	    EXTAUTH_EXISTS);
	ck_assert_str_eq(
	    error.text, "188766 stands in /etc/passwd or /etc/group");
	ck_assert_int_eq(registry_uid_rules_load(2000, 1999, &rules, &error),
	    EXTAUTH_CONFIG);
	ck_assert_uint_eq(rules.taken_count, 7);
}
END_TEST

START_TEST(user_namespace_has_its_own_numbers)
{
	cleanup_uid_rules struct registry_uid_rules rules = {0};
	cleanup_contents struct registry_contents contents = {0};
	struct extauth_error error = {0};

	hide_proc();
	write_text("/proc/self/uid_map", "0 0 1\n120000 5 2\n");
	ck_assert_ok(registry_uid_rules_load(100000, 200000, &rules, &error));
	ck_assert_uint_eq(case_allocate(&contents, &rules, "1"), 120000);
	ck_assert_uint_eq(case_allocate(&contents, &rules, NULL), 120000);
	ck_assert_uint_eq(case_allocate(&contents, &rules, NULL), 120001);
	write_text("/proc/self/uid_map", "nonsense\n");
	ck_assert_int_eq(
	    registry_uid_rules_load(100000, 200000, &rules, &error),
	    EXTAUTH_UNAVAILABLE);
	ck_assert_str_eq(
	    error.text, "/proc/self/uid_map: cannot be read: not available");
	ck_assert_int_eq(umount2("/proc", MNT_DETACH), 0);
}
END_TEST

/* This file of the kernel can be opened, and gives an error when read. */
START_TEST(file_that_breaks_off_is_told)
{
	static const char *const paths[] = {"/etc/group", "/etc/passwd"};
	size_t number;

	unit_hide_mounts();
	for (number = 0; number < 2; number++) {
		cleanup_uid_rules struct registry_uid_rules rules = {0};
		struct extauth_error error = {0};
		char text[64];

		ck_assert_int_eq(mount("/proc/self/mem", paths[number], "none",
				     MS_BIND, NULL),
		    0);
		ck_assert_int_eq(
		    registry_uid_rules_load(100000, 200000, &rules, &error),
		    EXTAUTH_UNAVAILABLE);
		snprintf(text, sizeof(text),
		    "%s: cannot be read: not available", paths[number]);
		ck_assert_str_eq(error.text, text);
		ck_assert_ptr_null(rules.mapped);
	}
}
END_TEST

/* The third field, and the fourth where it is a number; each in digits alone.
 */
START_TEST(numbers_of_accounts_stand_in_two_fields)
{
	static const uint32_t taken[] = {6, 900, 901, 2002, 3003, UINT32_MAX};
	cleanup_uid_rules struct registry_uid_rules rules = {0};

	unit_hide_mounts();
	show_text("/etc/passwd",
	    "a:1001:2002:3003:4004:/:\nb:x: 5005:+6006:7007:/:\n"
	    "c:x:-5:x8:8:/:\nd:x:901:0900:9:/:\n"
	    "e:x:4294967295:4294967296::/:\nf:x:5/:6:\n");
	show_text("/etc/group", "");
	ck_assert_ok(registry_uid_rules_load(100000, 100000, &rules, NULL));
	ck_assert_uint_eq(rules.taken_count, sizeof(taken) / sizeof(*taken));
	ck_assert_mem_eq(rules.taken, taken, sizeof(taken));
}
END_TEST

START_TEST(host_without_accounts_has_no_numbers)
{
	cleanup_uid_rules struct registry_uid_rules rules = {0};
	cleanup_contents struct registry_contents contents = {0};

	unit_hide_mounts();
	show_text("/etc/passwd", "");
	show_text("/etc/group", "\n");
	ck_assert_ok(registry_uid_rules_load(100000, 200000, &rules, NULL));
	ck_assert_uint_eq(rules.taken_count, 0);
	ck_assert_uint_eq(case_allocate(&contents, &rules, NULL), 100000);
}
END_TEST

static enum extauth_err
load_mapped(struct registry_uid_rules *rules, const char *map)
{
	write_text("/proc/self/uid_map", map);
	return registry_uid_rules_load(100000, 200000, rules, NULL);
}

static void
assert_mapped(
    const struct registry_uid_rules *rules, uint32_t uid, bool is_mapped)
{
	cleanup_contents struct registry_contents contents = {0};

	ck_assert_int_eq(registry_check_uid(&contents, rules, uid, NULL),
	    is_mapped ? EXTAUTH_OK : EXTAUTH_INVALID);
}

START_TEST(number_outside_of_the_map_does_not_exist)
{
	static const char *const wrong[] = {"0 0\n", "0 0 0\n", "1 x 5\n"};
	cleanup_uid_rules struct registry_uid_rules rules = {0};
	cleanup_contents struct registry_contents contents = {0};
	size_t number;

	hide_proc();
	for (number = 0; number < sizeof(wrong) / sizeof(*wrong); number++)
		ck_assert_int_eq(
		    load_mapped(&rules, wrong[number]), EXTAUTH_UNAVAILABLE);
	ck_assert_ok(load_mapped(&rules, "150000 5 3\n110000 9 1\n"));
	assert_mapped(&rules, 109999, false);
	assert_mapped(&rules, 110000, true);
	assert_mapped(&rules, 110001, false);
	assert_mapped(&rules, 149999, false);
	assert_mapped(&rules, 150000, true);
	assert_mapped(&rules, 150002, true);
	assert_mapped(&rules, 150003, false);
	/* The nearest of those that are mapped. */
	ck_assert_uint_eq(case_allocate(&contents, &rules, NULL), 110000);
	ck_assert_uint_eq(case_allocate(&contents, &rules, NULL), 150000);
	ck_assert_uint_eq(case_allocate(&contents, &rules, NULL), 150001);
	ck_assert_uint_eq(case_allocate(&contents, &rules, NULL), 150002);
	ck_assert_uint_eq(case_allocate(&contents, &rules, NULL), 110000);
	ck_assert_int_eq(umount2("/proc", MNT_DETACH), 0);
}
END_TEST

static enum extauth_err
load_and_reserve(struct extauth_error *error)
{
	static const uint32_t kept[] = {100009};
	cleanup_uid_rules struct registry_uid_rules rules = {0};
	enum extauth_err err =
	    registry_uid_rules_load(100000, 200000, &rules, error);

	return err == EXTAUTH_OK ? registry_uid_rules_reserve(&rules, kept, 1)
				 : err;
}

/* Whatever of the two fails, no rule is missing. */
START_TEST(rules_that_cannot_be_read_are_told)
{
	static const struct {
		enum fault_kind kind;
		enum extauth_err err;
		size_t least;
	} rows[] = {{FAULT_MEMORY, EXTAUTH_NOMEM, 4},
	    {FAULT_CALL, EXTAUTH_UNAVAILABLE, 3}};
	size_t row;

	for (row = 0; row < 2; row++) {
		struct fault_outcome outcome;
		size_t calls = 0;

		do {
			outcome = fault_try(
			    rows[row].kind, calls++, EMFILE, load_and_reserve);
			ck_assert_int_eq(outcome.err,
			    outcome.has_failed ? rows[row].err : EXTAUTH_OK);
		} while (outcome.has_failed);
		ck_assert_uint_gt(calls, rows[row].least);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    host_accounts_are_never_given_out,
	    user_namespace_has_its_own_numbers,
	    file_that_breaks_off_is_told,
	    numbers_of_accounts_stand_in_two_fields,
	    host_without_accounts_has_no_numbers,
	    number_outside_of_the_map_does_not_exist,
	    rules_that_cannot_be_read_are_told,
	    NULL,
	};

	return unit_run("registry_uid_host", tests);
}
