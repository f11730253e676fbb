/* SPDX-License-Identifier: MIT */
#include "source_rest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "identity.h"
#include "source_entry.h"
#include "source_mark.h"
#include "source_rest_next.h"
#include "text.h"

#define STATE_KIND 'r'
#define REASON_BYTES 256
#define DIGEST_BYTES 40

struct rest_memory {
	struct source_fetch fetch;
	struct source_mark mark;
	struct json json; /* of the page that is being told */
	size_t count;     /* of its elements */
	size_t at;
	size_t fresh; /* elements that were not met before */
	struct rest_count counted;
	struct source_seen people;
	struct source_seen pages;  /* URLs, and digests of what was there */
	struct buffer next;        /* URL, or empty */
	struct source_entry entry; /* lent to the step before */
	bool is_found;             /* the one person who is asked for */
};

static void
rest_forget(void *memory)
{
	struct rest_memory *rest = memory;

	source_fetch_clear(&rest->fetch);
	json_clear(&rest->json);
	source_seen_clear(&rest->people);
	source_seen_clear(&rest->pages);
	buffer_clear(&rest->next);
	source_entry_clear(&rest->entry);
}

static enum extauth_err
rest_start(struct source_run *run, struct source_step *ret_step,
    struct extauth_error *error)
{
	cleanup_buffer struct buffer url = buffer_make(SOURCE_URL_MAX_BYTES);
	struct rest_memory *rest = run->memory;
	enum extauth_err err =
	    rest_next_first(run, &rest->counted, &url, error);

	if (err != EXTAUTH_OK)
		return err;
	rest->next = buffer_make(SOURCE_URL_MAX_BYTES);
	rest->fetch.what = "users";
	if (rest_next_is_told_inside(run))
		source_mark_ask(run, STATE_KIND, &rest->mark, &rest->fetch);
	return source_fetch_begin(
	    run, &rest->fetch, buffer_text(&url), ret_step, error);
}

static enum extauth_err
rest_end(const struct source_run *run, struct rest_memory *rest,
    struct source_step *ret_step)
{
	if (run->job->email[0] != '\0')
		return source_step_end(ret_step, SYNC_ONE, NULL);
	/* The mark of the first page says nothing about the others. */
	if (rest->counted.pages > 1 || !rest_next_is_told_inside(run))
		rest->mark = (struct source_mark){0};
	return source_mark_end(
	    run, STATE_KIND, &rest->mark, SYNC_COMPLETE, ret_step);
}

static void
rest_fail(const struct rest_memory *rest, const char *reason,
    struct source_step *ret_step)
{
	char text[REASON_BYTES];

	text_print(text, sizeof(text), "page %u of users: %s", rest->fetch.page,
	    reason);
	source_step_fail(ret_step, false, 200, text);
}

/* A page that was asked for before is the end. */
static enum extauth_err
rest_turn_over(struct source_run *run, struct rest_memory *rest,
    struct source_step *ret_step, struct extauth_error *error)
{
	cleanup_source_step struct source_step step = {0};
	bool is_new = false;
	enum extauth_err err;

	rest->fetch.condition_header = NULL;
	err = source_fetch_begin(
	    run, &rest->fetch, buffer_text(&rest->next), &step, error);
	if (err == EXTAUTH_INVALID) {
		rest_fail(rest, error->text, ret_step);
		return EXTAUTH_OK;
	}
	if (err == EXTAUTH_OK)
		err = source_seen_add(&rest->pages, rest->fetch.url, &is_new);
	if (err != EXTAUTH_OK)
		return err;
	if (!is_new)
		return rest_end(run, rest, ret_step);
	*ret_step = step;
	step = (struct source_step){0};
	return EXTAUTH_OK;
}

static enum extauth_err
rest_read_next(
    const struct source_run *run, struct rest_memory *rest, bool *ret_is_told)
{
	const char *email = run->job->email;
	struct source_entry *entry = &rest->entry;
	bool is_new = true;
	enum extauth_err err;

	source_entry_clear(entry);
	err = source_entry_read(
	    run, &rest->json, run->source->users, rest->at++, entry);
	if (err == EXTAUTH_OK && entry->kind == SOURCE_ENTRY_USER)
		err = source_seen_add(&rest->people, entry->user.id, &is_new);
	if (err != EXTAUTH_OK)
		return err;
	rest->fresh += is_new ? 1 : 0;
	*ret_is_told = is_new && entry->kind == SOURCE_ENTRY_USER &&
	    (*email == '\0' || identity_equal(entry->user.email, email));
	rest->is_found = *ret_is_told && *email != '\0';
	return EXTAUTH_OK;
}

