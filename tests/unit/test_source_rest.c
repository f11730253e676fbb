/* SPDX-License-Identifier: MIT */
#include "source_rest.h"

#include <stdio.h>
#include <string.h>

#include "source_case.h"
#include "unit.h"

#define KEYS                                                                   \
	"type = rest\nurl = https://dir.example.com/people\n"                  \
	"user_id = /id\nuser_email = /mail\n"

#define ONE "{\"id\":1,\"mail\":\"a@example.com\"}"
#define TWO "{\"id\":2,\"mail\":\"b@example.com\"}"
#define THREE "{\"id\":3,\"mail\":\"c@example.com\"}"
#define TOLD_ONE "user 1 a@example.com -\n"
#define TOLD_TWO "user 2 b@example.com -\n"
#define TOLD_THREE "user 3 c@example.com -\n"

/* One reading: the keys, the answers, and what comes of it. */
struct reading {
	const char *keys;
	struct source_case_answer answers[8];
	enum sync_end_kind end;
	const char *reason;
	const char *told;
	const char *asked;
};

static void
check_reading(const struct reading *reading)
{
	struct source_case *it = source_case_make(&source_rest, reading->keys);

	source_case_run(it, reading->answers);
	source_case_expect_end(it, reading->end, reading->reason);
	if (reading->told != NULL)
		source_case_expect_told(it, reading->told);
	source_case_expect_asked(it, reading->asked);
	source_case_free(it);
}

static void
check_readings(const struct reading *readings, size_t count)
{
	size_t at;

	for (at = 0; at < count; at++)
		check_reading(&readings[at]);
}

#define CHECK_READINGS(table)                                                  \
	check_readings(table, sizeof(table) / sizeof((table)[0]))

static const struct reading whole_lists[] = {
    {KEYS, {{"", 200, "[" ONE "," TWO "]", NULL, false}}, SYNC_COMPLETE, "",
	"total 2\n" TOLD_ONE TOLD_TWO, "GET /people\n"},
    {KEYS "users = /a/b\n",
	{{"", 200, "{\"a\":{\"b\":[" ONE "]}}", NULL, false}}, SYNC_COMPLETE,
	"", "total 1\n" TOLD_ONE, "GET /people\n"},
    {KEYS, {{"", 200, "[]", NULL, false}}, SYNC_COMPLETE, "", "total 0\n",
	"GET /people\n"},
    /* each once; who has no id is nobody */
    {KEYS, {{"", 200, "[" ONE "," ONE ",{\"mail\":\"x\"},null]", NULL, false}},
	SYNC_COMPLETE, "", "total 4\n" TOLD_ONE, "GET /people\n"},
    {KEYS, {{"", 200, "{\"error\":\"x\"}", NULL, false}}, SYNC_FAILED,
	"page 1 of users: there is no list at \"\"", "", "GET /people\n"},
    {KEYS "users = /users\n",
	{{"", 200, "{\"users\":{\"1\":" ONE "}}", NULL, false}}, SYNC_FAILED,
	"there is no list at \"/users\"", "", "GET /people\n"},
    {KEYS, {{"", 200, "[" ONE, NULL, false}}, SYNC_FAILED, "page 1 of users",
	"", "GET /people\n"},
    {KEYS, {{"", 404, "", NULL, false}}, SYNC_FAILED, "404", "",
	"GET /people\n"},
};

START_TEST(whole_list_is_one_answer)
{
	CHECK_READINGS(whole_lists);
}
END_TEST

