/* SPDX-License-Identifier: MIT */
#include "nss_buffer.h"

#include <errno.h>

#include "identity.h"
#include "nss_map.h"

enum extauth_err
nss_buffer_make(char *bytes, size_t length, struct nss_buffer *ret_buffer)
{
	struct nss_buffer buffer = {.room = {.is_fixed = true}};

	if (length < sizeof("*"))
		return EXTAUTH_TOOBIG;
	buffer.room.bytes = bytes;
	buffer.room.size = length - sizeof("*");
	buffer.star = bytes + buffer.room.size;
	buffer.star[0] = '*';
	buffer.star[1] = '\0';
	*ret_buffer = buffer;
	return EXTAUTH_OK;
}

char *
nss_buffer_text(const struct nss_buffer *buffer, const char *text)
{
	return buffer->room.bytes + (text - buffer->room.bytes);
}

bool
nss_may_be_name(const char *name)
{
	return identity_is_short_name(name) || identity_is_email_name(name);
}

bool
nss_may_be_id(uint32_t id)
{
	return identity_check_uid(id, NULL) == EXTAUTH_OK;
}

/* What nss_walk_next asks of the registry. */
struct walk_question {
	struct nss_walk *walk;
	struct registry_room *room;
	bool (*wanted)(const struct registry_record *record);
	struct registry_record *record;
};

static enum extauth_err
ask_next(const struct registry *registry, void *asked)
{
	const struct walk_question *question = asked;
	struct nss_walk *walk = question->walk;
	uint64_t cursor = walk->cursor;
	enum extauth_err err;

	if (!registry->may_enumerate)
		return EXTAUTH_NOTFOUND;
	if (cursor != 0 && walk->generation != registry->generation)
		return EXTAUTH_UNAVAILABLE;
	do
		err = registry_next(
		    registry, &cursor, question->room, question->record);
	while (err == EXTAUTH_OK && !question->wanted(question->record));
	if (err != EXTAUTH_OK)
		return err;
	walk->cursor = cursor;
	walk->generation = registry->generation;
	return EXTAUTH_OK;
}

enum extauth_err
nss_walk_next(struct nss_walk *walk, struct registry_room *room,
    bool (*wanted)(const struct registry_record *record),
    struct registry_record *record)
{
	struct walk_question question = {walk, room, wanted, record};

	return nss_map_ask(ask_next, &question);
}

enum nss_status
nss_answer(enum extauth_err err, int saved_errno, int *errnop)
{
	errno = saved_errno;
	switch (err) {
	case EXTAUTH_OK:
		return NSS_STATUS_SUCCESS;
	case EXTAUTH_NOTFOUND:
		*errnop = ENOENT;
		return NSS_STATUS_NOTFOUND;
	case EXTAUTH_TOOBIG:
		*errnop = ERANGE;
		return NSS_STATUS_TRYAGAIN;
	case EXTAUTH_NOMEM:
		*errnop = ENOMEM;
		return NSS_STATUS_TRYAGAIN;
	case EXTAUTH_EXISTS:
	case EXTAUTH_INVALID:
	case EXTAUTH_CONFIG:
	case EXTAUTH_UNAVAILABLE:
	case EXTAUTH_SYSTEM:
		break;
	}
	*errnop = EIO;
	return NSS_STATUS_UNAVAIL;
}
