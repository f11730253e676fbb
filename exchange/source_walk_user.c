/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "identity.h"
#include "source_walk_internal.h"

enum extauth_err
walk_tell_user(struct walk_move *move)
{
	source_step_user(move->step, &walk_of(move)->entry.user);
	move->has_step = true;
	return EXTAUTH_OK;
}

void
source_walk_set_gone(struct sync_user *user)
{
	struct sync_user gone = {.is_gone = true};

	memcpy(gone.id, user->id, sizeof(gone.id));
	sync_user_clear(user);
	*user = gone;
}

/* Who is named twice among the changes may have changed twice. */
static bool
walk_takes_twice(const struct walk_move *move)
{
	return walk_of(move)->is_changes && move->dialect->after != NULL;
}

/* Reads the element that comes next; `*ret_fate` is GONE for one who is
 * skipped. */
static enum extauth_err
walk_read_user(struct walk_move *move, enum source_fate *ret_fate)
{
	struct source_walk *walk = walk_of(move);
	size_t at = walk->at++;
	struct json element = json_element(&walk->elements, at);
	char id[IDENTITY_TEXT_MAX_BYTES + 1];
	bool is_new;
	enum extauth_err err;

	*ret_fate = WALK_KEEP;
	(void)json_copy_id(
	    &element, move->run->source->user_id, id, sizeof(id));
	err = walk_note_id(walk, id, &is_new);
	if (*id != '\0' && !is_new)
		walk->repeated++;
	if (err != EXTAUTH_OK || *id == '\0' ||
	    (!is_new && !walk_takes_twice(move)))
		return err;
	source_entry_clear(&walk->entry);
	err =
	    source_entry_read(move->run, &walk->elements, "", at, &walk->entry);
	if (err != EXTAUTH_OK)
		return err;
	memcpy(walk->entry.user.id, id, sizeof(id));
	(void)json_copy_id(&element, "/id", walk->own_id, sizeof(walk->own_id));
	*ret_fate =
	    walk->entry.kind == SOURCE_ENTRY_NOBODY ? WALK_GONE : WALK_TELL;
	return move->dialect->judge != NULL
	    ? move->dialect->judge(
		  move->run, &element, &walk->entry.user, ret_fate)
	    : EXTAUTH_OK;
}

enum extauth_err
walk_move_users(struct walk_move *move)
{
	struct source_walk *walk = walk_of(move);
	enum source_fate fate;
	enum extauth_err err = walk_read_user(move, &fate);

	if (err != EXTAUTH_OK)
		return err;
	switch (fate) {
	case WALK_TELL:
		return walk_tell_user(move);
	case WALK_GONE:
		if (!walk->is_changes)
			break;
		source_walk_set_gone(&walk->entry.user);
		return walk_tell_user(move);
	case WALK_ANEW:
		return walk_open_anew(move);
	case WALK_KEEP:
		break;
	}
	return EXTAUTH_OK;
}

/* What a server says of its filter is not believed. */
enum extauth_err
walk_move_one(struct walk_move *move)
{
	struct source_walk *walk = walk_of(move);
	enum source_fate fate;
	enum extauth_err err = walk_read_user(move, &fate);

	if (err != EXTAUTH_OK || fate != WALK_TELL ||
	    !identity_equal(walk->entry.user.email, move->run->job->email))
		return err;
	if (config_source_has_groups(move->run->config, move->run->source))
		return walk_open(move, WALK_MEMBERSHIPS);
	walk->list = WALK_TELL_ONE;
	return walk_tell_user(move);
}
