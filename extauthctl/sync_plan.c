/* SPDX-License-Identifier: MIT */
#include "sync_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registry_contents.h"
#include "sync_match.h"
#include "sync_person.h"
#include "sync_roll.h"
#include "sync_view.h"

static const char *
step_text(const void *holder, uint32_t position)
{
	const struct sync_plan *plan = holder;

	return plan->steps[position].name;
}

void
sync_plan_clear(struct sync_plan *plan)
{
	if (plan == NULL)
		return;
	sync_arena_clear(&plan->arena);
	sync_index_clear(&plan->new_names);
	free(plan->steps);
	free(plan->refusals.items);
	free(plan->notes.items);
	free(plan->gids);
	*plan = (struct sync_plan){0};
}

enum extauth_err
sync_plan_add(struct sync_plan *plan, const struct sync_step *step)
{
	struct sync_step copy = *step;
	void *steps = plan->steps;
	enum extauth_err err = registry_array_reserve(
	    &steps, plan->count, &plan->capacity, sizeof(*plan->steps));

	plan->steps = steps;
	if (err == EXTAUTH_OK)
		err = sync_arena_copy(&plan->arena, step->name, &copy.name);
	if (err == EXTAUTH_OK)
		plan->steps[plan->count++] = copy;
	return err;
}

enum extauth_err
sync_plan_remark(struct sync_plan *plan, struct sync_remarks *remarks,
    const struct sync_remark *remark)
{
	struct sync_remark copy = {0};
	void *items = remarks->items;
	enum extauth_err err = registry_array_reserve(
	    &items, remarks->count, &remarks->capacity, sizeof(copy));

	remarks->items = items;
	if (err == EXTAUTH_OK)
		err = sync_arena_copy(&plan->arena, remark->who, &copy.who);
	if (err == EXTAUTH_OK)
		err = sync_arena_copy(&plan->arena, remark->id, &copy.id);
	if (err == EXTAUTH_OK)
		err = sync_arena_copy(&plan->arena, remark->text, &copy.text);
	if (err == EXTAUTH_OK)
		remarks->items[remarks->count++] = copy;
	return err;
}

static struct sync_remark
remark_of(const struct sync_plan *plan, uint32_t person, const char *text)
{
	struct sync_person_texts texts;
	struct sync_remark remark = {.text = text};

	sync_person_read(&plan->people->persons[person], &texts);
	remark.id = texts.of[SYNC_PERSON_ID];
	remark.who = texts.of[SYNC_PERSON_EMAIL];
	if (*remark.who == '\0')
		remark.who = texts.of[SYNC_PERSON_NAME];
	if (*remark.who == '\0')
		remark.who = remark.id;
	return remark;
}

enum extauth_err
sync_plan_refuse(struct sync_plan *plan, uint32_t person,
    const struct registry_user *user, const char *reason)
{
	struct sync_remark remark = remark_of(plan, person, reason);
	bool is_disabled =
	    (plan->people->persons[person].flags & SYNC_PERSON_DISABLED) != 0;
	struct sync_step step = {.kind = SYNC_STEP_CHANGE,
	    .person = person,
	    .changes = SYNC_CHANGE_DISABLE};
	enum extauth_err err;

	err = sync_plan_remark(plan, &plan->refusals, &remark);
	if (err != EXTAUTH_OK || user == NULL || !is_disabled ||
	    user->is_disabled || !sync_match_is_ours(plan, user))
		return err;
	step.uid = user->uid;
	step.name = user->name;
	return sync_plan_add(plan, &step);
}

/* Of two new people with one name neither is the right one. */
static enum extauth_err
new_person_clash(struct sync_plan *plan, uint32_t person, uint32_t other)
{
	struct sync_step *step = &plan->steps[other];
	struct extauth_error reason;
	enum extauth_err err = EXTAUTH_OK;

	(void)error_set(&reason, EXTAUTH_EXISTS,
	    "two new people would have the login name '%s'", step->name);
	if (!step->is_refused)
		err = sync_plan_refuse(plan, step->person, NULL, reason.text);
	plan->steps[other].is_refused = true;
	if (err == EXTAUTH_OK)
		err = sync_plan_refuse(plan, person, NULL, reason.text);
	return err;
}

static enum extauth_err
new_person_add(struct sync_plan *plan, uint32_t person)
{
	char name[IDENTITY_TEXT_MAX_BYTES + 1];
	struct sync_step step = {
	    .kind = SYNC_STEP_ADD, .person = person, .name = name};
	struct sync_person_texts texts;
	uint32_t other;
	enum extauth_err err;

	sync_person_read(&plan->people->persons[person], &texts);
	sync_person_login_name(plan->registrar->config,
	    texts.of[SYNC_PERSON_NAME], texts.of[SYNC_PERSON_EMAIL], name);
	other = sync_index_find(&plan->new_names, name);
	if (other != SYNC_INDEX_NONE)
		return new_person_clash(plan, person, other);
	err = sync_plan_add(plan, &step);
	if (err == EXTAUTH_OK)
		err = sync_index_put(
		    &plan->new_names, name, (uint32_t)plan->count - 1);
	return err;
}

