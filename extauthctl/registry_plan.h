/* SPDX-License-Identifier: MIT */
/* The plan of a registry file: who is in it, and what stands where.
 * Does not know: the bytes of a record. */
#ifndef EXTAUTH_REGISTRY_PLAN_H
#define EXTAUTH_REGISTRY_PLAN_H

#include "registry_format.h"
#include "registry_image.h"

/* A group's record while its members are gathered. */
struct group_plan {
	uint64_t members_bytes;
	uint32_t member_count;
	uint64_t offset;
	uint64_t bytes;
	char *next; /* where the next member's name goes */
};

struct image_plan {
	const struct registry_contents *contents;
	const struct registry_image_order *order;
	struct group_plan *groups;
	uint64_t user_count;
	uint64_t tombstone_count;
	uint64_t records_bytes;
	struct registry_index indexes[REGISTRY_INDEX_COUNT];
	uint64_t size;
	char *bytes;
};

/* Fills a plan that knows contents and order alone, zeroed bytes included. On
 * failure it is to be cleared as well. EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err registry_plan_make(struct image_plan *plan);

/* Frees what it holds. */
void registry_plan_clear(struct image_plan *plan);

/* Tells whether the file does not show this user. */
bool plan_leaves_out(
    const struct image_plan *plan, const struct registry_user *user);

/* Gives a user as the file shows him; lent. */
struct registry_user plan_user_view(
    const struct image_plan *plan, const struct registry_user *user);

/* Gives a tombstone as a user with uid and name alone; lent. */
struct registry_user plan_tombstone_view(
    const struct registry_tombstone *tombstone);

/* Lists a user's texts in the order of the record. */
void plan_user_texts(
    const struct registry_user *user, const char *texts[TEXT_COUNT]);

/* The length of the record of a user or tombstone. */
uint64_t plan_user_bytes(const struct registry_user *user);

/* Lends the plan of the group with that gid, which there is. */
struct group_plan *plan_find_group(const struct image_plan *plan, uint32_t gid);

#define cleanup_plan __attribute__((cleanup(registry_plan_clear)))

#endif
