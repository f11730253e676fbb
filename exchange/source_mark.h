/* SPDX-License-Identifier: MIT */
/* How a list that is one answer is asked for only if it has changed.
 * Does not know: what is in it. RFC 9110 13.1. */
#ifndef EXTAUTH_SOURCE_MARK_H
#define EXTAUTH_SOURCE_MARK_H

#include "source_fetch.h"

/* An ETag behind a letter E, or a Last-Modified behind M; {0} is none. */
struct source_mark {
	char text[1 + RESPONSE_FIELD_MAX_BYTES + 1];
};

/* Takes the mark out of the job's state, where there is one of that kind, and
 * makes it the condition of the page that is asked for next. Nothing where one
 * person alone is asked for. The condition is lent by `mark`. */
void source_mark_ask(const struct source_run *run, char kind,
    struct source_mark *mark, struct source_fetch *fetch);

/* Takes the mark of an answer; none where a later change could have the
 * same. */
void source_mark_take(
    struct source_mark *mark, const struct response *response);

/* Ends the reading as `how`, with the mark, if there is one, as its state.
 * EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err source_mark_end(const struct source_run *run,
    char kind, const struct source_mark *mark, enum sync_end_kind how,
    struct source_step *ret_step);

#endif
