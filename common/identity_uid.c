/* SPDX-License-Identifier: MIT */
/* Which numbers a registered user or group may have.
 * Does not know: which of them are taken. */
#include "identity.h"

struct uid_range {
	uint32_t first;
	uint32_t last;
	const char *owner;
};

static const struct uid_range reserved_uids[] = {
    {0, 999, N_("root and the system's own users")},
    {60001, 65535, N_("dynamic users and nobody")},
    {524288, 1879048191, N_("containers and sub-uids")},
    {2147352576, UINT32_MAX,
	N_("systemd's foreign range, or no signed number")},
};

#define UID_RANGES (sizeof(reserved_uids) / sizeof(reserved_uids[0]))

enum extauth_err
identity_check_uid(uint32_t uid, struct extauth_error *error)
{
	const struct uid_range *range = reserved_uids;

	/* The ranges are sorted, and the last one is open. */
	while (uid > range->last)
		range++;
	if (uid < range->first)
		return EXTAUTH_OK;
	return error_set(error, EXTAUTH_INVALID, "%u is kept for %s", uid,
	    error_translated(range->owner));
}

bool
identity_are_uids(const uint32_t *uids, size_t count)
{
	unsigned reserved = 0;
	size_t number;
	size_t i;

	/* Without a branch, so that several are compared at once. */
	for (number = 0; number < count; number++)
		for (i = 0; i < UID_RANGES; i++)
			reserved |= uids[number] - reserved_uids[i].first <=
			    reserved_uids[i].last - reserved_uids[i].first;
	return reserved == 0;
}

uint32_t
identity_next_uid(uint32_t uid)
{
	size_t i;

	/* The ranges are sorted, so that one pass meets those that adjoin. */
	for (i = 0; i < UID_RANGES; i++) {
		if (uid < reserved_uids[i].first || uid > reserved_uids[i].last)
			continue;
		if (reserved_uids[i].last == UINT32_MAX)
			return UINT32_MAX;
		uid = reserved_uids[i].last + 1;
	}
	return uid;
}
