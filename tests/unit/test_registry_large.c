/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "registry_case.h"

#define LARGE_USERS 20001
#define LARGE_BYTES ((uint64_t)16 << 20)

/* Longer than what is held at once, and made by two threads. */
START_TEST(large_registry_is_written_whole)
{
	static char text[252];
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_room struct registry_room room = {0};
	struct registry_change change;
	struct registry_user user = case_alice();
	char name[32];
	char email[48];
	unsigned long number;

	memset(text, 'x', sizeof(text) - 1);
	text[0] = '/';
	case_make_directory();
	case_begin(&change);
	user.gecos = text;
	user.home = text;
	user.shell = text;
	user.gid_count = 0;
	user.name = name;
	user.email = email;
	user.external_id = "";
	for (number = 0; number < LARGE_USERS; number++) {
		snprintf(name, sizeof(name), "user%lu", number);
		snprintf(email, sizeof(email), "user%lu@example.com", number);
		user.uid = FIRST_UID + (uint32_t)number;
		user.gid = user.uid;
		case_add(&change, user);
	}
	case_commit(&change);
	ck_assert_uint_eq(case_verified("nss").user_count, LARGE_USERS);
	registry = case_verified("registry");
	ck_assert_uint_gt(registry.size, LARGE_BYTES);
	case_open("registry", &registry);
	for (number = 0; number < LARGE_USERS; number += 1000) {
		snprintf(name, sizeof(name), "user%lu", number);
		ck_assert_ok(registry_find_name(&registry, name, &room, &user));
		ck_assert_str_eq(user.shell, text);
		ck_assert_uint_eq(user.uid, FIRST_UID + number);
	}
	case_remove();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    large_registry_is_written_whole,
	    NULL,
	};

	return unit_run("registry_large", tests);
}
