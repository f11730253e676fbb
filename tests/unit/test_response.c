/* SPDX-License-Identifier: MIT */
#include "response.h"

#include <stdio.h>
#include <string.h>

#include "identity.h"
#include "text.h"
#include "unit.h"

static void
take(struct response *response, const char *line)
{
	ck_assert_ok(response_take_header(response, line, strlen(line)));
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

START_TEST(marks_of_a_page_are_kept_only_if_they_can_be_sent_back)
{
	cleanup_response struct response response = {0};
	char line[200];

	take(&response, "ETag: W/\"a b\" \r\n");
	take(&response, "Last-Modified: Fri, 20 Nov 2026 10:00:00 GMT\r\n");
	ck_assert_str_eq(response.etag, "W/\"a b\"");
	ck_assert_str_eq(
	    response.last_modified, "Fri, 20 Nov 2026 10:00:00 GMT");
	take(&response, "ETag: \"\xc3\xa9\"\r\n");
	ck_assert_str_eq(response.etag, "");
	memset(line, 'x', sizeof(line));
	memcpy(line, "ETag: ", 6);
	line[sizeof(line) - 1] = '\0';
	take(&response, line);
	ck_assert_str_eq(response.etag, "");
	take(&response, "HTTP/1.1 200 OK");
	ck_assert_str_eq(response.last_modified, "");
}
END_TEST

struct link_row {
	const char *header;
	const char *target; /* NULL: none */
};

static const struct link_row links[] = {
    {"Link: <https://a/?p=2>; rel=\"next\"", "https://a/?p=2"},
    {"link:<https://a/?p=2>;rel=next", "https://a/?p=2"},
    {"Link: <a>; rel=self, <b>; rel=\"next\"", "b"},
    {"Link: <a>; rel=\"last next\"", "a"},
    {"Link: <a>; rel=\"NEXT prev\"", "a"},
    {"Link: <a> ; title=\"x, <y>; rel=next\" ; rel = next", "a"},
    {"Link: <a>; title=\"\\\"; rel=next\", <b>; rel=next", "b"},
    {"Link: , ,<a>; rel=next,", "a"},
    {"Link: <a>; rel=prev; rel=next", NULL},
    {"Link: <a>; rel=next; anchor=\"#x\"", NULL},
    {"Link: <a>; rel=nexte", NULL},
    {"Link: <a>; rel=\"nex\"", NULL},
    {"Link: <a>; rel", NULL},
    {"Link: <a>; rel=\"next", NULL},
    {"Link: <a>; rel=\"next\\", NULL},
    {"Link: <a", NULL},
    {"Link: a; rel=next", NULL},
    {"Link: <>; rel=next", NULL},
    {"Link: <a> rel=next", NULL},
    {"Link:", NULL},
    {"X-Link: <a>; rel=next", NULL},
};

START_TEST(link_to_the_next_page_is_found)
{
	size_t at;

	for (at = 0; at < sizeof(links) / sizeof(*links); at++) {
		cleanup_response struct response response = {0};

		take(&response, links[at].header);
		if (links[at].target == NULL)
			ck_assert_msg(
			    response.link_next == NULL, "%s", links[at].header);
		else
			ck_assert_pstr_eq(response.link_next, links[at].target);
	}
}
END_TEST

START_TEST(link_may_stand_in_any_of_several_headers)
{
	cleanup_response struct response response = {0};
	static char line[9000];

	take(&response, "Link: <a>; rel=self");
	take(&response, "Link: <b>; rel=next");
	take(&response, "Link: <c>; rel=next");
	ck_assert_pstr_eq(response.link_next, "b");
	take(&response, "HTTP/1.1 200 OK");
	ck_assert_ptr_null(response.link_next);
	/* one that is too long for a request must not look like the end */
	memset(line, 'x', sizeof(line));
	memcpy(line, "Link: <", 7);
	(void)snprintf(line + sizeof(line) - 11, 11, "%s", ">;rel=next");
	take(&response, line);
	ck_assert_uint_eq(strlen(response.link_next), sizeof(line) - 7 - 11);
}
END_TEST

/* What is kept of it would be another address. */
START_TEST(link_with_a_nul_in_it_is_none)
{
	static const char line[] = "Link: <https://d/a\0?b>; rel=\"next\"\r\n";
	cleanup_response struct response response = {0};

	ck_assert_ok(response_take_header(&response, line, sizeof(line) - 1));
	ck_assert_ptr_null(response.link_next);
}
END_TEST

START_TEST(header_without_its_empty_line_is_known)
{
	/* The last is a trailer, which begins no other header. */
	static const char *const lines[] = {"HTTP/1.1 100 Continue\r\n", "\r\n",
	    "HTTP/1.1 200 OK\r\n", "Date: x\r\n", "\r\n", "X-Trailer: x\r\n"};
	static const bool expected[] = {false, true, false, false, true, true};
	cleanup_response struct response response = {0};
	size_t at;

	for (at = 0; at < sizeof(lines) / sizeof(*lines); at++) {
		ck_assert_ok(response_take_header(
		    &response, lines[at], strlen(lines[at])));
		ck_assert_int_eq(response.is_headed, expected[at]);
	}
}
END_TEST

START_TEST(two_lengths_that_differ_mark_no_end)
{
	static const struct {
		const char *lines[4];
		bool is_framed;
	} rows[] = {
	    {{"Content-Length: 4", "Content-Length: 4"}, true},
	    {{"Content-Length: 4", "Content-Length: 5"}, false},
	    {{"Content-Length: 4", "content-length: 5", "Content-Length: 4"},
		false},
	    {{"Content-Length: 5", "HTTP/1.1 200 OK", "Content-Length: 4"},
		true},
	};
	size_t at;
	size_t line;

	for (at = 0; at < sizeof(rows) / sizeof(*rows); at++) {
		cleanup_response struct response response = {0};

		for (line = 0; rows[at].lines[line] != NULL; line++)
			ck_assert_ok(response_take_header(&response,
			    rows[at].lines[line],
			    strlen(rows[at].lines[line])));
		ck_assert_int_eq(response.is_framed, rows[at].is_framed);
	}
}
END_TEST

START_TEST(body_without_a_marked_end_is_known)
{
	static const struct {
		const char *status;
		const char *header;
		bool is_framed;
	} rows[] = {
	    {"HTTP/1.1 200 OK", "Content-Length: 4", true},
	    {"HTTP/1.1 200 OK", "transfer-encoding: chunked", true},
	    {"HTTP/2 200", "Date: x", true},
	    {"HTTP/1.1 200 OK", "Date: x", false},
	    {"HTTP/1.0 200 OK", "Connection: close", false},
	};
	size_t at;

	for (at = 0; at < sizeof(rows) / sizeof(*rows); at++) {
		cleanup_response struct response response = {0};

		take(&response, "Content-Length: 7");
		take(&response, rows[at].status);
		take(&response, rows[at].header);
		ck_assert_int_eq(response.is_framed, rows[at].is_framed);
	}
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
	    marks_of_a_page_are_kept_only_if_they_can_be_sent_back,
	    link_to_the_next_page_is_found,
	    link_may_stand_in_any_of_several_headers,
	    link_with_a_nul_in_it_is_none,
	    header_without_its_empty_line_is_known,
	    two_lengths_that_differ_mark_no_end,
	    body_without_a_marked_end_is_known,
	    text_is_made_printable,
	    text_is_compared_without_case,
	    NULL,
	};

	return unit_run("response", tests);
}
