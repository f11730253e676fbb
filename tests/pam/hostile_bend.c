/* SPDX-License-Identifier: MIT */
/* Tricks by bytes, and by how the worker behaves. */
#include <err.h>
#include <signal.h>
#include <string.h>

#include "hostile.h"

#define STEP 7919

static size_t
place_of(const struct hostile *hostile, uint64_t index, size_t count)
{
	return (size_t)((index * STEP + hostile->slot->seed) % count);
}

static struct buffer *
raw_verdict(struct hostile *hostile)
{
	return &hostile_verdict(hostile)->raw;
}

static struct buffer *
any_raw(struct hostile *hostile)
{
	return &hostile->parts[hostile_random(hostile, hostile->count)].raw;
}

static void
flip_bit(struct hostile *hostile, uint64_t index)
{
	struct buffer *raw = raw_verdict(hostile);
	const size_t bit = place_of(hostile, index, raw->length * 8);

	raw->bytes[bit / 8] = (char)(raw->bytes[bit / 8] ^ (1 << bit % 8));
}

static void
spoil_bytes(struct hostile *hostile, uint64_t index)
{
	struct buffer *raw = any_raw(hostile);
	uint64_t count = 1 + index % 8;

	for (; count > 0; count--)
		raw->bytes[hostile_random(hostile, raw->length)] =
		    (char)hostile_random(hostile, 256);
}

static void
change_length(struct hostile *hostile, uint64_t index)
{
	static const uint32_t changes[] = {1, (uint32_t)-1, 2, (uint32_t)-2, 4,
	    (uint32_t)-4, 0x100, 0x10000, 0x80000000, 0xffffff00};
	static const uint32_t lengths[] = {0, 1, 4, 5, FRAME_MAX_BYTES - 1,
	    FRAME_MAX_BYTES, FRAME_MAX_BYTES + 1, 0x7fffffff, 0xffffffff};
	struct buffer *raw = any_raw(hostile);
	const uint32_t right = (uint32_t)raw->length - 4;

	index %= 19;
	memcpy(raw->bytes,
	    hostile_number(
		index < 10 ? right + changes[index] : lengths[index - 10]),
	    4);
}

/* And then the hang-up. */
static void
cut(struct hostile *hostile, uint64_t index)
{
	struct buffer *raw = raw_verdict(hostile);

	raw->length = place_of(hostile, index, raw->length);
}

static void
cut_out(struct hostile *hostile, uint64_t index)
{
	struct buffer *raw = any_raw(hostile);
	const size_t at = place_of(hostile, index, raw->length);
	const size_t count = 1 + hostile_random(hostile, raw->length - at);

	memmove(
	    raw->bytes + at, raw->bytes + at + count, raw->length - at - count);
	raw->length -= count;
}

static void
append_random(struct hostile *hostile, struct buffer *raw, uint64_t count)
{
	for (; count > 0; count--) {
		const char byte = (char)hostile_random(hostile, 256);

		if (buffer_append(raw, &byte, 1) != EXTAUTH_OK)
			errx(1, "out of memory");
	}
}

static void
add_bytes(struct hostile *hostile, uint64_t index)
{
	append_random(hostile, raw_verdict(hostile), 1 + index % 80);
	hostile->is_one_send = true;
}

static void
say_noise(struct hostile *hostile, uint64_t index)
{
	struct buffer *raw = raw_verdict(hostile);

	raw->length = 0;
	append_random(hostile, raw, 1 + index % 200);
}

static void
grow(struct hostile *hostile, uint64_t index)
{
	static const size_t sizes[] = {4096, 65535, 65536, 65537,
	    FRAME_MAX_BYTES - 1, FRAME_MAX_BYTES, FRAME_MAX_BYTES + 1, 200000};
	static char filling[200000];
	struct hostile_part *part = hostile_verdict(hostile);
	size_t used = 1 + 5;
	unsigned at;

	for (at = 0; at < part->count; at++)
		used += 5 + part->members[at].length;
	memset(filling, 'x', sizeof(filling));
	hostile_member_add(part, 200, filling, sizes[index % 8] - used);
}

static void
end_with_status(struct hostile *hostile, uint64_t index)
{
	hostile->end = END_STATUS;
	hostile->status = (int)(1 + index % 255);
}

static void
end_by_signal(struct hostile *hostile, uint64_t index)
{
	static const int signals[] = {
	    SIGKILL, SIGSEGV, SIGABRT, SIGTERM, SIGPIPE, SIGSYS};

	hostile->end = END_SIGNAL;
	hostile->status = signals[index % 6];
}

static void
cut_and_end_by_signal(struct hostile *hostile, uint64_t index)
{
	cut(hostile, index);
	end_by_signal(hostile, index);
}

static void
cut_and_be_silent(struct hostile *hostile, uint64_t index)
{
	cut(hostile, index);
	hostile->end = END_SILENT;
}

