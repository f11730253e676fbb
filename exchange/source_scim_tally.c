/* SPDX-License-Identifier: MIT */
#include "source_scim_internal.h"

void
scim_tally_begin(struct scim_tally *tally)
{
	scim_tally_clear(tally);
	tally->total = SCIM_TOTAL_UNKNOWN;
	tally->total_before = SCIM_TOTAL_UNKNOWN;
}

void
scim_tally_total(struct scim_tally *tally, int64_t total)
{
	if (total != SCIM_TOTAL_UNKNOWN && total < tally->total)
		tally->is_shrunk = true;
	tally->total = total;
}

enum extauth_err
scim_tally_meet(struct scim_tally *tally, const char *id, bool *ret_is_first)
{
	bool is_fresh = false;
	enum extauth_err err = source_seen_add(&tally->ids, id, &is_fresh);

	if (err != EXTAUTH_OK)
		return err;
	tally->fresh += is_fresh ? 1 : 0;
	if (tally->readings > 0)
		return source_seen_add(&tally->told, id, ret_is_first);
	*ret_is_first = is_fresh;
	return EXTAUTH_OK;
}

bool
scim_tally_has_total(const struct scim_tally *tally)
{
	return tally->total != SCIM_TOTAL_UNKNOWN && !tally->total_lies;
}

bool
scim_tally_is_doubtful(const struct scim_tally *tally)
{
	return !scim_tally_has_total(tally) &&
	    tally->end == SCIM_END_REPEATED && tally->pages < 2 &&
	    tally->is_first_full;
}

/* The same people and the same totalResults twice: who is missing does not
 * exist. */
static bool
tally_is_stable(const struct scim_tally *tally, bool is_short)
{
	return tally->readings > 0 && tally->total == tally->total_before &&
	    tally->ids.count == tally->count_before &&
	    tally->told.count == tally->told_before &&
	    (tally->end == SCIM_END_EMPTY || !is_short);
}

/* Nobody is to be called gone because somebody else left while the pages were
 * read, and all behind him moved up; nor because a server gives the same page
 * for ever. But some servers count who is not shown, and some keep no order. */
enum scim_judgement
scim_tally_judge(const struct scim_tally *tally)
{
	size_t count = tally->ids.count + tally->nameless;
	bool has_total = scim_tally_has_total(tally);
	bool is_short = has_total && (uint64_t)tally->total > count;
	bool is_shrunk = has_total && tally->is_shrunk;

	/* A server that breaks may give empty lists from then on. */
	if (count == 0 && tally->told.count > 0)
		return SCIM_CHANGED;
	if (count == 0)
		return is_short ? SCIM_STUCK : SCIM_COMPLETE;
	if (tally->end == SCIM_END_SAID)
		return SCIM_COMPLETE;
	if (tally->is_endless)
		return SCIM_STUCK;
	if (scim_tally_is_doubtful(tally))
		return tally->readings == 0 ? SCIM_AGAIN : SCIM_STUCK;
	if (!is_short && !is_shrunk && !tally->is_shifted)
		return SCIM_COMPLETE;
	if (tally->readings == 0)
		return SCIM_AGAIN;
	if (tally_is_stable(tally, is_short) ||
	    (has_total && !is_short && !is_shrunk))
		return SCIM_COMPLETE;
	return is_short && tally->end == SCIM_END_REPEATED ? SCIM_STUCK
							   : SCIM_CHANGED;
}

void
scim_tally_again(struct scim_tally *tally)
{
	struct scim_tally next = {
	    .told = tally->readings > 0 ? tally->told : tally->ids,
	    .total = SCIM_TOTAL_UNKNOWN,
	    .total_before = tally->total,
	    .count_before = tally->ids.count,
	    .readings = tally->readings + 1,
	};

	if (tally->readings > 0)
		source_seen_clear(&tally->ids);
	next.told_before = next.told.count;
	*tally = next;
}

void
scim_tally_clear(struct scim_tally *tally)
{
	source_seen_clear(&tally->ids);
	source_seen_clear(&tally->told);
	*tally = (struct scim_tally){0};
}
