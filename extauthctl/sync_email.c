/* SPDX-License-Identifier: MIT */
#include "sync_email.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sync_change.h"

#define PARKED_FORM "uid-%u@moving.invalid"
#define PARKED_BYTES 48

struct mover {
	size_t step;
	uint32_t uid;
	bool is_over; /* done or refused */
	bool is_on_way;
};

struct movers {
	struct sync_plan *plan;
	struct extauth_error *error;
	struct mover *all; /* by uid */
	size_t count;
	size_t *way; /* who waits for whom */
	size_t way_length;
};

static int
compare_movers(const void *one, const void *other)
{
	const struct mover *first = one;
	const struct mover *second = other;

	return (first->uid > second->uid) - (first->uid < second->uid);
}

static struct mover *
mover_find(const struct movers *movers, uint32_t uid)
{
	struct mover wanted = {.uid = uid};

	return bsearch(&wanted, movers->all, movers->count, sizeof(wanted),
	    compare_movers);
}

/* Lends who has the e-mail that the mover is to get, or NULL. */
static const struct registry_user *
holder_of(const struct movers *movers, const struct mover *mover)
{
	const struct sync_plan *plan = movers->plan;
	const struct sync_step *step = &plan->steps[mover->step];
	const struct registry_user *holder;

	holder = registry_contents_find_email(&plan->registrar->change.contents,
	    sync_person_text(
		&plan->people->persons[step->person], SYNC_PERSON_EMAIL));
	return holder != NULL && holder->uid != mover->uid ? holder : NULL;
}

/* The registrar says no where the e-mail is still somebody else's. */
static enum extauth_err
mover_carry(struct movers *movers, struct mover *mover)
{
	mover->is_over = true;
	return sync_change_carry(movers->plan, mover->step, movers->error);
}

/* Puts an e-mail that nobody has in the place of the mover's, once all else is
 * known to be right: what is left cannot be refused, since all of the circle
 * move on. */
static enum extauth_err
mover_park(struct movers *movers, struct mover *mover)
{
	const struct sync_step *step = &movers->plan->steps[mover->step];
	char email[PARKED_BYTES];
	struct registrar_wish wish = {
	    .name = step->name, .email = email, .may_change_email = true};
	bool is_changed;

	(void)snprintf(email, sizeof(email), PARKED_FORM, mover->uid);
	return registrar_update(
	    movers->plan->registrar, &wish, &is_changed, movers->error);
}

/* Carries out all but the e-mail of each in the circle; `*ret_is_sound` is
 * false if one of them is refused, who then keeps his e-mail. */
static enum extauth_err
circle_prepare(struct movers *movers, bool *ret_is_sound)
{
	size_t i;

	*ret_is_sound = true;
	for (i = 0; i < movers->way_length; i++) {
		struct mover *mover = &movers->all[movers->way[i]];
		struct sync_plan *plan = movers->plan;
		struct extauth_error reason = {0};
		const struct sync_step *step = &plan->steps[mover->step];
		const char *email = sync_person_text(
		    &plan->people->persons[step->person], SYNC_PERSON_EMAIL);
		enum extauth_err err = identity_check_email(email, &reason);

		if (err == EXTAUTH_OK)
			err = sync_change_user(
			    plan, mover->step, SYNC_CHANGE_EMAIL, &reason);
		if (sync_change_is_refusal(err)) {
			*ret_is_sound = false;
			mover->is_over = true;
			err = sync_change_refuse(plan, mover->step, &reason);
		}
		if (err != EXTAUTH_OK)
			return error_set(movers->error, err, "%s", reason.text);
	}
	return EXTAUTH_OK;
}

static enum extauth_err
circle_open(struct movers *movers)
{
	bool is_sound;
	enum extauth_err err = circle_prepare(movers, &is_sound);

	if (err != EXTAUTH_OK || !is_sound)
		return err;
	return mover_park(movers, &movers->all[movers->way[0]]);
}

/* Follows from one who has the e-mail to the next, as far as they wait for each
 * other. One e-mail is told for one person alone, so that the only circle
 * leads back to the first. */
static enum extauth_err
way_find(struct movers *movers, size_t first)
{
	size_t at = first;

	movers->way_length = 0;
	for (;;) {
		const struct registry_user *holder;
		const struct mover *next;

		movers->way[movers->way_length++] = at;
		movers->all[at].is_on_way = true;
		holder = holder_of(movers, &movers->all[at]);
		next = holder != NULL ? mover_find(movers, holder->uid) : NULL;
		if (next == NULL || next->is_over)
			return EXTAUTH_OK;
		if (next->is_on_way)
			return circle_open(movers);
		at = (size_t)(next - movers->all);
	}
}

static enum extauth_err
way_carry(struct movers *movers)
{
	enum extauth_err err = EXTAUTH_OK;

	while (movers->way_length > 0 && err == EXTAUTH_OK) {
		struct mover *mover =
		    &movers->all[movers->way[--movers->way_length]];

		mover->is_on_way = false;
		if (!mover->is_over)
			err = mover_carry(movers, mover);
	}
	return err;
}

static enum extauth_err
movers_make(struct movers *movers)
{
	const struct sync_plan *plan = movers->plan;
	size_t i;

	movers->all = calloc(plan->count + 1, sizeof(*movers->all));
	movers->way = calloc(plan->count + 1, sizeof(*movers->way));
	if (movers->all == NULL || movers->way == NULL)
		return EXTAUTH_NOMEM;
	for (i = 0; i < plan->count; i++) {
		const struct sync_step *step = &plan->steps[i];

		if (step->kind == SYNC_STEP_CHANGE && !step->is_refused &&
		    (step->changes & SYNC_CHANGE_EMAIL) != 0)
			movers->all[movers->count++] =
			    (struct mover){.step = i, .uid = step->uid};
	}
	qsort(movers->all, movers->count, sizeof(*movers->all), compare_movers);
	return EXTAUTH_OK;
}

enum extauth_err
sync_email_change(struct sync_plan *plan, struct extauth_error *error)
{
	struct movers movers = {.plan = plan, .error = error};
	enum extauth_err err = movers_make(&movers);
	cleanup_free struct mover *all = movers.all;
	cleanup_free size_t *way = movers.way;
	size_t i;

	if (err != EXTAUTH_OK)
		return err;
	for (i = 0; i < movers.count && err == EXTAUTH_OK; i++) {
		if (all[i].is_over)
			continue;
		err = way_find(&movers, i);
		if (err == EXTAUTH_OK)
			err = way_carry(&movers);
	}
	(void)way;
	return err;
}
