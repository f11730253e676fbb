/* SPDX-License-Identifier: MIT */
#include "frame.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define LENGTH_BYTES 4
#define HEAD_BYTES (LENGTH_BYTES + 1)
#define FIELD_HEAD_BYTES 5
#define CHUNK_BYTES 2048

static void
number_write(char bytes[4], uint32_t number)
{
	int i;

	for (i = 0; i < 4; i++)
		bytes[i] = (char)(unsigned char)(number >> (8 * i));
}

static uint32_t
number_read(const char *bytes)
{
	uint32_t number = 0;
	int i;

	for (i = 3; i >= 0; i--)
		number = number << 8 | (unsigned char)bytes[i];
	return number;
}

struct frame
frame_make(enum frame_type type)
{
	return (struct frame){
	    .type = type, .fields = buffer_make(FRAME_MAX_BYTES - 1)};
}

void
frame_clear(struct frame *frame)
{
	if (frame == NULL)
		return;
	buffer_clear(&frame->fields);
	*frame = (struct frame){0};
}

enum extauth_err
frame_add(
    struct frame *frame, enum frame_tag tag, const void *bytes, size_t length)
{
	struct buffer *fields = &frame->fields;
	size_t room = fields->limit - fields->length;
	size_t before = fields->length;
	char head[FIELD_HEAD_BYTES];
	enum extauth_err err;

	if (room < sizeof(head) || length > room - sizeof(head))
		return EXTAUTH_TOOBIG;
	head[0] = (char)tag;
	number_write(head + 1, (uint32_t)length);
	err = buffer_append(fields, head, sizeof(head));
	if (err != EXTAUTH_OK)
		return err;
	err = buffer_append(fields, bytes, length);
	if (err != EXTAUTH_OK)
		fields->length = before;
	return err;
}

enum extauth_err
frame_add_text(struct frame *frame, enum frame_tag tag, const char *text)
{
	return frame_add(frame, tag, text, strlen(text));
}

enum extauth_err
frame_add_number(struct frame *frame, enum frame_tag tag, uint32_t number)
{
	char bytes[4];

	number_write(bytes, number);
	return frame_add(frame, tag, bytes, sizeof(bytes));
}

/* One field of those that stand between two addresses. */
struct field {
	unsigned char tag;
	const char *bytes;
	size_t length;
};

/* Reads the field at `*at` and moves on. EXTAUTH_NOTFOUND at the end,
 * EXTAUTH_INVALID for a field that does not fit. */
static enum extauth_err
field_next(const char **at, const char *end, struct field *ret_field)
{
	size_t left = (size_t)(end - *at);
	size_t length;

	if (left == 0)
		return EXTAUTH_NOTFOUND;
	if (left < FIELD_HEAD_BYTES)
		return EXTAUTH_INVALID;
	length = number_read(*at + 1);
	if (length > left - FIELD_HEAD_BYTES)
		return EXTAUTH_INVALID;
	ret_field->tag = (unsigned char)**at;
	ret_field->bytes = *at + FIELD_HEAD_BYTES;
	ret_field->length = length;
	*at = ret_field->bytes + length;
	return EXTAUTH_OK;
}

/* A field that stood twice could be read as either: who says both is not
 * ours. */
static enum extauth_err
fields_check(const char *at, const char *end)
{
	bool is_there[UCHAR_MAX + 1] = {false};
	struct field field;
	enum extauth_err err = field_next(&at, end, &field);

	while (err == EXTAUTH_OK && !is_there[field.tag]) {
		is_there[field.tag] = true;
		err = field_next(&at, end, &field);
	}
	return err == EXTAUTH_NOTFOUND ? EXTAUTH_OK : EXTAUTH_INVALID;
}

enum extauth_err
frame_get(const struct frame *frame, enum frame_tag tag, const char **ret_bytes,
    size_t *ret_length)
{
	const char *at = buffer_text(&frame->fields);
	const char *end = at + frame->fields.length;
	struct field field;

	while (field_next(&at, end, &field) == EXTAUTH_OK) {
		if (field.tag == (unsigned char)tag) {
			*ret_bytes = field.bytes;
			*ret_length = field.length;
			return EXTAUTH_OK;
		}
	}
	return EXTAUTH_NOTFOUND;
}

enum extauth_err
frame_get_number(
    const struct frame *frame, enum frame_tag tag, uint32_t *ret_number)
{
	const char *bytes;
	size_t length;
	enum extauth_err err = frame_get(frame, tag, &bytes, &length);

	if (err != EXTAUTH_OK)
		return err;
	if (length != 4)
		return EXTAUTH_INVALID;
	*ret_number = number_read(bytes);
	return EXTAUTH_OK;
}

enum extauth_err
frame_get_text(
    const struct frame *frame, enum frame_tag tag, char *text, size_t size)
{
	const char *bytes = "";
	size_t length = 0;

	if (frame_get(frame, tag, &bytes, &length) != EXTAUTH_OK)
		length = 0;
	if (length >= size)
		return EXTAUTH_TOOBIG;
	if (memchr(bytes, '\0', length) != NULL)
		return EXTAUTH_INVALID;
	memcpy(text, bytes, length);
	text[length] = '\0';
	return EXTAUTH_OK;
}

static bool
type_is_known(unsigned char type)
{
	return (type >= FRAME_LOGIN && type <= FRAME_CHANGE) ||
	    (type >= FRAME_PROMPT && type <= FRAME_TOTAL);
}

