/* SPDX-License-Identifier: MIT */
#include "dialog.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#define FIRST_FRAME_MS 10000
#define LAST_FRAME_MS 5000
#define ALARM_GRACE_MS 2000

static bool
dialog_is_job(enum frame_type type)
{
	return type == FRAME_LOGIN || type == FRAME_FORGOT ||
	    type == FRAME_PROBE || type == FRAME_CHANGE || type == FRAME_SYNC;
}

static enum extauth_err
dialog_read_job(struct dialog *dialog, const struct frame *frame,
    struct dialog_job *ret_job)
{
	int64_t now_ms = frame_clock_ms();
	enum extauth_err err;

	if (frame->type == FRAME_SYNC) {
		err = sync_job_from_frame(frame, &ret_job->sync, dialog->nonce);
		dialog->deadline_ms = now_ms + ret_job->sync.deadline_ms;
		return err;
	}
	err = login_from_frame(frame, &ret_job->facts, dialog->nonce,
	    &ret_job->password, &ret_job->new_password);
	dialog->deadline_ms = now_ms + ret_job->facts.login_deadline_ms;
	dialog->person_left_ms = ret_job->facts.person_deadline_ms;
	return err;
}

enum extauth_err
dialog_receive_job(struct dialog *dialog, struct dialog_job *ret_job)
{
	cleanup_frame struct frame frame = {0};
	enum extauth_err err;

	dialog->pending = buffer_make((size_t)FRAME_MAX_BYTES * 2);
	err = frame_receive(dialog->fd, &dialog->pending,
	    frame_clock_ms() + FIRST_FRAME_MS, &frame);
	if (err != EXTAUTH_OK)
		return err;
	if (!dialog_is_job(frame.type))
		return EXTAUTH_INVALID;
	ret_job->type = frame.type;
	return dialog_read_job(dialog, &frame, ret_job);
}

void
dialog_job_clear(struct dialog_job *job)
{
	if (job == NULL)
		return;
	secret_clear(&job->password);
	secret_clear(&job->new_password);
}

void
dialog_set_alarm(const struct dialog *dialog, int64_t extra_ms)
{
	int64_t left_ms = dialog->deadline_ms - frame_clock_ms();

	if (left_ms < 0)
		left_ms = 0;
	if (extra_ms > 0)
		left_ms += extra_ms;
	left_ms += ALARM_GRACE_MS;
	(void)alarm((unsigned)((left_ms + 999) / 1000));
}

/* Time that a person took since `start_ms` does not count for the network. */
static void
dialog_count_person(struct dialog *dialog, int64_t start_ms)
{
	int64_t taken_ms = frame_clock_ms() - start_ms;

	dialog->person_left_ms -= taken_ms;
	dialog->deadline_ms += taken_ms;
	dialog_set_alarm(dialog, 0);
}

static enum extauth_err
dialog_receive_answer(struct dialog *dialog, struct secret *ret_answer)
{
	cleanup_frame struct frame frame = {0};
	const char *bytes;
	size_t length;
	enum extauth_err err = frame_receive(dialog->fd, &dialog->pending,
	    frame_clock_ms() + dialog->person_left_ms, &frame);

	/* A hang-up is no "nobody to ask". */
	if (err != EXTAUTH_OK)
		return err == EXTAUTH_NOTFOUND ? EXTAUTH_SYSTEM : err;
	if (frame.type != FRAME_ANSWER)
		return EXTAUTH_SYSTEM;
	err = frame_get(&frame, TAG_TEXT, &bytes, &length);
	if (err != EXTAUTH_OK)
		return err;
	return secret_set(ret_answer, bytes, length);
}

static enum extauth_err
dialog_send_waiting(const struct dialog *dialog, bool is_waiting)
{
	cleanup_frame struct frame frame = frame_make(FRAME_WAITING);
	enum extauth_err err =
	    frame_add_number(&frame, TAG_FLAGS, is_waiting ? 1 : 0);

	return err == EXTAUTH_OK
	    ? frame_send(dialog->fd, &frame, frame_clock_ms() + LAST_FRAME_MS)
	    : err;
}

