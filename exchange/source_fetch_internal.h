/* SPDX-License-Identifier: MIT */
/* What the parts of source_fetch share.
 * Does not know: sources. */
#ifndef EXTAUTH_SOURCE_FETCH_INTERNAL_H
#define EXTAUTH_SOURCE_FETCH_INTERNAL_H

#include "draft.h"
#include "source_fetch.h"

#define SOURCE_FETCH_REASON_BYTES 256

/* What is to be done about an answer that is no page. */
enum fetch_fate {
	FETCH_AGAIN = 0,
	FETCH_PAGE,
	FETCH_NEW_TOKEN,
	FETCH_BROKEN,  /* another time it may be a page */
	FETCH_REFUSED, /* it never will */
};

/* Appends `url`, made absolute. EXTAUTH_INVALID where it is at another origin
 * than the source, or no URL; EXTAUTH_NOTFOUND, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err source_fetch_resolve(
    const struct source_run *run, const char *url, struct buffer *absolute,
    struct extauth_error *error);

/* Appends a URL as a trace may show it: without the secrets that the
 * configuration puts into one, whoever repeats them. EXTAUTH_TOOBIG,
 * EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err source_fetch_mask_url(
    const struct login *login, const char *url, struct buffer *masked);

/* Tells what a status means that is no page. */
enum fetch_fate source_fetch_fate(unsigned status);

/* Writes why an answer is no page, with the server's own words where they hold
 * no secret, name or address. */
void source_fetch_explain(const struct source_run *run,
    const struct source_fetch *fetch, const struct answer *answer,
    char text[SOURCE_FETCH_REASON_BYTES]);

/* Ends the reading: "page 3 of users: reason". */
void source_fetch_fail(const struct source_fetch *fetch, bool is_configuration,
    unsigned status, const char *reason, struct source_step *ret_step);

/* How long to wait before a refused or broken try number `tries` is repeated,
 * in milliseconds: as the server says, else 1, 2, 4, ... s. An answer without a
 * response is a broken connection. RFC 9110 10.2.3. */
uint32_t source_fetch_wait_ms(
    const struct answer *answer, int64_t now_s, unsigned tries);

/* Tells whether the source asks with a token that it fetches; whether one is to
 * be fetched now; and forgets the one that there is. */
bool source_fetch_has_client(const struct source_run *run);
bool source_fetch_needs_token(
    const struct source_run *run, const struct source_fetch *fetch);
void source_fetch_forget_token(struct source_fetch *fetch);

/* Takes a token endpoint's answer; false with what is wrong in `*outcome`,
 * which holds no secret. */
bool source_fetch_take_token(const struct source_run *run,
    struct source_fetch *fetch, const struct answer *answer,
    struct login_outcome *outcome);

/* Adds who asks: headers of the configuration, HTTP Basic, or a token. */
void source_fetch_add_who(const struct source_run *run,
    const struct source_fetch *fetch, struct draft *draft);

#endif
