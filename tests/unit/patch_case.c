/* SPDX-License-Identifier: MIT */
#include "patch_case.h"

#include "registry_contents.h"

void
patch_case_make(unsigned users)
{
	struct registry_change change;
	unsigned number;

	case_make_directory();
	case_begin(&change);
	ck_assert_ok(registry_contents_add_group(
	    &change.contents, "team", ADMINS_GID, NULL));
	ck_assert_ok(registry_contents_add_group(
	    &change.contents, "other", ADMINS_GID + 1, NULL));
	for (number = 0; number < users; number++)
		case_add_numbered(&change, number, FIRST_UID + number);
	case_commit(&change);
}

struct registry_copy
patch_case_copied(void)
{
	struct registry_copy copy = {.file.fd = -1};

	ck_assert_ok(registry_copy_load(case_path("registry"), &copy, NULL));
	return copy;
}
