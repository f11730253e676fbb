/* SPDX-License-Identifier: MIT */
/* The entry points that glibc calls for the passwd database, as
 * nss(5) and the chapter "Name Service Switch" of its manual tell.
 * Does not know: groups, who may log in. */
#ifndef EXTAUTH_NSS_PASSWD_H
#define EXTAUTH_NSS_PASSWD_H

#include <nss.h>
#include <pwd.h>

#include "nss_buffer.h"

/* NOLINTBEGIN(readability-identifier-naming): glibc gives the names. */

/* Each fills `result`, whose texts lie in `buffer`, and returns
 * NSS_STATUS_SUCCESS; NOTFOUND; TRYAGAIN with ERANGE in `*errnop` for a buffer
 * that is too small; UNAVAIL for a registry that cannot be used. */
NSS_EXPORT enum nss_status _nss_extauth_getpwnam_r(const char *name,
    struct passwd *result, char *buffer, size_t length, int *errnop);
NSS_EXPORT enum nss_status _nss_extauth_getpwuid_r(
    uid_t uid, struct passwd *result, char *buffer, size_t length, int *errnop);
NSS_EXPORT enum nss_status _nss_extauth_getpwent_r(
    struct passwd *result, char *buffer, size_t length, int *errnop);

/* Starts and ends an enumeration. NSS_STATUS_SUCCESS. */
NSS_EXPORT enum nss_status _nss_extauth_setpwent(int stay_open);
NSS_EXPORT enum nss_status _nss_extauth_endpwent(void);

/* NOLINTEND(readability-identifier-naming) */

#endif
