/* SPDX-License-Identifier: MIT */
/* Tricks by structure: members that are missing, double, strange or lie about
 * their length. */
#include <string.h>

#include "hostile.h"

/* Prime, so that it comes by every place of a shorter row. */
#define STEP 7919

static size_t
place_of(const struct hostile *hostile, uint64_t index, size_t count)
{
	return (size_t)((index * STEP + hostile->slot->seed) % count);
}

static void
leave(struct hostile *hostile, uint64_t index)
{
	(void)hostile;
	(void)index;
}

static void
drop(struct hostile *hostile, uint64_t index)
{
	struct hostile_part *part = hostile_verdict(hostile);
	const size_t at = place_of(hostile, index, part->count);

	part->count--;
	memmove(&part->members[at], &part->members[at + 1],
	    (part->count - at) * sizeof(part->members[0]));
}

static void
put_in(struct hostile_part *part, size_t at, unsigned char tag,
    const char *bytes, size_t length)
{
	struct hostile_member *place = &part->members[at];

	memmove(place + 1, place, (part->count - at) * sizeof(*place));
	part->count++;
	*place = (struct hostile_member){tag, (uint32_t)length, length, bytes};
}

/* Once more, the same or another, in front of the first or behind all. */
static void
double_one(struct hostile *hostile, uint64_t index)
{
	struct hostile_part *part = hostile_verdict(hostile);
	const struct hostile_member one =
	    part->members[place_of(hostile, index, part->count)];
	const char *bytes = one.bytes;

	if (hostile_random(hostile, 2) == 0) {
		char *other = hostile_copy(one.bytes, one.length);

		if (one.length > 0)
			other[hostile_random(hostile, one.length)] ^= 0x55;
		if (one.tag == TAG_VERDICT)
			memcpy(other,
			    hostile_number(verdict_to_wire(VERDICT_REJECTED)),
			    4);
		bytes = other;
	}
	put_in(part, hostile_random(hostile, 2) == 0 ? 0 : part->count, one.tag,
	    bytes, one.length);
}

static void
swap(struct hostile *hostile, uint64_t index)
{
	struct hostile_part *part = hostile_verdict(hostile);
	const size_t one = place_of(hostile, index, part->count);
	const size_t other = hostile_random(hostile, part->count);
	const struct hostile_member kept = part->members[one];

	part->members[one] = part->members[other];
	part->members[other] = kept;
}

static void
add_unknown(struct hostile *hostile, uint64_t index)
{
	struct hostile_part *part = hostile_verdict(hostile);
	const size_t at = place_of(hostile, index, part->count + 1);

	put_in(part, at, (unsigned char)(64 + hostile_random(hostile, 192)),
	    "strange", hostile_random(hostile, 8));
}

static void
flip(struct hostile_member *member, uint64_t bit)
{
	char *bytes = hostile_copy(member->bytes, member->length);

	bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
	member->bytes = bytes;
}

static void
flip_nonce(struct hostile *hostile, uint64_t index)
{
	flip(hostile_member_find(hostile_verdict(hostile), TAG_NONCE),
	    index % (FRAME_NONCE_BYTES * 8));
}

static void
resize(struct hostile_member *member, size_t length)
{
	char *bytes = hostile_copy("0123456789abcdef0123456789abcdef", 32);

	memcpy(bytes, member->bytes,
	    member->length < length ? member->length : length);
	member->bytes = bytes;
	member->length = length;
	member->claimed = (uint32_t)length;
}

static void
change_nonce(struct hostile *hostile, uint64_t index)
{
	static const size_t lengths[] = {0, 1, 15, 17, 32};
	struct hostile_member *nonce =
	    hostile_member_find(hostile_verdict(hostile), TAG_NONCE);

	if (index % 8 < 5)
		resize(nonce, lengths[index % 8]);
	else if (index % 8 == 5)
		nonce->bytes = hostile_copy((const char[16]){0}, 16);
	else if (index % 8 == 6)
		nonce->bytes = "\xff\xff\xff\xff\xff\xff\xff\xff"
			       "\xff\xff\xff\xff\xff\xff\xff\xff";
	else
		nonce->bytes = hostile->facts.config_path;
}

