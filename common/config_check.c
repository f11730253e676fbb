/* SPDX-License-Identifier: MIT */
/* Rules over the names of sections and keys, and over more than one section.
 * Does not know: what a provider needs; that is config_provider.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_check.h"

bool
config_is_name(const char *text)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_-.";
	size_t length = strspn(text, allowed);

	return length > 0 && length <= CONFIG_NAME_MAX_BYTES &&
	    text[length] == '\0';
}

static enum extauth_err
check_unknown_kind(const struct ini_entry *entry, const char *kind,
    struct extauth_error *error)
{
	static const char *const kinds[] = {
	    "extauth", "provider", "service", "source", "group", NULL};
	const char *nearest = ini_suggest(kind, kinds);
	char reason[128];

	if (nearest == NULL)
		return config_error_section(error, entry,
		    "unknown section; known are [extauth], [provider NAME], "
		    "[service NAME], [source NAME], [group NAME]");
	(void)snprintf(reason, sizeof(reason),
	    error_translated("unknown section (did you mean \"%s\"?)"),
	    nearest);
	return config_error_section(error, entry, reason);
}

enum extauth_err
config_check_service_name(const char *name, struct extauth_error *error)
{
	if (strcmp(name, "sudo-i") == 0)
		return error_set(
		    error, EXTAUTH_CONFIG, "sudo-i counts as sudo: write sudo");
	if (!config_is_name(name) || strchr(name, '.') != NULL)
		return error_set(error, EXTAUTH_CONFIG,
		    "\"%.64s\" is not the name of a PAM service (a-z 0-9 _ -), "
		    "such as sshd",
		    name);
	if (strpbrk(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != NULL)
		return error_set(error, EXTAUTH_CONFIG,
		    "PAM gives the names of services in lower case: \"%.64s\" "
		    "would never be found",
		    name);
	return EXTAUTH_OK;
}

static enum extauth_err
check_service_name(const struct ini_entry *entry, const char *name,
    struct extauth_error *error)
{
	if (config_check_service_name(name, error) != EXTAUTH_OK)
		return config_error_section(error, entry, error->text);
	return EXTAUTH_OK;
}

/* A source's name is that of a file, and of the registry's records. */
static enum extauth_err
check_source_name(const struct ini_entry *entry, const char *name,
    struct extauth_error *error)
{
	if (!config_is_name(name) || *name == '.')
		return config_error_section(error, entry,
		    "needs one name (A-Z a-z 0-9 . _ -) that does not begin "
		    "with a dot, as in [source corp]");
	if (strcmp(name, "manual") == 0)
		return config_error_section(error, entry,
		    "manual is the source of those who are registered by hand: "
		    "take another name");
	return EXTAUTH_OK;
}

static enum extauth_err
check_group_name(const struct ini_entry *entry, const char *name,
    struct extauth_error *error)
{
	if (*name == '\0')
		return config_error_section(error, entry,
		    "needs the name of the local group, as in "
		    "[group developers]");
	if (config_check_group_name(name, error) != EXTAUTH_OK)
		return config_error_section(error, entry, error->text);
	return EXTAUTH_OK;
}

static enum extauth_err
check_section(const struct ini_entry *entry, struct extauth_error *error)
{
	const char *name;
	char kind[16];

	config_split_section(entry->section, kind, &name);
	if (strcmp(kind, "service") == 0)
		return check_service_name(entry, name, error);
	if (strcmp(kind, "source") == 0)
		return check_source_name(entry, name, error);
	if (strcmp(kind, "group") == 0)
		return check_group_name(entry, name, error);
	if (strcmp(kind, "provider") == 0) {
		if (config_is_name(name))
			return EXTAUTH_OK;
		return config_error_section(error, entry,
		    "needs one name (A-Z a-z 0-9 . _ -), as in "
		    "[provider main]");
	}
	if (strcmp(kind, "extauth") != 0)
		return check_unknown_kind(entry, kind, error);
	if (*name != '\0')
		return config_error_section(
		    error, entry, "takes no name: write [extauth]");
	return EXTAUTH_OK;
}

