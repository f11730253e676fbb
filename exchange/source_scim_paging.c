/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source_scim_internal.h"

#define EMPTY_PAGES_MAX 100
#define ATTRIBUTES_MAX_BYTES 4096

enum extauth_err
scim_paging_begin(
    const struct source_run *run, bool are_groups, bool is_look_up)
{
	struct scim_memory *memory = run->memory;
	bool is_without = memory->paging.is_without_attributes;

	scim_paging_clear(&memory->paging);
	scim_tally_begin(&memory->tally);
	memory->fetch.what = are_groups ? "groups" : "users";
	memory->fetch.page = 0;
	memory->fetch.accept = "application/scim+json, application/json";
	memory->fetch.takes_refusal = true;
	memory->paging = (struct scim_paging){
	    .path = are_groups ? "/Groups" : "/Users",
	    .attributes = buffer_make(ATTRIBUTES_MAX_BYTES),
	    .filter = buffer_make(SOURCE_URL_MAX_BYTES),
	    .is_without_attributes = is_without,
	    .is_look_up = is_look_up,
	    .count = run->source->page_size > 0 ? run->source->page_size
						: SCIM_COUNT,
	    .next = 1,
	};
	if (run->source->paging == CONFIG_PAGING_CURSOR) {
		memory->paging.cursor = strdup("");
		if (memory->paging.cursor == NULL)
			return EXTAUTH_NOMEM;
	}
	return scim_url_attributes(
	    run, are_groups, memory->wants_members, &memory->paging.attributes);
}

enum extauth_err
scim_paging_meet(struct scim_memory *memory, const char *id, bool *ret_is_first)
{
	struct scim_paging *paging = &memory->paging;

	*ret_is_first = false;
	if (*id == '\0') {
		memory->tally.nameless++;
		return EXTAUTH_OK;
	}
	if (strcmp(id, paging->last_id) == 0)
		paging->is_joined = true;
	(void)snprintf(paging->page_id, sizeof(paging->page_id), "%s", id);
	return scim_tally_meet(&memory->tally, id, ret_is_first);
}

static bool
paging_ends(struct scim_memory *memory, enum scim_end end)
{
	memory->tally.end = end;
	return false;
}

/* A page that is asked for by cursor and brings nobody new comes from a server
 * that goes round in circles. */
static enum extauth_err
paging_go_on_by_cursor(
    struct scim_memory *memory, size_t length, bool *ret_more)
{
	struct scim_paging *paging = &memory->paging;
	bool is_new = false;
	enum extauth_err err;

	if (paging->next_cursor == NULL) {
		*ret_more = paging_ends(memory, SCIM_END_SAID);
		return EXTAUTH_OK;
	}
	err = source_seen_add(&paging->cursors, paging->next_cursor, &is_new);
	paging->empty_pages = length == 0 ? paging->empty_pages + 1 : 0;
	if (!is_new || (length > 0 && memory->tally.fresh == 0) ||
	    paging->empty_pages > EMPTY_PAGES_MAX) {
		memory->tally.is_endless = length == 0;
		*ret_more = paging_ends(memory, SCIM_END_REPEATED);
		return err;
	}
	free(paging->cursor);
	paging->cursor = paging->next_cursor;
	paging->next_cursor = NULL;
	*ret_more = true;
	return err;
}

/* A last page that is shorter than others is the last; one that is not may be
 * all that the server counts, so somebody more is asked for. */
static bool
paging_go_on_at_total(struct scim_memory *memory, size_t length)
{
	struct scim_paging *paging = &memory->paging;

	if (length < paging->longest || paging->is_look_up)
		return paging_ends(memory, SCIM_END_COUNTED);
	paging->is_probe = true;
	return true;
}

static bool
paging_go_on_by_index(struct scim_memory *memory, size_t length)
{
	struct scim_paging *paging = &memory->paging;
	struct scim_tally *tally = &memory->tally;

	if (paging->is_probe && tally->fresh == 0)
		return paging_ends(memory, SCIM_END_COUNTED);
	if (length == 0)
		return paging_ends(memory, SCIM_END_EMPTY);
	if (tally->fresh == 0) {
		/* Some servers give whole pages only. */
		if (!paging->is_overlapping)
			return paging_ends(memory, SCIM_END_REPEATED);
		paging->has_no_overlap = true;
		return true;
	}
	tally->total_lies |= paging->is_probe;
	tally->is_shifted |= paging->is_overlapping && !paging->is_joined;
	paging->is_probe = false;
	paging->next = paging->start + (int64_t)length;
	memcpy(paging->last_id, paging->page_id, sizeof(paging->last_id));
	if (scim_tally_has_total(tally) && paging->next > tally->total)
		return paging_go_on_at_total(memory, length);
	if (length > paging->longest)
		paging->longest = length;
	if (paging->is_look_up && length < paging->count &&
	    !scim_tally_has_total(tally))
		return paging_ends(memory, SCIM_END_COUNTED);
	return true;
}

enum extauth_err
scim_paging_go_on(const struct source_run *run, bool *ret_is_more)
{
	struct scim_memory *memory = run->memory;
	struct scim_paging *paging = &memory->paging;
	enum config_paging how = run->source->paging;
	size_t length = json_length(&memory->list, "");

	if (memory->tally.pages == 0)
		memory->tally.is_first_full = how != CONFIG_PAGING_NONE &&
		    (length == paging->count || paging->next_cursor != NULL);
	memory->tally.pages += memory->tally.fresh > 0 ? 1 : 0;
	if (how == CONFIG_PAGING_NONE) {
		*ret_is_more = paging_ends(memory, SCIM_END_REPEATED);
		return EXTAUTH_OK;
	}
	if (how != CONFIG_PAGING_INDEX &&
	    (paging->cursor != NULL || paging->next_cursor != NULL))
		return paging_go_on_by_cursor(memory, length, ret_is_more);
	*ret_is_more = paging_go_on_by_index(memory, length);
	return EXTAUTH_OK;
}

void
scim_paging_clear(struct scim_paging *paging)
{
	buffer_clear(&paging->attributes);
	buffer_clear(&paging->filter);
	free(paging->cursor);
	free(paging->next_cursor);
	source_seen_clear(&paging->cursors);
	*paging = (struct scim_paging){0};
}
