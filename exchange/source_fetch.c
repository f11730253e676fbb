/* SPDX-License-Identifier: MIT */
#include "source_fetch.h"

#include <stdlib.h>
#include <string.h>

#include "identity.h"
#include "oauth.h"
#include "source_fetch_internal.h"
#include "text.h"

#define NAME_BYTES 64

static bool
fetch_splits_header(const char *line, char *name, const char **ret_value)
{
	const char *colon = strstr(line, ": ");

	if (colon == NULL || (size_t)(colon - line) >= NAME_BYTES)
		return false;
	memcpy(name, line, (size_t)(colon - line));
	name[colon - line] = '\0';
	*ret_value = colon + 2;
	return true;
}

/* The administrator's own Accept header counts. */
static const char *
fetch_accept(const struct source_run *run, const struct source_fetch *fetch)
{
	const struct config_headers *headers = &run->source->access.headers;
	size_t at;

	for (at = 0; at < headers->count; at++)
		if (identity_equal(headers->items[at].name, "Accept"))
			return NULL;
	return fetch->accept != NULL ? fetch->accept : "application/json";
}

static void
fetch_add_headers(const struct source_fetch *fetch, struct draft *draft)
{
	char name[NAME_BYTES];
	const char *value;

	if (fetch->condition_header != NULL && fetch->condition != NULL &&
	    *fetch->condition != '\0')
		draft_header(draft, fetch->condition_header, fetch->condition);
	if (fetch->more_header != NULL &&
	    fetch_splits_header(fetch->more_header, name, &value))
		draft_header(draft, name, value);
}

static enum extauth_err
fetch_page_step(const struct source_run *run, const struct source_fetch *fetch,
    struct step *ret_step, struct extauth_error *error)
{
	cleanup_draft struct draft draft =
	    draft_make_get(fetch->url, fetch_accept(run, fetch));

	source_fetch_add_who(run, fetch, &draft);
	fetch_add_headers(fetch, &draft);
	buffer_clear(&draft.masked.url);
	if (draft.err == EXTAUTH_OK)
		draft.err = source_fetch_mask_url(
		    run->login, fetch->url, &draft.masked.url);
	draft.request.body_max_bytes = fetch->body_max_bytes > 0
	    ? fetch->body_max_bytes
	    : SOURCE_PAGE_MAX_BYTES;
	return draft_end(&draft, ret_step, error);
}

static enum extauth_err
fetch_send(struct source_run *run, struct source_fetch *fetch,
    struct source_step *ret_step, struct extauth_error *error)
{
	enum extauth_err err;

	fetch->is_asking_token = source_fetch_needs_token(run, fetch);
	err = fetch->is_asking_token
	    ? oauth_client_step(run->login, &ret_step->request, error)
	    : fetch_page_step(run, fetch, &ret_step->request, error);
	if (err == EXTAUTH_OK)
		ret_step->kind = SOURCE_REQUEST;
	fetch->is_under_way = err == EXTAUTH_OK;
	return err;
}

enum extauth_err
source_fetch_begin(struct source_run *run, struct source_fetch *fetch,
    const char *url, struct source_step *ret_step, struct extauth_error *error)
{
	cleanup_buffer struct buffer absolute =
	    buffer_make(SOURCE_URL_MAX_BYTES);
	enum extauth_err err = source_fetch_resolve(run, url, &absolute, error);
	char *copy;

	if (err != EXTAUTH_OK)
		return err;
	copy = strdup(buffer_text(&absolute));
	if (copy == NULL)
		return EXTAUTH_NOMEM;
	free(fetch->url);
	fetch->url = copy;
	fetch->tries = 0;
	fetch->is_token_renewed = false;
	fetch->page++;
	return fetch_send(run, fetch, ret_step, error);
}

static enum extauth_err
fetch_send_again(struct source_run *run, struct source_fetch *fetch,
    struct source_step *ret_step)
{
	struct extauth_error error = {0};
	enum extauth_err err = fetch_send(run, fetch, ret_step, &error);

	if (err == EXTAUTH_OK || err == EXTAUTH_NOMEM)
		return err;
	source_fetch_fail(fetch, true, 0,
	    error.text[0] != '\0' ? error.text : error_name(err), ret_step);
	return EXTAUTH_OK;
}

/* Waits, or gives up. */
static void
fetch_try_again(const struct source_run *run, struct source_fetch *fetch,
    const struct answer *answer, const char *reason,
    struct source_step *ret_step)
{
	char text[SOURCE_FETCH_REASON_BYTES];

	fetch->tries++;
	if (fetch->tries < SOURCE_TRIES_MAX) {
		fetch->is_under_way = true;
		source_step_wait(ret_step,
		    source_fetch_wait_ms(
			answer, run->login->now_s, fetch->tries));
		return;
	}
	text_print(
	    text, sizeof(text), "%s, asked %u times", reason, fetch->tries);
	source_fetch_fail(fetch, false, answer->status, text, ret_step);
}

