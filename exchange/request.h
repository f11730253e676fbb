/* SPDX-License-Identifier: MIT */
/* One HTTP request as a provider wants it, and how a log may show it.
 * Does not know: how it is sent, and where its values come from. */
#ifndef EXTAUTH_REQUEST_H
#define EXTAUTH_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "config.h"
#include "secret.h"

/* What a trace shows in the place of a secret. */
#define REQUEST_MASK "MASKED"

/* {0} is none. */
struct request {
	enum config_method method;
	struct buffer url;
	struct buffer *headers; /* each "Name: value" */
	size_t header_count;
	struct buffer body;
	bool has_body;
	const char *username; /* HTTP Basic or NTLM, borrowed; NULL: none */
	const struct secret *password;
	bool is_ntlm;
	bool bears_password;   /* may be sent once only */
	size_t body_max_bytes; /* of the answer, 0 = RESPONSE_BODY_MAX_BYTES */
	bool is_poll; /* asks what a person has done meanwhile: his time */
};

/* Fills url, headers and body of the provider with `values`; sets Content-Type
 * and Accept where the configuration does not. `password` is used for HTTP
 * Basic and NTLM if the provider wants one of them, and must outlive the
 * request. `*ret_request` is the caller's (request_clear) and written only on
 * success. EXTAUTH_INVALID where a value cannot stand in its place,
 * EXTAUTH_CONFIG where the body is to be JSON and is not, EXTAUTH_NOTFOUND for
 * a missing secret; EXTAUTH_TOOBIG, EXTAUTH_NOMEM. `error` holds no value.
 * RFC 7617 2. */
EXTAUTH_CHECKED enum extauth_err request_build(
    const struct config_provider *provider,
    const struct template_values *values, const struct secret *password,
    struct request *ret_request, struct extauth_error *error);

/* Fills the request of the keys connection_url and its kin. Else as
 * request_build. */
EXTAUTH_CHECKED enum extauth_err request_build_connection(
    const struct config_provider *provider,
    const struct template_values *values, struct request *ret_request,
    struct extauth_error *error);

/* Fills a GET of `url` alone, without headers, body or user. Else as
 * request_build. */
EXTAUTH_CHECKED enum extauth_err request_build_get(const struct template *url,
    const struct template_values *values, struct request *ret_request,
    struct extauth_error *error);

/* Appends one header line. EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err request_add_header(
    struct request *request, const char *name, const char *value);

/* Tells whether a header of that name is set. */
bool request_has_header(const struct request *request, const char *name);

/* "POST", "PUT" or "GET". Static. */
const char *request_method_name(const struct request *request);

/* Appends the request as lines that end in LF. The request must be one that was
 * built from masked values: whatever is in it is shown, but the user and
 * password of HTTP Basic. EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err request_render(
    const struct request *request, struct buffer *lines);

/* Wipes and frees what it holds and leaves {0}. NULL is allowed. */
void request_clear(struct request *request);

#define cleanup_request __attribute__((cleanup(request_clear)))

#endif
