/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "identity.h"
#include "source_entra_internal.h"
#include "text.h"

#define POINTER_BYTES (IDENTITY_TEXT_MAX_BYTES + 2)
#define CHANGES_FIRST 16
#define REASON_BYTES 64

void
entra_mend_email(const struct json *element, struct sync_user *user)
{
	if (user->email[0] == '\0')
		(void)json_copy_id(element, "/userPrincipalName", user->email,
		    sizeof(user->email));
}

/* Tells whether a property is there, be it null. */
static bool
entra_has_property(const struct json *element, const char *name, size_t length)
{
	char literal[] = "[[]]";
	char pointer[POINTER_BYTES];
	struct condition differs = {
	    .pointer = pointer,
	    .comparison = CONDITION_NOT_EQUAL,
	    .literal = literal,
	};

	(void)snprintf(pointer, sizeof(pointer), "/%.*s", (int)length, name);
	return json_condition_holds(element, &differs);
}

/* Graph promises no more than what was changed. */
static enum extauth_err
entra_is_whole(const struct source_run *run, const struct json *element,
    bool *ret_is_whole)
{
	cleanup_buffer struct buffer select =
	    buffer_make(ENTRA_SELECT_MAX_BYTES);
	enum extauth_err err = entra_append_select(run, &select);
	const char *name = buffer_text(&select);
	bool is_whole = true;

	while (*name != '\0' && is_whole) {
		size_t end = strcspn(name, ",");

		is_whole = entra_has_property(element, name, end);
		name += name[end] == ',' ? end + 1 : end;
	}
	*ret_is_whole = is_whole;
	return err;
}

static struct entra_change *
entra_find_change(struct entra_memory *memory, const char *id)
{
	size_t at;

	for (at = 0; at < memory->change_count; at++)
		if (strcmp(memory->changes[at].user.id, id) == 0)
			return &memory->changes[at];
	return NULL;
}

static struct entra_change *
entra_add_change(struct entra_memory *memory)
{
	size_t capacity = memory->change_capacity > 0
	    ? memory->change_capacity * 2
	    : CHANGES_FIRST;
	struct entra_change *changes;

	if (memory->change_count == memory->change_capacity) {
		changes =
		    reallocarray(memory->changes, capacity, sizeof(*changes));
		if (changes == NULL)
			return NULL;
		memory->changes = changes;
		memory->change_capacity = capacity;
	}
	changes = &memory->changes[memory->change_count++];
	*changes = (struct entra_change){0};
	return changes;
}

static void
entra_set_kind(struct entra_change *change, enum entra_change_kind kind,
    const struct sync_user *user)
{
	struct sync_user alone = {0};

	memcpy(alone.id, user->id, sizeof(alone.id));
	sync_user_clear(&change->user);
	change->user = alone;
	change->kind = kind;
}

enum extauth_err
entra_keep_change(struct source_run *run, const struct json *element,
    struct sync_user *user, bool is_gone, bool *ret_has_room)
{
	struct entra_memory *memory = run->memory;
	struct entra_change *change = entra_find_change(memory, user->id);
	bool is_whole = json_has(element, "/@removed");
	enum extauth_err err = EXTAUTH_OK;

	*ret_has_room = memory->change_count < ENTRA_CHANGES_MAX;
	if (change != NULL) {
		entra_set_kind(change, ENTRA_UNSURE, user);
		return EXTAUTH_OK;
	}
	if (!*ret_has_room)
		return EXTAUTH_OK;
	if (!is_whole)
		err = entra_is_whole(run, element, &is_whole);
	if (err != EXTAUTH_OK)
		return err;
	change = entra_add_change(memory);
	if (change == NULL)
		return EXTAUTH_NOMEM;
	if (!is_whole || is_gone) {
		entra_set_kind(
		    change, is_whole ? ENTRA_REMOVED : ENTRA_UNSURE, user);
		return EXTAUTH_OK;
	}
	change->user = *user;
	*user = (struct sync_user){0};
	return EXTAUTH_OK;
}

static enum extauth_err
entra_ask_changed(struct source_run *run, const char *id,
    struct source_step *ret_step, struct extauth_error *error)
{
	struct entra_memory *memory = run->memory;
	cleanup_buffer struct buffer url = buffer_make(SOURCE_URL_MAX_BYTES);
	cleanup_buffer struct buffer select =
	    buffer_make(ENTRA_SELECT_MAX_BYTES);
	enum extauth_err err = entra_append_select(run, &select);

