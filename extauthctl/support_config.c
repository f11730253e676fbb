/* SPDX-License-Identifier: MIT */
#include "support_config.h"

#include <stdio.h>
#include <string.h>

#include "config.h"

#define SECTION_BYTES 16
#define ORIGIN_BYTES 512

/* What anybody can write whatever he likes into is SET at most. */
static const struct {
	const char *section;
	const char *key;
	enum support_decision decision;
} rows[] = {
#include "support_config_table.h"
};

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

bool
support_config_row(size_t nth, const char **ret_section, const char **ret_key)
{
	if (nth >= ROW_COUNT)
		return false;
	*ret_section = rows[nth].section;
	*ret_key = rows[nth].key;
	return true;
}

enum support_decision
support_config_decision(const char *section, const char *key)
{
	size_t at;

	for (at = 0; at < ROW_COUNT; at++)
		if (strcmp(rows[at].section, section) == 0 &&
		    strcmp(rows[at].key, key) == 0)
			return rows[at].decision;
	return SUPPORT_OMIT;
}

static bool
is_known_path(const char *text)
{
	static const char *const places[] = {
	    "/etc/", "/usr/", "/var/lib/", "/bin/", "/sbin/"};
	size_t at;

	for (at = 0; at < sizeof(places) / sizeof(*places); at++)
		if (strncmp(text, places[at], strlen(places[at])) == 0)
			return scrub_is_plain(text, 255, "/._-");
	return false;
}

static bool
is_secret_name(const char *text)
{
	return is_known_path(text) || scrub_is_plain(text, 64, "._-");
}

static bool
is_section(const struct config *config, const char *text)
{
	return config_find_provider(config, text) != NULL ||
	    config_find_source(config, text) != NULL;
}

static size_t
words_count(const char *text)
{
	size_t count = 0;

	while (*text != '\0') {
		size_t length = strcspn(text, ", \n");

		count += length > 0;
		text += length;
		text += strspn(text, ", \n");
	}
	return count;
}

/* That it is there, and no more. */
static void
set_add(struct scrub *scrub, struct json_object *object)
{
	document_text(object, "value", "(set)");
	scrub_leave_out(scrub, "value of a key");
}

static void
text_add(struct scrub *scrub, struct json_object *object, const char *value,
    bool is_allowed)
{
	if (is_allowed || *value == '\0')
		document_text(object, "value", value);
	else
		set_add(scrub, object);
}

static void
address_add(struct scrub *scrub, struct json_object *object, const char *value)
{
	char name[SCRUB_NAME_BYTES];

	scrub_name(scrub, SCRUB_ADDRESS, value, name);
	document_text(
	    object, "value", strcmp(value, "127.0.0.1") == 0 ? value : name);
}

static void
value_add(struct scrub *scrub, const struct config *config,
    const struct ini_entry *entry, enum support_decision decision,
    struct json_object *object)
{
	const char *value = entry->value;

	switch (decision) {
	case SUPPORT_VALUE:
	case SUPPORT_DOMAINS:
		document_text(object, "value", value);
		return;
	case SUPPORT_URL:
		if (*value == '\0')
			document_text(object, "value", value);
		else
			scrub_url_add(scrub, object, "value", value);
		return;
	case SUPPORT_ADDRESS:
		address_add(scrub, object, value);
		return;
	case SUPPORT_PATH:
		text_add(scrub, object, value, is_known_path(value));
		return;
	case SUPPORT_SECRET:
		text_add(scrub, object, value, is_secret_name(value));
		return;
	case SUPPORT_SECTION:
		text_add(scrub, object, value, is_section(config, value));
		return;
	case SUPPORT_COUNT:
		document_number(object, "words", (int64_t)words_count(value));
		return;
	case SUPPORT_SET:
	case SUPPORT_OMIT:
		set_add(scrub, object);
		return;
	}
}

/* A group's name may be a person's; the others are the administrator's own. */
static void
section_add(struct scrub *scrub, struct json_object *object,
    const char *section, const char *name)
{
	char made_up[SCRUB_NAME_BYTES];
	char text[ORIGIN_BYTES];

	if (strcmp(section, "group") == 0) {
		scrub_name(scrub, SCRUB_GROUP, name, made_up);
		name = made_up;
	}
	(void)snprintf(text, sizeof(text), "%s%s%s", section,
	    *name != '\0' ? " " : "", name);
	document_text(object, "section", text);
}

static void
entry_add(struct scrub *scrub, const struct config *config,
    const struct ini_entry *entry, struct json_object *array)
{
	char section[SECTION_BYTES];
	char origin[ORIGIN_BYTES];
	const char *name = strchr(entry->section, ' ');
	const char *path = "(left out)";
	enum support_decision decision;
	struct json_object *object;

	(void)snprintf(section, sizeof(section), "%.*s",
	    (int)strcspn(entry->section, " "), entry->section);
	decision = entry->key != NULL
	    ? support_config_decision(section, entry->key)
	    : SUPPORT_SET;
	if (decision == SUPPORT_OMIT) {
		scrub_leave_out(scrub, "key");
		return;
	}
	object = document_object();
	section_add(scrub, object, section, name != NULL ? name + 1 : "");
	if (entry->key != NULL) {
		document_text(object, "key", entry->key);
		value_add(scrub, config, entry, decision, object);
	}
	if (is_known_path(entry->path))
		path = entry->path;
	(void)snprintf(origin, sizeof(origin), "%s:%u", path, entry->line);
	document_text(object, "origin", origin);
	document_push(array, object);
}

struct json_object *
support_config(struct scrub *scrub, const struct config *config)
{
	struct json_object *array = document_array();
	size_t at;

	for (at = 0; at < config->ini.count; at++)
		entry_add(scrub, config, &config->ini.entries[at], array);
	return array;
}
