/* SPDX-License-Identifier: MIT */
#include "source_scim.h"

#include <stdio.h>

#include "source_scim_internal.h"

#define REASON_BYTES 128

static enum extauth_err
scim_ask_groups(struct source_run *run, struct source_step *ret_step,
    struct extauth_error *error)
{
	enum extauth_err err = scim_paging_begin(run, true, false);

	run->state = SCIM_GROUPS;
	return err == EXTAUTH_OK ? scim_url_ask(run, ret_step, error) : err;
}

/* Groups are asked for where users name none, or by their ids alone; and where
 * the directory has POSIX numbers, for theirs. */
static enum extauth_err
scim_end_users(struct source_run *run, struct source_step *ret_step,
    struct extauth_error *error)
{
	struct scim_memory *memory = run->memory;
	bool has_gids = memory->has_uids && *run->source->group_gid != '\0';

	memory->wants_members =
	    !memory->has_user_groups || memory->has_nameless_group;
	if (!config_source_has_groups(run->config, run->source) ||
	    (!memory->wants_members && !has_gids))
		return source_step_end(ret_step, SYNC_COMPLETE, NULL);
	if (memory->wants_members && !scim_group_knows_users(run, ret_step))
		return EXTAUTH_OK;
	return scim_ask_groups(run, ret_step, error);
}

static enum extauth_err
scim_end_groups(struct source_run *run, struct source_step *ret_step)
{
	struct scim_memory *memory = run->memory;

	run->state = SCIM_TELLING;
	scim_group_sort(&memory->groups);
	return scim_group_tell(run, ret_step);
}

static void
scim_fail_stuck(const struct scim_memory *memory, struct source_step *ret_step)
{
	char reason[REASON_BYTES];

	if (scim_tally_has_total(&memory->tally))
		(void)snprintf(reason, sizeof(reason),
		    "the server gives %zu of %lld, and no page with others",
		    memory->tally.ids.count + memory->tally.nameless,
		    (long long)memory->tally.total);
	else
		(void)snprintf(reason, sizeof(reason),
		    "the server gives the same page again and does not say "
		    "that it is all");
	source_fetch_reject(&memory->fetch, reason, ret_step);
}

static enum extauth_err
scim_end_list(struct source_run *run, struct source_step *ret_step,
    struct extauth_error *error)
{
	struct scim_memory *memory = run->memory;
	enum extauth_err err;

	if (memory->paging.is_look_up)
		return scim_one_end(run, ret_step, error);
	switch (scim_tally_judge(&memory->tally)) {
	case SCIM_COMPLETE:
		break;
	case SCIM_AGAIN:
		err = scim_page_restart(memory);
		return err == EXTAUTH_OK ? scim_url_ask(run, ret_step, error)
					 : err;
	case SCIM_CHANGED:
		source_fetch_reject(&memory->fetch,
		    "the directory changed while it was read", ret_step);
		return EXTAUTH_OK;
	case SCIM_STUCK:
		scim_fail_stuck(memory, ret_step);
		return EXTAUTH_OK;
	}
	if (run->state == SCIM_USERS)
		return scim_end_users(run, ret_step, error);
	if (run->state == SCIM_GROUPS)
		return scim_end_groups(run, ret_step);
	return scim_one_end(run, ret_step, error);
}

/* `*ret_is_told` is written where the entry is to be told. */
static enum extauth_err
scim_take_user(struct source_run *run, size_t at, bool *ret_is_told)
{
	struct scim_memory *memory = run->memory;
	struct source_entry *entry = &memory->entry;
	enum extauth_err err;

	source_entry_clear(entry);
	err = source_entry_read(run, &memory->list, "", at, entry);
	if (err != EXTAUTH_OK || entry->kind != SOURCE_ENTRY_USER)
		return err;
	memory->has_user_groups |= entry->has_groups;
	memory->has_nameless_group |= entry->has_nameless_group;
	memory->has_uids |= entry->user.has_uid;
	*ret_is_told =
	    run->state == SCIM_USERS || scim_one_is_asked(run, &entry->user);
	return EXTAUTH_OK;
}

