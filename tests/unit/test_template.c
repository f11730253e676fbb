/* SPDX-License-Identifier: MIT */
#include "template.h"

#include <string.h>

#include "decode.h"
#include "unit.h"

#define PASSWORD "p\"<&>'/ {{USEREMAIL}}%\\"

struct good_row {
	enum template_kind kind;
	const char *text;
	const char *expected;
};

struct bad_row {
	enum template_kind kind;
	const char *text;
	const char *part_of_reason;
};

static struct template_value
value_of(const char *text)
{
	return (struct template_value){text, strlen(text)};
}

static const struct template_named secrets[] = {
    {PLACEHOLDER_SECRET, "api-key", {"s3cret", 6}},
    {PLACEHOLDER_SECRET, "other", {"else", 4}},
};

static struct template_values
make_values(void)
{
	struct template_values values = {.named = secrets, .named_count = 2};

	values.of[PLACEHOLDER_USERID] = value_of("2000200001");
	values.of[PLACEHOLDER_USERNAME] = value_of("bob");
	values.of[PLACEHOLDER_USEREMAIL] = value_of("bob@example.com");
	values.of[PLACEHOLDER_USERPASSWORD] = value_of(PASSWORD);
	values.of[PLACEHOLDER_ORGID] = value_of("4711");
	values.of[PLACEHOLDER_TTY] = value_of("..");
	return values;
}

static const struct good_row good_rows[] = {
    {TEMPLATE_PATH, "/home/{{USERNAME}}", "/home/bob"},
    {TEMPLATE_PATH, "", ""},
    {TEMPLATE_PATH, "/plain }} {x}", "/plain }} {x}"},
    {TEMPLATE_URL, "https://a.b:8443/x", "https://a.b:8443/x"},
    {TEMPLATE_URL, "https://a.b/u/{{USEREMAIL}}/x?p={{USERPASSWORD}}",
	"https://a.b/u/bob%40example.com/x?p="
	"p%22%3C%26%3E%27%2F%20%7B%7BUSEREMAIL%7D%7D%25%5C"},
    {TEMPLATE_URL, "http://a?{{USERNAME}}/{{TTY}}", "http://a?bob/.."},
    {TEMPLATE_URL, "https://a/%20{{USERNAME}}%41", "https://a/%20bob%41"},
    {TEMPLATE_HEADER, "Bearer {{SECRET:api-key}}", "Bearer s3cret"},
    {TEMPLATE_HEADER, "{{DEVICENAME}}", ""},
    {TEMPLATE_FORM, "u={{USEREMAIL}}&p={{SECRET:other}}",
	"u=bob%40example.com&p=else"},
    {TEMPLATE_JSON, "{\"p\": \"{{USERPASSWORD}}\", \"i\": {{USERID}}}",
	"{\"p\": \"p\\\"<&>'/ {{USEREMAIL}}%\\\\\", \"i\": 2000200001}"},
    {TEMPLATE_JSON, "{\"a\":{\"b\":{\"c\":\"{{ORGID}}\"}}}",
	"{\"a\":{\"b\":{\"c\":\"4711\"}}}"},
    {TEMPLATE_JSON, "{\"a\":{\"b\":{{USERID}}}}", "{\"a\":{\"b\":2000200001}}"},
    {TEMPLATE_JSON, "[\"\\\"{{USERNAME}}\\u0041{{USERNAME}}\\\\\"]",
	"[\"\\\"bob\\u0041bob\\\\\"]"},
    {TEMPLATE_JSON, "[\"{{USERID}}\"]", "[\"2000200001\"]"},
    {TEMPLATE_XML, "<a b=\"{{USERNAME}}\" c='{{USERID}}'>{{USEREMAIL}}</a>",
	"<a b=\"bob\" c='2000200001'>bob@example.com</a>"},
    {TEMPLATE_XML, "<?xml version=\"1.0\"?><!-- <a> --><a>{{ORGID}}</a>",
	"<?xml version=\"1.0\"?><!-- <a> --><a>4711</a>"},
    {TEMPLATE_XML, "<a>&amp;{{ORGID}}<![CDATA[<&]]>{{ORGID}}</a>",
	"<a>&amp;4711<![CDATA[<&]]>4711</a>"},
    {TEMPLATE_XML, "<a>&azAZ;&#x09;{{ORGID}}</a>", "<a>&azAZ;&#x09;4711</a>"},
    {TEMPLATE_XML, "<a b=\"'>\" c='\">'>{{USERPASSWORD}}</a>",
	"<a b=\"'>\" c='\">'>p&quot;&lt;&amp;&gt;&#39;/ "
	"{{USEREMAIL}}%\\</a>"},
};