/* Tells the next of the page, or turns it over; one that brings nobody new is
 * the last. */
static enum extauth_err
rest_tell_next(struct source_run *run, struct rest_memory *rest,
    struct source_step *ret_step, struct extauth_error *error)
{
	while (rest->at < rest->count && !rest->is_found) {
		bool is_told = false;
		enum extauth_err err = rest_read_next(run, rest, &is_told);

		if (err != EXTAUTH_OK)
			return err;
		if (!is_told)
			continue;
		source_step_user(ret_step, &rest->entry.user);
		return EXTAUTH_OK;
	}
	if (rest->is_found || rest->next.length == 0 ||
	    (rest->count > 0 && rest->fresh == 0))
		return rest_end(run, rest, ret_step);
	return rest_turn_over(run, rest, ret_step, error);
}

/* Notes what is on a page that has somebody on it; false if it was there
 * before. */
static enum extauth_err
rest_note_page(
    struct rest_memory *rest, const struct buffer *body, bool *ret_is_new)
{
	static const uint64_t key[2] = {0};
	char digest[DIGEST_BYTES];

	*ret_is_new = true;
	if (rest->count == 0)
		return EXTAUTH_OK;
	(void)snprintf(digest, sizeof(digest), "%zx %" PRIx64, body->length,
	    hash_bytes(key, buffer_text(body), body->length));
	return source_seen_add(&rest->pages, digest, ret_is_new);
}

static enum extauth_err
rest_open_page(struct source_run *run, struct rest_memory *rest,
    struct answer *answer, struct source_step *ret_step,
    struct extauth_error *error)
{
	struct rest_page page = {&rest->json, answer->response, 0};
	bool is_new = true;
	enum extauth_err err;

	json_clear(&rest->json);
	rest->json = answer->json;
	answer->json = (struct json){0};
	rest->count = json_length(&rest->json, run->source->users);
	rest->at = 0;
	rest->fresh = 0;
	page.count = rest->count;
	buffer_clear(&rest->next);
	err = rest_note_page(rest, &answer->response->body, &is_new);
	if (err == EXTAUTH_OK)
		err = rest_next_url(
		    run, &page, &rest->counted, &rest->next, error);
	if (err == EXTAUTH_INVALID || err == EXTAUTH_TOOBIG) {
		rest_fail(rest,
		    err == EXTAUTH_INVALID ? error->text
					   : "the URL of the next is too long",
		    ret_step);
		return EXTAUTH_OK;
	}
	if (err != EXTAUTH_OK)
		return err;
	if (!is_new)
		return rest_end(run, rest, ret_step);
	if (*run->source->next != '\0' || run->job->email[0] != '\0')
		return rest_tell_next(run, rest, ret_step, error);
	source_step_total(ret_step, (uint32_t)rest->count);
	return EXTAUTH_OK;
}

static enum extauth_err
rest_take(struct source_run *run, struct rest_memory *rest,
    struct answer *answer, struct source_step *ret_step,
    struct extauth_error *error)
{
	char reason[REASON_BYTES];
	bool is_new;

	if (answer->status == 304)
		return source_mark_end(
		    run, STATE_KIND, &rest->mark, SYNC_UNCHANGED, ret_step);
	if (!json_is_array(&answer->json, run->source->users)) {
		text_print(reason, sizeof(reason), "there is no list at \"%s\"",
		    run->source->users);
		rest_fail(rest, reason, ret_step);
		return EXTAUTH_OK;
	}
	if (rest->counted.pages == 0) {
		enum extauth_err err =
		    source_seen_add(&rest->pages, rest->fetch.url, &is_new);

		if (err != EXTAUTH_OK)
			return err;
		source_mark_take(&rest->mark, answer->response);
	}
	return rest_open_page(run, rest, answer, ret_step, error);
}

static enum extauth_err
rest_next(struct source_run *run, const struct event *event,
    struct source_step *ret_step, struct extauth_error *error)
{
	cleanup_answer struct answer answer = {0};
	struct rest_memory *rest = run->memory;
	enum extauth_err err;

	if (!rest->fetch.is_under_way)
		return rest_tell_next(run, rest, ret_step, error);
	err = source_fetch_take(run, &rest->fetch, event, &answer, ret_step);
	if (err != EXTAUTH_OK || answer.response == NULL)
		return err;
	return rest_take(run, rest, &answer, ret_step, error);
}

const struct source source_rest = {
    .name = "rest",
    .memory_bytes = sizeof(struct rest_memory),
    .forget = rest_forget,
    .start = rest_start,
    .next = rest_next,
};
