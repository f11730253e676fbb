/* SPDX-License-Identifier: MIT */
/* Fuzz target of the sources' machines. An input is one byte of flags (1: one
 * person; 2: no groups; 4: the first event is the state of an earlier reading)
 * and then events, each ended by a byte 0x1e: three digits (000: no answer),
 * header lines that begin with '!' and end with LF, and a body.
 * Does not know: which pages are right. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "fuzz_source_case.h"
#include "identity.h"
#include "origin.h"
#include "source_entry.h"
#include "source_fetch.h"

#define RENDERED_MAX_BYTES ((size_t)1 << 20)
#define REQUESTS_AFTER_INPUT 60
#define STEPS_MAX 200000

enum flags {
	FLAG_ONE = 1,
	FLAG_NO_GROUPS = 2,
	FLAG_STATE = 4,
};

static struct fuzz_case *the_case;

/* One run. */
struct fuzz_run {
	struct source_run run;
	struct login login;
	struct source_step step;
	struct event page; /* lent until the next request */
	struct source_seen told;
	const char *start; /* of the input */
	struct fuzz_input input;
	unsigned requests_after;
	unsigned users;
	bool has_page; /* an answer of status 200, or 304 */
};

static const char *const secrets[] = {
    FUZZ_CLIENT_SECRET,
    FUZZ_API_TOKEN,
    FUZZ_URL_SECRET,
    "client%27s%200815",
    "00API%204711",
    "url%20secret",
    "Q0xJRU5UOmNsaWVudCUyN3MlMjAwODE1JTI1JTJCc2Vj",
};

/* What stands in the input was told by the server. */
static void
check_text(const struct fuzz_run *run, const char *text)
{
	size_t at;

	for (at = 0; at < sizeof(secrets) / sizeof(*secrets); at++)
		fuzz_require(strstr(text, secrets[at]) == NULL ||
			memmem(run->start,
			    (size_t)(run->input.end - run->start), secrets[at],
			    strlen(secrets[at])) != NULL,
		    "a secret is told");
}

static bool
is_printable(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

static void
check_request(struct fuzz_run *run)
{
	const struct request *request = &run->step.request.request;
	const char *url = buffer_text(&request->url);
	const struct config_provider *access = &run->run.source->access;
	cleanup_buffer struct buffer base = buffer_make(SOURCE_URL_MAX_BYTES);
	cleanup_buffer struct buffer lines = buffer_make(RENDERED_MAX_BYTES);
	size_t at;

	fuzz_require(
	    source_url_base(&run->run, &base, NULL) == EXTAUTH_OK, "a base");
	fuzz_require(request->method == CONFIG_GET
		? origin_is_same(buffer_text(&base), url)
		: strcmp(access->token_url, url) == 0,
	    "a request goes elsewhere");
	fuzz_require(is_printable(url) && strchr(url, ' ') == NULL,
	    "a URL that is none");
	for (at = 0; at < request->header_count; at++)
		fuzz_require(is_printable(buffer_text(&request->headers[at])),
		    "a header line ends early");
	fuzz_require(
	    request_render(&run->step.request.masked, &lines) == EXTAUTH_OK,
	    "a request cannot be shown");
	check_text(run, buffer_text(&lines));
	fuzz_require(run->input.next < run->input.end ||
		run->requests_after++ < REQUESTS_AFTER_INPUT,
	    "it does not end without answers");
}

static void
check_user(struct fuzz_run *run)
{
	const struct sync_user *user = run->step.user;
	cleanup_frame struct frame frame = {0};
	bool is_new = false;

	fuzz_require(user->id[0] != '\0', "a user without an id");
	fuzz_require(
	    source_seen_add(&run->told, user->id, &is_new) == EXTAUTH_OK,
	    "memory");
	fuzz_require(is_new, "a user is told twice");
	fuzz_require(user->groups.count % 2 == 0, "groups are pairs");
	fuzz_require(
	    user->groups.count == 0 || run->run.source == the_case->sources[0],
	    "a group that nobody wants");
	fuzz_require(run->run.job->email[0] == '\0' ||
		identity_equal(user->email, run->run.job->email),
	    "somebody else is told");
	fuzz_require(sync_user_to_frame(user, &frame) == EXTAUTH_OK,
	    "a user does not fit into a frame");
	run->users++;
}

static void
check_group(const struct fuzz_run *run)
{
	const struct sync_group *group = run->step.group;
	cleanup_frame struct frame frame = {0};

	fuzz_require(run->run.source == the_case->sources[0] &&
		source_entry_wants_group(&run->run, group->id, group->name),
	    "a group that nobody wants");
	fuzz_require(sync_group_to_frame(group, &frame) == EXTAUTH_OK,
	    "a group does not fit into a frame");
}

static void
check_end(const struct fuzz_run *run)
{
	const struct sync_end *end = &run->step.end;
	bool is_one = run->run.job->email[0] != '\0';

	check_text(run, end->reason);
	if (end->kind == SYNC_FAILED) {
		fuzz_require(
		    end->reason[0] != '\0', "a failure without a reason");
		fuzz_require(end->state == NULL, "a failure with a state");
		return;
	}
	fuzz_require(run->has_page, "an end without a page");
	fuzz_require(is_one == (end->kind == SYNC_ONE), "a wrong end");
	fuzz_require(end->kind != SYNC_UNCHANGED || run->users == 0,
	    "nothing changed, and somebody is told");
	if (end->state == NULL)
		return;
	fuzz_require(strlen(end->state) <= SYNC_STATE_MAX_BYTES &&
		is_printable(end->state),
	    "a state that is none");
	check_text(run, end->state);
}

static void
answer(struct fuzz_run *run)
{
	struct event *event = &run->page;
	size_t length;
	const char *text = fuzz_next_text(&run->input, &length);
	const char *end = text + length;

	event_clear(event);
	event->response.status = fuzz_read_status(text, length);
	if (event->response.status == 0) {
		(void)snprintf(event->failure.reason,
		    sizeof(event->failure.reason), "timeout");
		return;
	}
	event->kind = EVENT_RESPONSE;
	event->response.is_framed = true;
	for (text += FUZZ_STATUS_BYTES; text < end && *text == '!';) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		size_t line = (size_t)((stop != NULL ? stop : end) - text);

		fuzz_require(response_take_header(&event->response, text + 1,
				 line - 1) == EXTAUTH_OK,
		    "memory");
		text = stop != NULL ? stop + 1 : end;
	}
	event->response.body = buffer_make(RESPONSE_BODY_MAX_BYTES);
	fuzz_require(buffer_append(&event->response.body, text,
			 (size_t)(end - text)) == EXTAUTH_OK,
	    "memory");
	run->has_page |=
	    event->response.status == 200 || event->response.status == 304;
}

