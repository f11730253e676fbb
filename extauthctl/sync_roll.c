/* SPDX-License-Identifier: MIT */
#include "sync_roll.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registrar_group.h"
#include "sync_match.h"
#include "sync_view.h"
#include "translate.h"

/* A member who is not among the people may be registered: then he is in it. */
static bool
counts_as_member(const struct sync_plan *plan, const struct sync_person *person)
{
	if ((person->flags & SYNC_PERSON_TOLD) != 0)
		return sync_person_is_there(person);
	return plan->kind == SYNC_CHANGES &&
	    sync_match_by_id(plan, person->texts) != NULL;
}

static void
needed_find(struct sync_plan *plan)
{
	struct sync_people *people = plan->people;
	size_t i;

	for (i = 0; i < people->count; i++) {
		const struct sync_person *person = &people->persons[i];
		uint32_t link = person->first_link;

		if (link == 0 || !counts_as_member(plan, person))
			continue;
		for (; link != 0; link = people->links[link - 1].next)
			people->groups.locals[people->links[link - 1].local]
			    .is_needed = true;
	}
}

static enum extauth_err
group_remark(struct sync_plan *plan, struct sync_remarks *remarks,
    const struct sync_local *local, const char *text)
{
	char who[IDENTITY_TEXT_MAX_BYTES + 32];
	struct sync_remark remark = {.who = who, .id = "", .text = text};

	(void)snprintf(who, sizeof(who), _("group %s"), local->name);
	return sync_plan_remark(plan, remarks, &remark);
}

static enum extauth_err
group_note(struct sync_plan *plan, const struct sync_local *local)
{
	struct extauth_error text;
	uint32_t gid = local->gid != 0 ? local->gid : local->gid_outside;

	if (gid == 0 || gid == local->gid_here)
		return EXTAUTH_OK;
	(void)error_set(&text, EXTAUTH_EXISTS,
	    local->gid != 0 ? "gid %u is wanted; it has %u here"
			    : "gid %u is outside uid_range; it has %u here",
	    gid, local->gid_here);
	return group_remark(plan, &plan->notes, local, text.text);
}

static enum extauth_err
group_settle(struct sync_plan *plan, struct sync_local *local)
{
	struct extauth_error reason = {0};
	enum extauth_err err = EXTAUTH_OK;

	if (local->is_shared)
		err = error_set(&reason, EXTAUTH_EXISTS,
		    local->remote != NULL
			? "two groups of the directory would have this name"
			: "two groups of the directory have the name that is "
			  "its remote; an id tells which");
	if (err == EXTAUTH_OK)
		err = registrar_settle_group(plan->registrar, local->name,
		    local->gid, &local->gid_here, &reason);
	if (err == EXTAUTH_OK)
		return group_note(plan, local);
	if (err == EXTAUTH_NOMEM)
		return err;
	local->is_refused = true;
	return group_remark(plan, &plan->refusals, local,
	    reason.text[0] != '\0' ? reason.text : error_name(err));
}

/* A name that was mistyped would show nowhere else. */
static enum extauth_err
empty_groups_note(struct sync_plan *plan)
{
	struct sync_groups *groups = &plan->people->groups;
	enum extauth_err err = EXTAUTH_OK;
	size_t i;

	if (plan->kind != SYNC_COMPLETE || !plan->people->has_groups)
		return EXTAUTH_OK;
	for (i = 0; i < groups->config->group_count && err == EXTAUTH_OK; i++) {
		const struct config_group *section = &groups->config->groups[i];
		struct sync_local local = {.name = section->name};
		uint32_t at = sync_index_find(&groups->by_name, local.name);

		if (*section->source != '\0' &&
		    strcmp(section->source, groups->source->name) != 0)
			continue;
		if (at == SYNC_INDEX_NONE || !groups->locals[at].is_needed)
			err = group_remark(plan, &plan->notes, &local,
			    _("nobody is in it; is remote the name or id of a "
			      "group there?"));
	}
	return err;
}