enum extauth_err
frame_decode(
    const char *bytes, size_t length, struct frame *ret_frame, size_t *ret_used)
{
	size_t claimed;
	struct frame frame;
	enum extauth_err err;

	if (length < LENGTH_BYTES)
		return EXTAUTH_NOTFOUND;
	claimed = number_read(bytes);
	if (claimed < 1 || claimed > FRAME_MAX_BYTES)
		return EXTAUTH_INVALID;
	if (length < HEAD_BYTES)
		return EXTAUTH_NOTFOUND;
	if (!type_is_known((unsigned char)bytes[LENGTH_BYTES]))
		return EXTAUTH_INVALID;
	if (length - LENGTH_BYTES < claimed)
		return EXTAUTH_NOTFOUND;
	err = fields_check(bytes + HEAD_BYTES, bytes + LENGTH_BYTES + claimed);
	if (err != EXTAUTH_OK)
		return err;
	frame = frame_make((enum frame_type)bytes[LENGTH_BYTES]);
	err = buffer_append(&frame.fields, bytes + HEAD_BYTES, claimed - 1);
	if (err != EXTAUTH_OK)
		return err;
	*ret_frame = frame;
	*ret_used = LENGTH_BYTES + claimed;
	return EXTAUTH_OK;
}

/* Waits until `fd` is ready for `events`, or has hung up. */
static enum extauth_err
frame_wait(int fd, short events, int64_t deadline_ms)
{
	struct pollfd ready = {.fd = fd, .events = events};

	for (;;) {
		int64_t left = deadline_ms - frame_clock_ms();
		int count;

		if (left <= 0)
			return EXTAUTH_UNAVAILABLE;
		count = poll(&ready, 1, left < INT_MAX ? (int)left : INT_MAX);
		if (count > 0)
			return EXTAUTH_OK;
		if (count < 0 && errno != EINTR && errno != EAGAIN)
			return EXTAUTH_SYSTEM;
	}
}

static bool
must_wait(void)
{
	return errno == EAGAIN || errno == EINTR;
}

static enum extauth_err
send_all(int fd, const char *bytes, size_t length, int64_t deadline_ms)
{
	while (length > 0) {
		enum extauth_err err = frame_wait(fd, POLLOUT, deadline_ms);
		ssize_t sent;

		if (err != EXTAUTH_OK)
			return err;
		sent = send(fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (sent < 0 && !must_wait())
			return EXTAUTH_SYSTEM;
		if (sent > 0) {
			bytes += sent;
			length -= (size_t)sent;
		}
	}
	return EXTAUTH_OK;
}

static void
head_write(char head[HEAD_BYTES], const struct frame *frame)
{
	number_write(head, (uint32_t)frame->fields.length + 1);
	head[LENGTH_BYTES] = (char)frame->type;
}

enum extauth_err
frame_send(int fd, const struct frame *frame, int64_t deadline_ms)
{
	char head[HEAD_BYTES];
	enum extauth_err err;

	head_write(head, frame);
	err = send_all(fd, head, sizeof(head), deadline_ms);
	if (err != EXTAUTH_OK)
		return err;
	return send_all(
	    fd, frame->fields.bytes, frame->fields.length, deadline_ms);
}

enum extauth_err
frame_encode(const struct frame *frame, struct buffer *bytes)
{
	size_t before = bytes->length;
	char head[HEAD_BYTES];
	enum extauth_err err;

	head_write(head, frame);
	err = buffer_append(bytes, head, sizeof(head));
	if (err == EXTAUTH_OK)
		err = buffer_append(
		    bytes, frame->fields.bytes, frame->fields.length);
	if (err != EXTAUTH_OK)
		bytes->length = before;
	return err;
}

enum extauth_err
frame_send_bytes(int fd, const struct buffer *bytes, int64_t deadline_ms)
{
	return send_all(fd, bytes->bytes, bytes->length, deadline_ms);
}

/* Appends what the socket holds now. EXTAUTH_NOTFOUND for a hang-up. */
static enum extauth_err
receive_some(int fd, struct buffer *pending)
{
	char chunk[CHUNK_BYTES];
	enum extauth_err err;
	ssize_t got = recv(fd, chunk, sizeof(chunk), MSG_DONTWAIT);

	if (got == 0)
		return EXTAUTH_NOTFOUND;
	if (got < 0)
		return must_wait() ? EXTAUTH_OK : EXTAUTH_SYSTEM;
	err = buffer_append(pending, chunk, (size_t)got);
	explicit_bzero(chunk, (size_t)got);
	return err == EXTAUTH_TOOBIG ? EXTAUTH_INVALID : err;
}

/* Takes the first `used` bytes out of `pending` and leaves no copy of the
 * rest behind its new end. */
static void
pending_take(struct buffer *pending, size_t used)
{
	size_t rest = pending->length - used;

	memmove(pending->bytes, pending->bytes + used, rest);
	explicit_bzero(pending->bytes + rest, used);
	pending->length = rest;
}

enum extauth_err
frame_receive(int fd, struct buffer *pending, int64_t deadline_ms,
    struct frame *ret_frame)
{
	size_t used;

	for (;;) {
		enum extauth_err err = frame_decode(
		    buffer_text(pending), pending->length, ret_frame, &used);

		if (err == EXTAUTH_OK)
			pending_take(pending, used);
		if (err != EXTAUTH_NOTFOUND)
			return err;
		err = frame_wait(fd, POLLIN, deadline_ms);
		if (err != EXTAUTH_OK)
			return err;
		err = receive_some(fd, pending);
		if (err == EXTAUTH_NOTFOUND && pending->length > 0)
			return EXTAUTH_SYSTEM;
		if (err != EXTAUTH_OK)
			return err;
	}
}

int64_t
frame_clock_ms(void)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
