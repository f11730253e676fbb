/* SPDX-License-Identifier: MIT */
#include "literal.h"

#include "unit.h"

static const struct {
	const char *key;
	const char *value;
	const char *masked; /* the same where there is nothing to mask */
} cases[] = {
    {"header", "Authorization: Basic dXNlcjpwYXNz", "Authorization: ***"},
    {"header", "authorization: Bearer {{SECRET:a}}",
	"authorization: Bearer {{SECRET:a}}"},
    {"header", "Cookie: session={{SECRET:a}}; x=literal",
	"Cookie: session={{SECRET:a}}***"},
    {"header", "Proxy-Authorization: x", "Proxy-Authorization: ***"},
    {"header", "X-Api-Key: abc", "X-Api-Key: ***"},
    {"header", "X-Api-Key: {{SECRET:a}}", "X-Api-Key: {{SECRET:a}}"},
    {"header", "X-TOKEN:abc{{USERNAME}}", "X-TOKEN:***{{USERNAME}}"},
    {"header", "X-Device: abc", "X-Device: abc"},
    {"header", "no colon", "no colon"},
    {"url", "https://user:pass@h/p", "https://***@h/p"},
    {"url", "https://h/p@x", "https://h/p@x"},
    {"url", "https://h/?api_key=abc&b=c", "https://h/?api_key=***&b=c"},
    {"url", "https://h/?token={{SECRET:a}}", "https://h/?token={{SECRET:a}}"},
    {"forgot_password_url", "https://h/?token=a&key=b",
	"https://h/?token=***&key=***"},
    {"proxy", "http://u:p@proxy:3128", "http://***@proxy:3128"},
    {"body", "{\"client_secret\": \"abc\", \"a\": \"b\"}",
	"{\"client_secret\": \"***\", \"a\": \"b\"}"},
    {"body", "{\"password\": \"{{USERPASSWORD}}\"}",
	"{\"password\": \"{{USERPASSWORD}}\"}"},
    {"body", "{\"token\": \"{{SECRET:t}}\"}", "{\"token\": \"{{SECRET:t}}\"}"},
    {"body", "<apiKey>abc</apiKey>", "<apiKey>***</apiKey>"},
    {"body", "key=a&user={{USEREMAIL}}", "key=***&user={{USEREMAIL}}"},
    {"connection_header", "Authorization: Basic abc", "Authorization: ***"},
    {"connection_header", "X-Key: {{SECRET:a}}", "X-Key: {{SECRET:a}}"},
    {"connection_body", "{\"apiKey\": \"abc\"}", "{\"apiKey\": \"***\"}"},
    {"connection_url", "https://h/?token=a", "https://h/?token=***"},
    {"token_url", "https://h/?api_key=a", "https://h/?api_key=***"},
    {"issuer", "https://h/?api_key=a", "https://h/?api_key=***"},
    {"password_page", "https://h/?token=a", "https://h/?token=***"},
    {"field", "client_secret: abc", "client_secret: ***"},
    {"field", "api_key: {{SECRET:a}}", "api_key: {{SECRET:a}}"},
    {"field", "resource: abc", "resource: abc"},
    {"shell", "key=a", "key=a"},
};

START_TEST(literals_that_should_be_secrets_are_masked)
{
	cleanup_buffer struct buffer masked = buffer_make(1000);
	size_t index;

	for (index = 0; index < sizeof(cases) / sizeof(cases[0]); index++) {
		buffer_clear(&masked);
		ck_assert_ok(literal_mask(
		    cases[index].key, cases[index].value, &masked));
		ck_assert_str_eq(buffer_text(&masked), cases[index].masked);
	}
}
END_TEST

START_TEST(place_of_a_literal_is_told)
{
	struct literal literal;

	ck_assert(literal_find("url", "https://u@h/", 0, &literal));
	ck_assert_uint_eq(literal.start, 8);
	ck_assert_uint_eq(literal.length, 1);
	ck_assert_str_eq(literal.where, "the user part of a URL");
	ck_assert(!literal_find("url", "https://u@h/", 9, &literal));
}
END_TEST

START_TEST(full_buffer_is_told)
{
	cleanup_buffer struct buffer masked = buffer_make(4);

	ck_assert_int_eq(
	    literal_mask("header", "X-Key: abc", &masked), EXTAUTH_TOOBIG);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    literals_that_should_be_secrets_are_masked,
	    place_of_a_literal_is_told,
	    full_buffer_is_told,
	    NULL,
	};

	return unit_run("literal", tests);
}