static void
change_number(struct hostile *hostile, enum frame_tag tag, uint64_t index)
{
	static const uint32_t numbers[] = {
	    0, 1, 2, 3, 4, 5, 6, 7, 8, 0xff, 0x80000000, 0xffffffff};
	static const size_t lengths[] = {0, 1, 3, 5, 8, 16};
	struct hostile_member *member =
	    hostile_member_find(hostile_verdict(hostile), (unsigned char)tag);

	index %= 50;
	if (index < 32)
		flip(member, index);
	else if (index < 44)
		member->bytes = hostile_number(numbers[index - 32]);
	else
		resize(member, lengths[index - 44]);
}

static void
change_version(struct hostile *hostile, uint64_t index)
{
	change_number(hostile, TAG_VERSION, index);
}

static void
change_verdict(struct hostile *hostile, uint64_t index)
{
	change_number(hostile, TAG_VERDICT, index);
}

static void
change_status(struct hostile *hostile, uint64_t index)
{
	change_number(hostile, TAG_HTTP_STATUS, index);
}

static void
change_type(struct hostile *hostile, uint64_t index)
{
	hostile_verdict(hostile)->type = (unsigned char)index;
}

static void
lie_about_length(struct hostile *hostile, uint64_t index)
{
	static const uint32_t changes[] = {1, (uint32_t)-1, 2, 4, (uint32_t)-4,
	    5, 256, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffff, 131072};
	struct hostile_part *part =
	    &hostile->parts[hostile_random(hostile, hostile->count)];

	part->members[place_of(hostile, index / 12, part->count)].claimed +=
	    changes[index % 12];
}

static const struct {
	const char *bytes;
	size_t length;
} texts[] = {
    {"\033[2J\033[31m", 9},
    {"\033]0;title\007", 10},
    {"\033P+q544e\033\\", 10},
    {"\x9b\x33\x31m", 4},
    {"\xc2\x9b\x33\x31m", 5},
    {"\xc2\x90q\xc2\x9c", 5},
    {"a\0b", 3},
    {"\0", 1},
    {"a\rb\bc\vd\fe\x7f", 10},
    {"\xe2\x80\xae"
     "drowssap",
	11},
    {"\xe2\x81\xa6\xe2\x80\x8b\xef\xbb\xbf", 9},
    {"\xf3\xa0\x80\x81", 4},
    {"\xff\xfe", 2},
    {"\xc0\x9b\xe0\x80\x9b", 5},
    {"\xed\xa0\x80\xf4\x90\x80\x80", 7},
    {"\xe2\x82", 2},
    {"%s%n%1000000d", 13},
    {"a\nextauth[1]: result=accepted user=root", 39},
    {"\xd8\x9c\xe2\x80\xa9", 5},
    {"\xc2\xc2\x9b\xc2", 4},
};

#define TEXT_COUNT (sizeof(texts) / sizeof(texts[0]))

static bool
is_text(const struct hostile_member *member)
{
	return member->tag == TAG_REASON || member->tag == TAG_MESSAGE ||
	    member->tag == TAG_TLS || member->tag == TAG_TEXT ||
	    member->tag == TAG_TOKEN;
}

/* A text of each part becomes another. */
static void
change_texts(struct hostile *hostile, const char *bytes, size_t length)
{
	unsigned part;
	unsigned at;

	for (part = 0; part < hostile->count; part++)
		for (at = 0; at < hostile->parts[part].count; at++) {
			struct hostile_member *member =
			    &hostile->parts[part].members[at];

			if (!is_text(member) || hostile_random(hostile, 3) == 0)
				continue;
			member->bytes = bytes;
			member->length = length;
			member->claimed = (uint32_t)length;
		}
}

static void
dirty_texts(struct hostile *hostile, uint64_t index)
{
	const size_t at = index % TEXT_COUNT;

	change_texts(hostile, texts[at].bytes, texts[at].length);
}

static void
long_texts(struct hostile *hostile, uint64_t index)
{
	static const size_t lengths[] = {254, 255, 256, 257, 1023, 1024, 1025,
	    4096, 16384, 32767, 32768, 32769, 65535, 65536, 100000, 131000};
	static char text[HOSTILE_TEXT_BYTES];
	size_t at;

	memset(text, 'a', sizeof(text));
	for (at = 0; index % 3 == 1 && at < sizeof(text); at += 3)
		memcpy(text + at, "\xe2\x82\xac",
		    sizeof(text) - at < 3 ? sizeof(text) - at : 3);
	if (index % 3 == 2)
		memset(text, '\033', sizeof(text));
	change_texts(hostile, text, lengths[(index / 3) % 16]);
}

