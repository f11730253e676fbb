/* SPDX-License-Identifier: MIT */
#include "http_url.h"

#include <curl/curl.h>

#include "resolve.h"

/* Where libcurl looks for a proxy whose URL names no port. */
#define PROXY_PORT "1080"

static enum extauth_err
http_url_resolve_parts(CURLU *parts, bool is_proxy, struct buffer *entry,
    struct extauth_error *error)
{
	char *host = NULL;
	char *port = NULL;
	enum extauth_err err;

	if (curl_url_get(parts, CURLUPART_HOST, &host, 0) != CURLUE_OK)
		return error_set(error, EXTAUTH_CONFIG, "no host in the URL");
	(void)curl_url_get(
	    parts, CURLUPART_PORT, &port, is_proxy ? 0 : CURLU_DEFAULT_PORT);
	err =
	    resolve_host(host, port != NULL ? port : PROXY_PORT, entry, error);
	curl_free(host);
	curl_free(port);
	return err;
}

enum extauth_err
http_url_resolve(const char *url, bool is_proxy, struct buffer *entry,
    struct extauth_error *error)
{
	CURLU *parts = curl_url();
	enum extauth_err err;

	if (parts == NULL)
		return EXTAUTH_NOMEM;
	if (curl_url_set(parts, CURLUPART_URL, url,
		CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK)
		err = http_url_resolve_parts(parts, is_proxy, entry, error);
	else
		err = error_set(error, EXTAUTH_CONFIG, "%s is not a URL",
		    is_proxy ? "proxy" : "url");
	curl_url_cleanup(parts);
	return err;
}
