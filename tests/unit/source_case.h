/* SPDX-License-Identifier: MIT */
/* A source's machine and a stand-in directory: its answers by URL, what it was
 * asked, and what the machine told.
 * Does not know: which machine it is, and what a test expects. */
#ifndef EXTAUTH_SOURCE_CASE_H
#define EXTAUTH_SOURCE_CASE_H

#include "source_machine.h"
#include "values.h"

/* 2026-01-01T00:00:00Z */
#define SOURCE_CASE_NOW_S 1767225600
#define SOURCE_CASE_DATE "Date: Thu, 01 Jan 2026 00:00:00 GMT"

/* One answer; the last of a table has body NULL. Each is given once, to the
 * first request whose URL has `url` in it; but the last of its kind for ever
 * where it `stays`. Status 0 is no answer at all, for the reason `body`. */
struct source_case_answer {
	const char *url;
	unsigned status;
	const char *body;
	const char *headers; /* each ended by LF or the end; NULL: none */
	bool stays;
};

struct source_case {
	const struct source *machine;
	struct config config;
	struct login_facts facts;
	struct secret nothing;
	struct secret client_secret; /* "client-secret" */
	struct secret api_token;     /* "api-token"; a test may clear it */
	struct named_secret named;   /* {{SECRET:x}} is "named-secret" */
	struct values values;
	struct login login;
	struct sync_job job;
	struct source_run run;
	const struct source_case_answer *answers;
	bool is_used[64];
	/* In the place of `answers` where it is not NULL. */
	void (*serve)(
	    struct source_case *it, const char *url, struct event *ret_event);
	void *context; /* of serve */
	struct source_step step;
	unsigned requests;
	/* "GET /path?query\n" and "wait 1000\n". A request elsewhere than to
	 * https://dir.example.com has its whole URL; POST shows its body. */
	struct buffer asked;
	/* The headers of the last request, one a line. */
	struct buffer headers;
	/* "total 2\n"; "user ID EMAIL NAME", where they are there " gecos=G",
	 * " uid=N", " home=H", " shell=S", " disabled", " gone",
	 * " in=ID/NAME"...; "group ID NAME", " gid=N", " has=ID"... "-" is an
	 * empty text. */
	struct buffer told;
	struct sync_end end;
	struct extauth_error error; /* where the machine failed with one */
};

/* Makes a reading of source corp, whose section has the lines of `keys` (other
 * sections may follow), with memory for the machine; ended by
 * source_case_free. Fails the test on a bad configuration. */
struct source_case *source_case_make(
    const struct source *machine, const char *keys);
void source_case_free(struct source_case *it);

/* Runs the machine to its end. No request, trace, reason or text may show a
 * secret where it has no place. An error is the END that the program makes of
 * it, and stands in `error`. May be run again. */
void source_case_run(
    struct source_case *it, const struct source_case_answer *answers);

/* Makes a response of an empty event; headers as above. */
void source_case_respond(struct event *ret_event, unsigned status,
    const char *headers, const char *body);

/* Each fails the test unless ... it ended so, with `reason` in its reason; it
 * told exactly that; it asked exactly that. */
void source_case_expect_end(
    const struct source_case *it, enum sync_end_kind kind, const char *reason);
void source_case_expect_told(const struct source_case *it, const char *told);
void source_case_expect_asked(const struct source_case *it, const char *asked);

#endif
