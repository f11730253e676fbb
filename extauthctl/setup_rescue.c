/* SPDX-License-Identifier: MIT */
#include "setup_rescue.h"

#include <grp.h>
#include <pwd.h>
#include <shadow.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "setup_command.h"

#define OUTPUT_BYTES 4096
#define HASH_MIN_BYTES 13 /* of crypt(3)'s oldest */

/* "!", "*", "!!" and the like match no password; an empty one is none. */
static bool
password_can_match(const char *hash)
{
	return hash != NULL && strlen(hash) >= HASH_MIN_BYTES &&
	    strpbrk(hash, "!* ") == NULL;
}

/* 0 in sp_lstchg: a new one has to be set at the next login. */
static bool
shadow_is_good(const struct spwd *shadow, int64_t today)
{
	if (!password_can_match(shadow->sp_pwdp) || shadow->sp_lstchg == 0)
		return false;
	if (shadow->sp_expire >= 0 && today >= shadow->sp_expire)
		return false;
	return shadow->sp_max < 0 || shadow->sp_max >= 99999 ||
	    shadow->sp_lstchg < 0 ||
	    today <= shadow->sp_lstchg + shadow->sp_max;
}

static bool
has_shell(const struct passwd *entry)
{
	const char *slash = strrchr(entry->pw_shell, '/');
	const char *name = slash != NULL ? slash + 1 : entry->pw_shell;

	return strcmp(name, "nologin") != 0 && strcmp(name, "false") != 0;
}

/* Of the file itself, past NSS: a group of the registry saves nobody. */
static bool
is_in_group_sudo(const struct passwd *entry)
{
	FILE *file = fopen("/etc/group", "re");
	const struct group *group;
	bool is_member = false;
	char **member;

	/* One thread. NOLINTNEXTLINE(concurrency-mt-unsafe) */
	while (file != NULL && (group = fgetgrent(file)) != NULL) {
		if (strcmp(group->gr_name, "sudo") != 0)
			continue;
		is_member = group->gr_gid == entry->pw_gid;
		for (member = group->gr_mem; *member != NULL; member++)
			if (strcmp(*member, entry->pw_name) == 0)
				is_member = true;
	}
	if (file != NULL)
		(void)fclose(file);
	return is_member;
}

static bool
has_rights(const struct passwd *entry)
{
	const char *const argv[] = {
	    SETUP_SUDO, "-n", "-l", "-U", entry->pw_name, "/bin/sh", NULL};
	cleanup_buffer struct buffer output = buffer_make(OUTPUT_BYTES);
	struct extauth_error ignored = {0};
	int status = 0;

	if (entry->pw_uid == 0)
		return true;
	if (access(SETUP_SUDO, X_OK) != 0 ||
	    setup_command_run(argv, &output, &status, &ignored) != EXTAUTH_OK ||
	    status > 1)
		return is_in_group_sudo(entry);
	return status == 0;
}

static bool
has_password(const char *name, int64_t today)
{
	FILE *file = fopen("/etc/shadow", "re");
	const struct spwd *shadow;
	bool is_good = false;

	/* One thread. NOLINTNEXTLINE(concurrency-mt-unsafe) */
	while (file != NULL && (shadow = fgetspent(file)) != NULL)
		if (strcmp(shadow->sp_namp, name) == 0)
			is_good = shadow_is_good(shadow, today);
	if (file != NULL)
		(void)fclose(file);
	return is_good;
}

enum extauth_err
setup_rescue_find(int64_t today, char *name, struct extauth_error *error)
{
	FILE *file = fopen("/etc/passwd", "re");
	const struct passwd *entry;
	bool is_found = false;

	if (file == NULL)
		return error_set(
		    error, EXTAUTH_UNAVAILABLE, "/etc/passwd: cannot be read");
	/* One thread. NOLINTNEXTLINE(concurrency-mt-unsafe) */
	while (!is_found && (entry = fgetpwent(file)) != NULL) {
		is_found = has_shell(entry) &&
		    has_password(entry->pw_name, today) && has_rights(entry);
		if (is_found)
			(void)snprintf(
			    name, SETUP_NAME_BYTES, "%s", entry->pw_name);
	}
	(void)fclose(file);
	if (is_found)
		return EXTAUTH_OK;
	return error_set(error, EXTAUTH_NOTFOUND,
	    "no local account has a password of its own and sudo rights: when "
	    "the web service is out of reach nobody could become root here. "
	    "Type `adduser breakglass && adduser breakglass sudo` first; "
	    "--i-have-console-access goes on without");
}
