/* SPDX-License-Identifier: MIT */
/* Stands where extauth-exchange should, and is hostile: plays what that would
 * say with one trick, and notes in the slot of its host what it said.
 * Does not know: what its host makes of it. */
#include "hostile.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define DIALOG_FD 3
#define FAR_MS 20000
#define RIGHTS 3

static struct buffer pending;

static struct hostile_slot *
find_slot(void)
{
	char path[64];
	void *slot;
	int fd;

	(void)snprintf(path, sizeof(path), HOSTILE_SLOT, getppid());
	fd = open(path, O_RDWR | O_CLOEXEC);
	slot = fd < 0 ? MAP_FAILED
		      : mmap(NULL, sizeof(struct hostile_slot),
			    PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (slot == MAP_FAILED)
		_exit(1);
	(void)close(fd);
	return slot;
}

static void
hear_login(struct hostile *hostile)
{
	struct secret password = {0};
	struct secret other = {0};

	if (frame_receive(DIALOG_FD, &pending, frame_clock_ms() + FAR_MS,
		&hostile->told) != EXTAUTH_OK ||
	    login_from_frame(&hostile->told, &hostile->facts,
		hostile->slot->nonce, &password, &other) != EXTAUTH_OK)
		_exit(1);
	hostile->job = hostile->told.type;
	hostile->slot->has_nonce = true;
	secret_clear(&password);
	secret_clear(&other);
}

static void
hear_answer(void)
{
	struct frame frame = {0};

	if (frame_receive(DIALOG_FD, &pending, frame_clock_ms() + FAR_MS,
		&frame) != EXTAUTH_OK)
		_exit(1);
	frame_clear(&frame);
}

/* What does not fit is beyond every limit of the host. */
static void
note(struct hostile_slot *slot, const char *bytes, size_t length)
{
	const size_t left = sizeof(slot->sent) - slot->sent_length;

	if (length > left)
		length = left;
	memcpy(slot->sent + slot->sent_length, bytes, length);
	slot->sent_length += length;
}

static void
send_with_rights(struct iovec *bytes)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(RIGHTS * sizeof(int))];
	} control = {0};
	const int rights[RIGHTS] = {0, 1, DIALOG_FD};
	struct msghdr message = {
	    .msg_iov = bytes,
	    .msg_iovlen = 1,
	    .msg_control = &control,
	    .msg_controllen = sizeof(control),
	};

	control.head.cmsg_level = SOL_SOCKET;
	control.head.cmsg_type = SCM_RIGHTS;
	control.head.cmsg_len = CMSG_LEN(sizeof(rights));
	memcpy(CMSG_DATA(&control.head), rights, sizeof(rights));
	if (sendmsg(DIALOG_FD, &message, MSG_NOSIGNAL) < 0)
		_exit(1);
}

static void
speak(struct hostile *hostile, const char *bytes, size_t length)
{
	const size_t step = hostile->byte_ms > 0 ? 1 : length;
	size_t at;

	note(hostile->slot, bytes, length);
	if (hostile->passes_rights && length > 0) {
		char *copy = hostile_copy(bytes, length);

		send_with_rights(&(struct iovec){copy, length});
		return;
	}
	for (at = 0; at < length; at += step) {
		if (send(DIALOG_FD, bytes + at, step, MSG_NOSIGNAL) !=
		    (ssize_t)step)
			_exit(1);
		if (hostile->byte_ms > 0)
			(void)usleep(hostile->byte_ms * 1000);
	}
}

static void
speak_at_once(struct hostile *hostile)
{
	struct buffer all = buffer_make((size_t)4 * HOSTILE_SENT_BYTES);
	unsigned at;

	for (at = 0; at < hostile->count; at++)
		if (buffer_append(&all, hostile->parts[at].raw.bytes,
			hostile->parts[at].raw.length) != EXTAUTH_OK)
			_exit(1);
	speak(hostile, all.bytes, all.length);
}

static void
speak_in_turn(struct hostile *hostile)
{
	unsigned at;

	for (at = 0; at < hostile->count; at++) {
		const struct hostile_part *part = &hostile->parts[at];
		unsigned times = at == 0 ? hostile->repeats : 0;

		do {
			speak(hostile, part->raw.bytes, part->raw.length);
			if (part->awaits)
				hear_answer();
		} while (times-- > 0);
	}
}

__attribute__((noreturn)) static void
be_silent(void)
{
	(void)alarm(FAR_MS / 1000);
	for (;;)
		(void)pause();
}

__attribute__((noreturn)) static void
end(const struct hostile *hostile)
{
	/* It stands beside the stream, where nobody looks. */
	if (hostile->ends_urgent)
		(void)send(DIALOG_FD, "!", 1, MSG_OOB | MSG_NOSIGNAL);
	if (hostile->is_half_closed)
		(void)shutdown(DIALOG_FD, SHUT_WR);
	if (hostile->end == END_CLOSED)
		(void)close(DIALOG_FD);
	if (hostile->end == END_SIGNAL)
		(void)raise(hostile->status);
	if (hostile->end == END_CLOSED || hostile->end == END_SILENT)
		be_silent();
	_exit(hostile->end == END_STATUS ? hostile->status : 0);
}

int
main(void)
{
	static struct hostile hostile;
	const struct hostile_trick *trick;
	const struct rlimit none = {0, 0};
	uint64_t index;
	unsigned at;

	(void)setrlimit(RLIMIT_CORE, &none);
	pending = buffer_make((size_t)FRAME_MAX_BYTES * 2);
	hostile.slot = find_slot();
	hostile.random =
	    hostile.slot->seed * 1000003 + hostile.slot->number * 77;
	trick = hostile_trick_of(
	    hostile.slot->number, &hostile.slot->trick, &index);
	hostile.slot->may_fail = trick->may_fail;
	if (!trick->reads_nothing)
		hear_login(&hostile);
	hostile_scene_make(&hostile);
	if (trick->shape != NULL)
		trick->shape(&hostile, index);
	for (at = 0; at < hostile.count; at++)
		hostile_part_write(&hostile.parts[at]);
	if (trick->bend != NULL)
		trick->bend(&hostile, index);
	if (hostile.is_one_send)
		speak_at_once(&hostile);
	else
		speak_in_turn(&hostile);
	end(&hostile);
}
