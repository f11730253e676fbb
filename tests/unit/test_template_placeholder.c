/* SPDX-License-Identifier: MIT */
#include "template_placeholder.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

#define LENGTH(rows) (sizeof(rows) / sizeof((rows)[0]))

START_TEST(a_placeholder_is_read_with_what_stands_behind_the_colon)
{
	static const struct {
		const char *text;
		enum placeholder placeholder;
		const char *name;
	} rows[] = {
	    {"USEREMAIL", PLACEHOLDER_USEREMAIL, NULL},
	    {"SECRET:api-key.1", PLACEHOLDER_SECRET, "api-key.1"},
	    {"CONNECTION:/access_token", PLACEHOLDER_CONNECTION,
		"/access_token"},
	    {"CONNECTION:/a:b/0/c~1d e", PLACEHOLDER_CONNECTION,
		"/a:b/0/c~1d e"},
	};
	size_t index;

	for (index = 0; index < LENGTH(rows); index++) {
		const struct template_inside inside = {
		    rows[index].text, strlen(rows[index].text)};
		struct template_inside name;
		enum placeholder found;

		ck_assert_ok(
		    template_read_placeholder(inside, &found, &name, NULL));
		ck_assert_uint_eq(found, rows[index].placeholder);
		if (rows[index].name == NULL) {
			ck_assert_ptr_null(name.text);
			continue;
		}
		ck_assert_uint_eq(name.length, strlen(rows[index].name));
		ck_assert_mem_eq(name.text, rows[index].name, name.length);
	}
}
END_TEST

START_TEST(a_connection_takes_a_json_pointer_and_nothing_else)
{
	static const struct {
		const char *text;
		const char *reason;
	} rows[] = {
	    {"CONNECTION", "{{CONNECTION:/pointer}} needs a JSON pointer"},
	    {"CONNECTION:", "{{CONNECTION:/pointer}} needs a JSON pointer"},
	    {"CONNECTION:/a{b", "without braces and control bytes"},
	    {"CONNECTION:/a\x01"
	     "b",
		"without braces and control bytes"},
	    {"CONNECTION:token", "starts with '/'"},
	    {"CONNECTION:/a~2", "~"},
	    {"CONECTION:/a", "did you mean {{CONNECTION}}?"},
	};
	size_t index;

	for (index = 0; index < LENGTH(rows); index++) {
		const struct template_inside inside = {
		    rows[index].text, strlen(rows[index].text)};
		struct template_inside name;
		struct extauth_error error = {0};
		enum placeholder found;

		ck_assert_int_eq(
		    template_read_placeholder(inside, &found, &name, &error),
		    EXTAUTH_CONFIG);
		ck_assert_msg(strstr(error.text, rows[index].reason) != NULL,
		    "%s: %s", rows[index].text, error.text);
	}
}
END_TEST

START_TEST(a_long_pointer_is_refused)
{
	char text[400] = "CONNECTION:/";
	struct template_inside inside = {text, sizeof(text)};
	struct template_inside name;
	enum placeholder found;

	memset(text + strlen(text), 'x', sizeof(text) - strlen(text));
	ck_assert_int_eq(template_read_placeholder(inside, &found, &name, NULL),
	    EXTAUTH_CONFIG);
}
END_TEST

START_TEST(a_connections_value_is_found_by_its_pointer_and_encoded)
{
	static const struct template_named named[] = {
	    {PLACEHOLDER_SECRET, "/token", {"wrong", 5}},
	    {PLACEHOLDER_CONNECTION, "/token", {"a b&\"", 5}},
	};
	static const struct {
		enum template_kind kind;
		const char *text;
		const char *expected;
	} rows[] = {
	    {TEMPLATE_URL, "https://h/{{CONNECTION:/token}}",
		"https://h/a%20b%26%22"},
	    {TEMPLATE_URL, "https://h/?s={{CONNECTION:/token}}",
		"https://h/?s=a%20b%26%22"},
	    {TEMPLATE_HEADER, "Bearer {{CONNECTION:/token}}", "Bearer a b&\""},
	    {TEMPLATE_JSON, "{\"t\": \"{{CONNECTION:/token}}\"}",
		"{\"t\": \"a b&\\\"\"}"},
	};
	const struct template_values values = {
	    .named = named, .named_count = LENGTH(named)};
	size_t index;

	for (index = 0; index < LENGTH(rows); index++) {
		cleanup_template struct template template = {0};
		cleanup_buffer struct buffer text = buffer_make(200);

		ck_assert_ok(template_parse(
		    rows[index].kind, rows[index].text, &template, NULL));
		ck_assert_ok(template_expand(&template, &values, &text, NULL));
		ck_assert_str_eq(buffer_text(&text), rows[index].expected);
	}
}
END_TEST

START_TEST(a_connections_value_that_is_not_there_is_told)
{
	const struct template_values values = {0};
	cleanup_template struct template template = {0};
	cleanup_buffer struct buffer text = buffer_make(200);
	struct extauth_error error;

	ck_assert_ok(template_parse(
	    TEMPLATE_HEADER, "{{CONNECTION:/a/b}}", &template, NULL));
	ck_assert_int_eq(template_expand(&template, &values, &text, &error),
	    EXTAUTH_NOTFOUND);
	ck_assert_str_eq(
	    error.text, "there is no value for {{CONNECTION:/a/b}}");
}
END_TEST

