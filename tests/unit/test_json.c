/* SPDX-License-Identifier: MIT */
#include "json.h"

#include <string.h>

#include "unit.h"

static enum extauth_err
parse(const char *text)
{
	cleanup_json struct json json = {0};
	struct extauth_error error = {0};
	enum extauth_err err = json_parse(text, strlen(text), &json, &error);

	if (err != EXTAUTH_OK)
		ck_assert_str_ne(error.text, "");
	return err;
}

START_TEST(strict_json_is_read)
{
	static const char *const texts[] = {
	    "{}",
	    "[]",
	    "null",
	    "true",
	    "0",
	    "-1.5e3",
	    "\"\"",
	    " {\"a\":1} \n",
	    "{\"a\":{\"b\":[1,2,{\"c\":null}]}}",
	    "{\"a\":\"x:y\",\"b\":\":\"}",
	    "{\"a\\\"b\":1,\"a\":2}",
	    "\"\xc3\xa9\"",
	    "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]",
	};
	size_t at;

	for (at = 0; at < sizeof(texts) / sizeof(*texts); at++)
		ck_assert_msg(parse(texts[at]) == EXTAUTH_OK, "%s", texts[at]);
}
END_TEST

START_TEST(what_is_not_strict_json_is_refused)
{
	static const char *const texts[] = {
	    "",
	    " ",
	    "{",
	    "{\"a\":1",
	    "[1,]",
	    "{\"a\":1,}",
	    "{'a':1}",
	    "{\"a\":1} x",
	    "{\"a\":1}{}",
	    "/* a */ 1",
	    "NaN",
	    "[Infinity]",
	    "[-Infinity]",
	    "[1e999]",
	    "\"\xff\"",
	    "\"\xc0\xaf\"",
	    "TRUE",
	    "\xef\xbb\xbf{}",
	    "{\"a\":\"x\ny\"}",
	    "01",
	    "-01",
	    "-",
	    "2.",
	    "[.5]",
	    "[2.e1]",
	    "1e",
	    "[1e+]",
	    "[1-2]",
	    "{a:1}",
	    "\"a",
	    "[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]",
	    "<html></html>",
	};
	size_t at;

	for (at = 0; at < sizeof(texts) / sizeof(*texts); at++)
		ck_assert_msg(
		    parse(texts[at]) == EXTAUTH_INVALID, "%s", texts[at]);
}
END_TEST

START_TEST(name_that_stands_twice_is_refused)
{
	ck_assert_int_eq(parse("{\"a\":1,\"a\":2}"), EXTAUTH_INVALID);
	ck_assert_int_eq(parse("{\"a\":1,\"\\u0061\":1}"), EXTAUTH_INVALID);
	ck_assert_int_eq(
	    parse("[{\"x\":{\"a\":1,\"b\":2,\"a\":1}}]"), EXTAUTH_INVALID);
	ck_assert_ok(parse("[{\"a\":1},{\"a\":2}]"));
}
END_TEST

START_TEST(nul_is_refused_wherever_it_stands)
{
	static const char with_nul[] = "{\"a\":1}\0";
	cleanup_json struct json json = {0};

	ck_assert_int_eq(parse("{\"root\\u0000x\":1}"), EXTAUTH_INVALID);
	ck_assert_int_eq(parse("[\"root\\u0000x\"]"), EXTAUTH_INVALID);
	ck_assert_ok(parse("[\"root\\\\u0000x\"]"));
	ck_assert_int_eq(json_parse(with_nul, sizeof(with_nul), &json, NULL),
	    EXTAUTH_INVALID);
}
END_TEST

struct condition_case {
	const char *text;
	const char *condition;
	bool holds;
};

