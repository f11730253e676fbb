/* SPDX-License-Identifier: MIT */
#include "hostile.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

static const struct hostile_trick *const tables[] = {
    hostile_shapes, hostile_bends, hostile_plays};

#define TABLE_COUNT (sizeof(tables) / sizeof(tables[0]))

uint64_t
hostile_random(struct hostile *hostile, uint64_t limit)
{
	uint64_t mixed;

	hostile->random += 0x9e3779b97f4a7c15U;
	mixed = hostile->random;
	mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
	mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
	return (mixed ^ (mixed >> 31)) % limit;
}

/* Behind the last stands one without a name. */
static const struct hostile_trick *
trick_at(uint32_t number)
{
	static const struct hostile_trick none = {.name = NULL};
	const struct hostile_trick *trick;
	size_t table;

	for (table = 0; table < TABLE_COUNT; table++)
		for (trick = tables[table]; trick->name != NULL; trick++)
			if (number-- == 0)
				return trick;
	return &none;
}

const char *
hostile_trick_name(uint32_t trick)
{
	return trick_at(trick)->name;
}

uint32_t
hostile_trick_count(void)
{
	uint32_t count = 0;

	while (trick_at(count)->name != NULL)
		count++;
	return count;
}

const struct hostile_trick *
hostile_trick_of(uint32_t number, uint32_t *ret_trick, uint64_t *ret_index)
{
	uint32_t weights = 0;
	uint32_t trick;
	uint32_t place;

	for (trick = 0; trick_at(trick)->name != NULL; trick++)
		weights += trick_at(trick)->weight;
	place = number % weights;
	for (trick = 0; place >= trick_at(trick)->weight; trick++)
		place -= trick_at(trick)->weight;
	*ret_trick = trick;
	*ret_index =
	    (uint64_t)(number / weights) * trick_at(trick)->weight + place;
	return trick_at(trick);
}

char *
hostile_copy(const void *bytes, size_t length)
{
	char *copy = malloc(length + 1);

	if (copy == NULL)
		errx(1, "out of memory");
	memcpy(copy, bytes, length);
	return copy;
}

const char *
hostile_number(uint32_t number)
{
	const unsigned char bytes[4] = {
	    (unsigned char)number,
	    (unsigned char)(number >> 8),
	    (unsigned char)(number >> 16),
	    (unsigned char)(number >> 24),
	};

	return hostile_copy(bytes, sizeof(bytes));
}

void
hostile_member_add(struct hostile_part *part, unsigned char tag,
    const void *bytes, size_t length)
{
	if (part->count == HOSTILE_MEMBERS_MAX)
		errx(1, "too many members");
	part->members[part->count++] = (struct hostile_member){
	    .tag = tag,
	    .claimed = (uint32_t)length,
	    .length = length,
	    .bytes = bytes,
	};
}

struct hostile_member *
hostile_member_find(struct hostile_part *part, unsigned char tag)
{
	unsigned at;

	for (at = 0; at < part->count; at++)
		if (part->members[at].tag == tag)
			return &part->members[at];
	return NULL;
}

struct hostile_part *
hostile_part_insert(struct hostile *hostile, unsigned at, unsigned char type)
{
	struct hostile_part *part = &hostile->parts[at];

	if (hostile->count == HOSTILE_PARTS_MAX)
		errx(1, "too many parts");
	memmove(part + 1, part, (hostile->count - at) * sizeof(*part));
	hostile->count++;
	*part = (struct hostile_part){
	    .type = type, .raw = buffer_make(HOSTILE_SENT_BYTES)};
	return part;
}

struct hostile_part *
hostile_verdict(struct hostile *hostile)
{
	return &hostile->parts[hostile->count - 1];
}

static void
append(struct buffer *raw, const void *bytes, size_t length)
{
	if (buffer_append(raw, bytes, length) != EXTAUTH_OK)
		errx(1, "a part is too long");
}

void
hostile_part_write(struct hostile_part *part)
{
	size_t length = 1;
	unsigned at;

	for (at = 0; at < part->count; at++)
		length += 5 + part->members[at].length;
	append(&part->raw, hostile_number((uint32_t)length), 4);
	append(&part->raw, &part->type, 1);
	for (at = 0; at < part->count; at++) {
		const struct hostile_member *member = &part->members[at];

		append(&part->raw, &member->tag, 1);
		append(&part->raw, hostile_number(member->claimed), 4);
		append(&part->raw, member->bytes, member->length);
	}
}
