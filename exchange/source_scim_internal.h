/* SPDX-License-Identifier: MIT */
/* What the parts of the SCIM source share.
 * Does not know: other sources. */
#ifndef EXTAUTH_SOURCE_SCIM_INTERNAL_H
#define EXTAUTH_SOURCE_SCIM_INTERNAL_H

#include "source_entry.h"
#include "source_fetch.h"
#include "source_scim.h"

#define SCIM_COUNT 200
#define SCIM_TOTAL_UNKNOWN (-1)
#define SCIM_TEXT_BYTES (IDENTITY_TEXT_MAX_BYTES + 1)

/* What a reading does now: `state` of struct source_run. */
enum scim_state {
	SCIM_USERS = 0,  /* reads everybody */
	SCIM_GROUPS,     /* reads groups, with members where users name none */
	SCIM_TELLING,    /* tells the groups that were read */
	SCIM_ONE,        /* looks for somebody by an e-mail address */
	SCIM_ONE_GROUPS, /* reads groups that he may be a member of */
	SCIM_DONE,
};

/* How a list came to its end. */
enum scim_end {
	SCIM_END_EMPTY = 0, /* by a page without anybody */
	SCIM_END_REPEATED,  /* by a page with nobody new */
	SCIM_END_COUNTED,   /* totalResults have come */
	SCIM_END_SAID,      /* by a cursor that is not there */
};

enum scim_judgement {
	SCIM_COMPLETE = 0,
	SCIM_AGAIN,   /* it is to be read once more */
	SCIM_CHANGED, /* it does not hold still */
	SCIM_STUCK,   /* the server does not give all */
};

/* Who was met on the pages of a list, and whether that is everybody. {0} is
 * nobody yet, but for `total`. */
struct scim_tally {
	struct source_seen ids;  /* of this reading */
	struct source_seen told; /* of all, from the second reading on */
	size_t nameless;         /* elements without an id */
	int64_t total;           /* the last totalResults, or UNKNOWN */
	int64_t total_before;    /* of the reading before */
	size_t count_before;     /* as well */
	size_t told_before;
	unsigned readings;  /* before this one */
	unsigned pages;     /* that brought somebody new */
	size_t fresh;       /* on this page */
	bool total_lies;    /* more came than it says */
	bool is_shrunk;     /* totalResults fell while it was read */
	bool is_shifted;    /* a page did not join on to the one before */
	bool is_first_full; /* the first page may not be all */
	bool is_endless;    /* pages without anybody do not end */
	enum scim_end end;
};

/* How a list is asked for, page by page. */
struct scim_paging {
	const char *path; /* "/Users" */
	struct buffer attributes;
	struct buffer filter;
	bool is_without_attributes; /* the server refuses them */
	bool is_look_up;            /* of somebody: not to be complete */
	uint32_t count;
	char *cursor;               /* that was asked for; NULL: an index was */
	char *next_cursor;          /* that came with the page, or NULL */
	struct source_seen cursors; /* that came */
	bool has_expired;           /* a cursor did */
	unsigned empty_pages;       /* in a row, each with a cursor */
	int64_t start;              /* startIndex of the page */
	int64_t next;               /* the first place that was not passed */
	bool is_overlapping;        /* the page begins with one known */
	bool has_no_overlap;        /* of use with this server */
	bool is_probe;              /* for somebody beyond totalResults */
	size_t longest;             /* page so far */
	char last_id[SCIM_TEXT_BYTES]; /* of the page before */
	char page_id[SCIM_TEXT_BYTES]; /* of this page, as far as it was read */
	bool is_joined;                /* last_id stands on this page */
};

/* One group as it was read. Members are ids, each with its NUL. */
struct scim_group {
	char *id;
	char *name;
	bool has_gid;
	bool is_wanted;
	uint32_t gid;
	struct buffer users;
	struct buffer groups;
	size_t walk; /* number of the last walk that came here */
};

struct scim_groups {
	struct scim_group *items;
	size_t count;
	size_t capacity;
	size_t walks;
	size_t telling; /* the next of items to be told, or asked for */
	struct source_seen ids;
	struct buffer members; /* of the one that is told, each with its NUL */
	size_t offset;         /* of the first that was not told */
};

struct scim_memory {
	struct source_fetch fetch;
	struct scim_paging paging;
	struct scim_tally tally;
	struct json page; /* owned */
	struct json list; /* lent: its elements */
	size_t at;        /* the next element */
	bool has_told_total;
	bool has_user_groups; /* some user named groups */
	bool has_nameless_group;
	bool has_uids; /* some user brought one */
	bool wants_members;
	struct source_entry entry; /* that is told */
	struct sync_group group;   /* as well */
	struct scim_groups groups;
	/* ONE */
	unsigned way; /* which of the filters */
	bool has_way; /* a filter by e-mail was answered */
};

