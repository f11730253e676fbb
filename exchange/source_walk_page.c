/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "source_walk_internal.h"
#include "text.h"

#define REASON_BYTES 256
#define WRAPPED_BYTES (SOURCE_PAGE_MAX_BYTES + 2)
#define PROBE_BYTES 2

void
walk_leave_list(struct source_walk *walk)
{
	json_clear(&walk->page);
	walk->elements = (struct json){0};
	walk->at = 0;
	walk->count = 0;
	free(walk->next);
	walk->next = NULL;
	walk->barren = 0;
	walk->total = 0;
	source_seen_clear(&walk->links);
	source_seen_clear(&walk->seen);
}

void
walk_fail(const struct source_walk *walk, unsigned http_status,
    const char *reason, struct source_step *ret_step)
{
	char text[REASON_BYTES];

	text_print(text, sizeof(text), "page %u of %s: %s", walk->fetch.page,
	    walk->fetch.what, reason);
	source_step_fail(ret_step, false, http_status, text);
}

enum extauth_err
walk_note_id(struct source_walk *walk, const char *id, bool *ret_is_new)
{
	bool is_new = false;
	enum extauth_err err = EXTAUTH_OK;

	if (*id != '\0')
		err = source_seen_add(&walk->seen, id, &is_new);
	walk->has_new = walk->has_new || is_new;
	*ret_is_new = is_new;
	return err;
}

enum extauth_err
source_walk_wrap(const struct answer *answer, struct json *ret_page)
{
	const struct buffer *body = &answer->response->body;
	cleanup_buffer struct buffer text = buffer_make(WRAPPED_BYTES);
	enum extauth_err err = buffer_append_text(&text, "[");

	if (err == EXTAUTH_OK)
		err = buffer_append(&text, buffer_text(body), body->length);
	if (err == EXTAUTH_OK)
		err = buffer_append_text(&text, "]");
	return err == EXTAUTH_OK
	    ? json_parse(buffer_text(&text), text.length, ret_page, NULL)
	    : err;
}

/* Copies the link to the next page; false where there is one that is none. */
static bool
walk_copy_next(const struct source_dialect *dialect,
    const struct answer *answer, const char **ret_next)
{
	char probe[PROBE_BYTES];

	*ret_next = NULL;
	if (dialect->next == NULL) {
		*ret_next = answer->response->link_next;
		return true;
	}
	*ret_next = json_string(&answer->json, dialect->next);
	return *ret_next != NULL || !json_has(&answer->json, dialect->next) ||
	    json_copy_text(&answer->json, dialect->next, probe, sizeof(probe));
}

static enum extauth_err
walk_turn(struct source_walk *walk, struct answer *answer)
{
	enum extauth_err err = EXTAUTH_OK;

	json_clear(&walk->page);
	if (walk->is_single) {
		err = source_walk_wrap(answer, &walk->page);
	} else {
		walk->page = answer->json;
		answer->json = (struct json){0};
	}
	return err;
}

/* Tells whether the page has a list of elements, which may be empty. */
static bool
walk_find_elements(
    struct source_walk *walk, const struct source_dialect *dialect)
{
	const char *pointer = walk->is_single ? "" : dialect->lists[walk->list];

	walk->elements = json_lend(&walk->page, pointer);
	walk->at = 0;
	walk->count = json_length(&walk->elements, "");
	walk->has_new = false;
	return json_is_array(&walk->elements, "");
}

enum extauth_err
walk_take_page(struct source_walk *walk, const struct source_dialect *dialect,
    struct answer *answer, struct source_step *ret_step, bool *ret_has_step)
{
	const char *next;
	enum extauth_err err;

	*ret_has_step = true;
	free(walk->next);
	walk->next = NULL;
	if (!walk_copy_next(dialect, answer, &next)) {
		walk_fail(walk, answer->status,
		    "the link to the next page is no text", ret_step);
		return EXTAUTH_OK;
	}
	if (next != NULL && !walk->is_single) {
		walk->next = strdup(next);
		if (walk->next == NULL)
			return EXTAUTH_NOMEM;
	}
	err = walk_turn(walk, answer);
	if (err == EXTAUTH_NOMEM)
		return err;
	if (err == EXTAUTH_OK && walk_find_elements(walk, dialect))
		*ret_has_step = false;
	else
		walk_fail(
		    walk, answer->status, "there is no list in it", ret_step);
	return EXTAUTH_OK;
}
