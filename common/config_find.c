/* SPDX-License-Identifier: MIT */
/* Sections by name, and where a secret lies.
 * Does not know: what a section holds. */
#include <string.h>

#include "config_internal.h"

#define SECRET_PATH_MAX_BYTES 4096

const struct config_provider *
config_find_provider(const struct config *config, const char *name)
{
	size_t index;

	for (index = 0; index < config->provider_count; index++) {
		if (strcmp(config->providers[index].name, name) == 0)
			return &config->providers[index];
	}
	return NULL;
}

const struct config_source *
config_find_source(const struct config *config, const char *name)
{
	size_t index;

	for (index = 0; index < config->source_count; index++) {
		if (strcmp(config->sources[index].name, name) == 0)
			return &config->sources[index];
	}
	return NULL;
}

const struct config_group *
config_find_group(const struct config *config, const char *name)
{
	size_t index;

	for (index = 0; index < config->group_count; index++) {
		if (strcmp(config->groups[index].name, name) == 0)
			return &config->groups[index];
	}
	return NULL;
}

const struct config_service *
config_find_exact_service(const struct config *config, const char *service)
{
	size_t index;

	for (index = 0; index < config->service_count; index++) {
		if (strcmp(config->services[index].name, service) == 0)
			return &config->services[index];
	}
	return NULL;
}

const struct config_service *
config_find_service(const struct config *config, const char *service)
{
	const struct config_service *found;

	if (strcmp(service, "sudo-i") == 0)
		service = "sudo";
	found = config_find_exact_service(config, service);
	/* su asks for this one with -, -l or --login alone: rules for su that
	 * a dash gets round would be none */
	if (found == NULL && strcmp(service, "su-l") == 0)
		found = config_find_exact_service(config, "su");
	return found;
}

enum extauth_err
config_secret_path(const struct config *config, const char *name,
    struct buffer *buffer, struct extauth_error *error)
{
	cleanup_buffer struct buffer path = buffer_make(SECRET_PATH_MAX_BYTES);
	enum extauth_err err;

	if (!config_is_name(name) || *name == '.')
		return error_set(error, EXTAUTH_CONFIG,
		    "a secret's name is made of A-Z a-z 0-9 . _ - and does "
		    "not begin with a dot");
	err = buffer_append_text(&path, config->directory);
	if (err == EXTAUTH_OK)
		err = buffer_append_text(&path, "/secrets/");
	if (err == EXTAUTH_OK)
		err = buffer_append_text(&path, name);
	if (err == EXTAUTH_OK)
		err = buffer_append(buffer, buffer_text(&path), path.length);
	if (err == EXTAUTH_TOOBIG)
		return error_set(error, EXTAUTH_CONFIG, "the path is too long");
	return err;
}
