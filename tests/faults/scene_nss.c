/* SPDX-License-Identifier: MIT */
#include <err.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "scene.h"

#define GROUPS_MAX 64

static size_t
put_user(char *text, size_t size, const struct passwd *user)
{
	return (size_t)snprintf(text, size, "%s:%s:%u:%u:%s:%s:%s\n",
	    user->pw_name, user->pw_passwd, user->pw_uid, user->pw_gid,
	    user->pw_gecos, user->pw_dir, user->pw_shell);
}

static size_t
put_group(char *text, size_t size, const struct group *group)
{
	size_t used = (size_t)snprintf(text, size, "%s:%s:%u:", group->gr_name,
	    group->gr_passwd, group->gr_gid);
	char **member;

	for (member = group->gr_mem; *member != NULL && used < size; member++)
		used +=
		    (size_t)snprintf(text + used, size - used, "%s,", *member);
	return used < size
	    ? used + (size_t)snprintf(text + used, size - used, "\n")
	    : size;
}

/* What there was, or why there was nothing. */
static void
tell_user(char *text, const struct passwd *user, int error)
{
	if (user != NULL)
		(void)put_user(text, SCENE_TEXT_BYTES / 2, user);
	else
		(void)snprintf(text, SCENE_TEXT_BYTES / 2, "%s",
		    error == 0 ? "nobody\n" : "error\n");
}

static void
tell_group(char *text, const struct group *group, int error)
{
	if (group != NULL)
		(void)put_group(text, SCENE_TEXT_BYTES / 2, group);
	else
		(void)snprintf(text, SCENE_TEXT_BYTES / 2, "%s",
		    error == 0 ? "nobody\n" : "error\n");
}

static void
tell_groups_of(const struct scene *scene, char *text)
{
	gid_t gids[GROUPS_MAX];
	int count = GROUPS_MAX;
	size_t used = 0;
	int number;

	if (getgrouplist(scene->user, 4242, gids, &count) < 0)
		count = 0;
	for (number = 0; number < count; number++)
		used += (size_t)snprintf(
		    text + used, SCENE_TEXT_BYTES - used, "%u ", gids[number]);
}

static void
tell_everybody(char *text)
{
	const struct passwd *user;
	size_t used = 0;

	setpwent();
	while (errno = 0,
	    (user = getpwent()) != NULL && used < SCENE_TEXT_BYTES - 512)
		used += put_user(text + used, SCENE_TEXT_BYTES - used, user);
	endpwent();
}

/* Between the two look-ups the registry becomes another one. */
static void
look_at_both(const struct scene *scene, char *text)
{
	const struct passwd *user;

	errno = 0;
	user = getpwnam(scene->user);
	tell_user(text, user, errno);
	(void)rename("/var/lib/extauth/nss.other", "/var/lib/extauth/nss");
	text += strlen(text);
	errno = 0;
	user = getpwnam(scene->user);
	tell_user(text, user, errno);
}

static bool
tell_found_user(const struct scene *scene, char *text)
{
	const struct passwd *user;

	errno = 0;
	if (strcmp(scene->call, "getpwnam") == 0)
		user = getpwnam(scene->user);
	else if (strcmp(scene->call, "getpwuid") == 0)
		user = getpwuid((uid_t)strtoul(scene->user, NULL, 10));
	else
		return false;
	tell_user(text, user, errno);
	return true;
}

static bool
tell_found_group(const struct scene *scene, char *text)
{
	const struct group *group;

	errno = 0;
	if (strcmp(scene->call, "getgrnam") == 0)
		group = getgrnam(scene->user);
	else if (strcmp(scene->call, "getgrgid") == 0)
		group = getgrgid((gid_t)strtoul(scene->user, NULL, 10));
	else
		return false;
	tell_group(text, group, errno);
	return true;
}

void
scene_nss_call(const struct scene *scene, char *text)
{
	if (tell_found_user(scene, text) || tell_found_group(scene, text))
		return;
	if (strcmp(scene->call, "initgroups") == 0)
		tell_groups_of(scene, text);
	else if (strcmp(scene->call, "everybody") == 0)
		tell_everybody(text);
	else
		look_at_both(scene, text);
}

/* Once loads the module; "mapped" asks until it keeps a map. */
void
scene_nss_warm_up(const struct scene *scene)
{
	const int rounds =
	    scene->answer != NULL && strcmp(scene->answer, "mapped") == 0 ? 100
									  : 1;
	int round;

	(void)getgrnam("root");
	for (round = 0; round < rounds; round++) {
		(void)getpwnam("nosuchuser");
		(void)getgrnam("nosuchgroup");
		(void)getpwuid(2000200001);
	}
}
