/* SPDX-License-Identifier: MIT */
#include "nss_passwd.h"

#include <errno.h>

#include "nss_buffer.h"

static struct nss_walk passwd_walk;

/* Whose entry is asked for: by name, or by uid where that is NULL. */
struct passwd_question {
	const char *name;
	uid_t uid;
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
find_passwd(const struct passwd_question *question, struct nss_buffer *buffer,
    struct passwd *result)
{
	cleanup_registry struct registry registry = {.fd = -1};
	struct registry_user user;
	enum extauth_err err = nss_open(&registry);

	if (err != EXTAUTH_OK)
		return err;
	err = question->name != NULL
	    ? registry_find_name(
		  &registry, question->name, &buffer->room, &user)
	    : registry_find_uid(&registry, question->uid, &buffer->room, &user);
	if (err != EXTAUTH_OK)
		return err;
	if (user.is_linked)
		return EXTAUTH_NOTFOUND;
	fill_passwd(buffer, &user, result);
	return EXTAUTH_OK;
}

enum nss_status
_nss_extauth_getpwnam_r(const char *name, struct passwd *result, char *buffer,
    size_t length, int *errnop)
{
	const struct passwd_question question = {.name = name};
	int saved_errno = errno;
	struct nss_buffer cut;
	enum extauth_err err;

	if (!nss_may_be_name(name))
		return nss_answer(EXTAUTH_NOTFOUND, saved_errno, errnop);
	err = nss_buffer_make(buffer, length, &cut);
	if (err == EXTAUTH_OK)
		err = find_passwd(&question, &cut, result);
	return nss_answer(err, saved_errno, errnop);
}

enum nss_status
_nss_extauth_getpwuid_r(
    uid_t uid, struct passwd *result, char *buffer, size_t length, int *errnop)
{
	const struct passwd_question question = {.uid = uid};
	int saved_errno = errno;
	struct nss_buffer cut;
	enum extauth_err err;

	if (!nss_may_be_id(uid))
		return nss_answer(EXTAUTH_NOTFOUND, saved_errno, errnop);
	err = nss_buffer_make(buffer, length, &cut);
	if (err == EXTAUTH_OK)
		err = find_passwd(&question, &cut, result);
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
	struct registry_record record;
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
