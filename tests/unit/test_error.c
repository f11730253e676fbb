/* SPDX-License-Identifier: MIT */
#include "error.h"

#include <errno.h>
#include <string.h>

#include "unit.h"

START_TEST(error_carries_its_text_and_code)
{
	struct extauth_error error;

	ck_assert_int_eq(
	    error_set(&error, EXTAUTH_CONFIG, "%s:%d", "x", 7), EXTAUTH_CONFIG);
	ck_assert_str_eq(error.text, "x:7");
	ck_assert_int_eq(
	    error_set(NULL, EXTAUTH_NOMEM, "%s", "x"), EXTAUTH_NOMEM);
}
END_TEST

START_TEST(control_bytes_do_not_reach_the_log)
{
	struct extauth_error error;

	ck_assert_int_eq(error_set(&error, EXTAUTH_SYSTEM, "%s",
			     "a\nb\x1b[0m\x1f\x7f\t~ \xc3\xa9"),
	    EXTAUTH_SYSTEM);
	ck_assert_str_eq(error.text, "a?b?[0m???~ \xc3\xa9");
}
END_TEST

START_TEST(long_text_is_cut)
{
	struct extauth_error error;

	ck_assert_int_eq(
	    error_set(&error, EXTAUTH_INVALID, "%0600d", 7), EXTAUTH_INVALID);
	ck_assert_uint_eq(strlen(error.text), EXTAUTH_ERROR_TEXT_BYTES - 1);
	ck_assert_int_eq(
	    error_prefix(&error, EXTAUTH_INVALID, "abc"), EXTAUTH_INVALID);
	ck_assert_int_eq(strncmp(error.text, "abc: 000", 8), 0);
	ck_assert_uint_eq(strlen(error.text), EXTAUTH_ERROR_TEXT_BYTES - 1);
}
END_TEST

START_TEST(prefix_stands_in_front_of_the_text)
{
	struct extauth_error error = {"reason"};

	ck_assert_int_eq(
	    error_prefix(&error, EXTAUTH_CONFIG, "100%s"), EXTAUTH_CONFIG);
	ck_assert_str_eq(error.text, "100%s: reason");
	ck_assert_int_eq(
	    error_prefix(NULL, EXTAUTH_CONFIG, "x"), EXTAUTH_CONFIG);
}
END_TEST

START_TEST(each_code_has_a_name_of_its_own)
{
	int i;
	int k;

	for (i = EXTAUTH_OK; i <= EXTAUTH_SYSTEM; i++) {
		const char *name = error_name((enum extauth_err)i);

		ck_assert_str_ne(name, "unknown error");
		for (k = EXTAUTH_OK; k < i; k++)
			ck_assert_str_ne(name, error_name((enum extauth_err)k));
	}
	ck_assert_str_eq(error_name((enum extauth_err)99), "unknown error");
	ck_assert_str_eq(error_name(EXTAUTH_OK), "no error");
}
END_TEST

static const char *
shout(const char *text)
{
	if (strcmp(text, "not found") == 0)
		return "NOT FOUND";
	return strcmp(text, "%s:%d") == 0 ? "%s! %d!" : text;
}

START_TEST(texts_go_through_a_translation_if_there_is_one)
{
	struct extauth_error error;

	ck_assert_str_eq(error_translated("not found"), "not found");
	error_translate_by(shout);
	ck_assert_str_eq(error_name(EXTAUTH_NOTFOUND), "NOT FOUND");
	ck_assert_str_eq(error_name(EXTAUTH_NOMEM), "out of memory");
	ck_assert_str_eq(error_of_number(ENOENT), "No such file or directory");
	ck_assert_str_eq(error_of_number(-7), "unknown error");
	ck_assert_int_eq(
	    error_set(&error, EXTAUTH_CONFIG, "%s:%d", "x", 7), EXTAUTH_CONFIG);
	ck_assert_str_eq(error.text, "x! 7!");
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    error_carries_its_text_and_code,
	    control_bytes_do_not_reach_the_log,
	    long_text_is_cut,
	    prefix_stands_in_front_of_the_text,
	    each_code_has_a_name_of_its_own,
	    texts_go_through_a_translation_if_there_is_one,
	    NULL,
	};

	return unit_run("error", tests);
}
