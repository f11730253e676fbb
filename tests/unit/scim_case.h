/* SPDX-License-Identifier: MIT */
/* A stand-in SCIM server with many people, and with what real ones do wrong.
 * Does not know: what a test expects. */
#ifndef EXTAUTH_SCIM_CASE_H
#define EXTAUTH_SCIM_CASE_H

#include "source_case.h"

#define SCIM                                                                   \
	"type = scim\nurl = https://dir.example.com/scim/v2\n"                 \
	"token_file = dir\n"
#define SMALL SCIM "page_size = 10\n"
#define SCIM_CASE_PEOPLE_MAX 2048

enum scim_case_how {
	HONEST = 0,
	NO_TOTAL = 1,
	TOTAL_IS_PAGE = 2,     /* counts what is on the page */
	TOTAL_IS_TEXT = 4,     /* "12" */
	TOTAL_BIG = 8,         /* counts 5 who are not shown */
	IGNORES_PAGING = 16,   /* gives all, always */
	FIRST_BEYOND_END = 32, /* gives the first page there */
	FIRST_FOREVER = 64,    /* gives the first page, always */
	NOT_FOUND_BEYOND_END = 128,
	LOWER_CASE = 256, /* "resources" */
	NO_LIST_IF_EMPTY = 512,
	BY_CURSOR = 1024,          /* alone */
	LAST_REPEATED = 2048,      /* the last page has a cursor, to itself */
	REFUSES_ATTRIBUTES = 4096, /* 400 */
	REFUSES_INDEX = 8192,      /* 400 */
	WHOLE_PAGES = 16384,       /* rounds startIndex down */
	FIRST_CURSOR = 32768,      /* ignores the cursor */
	NO_ORDER = 65536,          /* turns round with each request */
};

/* A directory of people u-0, u-1 ... and what its server does wrong. */
struct scim_case {
	unsigned flags;
	size_t cap;    /* so many on a page at most, 0 = as asked */
	size_t window; /* nobody behind that place; 0: no such limit */
	size_t people[SCIM_CASE_PEOPLE_MAX];
	size_t count;
	/* Called before each answer; NULL: none. */
	void (*before)(struct scim_case *it, unsigned request);
	unsigned requests;
	/* Before request number `fail_at` counts, `failures` such answers. */
	unsigned fail_at;
	unsigned failures;
	unsigned fail_status; /* 0 = cut */
	const char *fail_body;
};

/* Makes a directory of so many people, with at most `cap` on a page (0: as
 * asked); for free(3). */
struct scim_case *scim_case_make(size_t count, unsigned flags, size_t cap);

/* Reads all of it; ended by source_case_free. */
struct source_case *scim_case_run(struct scim_case *it, const char *keys);

/* How many people were told, and whether that one was. */
size_t scim_case_count(const struct source_case *one);
bool scim_case_told(const struct source_case *one, size_t nth);

#endif