static bool
check_is_same(const struct ini_entry *one, const struct ini_entry *other)
{
	return other->key != NULL && strcmp(one->key, other->key) == 0 &&
	    strcmp(one->section, other->section) == 0 &&
	    strcmp(one->path, other->path) == 0;
}

/* A key that takes one value stands once in a section of one file; a file of
 * conf.d/ may override it. */
static enum extauth_err
check_given_once(
    const struct config *config, size_t index, struct extauth_error *error)
{
	const struct ini_entry *entry = &config->ini.entries[index];
	char reason[128];
	size_t earlier;

	for (earlier = 0; earlier < index; earlier++) {
		const struct ini_entry *other = &config->ini.entries[earlier];

		if (!check_is_same(entry, other))
			continue;
		(void)snprintf(reason, sizeof(reason),
		    error_translated("is given twice, first in line %u"),
		    other->line);
		return config_error_at(error, entry, reason);
	}
	return EXTAUTH_OK;
}

static enum extauth_err
check_key(
    const struct config *config, size_t index, struct extauth_error *error)
{
	const struct ini_entry *entry = &config->ini.entries[index];
	const struct config_key *key;
	const char *name;
	char kind[16];

	if (entry->key == NULL)
		return EXTAUTH_OK;
	config_split_section(entry->section, kind, &name);
	key = config_find_key(kind, entry->key);
	if (key == NULL) {
		enum extauth_err err =
		    config_unknown_key(kind, entry->key, error);

		return err == EXTAUTH_CONFIG
		    ? config_error_at(error, entry, error->text)
		    : err;
	}
	return key->is_repeatable ? EXTAUTH_OK
				  : check_given_once(config, index, error);
}

enum extauth_err
config_check_entries(const struct config *config, struct extauth_error *error)
{
	size_t index;

	for (index = 0; index < config->ini.count; index++) {
		enum extauth_err err =
		    check_section(&config->ini.entries[index], error);

		if (err == EXTAUTH_OK)
			err = check_key(config, index, error);
		if (err != EXTAUTH_OK)
			return err;
	}
	return EXTAUTH_OK;
}

enum extauth_err
config_no_section(const struct config *config, const char *kind,
    const char *name, struct extauth_error *error)
{
	cleanup_free const char **names =
	    calloc(config->ini.count + 1, sizeof(*names));
	const char *nearest;
	size_t count = 0;
	size_t index;

	if (names == NULL)
		return EXTAUTH_NOMEM;
	for (index = 0; index < config->ini.count; index++) {
		char other[16];

		config_split_section(
		    config->ini.entries[index].section, other, &names[count]);
		if (strcmp(kind, other) == 0)
			count++;
	}
	names[count] = NULL;
	nearest = ini_suggest(name, names);
	if (nearest == NULL)
		return error_set(error, EXTAUTH_CONFIG,
		    "there is no section [%s %.64s]", kind, name);
	return error_set(error, EXTAUTH_CONFIG,
	    "there is no section [%s %.64s] (did you mean \"%s\"?)", kind, name,
	    nearest);
}

/* Checks that a key that names a provider names one that is there. */
static enum extauth_err
check_names_provider(const struct config *config, const char *section,
    const char *key, const char *name, struct extauth_error *error)
{
	enum extauth_err err;

	if (*name == '\0' || config_find_provider(config, name) != NULL)
		return EXTAUTH_OK;
	err = config_no_section(config, "provider", name, error);
	return err == EXTAUTH_CONFIG
	    ? config_error_key(error, config, section, key, error->text)
	    : err;
}

