/* SPDX-License-Identifier: MIT */
#include "source_walk.h"

#include <stdlib.h>

#include "source_walk_internal.h"

/* After so many pages with nobody new a list is at its end; after so many that
 * are empty, and lead on, it has none. */
#define BARREN_MAX 5
#define EMPTY_MAX 100

static enum extauth_err
walk_after(struct walk_move *move, const struct answer *answer)
{
	enum extauth_err err = EXTAUTH_OK;

	if (move->dialect->after != NULL)
		err = move->dialect->after(move->run, answer, move->step,
		    &move->has_step, move->error);
	return err == EXTAUTH_OK && !move->has_step ? walk_open_groups(move)
						    : err;
}

/* The list is at its end. */
static enum extauth_err
walk_close(struct walk_move *move)
{
	struct source_walk *walk = walk_of(move);

	switch (walk->list) {
	case WALK_USERS:
		walk->list = WALK_AFTER;
		walk->fetch.what = "changed users";
		walk->fetch.page = 0;
		return walk_after(move, NULL);
	case WALK_AFTER:
		return walk_after(move, NULL);
	case WALK_GROUPS:
		return walk_open_members(move);
	case WALK_MEMBERS:
		walk->group_at++;
		return walk_open_members(move);
	case WALK_ONE:
		walk->attempt++;
		return walk_open_attempt(move);
	case WALK_MEMBERSHIPS:
		walk->list = WALK_TELL_ONE;
		return walk_tell_user(move);
	case WALK_TELL_ONE:
	case WALK_LISTS:
		break;
	}
	return walk_end(move);
}

static enum extauth_err
walk_give_up(struct walk_move *move, const char *reason)
{
	walk_fail(walk_of(move), 0, reason, move->step);
	move->has_step = true;
	return EXTAUTH_OK;
}

/* Fewer than announced may be all that are left meanwhile; but not where the
 * end is a page of nobody. */
static bool
walk_breaks_off(const struct source_walk *walk)
{
	return walk->list == WALK_USERS && walk->count == 0 &&
	    walk->seen.count < walk->total;
}

/* The page is at its end. A server that leads back, or on and on, has told all
 * that it has. */
static enum extauth_err
walk_turn_page(struct walk_move *move)
{
	struct source_walk *walk = walk_of(move);
	bool is_new = false;
	enum extauth_err err = EXTAUTH_OK;

	walk->barren = walk->has_new ? 0 : walk->barren + 1;
	if (walk->next != NULL &&
	    (walk->count == 0 || walk->barren < BARREN_MAX))
		err = source_seen_add(&walk->links, walk->next, &is_new);
	if (err != EXTAUTH_OK)
		return err;
	if (!is_new)
		return walk_breaks_off(walk)
		    ? walk_give_up(move, "it is empty, and no last page")
		    : walk_close(move);
	if (walk->barren >= EMPTY_MAX)
		return walk_give_up(move, "the list does not end");
	err = walk_ask_page(move, walk->next);
	return err == EXTAUTH_INVALID ? walk_give_up(move, move->error->text)
				      : err;
}

static enum extauth_err
walk_move_members(struct walk_move *move)
{
	struct source_walk *walk = walk_of(move);

	move->has_step = true;
	walk->is_group_told = true;
	return walk_tell_members(move->run, move->step);
}

static enum extauth_err
walk_move_note(struct walk_move *move)
{
	struct source_walk *walk = walk_of(move);
	struct json element = json_element(&walk->elements, walk->at++);

	return walk->list == WALK_GROUPS
	    ? walk_note_group(move->run, move->dialect, &element)
	    : walk_note_membership(move->run, move->dialect, &element);
}

