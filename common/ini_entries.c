/* SPDX-License-Identifier: MIT */
#include "ini_entries.h"

#include <stdlib.h>
#include <string.h>

void
ini_entry_clear(struct ini_entry *entry)
{
	free(entry->section);
	free(entry->key);
	free(entry->value);
}

enum extauth_err
ini_entries_add(struct ini *ini, struct ini_entry entry)
{
	struct ini_entry *entries =
	    reallocarray(ini->entries, ini->count + 1, sizeof(*entries));

	if (entries == NULL)
		return EXTAUTH_NOMEM;
	entries[ini->count++] = entry;
	ini->entries = entries;
	return EXTAUTH_OK;
}

void
ini_entries_cut(struct ini *ini, size_t count)
{
	while (ini->count > count)
		ini_entry_clear(&ini->entries[--ini->count]);
}

enum extauth_err
ini_entries_add_path(struct ini *ini, const char *path)
{
	char **paths =
	    reallocarray(ini->paths, ini->path_count + 1, sizeof(*paths));

	if (paths == NULL)
		return EXTAUTH_NOMEM;
	ini->paths = paths;
	paths[ini->path_count] = strdup(path);
	if (paths[ini->path_count] == NULL)
		return EXTAUTH_NOMEM;
	ini->path_count++;
	return EXTAUTH_OK;
}

void
ini_clear(struct ini *ini)
{
	if (ini == NULL)
		return;
	ini_entries_cut(ini, 0);
	free(ini->entries);
	while (ini->path_count > 0)
		free(ini->paths[--ini->path_count]);
	free(ini->paths);
	*ini = (struct ini){0};
}