static const struct reading links[] = {
    {KEYS "next = link\n",
	{{"/people?c=2", 200, "[" TWO "]", "Link: </people?c=3>; rel=\"next\"",
	     false},
	    {"/people?c=3", 200, "[" THREE "]",
		"Link: </people>; rel=\"first\"", false},
	    {"/people", 200, "[" ONE "]",
		"Link: <https://dir.example.com/people?c=2>; rel=next", false}},
	SYNC_COMPLETE, "", TOLD_ONE TOLD_TWO TOLD_THREE,
	"GET /people\nGET /people?c=2\nGET /people?c=3\n"},
    /* an empty page is not the last one */
    {KEYS "next = link\n",
	{{"?c=2", 200, "[]", "Link: <?c=3>; rel=next", false},
	    {"?c=3", 200, "[" TWO "]", NULL, false},
	    {"/people", 200, "[]", "Link: <?c=2>; rel=next", false}},
	SYNC_COMPLETE, "", TOLD_TWO,
	"GET /people\nGET /people?c=2\nGET /people?c=3\n"},
    /* the same page again, under its own name and another one */
    {KEYS "next = link\n",
	{{"/people", 200, "[" ONE "]", "Link: </people>; rel=next", true}},
	SYNC_COMPLETE, "", TOLD_ONE, "GET /people\n"},
    {KEYS "next = link\n",
	{{"/people", 200, "[" ONE "]", "Link: </people?x>; rel=next", true}},
	SYNC_COMPLETE, "", TOLD_ONE, "GET /people\nGET /people?x\n"},
    /* not the same, but nobody new */
    {KEYS "next = link\n",
	{{"?x", 200, "[" TWO "," ONE "]", "Link: </people?y>; rel=next", false},
	    {"/people", 200, "[" ONE "," TWO "]", "Link: </people?x>; rel=next",
		false}},
	SYNC_COMPLETE, "", TOLD_ONE TOLD_TWO, "GET /people\nGET /people?x\n"},
    /* the token stays at home */
    {KEYS "next = link\n",
	{{"/people", 200, "[" ONE "]",
	    "Link: <https://evil.example.com/>; rel=next", false}},
	SYNC_FAILED, "at another server", TOLD_ONE, "GET /people\n"},
    {KEYS "next = link\n",
	{{"/people", 200, "[" ONE "]", "Link: <page2>; rel=next", false}},
	SYNC_FAILED, "at another server than url, or none", TOLD_ONE,
	"GET /people\n"},
    {KEYS "next = link\n",
	{{"?2", 500, "", NULL, true},
	    {"/people", 200, "[" ONE "]", "Link: <?2>; rel=next", false}},
	SYNC_FAILED, "page 2 of users: status 500", TOLD_ONE,
	"GET /people\nGET /people?2\nwait 1000\nGET /people?2\nwait 2000\n"
	"GET /people?2\nwait 4000\nGET /people?2\nwait 8000\n"
	"GET /people?2\nwait 16000\nGET /people?2\n"},
};

START_TEST(links_are_followed)
{
	CHECK_READINGS(links);
}
END_TEST

#define PAGED(url) "type = rest\nuser_id = /id\nuser_email = /mail\n" url
#define PEOPLE "url = https://dir.example.com/people"

static const struct reading counted[] = {
    {KEYS "next = page\nnext_parameter = page\n",
	{{"page=1", 200, "[" ONE "," TWO "]", NULL, false},
	    {"page=2", 200, "[" THREE "]", NULL, false},
	    {"page=3", 200, "[]", NULL, false}},
	SYNC_COMPLETE, "", TOLD_ONE TOLD_TWO TOLD_THREE,
	"GET /people?page=1\nGET /people?page=2\nGET /people?page=3\n"},
    /* the administrator says that pages are full */
    {KEYS "next = page\nnext_parameter = page\npage_size = 2\n",
	{{"page=1", 200, "[" ONE "," TWO "]", NULL, false},
	    {"page=2", 200, "[" THREE "]", NULL, false}},
	SYNC_COMPLETE, "", TOLD_ONE TOLD_TWO TOLD_THREE,
	"GET /people?page=1\nGET /people?page=2\n"},
    /* the server makes them shorter */
    {KEYS "next = page\nnext_parameter = page\npage_size = 500\n",
	{{"page=1", 200, "[" ONE "]", NULL, false},
	    {"page=2", 200, "[" TWO "]", NULL, false},
	    {"page=3", 200, "[]", NULL, false}},
	SYNC_COMPLETE, "", TOLD_ONE TOLD_TWO,
	"GET /people?page=1\nGET /people?page=2\nGET /people?page=3\n"},
    /* counted from what is written */
    {PAGED(PEOPLE "?a=1&page=0&b=2\n"
		  "next = page\nnext_parameter = page\n"),
	{{"page=0", 200, "[" ONE "]", NULL, false},
	    {"page=1", 200, "[]", NULL, false}},
	SYNC_COMPLETE, "", TOLD_ONE,
	"GET /people?a=1&page=0&b=2\nGET /people?a=1&b=2&page=1\n"},
    {PAGED(PEOPLE "?page%5Bnumber%5d=7&a=%25\n"
		  "next = page\nnext_parameter = page[number]\n"),
	{{"=7", 200, "[" ONE "]", NULL, false}, {"=8", 200, "[]", NULL, false}},
	SYNC_COMPLETE, "", TOLD_ONE,
	"GET /people?page%5Bnumber%5d=7&a=%25\n"
	"GET /people?a=%25&page%5Bnumber%5D=8\n"},
    {PAGED(PEOPLE "?page=x&mypage=3&page\nnext = page\n"
		  "next_parameter = page\n"),
	{{"", 200, "[]", NULL, false}}, SYNC_COMPLETE, "", "",
	"GET /people?mypage=3&page&page=1\n"},
    {KEYS "next = offset\nnext_parameter = start\n",
	{{"start=0", 200, "[" ONE "," TWO "]", NULL, false},
	    {"start=2", 200, "[" THREE "]", NULL, false},
	    {"start=3", 200, "[]", NULL, false}},
	SYNC_COMPLETE, "", TOLD_ONE TOLD_TWO TOLD_THREE,
	"GET /people?start=0\nGET /people?start=2\nGET /people?start=3\n"},
    /* a server that knows no pages */
    {KEYS "next = offset\nnext_parameter = start\n",
	{{"", 200, "[" ONE "," TWO "]", NULL, true}}, SYNC_COMPLETE, "",
	TOLD_ONE TOLD_TWO, "GET /people?start=0\nGET /people?start=2\n"},
    /* the end must be seen */
    {KEYS "next = page\nnext_parameter = page\n",
	{{"page=1", 200, "[" ONE "]", NULL, false},
	    {"page=2", 404, "", NULL, false}},
	SYNC_FAILED, "page 2 of users: status 404", TOLD_ONE,
	"GET /people?page=1\nGET /people?page=2\n"},
};

