/* SPDX-License-Identifier: MIT */
#include "nss_group.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "nss_buffer.h"

/* Enough for the record of nearly every user. */
#define FIRST_ROOM_BYTES 2048

static struct nss_walk group_walk;

/* Whose entry is asked for: by name, or by gid where that is NULL. */
struct group_question {
	const char *name;
	gid_t gid;
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
find_group(const struct group_question *question, struct nss_buffer *buffer,
    struct group *result)
{
	cleanup_registry struct registry registry = {.fd = -1};
	struct registry_group group;
	enum extauth_err err = nss_open(&registry);

	if (err != EXTAUTH_OK)
		return err;
	err = question->name != NULL
	    ? registry_find_group_name(
		  &registry, question->name, &buffer->room, &group)
	    : registry_find_gid(
		  &registry, question->gid, &buffer->room, &group);
	if (err != EXTAUTH_OK)
		return err;
	return fill_members(buffer, &group, result);
}

enum nss_status
_nss_extauth_getgrnam_r(const char *name, struct group *result, char *buffer,
    size_t length, int *errnop)
{
	const struct group_question question = {.name = name};
	int saved_errno = errno;
	struct nss_buffer cut;
	enum extauth_err err;

	if (!nss_may_be_name(name))
		return nss_answer(EXTAUTH_NOTFOUND, saved_errno, errnop);
	err = nss_buffer_make(buffer, length, &cut);
	if (err == EXTAUTH_OK)
		err = find_group(&question, &cut, result);
	return nss_answer(err, saved_errno, errnop);
}

enum nss_status
_nss_extauth_getgrgid_r(
    gid_t gid, struct group *result, char *buffer, size_t length, int *errnop)
{
	const struct group_question question = {.gid = gid};
	int saved_errno = errno;
	struct nss_buffer cut;
	enum extauth_err err;

	if (!nss_may_be_id(gid))
		return nss_answer(EXTAUTH_NOTFOUND, saved_errno, errnop);
	err = nss_buffer_make(buffer, length, &cut);
	if (err == EXTAUTH_OK)
		err = find_group(&question, &cut, result);
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
	struct registry_record record;
	struct nss_buffer cut;
	enum extauth_err err = nss_buffer_make(buffer, length, &cut);

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

static enum extauth_err
list_grow(const struct group_list *list)
{
	long int size = *list->size > 0 ? *list->size * 2 : 16;
	gid_t *groups;

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
 * are looked at. */
static enum extauth_err
list_add(const struct group_list *list, const struct registry_user *user,
    gid_t primary)
{
	size_t number;

	for (number = 0; number < user->gid_count; number++) {
		gid_t gid = user->gids[number];

		if (gid == primary || list_has(list, gid))
			continue;
		if (list->limit > 0 && *list->start >= list->limit)
			return EXTAUTH_OK;
		if (*list->start >= *list->size &&
		    list_grow(list) != EXTAUTH_OK)
			return EXTAUTH_NOMEM;
		(*list->groups)[(*list->start)++] = gid;
	}
	return EXTAUTH_OK;
}

/* There is no caller's buffer here: the record goes on the stack, and only one
 * that is too long for it into memory of its own. */
static enum extauth_err
add_groups(const char *name, gid_t primary, const struct group_list *list)
{
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_room struct registry_room grown = {0};
	char bytes[FIRST_ROOM_BYTES];
	struct registry_room room = {bytes, sizeof(bytes), true};
	struct registry_user user;
	enum extauth_err err = nss_open(&registry);

	if (err == EXTAUTH_OK)
		err = registry_find_name(&registry, name, &room, &user);
	if (err == EXTAUTH_TOOBIG)
		err = registry_find_name(&registry, name, &grown, &user);
	if (err != EXTAUTH_OK)
		return err;
	if (user.is_linked)
		return EXTAUTH_NOTFOUND;
	return list_add(list, &user, primary);
}

/* glibc gives the parameters. */
/* NOLINTBEGIN(readability-function-size, readability-non-const-parameter) */
enum nss_status
_nss_extauth_initgroups_dyn(const char *user, gid_t group, long int *start,
    long int *size, gid_t **groups, long int limit, int *errnop)
{
	const struct group_list list = {start, size, groups, limit, *start};
	int saved_errno = errno;

	if (!nss_may_be_name(user))
		return nss_answer(EXTAUTH_NOTFOUND, saved_errno, errnop);
	return nss_answer(add_groups(user, group, &list), saved_errno, errnop);
}
/* NOLINTEND(readability-function-size, readability-non-const-parameter) */
