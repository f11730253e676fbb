/* SPDX-License-Identifier: MIT */
/* A worker that is not ours: what it would have said, and how it says it wrong.
 * A case is a number: with the seed it decides the conversation, the trick that
 * is played on it and where.
 * Does not know: the host, but for the slot that both look at. */
#ifndef EXTAUTH_TESTS_HOSTILE_H
#define EXTAUTH_TESTS_HOSTILE_H

#include <stdbool.h>
#include <stdint.h>

#include "login.h"

#define HOSTILE_SLOT "/run/pam-test/slot-%d"
#define HOSTILE_SENT_BYTES (1024 * 1024)
#define HOSTILE_PARTS_MAX 12
#define HOSTILE_MEMBERS_MAX 24
#define HOSTILE_TEXT_BYTES (FRAME_MAX_BYTES + 64)

/* What a host and its worker share, by the host's process id: a worker must
 * know its case without being told by the dialog. */
struct hostile_slot {
	/* The host's. */
	uint64_t seed;
	uint32_t number;
	/* The worker's. */
	uint32_t trick;
	bool may_fail; /* it may be refused although what it says is right */
	bool has_nonce;
	char nonce[FRAME_NONCE_BYTES];
	size_t sent_length;
	char sent[HOSTILE_SENT_BYTES];
};

struct hostile_member {
	unsigned char tag;
	uint32_t claimed; /* the length that the frame says */
	size_t length;
	const char *bytes;
};

/* One frame: its members until it is written, its bytes afterwards. */
struct hostile_part {
	unsigned char type;
	bool awaits; /* the answer, before it goes on */
	unsigned count;
	struct hostile_member members[HOSTILE_MEMBERS_MAX];
	struct buffer raw;
};

enum hostile_end {
	END_EXIT,
	END_STATUS, /* with `status` */
	END_SIGNAL, /* by signal `status` */
	END_CLOSED, /* the dialog, and lives on */
	END_SILENT, /* lives on */
};

struct hostile {
	struct hostile_slot *slot;
	struct login_facts facts;
	enum frame_type job;
	struct frame told; /* the host's, empty if it was not read */
	struct hostile_part parts[HOSTILE_PARTS_MAX];
	unsigned count;
	uint64_t random;
	/* How it is played. */
	bool is_one_send;    /* all parts at once, no answer awaited */
	bool passes_rights;  /* descriptors along with the first bytes */
	bool ends_urgent;    /* one out-of-band byte at the end */
	bool is_half_closed; /* shutdown(2) of its side at the end */
	unsigned byte_ms;    /* byte by byte, with such pauses; 0: at once */
	unsigned repeats;    /* of the first part */
	enum hostile_end end;
	int status;
};

/* One way to be wrong. Either function may be NULL. `index` counts the cases of
 * the trick, so that each place has its turn. */
struct hostile_trick {
	const char *name;
	void (*shape)(struct hostile *hostile, uint64_t index);
	void (*bend)(struct hostile *hostile, uint64_t index);
	unsigned weight;
	bool may_fail;
	bool reads_nothing;
};

/* The trick of a case, and its index among those of the trick. */
const struct hostile_trick *hostile_trick_of(
    uint32_t number, uint32_t *ret_trick, uint64_t *ret_index);
const char *hostile_trick_name(uint32_t trick);
uint32_t hostile_trick_count(void);

/* The next random number, below `limit`. */
uint64_t hostile_random(struct hostile *hostile, uint64_t limit);

/* Makes the conversation: what extauth-exchange says, by the same encoders. */
void hostile_scene_make(struct hostile *hostile);

/* Appends a member; the bytes are borrowed. */
void hostile_member_add(struct hostile_part *part, unsigned char tag,
    const void *bytes, size_t length);
/* The first member with `tag`; NULL if there is none. */
struct hostile_member *hostile_member_find(
    struct hostile_part *part, unsigned char tag);
/* A part of `type` at place `at`, in front of what stands there. */
struct hostile_part *hostile_part_insert(
    struct hostile *hostile, unsigned at, unsigned char type);
/* The verdict: the last part. */
struct hostile_part *hostile_verdict(struct hostile *hostile);
/* Writes members as bytes. */
void hostile_part_write(struct hostile_part *part);
/* A copy of bytes that lives as long as the worker. */
char *hostile_copy(const void *bytes, size_t length);
/* Four bytes, little endian, that live as long as the worker. */
const char *hostile_number(uint32_t number);

/* The tricks by structure, by bytes, and by how it is played. */
extern const struct hostile_trick hostile_shapes[];
extern const struct hostile_trick hostile_bends[];
extern const struct hostile_trick hostile_plays[];

#endif