START_TEST(values_are_put_in_for_their_place)
{
	struct template_values values = make_values();
	size_t i;

	for (i = 0; i < sizeof(good_rows) / sizeof(good_rows[0]); i++) {
		cleanup_template struct template template = {0};
		cleanup_buffer struct buffer buffer =
		    buffer_make(TEMPLATE_OUTPUT_MAX_BYTES);
		struct extauth_error error = {{0}};

		ck_assert_msg(
		    template_parse(good_rows[i].kind, good_rows[i].text,
			&template, &error) == EXTAUTH_OK,
		    "%s: %s", good_rows[i].text, error.text);
		ck_assert_ok(
		    template_expand(&template, &values, &buffer, &error));
		ck_assert_str_eq(buffer_text(&buffer), good_rows[i].expected);
	}
}
END_TEST

static const struct bad_row bad_rows[] = {
    {TEMPLATE_PATH, "{{USERMAIL}}",
	"unknown placeholder {{USERMAIL}} (did you mean {{USEREMAIL}}?)"},
    {TEMPLATE_PATH, "{{useremail}}", "did you mean {{USEREMAIL}}?"},
    {TEMPLATE_PATH, "{{USERID", "no '}}' closes"},
    {TEMPLATE_PATH, "{{USERID}", "no '}}' closes"},
    {TEMPLATE_PATH, "{{}}", "no placeholder's name"},
    {TEMPLATE_PATH, "{{  }}", "no placeholder's name"},
    {TEMPLATE_PATH, "{{ USERID }}", "write {{USERID}}"},
    {TEMPLATE_PATH, "{{USERID\t}}", "write {{USERID}}"},
    {TEMPLATE_PATH, "{{USERI}}", "did you mean {{USERID}}?"},
    {TEMPLATE_PATH, "{{USERIDX}}", "did you mean {{USERID}}?"},
    {TEMPLATE_PATH, "{{{USERID}}}", "unknown placeholder {{{USERID}}"},
    {TEMPLATE_PATH, "{{USERID:x}}", "{{USERID}} takes no name"},
    {TEMPLATE_PATH, "{{USERID:}}", "{{USERID}} takes no name"},
    {TEMPLATE_PATH, "{{SECRET}}", "{{SECRET:NAME}} needs a name"},
    {TEMPLATE_PATH, "{{SECRET:}}", "{{SECRET:NAME}} needs a name"},
    {TEMPLATE_PATH, "{{SECRET:a/b}}", "{{SECRET:NAME}} needs a name"},
    {TEMPLATE_PATH, "{{SECRET:a b}}", "{{SECRET:NAME}} needs a name"},
    {TEMPLATE_PATH, "{{SECRET:a:b}}", "{{SECRET:NAME}} needs a name"},
    {TEMPLATE_PATH, "/a\nb", "control byte"},
    {TEMPLATE_HEADER, "a\nX: {{USERID}}", "control byte"},
    {TEMPLATE_HEADER, "a\x7f", "control byte"},
    {TEMPLATE_HEADER, "{{USERID}}\t", "control byte"},
    {TEMPLATE_URL, "ftp://a/", "https://"},
    {TEMPLATE_URL, "HTTPS://a/", "https://"},
    {TEMPLATE_URL, "https:/a/", "https://"},
    {TEMPLATE_URL, "https://", "name of a host"},
    {TEMPLATE_URL, "https:///x", "name of a host"},
    {TEMPLATE_URL, "https://?x", "name of a host"},
    {TEMPLATE_URL, "https://#x", "name of a host"},
    {TEMPLATE_URL, "{{HOSTNAME}}://a/", "scheme"},
    {TEMPLATE_URL, "https://{{HOSTNAME}}/", "name of a host"},
    {TEMPLATE_URL, "https://a{{HOSTNAME}}/", "host or port of a URL"},
    {TEMPLATE_URL, "https://a.b:{{USERID}}/", "{{USERID}}: "},
    {TEMPLATE_URL, "https://u:{{USERPASSWORD}}@a/", "user, host"},
    {TEMPLATE_URL, "https://a/{{USERID}}#x", "fragment"},
    {TEMPLATE_URL, "https://a#x", "fragment"},
    {TEMPLATE_URL, "https://a/b c", "blank"},
    {TEMPLATE_URL, "https://a/b\nc", "line break"},
    {TEMPLATE_URL, "https://a/\xc3\xa9", "not ASCII"},
    {TEMPLATE_URL, "https://a/\\b", "cannot have"},
    {TEMPLATE_URL, "https://a/<b", "cannot have"},
    {TEMPLATE_URL, "https://a/b>", "cannot have"},
    {TEMPLATE_URL, "https://a/\"", "cannot have"},
    {TEMPLATE_URL, "https://a/%{{USERID}}", "escape sequence"},
    {TEMPLATE_URL, "https://a/%2{{USERID}}", "escape sequence"},
    {TEMPLATE_URL, "https://a/%2g", "hex digits"},
    {TEMPLATE_URL, "https://a/%2", "ends inside of an escape"},
    {TEMPLATE_FORM, "a=%{{USERID}}", "escape sequence"},
    {TEMPLATE_FORM, "a=1&\nb=2", "line break"},
    {TEMPLATE_FORM, "a=b c", "blank"},
    {TEMPLATE_JSON, "{\"a\": {{USEREMAIL}}}", "{{USEREMAIL}}: it stands"},
    {TEMPLATE_JSON, "{\"a\": {{ORGID}}}", "outside of a JSON string"},
    {TEMPLATE_JSON, "{'a': '{{USEREMAIL}}'}", "outside of a JSON string"},
    {TEMPLATE_JSON, "[\"a\\\"\", {{USERNAME}}]", "outside of a JSON"},
    {TEMPLATE_JSON, "[\"\\{{USERNAME}}\"]", "escape sequence"},
    {TEMPLATE_JSON, "[\"\\u00{{USERID}}\"]", "escape sequence"},
    {TEMPLATE_JSON, "[\"\\u00g0\"]", "four hex digits"},
    {TEMPLATE_JSON, "[\"\\x\"]", "backslash"},
    {TEMPLATE_JSON, "[\"\\", "escape sequence"},
    {TEMPLATE_JSON, "[\"a\nb\"]", "line break"},
    {TEMPLATE_JSON, "[\"{{USERNAME}}]", "not closed"},
    {TEMPLATE_XML, "<{{USERNAME}}/>", "quoted attribute"},
    {TEMPLATE_XML, "<a {{USERNAME}}=\"\"/>", "quoted attribute"},
    {TEMPLATE_XML, "<a b={{USERNAME}}/>", "quoted attribute"},
    {TEMPLATE_XML, "<!-- {{USERNAME}} -->", "quoted attribute"},
    {TEMPLATE_XML, "<!--> {{USERNAME}} -->", "quoted attribute"},
    {TEMPLATE_XML, "<![CDATA[{{USERNAME}}]]>", "quoted attribute"},
    {TEMPLATE_XML, "<?x {{USERNAME}}?>", "quoted attribute"},
    {TEMPLATE_XML, "<?> {{USERNAME}}?>", "quoted attribute"},
    {TEMPLATE_XML, "<!DOCTYPE a><a/>", "document type"},
    {TEMPLATE_XML, "<a>&{{USERNAME}};</a>", "escape sequence"},
    {TEMPLATE_XML, "<a>&#{{USERID}};</a>", "escape sequence"},
    {TEMPLATE_XML, "<a b=\"&{{USERID}};\"/>", "escape sequence"},
    {TEMPLATE_XML, "<a>x & y</a>", "&amp;"},
    {TEMPLATE_XML, "<a b='&'/>", "&amp;"},
    {TEMPLATE_XML, "<a>&amp", "escape sequence"},
    {TEMPLATE_XML, "<a b=\"<\"/>", "&lt;"},
    {TEMPLATE_XML, "<a b=\"x", "not closed"},
    {TEMPLATE_XML, "<a b='x\">", "not closed"},
    {TEMPLATE_XML, "<!-- x", "not closed"},
    {TEMPLATE_XML, "<a", "not closed"},
    {(enum template_kind)99, "a", "no known kind"},
    {(enum template_kind)99, "{{USERID}}", "no known kind"},
};

