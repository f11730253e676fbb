/* SPDX-License-Identifier: MIT */
/* Fuzz target of the providers' machines. An input is one byte of flags and
 * then events, each ended by a byte 0x1e: three digits and a body for a request
 * (000: no answer), any text for a question.
 * Does not know: which answers are right. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drive.h"
#include "fuzz.h"
#include "fuzz_seen.h"
#include "fuzz_target.h"
#include "origin.h"

#define RENDERED_MAX_BYTES ((size_t)1 << 20)
#define STEPS_AFTER_INPUT 60

/* One run. */
struct fuzz_run {
	const struct fuzz_case *one;
	struct login login;
	struct fuzz_seen seen;
	struct step step;
	const char *start; /* of the input */
	struct fuzz_input input;
	unsigned steps;
	unsigned passwords;
	unsigned polls;
	unsigned prompts;
};

/* The one that LLVMFuzzerInitialize makes: libFuzzer hands nothing on. */
static struct fuzz_case *the_case;

static const char *const secrets[] = {
    FUZZ_PASSWORD,
    FUZZ_NEW_PASSWORD,
    FUZZ_CLIENT_SECRET,
    FUZZ_API_TOKEN,
    "correct%20horse",
    "battery%20staple",
    "client%27s%200815",
    "00API%204711",
    /* CLIENT and the secret, as it is and form-encoded, in base64 */
    "Q0xJRU5UOmNsaWVudCdzIDA4MTUlK3NlY3Jl",
    "Q0xJRU5UOmNsaWVudCUyN3MlMjAwODE1JTI1JTJCc2Vj",
};

/* What stands in the input was told by the server: libFuzzer looks over the
 * shoulder of each comparison and learns the secrets. */
static bool
fuzz_is_given(const struct fuzz_run *run, const char *secret)
{
	return memmem(run->start, (size_t)(run->input.end - run->start), secret,
		   strlen(secret)) != NULL ||
	    fuzz_seen_said(&run->seen, secret);
}

static void
fuzz_check_text(const struct fuzz_run *run, const char *text)
{
	size_t at;

	for (at = 0; at < sizeof(secrets) / sizeof(*secrets); at++)
		fuzz_require(strstr(text, secrets[at]) == NULL ||
			fuzz_is_given(run, secrets[at]),
		    "a secret is told");
}

/* A token that stands in the input more than once may be anything. */
static bool
fuzz_is_repeated(const struct fuzz_run *run, const char *token)
{
	size_t length = strlen(token);
	const char *found = memmem(
	    run->start, (size_t)(run->input.end - run->start), token, length);

	if (found == NULL)
		return true;
	found += length;
	return memmem(found, (size_t)(run->input.end - found), token, length) !=
	    NULL;
}

static void
fuzz_check_masked(const struct fuzz_run *run)
{
	cleanup_buffer struct buffer lines = buffer_make(RENDERED_MAX_BYTES);
	const char *token;

	fuzz_require(request_render(&run->step.masked, &lines) == EXTAUTH_OK,
	    "a request cannot be shown");
	fuzz_check_text(run, buffer_text(&lines));
	token = fuzz_seen_find(&run->seen, buffer_text(&lines));
	fuzz_require(
	    token == NULL || fuzz_is_repeated(run, token), "a token is shown");
}

