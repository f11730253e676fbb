/* SPDX-License-Identifier: MIT */
#include "source_csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source_case.h"
#include "unit.h"

#define URL_KEYS "type = csv\nurl = https://dir.example.com/people.csv\n"
#define FILE_KEYS "type = csv\nfile = /srv/people.csv\n"
#define LENGTH "Content-Length: 1\n" /* said, not checked here */
#define ETAG LENGTH "ETag: \"v1\"\n"

static struct source_case_answer
list_of(const char *body)
{
	return (struct source_case_answer){"", 200, body, ETAG, true};
}

/* Reads one body from the URL. */
static struct source_case *
read_list(const char *keys, const char *body)
{
	const struct source_case_answer answers[] = {list_of(body), {0}};
	struct source_case *it = source_case_make(&source_csv, keys);

	source_case_run(it, answers);
	return it;
}

START_TEST(columns_are_found_by_their_names)
{
	struct source_case *it = read_list(URL_KEYS,
	    "\xef\xbb\xbf"
	    "gecos,Email, id ,more,uid,shell,home,name,state\r\n"
	    "\"Doe, Jane\",jane@example.com,7,x,2000300001,/bin/sh,/home/j,"
	    "jane,enabled\r\n"
	    "\r\n"
	    ",bob@example.com,8,,,,,,disabled\n,eve@example.com,11,,,,,,held\n"
	    ",carl@example.com,9,,,,,,removed\n"
	    "\"say \"\"hi\"\"\ntwice\",dora@example.com,10,,,,,,");

	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_expect_told(it,
	    "total 7\n"
	    "user 7 jane@example.com jane gecos=Doe, Jane uid=2000300001 "
	    "home=/home/j shell=/bin/sh\n"
	    "user 8 bob@example.com - disabled\nuser 11 eve@example.com - "
	    "disabled\nuser 10 dora@example.com - gecos=say \"hi\"\ntwice\n");
	source_case_expect_asked(it, "GET /people.csv\n");
	ck_assert_ptr_nonnull(
	    strstr(buffer_text(&it->headers), "Accept: text/csv"));
	source_case_free(it);
}
END_TEST

START_TEST(columns_can_have_other_names)
{
	struct source_case *it = read_list(URL_KEYS
	    "user_id = No\nuser_email = mail\nuser_name = login\n"
	    "uid_base = 2000300000\n",
	    "no,mail,login,uid\n5,a@example.com,a,2000200007\n"
	    "6,b@example.com,b,\nx,,c@example.com,\n4294967295,d@example.com,,"
	    "\n");

	source_case_expect_told(it,
	    "total 4\nuser 5 a@example.com a uid=2000200007\n"
	    "user 6 b@example.com b uid=2000300006\n"
	    "user x c@example.com c@example.com\n"
	    "user 4294967295 d@example.com -\n");
	source_case_free(it);
}
END_TEST

START_TEST(groups_are_those_that_somebody_wants)
{
	static const char list[] =
	    "id,email,groups\n1,a@example.com,dev; ops ;;other\n"
	    "2,b@example.com,\n";
	struct source_case *it = read_list(URL_KEYS
	    "[group dev]\nremote = dev\n[group x]\nremote = ops\n",
	    list);

	source_case_expect_told(it,
	    "total 2\nuser 1 a@example.com - in=-/dev in=-/ops\n"
	    "user 2 b@example.com -\n");
	source_case_free(it);
	it = read_list(URL_KEYS "group_prefix = corp-\n", list);
	source_case_expect_told(it,
	    "total 2\nuser 1 a@example.com - in=-/dev in=-/ops in=-/other\n"
	    "user 2 b@example.com -\n");
	source_case_free(it);
	it = read_list(URL_KEYS, list);
	source_case_expect_told(
	    it, "total 2\nuser 1 a@example.com -\nuser 2 b@example.com -\n");
	source_case_free(it);
}
END_TEST

struct wrong_row {
	const char *body;
	const char *reason;
	bool is_configuration;
};

#define HEAD "id,email,uid,state\n1,a@example.com,,\n"
#define X64 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define LONG X64 X64 X64 X64

static const struct wrong_row wrong_rows[] = {
    {"", "empty, without the column names", false},
    {"\n\n", "empty, without the column names", false},
    {"name,email\n", "line 1: no column id", true},
    {"id,name\n", "line 1: no column email", true},
    {"id,email,ID\n", "line 1: two columns id", true},
    {"<html>\n", "line 1: no column id", true},
    {HEAD "2,b@example.com,\n", "line 3: 3 fields and not 4", false},
    {HEAD "2,b@example.com,,,\n", "line 3: 5 fields and not 4", false},
    {HEAD "2", "line 3: 1 fields and not 4", false},
    {HEAD ",b@example.com,,\n", "line 3: there is no id", false},
    {HEAD "\n2,b@example.com,x1,\n", "line 4: the uid is no number", false},
    {HEAD "2,b@example.com,4294967296,\n", "the uid is no number", false},
    {HEAD "2,b@example.com,,gone\n", "line 3: the state is none of", false},
    {HEAD "1,b@example.com,,\n", "line 3: its id stands in a line above",
	false},
    {HEAD "2,\"b@example.com,,\n", "a quote is not closed", false},
    {HEAD "2,b\"@example.com,,\n", "line 3: a quote inside", false},
    {HEAD LONG ",b@example.com,,\n", "line 3: a field is over 255 bytes",
	false},
};

