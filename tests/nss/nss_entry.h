/* SPDX-License-Identifier: MIT */
/* The entry points of the built module, as glibc looks them up.
 * Does not know: what they answer. */
#ifndef EXTAUTH_NSS_ENTRY_H
#define EXTAUTH_NSS_ENTRY_H

#include <grp.h>
#include <nss.h>
#include <pwd.h>
#include <sys/types.h>

typedef enum nss_status (*passwd_by_name)(
    const char *, struct passwd *, char *, size_t, int *);
typedef enum nss_status (*passwd_by_uid)(
    uid_t, struct passwd *, char *, size_t, int *);
typedef enum nss_status (*passwd_entry)(struct passwd *, char *, size_t, int *);
typedef enum nss_status (*group_by_name)(
    const char *, struct group *, char *, size_t, int *);
typedef enum nss_status (*group_by_gid)(
    gid_t, struct group *, char *, size_t, int *);
typedef enum nss_status (*group_entry)(struct group *, char *, size_t, int *);
typedef enum nss_status (*set_entry)(int);
typedef enum nss_status (*end_entry)(void);
typedef enum nss_status (*user_groups)(
    const char *, gid_t, long int *, long int *, gid_t **, long int, int *);

struct nss_module {
	void *handle;
	passwd_by_name getpwnam;
	passwd_by_uid getpwuid;
	passwd_entry getpwent;
	set_entry setpwent;
	end_entry endpwent;
	group_by_name getgrnam;
	group_by_gid getgrgid;
	group_entry getgrent;
	set_entry setgrent;
	end_entry endgrent;
	user_groups initgroups;
};

/* Loads the module and finds all of them. */
struct nss_module nss_load(void);
void nss_unload(const struct nss_module *module);

#endif
