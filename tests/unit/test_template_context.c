/* SPDX-License-Identifier: MIT */
#include "template_context.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

#define LENGTH(rows) (sizeof(rows) / sizeof((rows)[0]))
#define HEX_DIGITS "0123456789abcdefABCDEF"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* Reads text that ends where its memory ends. */
static enum extauth_err
go_on(struct template_context *context, const char *text, size_t length)
{
	struct extauth_error error = {0};
	char *bytes = malloc(length > 0 ? length : 1);
	enum extauth_err err;

	ck_assert_ptr_nonnull(bytes);
	memcpy(bytes, text, length);
	err = template_context_literal(context, bytes, length, &error);
	ck_assert(err == EXTAUTH_OK || err == EXTAUTH_CONFIG);
	ck_assert((err == EXTAUTH_OK) == (error.text[0] == '\0'));
	free(bytes);
	return err;
}

/* Tells whether the byte can stand behind `before`. */
static bool
is_taken(enum template_kind kind, const char *before, char byte)
{
	struct template_context context = template_context_make(kind);

	ck_assert_ok(go_on(&context, before, strlen(before)));
	return go_on(&context, &byte, 1) == EXTAUTH_OK;
}

static bool
is_one_of(char byte, const char *set)
{
	return byte != '\0' && strchr(set, byte) != NULL;
}

static bool
is_control(unsigned char byte)
{
	return byte < ' ' || byte == 127;
}

static bool
is_in_url(unsigned char byte)
{
	return byte > ' ' && byte < 127 && !is_one_of((char)byte, "\\\"<>");
}

START_TEST(each_byte_stands_where_it_may)
{
	unsigned number;

	for (number = 0; number < 256; number++) {
		unsigned char byte = (unsigned char)number;
		char sign = (char)byte;

		ck_assert(
		    is_taken(TEMPLATE_PATH, "/h", sign) == !is_control(byte));
		ck_assert(
		    is_taken(TEMPLATE_HEADER, "a", sign) == !is_control(byte));
		ck_assert(
		    is_taken(TEMPLATE_FORM, "a=", sign) == is_in_url(byte));
		ck_assert(is_taken(TEMPLATE_URL, "https://h/?a=", sign) ==
		    (is_in_url(byte) && byte != '#'));
		ck_assert(is_taken(TEMPLATE_URL, "http://h", sign) ==
		    (is_in_url(byte) && byte != '#'));
		ck_assert(
		    is_taken(TEMPLATE_JSON, "\"a", sign) == (byte >= ' '));
		ck_assert(is_taken(TEMPLATE_JSON, "[1,", sign));
		ck_assert(is_taken(TEMPLATE_JSON, "\"\\", sign) ==
		    is_one_of(sign, "\"\\/bfnrtu"));
		ck_assert(is_taken(TEMPLATE_XML, "<a>&", sign) ==
		    is_one_of(sign, LETTERS "0123456789#;"));
		ck_assert(
		    is_taken(TEMPLATE_XML, "<a b='", sign) == (byte != '<'));
	}
}
END_TEST

START_TEST(escape_takes_hex_digits_and_no_value)
{
	static const struct {
		enum template_kind kind;
		const char *start;
		unsigned digits;
	} rows[] = {
	    {TEMPLATE_FORM, "a=%", 2},
	    {TEMPLATE_URL, "https://h/%", 2},
	    {TEMPLATE_JSON, "{\"\\u", 4},
	};
	size_t index;

	for (index = 0; index < LENGTH(rows); index++) {
		struct template_context context =
		    template_context_make(rows[index].kind);
		enum escape_context found;
		unsigned digit;

		ck_assert_ok(go_on(
		    &context, rows[index].start, strlen(rows[index].start)));
		for (digit = 0; digit < rows[index].digits; digit++) {
			unsigned byte;

			for (byte = 0; byte < 256; byte++) {
				struct template_context copy = context;
				char sign = (char)byte;

				ck_assert(
				    (go_on(&copy, &sign, 1) == EXTAUTH_OK) ==
				    is_one_of(sign, HEX_DIGITS));
			}
			ck_assert_int_eq(template_context_value(
					     &context, true, &found, NULL),
			    EXTAUTH_CONFIG);
			ck_assert_int_eq(template_context_end(&context, NULL),
			    EXTAUTH_CONFIG);
			ck_assert_ok(go_on(&context, "a", 1));
		}
		ck_assert_ok(
		    template_context_value(&context, true, &found, NULL));
	}
}
END_TEST

