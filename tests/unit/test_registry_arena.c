/* SPDX-License-Identifier: MIT */
#include "registry_arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#define LENGTH(rows) (sizeof(rows) / sizeof((rows)[0]))

START_TEST(arena_lends_pieces_that_do_not_touch)
{
	static const size_t sizes[] = {0, 1, 7, 8, 9, 4096, 1 << 20, 3, 1 << 20,
	    ((size_t)33 << 20), 5, (size_t)40 << 20, 1};
	struct registry_arena arena = {0};
	void *pieces[LENGTH(sizes)];
	const char *text = NULL;
	void *none = &arena;
	size_t index;

	for (index = 0; index < LENGTH(sizes); index++) {
		ck_assert_ok(
		    registry_arena_take(&arena, sizes[index], &pieces[index]));
		ck_assert_uint_eq((uintptr_t)pieces[index] % 8, 0);
		if (sizes[index] > 0)
			memset(pieces[index], (int)index + 1, sizes[index]);
	}
	for (index = 0; index < LENGTH(sizes); index++) {
		const char *piece = pieces[index];

		if (sizes[index] == 0)
			continue;
		ck_assert_int_eq(piece[0], (char)(index + 1));
		ck_assert_int_eq(piece[sizes[index] - 1], (char)(index + 1));
	}
	ck_assert_ok(registry_arena_copy(&arena, "text", &text));
	ck_assert_str_eq(text, "text");
	ck_assert_int_eq(
	    registry_arena_take(&arena, SIZE_MAX, &none), EXTAUTH_NOMEM);
	ck_assert_int_eq(
	    registry_arena_take(&arena, SIZE_MAX / 2, &none), EXTAUTH_NOMEM);
	ck_assert_ptr_eq(none, &arena);
	registry_arena_clear(&arena);
	ck_assert_uint_eq(arena.chunk_count, 0);
	registry_arena_clear(&arena);
}
END_TEST

#define FIRST_BYTES ((size_t)16384)
#define LONGEST_BYTES ((size_t)32 << 20)

static size_t
last_size(const struct registry_arena *arena)
{
	return arena->chunks[arena->chunk_count - 1].size;
}

START_TEST(chunks_double_up_to_a_limit)
{
	struct registry_arena arena = {0};
	size_t size = FIRST_BYTES;
	void *piece = NULL;
	void *next = NULL;

	ck_assert_ok(registry_arena_take(&arena, 1, &piece));
	ck_assert_ok(registry_arena_take(&arena, 8, &next));
	ck_assert_ptr_eq(next, (char *)piece + 8);
	ck_assert_uint_eq(arena.left, FIRST_BYTES - 16);
	ck_assert_ok(registry_arena_take(&arena, FIRST_BYTES - 16, &piece));
	ck_assert_uint_eq(arena.left, 0);
	ck_assert_uint_eq(arena.chunk_count, 1);
	ck_assert_ok(registry_arena_take(&arena, 0, &piece));
	ck_assert_uint_eq(arena.chunk_count, 1);
	while (size < LONGEST_BYTES) {
		ck_assert_uint_eq(last_size(&arena), size);
		ck_assert_ok(
		    registry_arena_take(&arena, arena.left + 1, &piece));
		size *= 2;
	}
	ck_assert_uint_eq(last_size(&arena), LONGEST_BYTES);
	ck_assert_ok(registry_arena_take(&arena, LONGEST_BYTES, &piece));
	ck_assert_uint_eq(last_size(&arena), LONGEST_BYTES);
	ck_assert_uint_eq(arena.left, 0);
	ck_assert_ok(registry_arena_take(&arena, LONGEST_BYTES + 1, &piece));
	ck_assert_uint_eq(last_size(&arena), LONGEST_BYTES + 8);
	ck_assert_uint_eq(arena.left, 0);
	registry_arena_clear(&arena);
}
END_TEST

START_TEST(pages_are_given_back)
{
	struct registry_pages pages = {0};
	struct registry_arena arena = {0};
	void *bytes;
	void *piece = NULL;

	ck_assert_ok(registry_pages_take(0, &pages));
	ck_assert_uint_eq(pages.size, 1);
	bytes = pages.bytes;
	ck_assert(unit_is_mapped(bytes));
	registry_pages_give(&pages);
	ck_assert(!unit_is_mapped(bytes));
	ck_assert_ptr_null(pages.bytes);
	ck_assert_ok(registry_pages_grow(&pages, 5000));
	ck_assert_uint_eq(pages.size, 5000);
	memset(pages.bytes, 1, 5000);
	ck_assert_ok(registry_pages_grow(&pages, (size_t)1 << 20));
	ck_assert_uint_eq(pages.size, (size_t)1 << 20);
	ck_assert_int_eq(pages.bytes[4999], 1);
	ck_assert_int_eq(pages.bytes[5000], 0);
	pages.bytes[pages.size - 1] = 1;
	bytes = pages.bytes;
	registry_pages_give(&pages);
	ck_assert(!unit_is_mapped(bytes));
	ck_assert_ok(registry_arena_take(&arena, FIRST_BYTES, &bytes));
	ck_assert_ok(registry_arena_take(&arena, 1, &piece));
	registry_arena_clear(&arena);
	ck_assert(!unit_is_mapped(bytes) && !unit_is_mapped(piece));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    arena_lends_pieces_that_do_not_touch,
	    chunks_double_up_to_a_limit,
	    pages_are_given_back,
	    NULL,
	};

	return unit_run("registry_arena", tests);
}
