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
	for (word = (uint64_t)length << 56; left > 0; left--)
		word |= (uint64_t)next[left - 1] << (8 * (left - 1));
	hash_word(&state, word);
	state.v2 ^= 0xff;
	hash_round(&state);
	hash_round(&state);
	hash_round(&state);
	return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}