/* Finds the first provider that claims `domain`. */
static const struct config_provider *
check_claimant(const struct config *config, const char *domain)
{
	size_t index;
	size_t nth;

	for (index = 0; index < config->provider_count; index++) {
		const struct config_list *domains =
		    &config->providers[index].domains;

		for (nth = 0; nth < domains->count; nth++) {
			if (strcmp(domains->items[nth], domain) == 0)
				return &config->providers[index];
		}
	}
	return NULL;
}

static enum extauth_err
check_domain(const struct config *config,
    const struct config_provider *provider, const char *domain,
    struct extauth_error *error)
{
	const struct config_provider *first = check_claimant(config, domain);
	const struct ini_entry *place;
	char section[CONFIG_SECTION_BYTES];
	char reason[400];

	if (first == NULL || first == provider)
		return EXTAUTH_OK;
	config_name_section(section, "provider", first->name);
	place = config_origin(config, section, "domains", 0);
	(void)snprintf(reason, sizeof(reason),
	    error_translated("[%s] claims %s as well (%s:%u)"), section, domain,
	    place->path, place->line);
	config_name_section(section, "provider", provider->name);
	return config_error_key(error, config, section, "domains", reason);
}

static enum extauth_err
check_domains(const struct config *config, struct extauth_error *error)
{
	size_t index;
	size_t nth;

	for (index = 0; index < config->provider_count; index++) {
		const struct config_provider *provider =
		    &config->providers[index];

		for (nth = 0; nth < provider->domains.count; nth++) {
			enum extauth_err err = check_domain(config, provider,
			    provider->domains.items[nth], error);

			if (err != EXTAUTH_OK)
				return err;
		}
	}
	return EXTAUTH_OK;
}

/* An empty value that takes the last name back reads like "nobody", and would
 * let everybody in. */
static enum extauth_err
check_names_somebody(const struct config *config,
    const struct config_service *service, const char *section,
    struct extauth_error *error)
{
	size_t index;

	if (service->allow_groups.count + service->allow_users.count > 0)
		return EXTAUTH_OK;
	for (index = 0; index < config->ini.count; index++) {
		const struct ini_entry *entry = &config->ini.entries[index];

		if (entry->key == NULL || *entry->value == '\0' ||
		    strcmp(entry->section, section) != 0 ||
		    strncmp(entry->key, "allow_", 6) != 0)
			continue;
		return config_error_key(error, config, section, entry->key,
		    "takes the last name back, and every registered user could "
		    "use the service: remove the names where they are written");
	}
	return EXTAUTH_OK;
}

/* The same for the services: nothing would read like "none", and mean all. */
static enum extauth_err
check_names_services(const struct config *config, struct extauth_error *error)
{
	size_t index;

	if (config->general.services.count > 0)
		return EXTAUTH_OK;
	for (index = 0; index < config->ini.count; index++) {
		const struct ini_entry *entry = &config->ini.entries[index];

		if (entry->key == NULL || *entry->value == '\0' ||
		    strcmp(entry->section, "extauth") != 0 ||
		    strcmp(entry->key, "services") != 0)
			continue;
		return config_error_key(error, config, "extauth", "services",
		    "takes the list back, and registered users could use every "
		    "service: remove the list where it is written");
	}
	return EXTAUTH_OK;
}

enum extauth_err
config_check_references(
    const struct config *config, struct extauth_error *error)
{
	enum extauth_err err = check_names_provider(config, "extauth",
	    "default_provider", config->general.default_provider, error);
	size_t index;

	for (index = 0; index < config->service_count && err == EXTAUTH_OK;
	     index++) {
		const struct config_service *service = &config->services[index];
		char section[CONFIG_SECTION_BYTES];

		config_name_section(section, "service", service->name);
		err = check_names_provider(
		    config, section, "provider", service->provider, error);
		if (err == EXTAUTH_OK)
			err = check_names_somebody(
			    config, service, section, error);
	}
	if (err == EXTAUTH_OK)
		err = check_names_services(config, error);
	return err == EXTAUTH_OK ? check_domains(config, error) : err;
}
