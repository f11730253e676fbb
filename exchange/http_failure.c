/* SPDX-License-Identifier: MIT */
#include "http_failure.h"

#include <errno.h>

#include "text.h"

static const char *
http_failure_connect_reason(CURL *easy)
{
	long system_error = 0;

	(void)curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &system_error);
	switch (system_error) {
	case ECONNREFUSED:
		return "connect refused";
	case ENETUNREACH:
	case EHOSTUNREACH:
		return "no route";
	default:
		return "cannot connect";
	}
}

const char *
http_failure_reason(CURL *easy, CURLcode code)
{
	switch ((int)code) {
	case CURLE_OPERATION_TIMEDOUT:
		return "timeout";
	case CURLE_COULDNT_CONNECT:
		return http_failure_connect_reason(easy);
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		return "name not found";
	case CURLE_PROXY:
		return "proxy";
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
		return "reset";
	case CURLE_GOT_NOTHING:
		return "empty answer";
	case CURLE_PARTIAL_FILE:
		return "truncated answer";
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
		return "not HTTP";
	default:
		return curl_easy_strerror(code);
	}
}

bool
http_failure_explain_tls(CURLcode code, const struct tls_report *report,
    const char *error_text, struct failure *failure)
{
	char *text = failure->tls;
	size_t size = sizeof(failure->tls);

	switch ((int)code) {
	case CURLE_PEER_FAILED_VERIFICATION:
		tls_explain(report, text, size);
		return true;
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
		text_print(text, size, "pin-mismatch cn=%s", report->leaf.name);
		return true;
	case CURLE_SSL_CONNECT_ERROR:
		/* So it is called where OpenSSL has an older error as well. */
		if (report->verify_error != 0)
			tls_explain(report, text, size);
		else
			tls_explain_handshake(error_text, text, size);
		return true;
	case CURLE_SSL_CACERT_BADFILE:
		text_print(text, size, "ca_file cannot be read");
		return true;
	case CURLE_SSL_CERTPROBLEM:
		text_print(text, size, "client certificate cannot be used");
		return true;
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_INVALIDCERTSTATUS:
		text_print(text, size, "handshake");
		return true;
	default:
		return false;
	}
}

bool
http_failure_is_cut(
    const struct tls_report *report, const struct response *response)
{
	bool has_body = response->status != 204 && response->status != 304;

	return !response->is_headed ||
	    (has_body && !response->is_framed && !report->is_closed);
}
