/* SPDX-License-Identifier: MIT */
/* The name service that cannot be beaten: it makes the answer out of the
 * question, so that what is left is the price of glibc itself. Knows the users
 * of nss_users.h.
 * Does not know: files. */
#include <errno.h>
#include <grp.h>
#include <nss.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "nss_users.h"

#define NULL_EXPORT __attribute__((visibility("default")))

/* NOLINTBEGIN(readability-identifier-naming,misc-*): glibc gives the names. */
NULL_EXPORT enum nss_status _nss_benchnull_getpwnam_r(const char *name,
    struct passwd *result, char *buffer, size_t length, int *errnop);
NULL_EXPORT enum nss_status _nss_benchnull_getpwuid_r(
    uid_t uid, struct passwd *result, char *buffer, size_t length, int *errnop);
NULL_EXPORT enum nss_status _nss_benchnull_initgroups_dyn(const char *user,
    gid_t group, long int *start, long int *size, gid_t **groups,
    long int limit, int *errnop);

static void
fill(struct passwd *result, const char *name, uid_t uid, char *buffer)
{
	memcpy(buffer, name, strlen(name) + 1);
	result->pw_name = buffer;
	result->pw_passwd = buffer;
	result->pw_uid = uid;
	result->pw_gid = uid;
	result->pw_gecos = buffer;
	result->pw_dir = buffer;
	result->pw_shell = buffer;
}

enum nss_status
_nss_benchnull_getpwnam_r(const char *name, struct passwd *result, char *buffer,
    size_t length, int *errnop)
{
	if (strncmp(name, "user", 4) != 0 || length < USERS_NAME_BYTES) {
		*errnop = ENOENT;
		return NSS_STATUS_NOTFOUND;
	}
	fill(result, name,
	    USERS_FIRST_UID + (uint32_t)strtoul(name + 4, NULL, 10), buffer);
	return NSS_STATUS_SUCCESS;
}

enum nss_status
_nss_benchnull_getpwuid_r(
    uid_t uid, struct passwd *result, char *buffer, size_t length, int *errnop)
{
	if (uid < USERS_FIRST_UID || length < USERS_NAME_BYTES) {
		*errnop = ENOENT;
		return NSS_STATUS_NOTFOUND;
	}
	fill(result, "user", uid, buffer);
	return NSS_STATUS_SUCCESS;
}

enum nss_status
_nss_benchnull_initgroups_dyn(const char *user, gid_t group, long int *start,
    long int *size, gid_t **groups, long int limit, int *errnop)
{
	uint32_t number = (uint32_t)strtoul(user + 4, NULL, 10);
	unsigned at;

	(void)group;
	(void)limit;
	for (at = 0; at < users_group_count(number); at++) {
		if (*start >= *size) {
			long int grown = *size * 2;
			gid_t *more =
			    reallocarray(*groups, (size_t)grown, sizeof(*more));

			if (more == NULL) {
				*errnop = ENOMEM;
				return NSS_STATUS_TRYAGAIN;
			}
			*groups = more;
			*size = grown;
		}
		(*groups)[(*start)++] =
		    USERS_FIRST_GID + users_group(number, at);
	}
	return NSS_STATUS_SUCCESS;
}
/* NOLINTEND(readability-identifier-naming,misc-*) */
