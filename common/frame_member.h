/* SPDX-License-Identifier: MIT */
/* Fields of a frame as the members of a struct, by a table of both.
 * Does not know: which structs there are. */
#ifndef EXTAUTH_FRAME_MEMBER_H
#define EXTAUTH_FRAME_MEMBER_H

#include "frame.h"

/* Where a field stands in its struct: an array of chars, or, with size 0, a
 * uint32_t. */
struct frame_member {
	enum frame_tag tag;
	size_t offset;
	size_t size;
};

#define FRAME_MEMBER_TEXT(tag, holder, name)                                   \
	{                                                                      \
		tag, offsetof(holder, name), sizeof(((holder *)NULL)->name)    \
	}
#define FRAME_MEMBER_NUMBER(tag, holder, name)                                 \
	{                                                                      \
		tag, offsetof(holder, name), 0                                 \
	}
#define FRAME_MEMBER_COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Appends a field for each member. EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err frame_members_write(struct frame *frame,
    const struct frame_member *members, size_t count, const void *holder);

/* Reads each member. EXTAUTH_INVALID for a field that is missing, that does not
 * fit, or for a text with a NUL inside; some members are then written. */
EXTAUTH_CHECKED enum extauth_err frame_members_read(const struct frame *frame,
    const struct frame_member *members, size_t count, void *ret_holder);

/* Writes our version and the nonce, which a first and a last word begin with.
 * EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err frame_head_write(
    struct frame *frame, const char nonce[FRAME_NONCE_BYTES]);

/* Lends the nonce of a frame of our version. Else EXTAUTH_INVALID. */
EXTAUTH_CHECKED enum extauth_err frame_head_read(
    const struct frame *frame, const char **ret_nonce);

#endif
