/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "config_check.h"

/* Tells whether an entry takes back all that its key held before. */
static bool
config_is_reset(const struct ini_entry *entry)
{
	return *entry->value == '\0';
}

const struct ini_entry *
config_origin(const struct config *config, const char *section, const char *key,
    size_t nth)
{
	char kind[16];
	const char *name;
	const struct config_key *known;
	const struct ini_entry *found = NULL;
	size_t seen = 0;
	size_t index;

	config_split_section(section, kind, &name);
	known = config_find_key(kind, key);
	if (known == NULL || (nth > 0 && !known->is_repeatable))
		return NULL;
	for (index = 0; index < config->ini.count; index++) {
		const struct ini_entry *entry = &config->ini.entries[index];

		if (entry->key == NULL || strcmp(entry->key, key) != 0 ||
		    strcmp(entry->section, section) != 0)
			continue;
		if (known->is_repeatable && config_is_reset(entry)) {
			found = NULL;
			seen = 0;
		} else if (!known->is_repeatable || seen++ == nth) {
			found = entry;
		}
	}
	return found;
}

/* Sets one key of one section from what is written, or from its default. */
static enum extauth_err
config_fill_key(const struct config *config, const char *section,
    const struct config_key *key, void *filled, struct extauth_error *error)
{
	const struct ini_entry *entry;
	enum extauth_err err;
	size_t nth = 0;

	while ((entry = config_origin(config, section, key->name, nth++))) {
		err = config_value_set(key, filled, entry->value, error);
		if (err == EXTAUTH_NOMEM)
			return err;
		if (err != EXTAUTH_OK)
			return config_error_at(error, entry, error->text);
	}
	/* the default body follows from other keys: config_check_provider */
	if (nth > 1 || key->is_repeatable || key->rule->type == CONFIG_BODY)
		return EXTAUTH_OK;
	return config_value_set(key, filled, key->default_text, error);
}

static enum extauth_err
config_fill_section(const struct config *config, const char *section,
    const char *kind, void *filled, struct extauth_error *error)
{
	size_t count;
	const struct config_key *keys = config_keys(&count);
	size_t index;

	for (index = 0; index < count; index++) {
		enum extauth_err err;

		if (strcmp(keys[index].section, kind) != 0)
			continue;
		err = config_fill_key(
		    config, section, &keys[index], filled, error);
		if (err != EXTAUTH_OK)
			return err;
	}
	return EXTAUTH_OK;
}

static void
config_clear_section(const char *kind, void *filled)
{
	size_t count;
	const struct config_key *keys = config_keys(&count);
	size_t index;

	for (index = 0; index < count; index++) {
		if (strcmp(keys[index].section, kind) == 0)
			config_value_clear(&keys[index], filled);
	}
}

static enum extauth_err
config_add_provider(struct config *config, const char *section,
    const char *name, struct extauth_error *error)
{
	struct config_provider *grown;

	if (config_find_provider(config, name) != NULL)
		return EXTAUTH_OK;
	grown = reallocarray(
	    config->providers, config->provider_count + 1, sizeof(*grown));
	if (grown == NULL)
		return EXTAUTH_NOMEM;
	config->providers = grown;
	grown += config->provider_count;
	*grown = (struct config_provider){.name = strdup(name)};
	config->provider_count++;
	if (grown->name == NULL)
		return EXTAUTH_NOMEM;
	return config_fill_section(config, section, "provider", grown, error);
}

static enum extauth_err
config_add_service(struct config *config, const char *section, const char *name,
    struct extauth_error *error)
{
	struct config_service *grown;

	if (config_find_exact_service(config, name) != NULL)
		return EXTAUTH_OK;
	grown = reallocarray(
	    config->services, config->service_count + 1, sizeof(*grown));
	if (grown == NULL)
		return EXTAUTH_NOMEM;
	config->services = grown;
	grown += config->service_count;
	*grown = (struct config_service){.name = strdup(name)};
	config->service_count++;
	if (grown->name == NULL)
		return EXTAUTH_NOMEM;
	return config_fill_section(config, section, "service", grown, error);
}

/* What the way to a directory shares with a provider has the same defaults. */
static enum extauth_err
config_fill_access(struct config_provider *access, struct extauth_error *error)
{
	size_t count;
	const struct config_key *key = config_keys(&count);
	enum extauth_err err = EXTAUTH_OK;

	for (; count > 0 && err == EXTAUTH_OK; count--, key++) {
		if (strcmp(key->section, "provider") == 0 &&
		    !key->is_repeatable && key->rule->type != CONFIG_BODY)
			err = config_value_set(
			    key, access, key->default_text, error);
	}
	return err;
}

static enum extauth_err
config_add_source(struct config *config, const char *section, const char *name,
    struct extauth_error *error)
{
	struct config_source *grown;
	enum extauth_err err;

	if (config_find_source(config, name) != NULL)
		return EXTAUTH_OK;
	grown = reallocarray(
	    config->sources, config->source_count + 1, sizeof(*grown));
	if (grown == NULL)
		return EXTAUTH_NOMEM;
	config->sources = grown;
	grown += config->source_count;
	*grown = (struct config_source){.name = strdup(name)};
	config->source_count++;
	if (grown->name == NULL)
		return EXTAUTH_NOMEM;
	grown->access.name = strdup(name);
	if (grown->access.name == NULL)
		return EXTAUTH_NOMEM;
	err = config_fill_access(&grown->access, error);
	return err == EXTAUTH_OK
	    ? config_fill_section(config, section, "source", grown, error)
	    : err;
}

