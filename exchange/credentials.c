/* SPDX-License-Identifier: MIT */
#include "credentials.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum extauth_err
credentials_check(
    int fd, const char *path, bool is_secret, struct extauth_error *error)
{
	mode_t forbidden = is_secret ? S_IRWXG | S_IRWXO : S_IWGRP | S_IWOTH;
	struct stat status;

	if (fstat(fd, &status) != 0)
		return error_set(error, EXTAUTH_SYSTEM, "%s: %s", path,
		    strerrordesc_np(errno));
	if (!S_ISREG(status.st_mode))
		return error_set(
		    error, EXTAUTH_CONFIG, "%s: not a regular file", path);
	if (status.st_uid != 0)
		return error_set(error, EXTAUTH_CONFIG,
		    "%s: not owned by root: chown root %s", path, path);
	if ((status.st_mode & forbidden) != 0)
		return error_set(error, EXTAUTH_CONFIG,
		    "%s: open to others: chmod %s %s", path,
		    is_secret ? "600" : "644", path);
	return EXTAUTH_OK;
}

static enum extauth_err
credentials_read_all(int fd, const char *path, struct secret *ret_secret,
    struct extauth_error *error)
{
	cleanup_buffer struct buffer content = buffer_make(SECRET_MAX_BYTES);
	enum extauth_err err = buffer_read(&content, fd);

	if (err == EXTAUTH_SYSTEM)
		return error_set(error, EXTAUTH_SYSTEM, "%s: %s", path,
		    strerrordesc_np(errno));
	if (err == EXTAUTH_TOOBIG)
		return error_set(
		    error, EXTAUTH_CONFIG, "%s: over 16 KiB", path);
	if (err == EXTAUTH_OK && content.length > 0 &&
	    content.bytes[content.length - 1] == '\n')
		content.length--;
	return err == EXTAUTH_OK
	    ? secret_set(ret_secret, buffer_text(&content), content.length)
	    : err;
}

static enum extauth_err
credentials_open(
    const char *path, bool is_secret, int *ret_fd, struct extauth_error *error)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	enum extauth_err err;

	if (fd < 0)
		return error_set(error, EXTAUTH_CONFIG, "%s: %s%s", path,
		    strerrordesc_np(errno),
		    errno == ELOOP ? " (a symbolic link is not followed)" : "");
	err = credentials_check(fd, path, is_secret, error);
	if (err == EXTAUTH_OK)
		*ret_fd = fd;
	else
		close(fd);
	return err;
}

enum extauth_err
credentials_open_list(
    const char *path, int *ret_fd, struct extauth_error *error)
{
	return credentials_open(path, false, ret_fd, error);
}

static enum extauth_err
credentials_read(const char *path, bool is_secret, struct secret *ret_secret,
    struct extauth_error *error)
{
	cleanup_fd int fd = -1;
	enum extauth_err err = credentials_open(path, is_secret, &fd, error);

	if (err == EXTAUTH_OK)
		err = credentials_read_all(fd, path, ret_secret, error);
	if (err == EXTAUTH_OK && ret_secret->length == 0)
		return error_set(error, EXTAUTH_CONFIG, "%s: empty", path);
	return err;
}

static bool
credentials_has(const struct credentials *credentials, const char *name)
{
	size_t at;

	for (at = 0; at < credentials->count; at++)
		if (strcmp(credentials->secrets[at].name, name) == 0)
			return true;
	return false;
}

static enum extauth_err
credentials_add(const struct config *config, const char *name,
    struct credentials *credentials, struct extauth_error *error)
{
	cleanup_buffer struct buffer path = buffer_make(PATH_MAX);
	struct named_secret *grown;
	enum extauth_err err = config_secret_path(config, name, &path, error);

	if (err != EXTAUTH_OK)
		return err;
	grown = reallocarray(
	    credentials->secrets, credentials->count + 1, sizeof(*grown));
	if (grown == NULL)
		return EXTAUTH_NOMEM;
	credentials->secrets = grown;
	grown[credentials->count] = (struct named_secret){.name = name};
	err = credentials_read(
	    buffer_text(&path), true, &grown[credentials->count].secret, error);
	if (err == EXTAUTH_OK)
		credentials->count++;
	if (err != EXTAUTH_CONFIG)
		return err;
	return error_prefix(error, err, "a secret (see extauthctl secret set)");
}

static enum extauth_err
credentials_add_named(const struct config *config,
    const struct template *template, struct credentials *credentials,
    struct extauth_error *error)
{
	enum extauth_err err = EXTAUTH_OK;
	size_t at;

