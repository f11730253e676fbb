/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "source_scim_internal.h"

#define STATUS_OK 200
#define STATUS_BAD_REQUEST 400
#define TOTAL_MAX UINT32_MAX
#define TOTAL_BYTES 16
#define LIST_RESPONSE "urn:ietf:params:scim:api:messages:2.0:ListResponse"

/* Some servers write it as a text. */
static int64_t
page_total(const struct json *page)
{
	char text[TOTAL_BYTES];
	int64_t total = 0;
	const char *digit;

	if (!json_copy_id(page, "/totalResults", text, sizeof(text)))
		return SCIM_TOTAL_UNKNOWN;
	for (digit = text; *digit != '\0'; digit++) {
		if (*digit < '0' || *digit > '9')
			return SCIM_TOTAL_UNKNOWN;
		total = total * 10 + (*digit - '0');
	}
	return total <= (int64_t)TOTAL_MAX ? total : SCIM_TOTAL_UNKNOWN;
}

/* A list that is empty may be left out, but only where it may be empty. RFC
 * 7644 3.4.2. */
static bool
page_may_be_empty(const struct scim_memory *memory, const struct json *page)
{
	size_t count = memory->tally.ids.count + memory->tally.nameless;
	struct json schemas = json_lend(page, "/schemas");
	size_t at;

	if (memory->tally.total != SCIM_TOTAL_UNKNOWN)
		return (uint64_t)memory->tally.total <= count;
	for (at = 0; at < json_length(&schemas, ""); at++) {
		struct json schema = json_element(&schemas, at);
		const char *text = json_string(&schema, "");

		if (text != NULL && strcmp(text, LIST_RESPONSE) == 0)
			return true;
	}
	return false;
}

static bool
page_find_list(const struct scim_memory *memory, const struct json *page,
    struct json *ret_list)
{
	static const char *const names[] = {"/Resources", "/resources"};
	size_t at;

	for (at = 0; at < sizeof(names) / sizeof(*names); at++)
		if (json_has(page, names[at])) {
			*ret_list = json_lend(page, names[at]);
			return json_is_array(ret_list, "");
		}
	*ret_list = (struct json){0};
	return json_is_object(page, "") && page_may_be_empty(memory, page);
}

static enum extauth_err
page_keep_cursor(struct scim_paging *paging, const struct json *page)
{
	const char *cursor = json_string(page, "/nextCursor");

	free(paging->next_cursor);
	paging->next_cursor = NULL;
	if (cursor == NULL)
		return EXTAUTH_OK;
	paging->next_cursor = strdup(cursor);
	return paging->next_cursor != NULL ? EXTAUTH_OK : EXTAUTH_NOMEM;
}

static void
page_keep(struct scim_memory *memory, struct answer *answer)
{
	json_clear(&memory->page);
	memory->page = answer->json;
	answer->json = (struct json){0};
	memory->at = 0;
}

static enum extauth_err
page_take_list(struct scim_memory *memory, struct answer *answer,
    bool *ret_is_page, struct source_step *ret_step)
{
	struct json list;
	enum extauth_err err = page_keep_cursor(&memory->paging, &answer->json);

	if (err != EXTAUTH_OK)
		return err;
	scim_tally_total(&memory->tally, page_total(&answer->json));
	if (!page_find_list(memory, &answer->json, &list)) {
		source_fetch_reject(&memory->fetch,
		    "the answer holds no list (Resources)", ret_step);
		return EXTAUTH_OK;
	}
	page_keep(memory, answer);
	memory->list = list;
	*ret_is_page = true;
	return EXTAUTH_OK;
}

enum extauth_err
scim_page_restart(struct scim_memory *memory)
{
	struct scim_paging *paging = &memory->paging;

	/* A longer page would have more on it, if there were more. */
	if (scim_tally_is_doubtful(&memory->tally))
		paging->count *= 2;
	scim_tally_again(&memory->tally);
	source_seen_clear(&paging->cursors);
	memory->fetch.page = 0;
	paging->next = 1;
	paging->longest = 0;
	paging->empty_pages = 0;
	paging->is_probe = false;
	paging->has_no_overlap = false;
	paging->last_id[0] = '\0';
	if (paging->cursor == NULL)
		return EXTAUTH_OK;
	free(paging->cursor);
	paging->cursor = strdup("");
	return paging->cursor != NULL ? EXTAUTH_OK : EXTAUTH_NOMEM;
}

/* Changes the request after a 400; false where nothing is left. AWS knows
 * neither attributes nor startIndex. */
static bool
page_ask_otherwise(const struct source_run *run, const struct answer *answer)
{
	struct scim_memory *memory = run->memory;
	struct scim_paging *paging = &memory->paging;
	const char *why = answer_text(answer, "/scimType");
	bool is_first = memory->tally.ids.count + memory->tally.nameless == 0;

	if (strcmp(why, "invalidCount") == 0 && paging->count > 1) {
		paging->count /= 2;
		return true;
	}
	if (is_first && !paging->is_without_attributes) {
		paging->is_without_attributes = true;
		return true;
	}
	if (is_first && paging->cursor == NULL && !paging->is_look_up &&
	    run->source->paging == CONFIG_PAGING_AUTO) {
		paging->cursor = strdup("");
		return paging->cursor != NULL;
	}
	if (paging->cursor == NULL || paging->has_expired ||
	    (strcmp(why, "expiredCursor") != 0 &&
		strcmp(why, "invalidCursor") != 0))
		return false;
	paging->has_expired = true;
	return scim_page_restart(memory) == EXTAUTH_OK;
}

static void
page_take_nothing(struct scim_memory *memory, bool *ret_is_page)
{
	json_clear(&memory->page);
	memory->list = (struct json){0};
	memory->at = 0;
	*ret_is_page = true;
}

/* Groups that are asked for their numbers alone need not be there. */
static enum extauth_err
page_take_refusal(struct source_run *run, const struct answer *answer,
    bool *ret_is_page, struct source_step *ret_step,
    struct extauth_error *error)
{
	struct scim_memory *memory = run->memory;
	bool is_bad = answer->status == STATUS_BAD_REQUEST;

	if (memory->paging.is_probe) {
		page_take_nothing(memory, ret_is_page);
		return EXTAUTH_OK;
	}
	if (is_bad && page_ask_otherwise(run, answer)) {
		if (memory->fetch.page > 0)
			memory->fetch.page--;
		return scim_url_ask(run, ret_step, error);
	}
	if (is_bad && memory->paging.is_look_up)
		return scim_one_refused(run, answer, ret_step, error);
	if (run->state == SCIM_GROUPS && !memory->wants_members)
		page_take_nothing(memory, ret_is_page);
	else
		source_fetch_refuse(run, &memory->fetch, answer, ret_step);
	return EXTAUTH_OK;
}

enum extauth_err
scim_page_take(struct source_run *run, struct answer *answer, bool *ret_is_page,
    struct source_step *ret_step, struct extauth_error *error)
{
	*ret_is_page = false;
	if (answer->status != STATUS_OK)
		return page_take_refusal(
		    run, answer, ret_is_page, ret_step, error);
	return page_take_list(run->memory, answer, ret_is_page, ret_step);
}
