/* SPDX-License-Identifier: MIT */
#include "nss_group.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "nss_buffer.h"
#include "nss_map.h"

/* Enough for the record of nearly every user. */
#define FIRST_ROOM_BYTES 2048

static struct nss_walk group_walk;

/* Whose entry is asked for, by name, or by gid where that is NULL; and where it
 * goes. */
struct group_question {
	const char *name;
	gid_t gid;
	struct nss_buffer buffer;
	struct group *result;
};

/* The list that glibc gathers, and how much of it was there before us. */
struct group_list {
	long int *start;
	long int *size;
	gid_t **groups;
	long int limit;
	long int first;
};

/* Puts the list of members behind the record. The members' names end before
 * it; for an empty group it is put one byte on, behind a NUL that may be the
 * name's. */
static enum extauth_err
fill_members(const struct nss_buffer *buffer,
    const struct registry_group *group, struct group *result)
{
	const char *member = group->members;
	uintptr_t place = (uintptr_t)member + group->members_bytes + 1;
	uintptr_t end = (uintptr_t)buffer->star;
	size_t number;
	char **members;

	place += -place % _Alignof(char *);
	if (place > end ||
	    (end - place) / sizeof(*members) <= group->member_count)
		return EXTAUTH_TOOBIG;
	members = (char **)(void *)(buffer->room.bytes +
	    (place - (uintptr_t)buffer->room.bytes));
	for (number = 0; number < group->member_count; number++) {
		members[number] = nss_buffer_text(buffer, member);
		member += strlen(member) + 1;
	}
	members[number] = NULL;
	result->gr_name = nss_buffer_text(buffer, group->name);
	result->gr_passwd = buffer->star;
	result->gr_gid = group->gid;
	result->gr_mem = members;
	return EXTAUTH_OK;
}

static enum extauth_err
ask_group(const struct registry *registry, void *asked)
{
	struct group_question *question = asked;
	struct registry_room *room = &question->buffer.room;
	struct registry_group group;
	enum extauth_err err = question->name != NULL
	    ? registry_find_group_name(registry, question->name, room, &group)
	    : registry_find_gid(registry, question->gid, room, &group);

	if (err != EXTAUTH_OK)
		return err;
	return fill_members(&question->buffer, &group, question->result);
}

/* Cuts the buffer so that a group goes into it only if its list of members
 * does as well: of a big group, not even the first byte is read in vain. */
static enum extauth_err
cut_for_group(char *bytes, size_t length, struct nss_buffer *ret_buffer)
{
	enum extauth_err err = nss_buffer_make(bytes, length, ret_buffer);

	if (err == EXTAUTH_OK)
		ret_buffer->room.member_bytes = sizeof(char *);
	return err;
}

enum nss_status
_nss_extauth_getgrnam_r(const char *name, struct group *result, char *buffer,
    size_t length, int *errnop)
{
	struct group_question question = {.name = name, .result = result};
	int saved_errno = errno;
	enum extauth_err err;

	if (!nss_may_be_name(name))
		return nss_answer(EXTAUTH_NOTFOUND, saved_errno, errnop);
	err = cut_for_group(buffer, length, &question.buffer);
	if (err == EXTAUTH_OK)
		err = nss_map_ask(ask_group, &question);
	return nss_answer(err, saved_errno, errnop);
}

enum nss_status
_nss_extauth_getgrgid_r(
    gid_t gid, struct group *result, char *buffer, size_t length, int *errnop)
{
	struct group_question question = {.gid = gid, .result = result};
	int saved_errno = errno;
	enum extauth_err err;

	if (!nss_may_be_id(gid))
		return nss_answer(EXTAUTH_NOTFOUND, saved_errno, errnop);
	err = cut_for_group(buffer, length, &question.buffer);
	if (err == EXTAUTH_OK)
		err = nss_map_ask(ask_group, &question);
	return nss_answer(err, saved_errno, errnop);
}

/* Every user who is not linked has a private group. */
static bool
is_listed(const struct registry_record *record)
{
	return record->kind == REGISTRY_GROUP ||
	    (record->kind == REGISTRY_USER && !record->user.is_linked);
}

static struct registry_group
listed_group(const struct registry_record *record)
{
	const char *name = record->user.name;

	if (record->kind == REGISTRY_GROUP)
		return record->group;
	return (struct registry_group){
	    .name = name,
	    .gid = record->user.gid,
	    .members = name + strlen(name),
	};
}

enum nss_status
_nss_extauth_getgrent_r(
    struct group *result, char *buffer, size_t length, int *errnop)
{
	struct nss_walk before = group_walk;
	int saved_errno = errno;
	struct registry_record record = {0};
	struct nss_buffer cut;
	enum extauth_err err = cut_for_group(buffer, length, &cut);

