/* SPDX-License-Identifier: MIT */
#include "frame_member.h"

#include <string.h>

static enum extauth_err
member_write(
    struct frame *frame, const struct frame_member *member, const void *holder)
{
	const char *bytes = (const char *)holder + member->offset;
	uint32_t number;

	if (member->size > 0)
		return frame_add(
		    frame, member->tag, bytes, strnlen(bytes, member->size));
	memcpy(&number, bytes, sizeof(number));
	return frame_add_number(frame, member->tag, number);
}

static enum extauth_err
member_read(const struct frame *frame, const struct frame_member *member,
    void *ret_holder)
{
	char *place = (char *)ret_holder + member->offset;
	const char *bytes;
	size_t length;
	uint32_t number;

	if (frame_get(frame, member->tag, &bytes, &length) != EXTAUTH_OK)
		return EXTAUTH_INVALID;
	if (member->size > 0)
		return frame_get_text(frame, member->tag, place,
			   member->size) == EXTAUTH_OK
		    ? EXTAUTH_OK
		    : EXTAUTH_INVALID;
	if (frame_get_number(frame, member->tag, &number) != EXTAUTH_OK)
		return EXTAUTH_INVALID;
	memcpy(place, &number, sizeof(number));
	return EXTAUTH_OK;
}

enum extauth_err
frame_members_write(struct frame *frame, const struct frame_member *members,
    size_t count, const void *holder)
{
	enum extauth_err err = EXTAUTH_OK;
	size_t i;

	for (i = 0; i < count && err == EXTAUTH_OK; i++)
		err = member_write(frame, &members[i], holder);
	return err;
}

enum extauth_err
frame_members_read(const struct frame *frame,
    const struct frame_member *members, size_t count, void *ret_holder)
{
	enum extauth_err err = EXTAUTH_OK;
	size_t i;

	for (i = 0; i < count && err == EXTAUTH_OK; i++)
		err = member_read(frame, &members[i], ret_holder);
	return err;
}

enum extauth_err
frame_head_write(struct frame *frame, const char nonce[FRAME_NONCE_BYTES])
{
	enum extauth_err err =
	    frame_add_number(frame, TAG_VERSION, FRAME_VERSION);

	if (err != EXTAUTH_OK)
		return err;
	return frame_add(frame, TAG_NONCE, nonce, FRAME_NONCE_BYTES);
}

enum extauth_err
frame_head_read(const struct frame *frame, const char **ret_nonce)
{
	const char *nonce;
	uint32_t version;
	size_t length;

	if (frame_get_number(frame, TAG_VERSION, &version) != EXTAUTH_OK ||
	    version != FRAME_VERSION)
		return EXTAUTH_INVALID;
	if (frame_get(frame, TAG_NONCE, &nonce, &length) != EXTAUTH_OK ||
	    length != FRAME_NONCE_BYTES)
		return EXTAUTH_INVALID;
	*ret_nonce = nonce;
	return EXTAUTH_OK;
}
