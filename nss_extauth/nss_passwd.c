/* SPDX-License-Identifier: MIT */
#include "nss_passwd.h"

#include <errno.h>

#include "nss_buffer.h"
#include "nss_map.h"

static struct nss_walk passwd_walk;

/* Whose entry is asked for, by name, or by uid where that is NULL; and where it
 * goes. */
struct passwd_question {
	const char *name;
	uid_t uid;
	struct nss_buffer buffer;
	struct passwd *result;
};

static void
fill_passwd(const struct nss_buffer *buffer, const struct registry_user *user,
    struct passwd *result)
{
	result->pw_name = nss_buffer_text(buffer, user->name);
	result->pw_passwd = buffer->star;
	result->pw_uid = user->uid;
	result->pw_gid = user->gid;
	result->pw_gecos = nss_buffer_text(buffer, user->gecos);
	result->pw_dir = nss_buffer_text(buffer, user->home);
	result->pw_shell = nss_buffer_text(buffer, user->shell);
}

static enum extauth_err
ask_passwd(const struct registry *registry, void *asked)
{
	struct passwd_question *question = asked;
	struct registry_room *room = &question->buffer.room;
	REGISTRY_UNWIPED struct registry_user user;
	enum extauth_err err = question->name != NULL
	    ? registry_find_name(registry, question->name, room, &user)
	    : registry_find_uid(registry, question->uid, room, &user);

	if (err != EXTAUTH_OK)
		return err;
	if (user.is_linked)
		return EXTAUTH_NOTFOUND;
	fill_passwd(&question->buffer, &user, question->result);
	return EXTAUTH_OK;
}

enum nss_status
_nss_extauth_getpwnam_r(const char *name, struct passwd *result, char *buffer,
    size_t length, int *errnop)
{
	struct passwd_question question = {.name = name, .result = result};
	int saved_errno = errno;
	enum extauth_err err;

	if (!nss_may_be_name(name))
		return nss_answer(EXTAUTH_NOTFOUND, saved_errno, errnop);
	err = nss_buffer_make(buffer, length, &question.buffer);
	if (err == EXTAUTH_OK)
		err = nss_map_ask(ask_passwd, &question);
	return nss_answer(err, saved_errno, errnop);
}

enum nss_status
_nss_extauth_getpwuid_r(
    uid_t uid, struct passwd *result, char *buffer, size_t length, int *errnop)
{
	struct passwd_question question = {.uid = uid, .result = result};
	int saved_errno = errno;
	enum extauth_err err;

	if (!nss_may_be_id(uid))
		return nss_answer(EXTAUTH_NOTFOUND, saved_errno, errnop);
	err = nss_buffer_make(buffer, length, &question.buffer);
	if (err == EXTAUTH_OK)
		err = nss_map_ask(ask_passwd, &question);
	return nss_answer(err, saved_errno, errnop);
}

static bool
is_listed(const struct registry_record *record)
{
	return record->kind == REGISTRY_USER && !record->user.is_linked;
}

enum nss_status
_nss_extauth_getpwent_r(
    struct passwd *result, char *buffer, size_t length, int *errnop)
{
	int saved_errno = errno;
	struct registry_record record = {0};
	struct nss_buffer cut;
	enum extauth_err err = nss_buffer_make(buffer, length, &cut);

	if (err == EXTAUTH_OK)
		err =
		    nss_walk_next(&passwd_walk, &cut.room, is_listed, &record);
	if (err == EXTAUTH_OK)
		fill_passwd(&cut, &record.user, result);
	return nss_answer(err, saved_errno, errnop);
}

enum nss_status
_nss_extauth_setpwent(int stay_open)
{
	(void)stay_open;
	passwd_walk = (struct nss_walk){0};
	return NSS_STATUS_SUCCESS;
}

enum nss_status
_nss_extauth_endpwent(void)
{
	passwd_walk = (struct nss_walk){0};
	return NSS_STATUS_SUCCESS;
}
