/* SPDX-License-Identifier: MIT */
#include "sync_conversation.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "sync_worker.h"

/* How long the worker may take to end behind its END. */
#define HANG_UP_MS 10000
#define TRACED_MAX 1000000

struct talk {
	const struct sync_job *job;
	const struct sync_listener *listener;
	struct extauth_error *error;
	struct buffer pending;
	int64_t deadline_ms;
	unsigned traced;
	size_t told; /* USER and GROUP */
	int fd;
	bool is_over;
	char nonce[FRAME_NONCE_BYTES];
	struct sync_end end;
};

static enum extauth_err
talk_failed(const struct talk *talk, enum extauth_err err)
{
	if (err == EXTAUTH_NOMEM)
		return error_set(talk->error, err, "out of memory");
	if (err == EXTAUTH_UNAVAILABLE)
		return error_set(talk->error, err,
		    "the directory was not read before sync_deadline");
	if (err == EXTAUTH_TOOBIG)
		return error_set(
		    talk->error, err, "the directory has too many people");
	if (err == EXTAUTH_INVALID)
		return error_set(talk->error, EXTAUTH_SYSTEM,
		    "extauth-exchange spoke nonsense");
	return error_set(talk->error, EXTAUTH_SYSTEM,
	    "extauth-exchange ended before the end of the directory");
}

static enum extauth_err
user_take(struct talk *talk, const struct frame *frame)
{
	cleanup_sync_user struct sync_user user = {0};
	enum extauth_err err = sync_user_from_frame(frame, &user);

	talk->told++;
	if (err == EXTAUTH_OK)
		err = talk->listener->user(talk->listener->context, &user);
	return err;
}

static enum extauth_err
group_take(struct talk *talk, const struct frame *frame)
{
	cleanup_sync_group struct sync_group group = {0};
	enum extauth_err err = sync_group_from_frame(frame, &group);

	talk->told++;
	if (err == EXTAUTH_OK)
		err = talk->listener->group(talk->listener->context, &group);
	return err;
}

static enum extauth_err
total_take(struct talk *talk, const struct frame *frame)
{
	uint32_t total;
	enum extauth_err err = sync_total_from_frame(frame, &total);

	if (err == EXTAUTH_OK)
		talk->listener->total(talk->listener->context, total);
	return err;
}

static enum extauth_err
trace_take(struct talk *talk, const struct frame *frame)
{
	cleanup_free char *text = NULL;
	const char *bytes;
	size_t length;

	if (talk->traced++ >= TRACED_MAX ||
	    frame_get(frame, TAG_TEXT, &bytes, &length) != EXTAUTH_OK)
		return EXTAUTH_INVALID;
	if (talk->listener->trace == NULL)
		return EXTAUTH_OK;
	text = strndup(bytes, length);
	if (text == NULL)
		return EXTAUTH_NOMEM;
	login_make_printable(text, "\n\t");
	talk->listener->trace(talk->listener->context, text);
	return EXTAUTH_OK;
}

/* Tells whether a worker that was given this job may end it so. */
static bool
end_fits(const struct talk *talk, const struct sync_end *end)
{
	bool is_one = talk->job->email[0] != '\0';
	bool has_state = talk->job->state[0] != '\0';

	switch (end->kind) {
	case SYNC_FAILED:
		return true;
	case SYNC_COMPLETE:
		return !is_one;
	case SYNC_CHANGES:
		return !is_one && has_state;
	case SYNC_UNCHANGED:
		return !is_one && has_state && talk->told == 0;
	case SYNC_ONE:
		return is_one;
	}
	return false;
}

/* Nothing may follow the END but the hang-up: a worker that goes on talking is
 * not ours. */
static enum extauth_err
hang_up_await(struct talk *talk)
{
	cleanup_frame struct frame frame = {0};
	enum extauth_err err = frame_receive(
	    talk->fd, &talk->pending, frame_clock_ms() + HANG_UP_MS, &frame);

	return err == EXTAUTH_NOTFOUND ? EXTAUTH_OK : EXTAUTH_INVALID;
}

static enum extauth_err
end_take(struct talk *talk, const struct frame *frame)
{
	cleanup_sync_end struct sync_end end = {0};
	enum extauth_err err = sync_end_from_frame(frame, talk->nonce, &end);

	if (err == EXTAUTH_OK && !end_fits(talk, &end))
		err = EXTAUTH_INVALID;
	if (err == EXTAUTH_OK)
		err = hang_up_await(talk);
	if (err != EXTAUTH_OK)
		return err;
	talk->end = end;
	end = (struct sync_end){0};
	talk->is_over = true;
	return EXTAUTH_OK;
}

static enum extauth_err
frame_take(struct talk *talk, const struct frame *frame)
{
	if (frame->type == FRAME_USER)
		return user_take(talk, frame);
	if (frame->type == FRAME_GROUP)
		return group_take(talk, frame);
	if (frame->type == FRAME_TOTAL)
		return total_take(talk, frame);
	if (frame->type == FRAME_TRACE)
		return trace_take(talk, frame);
	if (frame->type == FRAME_END)
		return end_take(talk, frame);
	return EXTAUTH_INVALID;
}

static enum extauth_err
job_send(struct talk *talk)
{
	cleanup_frame struct frame frame = {0};
	enum extauth_err err =
	    sync_job_to_frame(talk->job, talk->nonce, &frame);

	if (err == EXTAUTH_OK)
		err = frame_send(talk->fd, &frame, talk->deadline_ms);
	return err;
}

static enum extauth_err
talk_through(struct talk *talk)
{
	enum extauth_err err = job_send(talk);

	while (err == EXTAUTH_OK && !talk->is_over) {
		cleanup_frame struct frame frame = {0};

		err = frame_receive(
		    talk->fd, &talk->pending, talk->deadline_ms, &frame);
		if (err == EXTAUTH_OK)
			err = frame_take(talk, &frame);
	}
	buffer_clear(&talk->pending);
	return err == EXTAUTH_OK ? EXTAUTH_OK : talk_failed(talk, err);
}

enum extauth_err
sync_converse(const char *worker, const struct sync_job *job,
    const struct sync_listener *listener, struct sync_end *ret_end,
    struct extauth_error *error)
{
	struct talk talk = {
	    .job = job,
	    .listener = listener,
	    .error = error,
	    .pending = buffer_make((size_t)FRAME_MAX_BYTES * 2),
	    .deadline_ms = frame_clock_ms() + job->deadline_ms,
	};
	cleanup_worker_process struct worker_process process = {
	    .fd = -1, .pidfd = -1};
	enum extauth_err err;

	if (getrandom(talk.nonce, sizeof(talk.nonce), GRND_NONBLOCK) !=
	    (ssize_t)sizeof(talk.nonce))
		return error_set(
		    error, EXTAUTH_SYSTEM, "there are no random bytes yet");
	err = sync_worker_start(worker, &process, error);
	if (err != EXTAUTH_OK)
		return err;
	talk.fd = process.fd;
	err = talk_through(&talk);
	if (err == EXTAUTH_OK)
		*ret_end = talk.end;
	return err;
}
