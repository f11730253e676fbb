/* SPDX-License-Identifier: MIT */
#include "ini.h"

#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "unit.h"

#define cleanup_ini __attribute__((cleanup(ini_clear)))

struct expected {
	const char *section;
	const char *key;
	const char *value;
	unsigned line;
};

static enum extauth_err
parse(struct ini *ini, const char *text, struct extauth_error *error)
{
	return ini_parse(ini, "x.conf", text, strlen(text), error);
}

static void
expect_entries(const char *text, const struct expected *expected, size_t count)
{
	cleanup_ini struct ini ini = {0};
	struct extauth_error error = {{0}};
	size_t i;

	ck_assert_msg(
	    parse(&ini, text, &error) == EXTAUTH_OK, "%s", error.text);
	ck_assert_uint_eq(ini.count, count);
	for (i = 0; i < count; i++) {
		ck_assert_str_eq(ini.entries[i].section, expected[i].section);
		ck_assert_pstr_eq(ini.entries[i].key, expected[i].key);
		ck_assert_pstr_eq(ini.entries[i].value, expected[i].value);
		ck_assert_uint_eq(ini.entries[i].line, expected[i].line);
		ck_assert_str_eq(ini.entries[i].path, "x.conf");
	}
}

START_TEST(sections_and_keys_are_read_with_their_lines)
{
	static const struct expected expected[] = {
	    {"extauth", "a", "1", 2},
	    {"extauth", "b_2", "x = y # no comment", 3},
	    {"provider main", "url", "", 6},
	    {"service sudo-i", "a", "2", 8},
	};

	expect_entries("[extauth]\na=1\nb_2 =\t x = y # no comment \t\n\n"
		       "[provider   main]\nurl =\n[ service sudo-i ] \na = 2",
	    expected, 4);
}
END_TEST

START_TEST(empty_text_has_no_entries)
{
	expect_entries("", NULL, 0);
	expect_entries("\n \n\t\n# x\n  ; y\n", NULL, 0);
}
END_TEST

START_TEST(section_without_a_key_is_kept)
{
	static const struct expected expected[] = {
	    {"a", NULL, NULL, 1},
	    {"b", "k", "v", 3},
	    {"c", NULL, NULL, 4},
	};

	expect_entries("[a]\n[b]\nk = v\n[c]\n", expected, 3);
}
END_TEST

START_TEST(value_goes_on_in_indented_lines)
{
	static const struct expected expected[] = {
	    {"a", "body", "{\"x\": 1,\n\"y\": 2}", 2},
	    {"a", "next", "first\nsecond", 4},
	    {"a", "last", "1", 7},
	};

	expect_entries(
	    "[a]\nbody = {\"x\": 1,\n\t  \"y\": 2} \nnext =\n first\n"
	    "\tsecond\nlast = 1\n",
	    expected, 3);
}
END_TEST

START_TEST(comment_in_the_first_column_leaves_the_value_open)
{
	static const struct expected expected[] = {{"a", "k", "1\n2\n3", 2}};

	expect_entries("[a]\nk = 1\n# x\n 2\n; y\n 3\n", expected, 1);
}
END_TEST

START_TEST(indented_hash_goes_on_with_an_open_value)
{
	static const struct expected expected[] = {
	    {"a", "k", "1\n# 2\n; [x]\nb = 3", 2}};

	expect_entries("[a]\nk = 1\n # 2\n ; [x]\n b = 3\n", expected, 1);
}
END_TEST

START_TEST(indented_comment_is_one_where_no_value_is_open)
{
	static const struct expected expected[] = {{"a", "k", "1", 3}};

	expect_entries("[a]\n  # x\nk = 1\n\n  # y\n", expected, 1);
}
END_TEST

START_TEST(carriage_returns_before_line_feeds_are_dropped)
{
	static const struct expected expected[] = {{"a", "k", "1\n2", 2}};

	expect_entries("[a]\r\nk = 1\r\n 2\r\n\r\n#\r\n", expected, 1);
}
END_TEST

