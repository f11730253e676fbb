/* SPDX-License-Identifier: MIT */
/* One request as it came in: target, body, and how it is written down.
 * Does not know: what the answer is. */
#ifndef TEST_SERVICE_REQUEST_H
#define TEST_SERVICE_REQUEST_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdio.h>

struct request {
	char *target; /* path and query, as sent */
	FILE *body_stream;
	char *body;
	size_t body_length;
	char method[16];
	bool has_header;
	bool is_recorded;
};

/* Makes a request for this target, owned by the caller (request_free); NULL
 * without memory. */
struct request *request_new(const char *target);

/* Adds bytes to the body. */
void request_add_body(struct request *request, const char *bytes, size_t count);

/* Appends the request as one line of JSON to the file `path`: method, client
 * port, whether the body came whole, and as hexadecimal bytes the target, the
 * header fields and the body. Does nothing the second time, or if `path` is
 * NULL. */
void request_record(struct request *request, struct MHD_Connection *connection,
    const char *path, bool is_complete);

/* Frees the request. NULL is allowed. */
void request_free(struct request *request);

#endif
