/* SPDX-License-Identifier: MIT */
/* Where a list of any kind goes on: the keys `next` and `next_parameter`.
 * Does not know: what is in the list. */
#ifndef EXTAUTH_SOURCE_REST_NEXT_H
#define EXTAUTH_SOURCE_REST_NEXT_H

#include "json.h"
#include "source_machine.h"

/* One page that has come; all borrowed. */
struct rest_page {
	const struct json *json;
	const struct response *response;
	size_t count; /* of its elements */
};

/* How far the pages were counted. {0} is the beginning. */
struct rest_count {
	uint64_t number;    /* of the page, or of the first element */
	unsigned pages;     /* that have come */
	size_t first_count; /* elements of the first */
};

/* Tells whether one answer is the whole list, or says itself how it goes on:
 * its ETag then stands for both. */
bool rest_next_is_told_inside(const struct source_run *run);

/* Appends the URL of the first page: that of the source, with next_parameter
 * where pages are counted, from the number in it or else from 1, elements from
 * 0. Errors of source_url_base and source_url_query. */
EXTAUTH_CHECKED enum extauth_err rest_next_first(const struct source_run *run,
    struct rest_count *count, struct buffer *url, struct extauth_error *error);

/* Appends the URL of the page behind one, absolute or relative, or nothing
 * where the list ends: where a link or value is missing, null, "" or false;
 * where pages are counted, with an empty page, or, if page_size says that they
 * are full, with one that is shorter than the first. EXTAUTH_INVALID with the
 * reason in `error` for a value that is none. RFC 8288, RFC 6901. */
EXTAUTH_CHECKED enum extauth_err rest_next_url(const struct source_run *run,
    const struct rest_page *page, struct rest_count *count, struct buffer *url,
    struct extauth_error *error);

#endif