START_TEST(long_line_is_kept_whole)
{
	cleanup_ini struct ini ini = {0};
	cleanup_buffer struct buffer text = buffer_make(200000);
	size_t i;

	ck_assert_ok(buffer_append_text(&text, "[a]\nk = "));
	for (i = 0; i < 100000; i++)
		ck_assert_ok(buffer_append(&text, "v", 1));
	ck_assert_ok(parse(&ini, buffer_text(&text), NULL));
	ck_assert_uint_eq(strlen(ini.entries[0].value), 100000);
}
END_TEST

static const struct {
	const char *text;
	const char *reason;
} bad[] = {
    {"k = 1\n", "x.conf:1: k: this key stands before any [section]"},
    {"[a]\nfoo\n", "x.conf:2: [a] this is no [section]"},
    {"\n\nfoo\n", "x.conf:3: this is no [section]"},
    {"[a]\n\nFoo = 1\n", "x.conf:3: [a] Foo: a key is of"},
    {"[a]\n2a = 1\n", "x.conf:2: [a] 2a: a key is of"},
    {"[a]\na-b = 1\n", "x.conf:2: [a] a-b: a key is of"},
    {"[a]\na b = 1\n", "x.conf:2: [a] a b: a key is of"},
    {"[a]\n = 1\n", "x.conf:2: [a] an indented line"},
    {"[a]\n= 1\n", "x.conf:2: [a] a key is of"},
    {"[a]\n k = 1\n", "x.conf:2: [a] an indented line"},
    {"[a]\nk = 1\n\n 2\n", "x.conf:4: [a] an indented line"},
    {" k\n", "x.conf:1: an indented line"},
    {"[a\n", "x.conf:1: a section is written"},
    {"[\n", "x.conf:1: a section is written"},
    {"[]\n", "x.conf:1: a section is written"},
    {"[ ]\n", "x.conf:1: a section is written"},
    {"[A]\n", "x.conf:1: a section is written"},
    {"[1]\n", "x.conf:1: a section is written"},
    {"[a] x\n", "x.conf:1: a section is written"},
    {"[a b c]\n", "x.conf:1: a section is written"},
    {"[a b/c]\n", "x.conf:1: a section is written"},
    {"[a] # x\n", "x.conf:1: a section is written"},
    {"\xef\xbb\xbf[a]\n", "x.conf:1: the file starts with a byte order mark"},
    {"[a]\nk = \x01\n", "x.conf:2: [a] there is a control byte"},
    {"[a]\nk = \x7f\n", "x.conf:2: [a] there is a control byte"},
    {"# \x1b\n", "x.conf:1: there is a control byte"},
    {"[a]\nk = 1\rj = 2\n", "x.conf:2: [a] there is a carriage return"},
    {"[a]\nk = 1\n \xff\n", "x.conf:3: [a] k: there are bytes that are not"},
    {"[a]\nk = 1\nj = \xff\n", "x.conf:3: [a] there are bytes that are not"},
};

START_TEST(mistake_is_told_with_its_place)
{
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		cleanup_ini struct ini ini = {0};
		struct extauth_error error = {{0}};

		ck_assert_msg(
		    parse(&ini, bad[i].text, &error) == EXTAUTH_CONFIG,
		    "row %zu", i);
		ck_assert_msg(strncmp(error.text, bad[i].reason,
				  strlen(bad[i].reason)) == 0,
		    "row %zu: %s", i, error.text);
		ck_assert_uint_eq(ini.count, 0);
		ck_assert_uint_eq(ini.path_count, 0);
	}
}
END_TEST

START_TEST(nul_byte_is_refused)
{
	cleanup_ini struct ini ini = {0};
	struct extauth_error error;

	ck_assert_int_eq(
	    ini_parse(&ini, "x.conf", "[a]\nk = 1\0002\n", 12, &error),
	    EXTAUTH_CONFIG);
	ck_assert_str_eq(error.text, "x.conf:2: [a] there is a control byte");
}
END_TEST