static int
compare_locals(const void *one, const void *other)
{
	const struct sync_local *const *first = one;
	const struct sync_local *const *second = other;

	return strcmp((*first)->name, (*second)->name);
}

/* In the order of their names, so that hosts agree on a number that two groups
 * hash to. */
enum extauth_err
sync_roll_settle_groups(struct sync_plan *plan, struct extauth_error *error)
{
	struct sync_groups *groups = &plan->people->groups;
	cleanup_free struct sync_local **sorted = NULL;
	enum extauth_err err = EXTAUTH_OK;
	size_t i;

	needed_find(plan);
	sorted = calloc(groups->local_count + 1, sizeof(struct sync_local *));
	if (sorted == NULL)
		return error_set(
		    error, EXTAUTH_NOMEM, "%s", error_name(EXTAUTH_NOMEM));
	for (i = 0; i < groups->local_count; i++)
		sorted[i] = &groups->locals[i];
	qsort(sorted, groups->local_count, sizeof(struct sync_local *),
	    compare_locals);
	for (i = 0; i < groups->local_count && err == EXTAUTH_OK; i++)
		if (sorted[i]->is_needed)
			err = group_settle(plan, sorted[i]);
	if (err == EXTAUTH_OK)
		err = empty_groups_note(plan);
	return err;
}

static enum extauth_err
gone_add(struct sync_plan *plan, const struct registry_user *user)
{
	bool is_removed = plan->people->source->when_gone == CONFIG_GONE_REMOVE;
	struct sync_step step = {
	    .kind = is_removed ? SYNC_STEP_REMOVE : SYNC_STEP_CHANGE,
	    .person = SYNC_INDEX_NONE,
	    .uid = user->uid,
	    .changes = is_removed ? 0 : SYNC_CHANGE_DISABLE,
	    .name = user->name};

	if (!is_removed && user->is_disabled) {
		plan->unchanged++;
		return EXTAUTH_OK;
	}
	return sync_plan_add(plan, &step);
}

/* He was not told of, so that he is as he was but for his groups. */
static enum extauth_err
groups_alone_add(struct sync_plan *plan, const struct registry_user *user,
    const struct sync_person *person)
{
	struct sync_step step = {.kind = SYNC_STEP_CHANGE,
	    .person = SYNC_INDEX_NONE,
	    .uid = user->uid,
	    .name = user->name};
	struct sync_view view;

	sync_view_make(plan, person, &view);
	step.changes = sync_view_compare(&view, user);
	if (person != NULL)
		step.person = (uint32_t)(person - plan->people->persons);
	if (step.changes != 0)
		return sync_plan_add(plan, &step);
	plan->unchanged++;
	return EXTAUTH_OK;
}

static enum extauth_err
unchanged_add(struct sync_plan *plan, const struct registry_user *user,
    const struct sync_person *person)
{
	const struct sync_people *people = plan->people;

	if (person != NULL && (person->flags & SYNC_PERSON_TOLD) != 0)
		return gone_add(plan, user); /* or filtered */
	if (!people->has_groups) {
		plan->unchanged++;
		return EXTAUTH_OK;
	}
	if (people->source->only_groups.count > 0 &&
	    (person == NULL || !sync_person_is_in_only(people, person)))
		return gone_add(plan, user);
	return groups_alone_add(plan, user, person);
}

static const struct sync_person *
person_of(const struct sync_plan *plan, const struct registry_user *user)
{
	if (*user->external_id != '\0')
		return sync_people_find_id(plan->people, user->external_id);
	return sync_people_find_email(plan->people, user->email);
}

static int
compare_uids(const void *one, const void *other)
{
	uint32_t first;
	uint32_t second;

	memcpy(&first, one, sizeof(first));
	memcpy(&second, other, sizeof(second));
	return (first > second) - (first < second);
}

/* Those whose e-mail somebody else has now: they have their step. */
struct leavers {
	uint32_t *uids;
	size_t count;
};

