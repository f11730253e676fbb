/* SPDX-License-Identifier: MIT */
#include "hash.h"

#include <string.h>

#include "unit.h"

/* The published vectors of SipHash-1-3, those of the Rust core library: number
 * n is the hash of the n bytes 0, 1, 2, ... under the key 00 01 ... 0f. */
static const uint64_t vectors[] = {
    0xabac0158050fc4dcU,
    0xc9f49bf37d57ca93U,
    0x82cb9b024dc7d44dU,
    0x8bf80ab8e7ddf7fbU,
    0xcf75576088d38328U,
    0xdef9d52f49533b67U,
    0xc50d2b50c59f22a7U,
    0xd3927d989bb11140U,
    0x369095118d299a8eU,
    0x25a48eb36c063de4U,
    0x79de85ee92ff097fU,
    0x70c118c1f94dc352U,
    0x78a384b157b4d9a2U,
    0x306f760c1229ffa7U,
    0x605aa111c0f95d34U,
    0xd320d86d2a519956U,
    0xcc4fdd1a7d908b66U,
    0x9cf2689063dbd80cU,
    0x8ffc389cb473e63eU,
    0xf21f9de58d297d1cU,
    0xc0dc2f46a6cce040U,
    0xb992abfe2b45f844U,
    0x7ffe7b9ba320872eU,
    0x525a0e7fdae6c123U,
    0xf464aeb267349c8cU,
    0x45cd5928705b0979U,
    0x3a3e35e3ca9913a5U,
    0xa91dc74e4ade3b35U,
    0xfb0bed02ef6cd00dU,
    0x88d93cb44ab1e1f4U,
    0x540f11d643c5e663U,
    0x2370dd1f8c21d1bcU,
    0x81157b6c16a7b60dU,
    0x4d54b9e57a8ff9bfU,
    0x759f12781f2a753eU,
    0xcea1a3bebf186b91U,
    0x2cf508d3ada26206U,
    0xb6101c2da3c33057U,
    0xb3f47496ae3a36a1U,
    0x626b57547b108392U,
    0xc1d2363299e41531U,
    0x667cc1923f1ad944U,
    0x65704ffec8138825U,
    0x24f280d1c28949a6U,
    0xc2ca1cedfaf8876bU,
    0xc2164bfc9f042196U,
    0xa16e9c9368b1d623U,
    0x49fb169c8b5114fdU,
    0x9f3143f8df074c46U,
    0xc6fdaf2412cc86b3U,
    0x7eaf49d10a52098fU,
    0x1cf313559d292f9aU,
    0xc44a30dda2f41f12U,
    0x36fae98943a71ed0U,
    0x318fb34c73f0bce6U,
    0xa27abf3670a7e980U,
    0xb4bcc0db243c6d75U,
    0x23f8d852fdb71513U,
    0x8f035f4da67d8a08U,
    0xd89cd0e5b7e8f148U,
    0xf6f4e6bcf7a644eeU,
    0xaec59ad80f1837f2U,
    0xc3b2f6154b6694e0U,
    0x9d199062b7bbb3a8U,
};

#define VECTOR_COUNT (sizeof(vectors) / sizeof(*vectors))

static const uint64_t vector_key[2] = {
    0x0706050403020100U, 0x0f0e0d0c0b0a0908U};

START_TEST(published_vectors_hold)
{
	unsigned char bytes[VECTOR_COUNT];
	size_t length;

	for (length = 0; length < VECTOR_COUNT; length++) {
		bytes[length] = (unsigned char)length;
		ck_assert_uint_eq(
		    hash_bytes(vector_key, bytes, length), vectors[length]);
	}
}
END_TEST

START_TEST(alignment_does_not_matter)
{
	unsigned char bytes[VECTOR_COUNT + 8];
	size_t shift;
	size_t number;

	for (shift = 0; shift < 8; shift++) {
		for (number = 0; number < VECTOR_COUNT; number++)
			bytes[shift + number] = (unsigned char)number;
		ck_assert_uint_eq(
		    hash_bytes(vector_key, bytes + shift, VECTOR_COUNT - 1),
		    vectors[VECTOR_COUNT - 1]);
	}
}
END_TEST

START_TEST(both_halves_of_the_key_count)
{
	const uint64_t first[2] = {vector_key[0] + 1, vector_key[1]};
	const uint64_t second[2] = {vector_key[0], vector_key[1] + 1};

	ck_assert_uint_ne(
	    hash_bytes(first, "a", 1), hash_bytes(second, "a", 1));
	ck_assert_uint_ne(
	    hash_bytes(first, "a", 1), hash_bytes(vector_key, "a", 1));
	ck_assert_uint_ne(
	    hash_bytes(second, "a", 1), hash_bytes(vector_key, "a", 1));
}
END_TEST

/* Number n is the sum of the n * 8 bytes 0, 1, 2, ... under the same key, as a
 * second implementation gave it. They stand in files: they never change. */
static const uint64_t word_vectors[] = {
    0x20054804b7484dd0U,
    0x2609e0a6172a530cU,
    0x110d943b65d9d473U,
    0x8d3d96d1cecc3922U,
    0xdda823e226372cf2U,
    0xb1fbbf59cb8526eeU,
    0xc0e439b0a4b51199U,
    0x53f3842dc035fc14U,
};

#define WORD_VECTOR_COUNT (sizeof(word_vectors) / sizeof(*word_vectors))

START_TEST(sums_of_words_hold)
{
	unsigned char bytes[1 + 33 * 8];
	size_t number;

	for (number = 0; number < sizeof(bytes) - 1; number++)
		bytes[1 + number] = (unsigned char)number;
	for (number = 0; number < WORD_VECTOR_COUNT; number++)
		ck_assert_uint_eq(hash_words(vector_key, bytes + 1, number * 8),
		    word_vectors[number]);
	ck_assert_uint_eq(hash_words(vector_key, bytes + 1, sizeof(bytes) - 1),
	    0xaf5b823c630b06d8U);
}
END_TEST

START_TEST(every_bit_counts_in_a_sum_of_words)
{
	unsigned char bytes[128] = {0};
	size_t length;
	size_t bit;

	for (length = 8; length <= sizeof(bytes); length += 8) {
		uint64_t sum = hash_words(vector_key, bytes, length);

		for (bit = 0; bit < length * 8; bit++) {
			uint64_t other;

			bytes[bit / 8] ^= (unsigned char)(1U << bit % 8);
			other = hash_words(vector_key, bytes, length);
			bytes[bit / 8] ^= (unsigned char)(1U << bit % 8);
			if ((uint32_t)sum == (uint32_t)other)
				ck_abort_msg("bit %zu of %zu", bit, length);
		}
	}
}
END_TEST

START_TEST(length_and_key_count_in_a_sum_of_words)
{
	const uint64_t first[2] = {vector_key[0] + 1, vector_key[1]};
	const uint64_t second[2] = {vector_key[0], vector_key[1] + 1};
	const unsigned char bytes[16] = {0};

	ck_assert_uint_ne(hash_words(vector_key, bytes, 8),
	    hash_words(vector_key, bytes, 16));
	ck_assert_uint_ne(
	    hash_words(first, bytes, 8), hash_words(vector_key, bytes, 8));
	ck_assert_uint_ne(
	    hash_words(second, bytes, 8), hash_words(vector_key, bytes, 8));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    published_vectors_hold,
	    alignment_does_not_matter,
	    both_halves_of_the_key_count,
	    sums_of_words_hold,
	    every_bit_counts_in_a_sum_of_words,
	    length_and_key_count_in_a_sum_of_words,
	    NULL,
	};

	return unit_run("hash", tests);
}
