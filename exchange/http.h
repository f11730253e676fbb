/* SPDX-License-Identifier: MIT */
/* One HTTP client for one login: a request in, a response or the reason why
 * there is none out.
 * Does not know: providers' machines, verdicts, the dialog with the host. With
 * http_options the only file that includes libcurl's headers. */
#ifndef EXTAUTH_HTTP_H
#define EXTAUTH_HTTP_H

#include <stdint.h>

#include "machine.h"
#include "tls.h"

struct http;

/* All borrowed, and to outlive the client. */
struct http_settings {
	const struct config_provider *provider;
	const struct secret *client_certificate; /* PEM, empty: none */
	const struct secret *client_key;
	int hangup_fd; /* a hang-up on it ends a transfer; -1: none */
};

/* Makes a client: to be called before the filter is on. `*ret_http` is the
 * caller's (http_close). EXTAUTH_CONFIG with the reason in `error` for a
 * setting that libcurl refuses, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err http_open(const struct http_settings *settings,
    struct http **ret_http, struct extauth_error *error);

/* Looks up the host of `url`, or that of the proxy, once and for all transfers:
 * to be called for each host before the filter is on. EXTAUTH_UNAVAILABLE with
 * the reason in `error`, EXTAUTH_CONFIG for a URL that is none,
 * EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err http_resolve(
    struct http *http, const char *url, struct extauth_error *error);

/* Sends a request and fills `*ret_event` with EVENT_RESPONSE or EVENT_FAILED;
 * it is the caller's (event_clear). Ends by `deadline_ms` of frame_clock_ms. A
 * request that bears the password is started once at most. EXTAUTH_CONFIG for
 * what libcurl refuses, EXTAUTH_SYSTEM after a hang-up, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err http_perform(struct http *http,
    const struct request *request, int64_t deadline_ms, struct event *ret_event,
    struct extauth_error *error);

/* Connects to the server of `url`, with TLS, and sends no request: fills
 * `*ret_event` with EVENT_WAITED and `*ret_leaf` with the server's certificate
 * ({0} without TLS), or with EVENT_FAILED. Else as http_perform. */
EXTAUTH_CHECKED enum extauth_err http_probe(struct http *http, const char *url,
    int64_t deadline_ms, struct event *ret_event,
    struct tls_certificate *ret_leaf);

/* Ends the client. NULL is allowed. */
void http_close(struct http *http);

#endif