START_TEST(what_cannot_be_safe_is_refused_with_its_reason)
{
	size_t i;

	for (i = 0; i < sizeof(bad_rows) / sizeof(bad_rows[0]); i++) {
		struct template template = {.part_count = 77};
		struct extauth_error error = {{0}};

		ck_assert_msg(template_parse(bad_rows[i].kind, bad_rows[i].text,
				  &template, &error) == EXTAUTH_CONFIG,
		    "%s", bad_rows[i].text);
		ck_assert_msg(
		    strstr(error.text, bad_rows[i].part_of_reason) != NULL,
		    "%s gives: %s", bad_rows[i].text, error.text);
		ck_assert_uint_eq(template.part_count, 77);
	}
}
END_TEST

START_TEST(placeholder_far_from_all_is_named_alone)
{
	struct template template;
	struct extauth_error error;

	ck_assert_int_eq(
	    template_parse(TEMPLATE_PATH, "{{XYZZY}}", &template, &error),
	    EXTAUTH_CONFIG);
	ck_assert_str_eq(error.text, "unknown placeholder {{XYZZY}}");
}
END_TEST

START_TEST(each_placeholder_is_known_by_its_name)
{
	int i;

	for (i = 0; i < PLACEHOLDER_SECRET; i++) {
		cleanup_template struct template template = {0};
		cleanup_buffer struct buffer text = buffer_make(100);
		enum placeholder placeholder = (enum placeholder)i;

		ck_assert_ok(buffer_append_format(
		    &text, "/{{%s}}", placeholder_name(placeholder)));
		ck_assert_ok(template_parse(
		    TEMPLATE_PATH, buffer_text(&text), &template, NULL));
		ck_assert_uint_eq(template.part_count, 2);
		ck_assert_int_eq(template.parts[1].placeholder, placeholder);
	}
	ck_assert_str_eq(placeholder_name(PLACEHOLDER_SECRET), "SECRET");
	ck_assert_str_eq(placeholder_name(PLACEHOLDER_COUNT), "");
}
END_TEST

