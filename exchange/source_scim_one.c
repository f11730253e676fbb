/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "identity.h"
#include "source_scim_internal.h"

#define LENGTH(rows) (sizeof(rows) / sizeof((rows)[0]))
/* How many groups of one person are asked which groups they are in. */
#define NESTED_MAX 1000

/* A user name is an e-mail address with many servers, and what all of them can
 * look for. The others are two ways to say the same. */
static const char *const one_ways[] = {
    "userName eq \"%\"",
    "emails.value eq \"%\"",
    "emails[value eq \"%\"]",
};

bool
scim_one_is_asked(const struct source_run *run, const struct sync_user *user)
{
	return identity_equal(user->email, run->job->email);
}

enum extauth_err
scim_one_ask(struct source_run *run, struct source_step *ret_step,
    struct extauth_error *error)
{
	struct scim_memory *memory = run->memory;
	enum extauth_err err = scim_paging_begin(run, false, true);

	run->state = SCIM_ONE;
	if (err == EXTAUTH_OK)
		err = scim_url_filter(&memory->paging.filter,
		    one_ways[memory->way], run->job->email,
		    run->source->filter);
	return err == EXTAUTH_OK ? scim_url_ask(run, ret_step, error) : err;
}

static enum extauth_err
one_tell(struct source_run *run, struct source_step *ret_step)
{
	struct scim_memory *memory = run->memory;

	run->state = SCIM_DONE;
	source_step_user(ret_step, &memory->entry.user);
	return EXTAUTH_OK;
}

/* Groups that have `id` as a member; "": all. */
static enum extauth_err
one_ask_groups(struct source_run *run, const char *id,
    struct source_step *ret_step, struct extauth_error *error)
{
	struct scim_memory *memory = run->memory;
	enum extauth_err err;

	run->state = SCIM_ONE_GROUPS;
	memory->wants_members = true;
	err = scim_paging_begin(run, true, *id != '\0');
	if (err == EXTAUTH_OK && *id != '\0')
		err = scim_url_filter(
		    &memory->paging.filter, "members.value eq \"%\"", id, "");
	return err == EXTAUTH_OK ? scim_url_ask(run, ret_step, error) : err;
}

enum extauth_err
scim_one_found(struct source_run *run, struct source_step *ret_step,
    struct extauth_error *error)
{
	struct scim_memory *memory = run->memory;
	const struct source_entry *entry = &memory->entry;

	if (!config_source_has_groups(run->config, run->source) ||
	    (entry->has_groups && !entry->has_nameless_group))
		return one_tell(run, ret_step);
	if (!scim_group_knows_users(run, ret_step))
		return EXTAUTH_OK;
	return one_ask_groups(run, entry->user.id, ret_step, error);
}

/* Some servers answer a filter that they do not know as if nobody fitted: whose
 * group is not found by it is looked for in all. */
static enum extauth_err
one_end_groups(struct source_run *run, struct source_step *ret_step,
    struct extauth_error *error)
{
	struct scim_memory *memory = run->memory;
	struct scim_groups *groups = &memory->groups;
	enum extauth_err err;

	if (memory->paging.is_look_up && groups->count == 0)
		return one_ask_groups(run, "", ret_step, error);
	if (memory->paging.is_look_up && groups->telling < groups->count &&
	    groups->telling < NESTED_MAX)
		return one_ask_groups(
		    run, groups->items[groups->telling++].id, ret_step, error);
	scim_group_sort(groups);
	err = scim_member_fill(memory);
	return err == EXTAUTH_OK ? one_tell(run, ret_step) : err;
}

static enum extauth_err
one_end_users(struct source_run *run, unsigned status,
    struct source_step *ret_step, struct extauth_error *error)
{
	struct scim_memory *memory = run->memory;

	if (memory->way + 1 < LENGTH(one_ways)) {
		memory->way++;
		return scim_one_ask(run, ret_step, error);
	}
	if (memory->has_way)
		return source_step_end(ret_step, SYNC_ONE, NULL);
	source_step_fail(ret_step, true, status,
	    "the directory refuses to be asked for an e-mail address, and its "
	    "user names are none: sync all of it");
	return EXTAUTH_OK;
}

enum extauth_err
scim_one_end(struct source_run *run, struct source_step *ret_step,
    struct extauth_error *error)
{
	struct scim_memory *memory = run->memory;

	if (run->state == SCIM_ONE_GROUPS)
		return one_end_groups(run, ret_step, error);
	memory->has_way |= memory->way > 0;
	return one_end_users(run, 200, ret_step, error);
}

enum extauth_err
scim_one_refused(struct source_run *run, const struct answer *answer,
    struct source_step *ret_step, struct extauth_error *error)
{
	if (run->state == SCIM_ONE_GROUPS)
		return one_ask_groups(run, "", ret_step, error);
	return one_end_users(run, answer->status, ret_step, error);
}
