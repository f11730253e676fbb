/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "login.h"
#include "unit.h"

START_TEST(printable_text_keeps_letters_and_nothing_that_hides)
{
	static const struct {
		const char *text;
		const char *printable;
	} cases[] = {
	    {"", ""},
	    {"Kennwort ung\xc3\xbcltig", "Kennwort ung\xc3\xbcltig"},
	    {"\xe5\xaf\x86\xe7\xa0\x81 \xf0\x9f\x94\x91",
		"\xe5\xaf\x86\xe7\xa0\x81 \xf0\x9f\x94\x91"},
	    {"cut\xe5\xaf", "cut"},
	    {"latin \xfc 1", "latin ? 1"},
	    {"a\nb\tc\rd\x7f", "a\nb?c?d?"},
	    {"csi \xc2\x9b"
	     "2J",
		"csi ??2J"},
	    {"turn \xe2\x80\xae"
	     "x",
		"turn ???x"},
	    {"\xd8\x9c\xe2\x81\xa6\xef\xbb\xbf", "????????"},
	    {"tag \xf3\xa0\x81\x81", "tag ????"},
	    {"\xe2\x82\xac \xe2\x80\x93", "\xe2\x82\xac \xe2\x80\x93"},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[64] = "";

		memcpy(text, cases[i].text, strlen(cases[i].text));
		login_make_printable(text, "\n");
		ck_assert_str_eq(text, cases[i].printable);
	}
}
END_TEST

START_TEST(plain_text_is_printable_ascii)
{
	char text[] = "ung\xc3\xbcltig\n\x7f~ !";

	login_make_plain(text);
	ck_assert_str_eq(text, "ung??ltig??~ !");
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    printable_text_keeps_letters_and_nothing_that_hides,
	    plain_text_is_printable_ascii,
	    NULL,
	};

	return unit_run("login_text", tests);
}
