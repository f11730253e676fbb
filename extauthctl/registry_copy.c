/* SPDX-License-Identifier: MIT */
#include "registry_copy.h"

#include "registry_record.h"

static enum extauth_err
copy_read(struct registry_copy *copy, uint64_t *ret_checksum)
{
	const struct registry *file = &copy->file;
	char *bytes = copy->pages.bytes;
	uint64_t offset = REGISTRY_HEADER_BYTES;
	uint64_t checksum = 0;
	enum extauth_err err = registry_read_at(file->fd, 0, bytes, offset);

	while (err == EXTAUTH_OK && offset < file->size) {
		uint64_t left = file->size - offset;
		size_t length = left < REGISTRY_CHECKSUM_STEP_BYTES
		    ? (size_t)left
		    : REGISTRY_CHECKSUM_STEP_BYTES;

		err =
		    registry_read_at(file->fd, offset, bytes + offset, length);
		if (err == EXTAUTH_OK)
			checksum = registry_tables_checksum(file->version,
			    checksum, offset, bytes + offset, length);
		offset += length;
	}
	*ret_checksum = checksum;
	return err;
}

enum extauth_err
registry_copy_load(const char *path, struct registry_copy *ret_copy,
    struct extauth_error *error)
{
	cleanup_copy struct registry_copy copy = {.file.fd = -1};
	uint64_t checksum = 0;
	enum extauth_err err = registry_open(path, &copy.file, error);

	if (err != EXTAUTH_OK)
		return err;
	if (registry_pages_take(copy.file.size, &copy.pages) != EXTAUTH_OK)
		return error_set(
		    error, EXTAUTH_NOMEM, "%s: out of memory", path);
	if (copy_read(&copy, &checksum) != EXTAUTH_OK)
		return error_set(error, EXTAUTH_UNAVAILABLE,
		    "%s: cannot be read to its end", path);
	if (checksum !=
	    registry_get64(copy.pages.bytes + HEADER_TABLES_CHECKSUM))
		return error_set(error, EXTAUTH_UNAVAILABLE,
		    "%s: is damaged, its tables do not have their checksum",
		    path);
	registry_close(&copy.file);
	copy.is_nss = (registry_get32(copy.pages.bytes + HEADER_FLAGS) &
			  REGISTRY_FLAG_NSS) != 0;
	*ret_copy = copy;
	copy = (struct registry_copy){.file.fd = -1};
	return EXTAUTH_OK;
}

enum extauth_err
registry_copy_place(const struct registry_copy *copy, uint64_t offset,
    struct registry_place *ret_place)
{
	uint64_t end = copy->file.records_offset + copy->file.records_bytes;
	const char *record = copy->pages.bytes + offset;
	uint32_t length;

	if (offset >= end)
		return EXTAUTH_NOTFOUND;
	if (offset < copy->file.records_offset ||
	    offset % REGISTRY_RECORD_ALIGN != 0 ||
	    end - offset < GROUP_FIXED_BYTES)
		return EXTAUTH_INVALID;
	length = registry_get32(record + RECORD_LENGTH);
	if (length < GROUP_FIXED_BYTES || length > end - offset ||
	    length % REGISTRY_RECORD_ALIGN != 0)
		return EXTAUTH_INVALID;
	*ret_place = (struct registry_place){offset, length,
	    (enum registry_kind)(unsigned char)record[RECORD_KIND]};
	return EXTAUTH_OK;
}

/* Only the NUL of each text is looked for: the checksum told that what stands
 * before it is what a writer checked and put there. */
static enum extauth_err
view_texts(const char *next, size_t left, const char *lengths,
    struct registry_view *view)
{
	const char **const texts[TEXT_COUNT] = {
	    [TEXT_NAME] = &view->user.name,
	    [TEXT_GECOS] = &view->user.gecos,
	    [TEXT_HOME] = &view->user.home,
	    [TEXT_SHELL] = &view->user.shell,
	    [TEXT_EMAIL] = &view->user.email,
	    [TEXT_EXTERNAL_ID] = &view->user.external_id,
	    [TEXT_PROVIDER] = &view->user.provider,
	    [TEXT_SOURCE] = &view->user.source,
	};
	size_t number;

