/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <stdlib.h>

#include "place.h"
#include "real_service.h"

#define TIMEOUT_SECONDS 60

static int
run(TCase *all, const char *name, const TTest *const *tests)
{
	Suite *suite = suite_create(name);
	SRunner *runner;
	int failed;

	tcase_set_timeout(all, TIMEOUT_SECONDS);
	for (; *tests != NULL; tests++)
		tcase_add_test(all, *tests);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
suite_run(const char *name, const TTest *const *tests)
{
	TCase *all = tcase_create("all");

	place_make();
	tcase_add_checked_fixture(all, place_reset, NULL);
	return run(all, name, tests);
}

int
suite_run_served(
    const char *name, const TTest *const *tests, void (*prepare)(void))
{
	TCase *all = tcase_create("all");
	pid_t service;
	int result;

	place_make();
	service = real_service_start();
	tcase_add_checked_fixture(all, place_reset, NULL);
	tcase_add_checked_fixture(all, prepare, NULL);
	result = run(all, name, tests);
	real_service_stop(service);
	return result;
}
