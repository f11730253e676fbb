/* SPDX-License-Identifier: MIT */
#include "http_request.h"

#include <string.h>

#include "response.h"
#include "text.h"

/* "Name:" alone would take a header away; "Name;" sends an empty one. */
static enum extauth_err
http_request_add_line(struct curl_slist **list, const char *line)
{
	cleanup_buffer struct buffer copy =
	    buffer_make(TEMPLATE_OUTPUT_MAX_BYTES);
	size_t length = strlen(line);
	bool is_empty = length >= 2 && strcmp(line + length - 2, ": ") == 0;
	struct curl_slist *grown;
	enum extauth_err err;

	err = buffer_append(&copy, line, is_empty ? length - 2 : length);
	if (err == EXTAUTH_OK && is_empty)
		err = buffer_append_text(&copy, ";");
	if (err != EXTAUTH_OK)
		return err;
	grown = curl_slist_append(*list, buffer_text(&copy));
	if (grown == NULL)
		return EXTAUTH_NOMEM;
	*list = grown;
	return EXTAUTH_OK;
}

enum extauth_err
http_request_headers(const struct request *request, struct curl_slist **list)
{
	static const char *const ours[] = {"Expect", "Accept", "Content-Type"};
	enum extauth_err err = EXTAUTH_OK;
	size_t at;

	for (at = 0; at < request->header_count && err == EXTAUTH_OK; at++)
		err = http_request_add_line(
		    list, buffer_text(&request->headers[at]));
	for (at = 0; at < sizeof(ours) / sizeof(*ours); at++) {
		char removal[32];

		if (err != EXTAUTH_OK || request_has_header(request, ours[at]))
			continue;
		text_print(removal, sizeof(removal), "%s:", ours[at]);
		err = http_request_add_line(list, removal);
	}
	return err;
}

static CURLcode
http_request_set_method(CURL *easy, const struct request *request)
{
	CURLcode code;

	if (request->method == CONFIG_GET)
		code = curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
	else
		code = curl_easy_setopt(easy, CURLOPT_POST, 1L);
	if (code == CURLE_OK)
		code = curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST,
		    request->method == CONFIG_PUT ? "PUT" : NULL);
	if (code != CURLE_OK || request->method == CONFIG_GET)
		return code;
	code = curl_easy_setopt(
	    easy, CURLOPT_POSTFIELDS, buffer_text(&request->body));
	if (code == CURLE_OK)
		code = curl_easy_setopt(
		    easy, CURLOPT_POSTFIELDSIZE, (long)request->body.length);
	return code;
}

size_t
http_request_body_max(const struct request *request)
{
	return request->body_max_bytes > 0 ? request->body_max_bytes
					   : RESPONSE_BODY_MAX_BYTES;
}

CURLcode
http_request_set(CURL *easy, const struct request *request)
{
	bool has_user = request->username != NULL;
	CURLcode code = http_request_set_method(easy, request);

	if (code == CURLE_OK)
		code = curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE,
		    (curl_off_t)http_request_body_max(request));
	if (code == CURLE_OK)
		code = curl_easy_setopt(
		    easy, CURLOPT_URL, buffer_text(&request->url));
	if (code == CURLE_OK)
		code =
		    curl_easy_setopt(easy, CURLOPT_USERNAME, request->username);
	if (code == CURLE_OK)
		code = curl_easy_setopt(easy, CURLOPT_PASSWORD,
		    has_user ? secret_reveal(request->password) : NULL);
	if (code == CURLE_OK)
		code = curl_easy_setopt(easy, CURLOPT_HTTPAUTH,
		    request->is_ntlm ? CURLAUTH_NTLM : CURLAUTH_BASIC);
	/* NTLM proves a connection, which HTTP/2 shares. RFC 7540 9.2.2. */
	if (code == CURLE_OK)
		code = curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
		    request->is_ntlm ? (long)CURL_HTTP_VERSION_1_1
				     : (long)CURL_HTTP_VERSION_2TLS);
	/* libcurl repeats a request by itself on a reused connection alone: the
	 * first message of NTLM sent twice would count as the proof. */
	if (code == CURLE_OK)
		code = curl_easy_setopt(
		    easy, CURLOPT_FRESH_CONNECT, request->is_ntlm ? 1L : 0L);
	return code;
}

/* libcurl widens the bytes of a password to UTF-16 one by one, so that any
 * beyond ASCII would count as a wrong one. */
enum extauth_err
http_request_check(const struct request *request, struct extauth_error *error)
{
	const char *byte;

	if (!request->is_ntlm)
		return EXTAUTH_OK;
	for (byte = secret_reveal(request->password); *byte != '\0'; byte++)
		if ((unsigned char)*byte >= 0x80)
			return error_set(error, EXTAUTH_INVALID,
			    "a password beyond ASCII cannot be sent by NTLM");
	return EXTAUTH_OK;
}
