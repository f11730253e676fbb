/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "origin.h"
#include "source_fetch_internal.h"

enum extauth_err
source_url_base(const struct source_run *run, struct buffer *url,
    struct extauth_error *error)
{
	return template_expand(
	    &run->source->access.url, run->login->values, url, error);
}

enum extauth_err
source_url_query(struct buffer *url, const char *name, const char *value)
{
	bool is_first = strchr(buffer_text(url), '?') == NULL;
	enum extauth_err err = buffer_append_text(url, is_first ? "?" : "&");

	if (err == EXTAUTH_OK)
		err = escape_append(url, ESCAPE_URL, name, strlen(name), NULL);
	if (err == EXTAUTH_OK)
		err = buffer_append_text(url, "=");
	if (err == EXTAUTH_OK)
		err =
		    escape_append(url, ESCAPE_URL, value, strlen(value), NULL);
	return err;
}

enum extauth_err
source_url_segment(struct buffer *url, const char *segment)
{
	enum extauth_err err = buffer_append_text(url, "/");

	if (err == EXTAUTH_OK)
		err = escape_append(
		    url, ESCAPE_URL_PATH, segment, strlen(segment), NULL);
	return err;
}

/* How much of the source's own URL stands in front of a relative one: all up to
 * the query, or to the path, or the scheme and its colon. RFC 3986 5.2. */
static size_t
fetch_url_kept(const char *base, const char *url)
{
	const char *host = strstr(base, "://");

	if (host == NULL)
		return 0;
	if (strncmp(url, "//", 2) == 0)
		return (size_t)(host - base) + 1;
	if (*url == '/')
		return (size_t)(host - base) + 3 + strcspn(host + 3, "/?#");
	return strcspn(base, "?#");
}

enum extauth_err
source_fetch_resolve(const struct source_run *run, const char *url,
    struct buffer *absolute, struct extauth_error *error)
{
	cleanup_buffer struct buffer base = buffer_make(SOURCE_URL_MAX_BYTES);
	enum extauth_err err = source_url_base(run, &base, error);

	if (err == EXTAUTH_OK && (*url == '/' || *url == '?'))
		err = buffer_append(absolute, buffer_text(&base),
		    fetch_url_kept(buffer_text(&base), url));
	if (err == EXTAUTH_OK)
		err = buffer_append_text(absolute, url);
	if (err == EXTAUTH_TOOBIG)
		return error_set(
		    error, EXTAUTH_INVALID, "the URL of a page is too long");
	if (err != EXTAUTH_OK)
		return err;
	if (!origin_is_same(buffer_text(&base), buffer_text(absolute)))
		return error_set(error, EXTAUTH_INVALID,
		    "the URL of a page is at another server than url, or none");
	return EXTAUTH_OK;
}

/* The length of a secret, as it is or percent-encoded, that `url` begins
 * with; 0: none. */
static size_t
fetch_url_secret(const struct template_named *named, const char *url)
{
	cleanup_buffer struct buffer encoded =
	    buffer_make(TEMPLATE_OUTPUT_MAX_BYTES);
	const struct template_value *value = &named->value;

	if (named->placeholder != PLACEHOLDER_SECRET || value->length == 0)
		return 0;
	if (escape_append(&encoded, ESCAPE_URL, value->bytes, value->length,
		NULL) == EXTAUTH_OK &&
	    strncmp(url, buffer_text(&encoded), encoded.length) == 0)
		return encoded.length;
	return strncmp(url, value->bytes, value->length) == 0 ? value->length
							      : 0;
}

enum extauth_err
source_fetch_mask_url(
    const struct login *login, const char *url, struct buffer *masked)
{
	const struct template_values *values = login->values;
	enum extauth_err err = EXTAUTH_OK;

	while (*url != '\0' && err == EXTAUTH_OK) {
		size_t length = 0;
		size_t at;

		for (at = 0; at < values->named_count && length == 0; at++)
			length = fetch_url_secret(&values->named[at], url);
		err = length > 0 ? buffer_append_text(masked, REQUEST_MASK)
				 : buffer_append(masked, url, 1);
		url += length > 0 ? length : 1;
	}
	return err;
}
