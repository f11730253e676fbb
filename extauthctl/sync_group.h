/* SPDX-License-Identifier: MIT */
/* Which local groups the groups of a directory are: by [group NAME] of the
 * configuration, else by the source's group_prefix.
 * Does not know: who is in them, the registry. */
#ifndef EXTAUTHCTL_SYNC_GROUP_H
#define EXTAUTHCTL_SYNC_GROUP_H

#include "config.h"
#include "identity.h"
#include "sync_arena.h"
#include "sync_index.h"

/* Which group of the directory a name or id of a [group NAME] is. */
struct sync_claim {
	const char *text;
	const char *id;
	struct sync_claim *next;
};

/* A local group that some group of the directory is published as. */
struct sync_local {
	const char *name;
	const char *remote;   /* by prefix: which one it is; else NULL */
	uint32_t gid;         /* wished for, 0 = none */
	uint32_t gid_outside; /* told, and outside uid_range; 0 = none */
	uint32_t gid_here;    /* in the registry, once that is settled */
	struct sync_claim *claims;
	bool is_only;   /* one of only_groups */
	bool is_needed; /* somebody is in it */
	bool is_shared; /* two groups of the directory would be this one */
	bool is_refused;
	bool is_met; /* while the groups of one person are gathered */
};

/* A group of the directory. */
struct sync_remote {
	const char *key;
	const uint32_t *locals; /* positions in the array of local groups */
	size_t local_count;
};

struct sync_groups {
	const struct config *config;
	const struct config_source *source;
	struct sync_arena arena;
	struct sync_local *locals;
	size_t local_count;
	size_t local_capacity;
	struct sync_remote *remotes;
	size_t remote_count;
	size_t remote_capacity;
	struct sync_index by_name; /* of locals */
	struct sync_index by_key;  /* of remotes */
};

/* What a directory tells of a group; "" for what it does not. */
struct sync_group_told {
	const char *id;
	const char *name;
	uint32_t gid; /* 0 = none */
};

/* Makes `ret_groups` empty; it must not move while it is used. Ended by
 * sync_groups_clear. */
void sync_groups_begin(struct sync_groups *ret_groups,
    const struct config *config, const struct config_source *source);

/* Finds the local groups of a group of the directory; `*ret_remote` is lent
 * until the next call. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err sync_groups_find(struct sync_groups *groups,
    const struct sync_group_told *told, const struct sync_remote **ret_remote);

/* Frees all and leaves it empty. NULL is allowed. */
void sync_groups_clear(struct sync_groups *groups);

#endif