START_TEST(use_of_a_placeholder_is_told)
{
	cleanup_template struct template template = {0};
	cleanup_template struct template literal = {0};

	ck_assert_ok(
	    template_parse(TEMPLATE_HEADER, "a {{ORGID}}", &template, NULL));
	ck_assert(template_uses(&template, PLACEHOLDER_ORGID));
	ck_assert(!template_uses(&template, PLACEHOLDER_USERID));
	ck_assert_ok(template_parse(TEMPLATE_HEADER, "a", &literal, NULL));
	ck_assert(!template_uses(&literal, PLACEHOLDER_USERID));
}
END_TEST

START_TEST(value_that_cannot_stand_there_is_named_and_not_told)
{
	static const struct {
		enum template_kind kind;
		const char *text;
		const char *value;
	} rows[] = {
	    {TEMPLATE_PATH, "/{{USERPASSWORD}}", "hunter\n"},
	    {TEMPLATE_HEADER, "x {{USERPASSWORD}}", "hunter\r\nX: y"},
	    {TEMPLATE_JSON, "\"{{USERPASSWORD}}\"", "hunter\xff"},
	    {TEMPLATE_XML, "<a>{{USERPASSWORD}}</a>", "hunter\x01"},
	    {TEMPLATE_URL, "https://a/{{USERPASSWORD}}", ".."},
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cleanup_template struct template template = {0};
		cleanup_buffer struct buffer buffer = buffer_make(1000);
		struct template_values values = {0};
		struct extauth_error error = {{0}};

		values.of[PLACEHOLDER_USERPASSWORD] = value_of(rows[i].value);
		ck_assert_ok(template_parse(
		    rows[i].kind, rows[i].text, &template, NULL));
		ck_assert_int_eq(
		    template_expand(&template, &values, &buffer, &error),
		    EXTAUTH_INVALID);
		ck_assert_int_eq(
		    strncmp(error.text, "{{USERPASSWORD}}: ", 18), 0);
		ck_assert_ptr_null(strstr(error.text, "hunter"));
	}
}
END_TEST

