/* SPDX-License-Identifier: MIT */
#include "source_pingone.h"

#include "source_walk.h"

#define USERS_MOST 1000
#define MEMBERSHIPS_MOST 100
#define FILTER_MAX_BYTES 2048

static enum extauth_err
pingone_append_path(const struct source_run *run, const char *one,
    const char *id, const char *other, struct buffer *url)
{
	const char *const segments[] = {
	    "environments", run->source->access.environment, one, id, other};
	enum extauth_err err = EXTAUTH_OK;
	size_t at;

	for (at = 0; at < sizeof(segments) / sizeof(*segments) &&
	     segments[at] != NULL && err == EXTAUTH_OK;
	     at++)
		err = source_url_segment(url, segments[at]);
	return err;
}

static enum extauth_err
pingone_ask_users(const struct source_run *run, struct buffer *url)
{
	enum extauth_err err =
	    pingone_append_path(run, "users", NULL, NULL, url);

	if (err == EXTAUTH_OK)
		err = source_walk_size(run, "limit", USERS_MOST, url);
	if (err != EXTAUTH_OK || *run->source->filter == '\0')
		return err;
	return source_url_query(url, "filter", run->source->filter);
}

static enum extauth_err
pingone_ask_groups(const struct source_run *run, struct buffer *url)
{
	enum extauth_err err =
	    pingone_append_path(run, "groups", NULL, NULL, url);

	return err == EXTAUTH_OK
	    ? source_walk_size(run, "limit", USERS_MOST, url)
	    : err;
}

static enum extauth_err
pingone_ask_members(const struct source_run *run, struct buffer *url)
{
	cleanup_buffer struct buffer filter = buffer_make(FILTER_MAX_BYTES);
	const struct source_walk *walk = run->memory;
	enum extauth_err err =
	    pingone_append_path(run, "users", NULL, NULL, url);

	if (err == EXTAUTH_OK)
		err = source_walk_size(run, "limit", USERS_MOST, url);
	if (err == EXTAUTH_OK)
		err = buffer_append_text(&filter, "memberOfGroups[id eq ");
	if (err == EXTAUTH_OK)
		err =
		    source_walk_quote(&filter, walk->groups[walk->group_at].id);
	if (err == EXTAUTH_OK)
		err = buffer_append_text(&filter, "]");
	return err == EXTAUTH_OK
	    ? source_url_query(url, "filter", buffer_text(&filter))
	    : err;
}

static enum extauth_err
pingone_ask_one(const struct source_run *run, struct buffer *url)
{
	cleanup_buffer struct buffer match = buffer_make(FILTER_MAX_BYTES);
	const char *email = run->job->email;
	enum extauth_err err =
	    pingone_append_path(run, "users", NULL, NULL, url);

	if (err == EXTAUTH_OK)
		err = buffer_append_text(&match, "email eq ");
	if (err == EXTAUTH_OK)
		err = source_walk_quote(&match, email);
	if (err == EXTAUTH_OK)
		err = buffer_append_text(&match, " or username eq ");
	if (err == EXTAUTH_OK)
		err = source_walk_quote(&match, email);
	return err == EXTAUTH_OK
	    ? source_walk_narrow(run, "filter", buffer_text(&match), url)
	    : err;
}

static enum extauth_err
pingone_ask_memberships(const struct source_run *run, struct buffer *url)
{
	const struct source_walk *walk = run->memory;
	enum extauth_err err = pingone_append_path(
	    run, "users", walk->own_id, "memberOfGroups", url);

	if (err == EXTAUTH_OK)
		err = source_walk_size(run, "limit", MEMBERSHIPS_MOST, url);
	return err == EXTAUTH_OK ? source_url_query(url, "expand", "group")
				 : err;
}

static enum extauth_err
pingone_ask(const struct source_run *run, enum source_walk_list list,
    struct source_ask *ask)
{
	const struct source_walk *walk = run->memory;

	switch (list) {
	case WALK_USERS:
		return pingone_ask_users(run, &ask->url);
	case WALK_GROUPS:
		return pingone_ask_groups(run, &ask->url);
	case WALK_MEMBERS:
		return pingone_ask_members(run, &ask->url);
	case WALK_ONE:
		ask->is_none = walk->attempt > 0;
		return pingone_ask_one(run, &ask->url);
	case WALK_MEMBERSHIPS:
		return pingone_ask_memberships(run, &ask->url);
	case WALK_AFTER:
	case WALK_TELL_ONE:
	case WALK_LISTS:
		break;
	}
	ask->is_none = true;
	return EXTAUTH_OK;
}

/* PingOne tells no changes. */
static enum extauth_err
pingone_end(const struct source_run *run, struct source_step *ret_step)
{
	(void)run;
	return source_step_end(ret_step, SYNC_COMPLETE, NULL);
}

static const struct source_dialect pingone_dialect = {
    .next = "/_links/next/href",
    .total = "/count",
    .group_names = {"/name", "/_embedded/group/name"},
    .lists =
	{
	    [WALK_USERS] = "/_embedded/users",
	    [WALK_AFTER] = "",
	    [WALK_GROUPS] = "/_embedded/groups",
	    [WALK_MEMBERS] = "/_embedded/users",
	    [WALK_ONE] = "/_embedded/users",
	    [WALK_MEMBERSHIPS] = "/_embedded/groupMemberships",
	    [WALK_TELL_ONE] = "",
	},
    .ask = pingone_ask,
    .end = pingone_end,
};

static enum extauth_err
pingone_start(struct source_run *run, struct source_step *ret_step,
    struct extauth_error *error)
{
	return source_walk_start(run, &pingone_dialect, ret_step, error);
}

static enum extauth_err
pingone_next(struct source_run *run, const struct event *event,
    struct source_step *ret_step, struct extauth_error *error)
{
	return source_walk_next(run, &pingone_dialect, event, ret_step, error);
}

static void
pingone_forget(void *memory)
{
	source_walk_clear(memory);
}

const struct source source_pingone = {
    .name = "pingone",
    .memory_bytes = sizeof(struct source_walk),
    .forget = pingone_forget,
    .start = pingone_start,
    .next = pingone_next,
};
