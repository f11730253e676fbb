/* SPDX-License-Identifier: MIT */
#include "http.h"

#include <curl/curl.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "http_failure.h"
#include "http_options.h"
#include "http_request.h"
#include "http_times.h"
#include "http_url.h"
#include "text.h"

#define POLL_MS 1000
#define RESOLVE_ENTRY_MAX_BYTES 16384
#define CLIENT_MARGIN_MS 100

struct http {
	CURL *easy;
	CURLM *multi; /* its wake-up sockets are made before the filter */
	struct curl_slist *resolved;
	struct http_settings settings;
	struct tls_report report;
	int64_t name_us;
	char error_text[CURL_ERROR_SIZE];
};

/* One transfer, as the callbacks see it. */
struct http_transfer {
	struct response *response;
	size_t header_bytes;
	unsigned starts;
	unsigned starts_max; /* 0: any number */
	bool is_too_big;
	const char *why; /* our own reason to end it */
};

static size_t
http_take_header(char *bytes, size_t size, size_t count, void *context)
{
	struct http_transfer *transfer = context;
	size_t length = size * count;

	transfer->header_bytes += length;
	if (transfer->header_bytes > RESPONSE_HEADERS_MAX_BYTES) {
		transfer->why = "headers over 64 KiB";
		return 0;
	}
	if (response_take_header(transfer->response, bytes, length) ==
	    EXTAUTH_OK)
		return length;
	transfer->why = "out of memory";
	return 0;
}

static size_t
http_take_body(char *bytes, size_t size, size_t count, void *context)
{
	struct http_transfer *transfer = context;
	size_t length = size * count;
	enum extauth_err err;

	err = buffer_append(&transfer->response->body, bytes, length);
	if (err == EXTAUTH_OK)
		return length;
	transfer->is_too_big = err == EXTAUTH_TOOBIG;
	transfer->why = "out of memory";
	return 0;
}

/* libcurl sends a request again by itself when a reused connection closes under
 * it; one login must not count as two attempts. */
static int
http_before_request(void *context,
    char *remote_ip, // NOLINT(readability-non-const-parameter)
    char *local_ip,  // NOLINT(readability-non-const-parameter)
    int remote_port, int local_port)
{
	struct http_transfer *transfer = context;

	(void)remote_ip;
	(void)local_ip;
	(void)remote_port;
	(void)local_port;
	transfer->starts++;
	if (transfer->starts_max == 0 ||
	    transfer->starts <= transfer->starts_max)
		return CURL_PREREQFUNC_OK;
	transfer->why = "the server closed the connection; the password was "
			"not sent again";
	return CURL_PREREQFUNC_ABORT;
}

static CURLcode
http_before_handshake(CURL *easy, void *ssl_ctx, void *context)
{
	(void)easy;
	return tls_watch(ssl_ctx, context) ? CURLE_OK : CURLE_OUT_OF_MEMORY;
}

static enum extauth_err
http_set_callbacks(struct http *http)
{
	CURL *easy = http->easy;
	CURLcode code;

	code = curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, http_take_header);
	if (code == CURLE_OK)
		code = curl_easy_setopt(
		    easy, CURLOPT_WRITEFUNCTION, http_take_body);
	if (code == CURLE_OK)
		code = curl_easy_setopt(
		    easy, CURLOPT_PREREQFUNCTION, http_before_request);
	if (code == CURLE_OK)
		code = curl_easy_setopt(
		    easy, CURLOPT_SSL_CTX_FUNCTION, http_before_handshake);
	if (code == CURLE_OK)
		code =
		    curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, &http->report);
	if (code == CURLE_OK)
		code = curl_easy_setopt(
		    easy, CURLOPT_ERRORBUFFER, http->error_text);
	return code == CURLE_OK ? EXTAUTH_OK : EXTAUTH_NOMEM;
}

enum extauth_err
http_open(const struct http_settings *settings, struct http **ret_http,
    struct extauth_error *error)
{
	struct http *http = calloc(1, sizeof(*http));
	enum extauth_err err = EXTAUTH_NOMEM;

	if (http == NULL)
		return EXTAUTH_NOMEM;
	http->settings = *settings;
	if (OSSL_LIB_CTX_get0_global_default() != NULL && /* or curl crashes */
	    curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK) {
		http->easy = curl_easy_init();
		http->multi = curl_multi_init();
	}
	if (http->easy != NULL && http->multi != NULL)
		err = http_options_set(http->easy, settings, error);
	if (err == EXTAUTH_OK)
		err = http_set_callbacks(http);
	if (err != EXTAUTH_OK) {
		http_close(http);
		return err;
	}
	*ret_http = http;
	return EXTAUTH_OK;
}