/* What has been read, and in which context a value then stands; -1: in none. */
struct place {
	enum template_kind kind;
	const char *text;
	int context;
	bool may_end;
};

static const struct place places[] = {
    {TEMPLATE_PATH, "/home/", ESCAPE_NONE, true},
    {TEMPLATE_HEADER, "Bearer ", ESCAPE_HEADER, true},
    {TEMPLATE_FORM, "", ESCAPE_URL, true},
    {TEMPLATE_FORM, "a=/?b", ESCAPE_URL, true},
    {TEMPLATE_URL, "", -1, true},
    {TEMPLATE_URL, "https://h", -1, true},
    {TEMPLATE_URL, "https://h:1", -1, true},
    {TEMPLATE_URL, "https://h/", ESCAPE_URL_PATH, true},
    {TEMPLATE_URL, "http://h/a/b", ESCAPE_URL_PATH, true},
    {TEMPLATE_URL, "https://h?", ESCAPE_URL, true},
    {TEMPLATE_URL, "https://h?a=", ESCAPE_URL, true},
    {TEMPLATE_URL, "https://h/?a=/b", ESCAPE_URL, true},
    {TEMPLATE_JSON, "{\"a\":", -1, true},
    {TEMPLATE_JSON, "{\"a", ESCAPE_JSON, false},
    {TEMPLATE_JSON, "{\"a\\", -1, false},
    {TEMPLATE_JSON, "{\"a\\\"", ESCAPE_JSON, false},
    {TEMPLATE_JSON, "{\"a\\\\\"", -1, true},
    {TEMPLATE_JSON, "\"\\u12ab", ESCAPE_JSON, false},
    {TEMPLATE_JSON, "\"\x7f", ESCAPE_JSON, false},
    {TEMPLATE_XML, "", ESCAPE_XML, true},
    {TEMPLATE_XML, "<a>", ESCAPE_XML, true},
    {TEMPLATE_XML, "<a", -1, false},
    {TEMPLATE_XML, "<a b", -1, false},
    {TEMPLATE_XML, "<a b=\"", ESCAPE_XML, false},
    {TEMPLATE_XML, "<a b=\"'>", ESCAPE_XML, false},
    {TEMPLATE_XML, "<a b=\"'\"", -1, false},
    {TEMPLATE_XML, "<a b='", ESCAPE_XML, false},
    {TEMPLATE_XML, "<a b='\"'>", ESCAPE_XML, true},
    {TEMPLATE_XML, "<a b='&", -1, false},
    {TEMPLATE_XML, "<a b='&amp", -1, false},
    {TEMPLATE_XML, "<a b='&amp;", ESCAPE_XML, false},
    {TEMPLATE_XML, "<a>&#39", -1, false},
    {TEMPLATE_XML, "<a>&#39;", ESCAPE_XML, true},
    {TEMPLATE_XML, "<!--", -1, false},
    {TEMPLATE_XML, "<!-->", -1, false},
    {TEMPLATE_XML, "<!--->", -1, false},
    {TEMPLATE_XML, "<!---->", ESCAPE_XML, true},
    {TEMPLATE_XML, "<!--<a-- >-", -1, false},
    {TEMPLATE_XML, "<!--&<a-->", ESCAPE_XML, true},
    {TEMPLATE_XML, "<!--a--><b", -1, false},
    {TEMPLATE_XML, "<!--a-->&", -1, false},
    {TEMPLATE_XML, "<![CDATA[", -1, false},
    {TEMPLATE_XML, "<![CDATA[]]", -1, false},
    {TEMPLATE_XML, "<![CDATA[]]>", ESCAPE_XML, true},
    {TEMPLATE_XML, "<![CDATA[]]><b", -1, false},
    {TEMPLATE_XML, "<![CDATA[<a>&", -1, false},
    {TEMPLATE_XML, "<?", -1, false},
    {TEMPLATE_XML, "<?>", -1, false},
    {TEMPLATE_XML,
	"<?"
	"?>",
	ESCAPE_XML, true},
    {TEMPLATE_XML, "<?a?><b", -1, false},
};

