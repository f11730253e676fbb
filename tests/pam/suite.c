/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <stdlib.h>

#include "place.h"

int
suite_run(const char *name, const TTest *const *tests)
{
	Suite *suite = suite_create(name);
	TCase *all = tcase_create("all");
	SRunner *runner;
	int failed;

	place_make();
	tcase_set_timeout(all, 60);
	tcase_add_checked_fixture(all, place_reset, NULL);
	for (; *tests != NULL; tests++)
		tcase_add_test(all, *tests);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
