/* SPDX-License-Identifier: MIT */
/* Changes of a registry's file, field by field.
 * Does not know: what is put right afterwards. */
#include <string.h>

#include "fuzz_snapshot.h"
#include "fuzz_table.h"
#include "registry.h"
#include "registry_format.h"

/* An input that is being changed. */
struct mutation {
	char *file;
	size_t length;
	uint64_t state; /* of the random numbers */
};

/* A number below `limit`. xorshift64. */
static uint64_t
draw(struct mutation *mutation, uint64_t limit)
{
	mutation->state ^= mutation->state << 13;
	mutation->state ^= mutation->state >> 7;
	mutation->state ^= mutation->state << 17;
	return mutation->state % limit;
}

/* A number that stands at an edge of something. */
static uint64_t
draw_edge(struct mutation *mutation, uint64_t now)
{
	const uint64_t edges[] = {0, 1, 7, 8, 24, 48, 64, 256, mutation->length,
	    mutation->length - 8, mutation->length / 8, now + 1, now - 1,
	    now + 8, now - 8, now * 2, 0x7fffffff, 0xffff, 0x80000000,
	    UINT32_MAX, UINT64_MAX, 1000, 2000200001, 2147352576,
	    draw(mutation, 256), mutation->state};

	return edges[draw(mutation, sizeof(edges) / sizeof(*edges))];
}

/* Changes `size` bytes, 1 to 8, at `offset`. */
static void
change(struct mutation *mutation, uint64_t offset, size_t size)
{
	char bytes[8] = {0};
	uint64_t now;

	if (offset > mutation->length || mutation->length - offset < size)
		return;
	memcpy(bytes, mutation->file + offset, size);
	now = registry_get64(bytes);
	registry_put64(bytes, draw_edge(mutation, now));
	memcpy(mutation->file + offset, bytes, size);
}

/* Goes to one of the records; 0 if there is none. */
static uint64_t
draw_record(struct mutation *mutation)
{
	uint64_t at = registry_get64(mutation->file + HEADER_RECORDS_OFFSET);
	uint64_t wanted = draw(mutation, 8);
	uint64_t last = 0;

	while (wanted-- > 0 && at < mutation->length &&
	    mutation->length - at >= GROUP_FIXED_BYTES) {
		uint32_t length = registry_get32(mutation->file + at);

		last = at;
		if (length < GROUP_FIXED_BYTES)
			break;
		at += length;
	}
	return last;
}

static void
change_record(struct mutation *mutation)
{
	static const struct {
		uint8_t offset;
		uint8_t size;
	} fields[] = {{RECORD_LENGTH, 4}, {RECORD_CHECKSUM, 4},
	    {RECORD_KIND, 1}, {RECORD_FLAGS, 1}, {RECORD_NUMBER, 4},
	    {USER_GID, 4}, {USER_GID_COUNT, 4}, {USER_NOT_AFTER, 8},
	    {USER_TEXT_LENGTHS, 2}, {USER_TEXT_LENGTHS + 2, 2},
	    {USER_TEXT_LENGTHS + 4, 2}, {USER_TEXT_LENGTHS + 6, 2},
	    {USER_TEXT_LENGTHS + 14, 2}, {GROUP_NAME_LENGTH, 2},
	    {GROUP_MEMBER_COUNT, 4}, {GROUP_MEMBERS_BYTES, 4}};
	uint64_t record = draw_record(mutation);
	uint64_t which = draw(mutation, sizeof(fields) / sizeof(*fields) + 4);

	if (which < sizeof(fields) / sizeof(*fields))
		change(mutation, record + fields[which].offset,
		    fields[which].size);
	else
		change(mutation,
		    record + GROUP_FIXED_BYTES + draw(mutation, 120), 1);
}

static void
change_slot(struct mutation *mutation)
{
	const char *index = mutation->file + HEADER_INDEXES +
	    draw(mutation, REGISTRY_INDEX_COUNT) * 16;
	uint64_t slots = registry_get64(index + 8);
	uint64_t slot =
	    registry_get64(index) + (slots > 0 ? draw(mutation, slots) * 8 : 0);

	if (slot > mutation->length || mutation->length - slot < 8)
		return;
	if (draw(mutation, 2) == 0)
		registry_put32(mutation->file + slot + 4,
		    (uint32_t)(draw_record(mutation) / 8));
	else
		change(mutation, slot + draw(mutation, 2) * 4, 4);
}

size_t
fuzz_snapshot_mutate(uint8_t *bytes, size_t length, size_t room, unsigned seed)
{
	struct mutation mutation = {
	    .state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1};
	uint64_t times = 1 + draw(&mutation, 3);

	if (length < FUZZ_HEAD_BYTES + REGISTRY_HEADER_BYTES ||
	    draw(&mutation, 5) == 0)
		return LLVMFuzzerMutate(bytes, length, room);
	mutation.file = (char *)bytes + FUZZ_HEAD_BYTES;
	mutation.length = length - FUZZ_HEAD_BYTES;
	while (times-- > 0) {
		uint64_t which = draw(&mutation, 8);

		if (which == 0)
			change(&mutation, draw(&mutation, 32) * 8, 8);
		else if (which == 1)
			bytes[draw(&mutation, FUZZ_HEAD_BYTES)] =
			    (uint8_t)draw(&mutation, 256);
		else if (which == 2)
			change_slot(&mutation);
		else
			change_record(&mutation);
	}
	return length;
}
