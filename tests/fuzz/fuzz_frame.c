/* SPDX-License-Identifier: MIT */
/* Fuzz target of the frames. An input is a byte of flags, and then the bytes of
 * a stream; or, where the flags say so, type, tag, two bytes of length, field,
 * tag and so on, of which a right frame is made. What is read of a frame is
 * written and read as the same.
 * Does not know: what a frame is for. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "fuzz.h"
#include "fuzz_frame_read.h"
#include "fuzz_pure.h"

#define FLAG_FIELDS 1
#define FLAG_SOCKET 2
#define VERDICTS 9

/* A verdict is one of nine numbers of 32 bits: one byte stands for it. */
static enum extauth_err
add_field(
    struct frame *frame, enum frame_tag tag, const char *bytes, size_t length)
{
	if (tag == TAG_VERDICT && length == 1)
		return frame_add_number(frame, tag,
		    verdict_to_wire((enum verdict)(bytes[0] & 0xf) % VERDICTS));
	if (length == 1 && (unsigned char)bytes[0] < 16)
		return frame_add_number(frame, tag, (unsigned char)bytes[0]);
	return frame_add(frame, tag, bytes, length);
}

static void
make_frame(struct fuzz_input *input, struct buffer *ret_bytes)
{
	cleanup_frame struct frame frame =
	    frame_make((enum frame_type)fuzz_next_byte(input));

	while (input->next < input->end) {
		enum frame_tag tag = (enum frame_tag)fuzz_next_byte(input);
		size_t length = fuzz_next_byte(input);
		size_t left;

		length |= (size_t)fuzz_next_byte(input) << 8;
		left = (size_t)(input->end - input->next);
		if (length > left)
			length = left;
		if (add_field(&frame, tag, input->next, length) != EXTAUTH_OK)
			break;
		input->next += length;
	}
	fuzz_require(
	    frame_encode(&frame, ret_bytes) == EXTAUTH_OK, "it is written");
}

/* Tells whether the bytes are fields, one behind the other, to their end. */
static bool
are_fields(const char *bytes, size_t left)
{
	while (left > 0) {
		const unsigned char *head = (const unsigned char *)bytes;
		size_t length;

		if (left < 5)
			return false;
		length = head[1] | (size_t)head[2] << 8 |
		    (size_t)head[3] << 16 | (size_t)head[4] << 24;
		if (length > left - 5)
			return false;
		bytes += 5 + length;
		left -= 5 + length;
	}
	return true;
}

/* Nothing less than the whole is a frame, and it is written as it was. */
static void
check_decoded(const struct frame *frame, const char *bytes, size_t used)
{
	cleanup_buffer struct buffer again = buffer_make(FRAME_MAX_BYTES + 4);
	struct frame less = {0};
	size_t less_used;

	fuzz_require(are_fields(bytes + 5, used - 5), "a field does not fit");
	fuzz_require(frame_encode(frame, &again) == EXTAUTH_OK &&
		again.length == used && memcmp(again.bytes, bytes, used) == 0,
	    "it is written otherwise");
	fuzz_require(frame_decode(bytes, used - 1, &less, &less_used) ==
		EXTAUTH_NOTFOUND,
	    "a part of a frame is one");
}

/* Reads frame after frame; gives how many there were. */
static unsigned
decode_all(const char *bytes, size_t length, enum extauth_err *ret_last)
{
	unsigned count = 0;
	size_t at = 0;

	for (;; count++) {
		cleanup_frame struct frame frame = {0};
		size_t used = 0;

		*ret_last =
		    frame_decode(bytes + at, length - at, &frame, &used);
		if (*ret_last != EXTAUTH_OK)
			break;
		fuzz_require(used <= length - at, "it ends behind its end");
		check_decoded(&frame, bytes + at, used);
		fuzz_frame_read(&frame);
		at += used;
	}
	fuzz_require(
	    *ret_last == EXTAUTH_NOTFOUND || *ret_last == EXTAUTH_INVALID,
	    "it is refused oddly");
	if (*ret_last == EXTAUTH_NOTFOUND && at == length)
		*ret_last = EXTAUTH_OK;
	return count;
}

/* The same by a socket, whose other end hangs up. */
static void
receive_all(
    const char *bytes, size_t length, unsigned count, enum extauth_err last)
{
	cleanup_buffer struct buffer pending =
	    buffer_make((size_t)FRAME_MAX_BYTES * 2);
	int64_t deadline_ms = frame_clock_ms() + 10000;
	enum extauth_err err;
	unsigned received = 0;
	int ends[2];

	if (length > 65536)
		return;
	fuzz_require(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0, "socket");
	fuzz_require(send(ends[1], bytes, length, 0) == (ssize_t)length,
	    "the socket has room");
	fuzz_require(shutdown(ends[1], SHUT_WR) == 0, "shutdown");
	for (;; received++) {
		cleanup_frame struct frame frame = {0};

		err = frame_receive(ends[0], &pending, deadline_ms, &frame);
		if (err != EXTAUTH_OK)
			break;
	}
	fuzz_require(received == count, "a frame is lost, or made");
	if (last == EXTAUTH_OK)
		fuzz_require(err == EXTAUTH_NOTFOUND, "it does not end well");
	if (last == EXTAUTH_NOTFOUND)
		fuzz_require(err == EXTAUTH_SYSTEM, "a cut goes unseen");
	if (last == EXTAUTH_INVALID)
		fuzz_require(err == EXTAUTH_INVALID, "no frame is taken");
	cleanup_close_fd(&ends[0]);
	cleanup_close_fd(&ends[1]);
}

void
fuzz_frame(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = fuzz_begin(bytes, length);
	uint8_t flags = fuzz_next_byte(&input);
	cleanup_buffer struct buffer stream = buffer_make((size_t)1 << 20);
	cleanup_free char *copy = NULL;
	enum extauth_err last;
	unsigned count;

	if ((flags & FLAG_FIELDS) != 0)
		make_frame(&input, &stream);
	else
		fuzz_require(
		    buffer_append(&stream, input.next,
			(size_t)(input.end - input.next)) == EXTAUTH_OK,
		    "memory");
	copy = fuzz_copy_bytes(buffer_text(&stream), stream.length);
	count = decode_all(copy, stream.length, &last);
	if ((flags & FLAG_SOCKET) != 0)
		receive_all(copy, stream.length, count, last);
}
