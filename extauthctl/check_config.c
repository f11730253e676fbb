/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "checks.h"
#include "literal.h"

#define PATH_MAX_BYTES 4096
#define NAME_BYTES 256

static void
check_literal(const struct ini_entry *entry, struct findings *findings)
{
	struct literal literal;

	if (!literal_find(entry->key, entry->value, 0, &literal))
		return;
	finding_add(findings, FINDING_WARNING, "literal_secret",
	    "extauthctl secret set NAME, and {{SECRET:NAME}} in its place",
	    "%s:%u: [%s] %s: in %s stands a literal that everybody on this "
	    "host can read",
	    entry->path, entry->line, entry->section, entry->key,
	    literal.where);
}

static void
check_secret(const struct config *config, const struct ini_entry *entry,
    const char *name, struct findings *findings)
{
	cleanup_buffer struct buffer path = buffer_make(PATH_MAX_BYTES);
	struct extauth_error error = {0};
	struct stat status;
	char mend[NAME_BYTES * 2];

	if (config_secret_path(config, name, &path, &error) != EXTAUTH_OK)
		return;
	(void)snprintf(mend, sizeof(mend), "extauthctl secret set %s", name);
	if (lstat(buffer_text(&path), &status) != 0)
		finding_add(findings, FINDING_ERROR, "secret_missing", mend,
		    "%s:%u: [%s] %s: secret %s: %s", entry->path, entry->line,
		    entry->section, entry->key, name, strerrordesc_np(errno));
}

/* Every {{SECRET:NAME}} of a value. */
static void
check_secrets(const struct config *config, const struct ini_entry *entry,
    struct findings *findings)
{
	const char *at = entry->value;
	char name[NAME_BYTES];

	while ((at = strstr(at, "{{SECRET:")) != NULL) {
		size_t length;

		at += strlen("{{SECRET:");
		length = strcspn(at, "}");
		if (length >= sizeof(name))
			continue;
		memcpy(name, at, length);
		name[length] = '\0';
		check_secret(config, entry, name, findings);
	}
}

/* Those whose content is a secret, though no {{SECRET:NAME}} names them. */
static bool
is_secret_file(const char *key)
{
	return strcmp(key, "client_key_file") == 0 ||
	    strcmp(key, "client_secret_file") == 0 ||
	    strcmp(key, "api_token_file") == 0;
}

/* A value that is no path is the name of a secret. */
static void
check_named_file(const struct config *config, const struct ini_entry *entry,
    struct findings *findings)
{
	size_t length = strlen(entry->key);
	struct stat status;

	if (length < 5 || strcmp(entry->key + length - 5, "_file") != 0 ||
	    entry->value[0] == '\0')
		return;
	if (entry->value[0] != '/')
		check_secret(config, entry, entry->value, findings);
	else if (access(entry->value, R_OK) != 0 ||
	    stat(entry->value, &status) != 0)
		finding_add(findings, FINDING_ERROR, "file_missing",
		    "put the file there, or take the key out",
		    "%s:%u: [%s] %s: %s: %s", entry->path, entry->line,
		    entry->section, entry->key, entry->value,
		    strerrordesc_np(errno));
	else if (is_secret_file(entry->key) &&
	    (status.st_uid != 0 || (status.st_mode & 077) != 0))
		finding_add(findings, FINDING_WARNING, "mode",
		    "chown root:root and chmod 600 it",
		    "%s: others than root can read or change it", entry->value);
}

static void
check_secret_modes(const struct config *config, struct findings *findings)
{
	cleanup_buffer struct buffer path = buffer_make(PATH_MAX_BYTES);
	struct stat status;

	if (buffer_append_format(&path, "%s/secrets", config->directory) !=
		EXTAUTH_OK ||
	    lstat(buffer_text(&path), &status) != 0)
		return;
	if (status.st_uid != 0 || (status.st_mode & 077) != 0)
		finding_add(findings, FINDING_ERROR, "mode",
		    "chown root:root and chmod 700 it",
		    "%s: others than root can look into it",
		    buffer_text(&path));
}

void
check_config(const struct config *config, struct findings *findings)
{
	size_t index;

	for (index = 0; index < config->warnings.count; index++)
		finding_add(findings, FINDING_WARNING, "config", "", "%s",
		    config->warnings.items[index]);
	if (config->provider_count == 0)
		finding_add(findings, FINDING_ERROR, "no_provider",
		    "add a section [provider NAME]",
		    "%s: nobody checks passwords", config->path);
	for (index = 0; index < config->ini.count; index++) {
		const struct ini_entry *entry = &config->ini.entries[index];

		if (entry->key == NULL)
			continue;
		check_literal(entry, findings);
		check_secrets(config, entry, findings);
		check_named_file(config, entry, findings);
	}
	check_secret_modes(config, findings);
}