START_TEST(pages_are_counted)
{
	CHECK_READINGS(counted);
}
END_TEST

#define POINTED KEYS "users = /list\nnext = /next\n"
#define CURSOR POINTED "next_parameter = cursor\n"
#define LIST(people, next) "{\"list\":[" people "],\"next\":" next "}"

static const struct reading pointed[] = {
    {POINTED,
	{{"c=2", 200, LIST(TWO, "null"), NULL, false},
	    {"/people", 200,
		LIST(ONE, "\"https://dir.example.com/people?c=2\""), NULL,
		false}},
	SYNC_COMPLETE, "", TOLD_ONE TOLD_TWO, "GET /people\nGET /people?c=2\n"},
    {POINTED, {{"", 200, LIST(ONE, "\"\""), NULL, false}}, SYNC_COMPLETE, "",
	TOLD_ONE, "GET /people\n"},
    {POINTED, {{"", 200, LIST(ONE, "false"), NULL, false}}, SYNC_COMPLETE, "",
	TOLD_ONE, "GET /people\n"},
    {POINTED, {{"", 200, "{\"list\":[" ONE "]}", NULL, false}}, SYNC_COMPLETE,
	"", TOLD_ONE, "GET /people\n"},
    {CURSOR,
	{{"cursor=a%26b%3D", 200, LIST(TWO, "77"), NULL, false},
	    {"cursor=77", 200, LIST(THREE, "\"\""), NULL, false},
	    {"/people", 200, LIST(ONE, "\"a&b=\""), NULL, false}},
	SYNC_COMPLETE, "", TOLD_ONE TOLD_TWO TOLD_THREE,
	"GET /people\nGET /people?cursor=a%26b%3D\n"
	"GET /people?cursor=77\n"},
    {POINTED, {{"", 200, LIST(ONE, "7"), NULL, false}}, SYNC_FAILED,
	"page 1 of users: /next: what is there is no next page", "",
	"GET /people\n"},
    {POINTED, {{"", 200, LIST(ONE, "true"), NULL, false}}, SYNC_FAILED,
	"/next: what is there", "", "GET /people\n"},
    {CURSOR, {{"", 200, LIST(ONE, "{}"), NULL, false}}, SYNC_FAILED,
	"/next: what is there", "", "GET /people\n"},
    {POINTED,
	{{"", 200, LIST(ONE, "\"https://evil.example.com/\""), NULL, false}},
	SYNC_FAILED, "at another server", TOLD_ONE, "GET /people\n"},
};

START_TEST(values_of_the_page_are_followed)
{
	CHECK_READINGS(pointed);
}
END_TEST

START_TEST(all_attributes_are_read)
{
	static const struct source_case_answer answers[] = {
	    {"", 200,
		"[{\"id\":\"x1\",\"n\":\"jane\",\"mail\":\"jane@example.com\","
		"\"full\":\"Jane Doe\",\"uid\":\"2000200009\","
		"\"dir\":\"/h/j\",\"sh\":\"/bin/sh\",\"roles\":[\"dev\","
		"\"ops\",{\"id\":7,\"name\":\"ops\"}],\"on\":false},"
		"{\"id\":\"x2\",\"kind\":\"robot\"}]",
		NULL, false},
	    {0}};
	struct source_case *it = source_case_make(&source_rest,
	    KEYS "user_name = /n\nuser_gecos = /full\nuser_uid = /uid\n"
		 "user_home = /dir\nuser_shell = /sh\nuser_groups = /roles\n"
		 "disabled_if = /on == false\nskip_if = /kind == \"robot\"\n"
		 "[group ops]\nremote = ops\n");

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_expect_told(it,
	    "total 2\nuser x1 jane@example.com jane gecos=Jane Doe "
	    "uid=2000200009 home=/h/j shell=/bin/sh disabled in=-/ops "
	    "in=7/ops\n");
	source_case_free(it);
}
END_TEST