static enum extauth_err
walk_go_on(struct walk_move *move)
{
	struct source_walk *walk = walk_of(move);
	bool is_page = walk->at < walk->count;

	switch (walk->list) {
	case WALK_USERS:
		return is_page ? walk_move_users(move) : walk_turn_page(move);
	case WALK_ONE:
		return is_page ? walk_move_one(move) : walk_turn_page(move);
	case WALK_MEMBERS:
		/* A group of nobody is told as well. */
		return is_page || !walk->is_group_told ? walk_move_members(move)
						       : walk_turn_page(move);
	case WALK_GROUPS:
	case WALK_MEMBERSHIPS:
		return is_page ? walk_move_note(move) : walk_turn_page(move);
	case WALK_AFTER:
	case WALK_TELL_ONE:
	case WALK_LISTS:
		break;
	}
	return walk_close(move);
}

/* Is not there, or not in this way. */
static enum extauth_err
walk_take_refusal(struct walk_move *move)
{
	return walk_of(move)->list == WALK_USERS ? walk_open_anew(move)
						 : walk_close(move);
}

static bool
walk_takes_total(const struct walk_move *move, struct source_walk *walk)
{
	int64_t total;

	if (walk->list != WALK_USERS || walk->fetch.page != 1 ||
	    walk->is_changes || move->dialect->total == NULL ||
	    !json_number(&walk->page, move->dialect->total, &total) ||
	    total > UINT32_MAX)
		return false;
	walk->total = (uint32_t)total;
	return true;
}

static enum extauth_err
walk_take_list(struct walk_move *move, struct answer *answer)
{
	struct source_walk *walk = walk_of(move);
	enum extauth_err err = walk_take_page(
	    walk, move->dialect, answer, move->step, &move->has_step);

	if (err != EXTAUTH_OK || move->has_step)
		return err;
	if (walk->list == WALK_USERS && move->dialect->turn != NULL)
		err = move->dialect->turn(move->run, &walk->page);
	if (err == EXTAUTH_OK && walk_takes_total(move, walk)) {
		source_step_total(move->step, walk->total);
		move->has_step = true;
	}
	return err;
}

static enum extauth_err
walk_take(struct walk_move *move, const struct event *event)
{
	struct source_walk *walk = walk_of(move);
	cleanup_answer struct answer answer = {0};
	enum extauth_err err;

	err = source_fetch_take(
	    move->run, &walk->fetch, event, &answer, move->step);
	if (err != EXTAUTH_OK)
		return err;
	if (answer.response == NULL) {
		move->has_step = true;
		return EXTAUTH_OK;
	}
	if (walk->list == WALK_AFTER)
		return walk_after(move, &answer);
	return answer.status == 200 ? walk_take_list(move, &answer)
				    : walk_take_refusal(move);
}

enum extauth_err
source_walk_start(struct source_run *run, const struct source_dialect *dialect,
    struct source_step *ret_step, struct extauth_error *error)
{
	struct walk_move move = {
	    .run = run, .dialect = dialect, .step = ret_step, .error = error};

	return *run->job->email != '\0' ? walk_open_attempt(&move)
					: walk_open(&move, WALK_USERS);
}

enum extauth_err
source_walk_next(struct source_run *run, const struct source_dialect *dialect,
    const struct event *event, struct source_step *ret_step,
    struct extauth_error *error)
{
	struct walk_move move = {
	    .run = run, .dialect = dialect, .step = ret_step, .error = error};
	const struct source_walk *walk = run->memory;
	enum extauth_err err = EXTAUTH_OK;

	if (walk->fetch.is_under_way)
		err = walk_take(&move, event);
	while (err == EXTAUTH_OK && !move.has_step)
		err = walk_go_on(&move);
	return err;
}

void
source_walk_clear(struct source_walk *walk)
{
	size_t at;

	source_fetch_clear(&walk->fetch);
	walk_leave_list(walk);
	source_entry_clear(&walk->entry);
	for (at = 0; at < walk->group_count; at++)
		sync_group_clear(&walk->groups[at]);
	free(walk->groups);
	*walk = (struct source_walk){0};
}