static int64_t
http_clock_us(void)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

enum extauth_err
http_resolve(struct http *http, const char *url, struct extauth_error *error)
{
	cleanup_buffer struct buffer entry =
	    buffer_make(RESOLVE_ENTRY_MAX_BYTES);
	const char *proxy = http->settings.provider->proxy;
	bool has_proxy = proxy != NULL && proxy[0] != '\0';
	int64_t start = http_clock_us();
	struct curl_slist *grown;
	enum extauth_err err;

	if (has_proxy && http->resolved != NULL)
		return EXTAUTH_OK;
	err =
	    http_url_resolve(has_proxy ? proxy : url, has_proxy, &entry, error);
	http->name_us += http_clock_us() - start;
	if (err != EXTAUTH_OK || entry.length == 0)
		return err;
	grown = curl_slist_append(http->resolved, buffer_text(&entry));
	if (grown == NULL)
		return EXTAUTH_NOMEM;
	http->resolved = grown;
	return curl_easy_setopt(http->easy, CURLOPT_RESOLVE, grown) == CURLE_OK
	    ? EXTAUTH_OK
	    : EXTAUTH_NOMEM;
}

static CURLcode
http_set_transfer(
    struct http *http, struct http_transfer *transfer, int64_t deadline_ms)
{
	int64_t left_ms = deadline_ms - frame_clock_ms() - CLIENT_MARGIN_MS;
	int64_t limit_ms = http->settings.provider->timeout_ms;
	CURL *easy = http->easy;
	CURLcode code;

	if (left_ms < 1)
		left_ms = 1;
	if (limit_ms == 0 || limit_ms > left_ms)
		limit_ms = left_ms;
	code = curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)limit_ms);
	if (code == CURLE_OK)
		code = curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
	if (code == CURLE_OK)
		code = curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
	if (code == CURLE_OK)
		code = curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer);
	return code;
}

/* The transfer's result, once the multi handle has it. */
static bool
http_is_done(CURLM *multi, CURLcode *ret_code)
{
	const CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(multi, &left)) != NULL) {
		if (message->msg != CURLMSG_DONE)
			continue;
		*ret_code = message->data.result;
		return true;
	}
	return false;
}

static enum extauth_err
http_turn(struct http *http, CURLcode *ret_code, struct extauth_error *error)
{
	struct pollfd host = {.fd = http->settings.hangup_fd};
	/* Nothing is read here: a hang-up alone ends the wait. */
	struct curl_waitfd extra = {.fd = host.fd, .events = CURL_WAIT_POLLPRI};
	unsigned extra_count = host.fd >= 0 ? 1 : 0;
	int running = 0;

	for (;;) {
		if (curl_multi_perform(http->multi, &running) != CURLM_OK)
			return EXTAUTH_NOMEM;
		if (http_is_done(http->multi, ret_code))
			return EXTAUTH_OK;
		if (curl_multi_poll(http->multi, &extra, extra_count, POLL_MS,
			NULL) != CURLM_OK)
			return EXTAUTH_NOMEM;
		if (extra_count > 0 && poll(&host, 1, 0) > 0 &&
		    (host.revents & (POLLHUP | POLLERR)) != 0)
			return error_set(
			    error, EXTAUTH_SYSTEM, "the host hung up");
	}
}

static enum extauth_err
http_run(struct http *http, CURLcode *ret_code, struct extauth_error *error)
{
	enum extauth_err err;

	http->error_text[0] = '\0';
	http->report = (struct tls_report){0};
	if (curl_multi_add_handle(http->multi, http->easy) != CURLM_OK)
		return EXTAUTH_NOMEM;
	err = http_turn(http, ret_code, error);
	(void)curl_multi_remove_handle(http->multi, http->easy);
	return err;
}

static void
http_explain(const struct http *http, CURLcode code,
    const struct http_transfer *transfer, struct failure *failure)
{
	const char *reason = transfer->why;

	if (transfer->is_too_big || code == CURLE_FILESIZE_EXCEEDED) {
		text_print(failure->reason, sizeof(failure->reason),
		    "body over %zu KiB", transfer->response->body.limit / 1024);
		return;
	}
	if (reason == NULL)
		reason = http_failure_explain_tls(
			     code, &http->report, http->error_text, failure)
		    ? "TLS"
		    : http_failure_reason(http->easy, code);
	text_print(failure->reason, sizeof(failure->reason), "%s", reason);
}

