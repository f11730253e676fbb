/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scim_case.h"
#include "unit.h"

struct list_case {
	size_t count;
	unsigned flags;
	size_t cap;
	const char *keys;
	unsigned requests; /* 0: any */
};

static void
check_list(const struct list_case *row)
{
	struct scim_case *it = scim_case_make(row->count, row->flags, row->cap);
	struct source_case *one = scim_case_run(it, row->keys);
	size_t at;

	ck_assert_msg(one->end.kind == SYNC_COMPLETE, "%zu people, %x: %s\n%s",
	    row->count, row->flags, one->end.reason, buffer_text(&one->asked));
	ck_assert_uint_eq(scim_case_count(one), row->count);
	for (at = 0; at < row->count; at++)
		ck_assert_msg(scim_case_told(one, at), "u-%zu of %zu, %x", at,
		    row->count, row->flags);
	ck_assert_msg(row->requests == 0 || one->requests == row->requests,
	    "%zu people, %x: %u requests\n%s", row->count, row->flags,
	    one->requests, buffer_text(&one->asked));
	source_case_free(one);
	free(it);
}

START_TEST(everybody_is_told_once_whatever_the_server_does)
{
	static const unsigned deviations[] = {
	    HONEST,
	    NO_TOTAL,
	    TOTAL_IS_PAGE,
	    TOTAL_IS_TEXT,
	    TOTAL_BIG,
	    IGNORES_PAGING,
	    IGNORES_PAGING | NO_TOTAL,
	    IGNORES_PAGING | TOTAL_IS_TEXT | LOWER_CASE,
	    FIRST_BEYOND_END,
	    FIRST_BEYOND_END | NO_TOTAL,
	    FIRST_BEYOND_END | TOTAL_IS_PAGE,
	    NOT_FOUND_BEYOND_END,
	    LOWER_CASE | NO_TOTAL,
	    NO_LIST_IF_EMPTY,
	    NO_LIST_IF_EMPTY | NO_TOTAL,
	    BY_CURSOR,
	    BY_CURSOR | NO_TOTAL | LOWER_CASE,
	    BY_CURSOR | TOTAL_IS_PAGE,
	    BY_CURSOR | TOTAL_BIG,
	    BY_CURSOR | LAST_REPEATED,
	    BY_CURSOR | LAST_REPEATED | NO_TOTAL,
	    REFUSES_ATTRIBUTES,
	    REFUSES_ATTRIBUTES | REFUSES_INDEX | NO_TOTAL,
	    REFUSES_INDEX,
	    WHOLE_PAGES,
	    WHOLE_PAGES | NO_TOTAL,
	};
	static const size_t counts[] = {
	    0, 1, 2, 9, 10, 11, 19, 20, 21, 30, 99, 100, 101, 250};
	static const size_t caps[] = {0, 7};
	struct list_case row = {.keys = SMALL};
	size_t at;

	for (at = 0; at < sizeof(deviations) / sizeof(*deviations) *
		 sizeof(counts) / sizeof(*counts) * 2;
	     at++) {
		row.cap = caps[at % 2];
		row.count = counts[at / 2 % (sizeof(counts) / sizeof(*counts))];
		row.flags =
		    deviations[at / 2 / (sizeof(counts) / sizeof(*counts))];
		/* Who serves whole pages means those that were asked for. */
		if (row.cap > 0 && (row.flags & WHOLE_PAGES) != 0)
			continue;
		/* One page alone, of more, and no page with others. */
		if ((row.flags & TOTAL_BIG) != 0 &&
		    (row.count == 0 ||
			((row.flags & BY_CURSOR) != 0 && row.count <= 10)))
			continue;
		if ((row.flags & LAST_REPEATED) != 0 &&
		    (row.flags & NO_TOTAL) != 0 && row.count <= 10)
			continue;
		check_list(&row);
	}
}
END_TEST

START_TEST(few_requests_are_made)
{
	static const struct list_case rows[] = {
	    {0, HONEST, 0, SCIM, 1},
	    {3, HONEST, 0, SCIM, 2},
	    {3, BY_CURSOR, 0, SCIM "paging = cursor\n", 1},
	    {3, HONEST, 0, SCIM "paging = none\n", 1},
	    {450, HONEST, 0, SCIM, 3},
	    {450, BY_CURSOR, 0, SCIM, 3},
	    {450, BY_CURSOR, 100, SCIM "paging = cursor\n", 5},
	    {2000, HONEST, 0, SCIM "page_size = 1000\n", 3},
	    {25, HONEST, 0, SCIM "page_size = 1\n", 26},
	};
	size_t at;

	for (at = 0; at < sizeof(rows) / sizeof(*rows); at++)
		check_list(&rows[at]);
}
END_TEST

