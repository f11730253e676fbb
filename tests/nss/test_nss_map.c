/* SPDX-License-Identifier: MIT */
/* The map that a process keeps: when it comes, when it goes, and what is
 * answered without it.
 * Does not know: what threads make of it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "buffer.h"
#include "nss_case.h"
#include "nss_entry.h"
#include "registry_format.h"
#include "registry_record.h"

/* More than the first few that read the file. */
#define ENOUGH 10
/* Longer than a map is trusted, and than a tick of the coarse clock. */
#define TRUST_MS 1100
#define TICK_MS 20

static struct nss_module
setup(unsigned more)
{
	nss_case_enter();
	nss_case_write(true, more);
	return nss_load();
}

static enum nss_status
find(const struct nss_module *module, const char *name)
{
	struct passwd entry;
	char bytes[512];
	int error;
	enum nss_status status =
	    module->getpwnam(name, &entry, bytes, sizeof(bytes), &error);

	if (status == NSS_STATUS_SUCCESS)
		ck_assert_str_eq(entry.pw_name, name);
	return status;
}

static void
find_often(const struct nss_module *module)
{
	unsigned number;

	for (number = 0; number < ENOUGH; number++)
		ck_assert_int_eq(find(module, "alice"), NSS_STATUS_SUCCESS);
}

static void
wait_ms(long milliseconds)
{
	const struct timespec pause = {
	    milliseconds / 1000, milliseconds % 1000 * 1000000};

	nanosleep(&pause, NULL);
}

/* Counts the maps of the file, or of one that had its name, in this process. */
static unsigned
count_maps(void)
{
	FILE *list = fopen("/proc/self/maps", "re");
	char line[512];
	unsigned count = 0;

	ck_assert_ptr_nonnull(list);
	while (fgets(line, sizeof(line), list) != NULL)
		count += strstr(line, "/nss\n") != NULL ||
		    strstr(line, "/nss (deleted)\n") != NULL ||
		    strstr(line, "/.nss.new (deleted)\n") != NULL;
	fclose(list);
	return count;
}

START_TEST(map_comes_after_a_few_look_ups)
{
	struct nss_module module = setup(0);
	unsigned number;

	for (number = 0; number < 3; number++) {
		ck_assert_int_eq(find(&module, "alice"), NSS_STATUS_SUCCESS);
		ck_assert_uint_eq(count_maps(), 0);
	}
	ck_assert_int_eq(find(&module, "alice"), NSS_STATUS_SUCCESS);
	ck_assert_uint_eq(count_maps(), 1);
	find_often(&module);
	ck_assert_uint_eq(count_maps(), 1);
	ck_assert_int_eq(find(&module, "nobody1"), NSS_STATUS_NOTFOUND);
	ck_assert_uint_eq(count_maps(), 1);
}
END_TEST

/* Sets the flag as the writer does, in the file that is there. */
static void
forbid_map(void)
{
	cleanup_fd int fd = open(EXTAUTH_NSS_PATH, O_RDWR | O_CLOEXEC);
	char header[REGISTRY_HEADER_BYTES];

	ck_assert_int_eq(
	    pread(fd, header, sizeof(header), 0), (ssize_t)sizeof(header));
	registry_put32(header + HEADER_FLAGS,
	    registry_get32(header + HEADER_FLAGS) | REGISTRY_FLAG_NO_MAP);
	registry_put64(header + HEADER_CHECKSUM,
	    registry_checksum(0, header, HEADER_CHECKSUM));
	ck_assert_int_eq(
	    pwrite(fd, header, sizeof(header), 0), (ssize_t)sizeof(header));
}

START_TEST(file_that_forbids_it_is_not_mapped)
{
	struct nss_module module = setup(0);

	forbid_map();
	find_often(&module);
	ck_assert_uint_eq(count_maps(), 0);
	nss_case_write(true, 1);
	find_often(&module);
	ck_assert_uint_eq(count_maps(), 1);
	forbid_map();
	wait_ms(TRUST_MS);
	find_often(&module);
	ck_assert_uint_eq(count_maps(), 0);
}
END_TEST

