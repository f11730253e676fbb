/* SPDX-License-Identifier: MIT */
/* Finds e-mail and password in a request, wherever they stand: JSON, form or
 * XML body, query, the header fields X-Email and X-Password, HTTP Basic.
 * Does not know: who the users are. */
#ifndef TEST_SERVICE_LOGIN_H
#define TEST_SERVICE_LOGIN_H

#include <microhttpd.h>
#include <stdbool.h>

#include "request.h"

struct credentials {
	char *email;
	char *password;
};

/* Reads the credentials in all places but HTTP Basic; false if one is
 * missing. The caller frees with credentials_clear in either case. */
bool login_read(const struct request *request,
    struct MHD_Connection *connection, struct credentials *ret_credentials);

/* Reads the credentials of HTTP Basic; false if there are none. */
bool login_read_basic(
    struct MHD_Connection *connection, struct credentials *ret_credentials);

/* Frees both texts and leaves {0}. */
void credentials_clear(struct credentials *credentials);

#endif
