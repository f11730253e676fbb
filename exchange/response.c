/* SPDX-License-Identifier: MIT */
#include "response.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "identity.h"
#include "response_link.h"
#include "text.h"

#define FIELD(member) offsetof(struct response, member)

struct response_field {
	const char *name;
	size_t offset;
	bool is_exact; /* sent back later: whole and unchanged, or not kept */
};

static const struct response_field fields[] = {
    {"content-type", FIELD(content_type), false},
    {"retry-after", FIELD(retry_after), false},
    {"date", FIELD(date), false},
    {"x-rate-limit-reset", FIELD(rate_limit_reset), false},
    {"etag", FIELD(etag), true},
    {"last-modified", FIELD(last_modified), true},
};

#define FIELD_COUNT (sizeof(fields) / sizeof(*fields))

static char *
response_field_text(struct response *response, const struct response_field *of)
{
	return (char *)response + of->offset;
}

static void
response_take_field(struct response *response, const struct response_field *of,
    const char *value, size_t length)
{
	char *text = response_field_text(response, of);

	while (of->is_exact && length > 0 &&
	    (value[length - 1] == ' ' || value[length - 1] == '\t'))
		length--;
	text_copy_printable(text, RESPONSE_FIELD_MAX_BYTES + 1, value, length);
	if (of->is_exact &&
	    (strlen(text) != length || memcmp(text, value, length) != 0))
		text[0] = '\0';
}

/* The first one counts. */
static enum extauth_err
response_take_link(struct response *response, const char *value, size_t length)
{
	const char *target = NULL;

	if (response->link_next != NULL)
		return EXTAUTH_OK;
	length = response_link_next(value, length, &target);
	if (length == 0)
		return EXTAUTH_OK;
	response->link_next = strndup(target, length);
	return response->link_next != NULL ? EXTAUTH_OK : EXTAUTH_NOMEM;
}

static void
response_forget(struct response *response)
{
	size_t at;

	for (at = 0; at < FIELD_COUNT; at++)
		response_field_text(response, &fields[at])[0] = '\0';
	free(response->link_next);
	response->link_next = NULL;
	response->content_length[0] = '\0';
}

/* Two lengths that differ mark no end. RFC 9112 section 6.3. */
static void
response_take_length(
    struct response *response, const char *value, size_t length)
{
	bool is_first = response->content_length[0] == '\0';
	char text[RESPONSE_FIELD_MAX_BYTES + 1];

	text_copy_printable(text, sizeof(text), value, length);
	if (is_first)
		memcpy(response->content_length, text, sizeof(text));
	response->is_framed = is_first ||
	    (response->is_framed &&
		strcmp(response->content_length, text) == 0);
}

static enum extauth_err
response_take_value(struct response *response, const char *name,
    const char *value, size_t length)
{
	size_t at;

	for (at = 0; at < FIELD_COUNT; at++)
		if (identity_equal(name, fields[at].name))
			response_take_field(
			    response, &fields[at], value, length);
	if (identity_equal(name, "content-length"))
		response_take_length(response, value, length);
	if (identity_equal(name, "transfer-encoding"))
		response->is_framed = true;
	return identity_equal(name, "link")
	    ? response_take_link(response, value, length)
	    : EXTAUTH_OK;
}

enum extauth_err
response_take_header(struct response *response, const char *line, size_t length)
{
	const char *colon = memchr(line, ':', length);
	const char *end = line + length;
	char name[32];

	while (end > line && (end[-1] == '\n' || end[-1] == '\r'))
		end--;
	if (end == line)
		response->is_headed = true;
	if (length >= 5 && memcmp(line, "HTTP/", 5) == 0) {
		response_forget(response);
		response->is_headed = false;
		response->is_framed = length > 5 && line[5] >= '2';
		return EXTAUTH_OK;
	}
	if (colon == NULL || (size_t)(colon - line) >= sizeof(name))
		return EXTAUTH_OK;
	text_copy_printable(name, sizeof(name), line, (size_t)(colon - line));
	line = colon + 1;
	while (line < end && (*line == ' ' || *line == '\t'))
		line++;
	length = line < end ? (size_t)(end - line) : 0;
	return response_take_value(response, name, line, length);
}

void
response_clear(struct response *response)
{
	if (response == NULL)
		return;
	buffer_clear(&response->body);
	free(response->link_next);
	*response = (struct response){0};
}
