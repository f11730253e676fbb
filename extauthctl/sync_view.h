/* SPDX-License-Identifier: MIT */
/* A person as the registry would have him, and how that differs from what it
 * has.
 * Does not know: what is done about it. */
#ifndef EXTAUTHCTL_SYNC_VIEW_H
#define EXTAUTHCTL_SYNC_VIEW_H

#include "sync_plan.h"

/* Texts are lent by the people; a text that is "" is not looked at. */
struct sync_view {
	struct sync_person_texts texts;
	char gecos[IDENTITY_TEXT_MAX_BYTES + 1];
	const char *provider;
	const char *source;
	const uint32_t *gids; /* sorted, each once; the plan's room for them */
	size_t gid_count;
	bool has_gids;
	bool is_told; /* else only the groups are known */
	bool is_disabled;
};

/* Makes the view of a person; NULL is somebody who is in no group. It is good
 * until the next one is made. */
void sync_view_make(struct sync_plan *plan, const struct sync_person *person,
    struct sync_view *ret_view);

/* Tells how a registered user differs: sync_change_bits. */
uint32_t sync_view_compare(
    const struct sync_view *view, const struct registry_user *user);

/* Makes the wish for those changes to the user of that name; borrows all. */
struct registrar_wish sync_view_wish(
    const struct sync_view *view, const char *name, uint32_t changes);

#endif
