/* SPDX-License-Identifier: MIT */
/* Fuzz targets of the configuration's text: what is read and written down again
 * is read as the same; each entry stands on the line that it names.
 * Does not know: what the keys mean. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "fuzz.h"
#include "fuzz_pure.h"

#define TEXT_MAX_BYTES ((size_t)1 << 22)
#define PATH "fuzz.conf"

static void
put(struct buffer *text, const char *bytes, size_t length)
{
	fuzz_require(buffer_append(text, bytes, length) == EXTAUTH_OK, "room");
}

static void
put_text(struct buffer *text, const char *bytes)
{
	put(text, bytes, strlen(bytes));
}

static void
put_entry(struct buffer *text, const struct ini_entry *entry)
{
	const char *line = entry->value;

	put_text(text, "[");
	put_text(text, entry->section);
	put_text(text, "]\n");
	if (entry->key == NULL)
		return;
	put_text(text, entry->key);
	put_text(text, " = ");
	for (;;) {
		size_t length = strcspn(line, "\n");

		put(text, line, length);
		put_text(text, "\n");
		if (line[length] == '\0')
			return;
		put_text(text, "\t");
		line += length + 1;
	}
}

static void
write_down(const struct ini *ini, struct buffer *text)
{
	size_t at;

	for (at = 0; at < ini->count; at++)
		put_entry(text, &ini->entries[at]);
}

static bool
is_same(const char *one, const char *other)
{
	if (one == NULL || other == NULL)
		return one == other;
	return strcmp(one, other) == 0;
}

static void
check_same(const struct ini *one, const struct ini *other)
{
	size_t at;

	fuzz_require(one->count == other->count, "entries come or go");
	for (at = 0; at < one->count; at++) {
		const struct ini_entry *first = &one->entries[at];
		const struct ini_entry *second = &other->entries[at];

		fuzz_require(is_same(first->section, second->section) &&
			is_same(first->key, second->key) &&
			is_same(first->value, second->value),
		    "an entry changes");
	}
}

/* Lends line `number` of the text, from 1. */
static const char *
find_line(const char *text, size_t length, unsigned number)
{
	const char *end = text + length;

	while (--number > 0 && text < end) {
		const char *feed = memchr(text, '\n', (size_t)(end - text));

		text = feed != NULL ? feed + 1 : end;
	}
	return text;
}

static void
check_lines(const struct ini *ini, const char *text, size_t length)
{
	size_t at;

	for (at = 0; at < ini->count; at++) {
		const struct ini_entry *entry = &ini->entries[at];
		const char *line = find_line(text, length, entry->line);
		const char *wanted = entry->key != NULL ? entry->key : "[";
		size_t left = (size_t)(text + length - line);

		fuzz_require(strcmp(entry->path, PATH) == 0, "another file");
		fuzz_require(left >= strlen(wanted) &&
			memcmp(line, wanted, strlen(wanted)) == 0,
		    "it stands on another line");
	}
}

void
fuzz_ini(const uint8_t *bytes, size_t length)
{
	cleanup_free char *text = fuzz_copy_bytes((const char *)bytes, length);
	cleanup_buffer struct buffer written = buffer_make(TEXT_MAX_BYTES);
	struct extauth_error error = {{0}};
	struct ini ini = {0};
	struct ini again = {0};
	enum extauth_err err = ini_parse(&ini, PATH, text, length, &error);

	if (err != EXTAUTH_OK) {
		fuzz_require(err == EXTAUTH_CONFIG, "it is refused oddly");
		fuzz_require(
		    strncmp(error.text, PATH ":", strlen(PATH) + 1) == 0,
		    "no place is given");
		fuzz_require(ini.count == 0, "something of it is left");
	} else {
		check_lines(&ini, text, length);
		write_down(&ini, &written);
		fuzz_require(ini_parse(&again, PATH, buffer_text(&written),
				 written.length, &error) == EXTAUTH_OK,
		    error.text);
		check_same(&ini, &again);
	}
	ini_clear(&ini);
	ini_clear(&again);
}

/* An endpoint that is never told who logs in, and with what, would let
 * everybody in. */
static void
check_provider(const struct config_provider *provider)
{
	bool is_plain = strcmp(provider->type, "rest") == 0 ||
	    strcmp(provider->type, "basic") == 0;
	const char *base = config_provider_base(provider);

	if (!is_plain)
		return;
	fuzz_require(provider->insecure_http || *base == '\0' ||
		strncmp(base, "https://", 8) == 0,
	    "a password goes in the clear");
	fuzz_require(provider->http_auth != CONFIG_AUTH_NONE ||
		config_provider_uses(provider, PLACEHOLDER_USERPASSWORD),
	    "no password is sent");
	fuzz_require(provider->http_auth != CONFIG_AUTH_NONE ||
		config_provider_names_person(provider, NULL),
	    "nobody is named");
}

/* What is said of a key must be true of what stands there. */
static void
check_origins(const struct config *config)
{
	size_t count;
	const struct config_key *keys = config_keys(&count);
	size_t at;

	for (at = 0; at < config->ini.count; at++) {
		const struct ini_entry *entry = &config->ini.entries[at];
		const struct ini_entry *origin;

		if (entry->key == NULL)
			continue;
		origin = config_origin(config, entry->section, entry->key, 0);
		fuzz_require(origin == NULL ||
			(strcmp(origin->key, entry->key) == 0 &&
			    strcmp(origin->section, entry->section) == 0),
		    "it comes from elsewhere");
	}
	for (at = 0; at < count; at++) {
		if (config->provider_count > 0 &&
		    strcmp(keys[at].section, "provider") == 0)
			(void)config_key_implied(
			    &keys[at], &config->providers[0]);
		if (config->source_count > 0 &&
		    strcmp(keys[at].section, "source") == 0)
			(void)config_source_key_implied(
			    &keys[at], &config->sources[0]);
	}
}

static void
check_config(const struct config *config)
{
	cleanup_buffer struct buffer written = buffer_make(TEXT_MAX_BYTES);
	cleanup_config struct config again = {0};
	struct extauth_error error = {{0}};
	size_t at;

	for (at = 0; at < config->provider_count; at++)
		check_provider(&config->providers[at]);
	check_origins(config);
	write_down(&config->ini, &written);
	fuzz_require(config_parse(PATH, buffer_text(&written), written.length,
			 &again, &error) == EXTAUTH_OK,
	    error.text);
	fuzz_require(again.provider_count == config->provider_count &&
		again.source_count == config->source_count &&
		again.service_count == config->service_count &&
		again.group_count == config->group_count,
	    "sections come or go");
	check_same(&config->ini, &again.ini);
}

void
fuzz_config(const uint8_t *bytes, size_t length)
{
	cleanup_free char *text = fuzz_copy_bytes((const char *)bytes, length);
	cleanup_config struct config config = {0};
	struct extauth_error error = {{0}};
	enum extauth_err err =
	    config_parse(PATH, text, length, &config, &error);

	if (err == EXTAUTH_OK) {
		check_config(&config);
		return;
	}
	fuzz_require(err == EXTAUTH_CONFIG, "it is refused oddly");
	fuzz_require(
	    strncmp(error.text, PATH ":", strlen(PATH) + 1) == 0, error.text);
	fuzz_require(config.path == NULL, "something of it is left");
}