START_TEST(new_user_is_found_at_once)
{
	struct nss_module module = setup(0);
	unsigned number;
	char name[16];

	find_often(&module);
	for (number = 0; number < 30; number++) {
		snprintf(name, sizeof(name), "more%u", number);
		ck_assert_int_eq(find(&module, name), NSS_STATUS_NOTFOUND);
		nss_case_write(true, number + 1);
		wait_ms(TICK_MS);
		ck_assert_int_eq(find(&module, name), NSS_STATUS_SUCCESS);
		ck_assert_uint_eq(count_maps(), 1);
	}
}
END_TEST

START_TEST(removed_user_is_gone_within_a_second)
{
	struct nss_module module = setup(1);

	find_often(&module);
	ck_assert_int_eq(find(&module, "more0"), NSS_STATUS_SUCCESS);
	nss_case_write(true, 0);
	wait_ms(TRUST_MS);
	ck_assert_int_eq(find(&module, "more0"), NSS_STATUS_NOTFOUND);
	ck_assert_int_eq(find(&module, "alice"), NSS_STATUS_SUCCESS);
	ck_assert_uint_eq(count_maps(), 1);
}
END_TEST

START_TEST(vanished_or_foreign_file_ends_the_map)
{
	struct nss_module module = setup(0);

	find_often(&module);
	ck_assert_int_eq(chmod(EXTAUTH_NSS_PATH, 0666), 0);
	wait_ms(TRUST_MS);
	ck_assert_int_eq(find(&module, "alice"), NSS_STATUS_UNAVAIL);
	ck_assert_uint_eq(count_maps(), 0);
	ck_assert_int_eq(chmod(EXTAUTH_NSS_PATH, 0644), 0);
	find_often(&module);
	ck_assert_uint_eq(count_maps(), 1);
	ck_assert_int_eq(unlink(EXTAUTH_NSS_PATH), 0);
	wait_ms(TRUST_MS);
	ck_assert_int_eq(find(&module, "alice"), NSS_STATUS_NOTFOUND);
	ck_assert_uint_eq(count_maps(), 0);
	nss_case_write(true, 0);
	find_often(&module);
	ck_assert_uint_eq(count_maps(), 1);
}
END_TEST

/* The sanitizer maps memory of its own. */
#ifndef EXTAUTH_SANITIZED
START_TEST(process_that_cannot_map_reads)
{
	const struct rlimit limit = {0, 0};
	struct nss_module module = setup(0);

	/* What is mapped already stays. */
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &limit), 0);
	find_often(&module);
}
END_TEST
#endif

START_TEST(enumeration_goes_by_the_map)
{
	struct nss_module module = setup(3);
	struct passwd entry;
	char bytes[512];
	unsigned users = 0;
	int error;

	find_often(&module);
	module.setpwent(0);
	while (module.getpwent(&entry, bytes, sizeof(bytes), &error) ==
	    NSS_STATUS_SUCCESS)
		users++;
	ck_assert_int_eq(error, ENOENT);
	ck_assert_uint_eq(users, 5);
	module.setpwent(0);
	ck_assert_int_eq(module.getpwent(&entry, bytes, sizeof(bytes), &error),
	    NSS_STATUS_SUCCESS);
	nss_case_write(true, 4);
	wait_ms(TRUST_MS);
	ck_assert_int_eq(module.getpwent(&entry, bytes, sizeof(bytes), &error),
	    NSS_STATUS_UNAVAIL);
	ck_assert_uint_eq(count_maps(), 1);
}
END_TEST

START_TEST(child_goes_on_with_the_map)
{
	struct nss_module module = setup(0);
	pid_t child;
	int status;

	find_often(&module);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		nss_case_write(true, 1);
		wait_ms(TICK_MS);
		_exit(find(&module, "more0") == NSS_STATUS_SUCCESS ? 0 : 1);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	wait_ms(TICK_MS);
	ck_assert_int_eq(find(&module, "more0"), NSS_STATUS_SUCCESS);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    map_comes_after_a_few_look_ups,
	    file_that_forbids_it_is_not_mapped,
	    new_user_is_found_at_once,
	    removed_user_is_gone_within_a_second,
	    vanished_or_foreign_file_ends_the_map,
#ifndef EXTAUTH_SANITIZED
	    process_that_cannot_map_reads,
#endif
	    enumeration_goes_by_the_map,
	    child_goes_on_with_the_map,
	    NULL,
	};

	return unit_run("nss_map", tests);
}
