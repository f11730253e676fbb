/* SPDX-License-Identifier: MIT */
#include "source_okta.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "source_okta_time.h"
#include "source_state.h"
#include "source_walk.h"

#define KIND 'o'
/* Deleted users are not told among the changes. */
#define WHOLE_AGE_S 86400
/* lastUpdated of what is under way while it is read may be older than that of
 * what was read. */
#define OVERLAP_S 300
#define USERS_MOST 200
#define MEMBERS_MOST 1000
#define NAMES_MOST 20
#define FILTER_MAX_BYTES 4096

struct okta_memory {
	struct source_walk walk;
	int64_t started_s;
	int64_t whole_s;  /* when all was read last */
	int64_t newest_s; /* lastUpdated, by Okta's own clock; 0: none */
};

static enum extauth_err
okta_append_path(
    struct buffer *url, const char *one, const char *id, const char *other)
{
	enum extauth_err err = buffer_append_text(url, "/api/v1");

	if (err == EXTAUTH_OK)
		err = source_url_segment(url, one);
	if (err == EXTAUTH_OK && id != NULL)
		err = source_url_segment(url, id);
	if (err == EXTAUTH_OK && other != NULL)
		err = source_url_segment(url, other);
	return err;
}

static enum extauth_err
okta_append_changed(const struct okta_memory *memory, struct buffer *url)
{
	char time[OKTA_TIME_BYTES];
	char filter[OKTA_TIME_BYTES + sizeof("lastUpdated gt \"\"")];

	okta_time_print(memory->newest_s - OVERLAP_S, time);
	(void)snprintf(filter, sizeof(filter), "lastUpdated gt \"%s\"", time);
	return source_url_query(url, "filter", filter);
}

static enum extauth_err
okta_ask_users(const struct source_run *run, struct buffer *url)
{
	const struct okta_memory *memory = run->memory;
	enum extauth_err err = okta_append_path(url, "users", NULL, NULL);

	if (err == EXTAUTH_OK)
		err = source_walk_size(run, "limit", USERS_MOST, url);
	if (err != EXTAUTH_OK)
		return err;
	if (memory->walk.is_changes)
		return okta_append_changed(memory, url);
	if (*run->source->filter != '\0')
		return source_url_query(url, "search", run->source->filter);
	return EXTAUTH_OK;
}

static enum extauth_err
okta_append_group(struct buffer *filter, const char *remote)
{
	enum extauth_err err = buffer_append_text(filter, "profile.name eq ");

	if (err == EXTAUTH_OK)
		err = source_walk_quote(filter, remote);
	if (err == EXTAUTH_OK)
		err = buffer_append_text(filter, " or id eq ");
	return err == EXTAUTH_OK ? source_walk_quote(filter, remote) : err;
}

static enum extauth_err
okta_ask_groups(const struct source_run *run, struct buffer *url)
{
	cleanup_buffer struct buffer filter = buffer_make(FILTER_MAX_BYTES);
	enum extauth_err err = okta_append_path(url, "groups", NULL, NULL);
	enum extauth_err wanted =
	    source_walk_wanted(run, NAMES_MOST, okta_append_group, &filter);

	if (err == EXTAUTH_OK)
		err = source_walk_size(run, "limit", USERS_MOST, url);
	if (err != EXTAUTH_OK || wanted == EXTAUTH_TOOBIG)
		return err;
	return wanted == EXTAUTH_OK
	    ? source_url_query(url, "search", buffer_text(&filter))
	    : wanted;
}

static enum extauth_err
okta_ask_members(const struct source_run *run, struct buffer *url)
{
	const struct source_walk *walk = run->memory;
	enum extauth_err err = okta_append_path(
	    url, "groups", walk->groups[walk->group_at].id, "users");

	return err == EXTAUTH_OK
	    ? source_walk_size(run, "limit", MEMBERS_MOST, url)
	    : err;
}

static enum extauth_err
okta_ask_email(const struct source_run *run, struct buffer *url)
{
	cleanup_buffer struct buffer match = buffer_make(FILTER_MAX_BYTES);
	enum extauth_err err = okta_append_path(url, "users", NULL, NULL);

	if (err == EXTAUTH_OK)
		err = source_walk_size(run, "limit", USERS_MOST, url);
	if (err == EXTAUTH_OK)
		err = buffer_append_text(&match, "profile.email eq ");
	if (err == EXTAUTH_OK)
		err = source_walk_quote(&match, run->job->email);
	return err == EXTAUTH_OK
	    ? source_walk_narrow(run, "search", buffer_text(&match), url)
	    : err;
}

/* By his login, which is at once right; then by his e-mail, which a search may
 * not know yet. A configured filter can be asked in a search only. */
static enum extauth_err
okta_ask_one(const struct source_run *run, struct source_ask *ask)
{
	const struct source_walk *walk = run->memory;
	unsigned attempt =
	    walk->attempt + (*run->source->filter != '\0' ? 1 : 0);

	if (attempt == 1)
		return okta_ask_email(run, &ask->url);
	ask->is_none = attempt > 1;
	ask->is_single = true;
	ask->takes_refusal = true;
	return okta_append_path(&ask->url, "users", run->job->email, NULL);
}

