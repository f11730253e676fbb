/* SPDX-License-Identifier: MIT */
/* A keyed hash for tables and checksums, and a quicker one against damage
 * alone. The first is SipHash-1-3, from "SipHash: a fast
 * short-input PRF" by Aumasson and Bernstein: whoever does not know the key
 * cannot choose names that collide. One round for each word and three at the
 * end, not 2-4: what is hashed here is looked up, never signed.
 * Does not know: what the bytes mean. */
#ifndef EXTAUTH_HASH_H
#define EXTAUTH_HASH_H

#include <stddef.h>
#include <stdint.h>

/* Hashes `length` bytes under `key`. The same on every host, whatever its byte
 * order and alignment. */
uint64_t hash_bytes(const uint64_t key[2], const void *bytes, size_t length);

/* Sums up `length` bytes, a multiple of 8, under `key`: several times quicker
 * than hash_bytes, and no obstacle to who wants two texts with one sum. The
 * same on every host. Two that differ in one word of 8 bytes alone never have
 * the same sum. */
uint64_t hash_words(const uint64_t key[2], const void *bytes, size_t length);

#endif
