/* SPDX-License-Identifier: MIT */
#include "http_request.h"

#include <string.h>

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

CURLcode
http_request_set(CURL *easy, const struct request *request)
{
	bool is_basic = request->username != NULL;
	CURLcode code = http_request_set_method(easy, request);

	if (code == CURLE_OK)
		code = curl_easy_setopt(
		    easy, CURLOPT_URL, buffer_text(&request->url));
	if (code == CURLE_OK)
		code =
		    curl_easy_setopt(easy, CURLOPT_USERNAME, request->username);
	if (code == CURLE_OK)
		code = curl_easy_setopt(easy, CURLOPT_PASSWORD,
		    is_basic ? secret_reveal(request->password) : NULL);
	return code;
}
