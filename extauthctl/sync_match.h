/* SPDX-License-Identifier: MIT */
/* Who of the registered users a person of a directory is.
 * Does not know: what becomes of it. */
#ifndef EXTAUTHCTL_SYNC_MATCH_H
#define EXTAUTHCTL_SYNC_MATCH_H

#include "sync_plan.h"

enum sync_match_kind {
	SYNC_MATCH_REFUSED = 0,
	SYNC_MATCH_NEW,
	SYNC_MATCH_KNOWN,   /* of this source, by his id */
	SYNC_MATCH_ADOPTED, /* registered without an id, or by hand */
};

/* Users are lent by the registry until its next change. */
struct sync_match {
	enum sync_match_kind kind;
	const struct registry_user *user; /* also of who is refused; or NULL */
	const struct registry_user *leaver; /* has the e-mail, and is gone */
	bool needs_all; /* REFUSED: whether he is gone is not known */
	struct extauth_error reason; /* REFUSED */
};

/* Finds him by his id, else by his e-mail. */
void sync_match_find(const struct sync_plan *plan,
    const struct sync_person *person, struct sync_match *ret_match);

/* Lends the registered user of this source with that id, or NULL. */
const struct registry_user *sync_match_by_id(
    const struct sync_plan *plan, const char *id);

/* Tells whether a user comes from the source that is read. */
bool sync_match_is_ours(
    const struct sync_plan *plan, const struct registry_user *user);

#endif