START_TEST(template_names_a_person_who_has_a_value)
{
	cleanup_template struct template template = {0};
	cleanup_template struct template other = {0};
	struct template_values values = {0};
	struct extauth_error error;

	ck_assert_ok(template_parse(
	    TEMPLATE_PATH, "{{ORGID}}-{{USEREXTERNALID}}", &template, &error));
	ck_assert_ok(
	    template_parse(TEMPLATE_PATH, "{{ORGID}}", &other, &error));
	ck_assert(template_names_person(&template, NULL));
	ck_assert(!template_names_person(&other, NULL));
	values.of[PLACEHOLDER_ORGID] = (struct template_value){"x", 1};
	values.of[PLACEHOLDER_USEREMAIL] = (struct template_value){"x", 1};
	ck_assert(!template_names_person(&template, &values));
	values.of[PLACEHOLDER_USEREXTERNALID] = (struct template_value){"x", 1};
	ck_assert(template_names_person(&template, &values));
	ck_assert(!template_names_person(&other, &values));
}
END_TEST

/* Reads text that ends where its memory ends. */
static enum extauth_err
read_exactly(const char *text, size_t length, struct extauth_error *error)
{
	char *bytes = malloc(length > 0 ? length : 1);
	struct template_inside name;
	enum placeholder found;
	enum extauth_err err;

	ck_assert_ptr_nonnull(bytes);
	memcpy(bytes, text, length);
	err = template_read_placeholder(
	    (struct template_inside){bytes, length}, &found, &name, error);
	free(bytes);
	return err;
}

START_TEST(each_byte_stands_in_the_names_that_may_have_it)
{
	static const char secret[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	unsigned byte;

	for (byte = 0; byte < 256; byte++) {
		char text[] = "SECRET:a?b";
		char pointer[] = "CONNECTION:/a?b";
		bool is_in_secret = byte != 0 && strchr(secret, (int)byte);
		bool is_in_pointer = byte >= 0x20 && byte != 0x7f &&
		    byte != '{' && byte != '}' && byte != '~';

		text[8] = (char)byte;
		pointer[13] = (char)byte;
		ck_assert_msg((read_exactly(text, strlen("SECRET:a?b"), NULL) ==
				  EXTAUTH_OK) == is_in_secret,
		    "%u", byte);
		ck_assert_msg((read_exactly(pointer, strlen("CONNECTION:/a?b"),
				   NULL) == EXTAUTH_OK) == is_in_pointer,
		    "%u", byte);
	}
}
END_TEST

START_TEST(pointer_has_at_most_255_bytes)
{
	char text[400] = "CONNECTION:/";
	size_t start = strlen(text) - 1;

	memset(text + start + 1, 'a', sizeof(text) - start - 1);
	ck_assert_ok(read_exactly(text, start + 1, NULL));
	ck_assert_ok(read_exactly(text, start + 254, NULL));
	ck_assert_ok(read_exactly(text, start + 255, NULL));
	ck_assert_int_eq(read_exactly(text, start + 256, NULL), EXTAUTH_CONFIG);
	ck_assert_int_eq(read_exactly(text, start + 257, NULL), EXTAUTH_CONFIG);
}
END_TEST

START_TEST(unknown_name_is_shown_up_to_64_bytes)
{
	size_t length;

	for (length = 63; length < 67; length++) {
		struct extauth_error error = {0};
		char wanted[128] = "unknown placeholder {{";
		size_t start = strlen(wanted);
		char text[80];

		memset(text, '9', sizeof(text));
		memset(wanted + start, '9', length < 64 ? length : 64);
		memcpy(wanted + strlen(wanted), "}}", 3);
		ck_assert_int_eq(
		    read_exactly(text, length, &error), EXTAUTH_CONFIG);
		ck_assert_str_eq(error.text, wanted);
	}
}
END_TEST

START_TEST(blanks_and_case_are_told)
{
	static const struct {
		const char *text;
		const char *reason;
	} rows[] = {
	    {"", "there is no placeholder's name"},
	    {" ", "there is no placeholder's name"},
	    {"\t\n", "there is no placeholder's name"},
	    {" TTY", "write {{TTY}}"},
	    {"\tTTY", "write {{TTY}}"},
	    {"\nTTY", "write {{TTY}}"},
	    {"TTY ", "write {{TTY}}"},
	    {"TTY\t\n", "write {{TTY}}"},
	    {" \t TTY \n", "write {{TTY}}"},
	    {" x", "write {{x}}"},
	    {"x ", "write {{x}}"},
	    {"tty", "did you mean {{TTY}}?"},
	    {"username", "did you mean {{USERNAME}}?"},
	    {"deviceip", "did you mean {{DEVICEIP}}?"},
	    {"TTY:a", "{{TTY}} takes no name"},
	    {"TTY:", "{{TTY}} takes no name"},
	    {"SECRET", "{{SECRET:NAME}} needs a name"},
	    {"SECRET:", "{{SECRET:NAME}} needs a name"},
	};
	size_t index;

	for (index = 0; index < LENGTH(rows); index++) {
		struct extauth_error error = {0};

		ck_assert_int_eq(read_exactly(rows[index].text,
				     strlen(rows[index].text), &error),
		    EXTAUTH_CONFIG);
		ck_assert_msg(strstr(error.text, rows[index].reason) != NULL,
		    "%s: %s", rows[index].text, error.text);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    a_placeholder_is_read_with_what_stands_behind_the_colon,
	    a_connection_takes_a_json_pointer_and_nothing_else,
	    a_long_pointer_is_refused,
	    a_connections_value_is_found_by_its_pointer_and_encoded,
	    a_connections_value_that_is_not_there_is_told,
	    template_names_a_person_who_has_a_value,
	    each_byte_stands_in_the_names_that_may_have_it,
	    pointer_has_at_most_255_bytes,
	    unknown_name_is_shown_up_to_64_bytes,
	    blanks_and_case_are_told,
	    NULL,
	};

	return unit_run("template_placeholder", tests);
}
