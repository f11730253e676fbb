/* SPDX-License-Identifier: MIT */
/* What the parts of the source entra share.
 * Does not know: HTTP, the registry. */
#ifndef EXTAUTH_SOURCE_ENTRA_INTERNAL_H
#define EXTAUTH_SOURCE_ENTRA_INTERNAL_H

#include "source_walk.h"

/* A reading of so many changes takes longer than one of everybody. */
#define ENTRA_CHANGES_MAX 2000
#define ENTRA_PREFER_BYTES 48
#define ENTRA_TOP_MOST 999
#define ENTRA_SELECT_MAX_BYTES 2048

/* Somebody who was changed since the last reading. */
enum entra_change_kind {
	ENTRA_CHANGED = 0, /* `user` is what he is now */
	ENTRA_REMOVED,
	ENTRA_UNSURE, /* he is to be asked for */
};

struct entra_change {
	enum entra_change_kind kind;
	struct sync_user user; /* else his id alone */
};

struct entra_memory {
	struct source_walk walk;
	char prefer[ENTRA_PREFER_BYTES];
	int64_t started_s;
	int64_t whole_s;  /* when all was read last */
	char *delta_link; /* owned, of the last page; NULL: none yet */
	struct entra_change *changes;
	size_t change_count;
	size_t change_capacity;
	size_t change_at; /* those before were told */
};

/* Appends the names of all properties that are read of a user, one after the
 * other with a comma between. EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err entra_append_select(
    const struct source_run *run, struct buffer *select);

/* Appends the name that a JSON pointer begins with, if it is not among them.
 * EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err entra_append_property(
    struct buffer *select, const char *pointer);

/* Tells whether the directory is asked what changed: it takes no filter then,
 * and tells of who was removed nothing but his id. Who comes into one of
 * only_groups need not have been changed himself. */
bool entra_has_delta(const struct source_run *run);

/* As the function of struct source_dialect. */
EXTAUTH_CHECKED enum extauth_err entra_ask(const struct source_run *run,
    enum source_walk_list list, struct source_ask *ask);

/* Keeps a change, of a page of changes, until all of them are known: who is
 * named twice, and who is not named in full, is to be asked for. `*user` may be
 * emptied. `*ret_has_room` is false where there are too many. EXTAUTH_NOMEM and
 * as above. */
EXTAUTH_CHECKED enum extauth_err entra_keep_change(struct source_run *run,
    const struct json *element, struct sync_user *user, bool is_gone,
    bool *ret_has_room);

/* As the function of struct source_dialect. */
EXTAUTH_CHECKED enum extauth_err entra_after(struct source_run *run,
    const struct answer *answer, struct source_step *ret_step,
    bool *ret_has_step, struct extauth_error *error);

/* Takes the user principal name where there is no e-mail. */
void entra_mend_email(const struct json *element, struct sync_user *user);

void entra_clear_changes(struct entra_memory *memory);

#endif
