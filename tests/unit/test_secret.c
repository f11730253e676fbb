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

START_TEST(secrets_are_equal_byte_by_byte)
{
	static const struct {
		const char *one;
		size_t one_length;
		const char *other;
		size_t other_length;
		bool are_equal;
	} cases[] = {
	    {"", 0, "", 0, true},
	    {"secret", 6, "secret", 6, true},
	    {"a\0b", 3, "a\0b", 3, true},
	    {"a\0b", 3, "a\0c", 3, false},
	    {"secret", 6, "secreT", 6, false},
	    {"secret", 6, "Secret", 6, false},
	    {"secret", 6, "secre", 5, false},
	    {"", 0, "s", 1, false},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cleanup_secret struct secret one = {0};
		cleanup_secret struct secret other = {0};

		ck_assert_ok(
		    secret_set(&one, cases[i].one, cases[i].one_length));
		ck_assert_ok(
		    secret_set(&other, cases[i].other, cases[i].other_length));
		ck_assert(secret_equals(&one, &other) == cases[i].are_equal);
	}
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
	    secrets_are_equal_byte_by_byte,
	    cleared_secret_is_the_empty_state,
	    NULL,
	};

	return unit_run("secret", tests);
}