static void
stop(struct hostile *hostile, uint64_t index)
{
	cut(hostile, index);
	hostile->end = END_SIGNAL;
	hostile->status = SIGSTOP;
}

static void
close_dialog(struct hostile *hostile, uint64_t index)
{
	if (index % 2 == 0)
		cut(hostile, index);
	hostile->end = END_CLOSED;
}

static void
close_half(struct hostile *hostile, uint64_t index)
{
	cut(hostile, index);
	hostile->is_half_closed = true;
	hostile->end = END_SILENT;
}

static void
be_slow(struct hostile *hostile, uint64_t index)
{
	hostile->byte_ms = 1 + (unsigned)(index % 2);
}

static void
be_too_slow(struct hostile *hostile, uint64_t index)
{
	(void)index;
	hostile->byte_ms = 100;
}

static void
say_all_at_once(struct hostile *hostile, uint64_t index)
{
	(void)index;
	hostile->is_one_send = true;
}

static void
pass_rights(struct hostile *hostile, uint64_t index)
{
	if (index % 2 == 0)
		cut(hostile, index);
	hostile->passes_rights = true;
}

static void
end_urgently(struct hostile *hostile, uint64_t index)
{
	(void)index;
	hostile->ends_urgent = true;
}

/* Without an end: what the first part says, again and again. */
static void
storm(struct hostile *hostile, uint64_t index)
{
	static const unsigned char types[] = {
	    FRAME_PROMPT, FRAME_INFORM, FRAME_WAITING, FRAME_TRACE};
	static const unsigned counts[] = {33, 300, 10000};
	const unsigned char type = types[index % 4];
	struct hostile_part *part = hostile_part_insert(hostile, 0, type);

	if (type == FRAME_WAITING)
		hostile_member_add(part, TAG_FLAGS, hostile_number(0), 4);
	else
		hostile_member_add(part, TAG_TEXT, "Code: ", 6);
	part->awaits = type == FRAME_PROMPT;
	hostile->repeats = counts[(index / 4) % 3] + (type == FRAME_TRACE);
}

/* The verdict before the login was heard, with a nonce that is guessed. */
static void
guess(struct hostile *hostile, uint64_t index)
{
	struct hostile_member *nonce =
	    hostile_member_find(hostile_verdict(hostile), TAG_NONCE);
	char *bytes = hostile_copy(nonce->bytes, nonce->length);
	size_t at;

	for (at = 0; index % 2 == 0 && at < nonce->length; at++)
		bytes[at] = (char)hostile_random(hostile, 256);
	nonce->bytes = bytes;
	hostile->is_one_send = true;
	hostile->end = index % 4 < 2 ? END_EXIT : END_SILENT;
}

/* The person's time runs, and nothing comes. */
static void
wait_for_ever(struct hostile *hostile, uint64_t index)
{
	struct hostile_part *part =
	    hostile_part_insert(hostile, hostile->count - 1, FRAME_WAITING);

	(void)index;
	hostile_member_add(part, TAG_FLAGS, hostile_number(1), 4);
	hostile->count--;
	hostile->end = END_SILENT;
}

const struct hostile_trick hostile_bends[] = {
    {"one bit", NULL, flip_bit, 24, false, false},
    {"some bytes", NULL, spoil_bytes, 8, true, false},
    {"the length of a frame", NULL, change_length, 5, true, false},
    {"cut, and hung up", NULL, cut, 6, false, false},
    {"bytes are missing", NULL, cut_out, 6, true, false},
    {"bytes behind the verdict", NULL, add_bytes, 3, true, false},
    {"noise", NULL, say_noise, 2, false, false},
    {"frames of many sizes", grow, NULL, 1, false, false},
    {NULL, NULL, NULL, 0, false, false},
};

const struct hostile_trick hostile_plays[] = {
    {"exit status not 0", NULL, end_with_status, 2, false, false},
    {"killed behind the verdict", NULL, end_by_signal, 2, false, false},
    {"killed in the verdict", NULL, cut_and_end_by_signal, 2, false, false},
    {"silent in the verdict", NULL, cut_and_be_silent, 1, false, false},
    {"stopped in the verdict", NULL, stop, 1, false, false},
    {"closes the dialog and lives on", NULL, close_dialog, 1, false, false},
    {"half of the dialog is closed", NULL, close_half, 1, false, false},
    {"byte by byte", NULL, be_slow, 1, true, false},
    {"byte by byte beyond the deadline", NULL, be_too_slow, 1, true, false},
    {"everything before the answers", NULL, say_all_at_once, 1, true, false},
    {"descriptors beside the words", NULL, pass_rights, 2, false, false},
    {"an urgent byte at the end", NULL, end_urgently, 1, true, false},
    {"prompts and texts without end", storm, NULL, 1, true, false},
    {"a verdict before the login", guess, NULL, 2, true, true},
    {"waits for a person for ever", wait_for_ever, NULL, 1, false, false},
    {NULL, NULL, NULL, 0, false, false},
};
