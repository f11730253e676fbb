/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "config_internal.h"

#define KIND_BYTES 16
#define VALUE_SHOWN_BYTES 60

void
config_split_section(const char *section, char *kind, const char **ret_name)
{
	size_t length = strcspn(section, " ");

	(void)snprintf(kind, KIND_BYTES, "%.*s", (int)length, section);
	*ret_name = section[length] == ' ' ? section + length + 1 : "";
}

void
config_name_section(char *section, const char *kind, const char *name)
{
	(void)snprintf(section, CONFIG_SECTION_BYTES, "%s %s", kind, name);
}

/* The value as a message shows it: nothing where it is empty or may be secret,
 * the value of an unknown key among them. */
static const char *
error_shown_value(const char *section, const char *key_name, const char *value)
{
	const struct config_key *key;
	const char *name;
	char kind[KIND_BYTES];

	config_split_section(section, kind, &name);
	key = config_find_key(kind, key_name);
	if (key == NULL || value == NULL || config_is_private(key->rule->type))
		return "";
	return value;
}

static enum extauth_err
error_write(struct extauth_error *error, const struct ini_entry *place,
    const char *key, const char *value, const char *reason)
{
	char copy[EXTAUTH_ERROR_TEXT_BYTES];
	const char *shown;

	/* `reason` may stand in what error_set is about to write */
	(void)snprintf(copy, sizeof(copy), "%s", error_translated(reason));
	if (key == NULL)
		return error_set(error, EXTAUTH_CONFIG, "%s:%u: [%s]: %s",
		    place->path, place->line, place->section, copy);
	shown = error_shown_value(place->section, key, value);
	return error_set(error, EXTAUTH_CONFIG, "%s:%u: [%s] %s: %.*s%s%s%s",
	    place->path, place->line, place->section, key, VALUE_SHOWN_BYTES,
	    shown, strlen(shown) > VALUE_SHOWN_BYTES ? "..." : "",
	    *shown != '\0' ? ": " : "", copy);
}

enum extauth_err
config_error_at(struct extauth_error *error, const struct ini_entry *entry,
    const char *reason)
{
	return error_write(error, entry, entry->key, entry->value, reason);
}

enum extauth_err
config_error_section(struct extauth_error *error, const struct ini_entry *entry,
    const char *reason)
{
	return error_write(error, entry, NULL, NULL, reason);
}

enum extauth_err
config_error_key(struct extauth_error *error, const struct config *config,
    const char *section, const char *key, const char *reason)
{
	const struct ini_entry *entry = config_origin(config, section, key, 0);
	size_t index;

	if (entry != NULL)
		return config_error_at(error, entry, reason);
	for (index = 0; index < config->ini.count; index++) {
		entry = &config->ini.entries[index];
		if (strcmp(entry->section, section) == 0)
			return error_write(error, entry, key, NULL, reason);
	}
	return error_set(error, EXTAUTH_CONFIG, "%s: [%s] %s: %s", config->path,
	    section, key, error_translated(reason));
}
