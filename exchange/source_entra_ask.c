/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "source_entra_internal.h"

#define NAMES_MOST 10
#define FILTER_MAX_BYTES 4096
/* What Graph wants for a cast, and for some filters. */
#define EVENTUAL "ConsistencyLevel: eventual"

enum extauth_err
entra_append_property(struct buffer *select, const char *pointer)
{
	cleanup_free char *name = NULL;
	const char *known = buffer_text(select);
	size_t length;
	enum extauth_err err = EXTAUTH_OK;

	if (*pointer != '/')
		return EXTAUTH_OK;
	name = json_pointer_token(pointer + 1, strcspn(pointer + 1, "/"));
	if (name == NULL)
		return EXTAUTH_NOMEM;
	length = strlen(name);
	while (*known != '\0') {
		size_t end = strcspn(known, ",");

		if (end == length && strncmp(known, name, end) == 0)
			return EXTAUTH_OK;
		known += known[end] == ',' ? end + 1 : end;
	}
	if (select->length > 0)
		err = buffer_append_text(select, ",");
	return err == EXTAUTH_OK ? buffer_append_text(select, name) : err;
}

static enum extauth_err
entra_append_conditions(
    struct buffer *select, const struct config_conditions *conditions)
{
	enum extauth_err err = EXTAUTH_OK;
	size_t at;

	for (at = 0; at < conditions->count && err == EXTAUTH_OK; at++)
		err = entra_append_property(
		    select, conditions->items[at].pointer);
	return err;
}

enum extauth_err
entra_append_select(const struct source_run *run, struct buffer *select)
{
	const struct config_source *source = run->source;
	const char *const pointers[] = {
	    "/id",
	    "/accountEnabled",
	    "/userPrincipalName",
	    source->user_id,
	    source->user_email,
	    source->user_name,
	    source->user_gecos,
	    source->user_uid,
	    source->user_home,
	    source->user_shell,
	};
	enum extauth_err err = EXTAUTH_OK;
	size_t at;

	for (at = 0;
	     at < sizeof(pointers) / sizeof(*pointers) && err == EXTAUTH_OK;
	     at++)
		err = entra_append_property(select, pointers[at]);
	if (err == EXTAUTH_OK)
		err = entra_append_conditions(select, &source->disabled_if);
	if (err == EXTAUTH_OK)
		err = entra_append_conditions(select, &source->skip_if);
	return err;
}

bool
entra_has_delta(const struct source_run *run)
{
	return *run->source->filter == '\0' &&
	    run->source->only_groups.count == 0 &&
	    strcmp(run->source->user_id, "/id") == 0;
}

static enum extauth_err
entra_append_path(struct buffer *url, const char *const *segments)
{
	enum extauth_err err = EXTAUTH_OK;

	for (; *segments != NULL && err == EXTAUTH_OK; segments++)
		err = source_url_segment(url, *segments);
	return err;
}

/* A single quote is doubled. */
static enum extauth_err
entra_append_quoted(struct buffer *filter, const char *text)
{
	enum extauth_err err = buffer_append_text(filter, "'");

	for (; *text != '\0' && err == EXTAUTH_OK; text++) {
		err = buffer_append(filter, text, 1);
		if (err == EXTAUTH_OK && *text == '\'')
			err = buffer_append(filter, text, 1);
	}
	return err == EXTAUTH_OK ? buffer_append_text(filter, "'") : err;
}

static enum extauth_err
entra_append_user_select(const struct source_run *run, struct buffer *url)
{
	cleanup_buffer struct buffer select =
	    buffer_make(ENTRA_SELECT_MAX_BYTES);
	enum extauth_err err = entra_append_select(run, &select);

	return err == EXTAUTH_OK
	    ? source_url_query(url, "$select", buffer_text(&select))
	    : err;
}

static enum extauth_err
entra_ask_changes(const struct entra_memory *memory, struct source_ask *ask)
{
	buffer_clear(&ask->url);
	ask->takes_refusal = true;
	ask->more_header = memory->prefer;
	return buffer_append_text(&ask->url, memory->delta_link);
}

static enum extauth_err
entra_ask_delta(const struct source_run *run, struct source_ask *ask)
{
	static const char *const path[] = {"users", "delta", NULL};
	const struct entra_memory *memory = run->memory;
	enum extauth_err err = entra_append_path(&ask->url, path);

	ask->more_header = memory->prefer;
	return err == EXTAUTH_OK ? entra_append_user_select(run, &ask->url)
				 : err;
}

static enum extauth_err
entra_append_users(const struct source_run *run, struct source_ask *ask)
{
	static const char *const path[] = {"users", NULL};
	enum extauth_err err = entra_append_path(&ask->url, path);

	if (err == EXTAUTH_OK)
		err = entra_append_user_select(run, &ask->url);
	if (err == EXTAUTH_OK)
		err = source_walk_size(run, "$top", ENTRA_TOP_MOST, &ask->url);
	return err;
}

static enum extauth_err
entra_append_count(struct source_ask *ask)
{
	ask->more_header = EVENTUAL;
	return source_url_query(&ask->url, "$count", "true");
}

