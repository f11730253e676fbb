/* SPDX-License-Identifier: MIT */
/* How a directory is read whose lists end with a link to the next page: all its
 * users, then its groups, then the members of each group that is wanted; or one
 * person, and his groups.
 * Does not know: which directory it is; each brings its dialect. */
#ifndef EXTAUTH_SOURCE_WALK_H
#define EXTAUTH_SOURCE_WALK_H

#include "source_entry.h"
#include "source_fetch.h"

enum source_walk_list {
	WALK_USERS = 0,
	WALK_AFTER, /* what a dialect has left to tell of the users */
	WALK_GROUPS,
	WALK_MEMBERS,     /* of groups[group_at] */
	WALK_ONE,         /* who has the job's e-mail: attempt by attempt */
	WALK_MEMBERSHIPS, /* groups of that person */
	WALK_TELL_ONE,
	WALK_LISTS
};

/* A machine's memory begins with it. {0} is the beginning. */
struct source_walk {
	struct source_fetch fetch;
	enum source_walk_list list;
	bool is_changes; /* the machine's: only who changed is named */
	unsigned attempt;
	/* The list under way, and its page. */
	bool is_single; /* the page is one element itself */
	struct json page;
	struct json elements; /* lent from the page */
	size_t at;
	size_t count;
	uint32_t total;  /* of users, as the first page says; 0: it does not */
	char *next;      /* owned; NULL: the last page */
	bool has_new;    /* an element of this page was not met before */
	unsigned barren; /* pages in a row that had none */
	size_t repeated; /* users that were met more than once */
	struct source_seen links;
	struct source_seen seen;
	struct source_entry entry; /* the user who was read last */
	/* His id in the directory's own paths; user_id may be another. */
	char own_id[IDENTITY_TEXT_MAX_BYTES + 1];
	/* The groups that are wanted. */
	struct sync_group *groups;
	size_t group_count;
	size_t group_capacity;
	size_t group_at;
	bool is_group_told;
};

/* The first page of a list. `url` holds the source's own already. */
struct source_ask {
	struct buffer url;
	const char *more_header; /* as in struct source_fetch */
	bool is_single;
	bool takes_refusal; /* 400, 404, 410 are no failure: see anew */
	bool is_none;       /* there is nothing to ask for */
};

/* What becomes of a user who was read. */
enum source_fate {
	WALK_TELL = 0,
	WALK_GONE, /* is as if the directory did not have him */
	WALK_KEEP, /* the dialect has him, and tells him after the users */
	WALK_ANEW, /* the users are to be read from the beginning: anew */
};

struct source_dialect {
	const char *lists[WALK_LISTS]; /* pointers to the elements of a page */
	const char *next;              /* pointer; NULL: the header Link */
	const char *total;             /* pointer; NULL: never told */
	const char *group_names[2];    /* pointers in a group, "": none */
	/* Makes a list's first request. Errors of source_url_query. */
	enum extauth_err (*ask)(const struct source_run *run,
	    enum source_walk_list list, struct source_ask *ask);
	/* Takes note of a page of users, or NULL. EXTAUTH_NOMEM. */
	enum extauth_err (*turn)(
	    struct source_run *run, const struct json *page);
	/* Says what only this directory knows of a user, or NULL.
	 * EXTAUTH_NOMEM. */
	enum extauth_err (*judge)(struct source_run *run,
	    const struct json *element, struct sync_user *user,
	    enum source_fate *ret_fate);
	/* The changes were refused, or are too many: `ask` for all users from
	 * now on. NULL where that cannot be. */
	void (*anew)(struct source_run *run);
	/* Tells one more of those that were kept, or asks for one; the page
	 * comes as `answer`, which is else NULL. Leaves `*ret_has_step` where
	 * there is nothing left. NULL where nobody is kept. */
	enum extauth_err (*after)(struct source_run *run,
	    const struct answer *answer, struct source_step *ret_step,
	    bool *ret_has_step, struct extauth_error *error);
	/* Ends a reading of all users: COMPLETE or CHANGES. */
	enum extauth_err (*end)(
	    const struct source_run *run, struct source_step *ret_step);
};

/* The two functions of a machine, and what its `forget` does first. */
EXTAUTH_CHECKED enum extauth_err source_walk_start(struct source_run *run,
    const struct source_dialect *dialect, struct source_step *ret_step,
    struct extauth_error *error);
EXTAUTH_CHECKED enum extauth_err source_walk_next(struct source_run *run,
    const struct source_dialect *dialect, const struct event *event,
    struct source_step *ret_step, struct extauth_error *error);
void source_walk_clear(struct source_walk *walk);

/* Reads an answer that is one element as a page of one; `*ret_page` is the
 * caller's. EXTAUTH_INVALID, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err source_walk_wrap(
    const struct answer *answer, struct json *ret_page);

/* Makes `*user` one who is gone: only his id stays. */
void source_walk_set_gone(struct sync_user *user);

/* Appends "limit=200" or the like: page_size, at most `most`. */
EXTAUTH_CHECKED enum extauth_err source_walk_size(const struct source_run *run,
    const char *name, uint32_t most, struct buffer *url);

/* Appends a text between double quotes, as JSON and SCIM write it.
 * EXTAUTH_INVALID, EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err source_walk_quote(
    struct buffer *filter, const char *text);

/* Appends a parameter that narrows the configured `filter`: "(filter) and
 * (match)", or `match` alone. */
EXTAUTH_CHECKED enum extauth_err source_walk_narrow(
    const struct source_run *run, const char *name, const char *match,
    struct buffer *url);

/* Calls `append` for each name or id that a [group NAME] of this source takes,
 * as long as all goes well; "or" stands between two. EXTAUTH_TOOBIG where there
 * are more than `most`, or the directory's every group is wanted: then all are
 * to be listed. */
EXTAUTH_CHECKED enum extauth_err source_walk_wanted(
    const struct source_run *run, size_t most,
    enum extauth_err (*append)(struct buffer *filter, const char *remote),
    struct buffer *filter);

#endif
