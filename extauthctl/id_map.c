/* SPDX-License-Identifier: MIT */
#include "id_map.h"

#include <stdlib.h>
#include <string.h>

#include "identity.h"
#include "number.h"

static void
entry_clear(struct id_entry *entry)
{
	free(entry->block);
	*entry = (struct id_entry){0};
}

void
id_map_clear(struct id_map *map)
{
	size_t at;

	if (map == NULL)
		return;
	for (at = 0; at < map->count; at++)
		entry_clear(&map->entries[at]);
	free(map->entries);
	free(map->sorted);
	*map = (struct id_map){0};
}

static enum extauth_err
map_reserve(struct id_map *map)
{
	size_t grown = map->capacity == 0 ? 64 : map->capacity * 2;
	struct id_entry *entries;

	/* Pointers into the entries are no good any more. */
	free(map->sorted);
	map->sorted = NULL;
	if (map->count < map->capacity)
		return EXTAUTH_OK;
	entries = reallocarray(map->entries, grown, sizeof(*entries));
	if (entries == NULL)
		return EXTAUTH_NOMEM;
	map->entries = entries;
	map->capacity = grown;
	return EXTAUTH_OK;
}

enum extauth_err
id_map_add(struct id_map *map, const struct id_entry *entry)
{
	size_t name = strlen(entry->name) + 1;
	size_t email = strlen(entry->email) + 1;
	size_t external_id = strlen(entry->external_id) + 1;
	struct id_entry copy = *entry;
	enum extauth_err err = map_reserve(map);

	if (err != EXTAUTH_OK)
		return err;
	copy.block = malloc(name + email + external_id);
	if (copy.block == NULL)
		return EXTAUTH_NOMEM;
	copy.name = memcpy(copy.block, entry->name, name);
	copy.email = memcpy(copy.block + name, entry->email, email);
	identity_fold(copy.block + name);
	copy.external_id =
	    memcpy(copy.block + name + email, entry->external_id, external_id);
	map->entries[map->count++] = copy;
	return EXTAUTH_OK;
}

/* What an entry is found by. */
static const char *
entry_key(const struct id_entry *entry)
{
	if (entry->kind != ID_USER)
		return entry->name;
	return *entry->external_id != '\0' ? entry->external_id : entry->email;
}

/* Only a user is found by an external id, whatever else a row may have. */
static bool
has_id(const struct id_entry *entry)
{
	return entry->kind == ID_USER && *entry->external_id != '\0';
}

static int
compare_entries(const struct id_entry *one, const struct id_entry *other)
{
	bool first = has_id(one);
	bool second = has_id(other);

	if (one->kind != other->kind)
		return one->kind < other->kind ? -1 : 1;
	if (first != second)
		return first ? 1 : -1;
	return strcmp(entry_key(one), entry_key(other));
}

static int
compare_sorted(const void *one, const void *other)
{
	const struct id_place *first = one;
	const struct id_place *second = other;

	return compare_entries(first->entry, second->entry);
}

/* Gives all entries in an order, the caller's (free); NULL: no memory. */
static struct id_place *
map_sort(const struct id_map *map,
    int (*compare)(const void *one, const void *other))
{
	struct id_place *sorted = calloc(map->count + 1, sizeof(*sorted));
	size_t at;

	if (sorted == NULL)
		return NULL;
	for (at = 0; at < map->count; at++)
		sorted[at].entry = &map->entries[at];
	qsort(sorted, map->count, sizeof(*sorted), compare);
	return sorted;
}

static const struct id_entry *
map_find(struct id_map *map, const struct id_entry *wanted)
{
	const struct id_place place = {wanted};
	const struct id_place *found;

	if (map->count == 0)
		return NULL;
	if (map->sorted == NULL)
		map->sorted = map_sort(map, compare_sorted);
	if (map->sorted == NULL)
		return NULL;
	found = bsearch(
	    &place, map->sorted, map->count, sizeof(place), compare_sorted);
	return found != NULL ? found->entry : NULL;
}

const struct id_entry *
id_map_find_user(struct id_map *map, const char *external_id, const char *email)
{
	char folded[IDENTITY_EMAIL_MAX_BYTES + 1];
	const struct id_entry wanted = {
	    .kind = ID_USER,
	    .name = folded,
	    .email = folded,
	    .external_id = external_id,
	};

	if (strlen(email) >= sizeof(folded))
		return NULL;
	memcpy(folded, email, strlen(email) + 1);
	identity_fold(folded);
	return map_find(map, &wanted);
}

const struct id_entry *
id_map_find_group(struct id_map *map, const char *name)
{
	const struct id_entry wanted = {
	    .kind = ID_GROUP,
	    .name = name,
	    .email = "",
	    .external_id = "",
	};

	return map_find(map, &wanted);
}

static int
compare_numbers(const void *one, const void *other)
{
	const struct id_place *first = one;
	const struct id_place *second = other;

	return number_compare(&first->entry->number, &second->entry->number);
}

enum extauth_err
id_map_check_numbers(const struct id_map *map, struct extauth_error *error)
{
	cleanup_free struct id_place *sorted = map_sort(map, compare_numbers);
	size_t at;

	if (sorted == NULL)
		return EXTAUTH_NOMEM;
	for (at = 1; at < map->count; at++) {
		const struct id_entry *one = sorted[at - 1].entry;
		const struct id_entry *other = sorted[at].entry;

		if (one->number == other->number)
			return error_set(error, EXTAUTH_INVALID,
			    "%u stands in line %u and in line %u", one->number,
			    one->line, other->line);
	}
	return EXTAUTH_OK;
}

enum extauth_err
id_map_numbers(const struct id_map *map, uint32_t **ret_numbers)
{
	uint32_t *numbers;
	size_t at;

	*ret_numbers = NULL;
	if (map->count == 0)
		return EXTAUTH_OK;
	numbers = reallocarray(NULL, map->count, sizeof(*numbers));
	if (numbers == NULL)
		return EXTAUTH_NOMEM;
	for (at = 0; at < map->count; at++)
		numbers[at] = map->entries[at].number;
	*ret_numbers = numbers;
	return EXTAUTH_OK;
}
