/* SPDX-License-Identifier: MIT */
/* What the parts of source_walk share.
 * Does not know: directories. */
#ifndef EXTAUTH_SOURCE_WALK_INTERNAL_H
#define EXTAUTH_SOURCE_WALK_INTERNAL_H

#include "source_walk.h"

/* What the functions of one call need. */
struct walk_move {
	struct source_run *run;
	const struct source_dialect *dialect;
	struct source_step *step;
	bool has_step;
	struct extauth_error *error;
};

static inline struct source_walk *
walk_of(const struct walk_move *move)
{
	return move->run->memory;
}

/* Each makes `move->has_step` true where it gives one. The first begins a list;
 * no step where there is nothing to ask for. */
EXTAUTH_CHECKED enum extauth_err walk_open(
    struct walk_move *move, enum source_walk_list list);
EXTAUTH_CHECKED enum extauth_err walk_open_attempt(struct walk_move *move);
EXTAUTH_CHECKED enum extauth_err walk_open_groups(struct walk_move *move);
EXTAUTH_CHECKED enum extauth_err walk_open_members(struct walk_move *move);
EXTAUTH_CHECKED enum extauth_err walk_open_anew(struct walk_move *move);
EXTAUTH_CHECKED enum extauth_err walk_ask_page(
    struct walk_move *move, const char *url);
EXTAUTH_CHECKED enum extauth_err walk_end(struct walk_move *move);

/* Each takes the element that comes next; the last tells the user that was read
 * last. */
EXTAUTH_CHECKED enum extauth_err walk_move_users(struct walk_move *move);
EXTAUTH_CHECKED enum extauth_err walk_move_one(struct walk_move *move);
EXTAUTH_CHECKED enum extauth_err walk_tell_user(struct walk_move *move);

/* Takes the answer to a page: `*ret_has_step` where it is a failure. */
EXTAUTH_CHECKED enum extauth_err walk_take_page(struct source_walk *walk,
    const struct source_dialect *dialect, struct answer *answer,
    struct source_step *ret_step, bool *ret_has_step);

/* Forgets the page and what was met of the list before. */
void walk_leave_list(struct source_walk *walk);

/* Ends the reading: "page 2 of users: REASON". */
void walk_fail(const struct source_walk *walk, unsigned http_status,
    const char *reason, struct source_step *ret_step);

/* Notes the id of an element; false for one without, or met before.
 * EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err walk_note_id(
    struct source_walk *walk, const char *id, bool *ret_is_new);

/* Takes note of a group where it is wanted; of one that the person of the job
 * is in; fills a frame with members of groups[group_at] until the page is at
 * its end or the frame is full, and tells it. EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err walk_note_group(const struct source_run *run,
    const struct source_dialect *dialect, const struct json *element);
EXTAUTH_CHECKED enum extauth_err walk_note_membership(
    const struct source_run *run, const struct source_dialect *dialect,
    const struct json *element);
EXTAUTH_CHECKED enum extauth_err walk_tell_members(
    const struct source_run *run, struct source_step *ret_step);

#endif