START_TEST(one_person_is_told_alone)
{
	static const struct source_case_answer answers[] = {
	    {"?c=2", 200, "[" TWO "," THREE "]", "Link: <?c=3>; rel=next",
		false},
	    {"", 200, "[" ONE "]", "Link: <?c=2>; rel=next\nETag: \"1\"",
		false},
	    {0}};
	static const struct source_case_answer nobody[] = {
	    {"", 200, "[" ONE "]", NULL, false}, {0}};
	struct source_case *it =
	    source_case_make(&source_rest, KEYS "next = link\n");

	(void)snprintf(
	    it->job.email, sizeof(it->job.email), "%s", "B@EXAMPLE.com");
	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_ONE, "");
	source_case_expect_told(it, TOLD_TWO);
	source_case_expect_asked(it, "GET /people\nGET /people?c=2\n");
	ck_assert_ptr_null(it->end.state);
	source_case_run(it, nobody);
	source_case_expect_end(it, SYNC_ONE, "");
	source_case_expect_told(it, "");
	source_case_free(it);
}
END_TEST

/* Reads twice, the second time with the state of the first; returns whether it
 * was asked for a change alone. */
static bool
asks_for_changes(const char *keys, const char *url, const char *body)
{
	struct source_case *it = source_case_make(&source_rest, keys);
	const struct source_case_answer first[] = {
	    {url, 200, body, "ETag: \"1\"", false},
	    {"", 200, "{\"list\":[]}", NULL, false}, {0}};
	bool is_conditional;

	source_case_run(it, first);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	if (it->end.state != NULL)
		(void)snprintf(
		    it->job.state, sizeof(it->job.state), "%s", it->end.state);
	source_case_run(it,
	    (const struct source_case_answer[]){
		{"", 304, "", NULL, false}, {0}});
	is_conditional =
	    strstr(buffer_text(&it->headers), "If-None-Match: \"1\"\n") != NULL;
	source_case_expect_end(
	    it, is_conditional ? SYNC_UNCHANGED : SYNC_FAILED, "");
	if (is_conditional)
		ck_assert_pstr_eq(it->end.state, it->job.state);
	source_case_free(it);
	return is_conditional;
}

START_TEST(mark_is_kept_where_it_stands_for_the_whole_list)
{
	ck_assert(asks_for_changes(KEYS, "/people", "[" ONE "]"));
	ck_assert(asks_for_changes(POINTED, "/people", LIST(ONE, "null")));
	/* The second page may change alone. */
	ck_assert(!asks_for_changes(POINTED, "/people", LIST(ONE, "\"?2\"")));
	/* A header for the next page may come alone. */
	ck_assert(
	    !asks_for_changes(KEYS "next = link\n", "/people", "[" ONE "]"));
	ck_assert(!asks_for_changes(
	    KEYS "next = page\nnext_parameter = p\n", "p=1", "[]"));
}
END_TEST

START_TEST(secret_in_the_url_is_sent_and_not_shown)
{
	static const struct source_case_answer answers[] = {
	    {"key=named-secret&p=1", 200, "[" ONE "]", NULL, false},
	    {"key=named-secret&p=2", 200, "[]", NULL, false}, {0}};
	struct source_case *it = source_case_make(&source_rest,
	    PAGED(PEOPLE "?org={{ORGID}}&key={{SECRET:x}}\n"
			 "next = page\nnext_parameter = p\n"));

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_expect_asked(it,
	    "GET /people?org=4711&key=named-secret&p=1\n"
	    "GET /people?org=4711&key=named-secret&p=2\n");
	source_case_free(it);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    whole_list_is_one_answer,
	    links_are_followed,
	    pages_are_counted,
	    values_of_the_page_are_followed,
	    all_attributes_are_read,
	    one_person_is_told_alone,
	    mark_is_kept_where_it_stands_for_the_whole_list,
	    secret_in_the_url_is_sent_and_not_shown,
	    NULL,
	};

	return unit_run("source_rest", tests);
}
