/* SPDX-License-Identifier: MIT */
#include "sync_match.h"
#include "translate.h"

#include <string.h>

#define SOURCE_BY_HAND "manual"

bool
sync_match_is_ours(
    const struct sync_plan *plan, const struct registry_user *user)
{
	return strcmp(user->source, plan->people->source->name) == 0;
}

const struct registry_user *
sync_match_by_id(const struct sync_plan *plan, const char *id)
{
	return registry_contents_find_source_id(
	    &plan->registrar->change.contents, plan->people->source->name, id);
}

static bool
is_by_hand(const struct registry_user *user)
{
	return *user->source == '\0' ||
	    strcmp(user->source, SOURCE_BY_HAND) == 0;
}

static void
refuse_taken(struct sync_match *match, const char *what, const char *text,
    const struct registry_user *user)
{
	match->kind = SYNC_MATCH_REFUSED;
	if (is_by_hand(user))
		(void)error_set(&match->reason, EXTAUTH_EXISTS,
		    "%s %s is registered by hand for '%s'%s%s", what, text,
		    user->name,
		    user->is_linked ? error_translated(", a local account")
				    : "",
		    *user->external_id != '\0'
			? error_translated(", with an external id")
			: "");
	else
		(void)error_set(&match->reason, EXTAUTH_EXISTS,
		    "%s %s is registered for '%s', from source %s", what, text,
		    user->name, user->source);
}

/* Tells whether the reading says that somebody is gone who is not there. */
static bool
is_gone(const struct sync_plan *plan, const struct sync_person *person)
{
	return plan->kind == SYNC_COMPLETE ||
	    (plan->kind == SYNC_CHANGES && person != NULL &&
		(person->flags & SYNC_PERSON_TOLD) != 0);
}

/* Somebody else has the e-mail here. He may be about to give it up; whether he
 * does is seen when the steps are carried out. Where only changes are told and
 * he is not among them he may be gone, or be robbed of it. */
static void
match_holder(const struct sync_plan *plan, const struct registry_user *holder,
    const char *email, struct sync_match *match)
{
	const struct sync_person *other;

	if (!sync_match_is_ours(plan, holder) || *holder->external_id == '\0') {
		refuse_taken(match, _("e-mail"), email, holder);
		return;
	}
	other = sync_people_find_id(plan->people, holder->external_id);
	if (other != NULL && sync_person_is_there(other))
		return;
	if (is_gone(plan, other)) {
		match->leaver = holder;
		return;
	}
	match->kind = SYNC_MATCH_REFUSED;
	match->needs_all = plan->kind == SYNC_CHANGES;
	(void)error_set(&match->reason, EXTAUTH_EXISTS,
	    "e-mail %s is registered for '%s' under another id; a sync of the "
	    "whole source settles that",
	    email, holder->name);
}

static void
refuse(struct sync_match *match, const char *reason)
{
	match->kind = SYNC_MATCH_REFUSED;
	(void)error_set(
	    &match->reason, EXTAUTH_INVALID, "%s", error_translated(reason));
}

/* By hand an id may be anybody's: the e-mail, by which he was found, tells. A
 * local account that somebody linked by hand is not a directory's to move. */
static bool
can_be_adopted(const struct sync_plan *plan, const struct registry_user *user,
    const char *id)
{
	if (user->is_linked && is_by_hand(user))
		return false;
	if (*user->external_id != '\0')
		return is_by_hand(user) && strcmp(user->external_id, id) == 0;
	return is_by_hand(user) || sync_match_is_ours(plan, user);
}

void
sync_match_find(const struct sync_plan *plan, const struct sync_person *person,
    struct sync_match *ret_match)
{
	const struct registry_contents *contents =
	    &plan->registrar->change.contents;
	const char *id = sync_person_text(person, SYNC_PERSON_ID);
	const char *email = sync_person_text(person, SYNC_PERSON_EMAIL);
	const struct registry_user *by_id = sync_match_by_id(plan, id);
	const struct registry_user *holder =
	    registry_contents_find_email(contents, email);
	struct sync_match *match = ret_match;

	*match = (struct sync_match){.kind = SYNC_MATCH_NEW, .user = by_id};
	if (by_id != NULL) {
		match->kind = SYNC_MATCH_KNOWN;
	} else if (holder != NULL && can_be_adopted(plan, holder, id)) {
		match->kind = SYNC_MATCH_ADOPTED;
		match->user = holder;
	}
	if ((person->flags & SYNC_PERSON_TWICE) != 0)
		refuse(match, "two people of the directory have this id");
	else if (*email == '\0')
		refuse(match, "the directory has no e-mail");
	else if ((person->flags & SYNC_PERSON_SHARED) != 0 &&
	    (match->kind != SYNC_MATCH_KNOWN ||
		!identity_equal(match->user->email, email)))
		refuse(match, "two people of the directory have this e-mail");
	else if (holder != NULL && holder != match->user)
		match_holder(plan, holder, email, match);
}
