/* SPDX-License-Identifier: MIT */
#include "escape.h"

#include <string.h>

#include "decode.h"
#include "unit.h"

#define LIMIT 4096

struct row {
	enum escape_context context;
	const char *value;
	const char *expected; /* NULL: the value is refused */
};

struct language {
	enum escape_context context;
	size_t (*decode)(const char *text, size_t length, char *out);
	bool (*can_express)(int byte, bool is_alone);
};

static bool
any_byte(int byte, bool is_alone)
{
	(void)byte;
	(void)is_alone;
	return true;
}

static bool
any_but_a_dot_alone(int byte, bool is_alone)
{
	return !is_alone || byte != '.';
}

static bool
ascii_but_nul(int byte, bool is_alone)
{
	return any_byte(byte, is_alone) && byte != 0 && byte < 0x80;
}

static bool
xml_ascii(int byte, bool is_alone)
{
	return ascii_but_nul(byte, is_alone) &&
	    (byte >= 0x20 || byte == 9 || byte == 10 || byte == 13);
}

static bool
header_byte(int byte, bool is_alone)
{
	return byte >= 0x20 && byte < 0x7f && !(is_alone && byte == ' ');
}

static bool
decimal_digit(int byte, bool is_alone)
{
	return any_byte(byte, is_alone) && byte >= '0' && byte <= '9';
}

static bool
no_control(int byte, bool is_alone)
{
	return any_byte(byte, is_alone) && byte >= 0x20 && byte != 0x7f;
}

static const struct language languages[] = {
    {ESCAPE_NONE, decode_plain, no_control},
    {ESCAPE_URL_PATH, decode_percent, any_but_a_dot_alone},
    {ESCAPE_URL, decode_percent, any_byte},
    {ESCAPE_HEADER, decode_plain, header_byte},
    {ESCAPE_JSON, decode_json, ascii_but_nul},
    {ESCAPE_JSON_NUMBER, decode_plain, decimal_digit},
    {ESCAPE_XML, decode_xml, xml_ascii},
};

#define LANGUAGE_COUNT (sizeof(languages) / sizeof(languages[0]))

static void
expect_same_after_decoding(
    const struct language *language, const char *value, size_t length)
{
	cleanup_buffer struct buffer buffer = buffer_make(LIMIT);
	char decoded[LIMIT / 2];

	ck_assert_ok(
	    escape_append(&buffer, language->context, value, length, NULL));
	ck_assert_uint_eq(
	    language->decode(buffer_text(&buffer), buffer.length, decoded),
	    length);
	ck_assert_mem_eq(decoded, value, length);
}

static void
expect_refused(
    const struct language *language, const char *value, size_t length)
{
	cleanup_buffer struct buffer buffer = buffer_make(LIMIT);
	struct extauth_error error = {{0}};

	ck_assert_ok(buffer_append_text(&buffer, "kept"));
	ck_assert_int_eq(
	    escape_append(&buffer, language->context, value, length, &error),
	    EXTAUTH_INVALID);
	ck_assert_str_eq(buffer_text(&buffer), "kept");
	ck_assert_str_ne(error.text, "");
}

static void
judge(const struct language *language, int byte, bool is_alone)
{
	char value[] = {'1', '2', (char)byte, '3', '4'};
	const char *from = is_alone ? value + 2 : value;
	size_t length = is_alone ? 1 : sizeof(value);

	if (language->can_express(byte, is_alone))
		expect_same_after_decoding(language, from, length);
	else
		expect_refused(language, from, length);
}

START_TEST(every_byte_means_itself_or_is_refused)
{
	size_t i;
	int byte;

	for (i = 0; i < LANGUAGE_COUNT; i++) {
		for (byte = 0; byte < 256; byte++) {
			judge(&languages[i], byte, true);
			judge(&languages[i], byte, false);
		}
	}
}
END_TEST

START_TEST(all_expressible_bytes_together_mean_themselves)
{
	size_t i;
	int byte;

	for (i = 0; i < LANGUAGE_COUNT; i++) {
		char value[2 * 256];
		size_t length = 0;

		value[length++] = '1';
		for (byte = 255; byte >= 0; byte--)
			if (languages[i].can_express(byte, false))
				value[length++] = (char)byte;
		value[length++] = '1';
		expect_same_after_decoding(&languages[i], value, length);
	}
}
END_TEST

