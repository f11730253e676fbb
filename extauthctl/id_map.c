/* SPDX-License-Identifier: MIT */
#include "id_map.h"

#include <stdlib.h>
#include <string.h>

#include "identity.h"

static void
entry_clear(struct id_entry *entry)
{
	free(entry->name);
	free(entry->email);
	free(entry->external_id);
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
	free((void *)map->sorted);
	*map = (struct id_map){0};
}

static enum extauth_err
map_reserve(struct id_map *map)
{
	size_t grown = map->capacity == 0 ? 64 : map->capacity * 2;
	struct id_entry *entries;

	/* Pointers into the entries are no good any more. */
	free((void *)map->sorted);
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
	struct id_entry copy = *entry;
	enum extauth_err err = map_reserve(map);

	if (err != EXTAUTH_OK)
		return err;
	copy.name = strdup(entry->name);
	copy.email = strdup(entry->email);
	copy.external_id = strdup(entry->external_id);
	if (copy.name == NULL || copy.email == NULL ||
	    copy.external_id == NULL) {
		entry_clear(&copy);
		return EXTAUTH_NOMEM;
	}
	identity_fold(copy.email);
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

static int
compare_entries(const struct id_entry *one, const struct id_entry *other)
{
	bool first = *one->external_id != '\0';
	bool second = *other->external_id != '\0';

	if (one->kind != other->kind)
		return one->kind < other->kind ? -1 : 1;
	if (first != second)
		return first ? 1 : -1;
	return strcmp(entry_key(one), entry_key(other));
}

static int
compare_sorted(const void *one, const void *other)
{
	const struct id_entry *const *first = one;
	const struct id_entry *const *second = other;

	return compare_entries(*first, *second);
}

static const struct id_entry *
map_find(struct id_map *map, const struct id_entry *wanted)
{
	const struct id_entry **found;
	size_t at;

	if (map->count == 0)
		return NULL;
	if (map->sorted == NULL) {
		map->sorted = (const struct id_entry **)calloc(
		    map->count, sizeof(*map->sorted));
		if (map->sorted == NULL)
			return NULL;
		for (at = 0; at < map->count; at++)
			map->sorted[at] = &map->entries[at];
		qsort((void *)map->sorted, map->count, sizeof(*map->sorted),
		    compare_sorted);
	}
	found = (const struct id_entry **)bsearch((const void *)&wanted,
	    (const void *)map->sorted, map->count, sizeof(*map->sorted),
	    compare_sorted);
	return found != NULL ? *found : NULL;
}

const struct id_entry *
id_map_find_user(struct id_map *map, const char *external_id, const char *email)
{
	char folded[IDENTITY_EMAIL_MAX_BYTES + 1];
	const struct id_entry wanted = {
	    .kind = ID_USER,
	    .name = folded,
	    .email = folded,
	    .external_id = (char *)(uintptr_t)external_id,
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
	char empty[1] = "";
	const struct id_entry wanted = {
	    .kind = ID_GROUP,
	    .name = (char *)(uintptr_t)name,
	    .email = empty,
	    .external_id = empty,
	};

	return map_find(map, &wanted);
}

static int
compare_numbers(const void *one, const void *other)
{
	const struct id_entry *const *first = one;
	const struct id_entry *const *second = other;

	return ((*first)->number > (*second)->number) -
	    ((*first)->number < (*second)->number);
}

enum extauth_err
id_map_check_numbers(const struct id_map *map, struct extauth_error *error)
{
	__attribute__((cleanup(cleanup_free_pointer)))
	const struct id_entry **sorted =
	    (const struct id_entry **)calloc(map->count + 1, sizeof(*sorted));
	size_t at;

	if (sorted == NULL)
		return EXTAUTH_NOMEM;
	for (at = 0; at < map->count; at++)
		sorted[at] = &map->entries[at];
	qsort((void *)sorted, map->count, sizeof(*sorted), compare_numbers);
	for (at = 1; at < map->count; at++)
		if (sorted[at - 1]->number == sorted[at]->number)
			return error_set(error, EXTAUTH_INVALID,
			    "%u stands in line %u and in line %u",
			    sorted[at]->number, sorted[at - 1]->line,
			    sorted[at]->line);
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