/* A status 1xx announces an answer; a server that ends the connection instead
 * has given no other. */
static bool
http_is_announced_only(CURLcode code, long status)
{
	return code == CURLE_GOT_NOTHING && status >= 100 && status < 200;
}

/* The first of the two requests of NTLM bears no password. */
static unsigned
http_starts_max(const struct request *request)
{
	if (!request->bears_password)
		return 0;
	return request->is_ntlm ? 2 : 1;
}

/* An answer to the first message of NTLM was given without a proof. */
static bool
http_is_unproved(const struct request *request,
    const struct http_transfer *transfer, long status)
{
	return request->is_ntlm && transfer->starts < 2 &&
	    (status == 401 || (status >= 200 && status < 300));
}

enum extauth_err
http_perform(struct http *http, const struct request *request,
    int64_t deadline_ms, struct event *ret_event, struct extauth_error *error)
{
	cleanup_event struct event event = {.kind = EVENT_RESPONSE};
	struct http_transfer transfer = {
	    .response = &event.response,
	    .starts_max = http_starts_max(request),
	};
	struct curl_slist *headers = NULL;
	enum extauth_err err = http_request_check(request, error);
	CURLcode code = CURLE_OK;
	long status = 0;

	event.response.body = buffer_make(http_request_body_max(request));
	if (err == EXTAUTH_OK)
		err = http_request_headers(request, &headers);
	if (err == EXTAUTH_OK &&
	    (http_request_set(http->easy, request) != CURLE_OK ||
		http_set_transfer(http, &transfer, deadline_ms) != CURLE_OK ||
		curl_easy_setopt(http->easy, CURLOPT_HTTPHEADER, headers) !=
		    CURLE_OK))
		err = EXTAUTH_NOMEM;
	if (err == EXTAUTH_OK)
		err = http_run(http, &code, error);
	(void)curl_easy_setopt(http->easy, CURLOPT_HTTPHEADER, NULL);
	curl_slist_free_all(headers);
	if (err != EXTAUTH_OK)
		return err;
	(void)curl_easy_getinfo(http->easy, CURLINFO_RESPONSE_CODE, &status);
	event.response.status = (unsigned)status;
	if (code == CURLE_OK && !http->settings.provider->insecure_http &&
	    http_failure_is_cut(&http->report, &event.response))
		code = CURLE_PARTIAL_FILE;
	if (code == CURLE_OK && http_is_unproved(request, &transfer, status)) {
		transfer.why = "the server did not ask for the proof of NTLM";
		code = CURLE_LOGIN_DENIED;
	}
	if (code != CURLE_OK && !http_is_announced_only(code, status)) {
		event.kind = EVENT_FAILED;
		http_explain(http, code, &transfer, &event.failure);
	}
	http_times_take(http->easy, http->name_us, &event.response.times);
	*ret_event = event;
	event = (struct event){0};
	return EXTAUTH_OK;
}

enum extauth_err
http_probe(struct http *http, const char *url, int64_t deadline_ms,
    struct event *ret_event, struct tls_certificate *ret_leaf)
{
	struct event event = {.kind = EVENT_WAITED};
	struct http_transfer transfer = {.response = &event.response};
	CURLcode code = CURLE_OK;
	enum extauth_err err;

	if (curl_easy_setopt(http->easy, CURLOPT_URL, url) != CURLE_OK ||
	    curl_easy_setopt(http->easy, CURLOPT_CONNECT_ONLY, 1L) !=
		CURLE_OK ||
	    http_set_transfer(http, &transfer, deadline_ms) != CURLE_OK)
		return EXTAUTH_NOMEM;
	err = http_run(http, &code, NULL);
	if (err != EXTAUTH_OK)
		return err;
	if (code != CURLE_OK) {
		event.kind = EVENT_FAILED;
		http_explain(http, code, &transfer, &event.failure);
	}
	http_times_take(http->easy, http->name_us, &event.response.times);
	*ret_leaf = http->report.leaf;
	*ret_event = event;
	return EXTAUTH_OK;
}

void
http_close(struct http *http)
{
	if (http == NULL)
		return;
	curl_easy_cleanup(http->easy);
	if (http->multi != NULL)
		(void)curl_multi_cleanup(http->multi);
	curl_slist_free_all(http->resolved);
	free(http);
}
