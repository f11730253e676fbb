/* SPDX-License-Identifier: MIT */
/* The entry points that glibc calls for the group and initgroups databases.
 * Does not know: passwd entries, who may log in. */
#ifndef EXTAUTH_NSS_GROUP_H
#define EXTAUTH_NSS_GROUP_H

#include <grp.h>
#include <nss.h>

#include "nss_buffer.h"

/* NOLINTBEGIN(readability-identifier-naming): glibc gives the names. */

/* As those of nss_passwd.h. */
NSS_EXPORT enum nss_status _nss_extauth_getgrnam_r(const char *name,
    struct group *result, char *buffer, size_t length, int *errnop);
NSS_EXPORT enum nss_status _nss_extauth_getgrgid_r(
    gid_t gid, struct group *result, char *buffer, size_t length, int *errnop);
NSS_EXPORT enum nss_status _nss_extauth_getgrent_r(
    struct group *result, char *buffer, size_t length, int *errnop);

/* Starts and ends an enumeration. NSS_STATUS_SUCCESS. */
NSS_EXPORT enum nss_status _nss_extauth_setgrent(int stay_open);
NSS_EXPORT enum nss_status _nss_extauth_endgrent(void);

/* Appends the user's groups but `group` to the list at `*groups`, which has
 * `*start` of `*size` places taken and is grown by realloc(3) up to `limit`
 * places, if that is above 0. What is over the limit is dropped. NOTFOUND for a
 * user who is not ours. */
NSS_EXPORT enum nss_status _nss_extauth_initgroups_dyn(const char *user,
    gid_t group, long int *start, long int *size, gid_t **groups,
    long int limit, int *errnop);

/* NOLINTEND(readability-identifier-naming) */

#endif
