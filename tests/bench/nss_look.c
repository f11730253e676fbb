/* SPDX-License-Identifier: MIT */
#include "nss_look.h"

#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "nss_users.h"

uint64_t
look_now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* xorshift64: which user is next need not be secret. */
static uint32_t
next_user(struct looker *looker)
{
	looker->random ^= looker->random << 13;
	looker->random ^= looker->random >> 7;
	looker->random ^= looker->random << 17;
	return (uint32_t)(looker->random % looker->bench->users);
}

static bool
look_name(struct looker *looker, uint32_t number, uint64_t *ret_ns)
{
	char name[USERS_NAME_BYTES];
	struct passwd *found = NULL;
	struct passwd entry;
	uint64_t start;

	users_name(name, number);
	start = look_now_ns();
	(void)getpwnam_r(
	    name, &entry, looker->buffer, sizeof(looker->buffer), &found);
	*ret_ns = look_now_ns() - start;
	return found != NULL && entry.pw_uid == USERS_FIRST_UID + number &&
	    strcmp(entry.pw_name, name) == 0;
}

static bool
look_hot(struct looker *looker, uint64_t *ret_ns)
{
	return look_name(looker, looker->bench->users / 2, ret_ns);
}

static bool
look_random(struct looker *looker, uint64_t *ret_ns)
{
	return look_name(looker, next_user(looker), ret_ns);
}

/* A name that might be a user's. */
static bool
look_missing(struct looker *looker, uint64_t *ret_ns)
{
	char name[USERS_NAME_BYTES + 8];
	struct passwd *found = NULL;
	struct passwd entry;
	uint64_t start;

	(void)snprintf(name, sizeof(name), "nobody%08u", next_user(looker));
	start = look_now_ns();
	(void)getpwnam_r(
	    name, &entry, looker->buffer, sizeof(looker->buffer), &found);
	*ret_ns = look_now_ns() - start;
	return found == NULL;
}

static bool
look_uid(struct looker *looker, uint64_t *ret_ns)
{
	uint32_t uid = USERS_FIRST_UID + next_user(looker);
	struct passwd *found = NULL;
	struct passwd entry;
	uint64_t start = look_now_ns();

	(void)getpwuid_r(
	    uid, &entry, looker->buffer, sizeof(looker->buffer), &found);
	*ret_ns = look_now_ns() - start;
	return found != NULL && entry.pw_uid == uid;
}

static bool
look_groups(struct looker *looker, uint32_t number, uint64_t *ret_ns)
{
	char name[USERS_NAME_BYTES];
	int count = GROUPS_MAX;
	uint64_t start;

	users_name(name, number);
	start = look_now_ns();
	(void)getgrouplist(
	    name, USERS_FIRST_UID + number, looker->groups, &count);
	*ret_ns = look_now_ns() - start;
	return count == (int)users_group_count(number) + 1;
}

static bool
look_groups0(struct looker *looker, uint64_t *ret_ns)
{
	return look_groups(looker, 1, ret_ns);
}

static bool
look_groups10(struct looker *looker, uint64_t *ret_ns)
{
	return look_groups(looker, 10, ret_ns);
}

static bool
look_groups100(struct looker *looker, uint64_t *ret_ns)
{
	return look_groups(looker, 100, ret_ns);
}

static bool
look_direct(
    struct looker *looker, const char *name, bool is_there, uint64_t *ret_ns)
{
	struct passwd entry;
	enum nss_status status;
	int error_number = 0;
	uint64_t start = look_now_ns();

	status = looker->bench->direct(name, &entry, looker->buffer,
	    sizeof(looker->buffer), &error_number);
	*ret_ns = look_now_ns() - start;
	return is_there
	    ? status == NSS_STATUS_SUCCESS && strcmp(entry.pw_name, name) == 0
	    : status == NSS_STATUS_NOTFOUND;
}

static bool
look_direct_hot(struct looker *looker, uint64_t *ret_ns)
{
	char name[USERS_NAME_BYTES];

	users_name(name, looker->bench->users / 2);
	return look_direct(looker, name, true, ret_ns);
}

static bool
look_direct_random(struct looker *looker, uint64_t *ret_ns)
{
	char name[USERS_NAME_BYTES];

	users_name(name, next_user(looker));
	return look_direct(looker, name, true, ret_ns);
}

static bool
look_direct_missing(struct looker *looker, uint64_t *ret_ns)
{
	char name[USERS_NAME_BYTES + 8];

	(void)snprintf(name, sizeof(name), "nobody%08u", next_user(looker));
	return look_direct(looker, name, false, ret_ns);
}

/* A hundred accesses, each at the place that the one before named. */
static bool
look_chase(struct looker *looker, uint64_t *ret_ns)
{
	const uint64_t *chase = looker->bench->chase;
	uint64_t place = looker->random;
	uint64_t start = look_now_ns();
	unsigned step;

	for (step = 0; step < 100; step++)
		place = chase[place % CHASE_PLACES];
	*ret_ns = (look_now_ns() - start) / 100;
	looker->random = place;
	return true;
}

static const struct {
	const char *name;
	look_function look;
} looks[] = {
    {"hot", look_hot},
    {"random", look_random},
    {"missing", look_missing},
    {"uid", look_uid},
    {"groups0", look_groups0},
    {"groups10", look_groups10},
    {"groups100", look_groups100},
    {"direct-hot", look_direct_hot},
    {"direct-random", look_direct_random},
    {"direct-missing", look_direct_missing},
    {"chase", look_chase},
};

look_function
look_find(const char *name)
{
	size_t at;

	for (at = 0; at < sizeof(looks) / sizeof(*looks); at++)
		if (strcmp(looks[at].name, name) == 0)
			return looks[at].look;
	return NULL;
}