	for (at = 0; at < template->part_count && err == EXTAUTH_OK; at++) {
		const struct template_part *part = &template->parts[at];

		if (part->is_literal ||
		    part->placeholder != PLACEHOLDER_SECRET ||
		    credentials_has(credentials, part->text))
			continue;
		err = credentials_add(config, part->text, credentials, error);
	}
	return err;
}

static enum extauth_err
credentials_add_client(const struct config_provider *provider,
    struct credentials *credentials, struct extauth_error *error)
{
	const char *certificate = provider->client_certificate_file;
	const char *key = provider->client_key_file;
	enum extauth_err err;

	if (certificate == NULL || certificate[0] == '\0')
		return EXTAUTH_OK;
	if (key == NULL || key[0] == '\0')
		key = certificate;
	err = credentials_read(certificate, key == certificate,
	    &credentials->client_certificate, error);
	if (err == EXTAUTH_OK)
		err = credentials_read(
		    key, true, &credentials->client_key, error);
	return err;
}

static enum extauth_err
credentials_add_headers(const struct config *config,
    const struct config_headers *headers, struct credentials *credentials,
    struct extauth_error *error)
{
	enum extauth_err err = EXTAUTH_OK;
	size_t at;

	for (at = 0; at < headers->count && err == EXTAUTH_OK; at++)
		err = credentials_add_named(
		    config, &headers->items[at].value, credentials, error);
	return err;
}

static enum extauth_err
credentials_add_templates(const struct config *config,
    const struct config_provider *provider, struct credentials *credentials,
    struct extauth_error *error)
{
	const struct template *templates[] = {
	    &provider->url,
	    &provider->body,
	    &provider->connection_url,
	    &provider->connection_body,
	    NULL,
	};
	const struct config_headers *headers[] = {
	    &provider->headers,
	    &provider->connection_headers,
	    &provider->fields,
	    NULL,
	};
	enum extauth_err err = EXTAUTH_OK;
	size_t at;

	for (at = 0; templates[at] != NULL && err == EXTAUTH_OK; at++)
		err = credentials_add_named(
		    config, templates[at], credentials, error);
	for (at = 0; headers[at] != NULL && err == EXTAUTH_OK; at++)
		err = credentials_add_headers(
		    config, headers[at], credentials, error);
	return err;
}

static enum extauth_err
credentials_add_file(
    const char *path, struct secret *ret_secret, struct extauth_error *error)
{
	enum extauth_err err;

	if (path == NULL || path[0] == '\0')
		return EXTAUTH_OK;
	err = credentials_read(path, true, ret_secret, error);
	if (err != EXTAUTH_CONFIG)
		return err;
	return error_prefix(error, err, "a secret (see extauthctl secret set)");
}

static enum extauth_err
credentials_add_all(const struct config *config,
    const struct config_provider *provider, struct credentials *credentials,
    struct extauth_error *error)
{
	enum extauth_err err =
	    credentials_add_templates(config, provider, credentials, error);

	if (err == EXTAUTH_OK)
		err = credentials_add_file(provider->client_secret_file,
		    &credentials->client_secret, error);
	if (err == EXTAUTH_OK)
		err = credentials_add_file(
		    provider->api_token_file, &credentials->api_token, error);
	return err;
}

enum extauth_err
credentials_load(const struct config *config,
    const struct config_provider *provider, enum frame_type job,
    struct credentials *ret_credentials, struct extauth_error *error)
{
	cleanup_credentials struct credentials credentials = {0};
	enum extauth_err err = EXTAUTH_OK;

	if (job == FRAME_FORGOT && provider->forgot_password_url.part_count > 0)
		err = credentials_add_named(config,
		    &provider->forgot_password_url, &credentials, error);
	else if (job != FRAME_PROBE)
		err =
		    credentials_add_all(config, provider, &credentials, error);
	if (err == EXTAUTH_OK)
		err = credentials_add_client(provider, &credentials, error);
	if (err != EXTAUTH_OK)
		return err;
	*ret_credentials = credentials;
	credentials = (struct credentials){0};
	return EXTAUTH_OK;
}

void
credentials_clear(struct credentials *credentials)
{
	size_t at;

	if (credentials == NULL)
		return;
	for (at = 0; at < credentials->count; at++)
		secret_clear(&credentials->secrets[at].secret);
	free(credentials->secrets);
	secret_clear(&credentials->client_certificate);
	secret_clear(&credentials->client_key);
	secret_clear(&credentials->client_secret);
	secret_clear(&credentials->api_token);
	*credentials = (struct credentials){0};
}
