/* SPDX-License-Identifier: MIT */
/* Who a directory told of, kept small: a million people are a few hundred MB.
 * Does not know: the registry. */
#ifndef EXTAUTHCTL_SYNC_PEOPLE_H
#define EXTAUTHCTL_SYNC_PEOPLE_H

#include "sync.h"
#include "sync_group.h"

#define SYNC_PEOPLE_MAX 20000000U

/* The texts of a person, in the order in which they are kept. */
enum sync_person_text {
	SYNC_PERSON_ID = 0,
	SYNC_PERSON_EMAIL,
	SYNC_PERSON_NAME,
	SYNC_PERSON_GECOS,
	SYNC_PERSON_HOME,
	SYNC_PERSON_SHELL,
	SYNC_PERSON_TEXT_COUNT
};

enum sync_person_flags {
	SYNC_PERSON_TOLD = 1, /* else only met as a member */
	SYNC_PERSON_HAS_UID = 2,
	SYNC_PERSON_DISABLED = 4,
	SYNC_PERSON_GONE = 8,
	SYNC_PERSON_TWICE = 16,    /* two people with this id were told */
	SYNC_PERSON_SHARED = 32,   /* two people with this e-mail */
	SYNC_PERSON_FILTERED = 64, /* by domains or only_groups */
};

struct sync_person {
	const char *texts; /* each with its NUL */
	uint32_t uid;
	uint32_t flags;
	uint32_t first_link; /* position + 1, 0 = none */
};

/* A person is in a local group. */
struct sync_link {
	uint32_t local;
	uint32_t next; /* position + 1 */
};

struct sync_people {
	const struct config_source *source;
	struct sync_groups groups;
	struct sync_arena arena;
	struct sync_person *persons;
	size_t count;
	size_t capacity;
	struct sync_link *links;
	size_t link_count;
	size_t link_capacity;
	struct sync_index by_id;
	struct sync_index by_email; /* once settled */
	size_t told_count;
	size_t gone_count;
	bool has_groups; /* the directory is asked for groups */
};

/* The texts of a person, lent by the people. */
struct sync_person_texts {
	const char *of[SYNC_PERSON_TEXT_COUNT];
};

/* Makes `ret_people` empty; it must not move while it is used. Ended by
 * sync_people_clear. */
void sync_people_begin(struct sync_people *ret_people,
    const struct config *config, const struct config_source *source);

/* Each takes what was told. EXTAUTH_TOOBIG for too many, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err sync_people_tell_user(
    struct sync_people *people, const struct sync_user *user);
EXTAUTH_CHECKED enum extauth_err sync_people_tell_group(
    struct sync_people *people, const struct sync_group *group);

/* Finds out, once all is told, who shares an e-mail and whom the source's
 * domains and only_groups leave out. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err sync_people_settle(struct sync_people *people);

/* Lends a person, until more are told, or NULL. */
const struct sync_person *sync_people_find_id(
    const struct sync_people *people, const char *id);
const struct sync_person *sync_people_find_email(
    const struct sync_people *people, const char *email);

/* Tells whether the directory has him, and the source wants him. */
bool sync_person_is_there(const struct sync_person *person);

/* Tells whether one of his groups is one of only_groups, or there are none. */
bool sync_person_is_in_only(
    const struct sync_people *people, const struct sync_person *person);

/* Lends the texts. */
void sync_person_read(
    const struct sync_person *person, struct sync_person_texts *ret_texts);
const char *sync_person_text(
    const struct sync_person *person, enum sync_person_text which);

/* Frees all and leaves it empty. NULL is allowed. */
void sync_people_clear(struct sync_people *people);

#define cleanup_people __attribute__((cleanup(sync_people_clear)))

#endif