/* What the host said comes back as a verdict: it has the nonce. */
static void
echo(struct hostile *hostile, uint64_t index)
{
	struct hostile_part *part = hostile_verdict(hostile);
	const struct frame *told = &hostile->told;

	part->count = 0;
	part->type = index % 2 == 0 ? FRAME_VERDICT : (unsigned char)told->type;
	hostile_member_add(part, TAG_VERSION, hostile_number(1), 4);
	hostile_member_add(part, TAG_NONCE, hostile->slot->nonce, 16);
	if (index % 4 < 2)
		hostile_member_add(part, TAG_VERDICT,
		    hostile_number(verdict_to_wire(VERDICT_ACCEPTED)), 4);
	hostile_member_add(
	    part, TAG_STATE, told->fields.bytes, told->fields.length);
}

static void
wait_wrongly(struct hostile *hostile, uint64_t index)
{
	static const uint32_t flags[] = {2, 3, 0xffffffff, 0x100, 0x80000000};
	struct hostile_part *part =
	    hostile_part_insert(hostile, 0, FRAME_WAITING);

	if (index % 6 < 5)
		hostile_member_add(
		    part, TAG_FLAGS, hostile_number(flags[index % 6]), 4);
}

static void
speak_out_of_turn(struct hostile *hostile, uint64_t index)
{
	static const unsigned char types[] = {FRAME_LOGIN, FRAME_FORGOT,
	    FRAME_SYNC, FRAME_ANSWER, FRAME_PROBE, FRAME_CHANGE, FRAME_USER,
	    FRAME_END, FRAME_GROUP, FRAME_TOTAL, 0, 255};
	struct hostile_part *part =
	    hostile_part_insert(hostile, 0, types[index % sizeof(types)]);

	hostile_member_add(part, TAG_TEXT, "123456", 6);
}

static void
say_two_verdicts(struct hostile *hostile, uint64_t index)
{
	static const enum verdict others[] = {
	    VERDICT_REJECTED, VERDICT_ACCEPTED, VERDICT_LOCKED};
	const struct hostile_part last = *hostile_verdict(hostile);
	struct hostile_part *more = hostile_part_insert(
	    hostile, hostile->count - (index % 2), FRAME_VERDICT);
	struct hostile_member *verdict;

	memcpy(more->members, last.members, sizeof(last.members));
	more->count = last.count;
	verdict = hostile_member_find(more, TAG_VERDICT);
	verdict->bytes =
	    hostile_number(verdict_to_wire(others[(index / 2) % 3]));
	hostile->is_one_send = true;
}

static void
talk_after_the_verdict(struct hostile *hostile, uint64_t index)
{
	static const unsigned char types[] = {
	    FRAME_PROMPT, FRAME_INFORM, FRAME_TRACE, FRAME_WAITING};
	struct hostile_part *part =
	    hostile_part_insert(hostile, hostile->count, types[index % 4]);

	hostile_member_add(part, TAG_TEXT, "more?", 5);
	hostile_member_add(part, TAG_FLAGS, hostile_number(0), 4);
	hostile->is_one_send = true;
}

const struct hostile_trick hostile_shapes[] = {
    {"nothing is wrong", leave, NULL, 4, false, false},
    {"a member is missing", drop, NULL, 2, false, false},
    {"a member stands twice", double_one, NULL, 4, false, false},
    {"members stand in another order", swap, NULL, 1, false, false},
    {"a member is unknown", add_unknown, NULL, 1, false, false},
    {"one bit of the nonce", flip_nonce, NULL, 4, false, false},
    {"another nonce", change_nonce, NULL, 1, false, false},
    {"another version", change_version, NULL, 2, false, false},
    {"another verdict number", change_verdict, NULL, 3, false, false},
    {"another status", change_status, NULL, 1, false, false},
    {"another type", change_type, NULL, 4, false, false},
    {"a member lies about its length", lie_about_length, NULL, 4, false, false},
    {"texts that a terminal obeys", dirty_texts, NULL, 6, false, false},
    {"texts of many sizes", long_texts, NULL, 2, false, false},
    {"the host's own words", echo, NULL, 1, false, false},
    {"a wait that is none", wait_wrongly, NULL, 1, false, false},
    {"a frame of another dialog", speak_out_of_turn, NULL, 1, false, false},
    {"two verdicts", say_two_verdicts, NULL, 2, true, false},
    {"words behind the verdict", talk_after_the_verdict, NULL, 1, true, false},
    {NULL, NULL, NULL, 0, false, false},
};
