/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "source_walk_internal.h"

static const char *const walk_names[WALK_LISTS] = {
    [WALK_USERS] = "users",
    [WALK_AFTER] = "changed users",
    [WALK_GROUPS] = "groups",
    [WALK_MEMBERS] = "members of a group",
    [WALK_ONE] = "users of that e-mail",
    [WALK_MEMBERSHIPS] = "groups of the user",
    [WALK_TELL_ONE] = "",
};

enum extauth_err
walk_ask_page(struct walk_move *move, const char *url)
{
	struct source_walk *walk = walk_of(move);
	enum extauth_err err = source_fetch_begin(
	    move->run, &walk->fetch, url, move->step, move->error);

	move->has_step = err == EXTAUTH_OK;
	return err;
}

static enum extauth_err
walk_make_ask(struct walk_move *move, struct source_ask *ask)
{
	struct source_walk *walk = walk_of(move);
	enum extauth_err err;

	err = source_url_base(move->run, &ask->url, move->error);
	if (err == EXTAUTH_OK)
		err = move->dialect->ask(move->run, walk->list, ask);
	if (err == EXTAUTH_TOOBIG || err == EXTAUTH_INVALID)
		return error_set(move->error, EXTAUTH_INVALID,
		    "%s: their URL cannot be made", walk->fetch.what);
	return err;
}

/* Begins a list; no step where there is nothing to ask for. */
enum extauth_err
walk_open(struct walk_move *move, enum source_walk_list list)
{
	struct source_walk *walk = walk_of(move);
	struct source_ask ask = {.url = buffer_make(SOURCE_URL_MAX_BYTES)};
	bool ignored;
	enum extauth_err err;

	walk_leave_list(walk);
	walk->list = list;
	walk->fetch.what = walk_names[list];
	walk->fetch.page = 0;
	err = walk_make_ask(move, &ask);
	if (err == EXTAUTH_OK && !ask.is_none) {
		walk->is_single = ask.is_single;
		walk->fetch.more_header = ask.more_header;
		walk->fetch.takes_refusal = ask.takes_refusal;
		err = source_seen_add(
		    &walk->links, buffer_text(&ask.url), &ignored);
		if (err == EXTAUTH_OK)
			err = walk_ask_page(move, buffer_text(&ask.url));
	}
	buffer_clear(&ask.url);
	return err;
}

enum extauth_err
walk_end(struct walk_move *move)
{
	move->has_step = true;
	return *move->run->job->email != '\0'
	    ? source_step_end(move->step, SYNC_ONE, NULL)
	    : move->dialect->end(move->run, move->step);
}

enum extauth_err
walk_open_members(struct walk_move *move)
{
	struct source_walk *walk = walk_of(move);

	if (walk->group_at >= walk->group_count)
		return walk_end(move);
	walk->is_group_told = false;
	return walk_open(move, WALK_MEMBERS);
}

enum extauth_err
walk_open_groups(struct walk_move *move)
{
	if (!config_source_has_groups(move->run->config, move->run->source))
		return walk_end(move);
	return walk_open(move, WALK_GROUPS);
}

enum extauth_err
walk_open_attempt(struct walk_move *move)
{
	enum extauth_err err = walk_open(move, WALK_ONE);

	return err == EXTAUTH_OK && !move->has_step ? walk_end(move) : err;
}

enum extauth_err
walk_open_anew(struct walk_move *move)
{
	move->dialect->anew(move->run);
	return walk_open(move, WALK_USERS);
}