	for (number = 0; number < TEXT_COUNT; number++) {
		size_t length =
		    registry_get16(lengths + number * sizeof(uint16_t));

		if (left <= length || next[length] != '\0')
			return EXTAUTH_INVALID;
		*texts[number] = next;
		view->text_bytes[number] = (uint16_t)length;
		next += length + 1;
		left -= length + 1;
	}
	return EXTAUTH_OK;
}

enum extauth_err
registry_copy_view(const struct registry_copy *copy,
    const struct registry_place *place, struct registry_view *ret_view)
{
	const char *record = copy->pages.bytes + place->offset;
	struct registry_user *user = &ret_view->user;
	uint64_t gids_bytes;
	uint8_t flags;
	size_t left;

	if (place->length < USER_FIXED_BYTES)
		return EXTAUTH_INVALID;
	flags = (uint8_t)record[RECORD_FLAGS];
	left = place->length - USER_FIXED_BYTES;
	user->uid = registry_get32(record + RECORD_NUMBER);
	user->gid = registry_get32(record + USER_GID);
	user->not_after = (int64_t)registry_get64(record + USER_NOT_AFTER);
	user->is_disabled = (flags & RECORD_FLAG_DISABLED) != 0;
	user->is_linked = (flags & RECORD_FLAG_LINKED) != 0;
	user->is_held = (flags & RECORD_FLAG_HELD) != 0;
	user->gids = NULL;
	user->gid_count = registry_get32(record + USER_GID_COUNT);
	ret_view->gids = record + USER_FIXED_BYTES;
	gids_bytes = user->gid_count * sizeof(uint32_t);
	if (user->gid_count > REGISTRY_GIDS_MAX || gids_bytes > left)
		return EXTAUTH_INVALID;
	return view_texts(ret_view->gids + gids_bytes, left - gids_bytes,
	    record + USER_TEXT_LENGTHS, ret_view);
}

enum extauth_err
registry_copy_group(const struct registry_copy *copy,
    const struct registry_place *place, const char **ret_name,
    uint32_t *ret_gid)
{
	const char *record = copy->pages.bytes + place->offset;
	size_t length = registry_get16(record + GROUP_NAME_LENGTH);

	if (place->length - GROUP_FIXED_BYTES <= length ||
	    record[GROUP_FIXED_BYTES + length] != '\0')
		return EXTAUTH_INVALID;
	*ret_name = record + GROUP_FIXED_BYTES;
	*ret_gid = registry_get32(record + RECORD_NUMBER);
	return EXTAUTH_OK;
}

struct registry_search
registry_copy_search(const struct registry_copy *copy,
    enum registry_index_number index, uint64_t hash)
{
	const struct registry_index *table = &copy->file.indexes[index];

	if (table->slots == 0)
		return (struct registry_search){0};
	return (struct registry_search){
	    .slots = copy->pages.bytes + table->offset,
	    .mask = table->slots - 1,
	    .position = hash & (table->slots - 1),
	    .tag = (uint32_t)(hash >> 32),
	    .left = REGISTRY_PROBE_MAX,
	};
}

enum extauth_err
registry_search_next(
    struct registry_search *search, const char **ret_slot, uint64_t *ret_record)
{
	while (search->left > 0) {
		const char *slot =
		    search->slots + search->position * REGISTRY_SLOT_BYTES;
		uint32_t reference = registry_get32(slot + 4);

		if (reference == 0)
			break;
		search->position = (search->position + 1) & search->mask;
		search->left--;
		if (registry_get32(slot) != search->tag)
			continue;
		*ret_slot = slot;
		*ret_record = (uint64_t)reference * REGISTRY_RECORD_ALIGN;
		return EXTAUTH_OK;
	}
	return EXTAUTH_NOTFOUND;
}

void
registry_copy_clear(struct registry_copy *copy)
{
	if (copy == NULL)
		return;
	registry_close(&copy->file);
	registry_pages_give(&copy->pages);
}
