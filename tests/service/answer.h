/* SPDX-License-Identifier: MIT */
/* What each path answers, right or on purpose wrong.
 * Does not know: sockets, TLS, the record. */
#ifndef TEST_SERVICE_ANSWER_H
#define TEST_SERVICE_ANSWER_H

#include <microhttpd.h>

#include "request.h"

/* Queues the answer for `path`:
 *   /login /basic         200 {"status": ...} or 401, by the users file
 *   /accept /forgot       200 {"status": "active"}
 *   /status/N             status N; 3xx with a Location, 429 with Retry-After
 *   /say/N/BODY           status N with this body
 *   /empty /garbage /html /wrong-type /deep /oversize   200 with that body
 *   /slow-header /slow-body   200, the first or every byte a second late
 *   /close-after-body     no answer, the connection is closed
 * and 404 for every other. MHD_NO closes the connection. */
enum MHD_Result answer_path(const char *path, const struct request *request,
    struct MHD_Connection *connection, const char *users_path);

#endif
