/* SPDX-License-Identifier: MIT */
#include "response.h"

#include <string.h>

#include "identity.h"
#include "text.h"
#include "unit.h"

static void
take(struct response *response, const char *line)
{
	response_take_header(response, line, strlen(line));
}

START_TEST(headers_of_use_are_kept_whatever_their_case)
{
	cleanup_response struct response response = {0};

	take(&response, "HTTP/1.1 429 Too Many\r\n");
	take(&response, "CONTENT-type:  application/json \r\n");
	take(&response, "Retry-After:30\r\n");
	take(&response, "date: Fri, 20 Nov 2026 10:00:00 GMT\r\n");
	take(&response, "Set-Cookie: a=b\r\n");
	take(&response, "\r\n");
	ck_assert_str_eq(response.content_type, "application/json ");
	ck_assert_str_eq(response.retry_after, "30");
	ck_assert_str_eq(response.date, "Fri, 20 Nov 2026 10:00:00 GMT");
}
END_TEST

START_TEST(a_new_header_forgets_the_one_before)
{
	cleanup_response struct response response = {0};

	take(&response, "HTTP/1.1 100 Continue\r\n");
	take(&response, "Retry-After: 5\r\n");
	take(&response, "Date: x\r\n");
	take(&response, "Content-Type: text/html\r\n");
	take(&response, "HTTP/1.1 200 OK\r\n");
	ck_assert_str_eq(response.retry_after, "");
	ck_assert_str_eq(response.date, "");
	ck_assert_str_eq(response.content_type, "");
}
END_TEST

START_TEST(odd_header_lines_do_no_harm)
{
	cleanup_response struct response response = {0};
	char line[400];

	take(&response, "");
	take(&response, "no colon");
	take(&response, ":");
	take(&response, "content-type");
	take(&response, "content-type:");
	take(&response, "content-type: \t \r\n");
	ck_assert_str_eq(response.content_type, "");
	memset(line, 'x', sizeof(line));
	memcpy(line, "Content-Type: \033[", 16);
	line[sizeof(line) - 1] = '\0';
	take(&response, line);
	ck_assert_uint_eq(
	    strlen(response.content_type), RESPONSE_FIELD_MAX_BYTES);
	ck_assert_int_eq(response.content_type[0], '?');
	memset(line, 'x', sizeof(line) - 1);
	line[100] = ':';
	take(&response, line);
	response_clear(NULL);
}
END_TEST

START_TEST(text_is_made_printable)
{
	char text[8];

	text_copy_printable(text, sizeof(text), "a\0b", 3);
	ck_assert_str_eq(text, "a?b");
	text_copy_printable(text, sizeof(text), "\xe2\x82\xac 1", 5);
	ck_assert_str_eq(text, "? 1");
	text_copy_printable(text, 1, "abc", 3);
	ck_assert_str_eq(text, "");
	text_print(text, sizeof(text), "%s", "abcdefghijkl");
	ck_assert_str_eq(text, "abcdefg");
}
END_TEST

START_TEST(text_is_compared_without_case)
{
	ck_assert(identity_equal("Content-TYPE", "content-type"));
	ck_assert(identity_equal("", ""));
	ck_assert(!identity_equal("date", "dates"));
	ck_assert(!identity_equal("[", "{"));
	ck_assert(!identity_equal("@", "`"));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    headers_of_use_are_kept_whatever_their_case,
	    a_new_header_forgets_the_one_before,
	    odd_header_lines_do_no_harm,
	    text_is_made_printable,
	    text_is_compared_without_case,
	    NULL,
	};

	return unit_run("response", tests);
}