START_TEST(number_without_a_value_is_refused)
{
	cleanup_template struct template template = {0};
	cleanup_buffer struct buffer buffer = buffer_make(100);
	struct template_values values = {0};

	ck_assert_ok(
	    template_parse(TEMPLATE_JSON, "[{{USERID}}]", &template, NULL));
	ck_assert_int_eq(template_expand(&template, &values, &buffer, NULL),
	    EXTAUTH_INVALID);
}
END_TEST

START_TEST(secret_that_is_not_there_is_not_found)
{
	cleanup_template struct template template = {0};
	cleanup_buffer struct buffer buffer = buffer_make(100);
	struct template_values values = make_values();
	struct extauth_error error;

	ck_assert_ok(template_parse(
	    TEMPLATE_HEADER, "{{SECRET:api-ke}}", &template, NULL));
	ck_assert_int_eq(template_expand(&template, &values, &buffer, &error),
	    EXTAUTH_NOTFOUND);
	ck_assert_str_eq(error.text, "there is no value for {{SECRET:api-ke}}");
}
END_TEST

START_TEST(secret_that_cannot_stand_there_is_named)
{
	static const struct template_named bad = {
	    PLACEHOLDER_SECRET, "key", {"hunter\n", 7}};
	cleanup_template struct template template = {0};
	cleanup_buffer struct buffer buffer = buffer_make(100);
	struct template_values values = {.named = &bad, .named_count = 1};
	struct extauth_error error;

	ck_assert_ok(
	    template_parse(TEMPLATE_HEADER, "{{SECRET:key}}", &template, NULL));
	ck_assert_int_eq(template_expand(&template, &values, &buffer, &error),
	    EXTAUTH_INVALID);
	ck_assert_str_eq(error.text,
	    "{{SECRET:key}}: a control byte cannot stand in a header");
}
END_TEST

START_TEST(text_that_grows_too_big_is_refused)
{
	cleanup_template struct template template = {0};
	cleanup_buffer struct buffer buffer = buffer_make(8);
	struct template_values values = make_values();
	struct extauth_error error;

	ck_assert_ok(template_parse(
	    TEMPLATE_HEADER, "123456{{USERNAME}}", &template, NULL));
	ck_assert_int_eq(template_expand(&template, &values, &buffer, &error),
	    EXTAUTH_TOOBIG);
	ck_assert_ptr_nonnull(strstr(error.text, "8 bytes"));
}
END_TEST

START_TEST(json_decodes_to_the_value_that_was_put_in)
{
	cleanup_template struct template template = {0};
	cleanup_buffer struct buffer buffer = buffer_make(1000);
	struct template_values values = make_values();
	char decoded[1000];
	size_t length;

	ck_assert_ok(template_parse(
	    TEMPLATE_JSON, "\"{{USERPASSWORD}}\"", &template, NULL));
	ck_assert_ok(template_expand(&template, &values, &buffer, NULL));
	length = decode_json(buffer.bytes + 1, buffer.length - 2, decoded);
	ck_assert_uint_eq(length, strlen(PASSWORD));
	ck_assert_mem_eq(decoded, PASSWORD, length);
}
END_TEST

START_TEST(empty_template_is_cleared_without_harm)
{
	struct template none = {0};

	template_clear(NULL);
	template_clear(&none);
	ck_assert_ptr_null(none.parts);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    values_are_put_in_for_their_place,
	    what_cannot_be_safe_is_refused_with_its_reason,
	    placeholder_far_from_all_is_named_alone,
	    each_placeholder_is_known_by_its_name,
	    use_of_a_placeholder_is_told,
	    value_that_cannot_stand_there_is_named_and_not_told,
	    number_without_a_value_is_refused,
	    secret_that_is_not_there_is_not_found,
	    secret_that_cannot_stand_there_is_named,
	    text_that_grows_too_big_is_refused,
	    json_decodes_to_the_value_that_was_put_in,
	    empty_template_is_cleared_without_harm,
	    NULL,
	};

	return unit_run("template", tests);
}
