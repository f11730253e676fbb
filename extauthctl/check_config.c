/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "checks.h"
#include "literal.h"
#include "policy.h"
#include "translate.h"

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
	    translate_text(literal.where));
}

/* What is sent of a secret: all but one line end, which editors add. */
static bool
is_blank_at_end(const char *end, ssize_t count)
{
	if (count > 0 && end[count - 1] == '\n')
		count--;
	return count > 0 && (unsigned char)end[count - 1] <= ' ';
}

static void
check_secret_content(int fd, const char *path, struct findings *findings)
{
	static const char mend[] =
	    N_("extauthctl secret set NAME, and the "
	       "secret without a blank or line end around it");
	char begin = '\0';
	char end[2] = "";
	off_t size = lseek(fd, 0, SEEK_END);
	ssize_t count = pread(fd, end, sizeof(end), size > 2 ? size - 2 : 0);

	if (count == 0 || (count == 1 && end[0] == '\n'))
		finding_add(findings, FINDING_ERROR, "secret_empty",
		    "extauthctl secret set NAME", "%s: empty", path);
	else if (is_blank_at_end(end, count))
		finding_add(findings, FINDING_WARNING, "secret_blank", mend,
		    "%s: a blank or line end at its end is sent as well", path);
	else if (pread(fd, &begin, 1, 0) == 1 &&
	    (begin == ' ' || begin == '\t'))
		finding_add(findings, FINDING_WARNING, "secret_blank", mend,
		    "%s: a blank at its beginning is sent as well", path);
	explicit_bzero(&begin, sizeof(begin));
	explicit_bzero(end, sizeof(end));
}

/* The worker refuses one that is not root's alone. */
static void
check_secret_file(const char *path, struct findings *findings)
{
	cleanup_fd int fd =
	    open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) != 0)
		finding_add(findings, FINDING_ERROR, "secret_file",
		    "put a file that root can read there", "%s: %s%s", path,
		    error_of_number(errno),
		    errno == ELOOP ? _(" (a symbolic link is not followed)")
				   : "");
	else if (!S_ISREG(status.st_mode))
		finding_add(findings, FINDING_ERROR, "secret_file",
		    "put a file there", "%s: not a regular file", path);
	else if (status.st_uid != 0 || (status.st_mode & 077) != 0)
		finding_add(findings, FINDING_ERROR, "mode",
		    "chown root:root and chmod 600 it",
		    "%s: others than root can read or change it", path);
	else
		check_secret_content(fd, path, findings);
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
		    entry->section, entry->key, name, error_of_number(errno));
	else
		check_secret_file(buffer_text(&path), findings);
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
	static const char *const keys[] = {"client_key_file",
	    "client_secret_file", "api_token_file", "token_file",
	    "password_file"};
	size_t index;

	for (index = 0; index < sizeof(keys) / sizeof(keys[0]); index++)
		if (strcmp(key, keys[index]) == 0)
			return true;
	return false;
}

/* Who writes a source's file makes users: the worker refuses one that others
 * than root can write. */
static void
check_list_file(const struct ini_entry *entry, struct findings *findings)
{
	static const char mend[] = N_("chown root:root and chmod 644 it");
	struct stat status;

	if (strcmp(entry->key, "file") != 0 || entry->value[0] == '\0')
		return;
	if (lstat(entry->value, &status) != 0)
		finding_add(findings, FINDING_ERROR, "file_missing",
		    "put the file there, or take the key out",
		    "%s:%u: [%s] %s: %s: %s", entry->path, entry->line,
		    entry->section, entry->key, entry->value,
		    error_of_number(errno));
	else if (!S_ISREG(status.st_mode))
		finding_add(findings, FINDING_ERROR, "file_missing",
		    "put a file there",
		    "%s:%u: [%s] %s: %s: not a regular file%s", entry->path,
		    entry->line, entry->section, entry->key, entry->value,
		    S_ISLNK(status.st_mode)
			? _(" (a symbolic link is not followed)")
			: "");
	else if (status.st_uid != 0 || (status.st_mode & 022) != 0)
		finding_add(findings, FINDING_ERROR, "mode", mend,
		    "%s: others than root can change it, and so who is "
		    "registered",
		    entry->value);
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
		    error_of_number(errno));
	else if (is_secret_file(entry->key))
		check_secret_file(entry->value, findings);
	else if (strcmp(entry->key, "ca_file") == 0 &&
	    (status.st_mode & S_IROTH) == 0 && status.st_gid == 0)
		finding_add(findings, FINDING_ERROR, "mode", "chmod 644 it",
		    "%s:%u: [%s] %s: %s: user extauth, who speaks to the "
		    "provider, cannot read it",
		    entry->path, entry->line, entry->section, entry->key,
		    entry->value);
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

/* Whether somebody of that domain would find a provider, as at a login. */
static void
check_source_domain(const struct config *config,
    const struct config_source *source, const char *domain,
    struct findings *findings)
{
	static const char unserved[] =
	    N_("name the domain in the domains of that provider, or set "
	       "any_domain = yes there");
	static const char unclaimed[] =
	    N_("name the domain in the domains of a [provider NAME], or set "
	       "default_provider");
	bool is_set = *source->provider != '\0' ||
	    *config->general.default_provider != '\0';
	const struct config_provider *provider;
	struct extauth_error error = {0};
	char email[NAME_BYTES + 2];
	const struct registry_user user = {
	    .name = email, .email = email, .provider = source->provider};
	const struct policy_question question = {
	    .config = config, .user = &user, .service = "extauthctl"};
	const char *why;

	(void)snprintf(email, sizeof(email), "*@%s", domain);
	if (policy_provider(&question, &provider, &why, &error) != EXTAUTH_OK)
		finding_add(findings, FINDING_WARNING, "source_provider",
		    is_set ? unserved : unclaimed,
		    "[source %s]: people of %s cannot log in: %s", source->name,
		    domain, error.text);
}

/* Where all domains are taken, somebody must check the passwords of some. */
static void
check_open_source(const struct config *config,
    const struct config_source *source, struct findings *findings)
{
	bool is_known = false;
	size_t index;

	if (*source->provider != '\0' ||
	    *config->general.default_provider != '\0')
		return;
	for (index = 0; index < config->provider_count; index++)
		is_known = is_known || config->providers[index].domains.count;
	finding_add(findings, is_known ? FINDING_NOTE : FINDING_WARNING,
	    "source_provider",
	    is_known ? "write domains, provider, or default_provider"
		     : "write provider, or default_provider",
	    is_known ? "[source %s]: people whose e-mail domain no provider "
		       "claims have no provider and cannot log in"
		     : "[source %s]: people have no provider and cannot log in",
	    source->name);
}

static void
check_sources(const struct config *config, struct findings *findings)
{
	size_t index;
	size_t nth;

	for (index = 0; index < config->source_count; index++) {
		const struct config_source *source = &config->sources[index];

		for (nth = 0; nth < source->domains.count; nth++)
			check_source_domain(config, source,
			    source->domains.items[nth], findings);
		if (source->domains.count == 0)
			check_open_source(config, source, findings);
	}
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
	else
		check_sources(config, findings);
	for (index = 0; index < config->ini.count; index++) {
		const struct ini_entry *entry = &config->ini.entries[index];

		if (entry->key == NULL)
			continue;
		check_literal(entry, findings);
		check_secrets(config, entry, findings);
		check_named_file(config, entry, findings);
		check_list_file(entry, findings);
	}
	check_secret_modes(config, findings);
}
