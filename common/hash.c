/* SPDX-License-Identifier: MIT */
#include "hash.h"

#include <endian.h>
#include <string.h>

struct hash_state {
	uint64_t v0;
	uint64_t v1;
	uint64_t v2;
	uint64_t v3;
};

static inline uint64_t
rotate_left(uint64_t word, unsigned bits)
{
	return (word << bits) | (word >> (64 - bits));
}

static inline void
hash_round(struct hash_state *state)
{
	state->v0 += state->v1;
	state->v1 = rotate_left(state->v1, 13) ^ state->v0;
	state->v0 = rotate_left(state->v0, 32);
	state->v2 += state->v3;
	state->v3 = rotate_left(state->v3, 16) ^ state->v2;
	state->v0 += state->v3;
	state->v3 = rotate_left(state->v3, 21) ^ state->v0;
	state->v2 += state->v1;
	state->v1 = rotate_left(state->v1, 17) ^ state->v2;
	state->v2 = rotate_left(state->v2, 32);
}

static inline void
hash_word(struct hash_state *state, uint64_t word)
{
	state->v3 ^= word;
	hash_round(state);
	state->v0 ^= word;
}

/* The bytes that are left, fewer than 8, and the length above them. */
static inline uint64_t
last_word(const unsigned char *bytes, size_t left, size_t length)
{
	uint64_t word = (uint64_t)length << 56;
	size_t next = 0;

	if ((left & 4) != 0) {
		uint32_t half;

		memcpy(&half, bytes, sizeof(half));
		word |= le32toh(half);
		next = 4;
	}
	for (; next < left; next++)
		word |= (uint64_t)bytes[next] << (8 * next);
	return word;
}

uint64_t
hash_bytes(const uint64_t key[2], const void *bytes, size_t length)
{
	struct hash_state state = {
	    .v0 = key[0] ^ 0x736f6d6570736575U,
	    .v1 = key[1] ^ 0x646f72616e646f6dU,
	    .v2 = key[0] ^ 0x6c7967656e657261U,
	    .v3 = key[1] ^ 0x7465646279746573U,
	};
	const unsigned char *next = bytes;
	size_t left = length;
	uint64_t word = 0;

	for (; left >= sizeof(word); left -= sizeof(word)) {
		memcpy(&word, next, sizeof(word));
		hash_word(&state, le64toh(word));
		next += sizeof(word);
	}
	hash_word(&state, last_word(next, left, length));
	state.v2 ^= 0xff;
	hash_round(&state);
	hash_round(&state);
	hash_round(&state);
	return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

static inline uint64_t
mix_word(uint64_t lane, uint64_t word)
{
	/* By an odd number, so that no two products are the same; then the
	 * well mixed half comes down to where the next product needs it. */
	return rotate_left((lane ^ word) * 0x9fb21c651e98df25U, 32);
}

static inline uint64_t
load_word(const unsigned char *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return le64toh(word);
}

uint64_t
hash_words(const uint64_t key[2], const void *bytes, size_t length)
{
	/* Four lanes, since a product takes as long as four loads. */
	uint64_t lanes[4] = {
	    key[0] ^ 0x243f6a8885a308d3U,
	    key[1] ^ 0x13198a2e03707344U,
	    key[0] ^ 0xa4093822299f31d0U,
	    key[1] ^ 0x082efa98ec4e6c89U,
	};
	const unsigned char *next = bytes;
	size_t left = length;
	uint64_t hash;

	for (; left >= 32; left -= 32) {
		lanes[0] = mix_word(lanes[0], load_word(next));
		lanes[1] = mix_word(lanes[1], load_word(next + 8));
		lanes[2] = mix_word(lanes[2], load_word(next + 16));
		lanes[3] = mix_word(lanes[3], load_word(next + 24));
		next += 32;
	}
	if (left >= 8)
		lanes[0] = mix_word(lanes[0], load_word(next));
	if (left >= 16)
		lanes[1] = mix_word(lanes[1], load_word(next + 8));
	if (left >= 24)
		lanes[2] = mix_word(lanes[2], load_word(next + 16));
	hash = lanes[0] ^ rotate_left(lanes[1], 13) ^
	    rotate_left(lanes[2], 29) ^ rotate_left(lanes[3], 43);
	return mix_word(mix_word(hash, length), 0);
}
