/* SPDX-License-Identifier: MIT */
/* What the registry lacks to be as the directory says: a list of steps, who is
 * refused and why, and how much it would take away.
 * Does not know: how steps are carried out, files. */
#ifndef EXTAUTHCTL_SYNC_PLAN_H
#define EXTAUTHCTL_SYNC_PLAN_H

#include "registrar.h"
#include "sync_people.h"

enum sync_step_kind {
	SYNC_STEP_REMOVE = 0,
	SYNC_STEP_CHANGE,
	SYNC_STEP_ADD,
};

enum sync_change_bits {
	SYNC_CHANGE_EMAIL = 1,
	SYNC_CHANGE_GECOS = 2,
	SYNC_CHANGE_HOME = 4,
	SYNC_CHANGE_SHELL = 8,
	SYNC_CHANGE_PROVIDER = 16,
	SYNC_CHANGE_GROUPS = 32,
	SYNC_CHANGE_SOURCE = 64, /* registered by hand until now */
	SYNC_CHANGE_ENABLE = 128,
	SYNC_CHANGE_DISABLE = 256,
};

#define SYNC_CHANGE_STATES                                                     \
	((uint32_t)SYNC_CHANGE_ENABLE | (uint32_t)SYNC_CHANGE_DISABLE)

struct sync_step {
	enum sync_step_kind kind;
	uint32_t person;  /* position, or SYNC_INDEX_NONE */
	uint32_t uid;     /* of who is registered; of ADD once it is done */
	uint32_t changes; /* CHANGE: sync_change_bits */
	bool is_refused;
	const char *name; /* login name */
};

/* Something to be said of somebody; texts owned by the plan. */
struct sync_remark {
	const char *who;
	const char *id;
	const char *text;
};

struct sync_remarks {
	struct sync_remark *items;
	size_t count;
	size_t capacity;
};

struct sync_counts {
	size_t added;
	size_t changed;
	size_t enabled;
	size_t disabled;
	size_t removed;
	size_t refused;
	size_t unchanged;
	size_t filtered; /* by domains and only_groups */
};

struct sync_plan {
	struct sync_people *people;
	struct registrar *registrar;
	enum sync_end_kind kind; /* of the reading */
	struct sync_arena arena;
	struct sync_step *steps;
	size_t count;
	size_t capacity;
	struct sync_remarks refusals;
	struct sync_remarks notes;
	size_t unchanged;
	size_t filtered;
	size_t lost;     /* users of the source to be disabled or removed */
	size_t at_stake; /* of so many */
	bool needs_all;  /* what changed is not enough: all must be read */
	struct sync_index new_names;
	uint32_t *gids; /* room for those of one person */
};

/* Makes the plan for people that are settled; groups that somebody is in are
 * made in the registrar, which is changed in memory alone. People and registrar
 * are borrowed; `ret_plan` must not move while it is used, and is ended by
 * sync_plan_clear also on failure. EXTAUTH_NOMEM; EXTAUTH_INVALID with the
 * reason in `error` for a reading that contradicts itself. */
EXTAUTH_CHECKED enum extauth_err sync_plan_make(struct sync_people *people,
    enum sync_end_kind kind, struct registrar *registrar,
    struct sync_plan *ret_plan, struct extauth_error *error);

/* Tells whether it takes away more than `percent` of a source's users and more
 * than `accepted` of them. */
bool sync_plan_is_too_much(
    const struct sync_plan *plan, uint32_t percent, size_t accepted);

/* Counts what the steps are, each once, a change of state before others; those
 * that were refused are not among them. */
struct sync_counts sync_plan_counts(const struct sync_plan *plan);

/* Says why a person is refused; one who is to be disabled is disabled all the
 * same. `user` is who he is here, or NULL. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err sync_plan_refuse(struct sync_plan *plan,
    uint32_t person, const struct registry_user *user, const char *reason);

/* Adds a step. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err sync_plan_add(
    struct sync_plan *plan, const struct sync_step *step);

/* Adds a remark; copies its texts. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err sync_plan_remark(struct sync_plan *plan,
    struct sync_remarks *remarks, const struct sync_remark *remark);

/* Frees all and leaves it empty. NULL is allowed. */
void sync_plan_clear(struct sync_plan *plan);

#define cleanup_plan __attribute__((cleanup(sync_plan_clear)))

#endif