static enum extauth_err
uid_note(
    struct sync_plan *plan, uint32_t person, const struct registry_user *user)
{
	const struct sync_person *told = &plan->people->persons[person];
	struct sync_remark remark;
	struct extauth_error text;

	if ((told->flags & SYNC_PERSON_HAS_UID) == 0 || told->uid == user->uid)
		return EXTAUTH_OK;
	(void)error_set(&text, EXTAUTH_EXISTS,
	    "the directory has uid %u; he keeps %u", told->uid, user->uid);
	remark = remark_of(plan, person, text.text);
	return sync_plan_remark(plan, &plan->notes, &remark);
}

static enum extauth_err
known_person_add(
    struct sync_plan *plan, uint32_t person, const struct registry_user *user)
{
	struct sync_step step = {.kind = SYNC_STEP_CHANGE,
	    .person = person,
	    .uid = user->uid,
	    .name = user->name};
	struct sync_view view;
	enum extauth_err err = uid_note(plan, person, user);

	if (err != EXTAUTH_OK)
		return err;
	sync_view_make(plan, &plan->people->persons[person], &view);
	step.changes = sync_view_compare(&view, user);
	if (step.changes != 0)
		return sync_plan_add(plan, &step);
	plan->unchanged++;
	return EXTAUTH_OK;
}

static enum extauth_err
leaver_add(struct sync_plan *plan, const struct registry_user *user)
{
	struct sync_step step = {.kind = SYNC_STEP_REMOVE,
	    .person = SYNC_INDEX_NONE,
	    .uid = user->uid,
	    .name = user->name};

	return sync_plan_add(plan, &step);
}

static enum extauth_err
person_add(struct sync_plan *plan, uint32_t person)
{
	struct sync_match match;
	enum extauth_err err = EXTAUTH_OK;

	sync_match_find(plan, &plan->people->persons[person], &match);
	plan->needs_all = plan->needs_all || match.needs_all;
	if (match.leaver != NULL)
		err = leaver_add(plan, match.leaver);
	if (err != EXTAUTH_OK)
		return err;
	switch (match.kind) {
	case SYNC_MATCH_REFUSED:
		return sync_plan_refuse(
		    plan, person, match.user, match.reason.text);
	case SYNC_MATCH_NEW:
		return new_person_add(plan, person);
	case SYNC_MATCH_KNOWN:
	case SYNC_MATCH_ADOPTED:
		return known_person_add(plan, person, match.user);
	}
	return EXTAUTH_OK;
}

static enum extauth_err
people_add(struct sync_plan *plan)
{
	enum extauth_err err = EXTAUTH_OK;
	uint32_t i;

	for (i = 0; i < plan->people->count && err == EXTAUTH_OK; i++) {
		const struct sync_person *person = &plan->people->persons[i];

		if (sync_person_is_there(person))
			err = person_add(plan, i);
		else if ((person->flags & SYNC_PERSON_TOLD) != 0 &&
		    (person->flags & SYNC_PERSON_FILTERED) != 0)
			plan->filtered++;
	}
	return err;
}

enum extauth_err
sync_plan_make(struct sync_people *people, enum sync_end_kind kind,
    struct registrar *registrar, struct sync_plan *ret_plan,
    struct extauth_error *error)
{
	struct sync_plan *plan = ret_plan;
	enum extauth_err err = EXTAUTH_OK;

	*plan = (struct sync_plan){
	    .people = people, .registrar = registrar, .kind = kind};
	plan->new_names = sync_index_make(plan, step_text);
	if (people->gone_count > 0 && kind != SYNC_CHANGES)
		return error_set(error, EXTAUTH_INVALID,
		    "the directory told who is gone where it tells all");
	plan->gids =
	    calloc(people->groups.local_count + 1, sizeof(*plan->gids));
	if (plan->gids == NULL)
		err = EXTAUTH_NOMEM;
	if (err == EXTAUTH_OK)
		err = sync_roll_settle_groups(plan, error);
	if (err == EXTAUTH_OK)
		err = people_add(plan);
	if (err == EXTAUTH_OK)
		err = sync_roll_call(plan);
	if (err == EXTAUTH_NOMEM)
		return error_set(error, err, "%s", error_name(err));
	return err;
}

bool
sync_plan_is_too_much(
    const struct sync_plan *plan, uint32_t percent, size_t accepted)
{
	return plan->lost > accepted &&
	    (uint64_t)plan->lost * 100 > (uint64_t)plan->at_stake * percent;
}

struct sync_counts
sync_plan_counts(const struct sync_plan *plan)
{
	struct sync_counts counts = {
	    .refused = plan->refusals.count,
	    .unchanged = plan->unchanged,
	    .filtered = plan->filtered,
	};
	size_t i;

	for (i = 0; i < plan->count; i++) {
		const struct sync_step *step = &plan->steps[i];
		uint32_t changes = step->changes;

		if (step->is_refused)
			continue;
		counts.added += step->kind == SYNC_STEP_ADD;
		counts.removed += step->kind == SYNC_STEP_REMOVE;
		counts.changed +=
		    changes != 0 && (changes & SYNC_CHANGE_STATES) == 0;
		counts.enabled += (changes & SYNC_CHANGE_ENABLE) != 0;
		counts.disabled += (changes & SYNC_CHANGE_DISABLE) != 0;
	}
	return counts;
}