START_TEST(text_over_one_mebibyte_is_refused)
{
	cleanup_ini struct ini ini = {0};
	size_t length = (size_t)1024 * 1024;
	cleanup_free char *text = malloc(length + 1);
	struct extauth_error error;

	ck_assert_ptr_nonnull(text);
	memset(text, '\n', length + 1);
	ck_assert_ok(ini_parse(&ini, "x.conf", text, length, NULL));
	ck_assert_int_eq(ini_parse(&ini, "x.conf", text, length + 1, &error),
	    EXTAUTH_CONFIG);
	ck_assert_str_eq(error.text, "x.conf:1: the file has more than 1 MiB");
}
END_TEST

START_TEST(second_text_is_added_and_a_bad_one_leaves_no_trace)
{
	cleanup_ini struct ini ini = {0};

	ck_assert_ok(parse(&ini, "[a]\nk = 1\n", NULL));
	ck_assert_int_eq(
	    parse(&ini, "[b]\nk = 2\nj = 3\nbad\n", NULL), EXTAUTH_CONFIG);
	ck_assert_uint_eq(ini.count, 1);
	ck_assert_uint_eq(ini.path_count, 1);
	ck_assert_ok(ini_parse(&ini, "y.conf", "[c]\nk = 4\n", 10, NULL));
	ck_assert_uint_eq(ini.count, 2);
	ck_assert_str_eq(ini.entries[0].path, "x.conf");
	ck_assert_str_eq(ini.entries[1].path, "y.conf");
	ck_assert_str_eq(ini.entries[1].value, "4");
	ini_clear(NULL);
}
END_TEST

START_TEST(like_word_is_suggested)
{
	static const char *const candidates[] = {"accept_status", "accept_if",
	    "timeout", "url", "connect_timeout", NULL};
	static const struct {
		const char *word;
		const char *expected;
	} rows[] = {
	    {"timeout", "timeout"},
	    {"timout", "timeout"},
	    {"tiemout", "timeout"},
	    {"timeoutt", "timeout"},
	    {"urk", "url"},
	    {"ulr", "url"},
	    {"rl", "url"},
	    {"uuu", NULL},
	    {"acept_if", "accept_if"},
	    {"accept-status", "accept_status"},
	    {"xyzzy", NULL},
	    {"", NULL},
	    {"tiemot", "timeout"},
	    {"timwxyz", NULL},
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_pstr_eq(
		    ini_suggest(rows[i].word, candidates), rows[i].expected);
}
END_TEST

START_TEST(nearest_of_several_is_suggested)
{
	static const char *const candidates[] = {
	    "abcdxx", "abcdex", "abcdey", NULL};

	ck_assert_str_eq(ini_suggest("abcdef", candidates), "abcdex");
}
END_TEST

START_TEST(word_and_more_is_suggested)
{
	static const char *const candidates[] = {
	    "client_id", "client_secret_file", NULL};

	ck_assert_str_eq(
	    ini_suggest("client_secret", candidates), "client_secret_file");
	ck_assert_ptr_null(ini_suggest("client_sec_", candidates));
}
END_TEST

START_TEST(over_long_words_suggest_nothing)
{
	char word[66];
	const char *const same[] = {word, NULL};

	memset(word, 'a', 65);
	word[65] = '\0';
	ck_assert_ptr_null(ini_suggest(word, same));
	ck_assert_ptr_null(ini_suggest("aaa", same));
	word[64] = '\0';
	ck_assert_ptr_eq(ini_suggest(word, same), word);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    sections_and_keys_are_read_with_their_lines,
	    empty_text_has_no_entries,
	    section_without_a_key_is_kept,
	    value_goes_on_in_indented_lines,
	    comment_in_the_first_column_leaves_the_value_open,
	    indented_hash_goes_on_with_an_open_value,
	    indented_comment_is_one_where_no_value_is_open,
	    carriage_returns_before_line_feeds_are_dropped,
	    long_line_is_kept_whole,
	    mistake_is_told_with_its_place,
	    nul_byte_is_refused,
	    text_over_one_mebibyte_is_refused,
	    second_text_is_added_and_a_bad_one_leaves_no_trace,
	    like_word_is_suggested,
	    nearest_of_several_is_suggested,
	    word_and_more_is_suggested,
	    over_long_words_suggest_nothing,
	    NULL,
	};

	return unit_run("ini", tests);
}
