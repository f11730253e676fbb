/* SPDX-License-Identifier: MIT */
/* The plan of a registry file that is made anew: who is in it, and what stands
 * where.
 * Does not know: the bytes of a record. */
#ifndef EXTAUTH_REGISTRY_PLAN_H
#define EXTAUTH_REGISTRY_PLAN_H

#include "registry_image.h"
#include "registry_tables.h"

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
	uint64_t groups_bytes;
	uint64_t size; /* of the file */
	struct registry_tables tables;
	struct registry_pages group_pages; /* what stands behind the header */
	struct registry_pages slot_pages;  /* from the first index to the end */
};

/* Fills a plan that knows contents and order alone, zeroed bytes included. On
 * failure it is to be cleared as well. EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err registry_plan_make(struct image_plan *plan);

/* How many keys an index of a file of that version holds. */
uint64_t registry_plan_keys(const struct registry_contents *contents,
    uint32_t version, bool is_nss, enum registry_index_number index);

/* Frees what it holds. */
void registry_plan_clear(struct image_plan *plan);

/* Tells whether the file does not show this user. */
bool plan_leaves_out(
    const struct image_plan *plan, const struct registry_user *user);

/* Lends the plan of the group with that gid, which there is. */
struct group_plan *plan_find_group(const struct image_plan *plan, uint32_t gid);

#define cleanup_plan __attribute__((cleanup(registry_plan_clear)))

#endif
