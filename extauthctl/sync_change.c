/* SPDX-License-Identifier: MIT */
#include "sync_change.h"

#include <stdlib.h>
#include <string.h>

#include "sync_email.h"
#include "sync_view.h"

bool
sync_change_is_refusal(enum extauth_err err)
{
	return err == EXTAUTH_INVALID || err == EXTAUTH_EXISTS ||
	    err == EXTAUTH_TOOBIG || err == EXTAUTH_NOTFOUND;
}

static const struct sync_person *
person_of(const struct sync_plan *plan, const struct sync_step *step)
{
	if (step->person == SYNC_INDEX_NONE)
		return NULL;
	return &plan->people->persons[step->person];
}

enum extauth_err
sync_change_user(struct sync_plan *plan, size_t step, uint32_t but,
    struct extauth_error *error)
{
	const struct sync_step *at = &plan->steps[step];
	struct registrar_wish wish;
	struct sync_view view;
	bool is_changed;

	sync_view_make(plan, person_of(plan, at), &view);
	wish = sync_view_wish(&view, at->name, at->changes & ~but);
	return registrar_update(plan->registrar, &wish, &is_changed, error);
}

enum extauth_err
sync_change_refuse(
    struct sync_plan *plan, size_t step, struct extauth_error *reason)
{
	struct sync_step *at = &plan->steps[step];
	struct sync_remark remark = {
	    .who = at->name, .id = "", .text = reason->text};
	struct extauth_error error = {0};
	enum extauth_err err;

	if (at->person != SYNC_INDEX_NONE) {
		struct sync_person_texts texts;

		sync_person_read(&plan->people->persons[at->person], &texts);
		if (*texts.of[SYNC_PERSON_EMAIL] != '\0')
			remark.who = texts.of[SYNC_PERSON_EMAIL];
		remark.id = texts.of[SYNC_PERSON_ID];
	}
	err = sync_plan_remark(plan, &plan->refusals, &remark);
	if (err != EXTAUTH_OK)
		return err;
	at->is_refused = true;
	if ((at->changes & SYNC_CHANGE_DISABLE) == 0 ||
	    at->changes == SYNC_CHANGE_DISABLE)
		return EXTAUTH_OK;
	err = sync_change_user(
	    plan, step, ~(uint32_t)SYNC_CHANGE_DISABLE, &error);
	if (sync_change_is_refusal(err))
		return EXTAUTH_OK;
	if (err != EXTAUTH_OK)
		return err;
	at->is_refused = false;
	at->changes = SYNC_CHANGE_DISABLE;
	return EXTAUTH_OK;
}

enum extauth_err
sync_change_carry(
    struct sync_plan *plan, size_t step, struct extauth_error *error)
{
	struct extauth_error reason = {0};
	enum extauth_err err = sync_change_user(plan, step, 0, &reason);

	if (sync_change_is_refusal(err))
		err = sync_change_refuse(plan, step, &reason);
	return err != EXTAUTH_OK ? error_set(error, err, "%s", reason.text)
				 : EXTAUTH_OK;
}

static enum extauth_err
remove_all(struct sync_plan *plan, struct extauth_error *error)
{
	size_t i;

	for (i = 0; i < plan->count; i++) {
		const struct sync_step *step = &plan->steps[i];
		enum extauth_err err;

		if (step->kind != SYNC_STEP_REMOVE)
			continue;
		err = registrar_remove(plan->registrar, step->name, error);
		if (err != EXTAUTH_OK)
			return err;
	}
	return EXTAUTH_OK;
}

static enum extauth_err
change_all(struct sync_plan *plan, struct extauth_error *error)
{
	size_t i;

	for (i = 0; i < plan->count; i++) {
		const struct sync_step *step = &plan->steps[i];
		enum extauth_err err;

		if (step->kind != SYNC_STEP_CHANGE || step->is_refused ||
		    (step->changes & SYNC_CHANGE_EMAIL) != 0)
			continue;
		err = sync_change_carry(plan, i, error);
		if (err != EXTAUTH_OK)
			return err;
	}
	return sync_email_change(plan, error);
}

/* A uid of the directory is taken if it is in the range; else, as without one,
 * it is the hash of the id. */
