/* SPDX-License-Identifier: MIT */
#include "worker.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "worker_process.h"

#define LOGIN_DEADLINE_MS 15000
#define PERSON_DEADLINE_MS 100000
#define SPOKEN_MAX 32
#define TRACED_MAX 10000 /* a poll each second for ten minutes */
#define WAITING_MAX 256

/* The dialog with one worker. */
struct talk {
	const struct worker_job *job;
	struct extauth_error *error;
	struct buffer pending;
	int64_t network_left_ms;
	int64_t person_left_ms;
	unsigned spoken;
	unsigned traced;
	unsigned waited;
	int fd;
	bool is_waiting; /* for a person: his time runs, the network's stands */
	bool is_over;
	char nonce[FRAME_NONCE_BYTES];
	struct login_outcome outcome;
};

static enum extauth_err
talk_failed(const struct talk *talk, enum extauth_err err)
{
	if (err == EXTAUTH_NOMEM)
		return error_set(talk->error, err, "out of memory");
	if (err == EXTAUTH_UNAVAILABLE)
		return error_set(talk->error, err,
		    "extauth-exchange gave no verdict before login_deadline");
	if (err == EXTAUTH_INVALID)
		return error_set(talk->error, EXTAUTH_SYSTEM,
		    "extauth-exchange spoke nonsense");
	return error_set(talk->error, EXTAUTH_SYSTEM,
	    "extauth-exchange ended without a verdict");
}

/* The time that runs now. */
static int64_t *
talk_left_ms(struct talk *talk)
{
	return talk->is_waiting ? &talk->person_left_ms
				: &talk->network_left_ms;
}

/* Ends the talk with what is known without the worker: a second factor that
 * nobody gives says as much as a verdict would. */
static void
talk_end(struct talk *talk, const char *reason)
{
	talk->is_over = true;
	talk->outcome.verdict = VERDICT_SECOND_FACTOR_NEEDED;
	(void)snprintf(
	    talk->outcome.reason, sizeof(talk->outcome.reason), "%s", reason);
}

static enum extauth_err
talk_send(struct talk *talk, const struct frame *frame)
{
	int64_t start = frame_clock_ms();
	int64_t *left_ms = talk_left_ms(talk);
	enum extauth_err err = frame_send(talk->fd, frame, start + *left_ms);

	*left_ms -= frame_clock_ms() - start;
	return err == EXTAUTH_OK ? EXTAUTH_OK : talk_failed(talk, err);
}

/* `*ret_frame` is left empty where the talk is over without one. */
static enum extauth_err
talk_receive(struct talk *talk, struct frame *ret_frame)
{
	int64_t start = frame_clock_ms();
	int64_t *left_ms = talk_left_ms(talk);
	enum extauth_err err = frame_receive(
	    talk->fd, &talk->pending, start + *left_ms, ret_frame);

	*left_ms -= frame_clock_ms() - start;
	if (err == EXTAUTH_UNAVAILABLE && talk->is_waiting) {
		talk_end(talk, "not answered before person_deadline");
		return EXTAUTH_OK;
	}
	return err == EXTAUTH_OK ? EXTAUTH_OK : talk_failed(talk, err);
}

/* Copies the text of a frame, made printable; the caller frees it. */
static enum extauth_err
text_copy(const struct frame *frame, char **ret_text)
{
	const char *bytes = "";
	size_t length = 0;
	char *text;

	if (frame_get(frame, TAG_TEXT, &bytes, &length) != EXTAUTH_OK)
		length = 0;
	text = strndup(bytes, length);
	if (text == NULL)
		return EXTAUTH_NOMEM;
	login_make_printable(text, "\n\t");
	*ret_text = text;
	return EXTAUTH_OK;
}

static enum extauth_err
answer_send(struct talk *talk, const struct secret *answer)
{
	cleanup_frame struct frame frame = frame_make(FRAME_ANSWER);
	enum extauth_err err =
	    frame_add(&frame, TAG_TEXT, secret_reveal(answer), answer->length);

	if (err != EXTAUTH_OK)
		return talk_failed(talk, err);
	return talk_send(talk, &frame);
}

static enum extauth_err
prompt_take(struct talk *talk, const struct frame *frame)
{
	const struct worker_host *host = talk->job->host;
	cleanup_secret struct secret answer = {0};
	cleanup_free char *text = NULL;
	uint32_t echo = 0;
	int64_t start = frame_clock_ms();
	enum extauth_err err;

	if (host == NULL || host->prompt == NULL) {
		talk_end(
		    talk, "the provider asks for more and nobody can be asked");
		return EXTAUTH_OK;
	}
	if (text_copy(frame, &text) != EXTAUTH_OK)
		return talk_failed(talk, EXTAUTH_NOMEM);
	if (frame_get_number(frame, TAG_ECHO, &echo) != EXTAUTH_OK)
		echo = 0;
	err = host->prompt(host->context, text, echo == 1, &answer);
	if (err != EXTAUTH_OK)
		return error_set(
		    talk->error, err, "the prompt was not answered");
	talk->person_left_ms -= frame_clock_ms() - start;
	if (talk->person_left_ms > 0)
		return answer_send(talk, &answer);
	talk_end(talk, "not answered before person_deadline");
	return EXTAUTH_OK;
}

static enum extauth_err
text_take(struct talk *talk, const struct frame *frame,
    void (*take)(void *context, const char *text))
{
	cleanup_free char *text = NULL;

	if (take == NULL)
		return EXTAUTH_OK;
	if (text_copy(frame, &text) != EXTAUTH_OK)
		return talk_failed(talk, EXTAUTH_NOMEM);
	take(talk->job->host->context, text);
	return EXTAUTH_OK;
}

