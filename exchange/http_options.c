/* SPDX-License-Identifier: MIT */
#include "http_options.h"

#include <string.h>

#include "paths.h"

#define CA_DIRECTORY "/etc/ssl/certs"
#define PIN_PREFIX "sha256//"
#define PINS_MAX_BYTES 8192

struct http_number_option {
	CURLoption option;
	long value;
};

struct http_text_option {
	CURLoption option;
	const char *value;
};

/* No HSTS, alt-svc, cookie or .netrc file is named, so none is used. Even to
 * name none switches the cookies on: CURLOPT_COOKIEJAR(3) is not set at all. */
static const struct http_number_option number_options[] = {
    {CURLOPT_NOSIGNAL, 1},
    {CURLOPT_FOLLOWLOCATION, 0},
    {CURLOPT_UNRESTRICTED_AUTH, 0},
    {CURLOPT_NETRC, CURL_NETRC_IGNORED},
    {CURLOPT_PROXYAUTH, CURLAUTH_BASIC},
    {CURLOPT_HTTP09_ALLOWED, 0},
    {CURLOPT_SSL_VERIFYPEER, 1},
    {CURLOPT_SSL_VERIFYHOST, 2},
    {CURLOPT_SSL_OPTIONS, 0},
    {CURLOPT_PROXY_SSL_VERIFYPEER, 1},
    {CURLOPT_PROXY_SSL_VERIFYHOST, 2},
    /* Connections are kept; and a session that libcurl has no memory for ruins
     * the heap. */
    {CURLOPT_SSL_SESSIONID_CACHE, 0},
    {CURLOPT_PATH_AS_IS, 1},
    {CURLOPT_TCP_NODELAY, 1},
    {CURLOPT_DISALLOW_USERNAME_IN_URL, 1},
    {CURLOPT_SUPPRESS_CONNECT_HEADERS, 1},
    {CURLOPT_NOPROGRESS, 1},
    {CURLOPT_VERBOSE, 0},
    {CURLOPT_FAILONERROR, 0},
    {CURLOPT_DNS_CACHE_TIMEOUT, -1},
};

static const struct http_text_option text_options[] = {
    {CURLOPT_REDIR_PROTOCOLS_STR, "https"}, /* "" is refused */
    {CURLOPT_NOPROXY, ""},
    {CURLOPT_ACCEPT_ENCODING, NULL},
    {CURLOPT_USERAGENT, "extauth/" EXTAUTH_VERSION},
};

static enum extauth_err
http_options_result(
    CURLcode code, const char *what, struct extauth_error *error)
{
	if (code == CURLE_OK)
		return EXTAUTH_OK;
	if (code == CURLE_OUT_OF_MEMORY)
		return EXTAUTH_NOMEM;
	return error_set(
	    error, EXTAUTH_CONFIG, "%s: %s", what, curl_easy_strerror(code));
}

static CURLcode
http_options_set_fixed(CURL *easy)
{
	CURLcode code = CURLE_OK;
	size_t at;

	for (at = 0; at < sizeof(number_options) / sizeof(*number_options) &&
	     code == CURLE_OK;
	     at++)
		code = curl_easy_setopt(
		    easy, number_options[at].option, number_options[at].value);
	for (at = 0; at < sizeof(text_options) / sizeof(*text_options) &&
	     code == CURLE_OK;
	     at++)
		code = curl_easy_setopt(
		    easy, text_options[at].option, text_options[at].value);
	return code;
}

static CURLcode
http_options_set_reach(CURL *easy, const struct config_provider *provider)
{
	CURLcode code = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR,
	    provider->insecure_http ? "http,https" : "https");

	/* "" and not NULL, or the environment would be asked. */
	if (code == CURLE_OK)
		code = curl_easy_setopt(easy, CURLOPT_PROXY,
		    provider->proxy != NULL ? provider->proxy : "");
	if (code == CURLE_OK && provider->connect_timeout_ms > 0)
		code = curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
		    (long)provider->connect_timeout_ms);
	return code;
}

