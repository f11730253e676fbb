/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "source_scim_internal.h"

#define NAME_BYTES 512
#define NUMBER_BYTES 24

static bool
url_has_attribute(const struct buffer *attributes, const char *name)
{
	const char *at = buffer_text(attributes);
	size_t length = strlen(name);

	while (*at != '\0') {
		size_t one = strcspn(at, ",");

		if (one == length && strncmp(at, name, length) == 0)
			return true;
		at += one + (at[one] == ',');
	}
	return false;
}

static enum extauth_err
url_add_name(struct buffer *attributes, const char *name)
{
	enum extauth_err err = EXTAUTH_OK;

	if (url_has_attribute(attributes, name))
		return EXTAUTH_OK;
	if (attributes->length > 0)
		err = buffer_append_text(attributes, ",");
	return err == EXTAUTH_OK ? buffer_append_text(attributes, name) : err;
}

/* The attribute that a pointer leads into: its first part; of a schema, which
 * is a URN, the second as well. What a pointer escapes is no attribute. RFC
 * 7644 3.10. */
static enum extauth_err
url_add_pointer(struct buffer *attributes, const char *pointer)
{
	char name[NAME_BYTES];
	size_t length;
	size_t more;

	if (*pointer != '/' || strchr(pointer, '~') != NULL)
		return EXTAUTH_OK;
	pointer++;
	length = strcspn(pointer, "/");
	more = pointer[length] == '/' ? strcspn(pointer + length + 1, "/") : 0;
	if (strncmp(pointer, "urn:", 4) != 0 || more == 0)
		more = 0;
	else
		more++;
	if (length == 0 || length + more >= sizeof(name))
		return EXTAUTH_OK;
	(void)snprintf(
	    name, sizeof(name), "%.*s", (int)(length + more), pointer);
	if (more > 0)
		name[length] = ':';
	return url_add_name(attributes, name);
}

static enum extauth_err
url_add_conditions(
    struct buffer *attributes, const struct config_conditions *conditions)
{
	enum extauth_err err = EXTAUTH_OK;
	size_t at;

	for (at = 0; at < conditions->count && err == EXTAUTH_OK; at++)
		err =
		    url_add_pointer(attributes, conditions->items[at].pointer);
	return err;
}

static enum extauth_err
url_user_attributes(const struct source_run *run, struct buffer *attributes)
{
	const struct config_source *source = run->source;
	const char *const pointers[] = {
	    source->user_id,
	    source->user_name,
	    source->user_email,
	    source->user_gecos,
	    "/active",
	    source->user_uid,
	    source->user_home,
	    source->user_shell,
	    config_source_has_groups(run->config, source) ? source->user_groups
							  : "",
	};
	enum extauth_err err = EXTAUTH_OK;
	size_t at;

	for (at = 0; at < sizeof(pointers) / sizeof(*pointers); at++) {
		err = url_add_pointer(attributes, pointers[at]);
		if (err != EXTAUTH_OK)
			return err;
	}
	err = url_add_conditions(attributes, &source->disabled_if);
	return err == EXTAUTH_OK
	    ? url_add_conditions(attributes, &source->skip_if)
	    : err;
}

enum extauth_err
scim_url_attributes(const struct source_run *run, bool are_groups,
    bool with_members, struct buffer *attributes)
{
	enum extauth_err err;

	if (!are_groups)
		return url_user_attributes(run, attributes);
	err = url_add_name(attributes, "id");
	if (err == EXTAUTH_OK)
		err = url_add_name(attributes, "displayName");
	if (err == EXTAUTH_OK && with_members)
		err = url_add_name(attributes, "members");
	return err == EXTAUTH_OK
	    ? url_add_pointer(attributes, run->source->group_gid)
	    : err;
}

enum extauth_err
scim_url_filter(struct buffer *filter, const char *format, const char *value,
    const char *configured)
{
	const char *place = strchr(format, '%');
	bool is_choice = strstr(configured, " or ") != NULL ||
	    strstr(configured, " OR ") != NULL;
	enum extauth_err err;

	err = buffer_append(filter, format, (size_t)(place - format));
	if (err == EXTAUTH_OK)
		err = escape_append(
		    filter, ESCAPE_JSON, value, strlen(value), NULL);
	if (err == EXTAUTH_OK)
		err = buffer_append_text(filter, place + 1);
	if (err != EXTAUTH_OK || *configured == '\0')
		return err;
	return buffer_append_format(
	    filter, is_choice ? " and (%s)" : " and %s", configured);
}

static enum extauth_err
url_add_number(struct buffer *url, const char *name, int64_t number)
{
	char text[NUMBER_BYTES];

	(void)snprintf(text, sizeof(text), "%" PRId64, number);
	return source_url_query(url, name, text);
}

/* A page begins with the last of the one before, so that it shows whether
 * somebody in front of it has left. */
static void
url_choose_start(struct scim_paging *paging)
{
	paging->is_overlapping = paging->cursor == NULL && paging->next > 1 &&
	    paging->count > 1 && !paging->is_probe && !paging->has_no_overlap;
	paging->start = paging->next - (paging->is_overlapping ? 1 : 0);
	paging->is_joined = false;
}

/* By cursor everything else is the same for each page (RFC 9865 2). Who looks
 * for one person needs no pages, and some servers refuse startIndex. */
static enum extauth_err
url_add_page(const struct source_run *run, const struct scim_paging *paging,
    struct buffer *url)
{
	enum extauth_err err;

	if (run->source->paging == CONFIG_PAGING_NONE ||
	    (paging->is_look_up && paging->next == 1 && paging->cursor == NULL))
		return EXTAUTH_OK;
	err = paging->cursor != NULL
	    ? source_url_query(url, "cursor", paging->cursor)
	    : url_add_number(url, "startIndex", paging->start);
	if (err != EXTAUTH_OK)
		return err;
	return url_add_number(
	    url, "count", paging->is_probe ? 1 : paging->count);
}

enum extauth_err
scim_url_ask(struct source_run *run, struct source_step *ret_step,
    struct extauth_error *error)
{
	struct scim_memory *memory = run->memory;
	struct scim_paging *paging = &memory->paging;
	cleanup_buffer struct buffer url = buffer_make(SOURCE_URL_MAX_BYTES);
	enum extauth_err err;

	url_choose_start(paging);
	memory->tally.fresh = 0;
	err = source_url_base(run, &url, error);
	if (err == EXTAUTH_OK)
		err = buffer_append_text(&url, paging->path);
	if (err == EXTAUTH_OK)
		err = url_add_page(run, paging, &url);
	if (err == EXTAUTH_OK && !paging->is_without_attributes)
		err = source_url_query(
		    &url, "attributes", buffer_text(&paging->attributes));
	if (err == EXTAUTH_OK && paging->filter.length > 0)
		err = source_url_query(
		    &url, "filter", buffer_text(&paging->filter));
	if (err != EXTAUTH_OK)
		return err;
	return source_fetch_begin(
	    run, &memory->fetch, buffer_text(&url), ret_step, error);
}
