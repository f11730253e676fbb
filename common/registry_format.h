/* SPDX-License-Identifier: MIT */
/* The layout of the two registry files, for their reader and their writer.
 * Does not know: how either goes about it.
 *
 * All numbers are little endian, all offsets count from the start of the file.
 *
 *   header    256 bytes, see HEADER_*
 *   records   one behind the other, each at a multiple of 8
 *   indexes   each at a multiple of 64; HEADER_INDEXES says where
 *
 * An index is a table of 2^n slots (at least 8; or there is none), at most 7 in
 * 10 in use. A slot is 8 bytes: the high half of the key's hash, then the
 * record's offset / 8; offset 0 is an empty slot. A key's first slot is its
 * hash modulo the table's length, a taken one sends it on to the next, and
 * after REGISTRY_PROBE_MAX of them it is not there. The hash is hash_bytes
 * under the seed of the file, over the bytes of a name (no NUL), the lower-case
 * bytes of an e-mail, or the 4 bytes of a number.
 *
 * A record (RECORD_*) starts with its length, a multiple of 8, and a checksum
 * over what follows, keyed by its length and its own offset, so that a record
 * that was damaged or that moved is not taken for a good one. Then:
 *   user       fixed part, gids of 4 bytes, eight texts each with its NUL
 *   tombstone  as a user, all but uid, gid and name empty
 *   group      fixed part, name with its NUL, each member's name with its NUL
 *   hole       nothing
 * and zeros up to the next multiple of 8. Between the last record and the first
 * index there may be zeros, and slots may lead to holes and to records that
 * have another key: a writer that changes little leaves them.
 *
 * Version 1 has no holes, its checksums are by hash_bytes, that of the tables
 * as a chain, and a user who is not linked stands in the group indexes as well,
 * for his private group. In version 2 they are by hash_words, that of the
 * tables as a sum, and a private group is found by its user. */
#ifndef EXTAUTH_REGISTRY_FORMAT_H
#define EXTAUTH_REGISTRY_FORMAT_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

#define REGISTRY_MAGIC UINT64_C(0x5248545541545845) /* "EXTAUTHR" */
#define REGISTRY_VERSION_FIRST 1U
#define REGISTRY_VERSION 2U
#define REGISTRY_FLAG_MAY_ENUMERATE 1U
#define REGISTRY_FLAG_NSS 2U    /* the `nss` file: nothing private in it */
#define REGISTRY_FLAG_NO_MAP 4U /* look-ups read the file, none maps it */
#define REGISTRY_FLAGS_ALL 7U

#define REGISTRY_HEADER_BYTES 256
#define REGISTRY_SLOT_BYTES 8
#define REGISTRY_SLOTS_MIN 8
#define REGISTRY_INDEX_ALIGN 64
#define REGISTRY_RECORD_ALIGN 8
#define REGISTRY_PROBE_MAX 1024
#define REGISTRY_RECORD_MAX_BYTES ((uint32_t)256 << 20)
#define REGISTRY_GIDS_MAX 65536
/* A reference has 32 bits and counts in units of 8 bytes. */
#define REGISTRY_REFERENCE_MAX_BYTES ((uint64_t)UINT32_MAX * 8)

/* Where each field of the header stands. What is not named is zero. */
enum registry_header_field {
	HEADER_MAGIC = 0,           /* 8 bytes */
	HEADER_VERSION = 8,         /* 32 bits */
	HEADER_FLAGS = 12,          /* 32 bits, REGISTRY_FLAG_* */
	HEADER_GENERATION = 16,     /* this and what follows: 64 bits */
	HEADER_SIZE = 24,           /* of the whole file */
	HEADER_RECORDS_OFFSET = 32, /* of the first record */
	HEADER_RECORDS_BYTES = 40,  /* of all records */
	HEADER_USER_COUNT = 48,     /* records of each kind */
	HEADER_GROUP_COUNT = 56,
	HEADER_TOMBSTONE_COUNT = 64,
	HEADER_SEED = 72,             /* two */
	HEADER_INDEXES = 88,          /* six times offset and slots */
	HEADER_TABLES_CHECKSUM = 184, /* registry_tables_checksum */
	HEADER_SPENT = 192,    /* six times 32 bits: slots that lead nowhere */
	HEADER_CHECKSUM = 248, /* of the 248 bytes before it */
};

/* Which index is which. A tombstone stands in the uid index alone. */
enum registry_index_number {
	INDEX_NAME = 0,
	INDEX_UID,
	INDEX_GROUP_NAME,
	INDEX_GID,
	INDEX_EMAIL,       /* no slots in `nss` */
	INDEX_EXTERNAL_ID, /* no slots in `nss`; only users who have one */
};

/* Where each field of a record stands. */
enum registry_record_field {
	RECORD_LENGTH = 0,   /* 32 bits, of the whole record */
	RECORD_CHECKSUM = 4, /* 32 bits, over the bytes from 8 on */
	RECORD_KIND = 8,     /* 8 bits, enum registry_kind */
	RECORD_FLAGS = 9,    /* 8 bits, RECORD_FLAG_* */
	RECORD_NUMBER = 12,  /* 32 bits, the uid or the group's gid */

	USER_GID = 16,          /* 32 bits */
	USER_GID_COUNT = 20,    /* 32 bits */
	USER_NOT_AFTER = 24,    /* 64 bits, signed */
	USER_TEXT_LENGTHS = 32, /* eight times 16 bits, enum registry_text */
	USER_FIXED_BYTES = 48,

	GROUP_NAME_LENGTH = 10,   /* 16 bits */
	GROUP_MEMBER_COUNT = 16,  /* 32 bits */
	GROUP_MEMBERS_BYTES = 20, /* 32 bits */
	GROUP_FIXED_BYTES = 24,
};

#define RECORD_FLAG_DISABLED 1U
#define RECORD_FLAG_LINKED 2U
#define RECORD_FLAG_HELD 4U /* not in version 1, not in `nss` */
#define RECORD_FLAGS_ALL 7U

/* The texts of a user in the order of the record. */
enum registry_text {
	TEXT_NAME = 0,
	TEXT_GECOS,
	TEXT_HOME,
	TEXT_SHELL,
	TEXT_EMAIL,
	TEXT_EXTERNAL_ID,
	TEXT_PROVIDER,
	TEXT_SOURCE,
	TEXT_COUNT
};

static inline uint16_t
registry_get16(const char *bytes)
{
	uint16_t number;

	memcpy(&number, bytes, sizeof(number));
	return le16toh(number);
}

static inline uint32_t
registry_get32(const char *bytes)
{
	uint32_t number;

	memcpy(&number, bytes, sizeof(number));
	return le32toh(number);
}

static inline uint64_t
registry_get64(const char *bytes)
{
	uint64_t number;

	memcpy(&number, bytes, sizeof(number));
	return le64toh(number);
}

static inline void
registry_put16(char *bytes, uint16_t number)
{
	number = htole16(number);
	memcpy(bytes, &number, sizeof(number));
}

static inline void
registry_put32(char *bytes, uint32_t number)
{
	number = htole32(number);
	memcpy(bytes, &number, sizeof(number));
}

static inline void
registry_put64(char *bytes, uint64_t number)
{
	number = htole64(number);
	memcpy(bytes, &number, sizeof(number));
}

#endif
