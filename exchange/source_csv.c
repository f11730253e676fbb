/* SPDX-License-Identifier: MIT */
#include "source_csv.h"

#include <string.h>

#include "draft.h"
#include "identity.h"
#include "source_csv_row.h"
#include "source_entry.h"
#include "source_mark.h"

#define BODY_MAX_BYTES ((size_t)512 << 20)
#define STATE_KIND 'c'
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

enum csv_state {
	CSV_ASKED = 0,
	CSV_READS,
};

struct csv_memory {
	struct source_fetch fetch;
	struct source_mark mark;
	struct csv_reader reader; /* its text is lent by the response */
	struct csv_columns columns;
	struct source_seen seen;
	struct csv_person person; /* lent to the step before */
};

static void
csv_forget(void *memory)
{
	struct csv_memory *csv = memory;

	source_fetch_clear(&csv->fetch);
	source_seen_clear(&csv->seen);
	sync_user_clear(&csv->person.user);
}

static bool
csv_is_file(const struct source_run *run)
{
	return *run->source->file != '\0';
}

/* "/path: line 3: reason". */
static void
csv_fail(const struct source_run *run, enum extauth_err err,
    struct extauth_error *error, struct source_step *ret_step)
{
	if (csv_is_file(run))
		(void)error_prefix(error, err, run->source->file);
	source_step_fail(ret_step, err == EXTAUTH_CONFIG, 0, error->text);
}

/* A local file is asked for as a page is; whoever carries the request out knows
 * which one it is. */
static enum extauth_err
csv_ask_file(struct csv_memory *csv, struct source_step *ret_step,
    struct extauth_error *error)
{
	const struct source_fetch *fetch = &csv->fetch;
	cleanup_draft struct draft draft = draft_make(DRAFT_NONE, "file:");

	draft.request.body_max_bytes = BODY_MAX_BYTES;
	if (fetch->condition_header != NULL)
		draft_header(&draft, fetch->condition_header, fetch->condition);
	ret_step->kind = SOURCE_REQUEST;
	return draft_end(&draft, &ret_step->request, error);
}

static enum extauth_err
csv_start(struct source_run *run, struct source_step *ret_step,
    struct extauth_error *error)
{
	cleanup_buffer struct buffer url = buffer_make(SOURCE_URL_MAX_BYTES);
	struct csv_memory *csv = run->memory;
	enum extauth_err err;

	run->state = CSV_ASKED;
	csv->fetch.what = "the list";
	csv->fetch.accept = "text/csv, */*;q=0.1";
	csv->fetch.takes_any_body = true;
	csv->fetch.body_max_bytes = BODY_MAX_BYTES;
	source_mark_ask(run, STATE_KIND, &csv->mark, &csv->fetch);
	if (csv_is_file(run))
		return csv_ask_file(csv, ret_step, error);
	err = source_url_base(run, &url, error);
	return err == EXTAUTH_OK ? source_fetch_begin(run, &csv->fetch,
				       buffer_text(&url), ret_step, error)
				 : err;
}

static bool
csv_is_asked_for(const struct source_run *run, const struct sync_user *user)
{
	const char *email = run->job->email;

	return *email == '\0' || identity_equal(user->email, email);
}

static enum extauth_err
csv_read_next(const struct source_run *run, struct csv_memory *csv,
    bool *ret_is_told, struct extauth_error *error)
{
	cleanup_csv_record struct csv_record record = {0};
	enum extauth_err err = csv_read(&csv->reader, &record, error);
	struct sync_user *user = &csv->person.user;
	bool is_new = false;

	sync_user_clear(user);
	if (err == EXTAUTH_OK)
		err = csv_read_user(
		    run, &csv->columns, &record, &csv->person, error);
	if (err != EXTAUTH_OK || csv->person.is_removed)
		return err;
	err = source_seen_add(&csv->seen, user->id, &is_new);
	if (err == EXTAUTH_OK && !is_new)
		err = error_set(error, EXTAUTH_INVALID,
		    "line %u: its id stands in a line above", record.line);
	*ret_is_told = csv_is_asked_for(run, user);
	return err;
}

/* Tells the next one, or that there is none. One person who is asked for is the
 * first of that e-mail. */
static enum extauth_err
csv_tell_next(const struct source_run *run, struct csv_memory *csv,
    struct source_step *ret_step)
{
	bool is_one = run->job->email[0] != '\0';
	const struct sync_user *user = &csv->person.user;
	struct extauth_error error = {0};
	enum extauth_err err = EXTAUTH_OK;
	bool is_told = false;

