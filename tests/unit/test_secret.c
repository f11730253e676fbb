/* SPDX-License-Identifier: MIT */
#include "secret.h"

#include <string.h>

#include "unit.h"

START_TEST(empty_secret_is_an_empty_text)
{
	struct secret none = {0};

	ck_assert_str_eq(secret_reveal(&none), "");
	secret_clear(&none);
	secret_clear(NULL);
	ck_assert_ptr_null(none.hidden);
}
END_TEST

START_TEST(secret_is_a_copy_with_its_length)
{
	cleanup_secret struct secret secret = {0};
	char password[] = "a\0bc";

	ck_assert_ok(secret_set(&secret, password, 4));
	memset(password, 'x', sizeof(password));
	ck_assert_uint_eq(secret.length, 4);
	ck_assert_mem_eq(secret_reveal(&secret), "a\0bc", 5);
}
END_TEST

START_TEST(secret_is_replaced)
{
	cleanup_secret struct secret secret = {0};

	ck_assert_ok(secret_set(&secret, "first one", 9));
	ck_assert_ok(secret_set(&secret, "second", 6));
	ck_assert_str_eq(secret_reveal(&secret), "second");
	ck_assert_ok(secret_set(&secret, "", 0));
	ck_assert_str_eq(secret_reveal(&secret), "");
	ck_assert_uint_eq(secret.length, 0);
}
END_TEST

START_TEST(too_long_a_secret_leaves_none)
{
	cleanup_secret struct secret secret = {0};
	static char bytes[SECRET_MAX_BYTES + 1];

	memset(bytes, 'p', sizeof(bytes));
	ck_assert_ok(secret_set(&secret, bytes, SECRET_MAX_BYTES));
	ck_assert_uint_eq(strlen(secret_reveal(&secret)), SECRET_MAX_BYTES);
	ck_assert_int_eq(
	    secret_set(&secret, bytes, sizeof(bytes)), EXTAUTH_TOOBIG);
	ck_assert_uint_eq(secret.length, 0);
	ck_assert_str_eq(secret_reveal(&secret), "");
}
END_TEST

START_TEST(cleared_secret_is_the_empty_state)
{
	struct secret secret = {0};

	ck_assert_ok(secret_set(&secret, "hunter2", 7));
	secret_clear(&secret);
	ck_assert_ptr_null(secret.hidden);
	ck_assert_uint_eq(secret.length, 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    empty_secret_is_an_empty_text,
	    secret_is_a_copy_with_its_length,
	    secret_is_replaced,
	    too_long_a_secret_leaves_none,
	    cleared_secret_is_the_empty_state,
	    NULL,
	};

	return unit_run("secret", tests);
}