START_TEST(list_that_is_wrong_changes_nobody)
{
	size_t at;

	for (at = 0; at < sizeof(wrong_rows) / sizeof(*wrong_rows); at++) {
		struct source_case *it =
		    read_list(URL_KEYS, wrong_rows[at].body);

		source_case_expect_end(it, SYNC_FAILED, wrong_rows[at].reason);
		ck_assert_int_eq(
		    it->end.is_configuration, wrong_rows[at].is_configuration);
		ck_assert_ptr_null(it->end.state);
		source_case_free(it);
	}
}
END_TEST

START_TEST(texts_that_are_too_long_are_left_to_the_host)
{
	struct source_case *it = read_list(
	    URL_KEYS, "id,email,gecos\n1," LONG "@example.com," LONG "\n");

	source_case_expect_end(it, SYNC_COMPLETE, "");
	ck_assert_ptr_nonnull(strstr(buffer_text(&it->told), "user 1 xxx"));
	source_case_free(it);
}
END_TEST

static void
serve_nul(struct source_case *it, const char *url, struct event *ret_event)
{
	static const char list[] = "id,email\n1,a@example.com\n2,b\0c\n";

	(void)it;
	(void)url;
	source_case_respond(ret_event, 200, LENGTH, "");
	ck_assert_ok(
	    buffer_append(&ret_event->response.body, list, sizeof(list) - 1));
}

START_TEST(nul_in_a_list_changes_nobody)
{
	struct source_case *it = source_case_make(&source_csv, URL_KEYS);

	it->serve = serve_nul;
	source_case_run(it, NULL);
	source_case_expect_end(it, SYNC_FAILED, "line 3: there is a NUL");
	source_case_free(it);
}
END_TEST

START_TEST(list_of_unknown_length_may_be_cut)
{
	static const struct source_case_answer answers[] = {
	    {"", 200, "id,email\n", "Date: x\n", false}, {0}};
	struct source_case *it = source_case_make(&source_csv, URL_KEYS);

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_FAILED, "how long the list is");
	source_case_free(it);
}
END_TEST

START_TEST(one_person_is_read_alone)
{
	struct source_case *it = source_case_make(&source_csv, URL_KEYS);
	const struct source_case_answer answers[] = {
	    list_of("id,email\n1,a@example.com\n2,B@example.com\n"
		    "3,b@example.com\nwrong\n"),
	    {0}};

	(void)snprintf(
	    it->job.email, sizeof(it->job.email), "%s", "b@example.COM");
	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_ONE, "");
	source_case_expect_told(it, "user 2 B@example.com -\n");
	ck_assert_ptr_null(it->end.state);
	(void)snprintf(
	    it->job.email, sizeof(it->job.email), "%s", "a@example.org");
	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_FAILED, "line 5: 1 fields");
	source_case_free(it);
	it = source_case_make(&source_csv, URL_KEYS);
	(void)snprintf(
	    it->job.email, sizeof(it->job.email), "%s", "a@example.org");
	source_case_run(it,
	    (const struct source_case_answer[]){
		list_of("id,email\n1,a@example.com\n"), {0}});
	source_case_expect_end(it, SYNC_ONE, "");
	source_case_expect_told(it, "");
	source_case_free(it);
}
END_TEST

/* Reads twice; the second time with the state of the first. */
static struct source_case *
read_again(const char *keys, const char *headers)
{
	struct source_case *it = source_case_make(&source_csv, keys);
	const struct source_case_answer first[] = {
	    {"", 200, "id,email\n1,a@example.com\n", headers, false}, {0}};
	static const struct source_case_answer again[] = {
	    {"", 304, "", NULL, false}, {0}};

	source_case_run(it, first);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	if (it->end.state != NULL)
		(void)snprintf(
		    it->job.state, sizeof(it->job.state), "%s", it->end.state);
	source_case_run(it, again);
	return it;
}

START_TEST(list_that_did_not_change_is_not_sent_again)
{
	struct source_case *it = read_again(URL_KEYS, ETAG);

	source_case_expect_end(it, SYNC_UNCHANGED, "");
	source_case_expect_told(it, "");
	ck_assert_pstr_eq(it->end.state, it->job.state);
	ck_assert_ptr_nonnull(
	    strstr(buffer_text(&it->headers), "If-None-Match: \"v1\"\n"));
	source_case_free(it);
	it = read_again(URL_KEYS,
	    LENGTH "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT\n"
		   "Date: Thu, 01 Jan 2026 00:01:00 GMT\n");
	source_case_expect_end(it, SYNC_UNCHANGED, "");
	ck_assert_ptr_nonnull(strstr(buffer_text(&it->headers),
	    "If-Modified-Since: Thu, 01 Jan 2026 00:00:00 GMT\n"));
	source_case_free(it);
}
END_TEST

