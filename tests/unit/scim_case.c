/* SPDX-License-Identifier: MIT */
#include "scim_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source_scim.h"
#include "unit.h"

#define BODY_MAX_BYTES ((size_t)4 << 20)
#define NUMBER_MAX 1000000

static size_t
number_in(const char *url, const char *name, size_t otherwise)
{
	const char *at = strstr(url, name);

	return at != NULL ? (size_t)strtoul(at + strlen(name), NULL, 10)
			  : otherwise;
}

static void
add_text(struct buffer *body, const char *text)
{
	ck_assert_ok(buffer_append_text(body, text));
}

static void
add_head(const struct scim_case *it, size_t length, struct buffer *body)
{
	size_t total = it->count;

	if ((it->flags & TOTAL_IS_PAGE) != 0)
		total = length;
	if ((it->flags & TOTAL_BIG) != 0)
		total += 5;
	if ((it->flags & NO_TOTAL) != 0)
		add_text(body,
		    "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:"
		    "ListResponse\"],\"itemsPerPage\":999");
	else if ((it->flags & TOTAL_IS_TEXT) != 0)
		ck_assert_ok(buffer_append_format(
		    body, "{\"totalResults\":\"%zu\"", total));
	else
		ck_assert_ok(buffer_append_format(
		    body, "{\"totalResults\":%zu,\"itemsPerPage\":7", total));
}

static void
add_people(
    const struct scim_case *it, size_t from, size_t to, struct buffer *body)
{
	size_t turn = (it->flags & NO_ORDER) != 0 ? it->requests * 7 : 0;
	size_t at;

	add_head(it, to - from, body);
	if (from == to && (it->flags & NO_LIST_IF_EMPTY) != 0)
		return;
	add_text(body,
	    (it->flags & LOWER_CASE) != 0 ? ",\"resources\":["
					  : ",\"Resources\":[");
	for (at = from; at < to; at++) {
		size_t nth = it->people[(at + turn) % it->count];

		ck_assert_ok(buffer_append_format(body,
		    "%s{\"id\":\"u-%zu\",\"userName\":\"u%zu@example.com\"}",
		    at > from ? "," : "", nth, nth));
	}
	add_text(body, "]");
}

static size_t
smaller(size_t one, size_t other)
{
	return one < other ? one : other;
}

static size_t
find_start(const struct scim_case *it, const char *url, size_t count)
{
	size_t from = number_in(url, "startIndex=", 1) - 1;

	if ((it->flags & (BY_CURSOR | REFUSES_INDEX)) != 0)
		from = strstr(url, "cursor=c") != NULL &&
			(it->flags & FIRST_CURSOR) == 0
		    ? number_in(url, "cursor=c", 0)
		    : 0;
	if ((it->flags & WHOLE_PAGES) != 0)
		from -= from % count;
	if ((it->flags & (IGNORES_PAGING | FIRST_FOREVER)) != 0 ||
	    ((it->flags & FIRST_BEYOND_END) != 0 && from >= it->count))
		from = 0;
	return from;
}

static void
give_page(const struct scim_case *it, const char *url, struct event *ret_event)
{
	size_t count = number_in(url, "count=", NUMBER_MAX);
	size_t limit = it->window > 0 ? it->window : it->count;
	struct buffer body = buffer_make(BODY_MAX_BYTES);
	size_t from;
	size_t to;

	if (it->cap > 0)
		count = smaller(count, it->cap);
	from = smaller(find_start(it, url, count), limit);
	to = (it->flags & IGNORES_PAGING) != 0 ? it->count
					       : smaller(limit, from + count);
	add_people(it, from, to, &body);
	if ((it->flags & (BY_CURSOR | REFUSES_INDEX)) != 0 && to < it->count)
		ck_assert_ok(buffer_append_format(
		    &body, ",\"nextCursor\":\"c%zu\"", to));
	else if ((it->flags & LAST_REPEATED) != 0)
		ck_assert_ok(buffer_append_format(
		    &body, ",\"nextCursor\":\"c%zu\"", from));
	add_text(&body, "}");
	if (from == limit && from > 0 &&
	    (it->flags & NOT_FOUND_BEYOND_END) != 0)
		source_case_respond(ret_event, 404, NULL, "");
	else
		source_case_respond(ret_event, 200, NULL, buffer_text(&body));
	buffer_clear(&body);
}

static void
serve(struct source_case *one, const char *url, struct event *ret_event)
{
	struct scim_case *it = one->context;

	it->requests++;
	if (it->requests >= it->fail_at && it->failures > 0) {
		it->failures--;
		if (it->fail_status != 0)
			source_case_respond(
			    ret_event, it->fail_status, NULL, it->fail_body);
		return;
	}
	if (it->before != NULL)
		it->before(it, it->requests);
	if (((it->flags & REFUSES_ATTRIBUTES) != 0 &&
		strstr(url, "attributes=") != NULL) ||
	    ((it->flags & REFUSES_INDEX) != 0 &&
		strstr(url, "startIndex=") != NULL))
		source_case_respond(ret_event, 400, NULL,
		    "{\"detail\":\"not this parameter\",\"status\":\"400\"}");
	else
		give_page(it, url, ret_event);
}

struct scim_case *
scim_case_make(size_t count, unsigned flags, size_t cap)
{
	struct scim_case *it = calloc(1, sizeof(*it));

	ck_assert_ptr_nonnull(it);
	ck_assert_uint_le(count, SCIM_CASE_PEOPLE_MAX);
	for (it->count = 0; it->count < count; it->count++)
		it->people[it->count] = it->count;
	it->flags = flags;
	it->cap = cap;
	return it;
}

struct source_case *
scim_case_run(struct scim_case *it, const char *keys)
{
	struct source_case *one = source_case_make(&source_scim, keys);

	one->serve = serve;
	one->context = it;
	source_case_run(one, NULL);
	return one;
}

size_t
scim_case_count(const struct source_case *one)
{
	const char *at = buffer_text(&one->told);
	size_t count = 0;

	while ((at = strstr(at, "user u-")) != NULL) {
		at++;
		count++;
	}
	return count;
}

bool
scim_case_told(const struct source_case *one, size_t nth)
{
	char line[64];

	(void)snprintf(
	    line, sizeof(line), "user u-%zu u%zu@example.com ", nth, nth);
	return strstr(buffer_text(&one->told), line) != NULL;
}
