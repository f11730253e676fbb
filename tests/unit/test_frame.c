/* SPDX-License-Identifier: MIT */
#include "frame.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit.h"

#define SOON_MS 2000

/* Two connected sockets; ends[0] is ours in each test. */
static void
connect_ends(int ends[2])
{
	ck_assert_int_eq(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
}

static int64_t
soon(void)
{
	return frame_clock_ms() + SOON_MS;
}

static struct frame
frame_of_three(void)
{
	struct frame frame = frame_make(FRAME_PROMPT);

	ck_assert_ok(frame_add_text(&frame, TAG_TEXT, "Code: "));
	ck_assert_ok(frame_add_number(&frame, TAG_ECHO, 0x81020304));
	ck_assert_ok(frame_add(&frame, TAG_NONCE, "a\0b", 3));
	return frame;
}

/* A frame as it stands on the wire. */
static size_t
wire_of(const struct frame *frame, char *bytes, size_t size)
{
	int ends[2];
	ssize_t got;

	connect_ends(ends);
	ck_assert_ok(frame_send(ends[1], frame, soon()));
	close(ends[1]);
	got = recv(ends[0], bytes, size, MSG_WAITALL);
	ck_assert_int_ge(got, 5);
	close(ends[0]);
	return (size_t)got;
}

START_TEST(fields_are_found_by_their_tag)
{
	cleanup_frame struct frame frame = frame_of_three();
	const char *bytes;
	size_t length;
	uint32_t number;
	char text[7];

	ck_assert_ok(frame_get_text(&frame, TAG_TEXT, text, sizeof(text)));
	ck_assert_str_eq(text, "Code: ");
	ck_assert_ok(frame_get_number(&frame, TAG_ECHO, &number));
	ck_assert_uint_eq(number, 0x81020304);
	ck_assert_ok(frame_get(&frame, TAG_NONCE, &bytes, &length));
	ck_assert_uint_eq(length, 3);
	ck_assert_int_eq(memcmp(bytes, "a\0b", 3), 0);
}
END_TEST

START_TEST(wrong_fields_are_told_apart)
{
	cleanup_frame struct frame frame = frame_of_three();
	const char *bytes;
	size_t length;
	uint32_t number;
	char text[6] = "old";

	ck_assert_int_eq(
	    frame_get(&frame, TAG_REASON, &bytes, &length), EXTAUTH_NOTFOUND);
	ck_assert_int_eq(
	    frame_get_number(&frame, TAG_REASON, &number), EXTAUTH_NOTFOUND);
	ck_assert_int_eq(
	    frame_get_number(&frame, TAG_TEXT, &number), EXTAUTH_INVALID);
	ck_assert_int_eq(frame_get_text(&frame, TAG_TEXT, text, sizeof(text)),
	    EXTAUTH_TOOBIG);
	ck_assert_int_eq(frame_get_text(&frame, TAG_NONCE, text, sizeof(text)),
	    EXTAUTH_INVALID);
	ck_assert_str_eq(text, "old");
	ck_assert_ok(frame_get_text(&frame, TAG_REASON, text, sizeof(text)));
	ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(limit_of_a_frame_holds_to_the_byte)
{
	static char bytes[FRAME_MAX_BYTES];
	static char wire[FRAME_MAX_BYTES + 4];
	cleanup_frame struct frame frame = frame_make(FRAME_USER);
	cleanup_frame struct frame back = {0};
	struct frame none = {0};
	size_t used;

	ck_assert_int_eq(frame_add(&none, TAG_TEXT, "", 0), EXTAUTH_TOOBIG);
	ck_assert_int_eq(frame_add(&frame, TAG_TEXT, bytes, sizeof(bytes) - 5),
	    EXTAUTH_TOOBIG);
	ck_assert_uint_eq(frame.fields.length, 0);
	ck_assert_ok(frame_add(&frame, TAG_TEXT, bytes, sizeof(bytes) - 6));
	ck_assert_int_eq(frame_add(&frame, TAG_TEXT, "", 0), EXTAUTH_TOOBIG);
	ck_assert_uint_eq(wire_of(&frame, wire, sizeof(wire)), sizeof(wire));
	ck_assert_ok(frame_decode(wire, sizeof(wire), &back, &used));
	ck_assert_uint_eq(used, sizeof(wire));
}
END_TEST

START_TEST(every_shorter_part_needs_more_bytes)
{
	cleanup_frame struct frame frame = frame_of_three();
	cleanup_frame struct frame back = {0};
	char wire[128];
	size_t length = wire_of(&frame, wire, sizeof(wire) - 1);
	size_t used = 0;
	size_t part;

	wire[length] = 'x';
	for (part = 0; part < length; part++)
		ck_assert_int_eq(
		    frame_decode(wire, part, &back, &used), EXTAUTH_NOTFOUND);
	ck_assert_ok(frame_decode(wire, length + 1, &back, &used));
	ck_assert_uint_eq(used, length);
	ck_assert_int_eq(back.type, FRAME_PROMPT);
	ck_assert_uint_eq(back.fields.length, frame.fields.length);
}
END_TEST

START_TEST(what_is_no_frame_is_refused)
{
	static const struct {
		const char *bytes;
		size_t length;
	} wrong[] = {
	    {"\0\0\0\0", 4},                      /* no type */
	    {"\x01\0\x02\0", 4},                  /* too long */
	    {"\xff\xff\xff\xff\x41", 5},          /* much too long */
	    {"\x01\0\0\0\0", 5},                  /* type 0 */
	    {"\x01\0\0\0\x07", 5},                /* unknown type */
	    {"\x01\0\0\0\x40", 5},                /* unknown type */
	    {"\x01\0\0\0\x4a", 5},                /* unknown type */
	    {"\x01\0\0\0\xff", 5},                /* unknown type */
	    {"\x03\0\0\0\x41\x01\x01", 7},        /* half a field's head */
	    {"\x06\0\0\0\x41\x01\x01\0\0\0", 10}, /* field beyond the end */
	    {"\x06\0\0\0\x41\x01\xff\xff\xff\xff", 10},
	    /* a field that stands twice, the same and another */
	    {"\x0b\0\0\0\x41\x01\0\0\0\0\x01\0\0\0\0", 15},
	    {"\x0d\0\0\0\x41\x01\x01\0\0\0a\x01\x01\0\0\0b", 17},
	};
	struct frame frame;
	size_t used;
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_int_eq(frame_decode(wrong[i].bytes, wrong[i].length,
				     &frame, &used),
		    EXTAUTH_INVALID);
}
END_TEST

START_TEST(two_frames_in_one_piece_are_received_singly)
{
	cleanup_buffer struct buffer pending = buffer_make(FRAME_MAX_BYTES * 2);
	cleanup_frame struct frame frame = frame_of_three();
	cleanup_frame struct frame empty = frame_make(FRAME_END);
	cleanup_frame struct frame one = {0};
	cleanup_frame struct frame two = {0};
	int ends[2];

	connect_ends(ends);
	ck_assert_ok(frame_send(ends[1], &frame, soon()));
	ck_assert_ok(frame_send(ends[1], &empty, soon()));
	ck_assert_ok(frame_receive(ends[0], &pending, soon(), &one));
	ck_assert_ok(frame_receive(ends[0], &pending, soon(), &two));
	ck_assert_int_eq(one.type, FRAME_PROMPT);
	ck_assert_int_eq(two.type, FRAME_END);
	ck_assert_uint_eq(pending.length, 0);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

START_TEST(gathered_frames_are_sent_at_once)
{
	cleanup_buffer struct buffer pending = buffer_make(FRAME_MAX_BYTES * 2);
	cleanup_frame struct frame frame = frame_of_three();
	cleanup_frame struct frame empty = frame_make(FRAME_END);
	cleanup_buffer struct buffer bytes = buffer_make(FRAME_MAX_BYTES);
	cleanup_frame struct frame one = {0};
	cleanup_frame struct frame two = {0};
	size_t length;
	int ends[2];

	connect_ends(ends);
	ck_assert_ok(frame_encode(&frame, &bytes));
	length = bytes.length;
	ck_assert_ok(frame_encode(&empty, &bytes));
	ck_assert_ok(frame_send_bytes(ends[1], &bytes, soon()));
	ck_assert_ok(frame_receive(ends[0], &pending, soon(), &one));
	ck_assert_ok(frame_receive(ends[0], &pending, soon(), &two));
	ck_assert_int_eq(one.type, FRAME_PROMPT);
	ck_assert_uint_eq(one.fields.length, frame.fields.length);
	ck_assert_int_eq(two.type, FRAME_END);
	ck_assert_uint_eq(pending.length, 0);
	/* one that does not fit leaves what was there */
	bytes.limit = bytes.length + length - 1;
	length = bytes.length;
	ck_assert_int_eq(frame_encode(&frame, &bytes), EXTAUTH_TOOBIG);
	ck_assert_uint_eq(bytes.length, length);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

START_TEST(received_bytes_leave_no_copy_in_pending)
{
	cleanup_buffer struct buffer pending = buffer_make(FRAME_MAX_BYTES * 2);
	cleanup_frame struct frame frame = frame_make(FRAME_ANSWER);
	cleanup_frame struct frame back = {0};
	int ends[2];

	/* All the room is looked through below, so all of it is written. */
	pending.capacity = pending.limit + 1;
	pending.bytes = calloc(1, pending.capacity);
	ck_assert_ptr_nonnull(pending.bytes);
	connect_ends(ends);
	ck_assert_ok(frame_add_text(&frame, TAG_TEXT, "123456"));
	ck_assert_ok(frame_send(ends[1], &frame, soon()));
	ck_assert_ok(frame_receive(ends[0], &pending, soon(), &back));
	ck_assert_ptr_nonnull(back.fields.bytes);
	ck_assert_ptr_null(
	    memmem(pending.bytes, pending.capacity, "123456", 6));
	close(ends[0]);
	close(ends[1]);
}
END_TEST

START_TEST(hang_up_between_frames_differs_from_one_inside)
{
	cleanup_buffer struct buffer pending = buffer_make(FRAME_MAX_BYTES * 2);
	struct frame frame;
	int ends[2];

	connect_ends(ends);
	close(ends[1]);
	ck_assert_int_eq(
	    frame_receive(ends[0], &pending, soon(), &frame), EXTAUTH_NOTFOUND);
	close(ends[0]);
	connect_ends(ends);
	ck_assert_int_eq(send(ends[1], "\x05\0\0\0\x41", 5, 0), 5);
	close(ends[1]);
	ck_assert_int_eq(
	    frame_receive(ends[0], &pending, soon(), &frame), EXTAUTH_SYSTEM);
	close(ends[0]);
}
END_TEST

START_TEST(silence_ends_at_the_deadline)
{
	cleanup_buffer struct buffer pending = buffer_make(FRAME_MAX_BYTES * 2);
	int64_t start = frame_clock_ms();
	struct frame frame;
	int ends[2];

	connect_ends(ends);
	ck_assert_int_eq(frame_receive(ends[0], &pending, start + 60, &frame),
	    EXTAUTH_UNAVAILABLE);
	ck_assert_int_ge(frame_clock_ms() - start, 60);
	ck_assert_int_lt(frame_clock_ms() - start, 1000);
	ck_assert_int_eq(frame_receive(ends[0], &pending, start, &frame),
	    EXTAUTH_UNAVAILABLE);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

START_TEST(peer_that_reads_nothing_ends_at_the_deadline)
{
	static char bytes[100000];
	cleanup_frame struct frame frame = frame_make(FRAME_USER);
	enum extauth_err err = EXTAUTH_OK;
	int ends[2];
	int i;

	connect_ends(ends);
	ck_assert_ok(frame_add(&frame, TAG_TEXT, bytes, sizeof(bytes)));
	for (i = 0; i < 100 && err == EXTAUTH_OK; i++)
		err = frame_send(ends[1], &frame, frame_clock_ms() + 100);
	ck_assert_int_eq(err, EXTAUTH_UNAVAILABLE);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

START_TEST(gone_peer_is_an_error_and_no_signal)
{
	cleanup_frame struct frame frame = frame_of_three();
	cleanup_buffer struct buffer pending = buffer_make(FRAME_MAX_BYTES * 2);
	int ends[2];

	connect_ends(ends);
	close(ends[0]);
	ck_assert_int_eq(frame_send(ends[1], &frame, soon()), EXTAUTH_SYSTEM);
	close(ends[1]);
	ck_assert_int_eq(
	    frame_receive(ends[1], &pending, soon(), &frame), EXTAUTH_SYSTEM);
}
END_TEST

START_TEST(bytes_that_are_no_frame_end_the_talk)
{
	cleanup_buffer struct buffer pending = buffer_make(FRAME_MAX_BYTES * 2);
	cleanup_buffer struct buffer tiny = buffer_make(8);
	struct frame frame;
	int ends[2];

	connect_ends(ends);
	ck_assert_int_eq(send(ends[1], "HTTP/1.1 200 OK", 15, 0), 15);
	ck_assert_int_eq(
	    frame_receive(ends[0], &pending, soon(), &frame), EXTAUTH_INVALID);
	ck_assert_int_eq(send(ends[1], "HTTP/1.1 200 OK", 15, 0), 15);
	ck_assert_int_eq(
	    frame_receive(ends[0], &tiny, soon(), &frame), EXTAUTH_INVALID);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

/* A fixed sequence, so that a failure can be had again. */
static uint32_t
next_number(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

START_TEST(mutated_frames_never_lead_outside)
{
	cleanup_frame struct frame frame = frame_of_three();
	char wire[128];
	size_t length = wire_of(&frame, wire, sizeof(wire));
	uint32_t state = 4711;
	int round;

	for (round = 0; round < 20000; round++) {
		char copy[128];
		cleanup_frame struct frame back = {0};
		size_t used = 0;
		size_t cut = next_number(&state) % length + 1;
		enum extauth_err err;

		memcpy(copy, wire, length);
		copy[next_number(&state) % length] = (char)next_number(&state);
		copy[next_number(&state) % 10] ^= (char)next_number(&state);
		err = frame_decode(copy, cut, &back, &used);
		if (err == EXTAUTH_OK)
			ck_assert_uint_le(used, cut);
		else
			ck_assert(
			    err == EXTAUTH_NOTFOUND || err == EXTAUTH_INVALID);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    fields_are_found_by_their_tag,
	    wrong_fields_are_told_apart,
	    limit_of_a_frame_holds_to_the_byte,
	    every_shorter_part_needs_more_bytes,
	    what_is_no_frame_is_refused,
	    two_frames_in_one_piece_are_received_singly,
	    gathered_frames_are_sent_at_once,
	    received_bytes_leave_no_copy_in_pending,
	    hang_up_between_frames_differs_from_one_inside,
	    silence_ends_at_the_deadline,
	    peer_that_reads_nothing_ends_at_the_deadline,
	    gone_peer_is_an_error_and_no_signal,
	    bytes_that_are_no_frame_end_the_talk,
	    mutated_frames_never_lead_outside,
	    NULL,
	};

	return unit_run("frame", tests);
}