static enum extauth_err
uid_wish(struct sync_plan *plan, const struct sync_person *person,
    struct registrar_wish *wish)
{
	const struct config_general *general =
	    &plan->registrar->config->general;
	struct sync_remark remark = {
	    .who = wish->email, .id = wish->external_id};
	struct extauth_error text;

	if ((person->flags & SYNC_PERSON_HAS_UID) == 0)
		return EXTAUTH_OK;
	wish->uid = person->uid;
	wish->has_uid = person->uid >= general->uid_range_first &&
	    person->uid <= general->uid_range_last;
	if (wish->has_uid)
		return EXTAUTH_OK;
	(void)error_set(&text, EXTAUTH_INVALID,
	    "uid %u is outside uid_range; he gets another one", person->uid);
	remark.text = text.text;
	return sync_plan_remark(plan, &plan->notes, &remark);
}

static enum extauth_err
person_add(
    struct sync_plan *plan, struct sync_step *step, struct extauth_error *error)
{
	const struct sync_person *person = &plan->people->persons[step->person];
	struct registrar_wish wish;
	struct sync_view view;
	enum extauth_err err;

	sync_view_make(plan, person, &view);
	wish = sync_view_wish(&view, step->name,
	    SYNC_CHANGE_EMAIL | SYNC_CHANGE_GECOS | SYNC_CHANGE_HOME |
		SYNC_CHANGE_SHELL | SYNC_CHANGE_PROVIDER | SYNC_CHANGE_SOURCE |
		SYNC_CHANGE_GROUPS);
	wish.is_disabled = view.is_disabled;
	err = uid_wish(plan, person, &wish);
	if (err == EXTAUTH_OK)
		err = registrar_add(plan->registrar, &wish, &step->uid, error);
	if (!sync_change_is_refusal(err))
		return err;
	step->is_refused = true;
	return sync_plan_refuse(plan, step->person, NULL,
	    error->text[0] != '\0' ? error->text : error_name(err));
}

/* A step with what it is sorted by. */
struct sorted_step {
	size_t step;
	const char *id;
	bool has_uid;
};

static int
compare_steps(const void *one, const void *other)
{
	const struct sorted_step *first = one;
	const struct sorted_step *second = other;

	if (first->has_uid != second->has_uid)
		return first->has_uid ? -1 : 1;
	return strcmp(first->id, second->id);
}

static size_t
additions_find(const struct sync_plan *plan, struct sorted_step *sorted)
{
	size_t count = 0;
	size_t i;

	for (i = 0; i < plan->count; i++) {
		const struct sync_step *step = &plan->steps[i];
		const struct sync_person *person;

		if (step->kind != SYNC_STEP_ADD || step->is_refused)
			continue;
		person = &plan->people->persons[step->person];
		sorted[count].step = i;
		sorted[count].id = person->texts;
		sorted[count++].has_uid =
		    (person->flags & SYNC_PERSON_HAS_UID) != 0;
	}
	qsort(sorted, count, sizeof(*sorted), compare_steps);
	return count;
}

static enum extauth_err
add_all(struct sync_plan *plan, struct extauth_error *error)
{
	cleanup_free struct sorted_step *sorted =
	    calloc(plan->count + 1, sizeof(*sorted));
	enum extauth_err err = EXTAUTH_OK;
	size_t count;
	size_t i;

	if (sorted == NULL)
		return EXTAUTH_NOMEM;
	count = additions_find(plan, sorted);
	err =
	    registry_contents_reserve(&plan->registrar->change.contents, count);
	for (i = 0; i < count && err == EXTAUTH_OK; i++) {
		struct extauth_error reason = {0};

		err = person_add(plan, &plan->steps[sorted[i].step], &reason);
		if (err != EXTAUTH_OK)
			(void)error_set(error, err, "%s", reason.text);
	}
	return err;
}

enum extauth_err
sync_change(struct sync_plan *plan, struct extauth_error *error)
{
	enum extauth_err err = remove_all(plan, error);

	if (err == EXTAUTH_OK)
		err = change_all(plan, error);
	if (err == EXTAUTH_OK)
		err = add_all(plan, error);
	return err;
}
