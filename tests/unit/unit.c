/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <unistd.h>

/* A test has fewer open. */
#define DESCRIPTORS 256

int
unit_run(const char *name, const TTest *const *tests)
{
	Suite *suite = suite_create(name);
	TCase *all = tcase_create("all");
	SRunner *runner;
	int failed;

	tcase_set_timeout(all, 60);
	for (; *tests != NULL; tests++)
		tcase_add_test(all, *tests);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

pid_t
unit_fork(void)
{
	pid_t pid = fork();
	int null;
	int fd;

	ck_assert_int_ge(pid, 0);
	if (pid != 0)
		return pid;
	null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (null < 0)
		_exit(EXIT_FAILURE);
	for (fd = STDERR_FILENO + 1; fd < DESCRIPTORS; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			(void)dup2(null, fd);
	return 0;
}

void
unit_hide_mounts(void)
{
	ck_assert_int_eq(unshare(CLONE_NEWNS), 0);
	ck_assert_int_eq(
	    mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL), 0);
}

bool
unit_is_mapped(void *address)
{
	const uintptr_t page_bytes = (uintptr_t)sysconf(_SC_PAGESIZE);
	unsigned char *page =
	    (unsigned char *)address - (uintptr_t)address % page_bytes;
	unsigned char is_in_core;

	return mincore(page, 1, &is_in_core) == 0;
}
