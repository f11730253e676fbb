/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scim_case.h"
#include "source_scim.h"
#include "unit.h"

static void
expect_failure(struct scim_case *it, const char *keys, const char *reason)
{
	struct source_case *one = scim_case_run(it, keys);

	source_case_expect_end(one, SYNC_FAILED, reason);
	source_case_free(one);
	free(it);
}

static void
leave(struct scim_case *it, size_t at)
{
	it->count--;
	memmove(&it->people[at], &it->people[at + 1],
	    (it->count - at) * sizeof(*it->people));
}

static void
one_leaves(struct scim_case *it, unsigned request)
{
	if (request == 2)
		leave(it, 3);
}

static void
one_leaves_one_comes(struct scim_case *it, unsigned request)
{
	if (request != 2)
		return;
	leave(it, 3);
	it->people[it->count++] = 1000;
}

static void
one_comes_in_front(struct scim_case *it, unsigned request)
{
	if (request != 2)
		return;
	memmove(
	    &it->people[1], &it->people[0], it->count * sizeof(*it->people));
	it->people[0] = 1000;
	it->count++;
}

static void
one_leaves_each_time(struct scim_case *it, unsigned request)
{
	(void)request;
	leave(it, 0);
}

static void
all_leave(struct scim_case *it, unsigned request)
{
	if (request >= 2)
		it->count = 0;
}

/* Somebody left, and all behind moved up over the edge of a page. */
START_TEST(who_moved_between_pages_is_not_missed)
{
	static void (*const changes[])(struct scim_case *, unsigned) = {
	    one_leaves, one_leaves_one_comes, one_comes_in_front};
	size_t at;
	size_t nth;

	for (at = 0; at < sizeof(changes) / sizeof(*changes); at++) {
		struct scim_case *it = scim_case_make(35, HONEST, 0);
		struct source_case *one;

		it->before = changes[at];
		one = scim_case_run(it, SMALL);
		source_case_expect_end(one, SYNC_COMPLETE, "");
		for (nth = 0; nth < it->count; nth++)
			ck_assert_msg(scim_case_told(one, it->people[nth]),
			    "u-%zu\n%s", it->people[nth],
			    buffer_text(&one->asked));
		source_case_free(one);
		free(it);
	}
}
END_TEST

START_TEST(a_directory_that_does_not_hold_still_is_not_believed)
{
	struct scim_case *it = scim_case_make(100, HONEST, 0);

	it->before = one_leaves_each_time;
	expect_failure(it, SMALL, "the directory changed while it was read");
	it = scim_case_make(100, HONEST, 0);
	it->before = all_leave;
	expect_failure(it, SMALL, "the directory changed while it was read");
}
END_TEST

START_TEST(what_fails_between_pages_is_asked_for_again)
{
	static const unsigned statuses[] = {0, 429, 503, 500};
	size_t at;

	for (at = 0; at < sizeof(statuses) / sizeof(*statuses); at++) {
		struct scim_case *it = scim_case_make(35, HONEST, 0);
		struct source_case *one;

		it->fail_at = 3;
		it->failures = 2;
		it->fail_status = statuses[at];
		it->fail_body = "";
		one = scim_case_run(it, SMALL);
		source_case_expect_end(one, SYNC_COMPLETE, "");
		ck_assert_uint_eq(scim_case_count(one), 35);
		ck_assert_ptr_nonnull(
		    strstr(buffer_text(&one->asked), "wait 1000\n"));
		source_case_free(one);
		free(it);
	}
}
END_TEST

static struct scim_case *
make_expired(const char *type, unsigned failures)
{
	struct scim_case *it = scim_case_make(35, BY_CURSOR, 0);
	static char body[128];

	(void)snprintf(body, sizeof(body),
	    "{\"scimType\":\"%s\",\"detail\":\"cursor gone\"}", type);
	it->fail_at = 3;
	it->failures = failures;
	it->fail_status = 400;
	it->fail_body = body;
	return it;
}

START_TEST(an_expired_cursor_begins_anew_once)
{
	struct scim_case *it = make_expired("expiredCursor", 1);
	struct source_case *one = scim_case_run(it, SMALL);

	source_case_expect_end(one, SYNC_COMPLETE, "");
	ck_assert_uint_eq(scim_case_count(one), 35);
	ck_assert_ptr_nonnull(strstr(buffer_text(&one->asked), "cursor=&"));
	source_case_free(one);
	free(it);
	it = make_expired("expiredCursor", 1);
	one = scim_case_run(it, SMALL);
	free(it);
	source_case_free(one);
	expect_failure(make_expired("expiredCursor", 99), SMALL,
	    "status 400: cursor gone");
	expect_failure(make_expired("invalidValue", 1), SMALL,
	    "page 3 of users: status 400: cursor gone");
}
END_TEST

START_TEST(a_count_that_is_too_big_is_halved)
{
	struct scim_case *it = scim_case_make(35, HONEST, 0);
	struct source_case *one;

	it->fail_at = 1;
	it->failures = 2;
	it->fail_status = 400;
	it->fail_body = "{\"scimType\":\"invalidCount\"}";
	one = scim_case_run(it, SCIM);
	source_case_expect_end(one, SYNC_COMPLETE, "");
	ck_assert_ptr_nonnull(strstr(buffer_text(&one->asked), "count=50&"));
	source_case_free(one);
	free(it);
}
END_TEST

START_TEST(a_server_without_an_order_is_read_whole_or_not_at_all)
{
	size_t count;

	for (count = 0; count < 100; count++) {
		struct scim_case *it =
		    scim_case_make(count, NO_ORDER, count % 2 * 7);
		struct source_case *one = scim_case_run(it, SMALL);

		ck_assert(one->end.kind == SYNC_FAILED ||
		    scim_case_count(one) == count);
		source_case_free(one);
		free(it);
	}
}
END_TEST

START_TEST(a_limit_of_the_server_is_not_the_end)
{
	struct scim_case *it = scim_case_make(60, HONEST, 0);

	it->window = 40;
	it->flags = NO_ORDER;
	expect_failure(it, SMALL, "page");
}
END_TEST

/* One page of people, then empty ones for ever, each with another cursor. */
static void
serve_empty_pages(
    struct source_case *it, const char *url, struct event *ret_event)
{
	char body[128];

	(void)url;
	(void)snprintf(body, sizeof(body),
	    "{\"nextCursor\":\"c%u\",\"Resources\":[%s]}", it->requests,
	    it->requests <= 1 ? "{\"id\":\"1\"}" : "");
	source_case_respond(ret_event, 200, NULL, body);
}

START_TEST(empty_pages_for_ever_are_no_end)
{
	struct source_case *it = source_case_make(&source_scim,
	    "type = scim\nurl = https://dir.example.com/scim/v2\n"
	    "token_file = dir\npaging = cursor\n");

	it->serve = serve_empty_pages;
	source_case_run(it, NULL);
	ck_assert_int_eq(it->end.kind, SYNC_FAILED);
	ck_assert_uint_gt(it->requests, 2);
	ck_assert_uint_lt(it->requests, 1000);
	source_case_free(it);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    who_moved_between_pages_is_not_missed,
	    a_directory_that_does_not_hold_still_is_not_believed,
	    what_fails_between_pages_is_asked_for_again,
	    an_expired_cursor_begins_anew_once,
	    a_count_that_is_too_big_is_halved,
	    a_server_without_an_order_is_read_whole_or_not_at_all,
	    a_limit_of_the_server_is_not_the_end,
	    empty_pages_for_ever_are_no_end,
	    NULL,
	};

	return unit_run("source_scim_change", tests);
}
