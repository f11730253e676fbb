/* SPDX-License-Identifier: MIT */
#include "request.h"

#include <stdlib.h>
#include <string.h>

#include "identity.h"

enum extauth_err
request_add_header(struct request *request, const char *name, const char *value)
{
	cleanup_buffer struct buffer line =
	    buffer_make(TEMPLATE_OUTPUT_MAX_BYTES);
	struct buffer *headers;
	enum extauth_err err = buffer_append_text(&line, name);

	if (err == EXTAUTH_OK)
		err = buffer_append_text(&line, ": ");
	if (err == EXTAUTH_OK)
		err = buffer_append_text(&line, value);
	if (err != EXTAUTH_OK)
		return err;
	headers = reallocarray(request->headers, request->header_count + 1,
	    sizeof(*request->headers));
	if (headers == NULL)
		return EXTAUTH_NOMEM;
	request->headers = headers;
	headers[request->header_count++] = line;
	line = (struct buffer){0};
	return EXTAUTH_OK;
}

bool
request_has_header(const struct request *request, const char *name)
{
	size_t length = strlen(name);
	size_t at;

	for (at = 0; at < request->header_count; at++) {
		const char *line = buffer_text(&request->headers[at]);
		size_t colon = strcspn(line, ":");
		char start[64];

		if (colon != length || colon >= sizeof(start))
			continue;
		memcpy(start, line, colon);
		start[colon] = '\0';
		if (identity_equal(start, name))
			return true;
	}
	return false;
}

const char *
request_method_name(const struct request *request)
{
	switch (request->method) {
	case CONFIG_POST:
		return "POST";
	case CONFIG_PUT:
		return "PUT";
	case CONFIG_GET:
		return "GET";
	}
	return "GET";
}

static enum extauth_err
request_render_line(struct buffer *lines, const char *text)
{
	enum extauth_err err = buffer_append_text(lines, text);

	return err == EXTAUTH_OK ? buffer_append_text(lines, "\n") : err;
}

enum extauth_err
request_render(const struct request *request, struct buffer *lines)
{
	enum extauth_err err;
	size_t at;

	err = buffer_append_text(lines, request_method_name(request));
	if (err == EXTAUTH_OK)
		err = buffer_append_text(lines, " ");
	if (err == EXTAUTH_OK)
		err = request_render_line(lines, buffer_text(&request->url));
	for (at = 0; at < request->header_count && err == EXTAUTH_OK; at++)
		err = request_render_line(
		    lines, buffer_text(&request->headers[at]));
	if (err == EXTAUTH_OK && request->username != NULL)
		err = request_render_line(lines,
		    request->is_ntlm ? "Authorization: NTLM " REQUEST_MASK
				     : "Authorization: Basic " REQUEST_MASK);
	if (err == EXTAUTH_OK && request->has_body)
		err = request_render_line(lines, "");
	if (err == EXTAUTH_OK && request->has_body)
		err = request_render_line(lines, buffer_text(&request->body));
	return err;
}

void
request_clear(struct request *request)
{
	size_t at;

	if (request == NULL)
		return;
	for (at = 0; at < request->header_count; at++)
		buffer_clear(&request->headers[at]);
	free(request->headers);
	buffer_clear(&request->url);
	buffer_clear(&request->body);
	*request = (struct request){0};
}