static const struct condition_case condition_cases[] = {
    {"{\"a\":1}", "/a", true},
    {"{\"a\":0}", "/a", true},
    {"{\"a\":\"\"}", "/a", true},
    {"{\"a\":null}", "/a", false},
    {"{\"a\":false}", "/a", false},
    {"{\"a\":true}", "/a", true},
    {"{\"b\":1}", "/a", false},
    {"{\"a\":\"active\"}", "/a == \"active\"", true},
    {"{\"a\":\"Active\"}", "/a == \"active\"", false},
    {"{\"a\":\"active \"}", "/a == \"active\"", false},
    {"{\"a\":1}", "/a == 1", true},
    {"{\"a\":\"1\"}", "/a == 1", false},
    {"{\"a\":1.0}", "/a == 1", false},
    {"{\"a\":true}", "/a == 1", false},
    {"{\"a\":\"true\"}", "/a == true", false},
    {"{\"a\":true}", "/a == true", true},
    {"{\"a\":null}", "/a == null", true},
    {"{}", "/a == null", false},
    {"{\"a\":[1,2]}", "/a == [1,2]", true},
    {"{\"a\":[2,1]}", "/a == [1,2]", false},
    {"{\"a\":{\"x\":1}}", "/a == {\"x\":1}", true},
    {"{\"a\":1}", "/a != 2", true},
    {"{\"a\":2}", "/a != 2", false},
    {"{}", "/a != 2", false},
    {"{\"a\":null}", "/a != 2", true},
    {"{\"a\":null}", "/a != null", false},
    {"{\"a\":4294968296}", "/a == 1000", false},
    {"{\"a\":99999999999999999999}", "/a == 99999999999999999998", false},
    {"{\"a\":99999999999999999999}", "/a != 1", false},
    {"{\"a\":[10,20]}", "/a/1 == 20", true},
    {"{\"a\":[10,20]}", "/a/01 == 20", false},
    {"{\"a\":[10,20]}", "/a/2", false},
    {"{\"a\":[10,20]}", "/a/-", false},
    {"{\"a\":[10,20]}", "/a/9999999999999999999", false},
    {"{\"a/b\":1,\"m~n\":2}", "/a~1b == 1", true},
    {"{\"a/b\":1,\"m~n\":2}", "/m~0n == 2", true},
    {"{\"~1\":1}", "/~01 == 1", true},
    {"{\"\":1}", "/ == 1", true},
    {"{\"a\":1}", "/a/b", false},
    {"true", "", true},
    {"false", "", false},
    {"null", "", false},
};

START_TEST(condition_holds_by_exact_type)
{
	size_t at;

	for (at = 0; at < sizeof(condition_cases) / sizeof(*condition_cases);
	     at++) {
		const struct condition_case *one = &condition_cases[at];
		struct condition condition = {0};
		cleanup_json struct json json = {0};

		if (one->condition[0] != '\0')
			ck_assert_ok(
			    condition_parse(one->condition, &condition, NULL));
		else
			condition.pointer = strdup("");
		ck_assert_ok(
		    json_parse(one->text, strlen(one->text), &json, NULL));
		ck_assert_msg(
		    json_condition_holds(&json, &condition) == one->holds,
		    "%s on %s", one->condition, one->text);
		condition_clear(&condition);
	}
}
END_TEST

START_TEST(text_is_copied_printable_and_cut)
{
	static const char answer[] =
	    "{\"error\":{\"message\":\"wr\xc3\xb6ng\\n\\u001b[2J\",\"code\":5}"
	    "}";
	cleanup_json struct json json = {0};
	char text[16];

	ck_assert_ok(json_parse(answer, strlen(answer), &json, NULL));
	ck_assert(json_copy_text(&json, "/error/message", text, sizeof(text)));
	ck_assert_str_eq(text, "wr?ng??[2J");
	ck_assert(json_copy_text(&json, "/error/message", text, 4));
	ck_assert_str_eq(text, "wr?");
	ck_assert(!json_copy_text(&json, "/error/code", text, sizeof(text)));
	ck_assert_str_eq(text, "");
	ck_assert(!json_copy_text(&json, "/error", text, sizeof(text)));
	ck_assert(!json_copy_text(&json, "/nothing", text, sizeof(text)));
	ck_assert(!json_copy_text(&json, "error", text, sizeof(text)));
	json_clear(NULL);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    strict_json_is_read,
	    what_is_not_strict_json_is_refused,
	    name_that_stands_twice_is_refused,
	    nul_is_refused_wherever_it_stands,
	    condition_holds_by_exact_type,
	    text_is_copied_printable_and_cut,
	    NULL,
	};

	return unit_run("json", tests);
}
