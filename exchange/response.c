/* SPDX-License-Identifier: MIT */
#include "response.h"

#include <string.h>

#include "identity.h"
#include "text.h"

static const char *
response_skip_blanks(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	return at;
}

void
response_take_header(struct response *response, const char *line, size_t length)
{
	const char *colon = memchr(line, ':', length);
	const char *end = line + length;
	char name[32];

	while (end > line && (end[-1] == '\n' || end[-1] == '\r'))
		end--;
	if (length >= 5 && memcmp(line, "HTTP/", 5) == 0) {
		response->content_type[0] = '\0';
		response->retry_after[0] = '\0';
		response->date[0] = '\0';
		response->rate_limit_reset[0] = '\0';
		return;
	}
	if (colon == NULL || (size_t)(colon - line) >= sizeof(name))
		return;
	text_copy_printable(name, sizeof(name), line, (size_t)(colon - line));
	line = response_skip_blanks(colon + 1, end);
	length = line < end ? (size_t)(end - line) : 0;
	if (identity_equal(name, "content-type"))
		text_copy_printable(response->content_type,
		    sizeof(response->content_type), line, length);
	else if (identity_equal(name, "retry-after"))
		text_copy_printable(response->retry_after,
		    sizeof(response->retry_after), line, length);
	else if (identity_equal(name, "date"))
		text_copy_printable(
		    response->date, sizeof(response->date), line, length);
	else if (identity_equal(name, "x-rate-limit-reset"))
		text_copy_printable(response->rate_limit_reset,
		    sizeof(response->rate_limit_reset), line, length);
}

void
response_clear(struct response *response)
{
	if (response == NULL)
		return;
	buffer_clear(&response->body);
	*response = (struct response){0};
}