static const struct row rows[] = {
    {ESCAPE_NONE, "", ""},
    {ESCAPE_NONE, "a b/\xff", "a b/\xff"},
    {ESCAPE_URL, "", ""},
    {ESCAPE_URL, "azAZ09-._~", "azAZ09-._~"},
    {ESCAPE_URL, "a b+c", "a%20b%2Bc"},
    {ESCAPE_URL, "..", ".."},
    {ESCAPE_URL, "\xc3\xa9\x0a", "%C3%A9%0A"},
    {ESCAPE_URL_PATH, "a/../b?c#d", "a%2F..%2Fb%3Fc%23d"},
    {ESCAPE_URL_PATH, ".", NULL},
    {ESCAPE_URL_PATH, "..", NULL},
    {ESCAPE_URL_PATH, "...", "..."},
    {ESCAPE_URL_PATH, ".a", ".a"},
    {ESCAPE_URL_PATH, "a.", "a."},
    {ESCAPE_URL_PATH, "", ""},
    {ESCAPE_HEADER, "", ""},
    {ESCAPE_HEADER, "a b", "a b"},
    {ESCAPE_HEADER, " a", NULL},
    {ESCAPE_HEADER, "a ", NULL},
    {ESCAPE_HEADER, "a\tb", NULL},
    {ESCAPE_HEADER, "a\r\nX-Y: z", NULL},
    {ESCAPE_HEADER, "\xc3\xa9", NULL},
    {ESCAPE_JSON, "", ""},
    {ESCAPE_JSON, "\"\\/", "\\\"\\\\/"},
    {ESCAPE_JSON, "\n\x1f\x7f", "\\u000a\\u001f\\u007f"},
    {ESCAPE_JSON, "\xc3\xa9\xef\xbf\xbf", "\xc3\xa9\xef\xbf\xbf"},
    {ESCAPE_JSON, "\xc3", NULL},
    {ESCAPE_JSON_NUMBER, "0", "0"},
    {ESCAPE_JSON_NUMBER, "4294967295", "4294967295"},
    {ESCAPE_JSON_NUMBER, "10", "10"},
    {ESCAPE_JSON_NUMBER, "01", NULL},
    {ESCAPE_JSON_NUMBER, "", NULL},
    {ESCAPE_JSON_NUMBER, "-1", NULL},
    {ESCAPE_JSON_NUMBER, "1.5", NULL},
    {ESCAPE_JSON_NUMBER, "1e5", NULL},
    {ESCAPE_JSON_NUMBER, "1,\"a\":1", NULL},
    {ESCAPE_XML, "", ""},
    {ESCAPE_XML, "<&>\"'", "&lt;&amp;&gt;&quot;&#39;"},
    {ESCAPE_XML, "\t\n\r", "&#9;&#10;&#13;"},
    {ESCAPE_XML, "]]>", "]]&gt;"},
    {ESCAPE_XML, "\xef\xbf\xbd", "\xef\xbf\xbd"},
    {ESCAPE_XML, "\xef\xbf\xbe", NULL},
    {ESCAPE_XML, "a\xef\xbf\xbf", NULL},
    {ESCAPE_XML, "\xef\xbe\xbf", "\xef\xbe\xbf"},
    {ESCAPE_XML, "\xf0\x9f\xbf\xbf", "\xf0\x9f\xbf\xbf"},
    {ESCAPE_XML, "\x0b", NULL},
    {ESCAPE_XML, "\xff", NULL},
    {(enum escape_context)99, "a", NULL},
};

START_TEST(value_is_written_for_its_place)
{
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cleanup_buffer struct buffer buffer = buffer_make(LIMIT);
		enum extauth_err err = escape_append(&buffer, rows[i].context,
		    rows[i].value, strlen(rows[i].value), NULL);

		ck_assert_msg((err == EXTAUTH_OK) == (rows[i].expected != NULL),
		    "row %zu: %s", i, error_name(err));
		ck_assert_str_eq(buffer_text(&buffer),
		    rows[i].expected != NULL ? rows[i].expected : "");
	}
}
END_TEST

START_TEST(refusal_never_tells_the_value)
{
	static const char *const values[] = {"hunter2\x01", "hunter2\xff"};
	size_t i;
	size_t k;

	for (i = 0; i < LANGUAGE_COUNT; i++) {
		for (k = 0; k < 2; k++) {
			cleanup_buffer struct buffer buffer =
			    buffer_make(LIMIT);
			struct extauth_error error = {{0}};

			if (escape_append(&buffer, languages[i].context,
				values[k], strlen(values[k]),
				&error) != EXTAUTH_OK)
				ck_assert_str_ne(error.text, "");
			ck_assert_ptr_null(strstr(error.text, "hunter"));
		}
	}
}
END_TEST