	if (err == EXTAUTH_OK)
		err = source_url_base(run, &url, error);
	if (err == EXTAUTH_OK)
		err = source_url_segment(&url, "users");
	if (err == EXTAUTH_OK)
		err = source_url_segment(&url, id);
	if (err == EXTAUTH_OK)
		err = source_url_query(&url, "$select", buffer_text(&select));
	if (err != EXTAUTH_OK)
		return err;
	memory->walk.fetch.takes_refusal = true;
	memory->walk.fetch.more_header = NULL;
	return source_fetch_begin(
	    run, &memory->walk.fetch, buffer_text(&url), ret_step, error);
}

/* Reads the answer about one person; who is skipped is gone as well. */
static enum extauth_err
entra_read_changed(struct source_run *run, const struct answer *answer,
    struct sync_user *user, bool *ret_is_right)
{
	struct entra_memory *memory = run->memory;
	struct source_entry *entry = &memory->walk.entry;
	cleanup_json struct json page = {0};
	struct json element;
	const char *id;
	enum extauth_err err = source_walk_wrap(answer, &page);

	*ret_is_right = false;
	if (err != EXTAUTH_OK)
		return err == EXTAUTH_NOMEM ? err : EXTAUTH_OK;
	element = json_element(&page, 0);
	source_entry_clear(entry);
	err = source_entry_read(run, &page, "", 0, entry);
	id = json_string(&element, "/id");
	if (err != EXTAUTH_OK || id == NULL || strcmp(id, user->id) != 0)
		return err;
	*ret_is_right = true;
	entra_mend_email(&element, &entry->user);
	if (entry->kind == SOURCE_ENTRY_NOBODY) {
		source_walk_set_gone(user);
		return EXTAUTH_OK;
	}
	sync_user_clear(user);
	*user = entry->user;
	entry->user = (struct sync_user){0};
	return EXTAUTH_OK;
}

static enum extauth_err
entra_take_changed(struct source_run *run, const struct answer *answer,
    struct source_step *ret_step, bool *ret_is_right)
{
	struct entra_memory *memory = run->memory;
	struct entra_change *change = &memory->changes[memory->change_at];
	char reason[REASON_BYTES];
	bool is_right = false;
	enum extauth_err err = EXTAUTH_OK;

	if (answer->status == 404 || answer->status == 410) {
		is_right = true;
		change->kind = ENTRA_REMOVED;
	} else if (answer->status == 200) {
		err = entra_read_changed(run, answer, &change->user, &is_right);
		change->kind = ENTRA_CHANGED;
	}
	*ret_is_right = is_right;
	if (err != EXTAUTH_OK || is_right)
		return err;
	text_print(reason, sizeof(reason),
	    "changed users: page %u is not about the user",
	    memory->walk.fetch.page);
	source_step_fail(ret_step, false, answer->status, reason);
	return EXTAUTH_OK;
}

enum extauth_err
entra_after(struct source_run *run, const struct answer *answer,
    struct source_step *ret_step, bool *ret_has_step,
    struct extauth_error *error)
{
	struct entra_memory *memory = run->memory;
	struct entra_change *change;
	bool is_right = true;
	enum extauth_err err = EXTAUTH_OK;

	*ret_has_step = true;
	if (answer != NULL)
		err = entra_take_changed(run, answer, ret_step, &is_right);
	if (err != EXTAUTH_OK || !is_right)
		return err;
	if (memory->change_at >= memory->change_count) {
		*ret_has_step = false;
		return EXTAUTH_OK;
	}
	change = &memory->changes[memory->change_at];
	if (change->kind == ENTRA_UNSURE)
		return entra_ask_changed(run, change->user.id, ret_step, error);
	memory->change_at++;
	if (change->kind == ENTRA_REMOVED)
		source_walk_set_gone(&change->user);
	source_step_user(ret_step, &change->user);
	return EXTAUTH_OK;
}

void
entra_clear_changes(struct entra_memory *memory)
{
	size_t at;

	for (at = 0; at < memory->change_count; at++)
		sync_user_clear(&memory->changes[at].user);
	free(memory->changes);
	memory->changes = NULL;
	memory->change_count = 0;
	memory->change_capacity = 0;
	memory->change_at = 0;
}
