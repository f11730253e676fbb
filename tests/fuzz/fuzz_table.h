/* SPDX-License-Identifier: MIT */
/* Targets that share a program: its name, fuzz_NAME, says which one it is.
 * Does not know: what is fuzzed. */
#ifndef EXTAUTH_FUZZ_TABLE_H
#define EXTAUTH_FUZZ_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct fuzz_entry {
	const char *name;
	void (*one)(const uint8_t *bytes, size_t length);
	/* As LLVMFuzzerCustomMutator; NULL: bytes as they come. */
	size_t (*mutate)(
	    uint8_t *bytes, size_t length, size_t room, unsigned seed);
};

/* The program's own; the last has no name. */
extern const struct fuzz_entry fuzz_entries[];

/* libFuzzer's: changes an input, and is called by it for that. */
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t length, size_t room);
size_t LLVMFuzzerCustomMutator(
    uint8_t *bytes, size_t length, size_t room, unsigned seed);

#endif