static void
assert_place(const struct place *place, struct template_context *context)
{
	enum escape_context wanted = (enum escape_context)place->context;
	enum escape_context found = ESCAPE_JSON_NUMBER;
	enum extauth_err err =
	    template_context_value(context, false, &found, NULL);
	bool has_room = strcmp(place->text, "") == 0 || place->may_end;

	ck_assert_msg(
	    (err == EXTAUTH_OK) == (place->context >= 0), "%s", place->text);
	if (place->context >= 0)
		ck_assert_msg(found == wanted, "%s", place->text);
	ck_assert_msg(
	    (template_context_end(context, NULL) == EXTAUTH_OK) == has_room,
	    "%s", place->text);
}

/* Read as a whole, and byte by byte where no sign is longer than one. */
START_TEST(value_stands_where_its_reader_takes_it_for_one)
{
	size_t index;

	for (index = 0; index < LENGTH(places); index++) {
		const struct place *place = &places[index];
		struct template_context context =
		    template_context_make(place->kind);
		size_t at;

		ck_assert_ok(go_on(&context, place->text, strlen(place->text)));
		assert_place(place, &context);
		if (place->kind == TEMPLATE_XML || place->kind == TEMPLATE_URL)
			continue;
		context = template_context_make(place->kind);
		for (at = 0; at < strlen(place->text); at++)
			ck_assert_ok(go_on(&context, place->text + at, 1));
		assert_place(place, &context);
	}
}
END_TEST

START_TEST(number_stands_outside_of_a_json_string)
{
	struct template_context context = template_context_make(TEMPLATE_JSON);
	enum escape_context found = ESCAPE_NONE;

	ck_assert_ok(go_on(&context, "{\"a\": ", 6));
	ck_assert_ok(template_context_value(&context, true, &found, NULL));
	ck_assert_int_eq(found, ESCAPE_JSON_NUMBER);
	ck_assert_ok(go_on(&context, "\"", 1));
	ck_assert_ok(template_context_value(&context, true, &found, NULL));
	ck_assert_int_eq(found, ESCAPE_JSON);
}
END_TEST

START_TEST(what_no_text_of_the_kind_has_is_refused)
{
	static const struct {
		enum template_kind kind;
		const char *text;
	} rows[] = {
	    {TEMPLATE_URL, "h"},
	    {TEMPLATE_URL, "ftp://h/"},
	    {TEMPLATE_URL, "HTTPS://h/"},
	    {TEMPLATE_URL, "https:/"},
	    {TEMPLATE_URL, "https://"},
	    {TEMPLATE_URL, "http://"},
	    {TEMPLATE_URL, "https:///a"},
	    {TEMPLATE_URL, "https://?a"},
	    {TEMPLATE_URL, "https://#a"},
	    {TEMPLATE_URL, "https:// h/"},
	    {TEMPLATE_URL, "http://\\h/"},
	    {TEMPLATE_URL, "https://h/#a"},
	    {TEMPLATE_XML, "<!DOCTYPE a>"},
	    {TEMPLATE_XML, "<!"},
	    {TEMPLATE_XML, "<!-"},
	    {TEMPLATE_XML, "<![CDATA"},
	    {(enum template_kind)99, "a"},
	};
	size_t index;

	for (index = 0; index < LENGTH(rows); index++) {
		struct template_context context =
		    template_context_make(rows[index].kind);

		ck_assert_msg(go_on(&context, rows[index].text,
				  strlen(rows[index].text)) == EXTAUTH_CONFIG,
		    "%s", rows[index].text);
	}
}
END_TEST

START_TEST(unknown_kind_takes_no_value)
{
	struct template_context context =
	    template_context_make((enum template_kind)99);
	enum escape_context found;

	ck_assert_int_eq(template_context_value(&context, false, &found, NULL),
	    EXTAUTH_CONFIG);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    each_byte_stands_where_it_may,
	    escape_takes_hex_digits_and_no_value,
	    value_stands_where_its_reader_takes_it_for_one,
	    number_stands_outside_of_a_json_string,
	    what_no_text_of_the_kind_has_is_refused,
	    unknown_kind_takes_no_value,
	    NULL,
	};

	return unit_run("template_context", tests);
}