/* The hashed directory: a bundle costs three times as long to read. */
static CURLcode
http_options_set_authorities(CURL *easy, const struct config_provider *provider)
{
	bool has_file =
	    provider->ca_file != NULL && provider->ca_file[0] != '\0';
	CURLcode code = curl_easy_setopt(
	    easy, CURLOPT_CAINFO, has_file ? provider->ca_file : NULL);

	if (code == CURLE_OK)
		code = curl_easy_setopt(
		    easy, CURLOPT_CAPATH, has_file ? NULL : CA_DIRECTORY);
	if (code == CURLE_OK)
		code = curl_easy_setopt(easy, CURLOPT_SSLVERSION,
		    provider->minimum_tls == CONFIG_TLS_1_3
			? (long)CURL_SSLVERSION_TLSv1_3
			: (long)CURL_SSLVERSION_TLSv1_2);
	return code;
}

static enum extauth_err
http_options_set_pins(
    CURL *easy, const struct config_list *pins, struct extauth_error *error)
{
	cleanup_buffer struct buffer list = buffer_make(PINS_MAX_BYTES);
	size_t prefix = strlen(PIN_PREFIX);
	size_t at;

	for (at = 0; at < pins->count; at++) {
		const char *pin = pins->items[at];
		bool is_whole = strncmp(pin, PIN_PREFIX, prefix) == 0;
		enum extauth_err err = buffer_append_format(&list, "%s%s%s",
		    at > 0 ? ";" : "", is_whole ? "" : PIN_PREFIX, pin);

		if (err != EXTAUTH_OK)
			return err;
	}
	if (pins->count == 0)
		return EXTAUTH_OK;
	return http_options_result(
	    curl_easy_setopt(easy, CURLOPT_PINNEDPUBLICKEY, buffer_text(&list)),
	    "pin_sha256", error);
}

static CURLcode
http_options_set_blob(CURL *easy, CURLoption option, const struct secret *pem)
{
	cleanup_buffer struct buffer copy = buffer_make(SECRET_MAX_BYTES);
	struct curl_blob blob = {
	    .len = pem->length,
	    .flags = CURL_BLOB_COPY,
	};

	if (buffer_append(&copy, secret_reveal(pem), pem->length) != EXTAUTH_OK)
		return CURLE_OUT_OF_MEMORY;
	blob.data = copy.bytes;
	return curl_easy_setopt(easy, option, &blob);
}

/* An empty pass phrase, so that a key that needs one fails and does not ask. */
static CURLcode
http_options_set_client(CURL *easy, const struct http_settings *settings)
{
	CURLcode code;

	if (settings->client_certificate->length == 0)
		return CURLE_OK;
	code = http_options_set_blob(
	    easy, CURLOPT_SSLCERT_BLOB, settings->client_certificate);
	if (code == CURLE_OK)
		code = http_options_set_blob(
		    easy, CURLOPT_SSLKEY_BLOB, settings->client_key);
	if (code == CURLE_OK)
		code = curl_easy_setopt(easy, CURLOPT_KEYPASSWD, "");
	return code;
}

enum extauth_err
http_options_set(CURL *easy, const struct http_settings *settings,
    struct extauth_error *error)
{
	const struct config_provider *provider = settings->provider;
	enum extauth_err err;

	err =
	    http_options_result(http_options_set_fixed(easy), "libcurl", error);
	if (err == EXTAUTH_OK)
		err = http_options_result(
		    http_options_set_reach(easy, provider), "proxy", error);
	if (err == EXTAUTH_OK)
		err = http_options_result(
		    http_options_set_authorities(easy, provider), "ca_file",
		    error);
	if (err == EXTAUTH_OK)
		err = http_options_set_pins(easy, &provider->pin_sha256, error);
	if (err == EXTAUTH_OK)
		err =
		    http_options_result(http_options_set_client(easy, settings),
			"client certificate", error);
	return err;
}
