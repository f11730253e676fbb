/* SPDX-License-Identifier: MIT */
#include "base64url.h"

#include <string.h>

#include "unit.h"

struct pair {
	const char *letters;
	const char *bytes;
};

static const struct pair pairs[] = {
    {"", ""},
    {"Zg", "f"},
    {"Zm8", "fo"},
    {"Zm9v", "foo"},
    {"Zm9vYg", "foob"},
    {"Zm9vYmE", "fooba"},
    {"Zm9vYmFy", "foobar"},
    {"-_-_", "\xfb\xff\xbf"},
    {"e30", "{}"},
};

START_TEST(letters_and_bytes_stand_for_each_other)
{
	size_t at;

	for (at = 0; at < sizeof(pairs) / sizeof(*pairs); at++) {
		struct buffer bytes = buffer_make(64);
		struct buffer letters = buffer_make(64);

		ck_assert_ok(base64url_decode(
		    &bytes, pairs[at].letters, strlen(pairs[at].letters)));
		ck_assert_str_eq(buffer_text(&bytes), pairs[at].bytes);
		ck_assert_ok(base64url_encode(
		    &letters, pairs[at].bytes, strlen(pairs[at].bytes)));
		ck_assert_str_eq(buffer_text(&letters), pairs[at].letters);
		buffer_clear(&bytes);
		buffer_clear(&letters);
	}
}
END_TEST

START_TEST(what_has_another_form_is_refused)
{
	static const char *const wrong[] = {"Z", "Zg=", "Zg==", "Zm8=", "Zh",
	    "Zm9", "Zm9v\n", "Zm9vY", "+/+/", "Zm 8", "Z.8", "\xc3\xa9"};
	size_t at;

	for (at = 0; at < sizeof(wrong) / sizeof(*wrong); at++) {
		struct buffer bytes = buffer_make(64);

		ck_assert_msg(base64url_decode(&bytes, wrong[at],
				  strlen(wrong[at])) == EXTAUTH_INVALID,
		    "%s", wrong[at]);
		buffer_clear(&bytes);
	}
}
END_TEST

START_TEST(nul_is_no_letter)
{
	struct buffer bytes = buffer_make(64);

	ck_assert_int_eq(base64url_decode(&bytes, "Zm\0v", 4), EXTAUTH_INVALID);
	buffer_clear(&bytes);
}
END_TEST

START_TEST(limit_holds)
{
	struct buffer bytes = buffer_make(2);

	ck_assert_int_eq(base64url_decode(&bytes, "Zm9v", 4), EXTAUTH_TOOBIG);
	buffer_clear(&bytes);
	ck_assert_int_eq(base64url_encode(&bytes, "foo", 3), EXTAUTH_TOOBIG);
	buffer_clear(&bytes);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    letters_and_bytes_stand_for_each_other,
	    what_has_another_form_is_refused,
	    nul_is_no_letter,
	    limit_holds,
	    NULL,
	};

	return unit_run("base64url", tests);
}
