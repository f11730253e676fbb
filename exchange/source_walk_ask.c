/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "source_walk.h"

#define FILTER_MAX_BYTES 4096
#define DIGITS_BYTES 16

enum extauth_err
source_walk_size(const struct source_run *run, const char *name, uint32_t most,
    struct buffer *url)
{
	uint32_t size = run->source->page_size;
	char digits[DIGITS_BYTES];

	if (size == 0 || size > most)
		size = most;
	(void)snprintf(digits, sizeof(digits), "%" PRIu32, size);
	return source_url_query(url, name, digits);
}

enum extauth_err
source_walk_quote(struct buffer *filter, const char *text)
{
	enum extauth_err err = buffer_append_text(filter, "\"");

	if (err == EXTAUTH_OK)
		err = escape_append(
		    filter, ESCAPE_JSON, text, strlen(text), NULL);
	return err == EXTAUTH_OK ? buffer_append_text(filter, "\"") : err;
}

enum extauth_err
source_walk_narrow(const struct source_run *run, const char *name,
    const char *match, struct buffer *url)
{
	cleanup_buffer struct buffer both = buffer_make(FILTER_MAX_BYTES);
	const char *filter = run->source->filter;
	enum extauth_err err = buffer_append_text(&both, "(");

	if (*filter == '\0')
		return source_url_query(url, name, match);
	if (err == EXTAUTH_OK)
		err = buffer_append_text(&both, filter);
	if (err == EXTAUTH_OK)
		err = buffer_append_text(&both, ") and (");
	if (err == EXTAUTH_OK)
		err = buffer_append_text(&both, match);
	if (err == EXTAUTH_OK)
		err = buffer_append_text(&both, ")");
	return err == EXTAUTH_OK
	    ? source_url_query(url, name, buffer_text(&both))
	    : err;
}

static bool
walk_is_of_source(
    const struct source_run *run, const struct config_group *group)
{
	return *group->source == '\0' ||
	    strcmp(group->source, run->source->name) == 0;
}

enum extauth_err
source_walk_wanted(const struct source_run *run, size_t most,
    enum extauth_err (*append)(struct buffer *filter, const char *remote),
    struct buffer *filter)
{
	size_t count = 0;
	size_t at;
	size_t nth;

	if (*run->source->group_prefix != '\0')
		return EXTAUTH_TOOBIG;
	for (at = 0; at < run->config->group_count; at++) {
		const struct config_group *group = &run->config->groups[at];
		size_t remotes =
		    walk_is_of_source(run, group) ? group->remote.count : 0;

		for (nth = 0; nth < remotes; nth++) {
			enum extauth_err err = EXTAUTH_OK;

			if (count++ == most)
				return EXTAUTH_TOOBIG;
			if (filter->length > 0)
				err = buffer_append_text(filter, " or ");
			if (err == EXTAUTH_OK)
				err = append(filter, group->remote.items[nth]);
			if (err != EXTAUTH_OK)
				return err;
		}
	}
	return EXTAUTH_OK;
}
