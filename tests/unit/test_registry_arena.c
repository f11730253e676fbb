/* SPDX-License-Identifier: MIT */
#include "registry_arena.h"

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

int
main(void)
{
	const TTest *const tests[] = {
	    arena_lends_pieces_that_do_not_touch,
	    NULL,
	};

	return unit_run("registry_arena", tests);
}