static enum extauth_err
scim_take_element(struct source_run *run, bool *ret_is_told)
{
	struct scim_memory *memory = run->memory;
	bool are_users = run->state == SCIM_USERS || run->state == SCIM_ONE;
	size_t at = memory->at++;
	struct json element = json_element(&memory->list, at);
	char id[SCIM_TEXT_BYTES];
	bool is_first = false;
	enum extauth_err err;

	(void)json_copy_id(
	    &element, are_users ? run->source->user_id : "/id", id, sizeof(id));
	err = scim_paging_meet(memory, id, &is_first);
	if (err != EXTAUTH_OK || !is_first)
		return err;
	return are_users
	    ? scim_take_user(run, at, ret_is_told)
	    : scim_group_take(run, &element, memory->wants_members);
}

static enum extauth_err
scim_end_page(struct source_run *run, struct source_step *ret_step,
    struct extauth_error *error)
{
	struct scim_memory *memory = run->memory;
	bool is_more = false;
	enum extauth_err err = scim_paging_go_on(run, &is_more);

	json_clear(&memory->page);
	memory->list = (struct json){0};
	if (err != EXTAUTH_OK)
		return err;
	return is_more ? scim_url_ask(run, ret_step, error)
		       : scim_end_list(run, ret_step, error);
}

static enum extauth_err
scim_read_page(struct source_run *run, struct source_step *ret_step,
    struct extauth_error *error)
{
	struct scim_memory *memory = run->memory;
	size_t length = json_length(&memory->list, "");

	while (memory->at < length) {
		bool is_told = false;
		enum extauth_err err = scim_take_element(run, &is_told);

		if (err != EXTAUTH_OK)
			return err;
		if (is_told && run->state == SCIM_ONE)
			return scim_one_found(run, ret_step, error);
		if (is_told) {
			source_step_user(ret_step, &memory->entry.user);
			return EXTAUTH_OK;
		}
	}
	return scim_end_page(run, ret_step, error);
}

static enum extauth_err
scim_go_on(struct source_run *run, struct source_step *ret_step,
    struct extauth_error *error)
{
	struct scim_memory *memory = run->memory;

	if (run->state == SCIM_TELLING)
		return scim_group_tell(run, ret_step);
	if (run->state == SCIM_DONE)
		return source_step_end(ret_step, SYNC_ONE, NULL);
	if (run->state == SCIM_USERS && !memory->has_told_total &&
	    memory->tally.total > 0) {
		memory->has_told_total = true;
		source_step_total(ret_step, (uint32_t)memory->tally.total);
		return EXTAUTH_OK;
	}
	return scim_read_page(run, ret_step, error);
}

static enum extauth_err
scim_start(struct source_run *run, struct source_step *ret_step,
    struct extauth_error *error)
{
	struct scim_memory *memory = run->memory;
	enum extauth_err err;

	if (run->job->email[0] != '\0')
		return scim_one_ask(run, ret_step, error);
	run->state = SCIM_USERS;
	err = scim_paging_begin(run, false, false);
	if (err == EXTAUTH_OK)
		err = buffer_append_text(
		    &memory->paging.filter, run->source->filter);
	return err == EXTAUTH_OK ? scim_url_ask(run, ret_step, error) : err;
}

static enum extauth_err
scim_next(struct source_run *run, const struct event *event,
    struct source_step *ret_step, struct extauth_error *error)
{
	struct scim_memory *memory = run->memory;
	cleanup_answer struct answer answer = {0};
	bool is_page = false;
	enum extauth_err err;

	if (!memory->fetch.is_under_way)
		return scim_go_on(run, ret_step, error);
	err = source_fetch_take(run, &memory->fetch, event, &answer, ret_step);
	if (err != EXTAUTH_OK || answer.response == NULL)
		return err;
	err = scim_page_take(run, &answer, &is_page, ret_step, error);
	return err == EXTAUTH_OK && is_page ? scim_go_on(run, ret_step, error)
					    : err;
}

static void
scim_forget(void *memory)
{
	struct scim_memory *it = memory;

	source_fetch_clear(&it->fetch);
	scim_paging_clear(&it->paging);
	scim_tally_clear(&it->tally);
	json_clear(&it->page);
	source_entry_clear(&it->entry);
	sync_group_clear(&it->group);
	scim_group_clear(&it->groups);
}

const struct source source_scim = {
    .name = "scim",
    .memory_bytes = sizeof(struct scim_memory),
    .forget = scim_forget,
    .start = scim_start,
    .next = scim_next,
};
