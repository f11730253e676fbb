/* SPDX-License-Identifier: MIT */
#include "source_entra.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "origin.h"
#include "source_entra_internal.h"
#include "source_state.h"

#define KIND 'e'
/* Graph itself keeps what changed for about as long. */
#define WHOLE_AGE_S 604800

/* The link is on the last page alone. */
static enum extauth_err
entra_turn(struct source_run *run, const struct json *page)
{
	struct entra_memory *memory = run->memory;
	const char *link = json_string(page, "/@odata.deltaLink");
	char *copy = NULL;

	if (link != NULL) {
		copy = strdup(link);
		if (copy == NULL)
			return EXTAUTH_NOMEM;
	}
	free(memory->delta_link);
	memory->delta_link = copy;
	return EXTAUTH_OK;
}

static enum extauth_err
entra_judge(struct source_run *run, const struct json *element,
    struct sync_user *user, enum source_fate *ret_fate)
{
	const struct source_walk *walk = run->memory;
	bool has_room;
	enum extauth_err err;

	entra_mend_email(element, user);
	if (json_has(element, "/@removed"))
		*ret_fate = WALK_GONE;
	if (!walk->is_changes || *ret_fate == WALK_ANEW)
		return EXTAUTH_OK;
	err = entra_keep_change(
	    run, element, user, *ret_fate == WALK_GONE, &has_room);
	*ret_fate = has_room ? WALK_KEEP : WALK_ANEW;
	return err;
}

static void
entra_anew(struct source_run *run)
{
	struct entra_memory *memory = run->memory;

	entra_clear_changes(memory);
	free(memory->delta_link);
	memory->delta_link = NULL;
	memory->walk.is_changes = false;
	memory->walk.repeated = 0;
}

/* Who was named twice while all was read may have been changed in between, and
 * what stood there first was told: then all is to be read once more. */
static bool
entra_may_keep_state(const struct source_run *run)
{
	const struct entra_memory *memory = run->memory;

	return memory->delta_link != NULL && entra_has_delta(run) &&
	    (memory->walk.is_changes || memory->walk.repeated == 0) &&
	    origin_is_same(
		config_provider_base(&run->source->access), memory->delta_link);
}

static enum extauth_err
entra_end(const struct source_run *run, struct source_step *ret_step)
{
	const struct entra_memory *memory = run->memory;
	bool is_changes = memory->walk.is_changes;
	enum sync_end_kind kind = is_changes ? SYNC_CHANGES : SYNC_COMPLETE;
	cleanup_buffer struct buffer state = buffer_make(SYNC_STATE_MAX_BYTES);
	enum extauth_err err;

	if (!entra_may_keep_state(run))
		return source_step_end(ret_step, kind, NULL);
	err = source_state_begin_dated(run, KIND,
	    is_changes ? memory->whole_s : memory->started_s, &state);
	if (err == EXTAUTH_OK)
		err = buffer_append_text(&state, memory->delta_link);
	if (err == EXTAUTH_TOOBIG)
		return source_step_end(ret_step, kind, NULL);
	return err == EXTAUTH_OK
	    ? source_step_end(ret_step, kind, buffer_text(&state))
	    : err;
}

static const struct source_dialect entra_dialect = {
    .next = "/@odata.nextLink",
    .total = "/@odata.count",
    .group_names = {"/displayName", ""},
    .lists =
	{
	    [WALK_USERS] = "/value",
	    [WALK_AFTER] = "",
	    [WALK_GROUPS] = "/value",
	    [WALK_MEMBERS] = "/value",
	    [WALK_ONE] = "/value",
	    [WALK_MEMBERSHIPS] = "/value",
	    [WALK_TELL_ONE] = "",
	},
    .ask = entra_ask,
    .turn = entra_turn,
    .judge = entra_judge,
    .anew = entra_anew,
    .after = entra_after,
    .end = entra_end,
};

static void
entra_print_prefer(const struct source_run *run)
{
	struct entra_memory *memory = run->memory;
	uint32_t size = run->source->page_size;

	if (size == 0 || size > ENTRA_TOP_MOST)
		size = ENTRA_TOP_MOST;
	(void)snprintf(memory->prefer, sizeof(memory->prefer),
	    "Prefer: odata.maxpagesize=%" PRIu32, size);
}

/* Reads the state of the last reading, if it is of any use. */
static enum extauth_err
entra_take_state(struct source_run *run)
{
	struct entra_memory *memory = run->memory;
	const char *link;

	memory->started_s = run->login->now_s;
	link =
	    source_state_lend_dated(run, KIND, WHOLE_AGE_S, &memory->whole_s);
	if (link == NULL || !entra_has_delta(run) ||
	    !origin_is_same(config_provider_base(&run->source->access), link))
		return EXTAUTH_OK;
	memory->delta_link = strdup(link);
	memory->walk.is_changes = memory->delta_link != NULL;
	return memory->delta_link != NULL ? EXTAUTH_OK : EXTAUTH_NOMEM;
}

static enum extauth_err
entra_start(struct source_run *run, struct source_step *ret_step,
    struct extauth_error *error)
{
	enum extauth_err err = EXTAUTH_OK;

	entra_print_prefer(run);
	if (*run->job->email == '\0')
		err = entra_take_state(run);
	return err == EXTAUTH_OK
	    ? source_walk_start(run, &entra_dialect, ret_step, error)
	    : err;
}

static enum extauth_err
entra_next(struct source_run *run, const struct event *event,
    struct source_step *ret_step, struct extauth_error *error)
{
	return source_walk_next(run, &entra_dialect, event, ret_step, error);
}

static void
entra_forget(void *memory)
{
	struct entra_memory *one = memory;

	entra_clear_changes(one);
	free(one->delta_link);
	source_walk_clear(&one->walk);
}

const struct source source_entra = {
    .name = "entra",
    .memory_bytes = sizeof(struct entra_memory),
    .forget = entra_forget,
    .start = entra_start,
    .next = entra_next,
};
