/* SPDX-License-Identifier: MIT */
#include "sync_view.h"

#include <stdlib.h>
#include <string.h>

#include "number.h"
#include "sync_person.h"

/* Writes the gids, sorted and each once. A person may have been told more often
 * to be in a group than there are groups. */
static size_t
gids_find(struct sync_plan *plan, const struct sync_person *person)
{
	const struct sync_people *people = plan->people;
	uint32_t link = person->first_link;
	size_t count = 0;
	size_t kept = 0;
	size_t i;

	for (; link != 0; link = people->links[link - 1].next) {
		struct sync_local *local =
		    &people->groups.locals[people->links[link - 1].local];

		if (local->is_refused || !local->is_needed || local->is_met)
			continue;
		local->is_met = true;
		plan->gids[count++] = local->gid_here;
	}
	for (link = person->first_link; link != 0;
	     link = people->links[link - 1].next)
		people->groups.locals[people->links[link - 1].local].is_met =
		    false;
	if (count > 1)
		qsort(plan->gids, count, sizeof(*plan->gids), number_compare);
	for (i = 0; i < count; i++)
		if (kept == 0 || plan->gids[kept - 1] != plan->gids[i])
			plan->gids[kept++] = plan->gids[i];
	return kept;
}

void
sync_view_make(struct sync_plan *plan, const struct sync_person *person,
    struct sync_view *ret_view)
{
	static const struct sync_person nobody = {
	    .texts = "\0\0\0\0\0"}; /* six empty texts */
	const struct sync_person *shown = person != NULL ? person : &nobody;
	struct sync_view *view = ret_view;

	*view = (struct sync_view){0};
	sync_person_read(shown, &view->texts);
	sync_person_make_gecos(view->texts.of[SYNC_PERSON_GECOS], view->gecos);
	view->provider = plan->people->source->provider;
	view->source = plan->people->source->name;
	view->has_gids = plan->people->has_groups;
	view->gids = plan->gids;
	view->gid_count = view->has_gids ? gids_find(plan, shown) : 0;
	view->is_told = (shown->flags & SYNC_PERSON_TOLD) != 0;
	view->is_disabled = (shown->flags & SYNC_PERSON_DISABLED) != 0;
}

static bool
differs(const char *told, const char *here)
{
	return *told != '\0' && strcmp(told, here) != 0;
}

/* Who is linked has his gecos, home and shell in /etc/passwd. */
static uint32_t
compare_account(const struct sync_view *view, const struct registry_user *user)
{
	uint32_t changes = 0;

	if (user->is_linked)
		return 0;
	if (differs(view->gecos, user->gecos))
		changes |= SYNC_CHANGE_GECOS;
	if (differs(view->texts.of[SYNC_PERSON_HOME], user->home))
		changes |= SYNC_CHANGE_HOME;
	if (differs(view->texts.of[SYNC_PERSON_SHELL], user->shell))
		changes |= SYNC_CHANGE_SHELL;
	return changes;
}

static bool
has_gids(const struct sync_view *view, const struct registry_user *user)
{
	return view->gid_count == user->gid_count &&
	    (view->gid_count == 0 ||
		memcmp(view->gids, user->gids,
		    view->gid_count * sizeof(*view->gids)) == 0);
}

uint32_t
sync_view_compare(
    const struct sync_view *view, const struct registry_user *user)
{
	uint32_t changes = 0;

	if (view->has_gids && !has_gids(view, user))
		changes |= SYNC_CHANGE_GROUPS;
	if (!view->is_told)
		return changes;
	changes |= compare_account(view, user);
	if (differs(view->texts.of[SYNC_PERSON_EMAIL], user->email))
		changes |= SYNC_CHANGE_EMAIL;
	if (strcmp(view->provider, user->provider) != 0)
		changes |= SYNC_CHANGE_PROVIDER;
	if (strcmp(view->source, user->source) != 0 ||
	    differs(view->texts.of[SYNC_PERSON_ID], user->external_id))
		changes |= SYNC_CHANGE_SOURCE;
	if (view->is_disabled && !user->is_disabled)
		changes |= SYNC_CHANGE_DISABLE;
	if (!view->is_disabled && user->is_disabled && !user->is_held)
		changes |= SYNC_CHANGE_ENABLE;
	return changes;
}

struct registrar_wish
sync_view_wish(const struct sync_view *view, const char *name, uint32_t changes)
{
	struct registrar_wish wish = {.name = name};

	if ((changes & SYNC_CHANGE_EMAIL) != 0)
		wish.email = view->texts.of[SYNC_PERSON_EMAIL];
	wish.may_change_email = wish.email != NULL;
	if ((changes & SYNC_CHANGE_GECOS) != 0)
		wish.gecos = view->gecos;
	if ((changes & SYNC_CHANGE_HOME) != 0)
		wish.home = view->texts.of[SYNC_PERSON_HOME];
	if ((changes & SYNC_CHANGE_SHELL) != 0)
		wish.shell = view->texts.of[SYNC_PERSON_SHELL];
	if ((changes & SYNC_CHANGE_PROVIDER) != 0)
		wish.provider = view->provider;
	if ((changes & SYNC_CHANGE_SOURCE) != 0) {
		wish.source = view->source;
		wish.external_id = view->texts.of[SYNC_PERSON_ID];
	}
	if ((changes & SYNC_CHANGE_GROUPS) != 0) {
		wish.has_gids = true;
		wish.gids = view->gids;
		wish.gid_count = view->gid_count;
	}
	wish.has_state = (changes & SYNC_CHANGE_STATES) != 0;
	wish.is_disabled = (changes & SYNC_CHANGE_DISABLE) != 0;
	return wish;
}