static enum extauth_err
waiting_take(struct talk *talk, const struct frame *frame)
{
	uint32_t flags;

	if (frame_get_number(frame, TAG_FLAGS, &flags) != EXTAUTH_OK ||
	    flags > 1)
		return talk_failed(talk, EXTAUTH_INVALID);
	talk->is_waiting = flags == 1;
	return EXTAUTH_OK;
}

static bool
may_be_accepted(
    const struct worker_job *job, const struct login_outcome *outcome)
{
	if ((job->facts->flags & LOGIN_DRY_RUN) != 0)
		return false;
	return job->type == FRAME_LOGIN ||
	    (job->type == FRAME_CHANGE && outcome->token.length == 0);
}

/* Nothing may follow a verdict: a worker that goes on talking is not ours. */
static bool
talk_goes_on(const struct talk *talk)
{
	char byte;

	return talk->pending.length > 0 ||
	    recv(talk->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

static enum extauth_err
verdict_take(struct talk *talk, const struct frame *frame)
{
	cleanup_outcome struct login_outcome outcome = {0};

	if (login_outcome_from_frame(frame, talk->nonce, &outcome) !=
		EXTAUTH_OK ||
	    talk_goes_on(talk))
		return talk_failed(talk, EXTAUTH_INVALID);
	if (outcome.verdict == VERDICT_ACCEPTED &&
	    !may_be_accepted(talk->job, &outcome))
		return error_set(talk->error, EXTAUTH_SYSTEM,
		    "extauth-exchange granted what was not asked for");
	talk->outcome = outcome;
	outcome = (struct login_outcome){0};
	talk->is_over = true;
	return EXTAUTH_OK;
}

static enum extauth_err
frame_take(struct talk *talk, const struct frame *frame)
{
	const struct worker_host *host = talk->job->host;

	if (frame->type == FRAME_VERDICT)
		return verdict_take(talk, frame);
	if (frame->type == FRAME_TRACE && talk->traced++ < TRACED_MAX)
		return text_take(talk, frame, host ? host->trace : NULL);
	if (frame->type == FRAME_PROMPT && talk->spoken++ < SPOKEN_MAX)
		return prompt_take(talk, frame);
	if (frame->type == FRAME_WAITING && talk->waited++ < WAITING_MAX)
		return waiting_take(talk, frame);
	if (frame->type == FRAME_INFORM && talk->spoken++ < SPOKEN_MAX)
		return text_take(talk, frame, host ? host->inform : NULL);
	return talk_failed(talk, EXTAUTH_INVALID);
}

static enum extauth_err
login_send(struct talk *talk)
{
	const struct worker_job *job = talk->job;
	const struct login_passwords passwords = {
	    job->password, job->new_password};
	cleanup_frame struct frame frame = {0};
	enum extauth_err err = login_to_frame(
	    job->type, job->facts, talk->nonce, &passwords, &frame);

	if (err != EXTAUTH_OK)
		return talk_failed(talk, err);
	return talk_send(talk, &frame);
}

static enum extauth_err
talk_through(struct talk *talk)
{
	enum extauth_err err = login_send(talk);

	while (err == EXTAUTH_OK && !talk->is_over) {
		cleanup_frame struct frame frame = {0};

		err = talk_receive(talk, &frame);
		if (err == EXTAUTH_OK && !talk->is_over)
			err = frame_take(talk, &frame);
	}
	buffer_clear(&talk->pending);
	return err;
}

static struct talk
talk_make(const struct worker_job *job, struct extauth_error *error)
{
	struct talk talk = {
	    .job = job,
	    .error = error,
	    .pending = buffer_make((size_t)FRAME_MAX_BYTES * 2),
	    .network_left_ms = LOGIN_DEADLINE_MS,
	    .person_left_ms = PERSON_DEADLINE_MS,
	};

	if (job->facts->login_deadline_ms > 0)
		talk.network_left_ms = job->facts->login_deadline_ms;
	if (job->facts->person_deadline_ms > 0)
		talk.person_left_ms = job->facts->person_deadline_ms;
	return talk;
}

static enum extauth_err
worker_carry(const struct worker_job *job, struct login_outcome *ret_outcome,
    struct extauth_error *error)
{
	int64_t start = frame_clock_ms();
	struct talk talk = talk_make(job, error);
	cleanup_worker_process struct worker_process process = {
	    .fd = -1, .pidfd = -1};
	enum extauth_err err;

	if (getrandom(talk.nonce, sizeof(talk.nonce), GRND_NONBLOCK) !=
	    (ssize_t)sizeof(talk.nonce))
		return error_set(
		    error, EXTAUTH_SYSTEM, "there are no random bytes yet");
	err = worker_process_start(job->program, &process, error);
	if (err != EXTAUTH_OK)
		return err;
	talk.fd = process.fd;
	err = talk_through(&talk);
	if (err != EXTAUTH_OK)
		return err;
	*ret_outcome = talk.outcome;
	ret_outcome->duration_ms = (uint32_t)(frame_clock_ms() - start);
	return EXTAUTH_OK;
}

enum extauth_err
worker_run(const struct worker_job *job, struct login_outcome *ret_outcome,
    struct extauth_error *error)
{
	int saved = errno;
	enum extauth_err err = worker_carry(job, ret_outcome, error);

	errno = saved;
	return err;
}