	if (is_one && user->id[0] != '\0' && csv_is_asked_for(run, user))
		return source_step_end(ret_step, SYNC_ONE, NULL);
	while (err == EXTAUTH_OK && !is_told)
		err = csv_read_next(run, csv, &is_told, &error);
	if (err == EXTAUTH_OK)
		source_step_user(ret_step, user);
	else if (err == EXTAUTH_NOTFOUND && is_one)
		return source_step_end(ret_step, SYNC_ONE, NULL);
	else if (err == EXTAUTH_NOTFOUND)
		return source_mark_end(
		    run, STATE_KIND, &csv->mark, SYNC_COMPLETE, ret_step);
	else if (err != EXTAUTH_NOMEM)
		csv_fail(run, err, &error, ret_step);
	return err == EXTAUTH_NOMEM ? err : EXTAUTH_OK;
}

/* How many people there are, if each has a line of his own. */
static uint32_t
csv_count(const struct csv_reader *reader)
{
	const char *at = reader->text + reader->offset;
	const char *end = reader->text + reader->length;
	uint32_t count = 0;

	while (at < end && count < UINT32_MAX) {
		const char *line_end = memchr(at, '\n', (size_t)(end - at));

		count++;
		at = line_end != NULL ? line_end + 1 : end;
	}
	return count;
}

static enum extauth_err
csv_read_header(const struct source_run *run, struct csv_memory *csv,
    struct extauth_error *error)
{
	cleanup_csv_record struct csv_record header = {0};
	enum extauth_err err = csv_read(&csv->reader, &header, error);

	if (err == EXTAUTH_NOTFOUND)
		return error_set(
		    error, EXTAUTH_INVALID, "empty, without the column names");
	return err == EXTAUTH_OK
	    ? csv_find_columns(run, &header, &csv->columns, error)
	    : err;
}

/* Without its length a list that was cut would look like a whole one. */
static enum extauth_err
csv_open(const struct source_run *run, struct csv_memory *csv,
    const struct response *response, struct extauth_error *error)
{
	size_t skipped = strlen(BYTE_ORDER_MARK);

	if (!response->is_framed)
		return error_set(error, EXTAUTH_INVALID,
		    "the server does not say how long the list is");
	csv->reader = (struct csv_reader){
	    .text = buffer_text(&response->body),
	    .length = response->body.length,
	    .line = 1,
	};
	if (csv->reader.length >= skipped &&
	    memcmp(csv->reader.text, BYTE_ORDER_MARK, skipped) == 0)
		csv->reader.offset = skipped;
	return csv_read_header(run, csv, error);
}

static enum extauth_err
csv_take(struct source_run *run, struct csv_memory *csv,
    const struct response *response, struct source_step *ret_step)
{
	struct extauth_error error = {0};
	enum extauth_err err;

	if (response->status == 304)
		return source_mark_end(
		    run, STATE_KIND, &csv->mark, SYNC_UNCHANGED, ret_step);
	source_mark_take(&csv->mark, response);
	err = csv_open(run, csv, response, &error);
	if (err == EXTAUTH_NOMEM)
		return err;
	if (err != EXTAUTH_OK) {
		csv_fail(run, err, &error, ret_step);
		return EXTAUTH_OK;
	}
	run->state = CSV_READS;
	if (run->job->email[0] != '\0')
		return csv_tell_next(run, csv, ret_step);
	source_step_total(ret_step, csv_count(&csv->reader));
	return EXTAUTH_OK;
}

static enum extauth_err
csv_take_file(struct source_run *run, struct csv_memory *csv,
    const struct event *event, struct source_step *ret_step)
{
	struct extauth_error error = {0};

	if (event->kind == EVENT_RESPONSE)
		return csv_take(run, csv, &event->response, ret_step);
	csv_fail(run,
	    error_set(&error, EXTAUTH_SYSTEM, "%s", event->failure.reason),
	    &error, ret_step);
	return EXTAUTH_OK;
}

static enum extauth_err
csv_next(struct source_run *run, const struct event *event,
    struct source_step *ret_step, struct extauth_error *error)
{
	cleanup_answer struct answer answer = {0};
	struct csv_memory *csv = run->memory;
	enum extauth_err err;

	(void)error;
	if (run->state == CSV_READS)
		return csv_tell_next(run, csv, ret_step);
	if (csv_is_file(run))
		return csv_take_file(run, csv, event, ret_step);
	err = source_fetch_take(run, &csv->fetch, event, &answer, ret_step);
	if (err != EXTAUTH_OK || answer.response == NULL)
		return err;
	return csv_take(run, csv, answer.response, ret_step);
}

const struct source source_csv = {
    .name = "csv",
    .memory_bytes = sizeof(struct csv_memory),
    .forget = csv_forget,
    .start = csv_start,
    .next = csv_next,
};
