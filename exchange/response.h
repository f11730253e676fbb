/* SPDX-License-Identifier: MIT */
/* One HTTP response, as far as a provider may look at it; or why there is none.
 * Does not know: how it was received. */
#ifndef EXTAUTH_RESPONSE_H
#define EXTAUTH_RESPONSE_H

#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"

#define RESPONSE_BODY_MAX_BYTES 262144
#define RESPONSE_HEADERS_MAX_BYTES 65536
#define RESPONSE_FIELD_MAX_BYTES 127
#define RESPONSE_TEXT_MAX_BYTES 255

/* How long each part took, in microseconds; each counts from the end of the
 * part before, `total_us` from the start without the name look-up. */
struct response_times {
	int64_t name_us;
	int64_t connect_us;
	int64_t tls_us;
	int64_t wait_us;
	int64_t total_us;
};

/* {0} is none. Texts are printable, but for `link_next`, which is as it came;
 * an `etag` or `last_modified` that cannot be sent back as it was is "". */
struct response {
	unsigned status;
	char content_type[RESPONSE_FIELD_MAX_BYTES + 1];
	char retry_after[RESPONSE_FIELD_MAX_BYTES + 1];
	char date[RESPONSE_FIELD_MAX_BYTES + 1];
	char rate_limit_reset[RESPONSE_FIELD_MAX_BYTES + 1]; /* Okta's */
	char etag[RESPONSE_FIELD_MAX_BYTES + 1];
	char last_modified[RESPONSE_FIELD_MAX_BYTES + 1];
	char content_length[RESPONSE_FIELD_MAX_BYTES + 1]; /* the first */
	char *link_next; /* owned: target of rel="next", or NULL. RFC 8288 */
	bool is_framed;  /* the end of the body is marked: no cut goes unseen */
	bool is_headed;  /* the empty line after the header came */
	struct buffer body;
	struct response_times times;
};

/* Why there is no response. */
struct failure {
	char reason[RESPONSE_TEXT_MAX_BYTES + 1]; /* "timeout", ... */
	char tls[RESPONSE_TEXT_MAX_BYTES + 1];    /* "" if TLS is not why */
};

/* Takes note of one header line of `length` bytes as it came, with or without
 * its CR LF. A status line begins a new header and forgets the one before.
 * EXTAUTH_NOMEM: `link_next` could not be kept. */
EXTAUTH_CHECKED enum extauth_err response_take_header(
    struct response *response, const char *line, size_t length);

/* Wipes and frees what it holds and leaves {0}. NULL is allowed. */
void response_clear(struct response *response);

#define cleanup_response __attribute__((cleanup(response_clear)))

#endif