/* Carries out one step. Returns false at the end. */
static bool
turn(struct fuzz_run *run)
{
	static const struct event waited = {.kind = EVENT_WAITED};
	const struct event *event = &waited;
	struct extauth_error error = {0};
	enum extauth_err err;

	if (run->step.kind == SOURCE_REQUEST) {
		check_request(run);
		answer(run);
		event = &run->page;
	}
	if (run->step.kind == SOURCE_WAIT) {
		fuzz_require(run->step.request.wait_ms >= 1000 &&
			run->step.request.wait_ms <= SOURCE_WAIT_MAX_MS,
		    "a wait is short or long");
		run->login.now_s += run->step.request.wait_ms / 1000;
	}
	if (run->step.kind == SOURCE_USER)
		check_user(run);
	if (run->step.kind == SOURCE_GROUP)
		check_group(run);
	source_step_clear(&run->step);
	err = the_case->machine->next(&run->run, event, &run->step, &error);
	check_text(run, error.text);
	fuzz_require(err == EXTAUTH_OK || run->step.kind == SOURCE_END,
	    "a step in spite of an error");
	if (err == EXTAUTH_OK && run->step.kind == SOURCE_END)
		check_end(run);
	return run->step.kind != SOURCE_END;
}

static void
play(struct fuzz_run *run)
{
	struct extauth_error error = {0};
	unsigned steps = 0;
	bool goes_on = the_case->machine->start(
			   &run->run, &run->step, &error) == EXTAUTH_OK &&
	    run->step.kind != SOURCE_END;

	while (goes_on) {
		fuzz_require(steps++ < STEPS_MAX, "it does not end");
		goes_on = turn(run);
	}
	source_step_clear(&run->step);
}

int
LLVMFuzzerInitialize(int *count, char ***arguments)
{
	(void)count;
	the_case = fuzz_case_make(fuzz_target_name(*arguments));
	return 0;
}

static void
begin(struct fuzz_run *run, unsigned flags, void *memory)
{
	struct sync_job *job = &the_case->job;

	run->login = (struct login){
	    .values = &the_case->values.real,
	    .masked = &the_case->values.masked,
	    .password = &the_case->nothing,
	    .new_password = &the_case->nothing,
	    .client_secret = &the_case->client_secret,
	    .api_token = &the_case->api_token,
	    .now_s = FUZZ_NOW_S,
	};
	run->run = (struct source_run){
	    .config = &the_case->config,
	    .source = the_case->sources[(flags & FLAG_NO_GROUPS) != 0],
	    .login = &run->login,
	    .job = job,
	    .memory = memory,
	};
	run->login.provider = &run->run.source->access;
	(void)snprintf(job->email, sizeof(job->email), "%s",
	    (flags & FLAG_ONE) != 0 ? FUZZ_EMAIL : "");
	job->state[0] = '\0';
	if ((flags & FLAG_STATE) != 0) {
		size_t length;
		const char *state = fuzz_next_text(&run->input, &length);

		(void)snprintf(job->state, sizeof(job->state), "%.*s",
		    (int)(length < SYNC_STATE_MAX_BYTES ? length
							: SYNC_STATE_MAX_BYTES),
		    state);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const struct source *machine = the_case->machine;
	cleanup_free void *memory = calloc(1, machine->memory_bytes + 1);
	struct fuzz_run run = {0};

	if (length == 0)
		return 0;
	fuzz_require(memory != NULL, "memory");
	run.start = (const char *)bytes + 1;
	run.input.next = run.start;
	run.input.end = (const char *)bytes + length;
	begin(&run, bytes[0], memory);
	play(&run);
	if (machine->forget != NULL)
		machine->forget(memory);
	source_seen_clear(&run.told);
	event_clear(&run.page);
	return 0;
}
