/* SPDX-License-Identifier: MIT */
#include "source_mark.h"

#include <stdio.h>
#include <string.h>

#include "source_state.h"

#define ETAG 'E'
#define LAST_MODIFIED 'M'
#define STATE_MAX_BYTES 256

void
source_mark_ask(const struct source_run *run, char kind,
    struct source_mark *mark, struct source_fetch *fetch)
{
	const char *text = source_state_lend(run, kind);

	if (text == NULL || run->job->email[0] != '\0' ||
	    (text[0] != ETAG && text[0] != LAST_MODIFIED) ||
	    strlen(text) >= sizeof(mark->text))
		return;
	memcpy(mark->text, text, strlen(text) + 1);
	fetch->condition_header =
	    text[0] == ETAG ? "If-None-Match" : "If-Modified-Since";
	fetch->condition = mark->text + 1;
}

void
source_mark_take(struct source_mark *mark, const struct response *response)
{
	mark->text[0] = '\0';
	if (response->etag[0] != '\0')
		(void)snprintf(mark->text, sizeof(mark->text), "%c%s", ETAG,
		    response->etag);
	/* What was changed in this very second may be changed once more. */
	else if (response->last_modified[0] != '\0' &&
	    strcmp(response->last_modified, response->date) != 0)
		(void)snprintf(mark->text, sizeof(mark->text), "%c%s",
		    LAST_MODIFIED, response->last_modified);
}

enum extauth_err
source_mark_end(const struct source_run *run, char kind,
    const struct source_mark *mark, enum sync_end_kind how,
    struct source_step *ret_step)
{
	cleanup_buffer struct buffer state = buffer_make(STATE_MAX_BYTES);
	enum extauth_err err = EXTAUTH_OK;

	if (mark->text[0] != '\0') {
		err = source_state_begin(run, kind, &state);
		if (err == EXTAUTH_OK)
			err = buffer_append_text(&state, mark->text);
	}
	if (err != EXTAUTH_OK)
		return err;
	return source_step_end(ret_step, how, buffer_text(&state));
}