static enum extauth_err
config_add_group(struct config *config, const char *section, const char *name,
    struct extauth_error *error)
{
	struct config_group *grown;

	if (config_find_group(config, name) != NULL)
		return EXTAUTH_OK;
	grown = reallocarray(
	    config->groups, config->group_count + 1, sizeof(*grown));
	if (grown == NULL)
		return EXTAUTH_NOMEM;
	config->groups = grown;
	grown += config->group_count;
	*grown = (struct config_group){.name = strdup(name)};
	config->group_count++;
	if (grown->name == NULL)
		return EXTAUTH_NOMEM;
	return config_fill_section(config, section, "group", grown, error);
}

static enum extauth_err
config_add_sections(struct config *config, struct extauth_error *error)
{
	enum extauth_err err = config_fill_section(
	    config, "extauth", "extauth", &config->general, error);
	size_t index;

	for (index = 0; index < config->ini.count && err == EXTAUTH_OK;
	     index++) {
		const char *section = config->ini.entries[index].section;
		const char *name;
		char kind[16];

		config_split_section(section, kind, &name);
		if (strcmp(kind, "provider") == 0)
			err = config_add_provider(config, section, name, error);
		else if (strcmp(kind, "service") == 0)
			err = config_add_service(config, section, name, error);
		else if (strcmp(kind, "source") == 0)
			err = config_add_source(config, section, name, error);
		else if (strcmp(kind, "group") == 0)
			err = config_add_group(config, section, name, error);
	}
	return err;
}

/* Turns the entries into structs and checks all of it. */
static enum extauth_err
config_build(struct config *config, struct extauth_error *error)
{
	enum extauth_err err = config_check_entries(config, error);
	size_t index;

	if (err == EXTAUTH_OK)
		err = config_add_sections(config, error);
	for (index = 0; index < config->provider_count && err == EXTAUTH_OK;
	     index++)
		err = config_check_provider(
		    config, &config->providers[index], error);
	for (index = 0; index < config->source_count && err == EXTAUTH_OK;
	     index++)
		err =
		    config_check_source(config, &config->sources[index], error);
	for (index = 0; index < config->group_count && err == EXTAUTH_OK;
	     index++)
		err = config_check_group(config, &config->groups[index], error);
	if (err != EXTAUTH_OK)
		return err;
	return config_check_references(config, error);
}

static enum extauth_err
config_set_path(struct config *config, const char *path)
{
	const char *slash = strrchr(path, '/');

	config->path = strdup(path);
	if (slash == NULL)
		config->directory = strdup(".");
	else
		config->directory =
		    strndup(path, slash == path ? 1 : (size_t)(slash - path));
	return config->path != NULL && config->directory != NULL
	    ? EXTAUTH_OK
	    : EXTAUTH_NOMEM;
}

/* Ends config_load and config_parse, which differ in where entries come from.
 */
static enum extauth_err
config_finish(enum extauth_err err, struct config *config,
    struct config *ret_config, struct extauth_error *error)
{
	if (err == EXTAUTH_OK)
		err = config_build(config, error);
	if (err == EXTAUTH_NOMEM)
		return error_set(error, err, "out of memory");
	if (err != EXTAUTH_OK)
		return err;
	*ret_config = *config;
	*config = (struct config){0};
	return EXTAUTH_OK;
}

enum extauth_err
config_load(
    const char *path, struct config *ret_config, struct extauth_error *error)
{
	return config_load_with(path, NULL, ret_config, error);
}

enum extauth_err
config_load_with(const char *path, const struct config_part *part,
    struct config *ret_config, struct extauth_error *error)
{
	cleanup_config struct config config = {0};
	struct extauth_error unread;
	enum extauth_err err = config_set_path(&config, path);

	if (error == NULL)
		error = &unread; /* reasons are built up in it */
	if (err == EXTAUTH_OK)
		err = config_read_files(
		    path, config.directory, part, &config.ini, error);
	return config_finish(err, &config, ret_config, error);
}

enum extauth_err
config_parse(const char *path, const char *text, size_t length,
    struct config *ret_config, struct extauth_error *error)
{
	cleanup_config struct config config = {0};
	struct extauth_error unread;
	enum extauth_err err = config_set_path(&config, path);

	if (error == NULL)
		error = &unread; /* reasons are built up in it */
	if (err == EXTAUTH_OK)
		err = ini_parse(&config.ini, path, text, length, error);
	return config_finish(err, &config, ret_config, error);
}

void
config_clear(struct config *config)
{
	size_t index;

	if (config == NULL)
		return;
	config_clear_section("extauth", &config->general);
	for (index = 0; index < config->provider_count; index++) {
		config_clear_section("provider", &config->providers[index]);
		free(config->providers[index].name);
	}
	for (index = 0; index < config->service_count; index++) {
		config_clear_section("service", &config->services[index]);
		free(config->services[index].name);
	}
	for (index = 0; index < config->source_count; index++) {
		config_clear_section("source", &config->sources[index]);
		config_clear_section(
		    "provider", &config->sources[index].access);
		free(config->sources[index].access.name);
		free(config->sources[index].name);
	}
	for (index = 0; index < config->group_count; index++) {
		config_clear_section("group", &config->groups[index]);
		free(config->groups[index].name);
	}
	free(config->providers);
	free(config->services);
	free(config->sources);
	free(config->groups);
	config_list_clear(CONFIG_NAMES, &config->warnings);
	ini_clear(&config->ini);
	free(config->path);
	free(config->directory);
	*config = (struct config){0};
}