static enum extauth_err
dialog_begin_wait(struct dialog *dialog)
{
	if (dialog->waiting_since_ms != 0)
		return EXTAUTH_OK;
	dialog->waiting_since_ms = frame_clock_ms();
	dialog_set_alarm(dialog, dialog->person_left_ms);
	return dialog_send_waiting(dialog, true);
}

enum extauth_err
dialog_end_wait(struct dialog *dialog)
{
	int64_t since_ms = dialog->waiting_since_ms;

	if (since_ms == 0)
		return EXTAUTH_OK;
	dialog->waiting_since_ms = 0;
	dialog_count_person(dialog, since_ms);
	return dialog_send_waiting(dialog, false);
}

/* The end of the person's time while it runs. */
static int64_t
dialog_person_deadline_ms(const struct dialog *dialog)
{
	return dialog->waiting_since_ms + dialog->person_left_ms;
}

int64_t
dialog_deadline_ms(const struct dialog *dialog)
{
	return dialog->waiting_since_ms != 0 ? dialog_person_deadline_ms(dialog)
					     : dialog->deadline_ms;
}

enum extauth_err
dialog_ask(struct dialog *dialog, const char *text, bool echo,
    struct secret *ret_answer)
{
	cleanup_frame struct frame frame = frame_make(FRAME_PROMPT);
	int64_t start_ms;
	enum extauth_err err = dialog_end_wait(dialog);

	if (err == EXTAUTH_OK)
		err = frame_add_text(&frame, TAG_TEXT, text);
	if (err == EXTAUTH_OK)
		err = frame_add_number(&frame, TAG_ECHO, echo ? 1 : 0);
	start_ms = frame_clock_ms();
	if (err == EXTAUTH_OK)
		err = frame_send(dialog->fd, &frame, dialog->deadline_ms);
	if (err != EXTAUTH_OK)
		return err;
	dialog_set_alarm(dialog, dialog->person_left_ms);
	err = dialog_receive_answer(dialog, ret_answer);
	dialog_count_person(dialog, start_ms);
	return err;
}

enum extauth_err
dialog_sleep(const struct dialog *dialog, uint32_t sleep_ms)
{
	struct pollfd host = {.fd = dialog->fd};
	int64_t end_ms = frame_clock_ms() + sleep_ms;
	int64_t left_ms = sleep_ms;

	/* A hang-up is told although nothing is waited for. */
	while (left_ms > 0) {
		if (poll(&host, 1, (int)(left_ms < 60000 ? left_ms : 60000)) >
			0 &&
		    (host.revents & (POLLHUP | POLLERR)) != 0)
			return EXTAUTH_SYSTEM;
		left_ms = end_ms - frame_clock_ms();
	}
	return EXTAUTH_OK;
}

enum extauth_err
dialog_wait(struct dialog *dialog, uint32_t wait_ms)
{
	int64_t end_ms = frame_clock_ms() + wait_ms;
	enum extauth_err err = dialog_begin_wait(dialog);

	if (err != EXTAUTH_OK)
		return err;
	if (end_ms > dialog_person_deadline_ms(dialog))
		return EXTAUTH_UNAVAILABLE;
	return dialog_sleep(dialog, wait_ms);
}

enum extauth_err
dialog_show(const struct dialog *dialog, enum frame_type type, const char *text)
{
	cleanup_frame struct frame frame = frame_make(type);
	enum extauth_err err = frame_add_text(&frame, TAG_TEXT, text);

	return err == EXTAUTH_OK
	    ? frame_send(dialog->fd, &frame, dialog->deadline_ms)
	    : err;
}

enum extauth_err
dialog_end(const struct dialog *dialog, const struct login_outcome *outcome)
{
	cleanup_frame struct frame frame = {0};
	enum extauth_err err =
	    login_outcome_to_frame(outcome, dialog->nonce, &frame);

	return err == EXTAUTH_OK
	    ? frame_send(dialog->fd, &frame, frame_clock_ms() + LAST_FRAME_MS)
	    : err;
}
