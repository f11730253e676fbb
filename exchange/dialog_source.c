/* SPDX-License-Identifier: MIT */
#include "dialog_source.h"

#define GATHERED_BYTES 65536
#define GATHERED_MAX_BYTES (GATHERED_BYTES + (size_t)2 * FRAME_MAX_BYTES)
#define LAST_FRAMES_MS 5000

static enum extauth_err
dialog_send_gathered(struct dialog *dialog, int64_t deadline_ms)
{
	enum extauth_err err;

	if (dialog->gathered.length == 0)
		return EXTAUTH_OK;
	err = frame_send_bytes(dialog->fd, &dialog->gathered, deadline_ms);
	/* The room is kept for the next ones. */
	dialog->gathered.length = 0;
	return err;
}

enum extauth_err
dialog_flush(struct dialog *dialog)
{
	return dialog_send_gathered(dialog, dialog->deadline_ms);
}

/* Takes the frame over, which is empty if `err` says that it was not made. */
static enum extauth_err
dialog_keep(struct dialog *dialog, enum extauth_err err, struct frame *frame)
{
	if (dialog->gathered.limit == 0)
		dialog->gathered = buffer_make(GATHERED_MAX_BYTES);
	if (err == EXTAUTH_OK)
		err = frame_encode(frame, &dialog->gathered);
	frame_clear(frame);
	return err;
}

static enum extauth_err
dialog_gather(struct dialog *dialog, enum extauth_err err, struct frame *frame)
{
	err = dialog_keep(dialog, err, frame);
	if (err == EXTAUTH_OK && dialog->gathered.length >= GATHERED_BYTES)
		err = dialog_flush(dialog);
	return err;
}

enum extauth_err
dialog_gather_total(struct dialog *dialog, uint32_t total)
{
	struct frame frame = {0};

	return dialog_gather(
	    dialog, sync_total_to_frame(total, &frame), &frame);
}

enum extauth_err
dialog_gather_user(struct dialog *dialog, const struct sync_user *user)
{
	struct frame frame = {0};

	return dialog_gather(dialog, sync_user_to_frame(user, &frame), &frame);
}

enum extauth_err
dialog_gather_group(struct dialog *dialog, const struct sync_group *group)
{
	struct frame frame = {0};

	return dialog_gather(
	    dialog, sync_group_to_frame(group, &frame), &frame);
}

enum extauth_err
dialog_gather_trace(struct dialog *dialog, const char *line)
{
	struct frame frame = frame_make(FRAME_TRACE);

	return dialog_gather(
	    dialog, frame_add_text(&frame, TAG_TEXT, line), &frame);
}

enum extauth_err
dialog_pause(
    struct dialog *dialog, uint32_t wait_ms, struct extauth_error *error)
{
	enum extauth_err err;

	if (frame_clock_ms() + wait_ms > dialog->deadline_ms)
		return error_set(error, EXTAUTH_UNAVAILABLE,
		    "no time for a pause of %u s before sync_deadline",
		    wait_ms / 1000);
	err = dialog_flush(dialog);
	if (err != EXTAUTH_OK)
		return err;
	err = dialog_sleep(dialog, wait_ms);
	return err == EXTAUTH_OK ? err
				 : error_set(error, err, "the host hung up");
}

static enum extauth_err
dialog_encode_end(struct dialog *dialog, const struct sync_end *end)
{
	struct frame frame = {0};

	return dialog_keep(
	    dialog, sync_end_to_frame(end, dialog->nonce, &frame), &frame);
}

enum extauth_err
dialog_end_sync(struct dialog *dialog, const struct sync_end *end)
{
	static const struct sync_end untold = {
	    .kind = SYNC_FAILED, .reason = "the end cannot be told"};
	int64_t last_ms = frame_clock_ms() + LAST_FRAMES_MS;
	enum extauth_err err = dialog_encode_end(dialog, end);

	if (err != EXTAUTH_OK)
		err = dialog_encode_end(dialog, &untold);
	if (err != EXTAUTH_OK)
		return err;
	return dialog_send_gathered(dialog,
	    last_ms > dialog->deadline_ms ? last_ms : dialog->deadline_ms);
}