START_TEST(requests_are_exact)
{
	struct scim_case *it = scim_case_make(12, HONEST, 0);
	struct source_case *one = scim_case_run(it, SMALL "posix_schema =\n");

	source_case_expect_asked(one,
	    "GET /scim/v2/Users?startIndex=1&count=10&attributes=id%2C"
	    "userName%2Cemails%2CdisplayName%2Cactive\n"
	    "GET /scim/v2/Users?startIndex=10&count=10&attributes=id%2C"
	    "userName%2Cemails%2CdisplayName%2Cactive\n");
	ck_assert_ptr_nonnull(strstr(buffer_text(&one->headers),
	    "Accept: application/scim+json, application/json\n"));
	source_case_free(one);
	it->requests = 0;
	it->flags = BY_CURSOR;
	one = scim_case_run(it,
	    SMALL "posix_schema =\nfilter = active eq true\n"
		  "disabled_if = /locked == true\n");
	source_case_expect_asked(one,
	    "GET /scim/v2/Users?startIndex=1&count=10&attributes=id%2C"
	    "userName%2Cemails%2CdisplayName%2Cactive%2Clocked"
	    "&filter=active%20eq%20true\n"
	    "GET /scim/v2/Users?cursor=c10&count=10&attributes=id%2C"
	    "userName%2Cemails%2CdisplayName%2Cactive%2Clocked"
	    "&filter=active%20eq%20true\n");
	source_case_free(one);
	free(it);
}
END_TEST

START_TEST(posix_attributes_are_asked_for_by_name)
{
	struct scim_case *it = scim_case_make(0, HONEST, 0);
	struct source_case *one = scim_case_run(it,
	    SCIM "paging = cursor\nposix_schema = urn:x\n"
		 "[group team]\nremote = Team\n");

	ck_assert_ptr_nonnull(strstr(buffer_text(&one->asked),
	    "GET /scim/v2/Users?cursor=&count=200&attributes=id%2CuserName%2C"
	    "emails%2CdisplayName%2Cactive%2Curn%3Ax%3AUser%3AuidNumber%2C"
	    "urn%3Ax%3AUser%3AhomeDirectory%2Curn%3Ax%3AUser%3AloginShell%2C"
	    "groups\n"));
	source_case_free(one);
	free(it);
}
END_TEST

static void
expect_failure(struct scim_case *it, const char *keys, const char *reason)
{
	struct source_case *one = scim_case_run(it, keys);

	source_case_expect_end(one, SYNC_FAILED, reason);
	source_case_free(one);
	free(it);
}

START_TEST(a_server_that_gives_the_first_page_for_ever_is_found_out)
{
	expect_failure(scim_case_make(25, FIRST_FOREVER, 0), SMALL,
	    "page 3 of users: the server gives 10 of 25");
	expect_failure(scim_case_make(25, FIRST_FOREVER | NO_TOTAL, 0), SMALL,
	    "gives the same page again");
	expect_failure(
	    scim_case_make(25, BY_CURSOR | FIRST_CURSOR | NO_TOTAL, 0), SMALL,
	    "gives the same page again");
	expect_failure(scim_case_make(25, BY_CURSOR | FIRST_CURSOR, 0), SMALL,
	    "gives 10 of 25");
	expect_failure(scim_case_make(25, HONEST, 10), SCIM "paging = none\n",
	    "gives 10 of 25");
}
END_TEST

START_TEST(nobody_of_many_is_a_failure)
{
	struct scim_case *it = scim_case_make(0, TOTAL_BIG, 0);

	expect_failure(it, SMALL, "gives 0 of 5");
	it = scim_case_make(0, TOTAL_BIG | NO_LIST_IF_EMPTY, 0);
	expect_failure(it, SMALL, "holds no list");
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    everybody_is_told_once_whatever_the_server_does,
	    few_requests_are_made,
	    requests_are_exact,
	    posix_attributes_are_asked_for_by_name,
	    a_server_that_gives_the_first_page_for_ever_is_found_out,
	    nobody_of_many_is_a_failure,
	    NULL,
	};

	return unit_run("source_scim_paging", tests);
}
