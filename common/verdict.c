/* SPDX-License-Identifier: MIT */
#include "verdict.h"

#define STATUS_OK 200
#define STATUS_FIRST 100
#define STATUS_LAST 599

struct verdict_row {
	enum verdict verdict;
	uint32_t wire;
	const char *name;
};

/* No wire number is near to another, to zero or to all ones, so that a flipped
 * or forgotten byte is no verdict instead of another one. */
static const struct verdict_row rows[] = {
    {VERDICT_REJECTED, 0xf9b439fc, "rejected"},
    {VERDICT_ACCEPTED, 0x91d93080, "accepted"},
    {VERDICT_EXPIRED, 0x8142c8ea, "expired"},
    {VERDICT_LOCKED, 0x3ceaaf30, "locked"},
    {VERDICT_SECOND_FACTOR_NEEDED, 0x627655da, "second_factor_needed"},
    {VERDICT_DENIED_BY_POLICY, 0x6fced11d, "denied_by_policy"},
    {VERDICT_THROTTLED, 0x3a124c64, "throttled"},
    {VERDICT_UNAVAILABLE, 0x873f9bd0, "unavailable"},
    {VERDICT_MISCONFIGURED, 0xf3194a3b, "misconfigured"},
};

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

/* A number that is no verdict is read as the refusal. */
static const struct verdict_row *
verdict_row(enum verdict verdict)
{
	size_t i;

	for (i = 0; i < ROW_COUNT; i++)
		if (rows[i].verdict == verdict)
			return &rows[i];
	return &rows[0];
}

const char *
verdict_name(enum verdict verdict)
{
	return verdict_row(verdict)->name;
}

uint32_t
verdict_to_wire(enum verdict verdict)
{
	return verdict_row(verdict)->wire;
}

enum extauth_err
verdict_from_wire(uint32_t wire, enum verdict *ret_verdict)
{
	size_t i;

	for (i = 0; i < ROW_COUNT; i++) {
		if (rows[i].wire == wire) {
			*ret_verdict = rows[i].verdict;
			return EXTAUTH_OK;
		}
	}
	return EXTAUTH_INVALID;
}

static bool
status_is_accepted(unsigned status, const uint32_t *accept, size_t accept_count)
{
	size_t i;

	if (accept_count == 0)
		return status == STATUS_OK;
	for (i = 0; i < accept_count; i++)
		if (accept[i] == status)
			return true;
	return false;
}

enum verdict
verdict_from_status(
    unsigned status, const uint32_t *accept, size_t accept_count)
{
	if (status < STATUS_FIRST || status > STATUS_LAST)
		return VERDICT_UNAVAILABLE;
	if (status_is_accepted(status, accept, accept_count))
		return VERDICT_ACCEPTED;
	if (status >= 500)
		return VERDICT_UNAVAILABLE;
	if (status >= 300 && status < 400)
		return VERDICT_MISCONFIGURED;
	switch (status) {
	case 404:
	case 405:
	case 406:
	case 415:
		return VERDICT_MISCONFIGURED;
	case 407:
	case 408:
	case 425:
		return VERDICT_UNAVAILABLE;
	case 429:
		return VERDICT_THROTTLED;
	default:
		return VERDICT_REJECTED;
	}
}

bool
verdict_is_refusal_after_password(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_EXPIRED:
	case VERDICT_LOCKED:
	case VERDICT_SECOND_FACTOR_NEEDED:
	case VERDICT_DENIED_BY_POLICY:
		return true;
	case VERDICT_REJECTED:
	case VERDICT_ACCEPTED:
	case VERDICT_THROTTLED:
	case VERDICT_UNAVAILABLE:
	case VERDICT_MISCONFIGURED:
		return false;
	}
	return false;
}