/* source_scim_url.c: fills `paging->attributes` for users or for groups, and
 * begins to fetch the next page. Errors as source_fetch_begin. */
EXTAUTH_CHECKED enum extauth_err scim_url_attributes(
    const struct source_run *run, bool are_groups, bool with_members,
    struct buffer *attributes);
EXTAUTH_CHECKED enum extauth_err scim_url_ask(struct source_run *run,
    struct source_step *ret_step, struct extauth_error *error);

/* Appends `attribute eq "value"`; and " and (filter)" for one that is
 * configured. EXTAUTH_INVALID, EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err scim_url_filter(struct buffer *filter,
    const char *format, const char *value, const char *configured);

/* source_scim_page.c: takes an answer. Where it is no page, `*ret_is_page` is
 * false and `*ret_step` filled: it is asked for in another way, or the END. */
EXTAUTH_CHECKED enum extauth_err scim_page_take(struct source_run *run,
    struct answer *answer, bool *ret_is_page, struct source_step *ret_step,
    struct extauth_error *error);

/* Begins to read a list anew; the tally keeps what was told. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err scim_page_restart(struct scim_memory *memory);

/* source_scim_paging.c: begins a list of users, or of groups with or without
 * members as wants_members says; the caller may fill `filter`. Notes an
 * element, and whether it was never met; says after the last of a page whether
 * another is to be asked for. */
EXTAUTH_CHECKED enum extauth_err scim_paging_begin(
    const struct source_run *run, bool are_groups, bool is_look_up);
EXTAUTH_CHECKED enum extauth_err scim_paging_meet(
    struct scim_memory *memory, const char *id, bool *ret_is_first);
EXTAUTH_CHECKED enum extauth_err scim_paging_go_on(
    const struct source_run *run, bool *ret_is_more);
void scim_paging_clear(struct scim_paging *paging);

/* source_scim_tally.c */
void scim_tally_begin(struct scim_tally *tally);
void scim_tally_total(struct scim_tally *tally, int64_t total);
EXTAUTH_CHECKED enum extauth_err scim_tally_meet(
    struct scim_tally *tally, const char *id, bool *ret_is_first);
/* Whether totalResults is there and not known to be wrong. */
bool scim_tally_has_total(const struct scim_tally *tally);
/* Whether the one page that came may be all, or the first of a server that does
 * not turn pages. */
bool scim_tally_is_doubtful(const struct scim_tally *tally);
enum scim_judgement scim_tally_judge(const struct scim_tally *tally);
void scim_tally_again(struct scim_tally *tally);
void scim_tally_clear(struct scim_tally *tally);

/* source_scim_group.c: tells whether members of groups can be told to be users,
 * or ends the reading. */
bool scim_group_knows_users(
    const struct source_run *run, struct source_step *ret_step);
/* Keeps the group of an element; begins to tell; tells the
 * next one, or the end. */
EXTAUTH_CHECKED enum extauth_err scim_group_take(const struct source_run *run,
    const struct json *element, bool with_members);
void scim_group_sort(struct scim_groups *groups);
EXTAUTH_CHECKED enum extauth_err scim_group_tell(
    const struct source_run *run, struct source_step *ret_step);
void scim_group_clear(struct scim_groups *groups);

/* source_scim_member.c: fills `groups->members` with all users of a group and
 * of the groups in it, each once. EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err scim_member_collect(
    struct scim_groups *groups, struct scim_group *group);
/* Adds to the user that is to be told the wanted groups that he is in. */
EXTAUTH_CHECKED enum extauth_err scim_member_fill(struct scim_memory *memory);

/* source_scim_one.c: the states ONE and ONE_GROUPS: looks for the person; goes
 * on with what was found, at the end of a list without, or where a filter is
 * refused. */
EXTAUTH_CHECKED enum extauth_err scim_one_ask(struct source_run *run,
    struct source_step *ret_step, struct extauth_error *error);
EXTAUTH_CHECKED enum extauth_err scim_one_found(struct source_run *run,
    struct source_step *ret_step, struct extauth_error *error);
EXTAUTH_CHECKED enum extauth_err scim_one_end(struct source_run *run,
    struct source_step *ret_step, struct extauth_error *error);
EXTAUTH_CHECKED enum extauth_err scim_one_refused(struct source_run *run,
    const struct answer *answer, struct source_step *ret_step,
    struct extauth_error *error);
/* Tells whether it is the person asked for. */
bool scim_one_is_asked(
    const struct source_run *run, const struct sync_user *user);

#endif
