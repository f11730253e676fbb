/* SPDX-License-Identifier: MIT */
#include "condition.h"

#include <string.h>

#include "unit.h"

/* More arrays beside each other than may be in each other. */
#define SIBLINGS "[[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[]]]"

static const struct {
	const char *text;
	const char *pointer;
	enum condition_comparison comparison;
	const char *literal;
} good[] = {
    {"/status", "/status", CONDITION_PRESENT, NULL},
    {"  /a/b~1c~0d/0 \t", "/a/b~1c~0d/0", CONDITION_PRESENT, NULL},
    {"/", "/", CONDITION_PRESENT, NULL},
    {"/s == \"active\"", "/s", CONDITION_EQUAL, "\"active\""},
    {"/s  !=\t\"a b == c\"  ", "/s", CONDITION_NOT_EQUAL, "\"a b == c\""},
    {"/s ==1", "/s", CONDITION_EQUAL, "1"},
    {"== true", "", CONDITION_EQUAL, "true"},
    {"!= null", "", CONDITION_NOT_EQUAL, "null"},
    {"/s == false", "/s", CONDITION_EQUAL, "false"},
    {"/s == -0.5e+3", "/s", CONDITION_EQUAL, "-0.5e+3"},
    {"/s == 10E-2", "/s", CONDITION_EQUAL, "10E-2"},
    {"/s == 7e1", "/s", CONDITION_EQUAL, "7e1"},
    {"/s == \"\\u00e9\\n\\\"\"", "/s", CONDITION_EQUAL, "\"\\u00e9\\n\\\"\""},
    {"/s == []", "/s", CONDITION_EQUAL, "[]"},
    {"/s == { }", "/s", CONDITION_EQUAL, "{ }"},
    {"/s == [ 1 , {\"a\" : [true]} ]", "/s", CONDITION_EQUAL,
	"[ 1 , {\"a\" : [true]} ]"},
    {"/s == " SIBLINGS, "/s", CONDITION_EQUAL, SIBLINGS},
    {"/s == \"\\uafAF\\u09fa\"", "/s", CONDITION_EQUAL, "\"\\uafAF\\u09fa\""},
    {"/s == [[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]", "/s", CONDITION_EQUAL,
	"[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]"},
};

START_TEST(condition_is_read_into_its_parts)
{
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct condition condition = {0};
		struct extauth_error error = {{0}};

		ck_assert_msg(condition_parse(good[i].text, &condition,
				  &error) == EXTAUTH_OK,
		    "%s: %s", good[i].text, error.text);
		ck_assert_str_eq(condition.pointer, good[i].pointer);
		ck_assert_int_eq(condition.comparison, good[i].comparison);
		ck_assert_pstr_eq(condition.literal, good[i].literal);
		condition_clear(&condition);
		ck_assert_ptr_null(condition.pointer);
	}
}
END_TEST

static const struct {
	const char *text;
	const char *part_of_reason;
} bad[] = {
    {"", "a condition is"},
    {"  ", "a condition is"},
    {"status", "starts with '/'"},
    {"status == 1", "starts with '/'"},
    {"\"x\"", "starts with '/'"},
    {"/a~", "~0"},
    {"/a~2", "~0"},
    {"/a~ == 1", "~0"},
    {"/status = \"active\"", "nothing, or =="},
    {"/status active", "nothing, or =="},
    {"/status > 1", "nothing, or =="},
    {"= 1", "nothing, or =="},
    {"! 1", "nothing, or =="},
    {"/status==1", "blanks around"},
    {"/status!=1", "blanks around"},
    {"/status=active", "blanks around"},
    {"/status== 1", "blanks around"},
    {"/s ==", "not JSON"},
    {"/s == ", "not JSON"},
    {"/s == active", "double quotes"},
    {"/s == 'active'", "double quotes"},
    {"/s == \"a", "not JSON"},
    {"/s == \"a\"b", "not JSON"},
    {"/s == \"\\x\"", "not JSON"},
    {"/s == \"\\", "not JSON"},
    {"/s == \"\\u12g4\"", "not JSON"},
    {"/s == \"a\tb\"", "not JSON"},
    {"/s == [\"a\t]", "not JSON"},
    {"/s == \"\\u12", "not JSON"},
    {"/s == \"\\u123\"", "not JSON"},
    {"/s == \"a\x1f\"", "not JSON"},
    {"/s == {", "not JSON"},
    {"/s == [", "not JSON"},
    {"/s == {:1}", "not JSON"},
    {"/s == [[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]", "not JSON"},
    {"/s == \"\xff\"", "not JSON"},
    {"/s == True", "not JSON"},
    {"/s == truee", "not JSON"},
    {"/s == 01", "not JSON"},
    {"/s == -", "not JSON"},
    {"/s == +1", "not JSON"},
    {"/s == 1.", "not JSON"},
    {"/s == .5", "not JSON"},
    {"/s == 1e", "not JSON"},
    {"/s == 1 2", "not JSON"},
    {"/s == [1", "not JSON"},
    {"/s == [1,]", "not JSON"},
    {"/s == [,1]", "not JSON"},
    {"/s == {1:2}", "not JSON"},
    {"/s == {\"a\"}", "not JSON"},
    {"/s == {\"a\":}", "not JSON"},
    {"/s == [1}", "not JSON"},
    {"/s == [[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]", "not JSON"},
};

START_TEST(condition_with_a_mistake_is_refused_with_its_reason)
{
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct condition condition = {NULL, CONDITION_NOT_EQUAL, NULL};
		struct extauth_error error = {{0}};

		ck_assert_msg(condition_parse(bad[i].text, &condition,
				  &error) == EXTAUTH_CONFIG,
		    "%s", bad[i].text);
		ck_assert_msg(strstr(error.text, bad[i].part_of_reason) != NULL,
		    "%s gives: %s", bad[i].text, error.text);
		ck_assert_int_eq(condition.comparison, CONDITION_NOT_EQUAL);
	}
}
END_TEST

START_TEST(pointer_follows_its_grammar)
{
	ck_assert_ok(condition_check_pointer("", NULL));
	ck_assert_ok(condition_check_pointer("/a b=c/~0~1", NULL));
	ck_assert_int_eq(condition_check_pointer("a", NULL), EXTAUTH_CONFIG);
	ck_assert_int_eq(condition_check_pointer("#/a", NULL), EXTAUTH_CONFIG);
	ck_assert_int_eq(condition_check_pointer("/~", NULL), EXTAUTH_CONFIG);
	ck_assert_int_eq(condition_check_pointer("/~2", NULL), EXTAUTH_CONFIG);
}
END_TEST

START_TEST(empty_condition_is_cleared_without_harm)
{
	struct condition none = {0};

	condition_clear(NULL);
	condition_clear(&none);
	ck_assert_ptr_null(none.pointer);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    condition_is_read_into_its_parts,
	    condition_with_a_mistake_is_refused_with_its_reason,
	    pointer_follows_its_grammar,
	    empty_condition_is_cleared_without_harm,
	    NULL,
	};

	return unit_run("condition", tests);
}