static enum extauth_err
entra_ask_users(const struct source_run *run, struct source_ask *ask)
{
	const struct entra_memory *memory = run->memory;
	enum extauth_err err;

	if (memory->walk.is_changes)
		return entra_ask_changes(memory, ask);
	if (entra_has_delta(run))
		return entra_ask_delta(run, ask);
	err = entra_append_users(run, ask);
	if (err != EXTAUTH_OK || *run->source->filter == '\0')
		return err;
	err = source_url_query(&ask->url, "$filter", run->source->filter);
	return err == EXTAUTH_OK ? entra_append_count(ask) : err;
}

/* Graph refuses an id that is none. */
static enum extauth_err
entra_append_group(struct buffer *filter, const char *remote)
{
	enum extauth_err err = buffer_append_text(
	    filter, config_is_uuid(remote) ? "id eq " : "displayName eq ");

	return err == EXTAUTH_OK ? entra_append_quoted(filter, remote) : err;
}

static enum extauth_err
entra_ask_groups(const struct source_run *run, struct source_ask *ask)
{
	static const char *const path[] = {"groups", NULL};
	cleanup_buffer struct buffer filter = buffer_make(FILTER_MAX_BYTES);
	cleanup_buffer struct buffer select =
	    buffer_make(ENTRA_SELECT_MAX_BYTES);
	enum extauth_err wanted =
	    source_walk_wanted(run, NAMES_MOST, entra_append_group, &filter);
	enum extauth_err err = entra_append_path(&ask->url, path);

	if (err == EXTAUTH_OK)
		err = buffer_append_text(&select, "id,displayName");
	if (err == EXTAUTH_OK)
		err = entra_append_property(&select, run->source->group_gid);
	if (err == EXTAUTH_OK)
		err = source_url_query(
		    &ask->url, "$select", buffer_text(&select));
	if (err == EXTAUTH_OK)
		err = source_walk_size(run, "$top", ENTRA_TOP_MOST, &ask->url);
	if (err != EXTAUTH_OK || wanted == EXTAUTH_TOOBIG)
		return err;
	return wanted == EXTAUTH_OK
	    ? source_url_query(&ask->url, "$filter", buffer_text(&filter))
	    : wanted;
}

static enum extauth_err
entra_ask_members(const struct source_run *run, struct source_ask *ask)
{
	const struct source_walk *walk = run->memory;
	const char *const path[] = {"groups", walk->groups[walk->group_at].id,
	    "transitiveMembers", "microsoft.graph.user", NULL};
	cleanup_buffer struct buffer select =
	    buffer_make(ENTRA_SELECT_MAX_BYTES);
	enum extauth_err err = entra_append_path(&ask->url, path);

	if (err == EXTAUTH_OK)
		err = entra_append_property(&select, "/id");
	if (err == EXTAUTH_OK)
		err = entra_append_property(&select, run->source->user_id);
	if (err == EXTAUTH_OK)
		err = source_url_query(
		    &ask->url, "$select", buffer_text(&select));
	if (err == EXTAUTH_OK)
		err = source_walk_size(run, "$top", ENTRA_TOP_MOST, &ask->url);
	return err == EXTAUTH_OK ? entra_append_count(ask) : err;
}

static enum extauth_err
entra_ask_one(const struct source_run *run, struct source_ask *ask)
{
	cleanup_buffer struct buffer match = buffer_make(FILTER_MAX_BYTES);
	const char *email = run->job->email;
	enum extauth_err err = entra_append_users(run, ask);

	if (err == EXTAUTH_OK)
		err = buffer_append_text(&match, "mail eq ");
	if (err == EXTAUTH_OK)
		err = entra_append_quoted(&match, email);
	if (err == EXTAUTH_OK)
		err = buffer_append_text(&match, " or userPrincipalName eq ");
	if (err == EXTAUTH_OK)
		err = entra_append_quoted(&match, email);
	if (err == EXTAUTH_OK)
		err = source_walk_narrow(
		    run, "$filter", buffer_text(&match), &ask->url);
	if (err != EXTAUTH_OK || *run->source->filter == '\0')
		return err;
	return entra_append_count(ask);
}

static enum extauth_err
entra_ask_memberships(const struct source_run *run, struct source_ask *ask)
{
	const struct source_walk *walk = run->memory;
	const char *const path[] = {"users", walk->own_id, "transitiveMemberOf",
	    "microsoft.graph.group", NULL};
	enum extauth_err err = entra_append_path(&ask->url, path);

	if (err == EXTAUTH_OK)
		err = source_url_query(&ask->url, "$select", "id,displayName");
	if (err == EXTAUTH_OK)
		err = source_walk_size(run, "$top", ENTRA_TOP_MOST, &ask->url);
	return err == EXTAUTH_OK ? entra_append_count(ask) : err;
}

enum extauth_err
entra_ask(const struct source_run *run, enum source_walk_list list,
    struct source_ask *ask)
{
	const struct source_walk *walk = run->memory;

	switch (list) {
	case WALK_USERS:
		return entra_ask_users(run, ask);
	case WALK_GROUPS:
		return entra_ask_groups(run, ask);
	case WALK_MEMBERS:
		return entra_ask_members(run, ask);
	case WALK_ONE:
		ask->is_none = walk->attempt > 0;
		return entra_ask_one(run, ask);
	case WALK_MEMBERSHIPS:
		return entra_ask_memberships(run, ask);
	case WALK_AFTER:
	case WALK_TELL_ONE:
	case WALK_LISTS:
		break;
	}
	ask->is_none = true;
	return EXTAUTH_OK;
}