static bool
fuzz_is_printable(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

static void
fuzz_check_lines(const struct request *request)
{
	size_t at;

	fuzz_require(fuzz_is_printable(buffer_text(&request->url)) &&
		strchr(buffer_text(&request->url), ' ') == NULL,
	    "a URL that is none");
	for (at = 0; at < request->header_count; at++)
		fuzz_require(
		    fuzz_is_printable(buffer_text(&request->headers[at])),
		    "a header line ends early");
}

static void
fuzz_check_request(struct fuzz_run *run)
{
	const struct request *request = &run->step.request;

	fuzz_require(origin_is_configured(
			 run->login.provider, buffer_text(&request->url)),
	    "a request goes elsewhere");
	fuzz_check_lines(request);
	run->passwords += request->bears_password;
	run->polls += request->is_poll;
	fuzz_require(run->passwords <= run->one->target->passwords_max,
	    "the password is sent again");
	fuzz_check_masked(run);
}

static void
fuzz_check_question(struct fuzz_run *run)
{
	uint32_t flags = run->login.flags;

	fuzz_check_text(run, buffer_text(&run->step.text));
	if (run->step.kind == STEP_INFORM)
		return;
	if (run->step.kind == STEP_WAIT) {
		fuzz_require((flags & (LOGIN_CAN_ASK | LOGIN_CAN_WAIT)) != 0,
		    "nobody waits");
		fuzz_require(run->step.wait_ms >= 1000, "a wait is short");
		return;
	}
	run->prompts++;
	fuzz_require((flags & (LOGIN_CAN_ASK | LOGIN_HAS_CODE)) != 0,
	    "nobody can be asked");
	fuzz_require((flags & LOGIN_CAN_ASK) != 0 || run->prompts <= 1,
	    "the code is asked for twice");
}

static void
fuzz_check_verdict(const struct fuzz_run *run)
{
	const struct login_outcome *outcome = &run->step.outcome;
	const struct fuzz_target *target = run->one->target;

	fuzz_check_text(run, outcome->reason);
	fuzz_check_text(run, outcome->message);
	if (outcome->verdict != VERDICT_ACCEPTED) {
		fuzz_require(
		    outcome->token.length == 0, "a refusal with a token");
		fuzz_require(
		    outcome->reason[0] != '\0' || target->job != FRAME_LOGIN,
		    "a refusal without a reason");
		return;
	}
	fuzz_require(target->job != FRAME_FORGOT, "a grant without a password");
	fuzz_require(run->seen.has_success, "a grant without an answer");
	fuzz_require(run->passwords > 0 || !target->needs_password,
	    "a grant without a password");
	fuzz_require(run->polls > 0 || target->needs_password,
	    "a grant without an approval");
	fuzz_require(run->seen.is_user_named || target->job == FRAME_CHANGE,
	    "a grant for nobody, or somebody else");
}

static void
fuzz_answer(struct fuzz_run *run, struct event *event)
{
	size_t length;
	const char *text = fuzz_next_text(&run->input, &length);
	unsigned status = fuzz_read_status(text, length);

	if (status == 0) {
		event->kind = EVENT_FAILED;
		(void)snprintf(event->failure.reason,
		    sizeof(event->failure.reason), "timeout");
		return;
	}
	event->kind = EVENT_RESPONSE;
	event->response.status = status;
	event->response.body = buffer_make(RESPONSE_BODY_MAX_BYTES);
	fuzz_require(
	    buffer_append(&event->response.body, text + FUZZ_STATUS_BYTES,
		length - FUZZ_STATUS_BYTES) == EXTAUTH_OK,
	    "memory");
	fuzz_seen_take(&run->seen, status, text + FUZZ_STATUS_BYTES,
	    length - FUZZ_STATUS_BYTES, run->one->facts.external_id);
}

static void
fuzz_reply(struct fuzz_run *run, struct event *event)
{
	size_t length;
	const char *text = fuzz_next_text(&run->input, &length);

	event->kind = EVENT_ANSWER;
	if (memchr(text, '\0', length) != NULL)
		length = 0;
	if (length > 512)
		length = 512;
	fuzz_require(
	    secret_set(&event->answer, text, length) == EXTAUTH_OK, "memory");
}

/* Returns false at the end of the login. */
static bool
fuzz_turn(struct fuzz_run *run)
{
	cleanup_event struct event event = {0};
	struct extauth_error error = {0};
	enum extauth_err err;

	if (run->step.kind == STEP_REQUEST) {
		fuzz_check_request(run);
		fuzz_answer(run, &event);
	} else {
		fuzz_check_question(run);
		event.kind = EVENT_WAITED;
		if (run->step.kind == STEP_PROMPT)
			fuzz_reply(run, &event);
	}
	step_clear(&run->step);
	err = run->one->machine->next(&run->login, &event, &run->step, &error);
	fuzz_check_text(run, error.text);
	if (err != EXTAUTH_OK) {
		fuzz_require(run->step.kind == STEP_VERDICT &&
			run->step.outcome.verdict == VERDICT_REJECTED,
		    "a step in spite of an error");
		return false;
	}
	if (run->step.kind != STEP_VERDICT)
		return true;
	fuzz_check_verdict(run);
	return false;
}

static void
fuzz_run(struct fuzz_run *run)
{
	struct extauth_error error = {0};
	unsigned after = 0;
	bool goes_on = run->one->machine->start(
			   &run->login, &run->step, &error) == EXTAUTH_OK &&
	    run->step.kind != STEP_VERDICT;

	while (goes_on && run->steps++ < DRIVE_STEPS_MAX) {
		fuzz_require(run->input.next < run->input.end ||
			after++ < STEPS_AFTER_INPUT,
		    "it does not end without answers");
		goes_on = fuzz_turn(run);
	}
}

int
LLVMFuzzerInitialize(int *count, char ***arguments)
{
	(void)count;
	the_case = fuzz_case_make(fuzz_target_name(*arguments));
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const uint32_t flags = LOGIN_CAN_ASK | LOGIN_HAS_CODE | LOGIN_CAN_WAIT;
	const struct provider *machine = the_case->machine;
	cleanup_free void *memory = calloc(1, machine->memory_bytes + 1);
	struct fuzz_run run = {.one = the_case};

	if (length == 0)
		return 0;
	fuzz_require(memory != NULL, "memory");
	run.login = fuzz_case_login(the_case, bytes[0] & flags, memory);
	run.start = (const char *)bytes + 1;
	run.input.next = run.start;
	run.input.end = (const char *)bytes + length;
	fuzz_run(&run);
	step_clear(&run.step);
	if (machine->forget != NULL)
		machine->forget(memory);
	fuzz_seen_clear(&run.seen);
	return 0;
}