static enum extauth_err
leavers_find(const struct sync_plan *plan, struct leavers *ret_leavers)
{
	size_t i;

	ret_leavers->uids = calloc(plan->count + 1, sizeof(uint32_t));
	if (ret_leavers->uids == NULL)
		return EXTAUTH_NOMEM;
	ret_leavers->count = 0;
	for (i = 0; i < plan->count; i++)
		if (plan->steps[i].kind == SYNC_STEP_REMOVE)
			ret_leavers->uids[ret_leavers->count++] =
			    plan->steps[i].uid;
	qsort(ret_leavers->uids, ret_leavers->count, sizeof(uint32_t),
	    compare_uids);
	return EXTAUTH_OK;
}

static bool
is_leaver(const struct leavers *leavers, uint32_t uid)
{
	return bsearch(&uid, leavers->uids, leavers->count, sizeof(uid),
		   compare_uids) != NULL;
}

static enum extauth_err
registered_call(struct sync_plan *plan, const struct leavers *leavers,
    const struct registry_user *user)
{
	const struct sync_person *person = person_of(plan, user);

	if (is_leaver(leavers, user->uid) ||
	    (person != NULL && sync_person_is_there(person)))
		return EXTAUTH_OK;
	if (plan->kind == SYNC_COMPLETE)
		return gone_add(plan, user);
	if (plan->kind == SYNC_CHANGES)
		return unchanged_add(plan, user, person);
	return EXTAUTH_OK;
}

/* A member of one of only_groups who was told of long ago, when he was in none
 * of them: what is to be registered of him is not known. */
static void
strangers_find(struct sync_plan *plan)
{
	const struct sync_people *people = plan->people;
	size_t i;

	if (plan->kind != SYNC_CHANGES ||
	    people->source->only_groups.count == 0)
		return;
	for (i = 0; i < people->count && !plan->needs_all; i++) {
		const struct sync_person *person = &people->persons[i];

		plan->needs_all = (person->flags & SYNC_PERSON_TOLD) == 0 &&
		    sync_person_is_in_only(people, person) &&
		    sync_match_by_id(plan, person->texts) == NULL;
	}
}

/* What is lost is counted by the steps; of how many, by all who are enabled,
 * and by those who are to be removed though they are not. */
static void
losses_count(struct sync_plan *plan, size_t enabled)
{
	const struct registry_contents *contents =
	    &plan->registrar->change.contents;
	size_t i;

	plan->at_stake = enabled;
	for (i = 0; i < plan->count; i++) {
		const struct sync_step *step = &plan->steps[i];
		const struct registry_user *user;

		if (step->kind == SYNC_STEP_ADD)
			continue;
		if (step->kind == SYNC_STEP_CHANGE &&
		    (step->changes & SYNC_CHANGE_DISABLE) == 0)
			continue;
		plan->lost++;
		user = registry_contents_find_uid(contents, step->uid);
		if (user != NULL &&
		    (user->is_disabled || !sync_match_is_ours(plan, user)))
			plan->at_stake++;
	}
}

enum extauth_err
sync_roll_call(struct sync_plan *plan)
{
	const struct registry_contents *contents =
	    &plan->registrar->change.contents;
	cleanup_free uint32_t *uids = NULL;
	struct leavers leavers = {0};
	size_t enabled = 0;
	size_t i;
	enum extauth_err err = leavers_find(plan, &leavers);

	uids = leavers.uids;
	for (i = 0; i < contents->user_count && err == EXTAUTH_OK; i++) {
		const struct registry_user *user = &contents->users[i];

		if (!sync_match_is_ours(plan, user))
			continue;
		enabled += !user->is_disabled;
		err = registered_call(plan, &leavers, user);
	}
	if (err != EXTAUTH_OK)
		return err;
	losses_count(plan, enabled);
	strangers_find(plan);
	return EXTAUTH_OK;
}
