/* SPDX-License-Identifier: MIT */
/* How every source asks for one page: with its token, at its own origin alone,
 * again after a throttle or a broken connection, and with a new token when the
 * old one is refused.
 * Does not know: what a page holds. */
#ifndef EXTAUTH_SOURCE_FETCH_H
#define EXTAUTH_SOURCE_FETCH_H

#include "judge.h"
#include "source_machine.h"

/* A GET is tried so often; a wait that a server wants is cut to the second. */
#define SOURCE_TRIES_MAX 6
#define SOURCE_WAIT_MAX_MS 120000
#define SOURCE_URL_MAX_BYTES 8192
#define SOURCE_PAGE_MAX_BYTES ((size_t)64 << 20)

/* Part of a machine's memory; {0} is the beginning. From `what` on they are the
 * machine's to set, before a page. */
struct source_fetch {
	bool is_under_way;     /* the next event is for source_fetch_take */
	char *url;             /* of the page that is asked for */
	struct secret token;   /* of client credentials; empty: none yet */
	int64_t token_until_s; /* 0 = not known */
	unsigned tries;        /* of this page */
	bool is_asking_token;  /* the request under way is the token's */
	bool is_token_renewed; /* for this page already */
	const char *what;      /* "users": names the page in reasons; or NULL */
	unsigned page;         /* of those, counted by source_fetch_begin */
	const char *accept;    /* NULL: application/json */
	const char *condition_header; /* If-None-Match, ...; NULL: none */
	const char *condition;        /* its value, lent */
	const char *more_header; /* one more, "Name: value", lent; or NULL */
	size_t body_max_bytes;   /* 0 = SOURCE_PAGE_MAX_BYTES */
	bool takes_any_body;     /* what is no JSON is a page as well */
	bool takes_refusal;      /* 400, 404 and 410 are a page as well */
};

/* Begins a page: a GET of `url`, absolute, or relative to the source's own (RFC
 * 3986 5, as far as "/path?query" and "?query" go), with the source's headers,
 * token or HTTP Basic; before it a client's token is fetched where one is
 * needed. EXTAUTH_INVALID, with nothing sent, where it is at another origin
 * than the source's `url`, longer than SOURCE_URL_MAX_BYTES or no URL; errors
 * of draft_end. */
EXTAUTH_CHECKED enum extauth_err source_fetch_begin(struct source_run *run,
    struct source_fetch *fetch, const char *url, struct source_step *ret_step,
    struct extauth_error *error);

/* Takes the event that answers the step before. Where a page has come,
 * `*ret_answer` is the caller's (answer_clear), has a response of status 200 or
 * 304 (or as takes_refusal says), and borrows the event. Else
 * `ret_answer->response` is NULL and `*ret_step` says what comes next: the
 * page after its token, a wait, the same page again, or the END as FAILED.
 * 429, 5xx and broken connections are tried again, as late as the server wants
 * (Retry-After as seconds or date, X-Rate-Limit-Reset, PingOne's retryAfter);
 * 401 once more, with a new token of client credentials. EXTAUTH_NOMEM.
 * RFC 9110 10.2.3. */
EXTAUTH_CHECKED enum extauth_err source_fetch_take(struct source_run *run,
    struct source_fetch *fetch, const struct event *event,
    struct answer *ret_answer, struct source_step *ret_step);

/* Ends the reading as FAILED for a refusal that takes_refusal let through, as
 * it would have ended without. */
void source_fetch_refuse(const struct source_run *run,
    const struct source_fetch *fetch, const struct answer *answer,
    struct source_step *ret_step);

/* The same for a page that came and cannot be used: "page 3 of users: " and
 * `reason`. */
void source_fetch_reject(const struct source_fetch *fetch, const char *reason,
    struct source_step *ret_step);

/* Appends the source's own `url`, its placeholders put in. EXTAUTH_INVALID,
 * EXTAUTH_NOTFOUND, EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err source_url_base(const struct source_run *run,
    struct buffer *url, struct extauth_error *error);

/* Appends "name=value" to a URL being made, behind ? or &, percent-encoded.
 * EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err source_url_query(
    struct buffer *url, const char *name, const char *value);

/* Appends "/" and one path segment, percent-encoded. As above. */
EXTAUTH_CHECKED enum extauth_err source_url_segment(
    struct buffer *url, const char *segment);

/* Wipes and frees what it holds and leaves {0}. NULL is allowed. */
void source_fetch_clear(struct source_fetch *fetch);

#endif