static enum extauth_err
okta_ask_memberships(const struct source_run *run, struct buffer *url)
{
	const struct source_walk *walk = run->memory;
	enum extauth_err err =
	    okta_append_path(url, "users", walk->own_id, "groups");

	return err == EXTAUTH_OK
	    ? source_walk_size(run, "limit", USERS_MOST, url)
	    : err;
}

static enum extauth_err
okta_ask(const struct source_run *run, enum source_walk_list list,
    struct source_ask *ask)
{
	switch (list) {
	case WALK_USERS:
		return okta_ask_users(run, &ask->url);
	case WALK_GROUPS:
		return okta_ask_groups(run, &ask->url);
	case WALK_MEMBERS:
		return okta_ask_members(run, &ask->url);
	case WALK_ONE:
		return okta_ask_one(run, ask);
	case WALK_MEMBERSHIPS:
		return okta_ask_memberships(run, &ask->url);
	case WALK_AFTER:
	case WALK_TELL_ONE:
	case WALK_LISTS:
		break;
	}
	ask->is_none = true;
	return EXTAUTH_OK;
}

static enum extauth_err
okta_judge(struct source_run *run, const struct json *element,
    struct sync_user *user, enum source_fate *ret_fate)
{
	struct okta_memory *memory = run->memory;
	const char *status = json_string(element, "/status");
	const char *updated = json_string(element, "/lastUpdated");
	int64_t updated_s;

	(void)user;
	if (updated != NULL && okta_time_read(updated, &updated_s) &&
	    updated_s > memory->newest_s)
		memory->newest_s = updated_s;
	if (status != NULL && strcmp(status, "DEPROVISIONED") == 0)
		*ret_fate = WALK_GONE;
	return EXTAUTH_OK;
}

/* Who leaves what a filter finds, or comes into one of only_groups, need not
 * have been changed himself. */
static bool
okta_may_keep_state(const struct source_run *run)
{
	return *run->source->filter == '\0' &&
	    run->source->only_groups.count == 0;
}

static enum extauth_err
okta_end(const struct source_run *run, struct source_step *ret_step)
{
	const struct okta_memory *memory = run->memory;
	bool is_changes = memory->walk.is_changes;
	int64_t newest_s = memory->newest_s < memory->started_s
	    ? memory->newest_s
	    : memory->started_s;
	cleanup_buffer struct buffer state = buffer_make(SYNC_STATE_MAX_BYTES);
	enum extauth_err err = EXTAUTH_OK;

	if (okta_may_keep_state(run) && memory->newest_s > 0)
		err = source_state_begin_dated(run, KIND,
		    is_changes ? memory->whole_s : memory->started_s, &state);
	if (err == EXTAUTH_OK && state.length > 0)
		err = buffer_append_format(&state, "%" PRId64, newest_s);
	return err == EXTAUTH_OK
	    ? source_step_end(ret_step,
		  is_changes ? SYNC_CHANGES : SYNC_COMPLETE,
		  buffer_text(&state))
	    : err;
}

static const struct source_dialect okta_dialect = {
    .next = NULL,
    .group_names = {"/profile/name", ""},
    .lists =
	{
	    [WALK_USERS] = "",
	    [WALK_AFTER] = "",
	    [WALK_GROUPS] = "",
	    [WALK_MEMBERS] = "",
	    [WALK_ONE] = "",
	    [WALK_MEMBERSHIPS] = "",
	    [WALK_TELL_ONE] = "",
	},
    .ask = okta_ask,
    .judge = okta_judge,
    .end = okta_end,
};

/* Reads the state of the last reading, if it is of any use. */
static void
okta_take_state(struct source_run *run)
{
	struct okta_memory *memory = run->memory;
	const char *rest =
	    source_state_lend_dated(run, KIND, WHOLE_AGE_S, &memory->whole_s);
	int64_t newest_s;

	memory->started_s = run->login->now_s;
	if (*run->job->email != '\0' || rest == NULL ||
	    !okta_may_keep_state(run) ||
	    !okta_time_read_seconds(rest, &newest_s))
		return;
	memory->newest_s = newest_s;
	memory->walk.is_changes = true;
}

static enum extauth_err
okta_start(struct source_run *run, struct source_step *ret_step,
    struct extauth_error *error)
{
	okta_take_state(run);
	return source_walk_start(run, &okta_dialect, ret_step, error);
}

static enum extauth_err
okta_next(struct source_run *run, const struct event *event,
    struct source_step *ret_step, struct extauth_error *error)
{
	return source_walk_next(run, &okta_dialect, event, ret_step, error);
}

static void
okta_forget(void *memory)
{
	struct okta_memory *one = memory;

	source_walk_clear(&one->walk);
}

const struct source source_okta = {
    .name = "okta",
    .memory_bytes = sizeof(struct okta_memory),
    .forget = okta_forget,
    .start = okta_start,
    .next = okta_next,
};
