/* SPDX-License-Identifier: MIT */
/* Files of the registry as inputs: 8 bytes, of which the first says what is put
 * right, and then the file. What is put right are checksums and indexes, so
 * that a changed field is looked at and not only found to be changed.
 * Does not know: how the file is read. */
#ifndef EXTAUTH_FUZZ_SNAPSHOT_H
#define EXTAUTH_FUZZ_SNAPSHOT_H

#include <stddef.h>
#include <stdint.h>

#define FUZZ_HEAD_BYTES 8
#define FUZZ_KEYS_MAX 24
#define FUZZ_KEY_BYTES 260

enum fuzz_repair {
	REPAIR_HEADER = 1, /* length of the file, checksum of the header */
	REPAIR_RECORDS = 2,
	REPAIR_INDEXES = 4,
	REPAIR_TABLES = 8,
};

/* What a record may be found by; texts are "" where it has none. */
struct fuzz_key {
	uint32_t number;
	char name[FUZZ_KEY_BYTES];
	char email[FUZZ_KEY_BYTES];
	char external_id[FUZZ_KEY_BYTES];
};

/* A file: bytes of their own, not one more than it has (free). */
struct fuzz_snapshot {
	uint8_t head[FUZZ_HEAD_BYTES];
	char *bytes;
	size_t length;
	struct fuzz_key *keys; /* FUZZ_KEYS_MAX, some of which are used */
	size_t key_count;
};

/* Takes an input apart and puts right what it wants put right. */
struct fuzz_snapshot fuzz_snapshot_make(const uint8_t *bytes, size_t length);
void fuzz_snapshot_clear(struct fuzz_snapshot *snapshot);

/* Puts the file, 0644, in the place of another of that name. */
void fuzz_snapshot_write(
    const struct fuzz_snapshot *snapshot, const char *path);

/* Changes a field of the header, a record or a slot, or any byte: as
 * LLVMFuzzerCustomMutator. */
size_t fuzz_snapshot_mutate(
    uint8_t *bytes, size_t length, size_t room, unsigned seed);

#endif