START_TEST(mark_that_a_later_change_could_share_is_none)
{
	struct source_case *it = read_again(URL_KEYS,
	    LENGTH "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT\n"
		   "Date: Thu, 01 Jan 2026 00:00:00 GMT\n");

	source_case_expect_end(it, SYNC_FAILED, "304");
	ck_assert_str_eq(it->job.state, "");
	source_case_free(it);
}
END_TEST

START_TEST(state_of_other_settings_is_none)
{
	struct source_case *it = read_again(URL_KEYS, ETAG);
	struct source_case *other =
	    source_case_make(&source_csv, URL_KEYS "user_name = login\n");
	const struct source_case_answer answers[] = {
	    list_of("id,email\n"), {0}};

	(void)snprintf(
	    other->job.state, sizeof(other->job.state), "%s", it->job.state);
	source_case_run(other, answers);
	source_case_expect_end(other, SYNC_COMPLETE, "");
	ck_assert_ptr_null(
	    strstr(buffer_text(&other->headers), "If-None-Match"));
	source_case_free(other);
	source_case_free(it);
}
END_TEST

START_TEST(file_is_asked_for_like_a_page)
{
	struct source_case *it = read_again(FILE_KEYS, ETAG);

	source_case_expect_end(it, SYNC_UNCHANGED, "");
	source_case_expect_asked(it, "GET file:\n");
	ck_assert_ptr_nonnull(
	    strstr(buffer_text(&it->headers), "If-None-Match: \"v1\"\n"));
	source_case_free(it);
	it = read_list(FILE_KEYS, HEAD "x\n");
	source_case_expect_end(
	    it, SYNC_FAILED, "/srv/people.csv: line 3: 1 fields and not 4");
	source_case_free(it);
}
END_TEST

START_TEST(file_that_cannot_be_read_is_a_failure)
{
	static const struct source_case_answer answers[] = {
	    {"", 0, "the file changed while it was read", NULL, false}, {0}};
	struct source_case *it = source_case_make(&source_csv, FILE_KEYS);

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_FAILED,
	    "/srv/people.csv: the file changed while it was read");
	ck_assert(!it->end.is_configuration);
	source_case_free(it);
}
END_TEST

START_TEST(url_is_tried_again)
{
	static const struct source_case_answer answers[] = {
	    {"", 503, "", NULL, false},
	    {"", 200, "id,email\n1,a@example.com\n", LENGTH, false}, {0}};
	struct source_case *it = source_case_make(
	    &source_csv, URL_KEYS "token_file = /etc/extauth/secrets/t\n");

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	ck_assert_uint_eq(it->requests, 2);
	ck_assert_ptr_nonnull(strstr(
	    buffer_text(&it->headers), "Authorization: Bearer api-token\n"));
	source_case_free(it);
}
END_TEST

/* Lines for many people, and one at the end. */
static void
serve_many(struct source_case *it, const char *url, struct event *ret_event)
{
	const unsigned *count = it->context;
	unsigned at;

	(void)url;
	source_case_respond(ret_event, 200, LENGTH, "id,email\n");
	for (at = 0; at < *count; at++)
		ck_assert_ok(buffer_append_format(&ret_event->response.body,
		    "%u,user%u@example.com\n", at, at));
}

START_TEST(hundred_thousand_lines_are_read)
{
	struct source_case *it = source_case_make(&source_csv, URL_KEYS);
	unsigned count = 100000;
	const char *told;

	it->serve = serve_many;
	it->context = &count;
	source_case_run(it, NULL);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	told = buffer_text(&it->told);
	ck_assert_int_eq(strncmp(told, "total 100000\nuser 0 ", 20), 0);
	ck_assert_ptr_nonnull(
	    strstr(told, "\nuser 99999 user99999@example.com -\n"));
	source_case_free(it);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    columns_are_found_by_their_names,
	    columns_can_have_other_names,
	    groups_are_those_that_somebody_wants,
	    list_that_is_wrong_changes_nobody,
	    texts_that_are_too_long_are_left_to_the_host,
	    nul_in_a_list_changes_nobody,
	    list_of_unknown_length_may_be_cut,
	    one_person_is_read_alone,
	    list_that_did_not_change_is_not_sent_again,
	    mark_that_a_later_change_could_share_is_none,
	    state_of_other_settings_is_none,
	    file_is_asked_for_like_a_page,
	    file_that_cannot_be_read_is_a_failure,
	    url_is_tried_again,
	    hundred_thousand_lines_are_read,
	    NULL,
	};

	return unit_run("source_csv", tests);
}
