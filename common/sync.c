/* SPDX-License-Identifier: MIT */
#include "sync.h"

#include <stdlib.h>
#include <string.h>

void
sync_user_clear(struct sync_user *user)
{
	if (user == NULL)
		return;
	buffer_clear(&user->groups.bytes);
	*user = (struct sync_user){0};
}

void
sync_group_clear(struct sync_group *group)
{
	if (group == NULL)
		return;
	buffer_clear(&group->members.bytes);
	*group = (struct sync_group){0};
}

void
sync_end_clear(struct sync_end *end)
{
	if (end == NULL)
		return;
	free(end->state);
	*end = (struct sync_end){0};
}

enum extauth_err
sync_texts_add(struct sync_texts *texts, const char *text)
{
	enum extauth_err err;

	if (texts->bytes.limit == 0)
		texts->bytes = buffer_make(SYNC_TEXTS_MAX_BYTES);
	err = buffer_append(&texts->bytes, text, strlen(text) + 1);
	if (err == EXTAUTH_OK)
		texts->count++;
	return err;
}

const char *
sync_texts_next(const struct sync_texts *texts, const char *before)
{
	const char *bytes = buffer_text(&texts->bytes);
	const char *end = bytes + texts->bytes.length;
	const char *next = before == NULL ? bytes : before + strlen(before) + 1;

	return next < end ? next : NULL;
}