/* What would fail the same way again is not tried again. */
static void
fetch_take_failure(const struct source_run *run, struct source_fetch *fetch,
    const struct failure *failure, struct source_step *ret_step)
{
	struct answer nothing = {0};

	if (failure->tls[0] == '\0' &&
	    strncmp(failure->reason, "body over", strlen("body over")) != 0) {
		fetch_try_again(
		    run, fetch, &nothing, failure->reason, ret_step);
		return;
	}
	source_fetch_fail(fetch, false, 0, failure->reason, ret_step);
	text_print(
	    ret_step->end.tls, sizeof(ret_step->end.tls), "%s", failure->tls);
}

/* JSON that is none, of a length that nobody said, may be a part of some. */
static bool
fetch_may_be_cut(const struct response *response)
{
	return !response->is_framed &&
	    strstr(response->content_type, "json") != NULL;
}

static enum fetch_fate
fetch_judge_page(const struct source_fetch *fetch, const struct answer *answer)
{
	bool is_condition = fetch->condition_header != NULL &&
	    fetch->condition != NULL && *fetch->condition != '\0';

	switch (answer->status) {
	case 200:
		if (answer->is_json || fetch->takes_any_body)
			return FETCH_PAGE;
		return fetch_may_be_cut(answer->response) ? FETCH_AGAIN
							  : FETCH_BROKEN;
	case 304:
		return is_condition ? FETCH_PAGE : FETCH_REFUSED;
	case 400:
	case 404:
	case 410:
		return fetch->takes_refusal ? FETCH_PAGE : FETCH_REFUSED;
	default:
		return source_fetch_fate(answer->status);
	}
}

static enum extauth_err
fetch_settle(struct source_run *run, struct source_fetch *fetch,
    const struct answer *answer, enum fetch_fate fate,
    struct source_step *ret_step)
{
	char reason[SOURCE_FETCH_REASON_BYTES];

	if (fate == FETCH_NEW_TOKEN) {
		fetch->is_token_renewed = true;
		source_fetch_forget_token(fetch);
		return fetch_send_again(run, fetch, ret_step);
	}
	source_fetch_explain(run, fetch, answer, reason);
	if (fate == FETCH_AGAIN)
		fetch_try_again(run, fetch, answer, reason, ret_step);
	else
		source_fetch_fail(fetch, fate == FETCH_REFUSED, answer->status,
		    reason, ret_step);
	return EXTAUTH_OK;
}

static enum extauth_err
fetch_take_token(struct source_run *run, struct source_fetch *fetch,
    const struct answer *answer, struct source_step *ret_step)
{
	struct login_outcome outcome = {0};

	if (source_fetch_take_token(run, fetch, answer, &outcome))
		return fetch_send_again(run, fetch, ret_step);
	if (source_fetch_fate(answer->status) == FETCH_AGAIN)
		fetch_try_again(run, fetch, answer, outcome.reason, ret_step);
	else
		source_fetch_fail(fetch,
		    outcome.verdict == VERDICT_MISCONFIGURED, answer->status,
		    outcome.reason, ret_step);
	return EXTAUTH_OK;
}

/* `*ret_is_page` is written where it is one. */
static enum extauth_err
fetch_take_response(struct source_run *run, struct source_fetch *fetch,
    const struct answer *answer, bool *ret_is_page,
    struct source_step *ret_step)
{
	enum fetch_fate fate;

	if (fetch->is_asking_token)
		return fetch_take_token(run, fetch, answer, ret_step);
	fate = fetch_judge_page(fetch, answer);
	if (answer->status == 401 && source_fetch_has_client(run) &&
	    !fetch->is_token_renewed)
		fate = FETCH_NEW_TOKEN;
	if (fate != FETCH_PAGE)
		return fetch_settle(run, fetch, answer, fate, ret_step);
	*ret_is_page = true;
	return EXTAUTH_OK;
}

enum extauth_err
source_fetch_take(struct source_run *run, struct source_fetch *fetch,
    const struct event *event, struct answer *ret_answer,
    struct source_step *ret_step)
{
	cleanup_answer struct answer answer = {0};
	bool is_page = false;
	enum extauth_err err;

	fetch->is_under_way = false;
	if (event->kind == EVENT_WAITED)
		return fetch_send_again(run, fetch, ret_step);
	if (event->kind != EVENT_RESPONSE) {
		fetch_take_failure(run, fetch, &event->failure, ret_step);
		return EXTAUTH_OK;
	}
	err = answer_read(&event->response, &answer);
	if (err == EXTAUTH_OK)
		err = fetch_take_response(
		    run, fetch, &answer, &is_page, ret_step);
	if (err == EXTAUTH_OK && is_page) {
		*ret_answer = answer;
		answer = (struct answer){0};
	}
	return err;
}

void
source_fetch_clear(struct source_fetch *fetch)
{
	if (fetch == NULL)
		return;
	free(fetch->url);
	secret_clear(&fetch->token);
	*fetch = (struct source_fetch){0};
}