	if (err == EXTAUTH_OK)
		err = nss_walk_next(&group_walk, &cut.room, is_listed, &record);
	if (err == EXTAUTH_OK) {
		struct registry_group group = listed_group(&record);

		err = fill_members(&cut, &group, result);
	}
	if (err != EXTAUTH_OK)
		group_walk = before;
	return nss_answer(err, saved_errno, errnop);
}

enum nss_status
_nss_extauth_setgrent(int stay_open)
{
	(void)stay_open;
	group_walk = (struct nss_walk){0};
	return NSS_STATUS_SUCCESS;
}

enum nss_status
_nss_extauth_endgrent(void)
{
	group_walk = (struct nss_walk){0};
	return NSS_STATUS_SUCCESS;
}

static bool
list_has(const struct group_list *list, gid_t gid)
{
	long int number;

	for (number = 0; number < list->first; number++) {
		if ((*list->groups)[number] == gid)
			return true;
	}
	return false;
}

/* How many places may be taken without growing the list. */
static long int
list_end(const struct group_list *list)
{
	bool is_limited = list->limit > 0 && list->limit < *list->size;

	return is_limited ? list->limit : *list->size;
}

/* Makes room for one more, or says by EXTAUTH_TOOBIG that there may be none. */
static enum extauth_err
list_grow(const struct group_list *list, long int taken)
{
	long int size = *list->size > 0 ? *list->size * 2 : 16;
	gid_t *groups;

	if (list->limit > 0 && taken >= list->limit)
		return EXTAUTH_TOOBIG;
	if (list->limit > 0 && size > list->limit)
		size = list->limit;
	groups = reallocarray(*list->groups, (size_t)size, sizeof(*groups));
	if (groups == NULL)
		return EXTAUTH_NOMEM;
	*list->groups = groups;
	*list->size = size;
	return EXTAUTH_OK;
}

/* The gids of one user are all different, so only those that were there before
 * are looked at. What is over the limit is dropped. */
static enum extauth_err
list_add(const struct group_list *list, const struct registry_user *user,
    gid_t primary)
{
	long int taken = *list->start;
	long int end = list_end(list);
	enum extauth_err err = EXTAUTH_OK;
	size_t number;

	for (number = 0; number < user->gid_count && err == EXTAUTH_OK;
	     number++) {
		gid_t gid = user->gids[number];

		if (gid == primary || list_has(list, gid))
			continue;
		if (taken >= end) {
			err = list_grow(list, taken);
			end = list_end(list);
		}
		if (err == EXTAUTH_OK)
			(*list->groups)[taken++] = gid;
	}
	*list->start = taken;
	return err == EXTAUTH_TOOBIG ? EXTAUTH_OK : err;
}

/* Whose groups are asked for, and where they go. */
struct groups_question {
	const char *name;
	gid_t primary;
	const struct group_list *list;
};

/* There is no caller's buffer here: the record goes on the stack, and only one
 * that is too long for it into memory of its own. */
static enum extauth_err
ask_groups(const struct registry *registry, void *asked)
{
	const struct groups_question *question = asked;
	cleanup_room struct registry_room grown = {0};
	REGISTRY_UNWIPED char bytes[FIRST_ROOM_BYTES];
	struct registry_room room = {
	    .bytes = bytes, .size = sizeof(bytes), .is_fixed = true};
	struct registry_user user;
	enum extauth_err err =
	    registry_find_name(registry, question->name, &room, &user);

	if (err == EXTAUTH_TOOBIG)
		err =
		    registry_find_name(registry, question->name, &grown, &user);
	if (err != EXTAUTH_OK)
		return err;
	if (user.is_linked)
		return EXTAUTH_NOTFOUND;
	return list_add(question->list, &user, question->primary);
}

/* glibc gives the parameters. */
/* NOLINTBEGIN(readability-function-size, readability-non-const-parameter) */
enum nss_status
_nss_extauth_initgroups_dyn(const char *user, gid_t group, long int *start,
    long int *size, gid_t **groups, long int limit, int *errnop)
{
	const struct group_list list = {start, size, groups, limit, *start};
	struct groups_question question = {user, group, &list};
	int saved_errno = errno;

	if (!nss_may_be_name(user))
		return nss_answer(EXTAUTH_NOTFOUND, saved_errno, errnop);
	return nss_answer(
	    nss_map_ask(ask_groups, &question), saved_errno, errnop);
}
/* NOLINTEND(readability-function-size, readability-non-const-parameter) */