START_TEST(value_that_does_not_fit_leaves_nothing)
{
	cleanup_buffer struct buffer buffer = buffer_make(10);

	ck_assert_ok(buffer_append_text(&buffer, "1234"));
	ck_assert_int_eq(escape_append(&buffer, ESCAPE_URL, "ab   ", 5, NULL),
	    EXTAUTH_TOOBIG);
	ck_assert_str_eq(buffer_text(&buffer), "1234");
	ck_assert_mem_eq(buffer.bytes + 4, "\0\0\0\0\0", 5);
	ck_assert_ok(escape_append(&buffer, ESCAPE_URL, " \n", 2, NULL));
	ck_assert_str_eq(buffer_text(&buffer), "1234%20%0A");
}
END_TEST

static bool
is_scalar_value(uint32_t lead, uint32_t code)
{
	static const uint32_t first[] = {0, 0x80, 0x800, 0x10000};

	return code >= first[lead] && code <= 0x10ffff &&
	    (code < 0xd800 || code > 0xdfff);
}

static size_t
encode_with(uint32_t extra, uint32_t code, char *out)
{
	static const uint32_t marks[] = {0, 0xc0, 0xe0, 0xf0};
	uint32_t i;

	for (i = extra; i > 0; i--) {
		out[i] = (char)(0x80 | (code & 0x3f));
		code >>= 6;
	}
	out[0] = (char)(marks[extra] | code);
	return extra + 1;
}

START_TEST(utf8_is_the_scalar_values_in_their_shortest_form)
{
	static const uint32_t end[] = {0x80, 0x800, 0x10000, 0x200000};
	uint32_t extra;
	uint32_t code;
	char text[4];

	for (extra = 0; extra < 4; extra++) {
		for (code = 0; code < end[extra]; code++) {
			size_t length = encode_with(extra, code, text);

			if (escape_is_utf8(text, length) !=
			    is_scalar_value(extra, code))
				ck_abort_msg("%u bytes, U+%04X", extra, code);
		}
	}
}
END_TEST

START_TEST(broken_utf8_is_seen)
{
	static const char *const bad[] = {"\x80", "\xbf", "\xc3", "\xc3(",
	    "\xe2\x82", "\xe2(\xa1", "\xe2\x82(", "\xf0\x9f\x92",
	    "\xf0(\x8c\xbc", "\xf0\x90(\xbc", "\xf0\x9f\x92(", "\xf8\x88\x80",
	    "\xfe", "\xff", "\xc3\xa9\xa9", "\xe0\xa0\xc0", "\xf5\x80\x80\x80"};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(
		    !escape_is_utf8(bad[i], strlen(bad[i])), "row %zu", i);
	ck_assert(escape_is_utf8("", 0));
	ck_assert(escape_is_utf8("\0", 1));
	ck_assert(!escape_is_utf8("\xc3\xa9", 1));
	ck_assert(escape_is_utf8("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 10));
}
END_TEST

START_TEST(base64_follows_the_vectors_of_the_standard)
{
	static const char *const pairs[][2] = {{"", ""}, {"f", "Zg=="},
	    {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="},
	    {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"},
	    {"\xff\xfe\xfd", "//79"}, {"\xfb\xef\xbe", "++++"}};
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		cleanup_buffer struct buffer buffer = buffer_make(LIMIT);

		ck_assert_ok(escape_append_base64(
		    &buffer, pairs[i][0], strlen(pairs[i][0])));
		ck_assert_str_eq(buffer_text(&buffer), pairs[i][1]);
	}
}
END_TEST

START_TEST(base64_is_of_the_bytes_that_it_was_given)
{
	cleanup_buffer struct buffer buffer = buffer_make(LIMIT);

	ck_assert_ok(escape_append_base64(&buffer, "f\xff\xff", 1));
	ck_assert_ok(escape_append_base64(&buffer, "fo\xff", 2));
	ck_assert_str_eq(buffer_text(&buffer), "Zg==Zm8=");
}
END_TEST

START_TEST(base64_that_does_not_fit_leaves_nothing)
{
	cleanup_buffer struct buffer buffer = buffer_make(7);

	ck_assert_int_eq(
	    escape_append_base64(&buffer, "foob", 4), EXTAUTH_TOOBIG);
	ck_assert_str_eq(buffer_text(&buffer), "");
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    every_byte_means_itself_or_is_refused,
	    all_expressible_bytes_together_mean_themselves,
	    value_is_written_for_its_place,
	    refusal_never_tells_the_value,
	    value_that_does_not_fit_leaves_nothing,
	    utf8_is_the_scalar_values_in_their_shortest_form,
	    broken_utf8_is_seen,
	    base64_follows_the_vectors_of_the_standard,
	    base64_is_of_the_bytes_that_it_was_given,
	    base64_that_does_not_fit_leaves_nothing,
	    NULL,
	};

	return unit_run("escape", tests);
}
