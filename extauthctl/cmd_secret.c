/* SPDX-License-Identifier: MIT */
/* `secret set|list|remove`: the files secrets/NAME beside the configuration,
 * each replaced as a whole.
 * Does not know: who uses a secret. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "document.h"
#include "replace.h"
#include "secret_store.h"
#include "settings.h"
#include "terminal.h"
#include "translate.h"

#define PATH_MAX_BYTES 4096

/* Only the directory is asked for: a configuration that is not right yet must
 * not keep its secrets from being written. */
static enum extauth_err
secret_path(const struct context *context, const char *name,
    struct buffer *buffer, struct extauth_error *error)
{
	cleanup_free char *path = strdup(context->config_path);
	struct config config = {0};
	char here[] = ".";
	char *slash;

	if (path == NULL)
		return EXTAUTH_NOMEM;
	slash = strrchr(path, '/');
	if (slash != NULL)
		*slash = '\0';
	config.directory = slash != NULL ? path : here;
	return config_secret_path(&config, name, buffer, error);
}

static enum extauth_err
directory_open(
    const char *path, bool may_make, int *ret_fd, struct extauth_error *error)
{
	struct stat status;
	cleanup_fd int fd = -1;

	if (may_make && mkdir(path, 0700) != 0 && errno != EEXIST)
		return error_set(error, EXTAUTH_SYSTEM, "%s: %s", path,
		    error_of_number(errno));
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return error_set(error,
		    errno == ENOENT ? EXTAUTH_NOTFOUND : EXTAUTH_SYSTEM,
		    "%s: %s", path, error_of_number(errno));
	if (fstat(fd, &status) != 0 || status.st_uid != 0 ||
	    (status.st_mode & 077) != 0)
		return error_set(error, EXTAUTH_SYSTEM,
		    "%s: not root's alone; chown root:root and chmod 700 it",
		    path);
	*ret_fd = fd;
	fd = -1;
	return EXTAUTH_OK;
}

static enum extauth_err
secret_write(int directory, const char *name, const struct secret *secret,
    struct extauth_error *error)
{
	cleanup_fd int fd = -1;
	char part[32];

	/* No secret starts with a dot, so this is never taken for one. */
	(void)snprintf(part, sizeof(part), ".part-%08x", arc4random());
	fd = openat(directory, part,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_set(error, EXTAUTH_SYSTEM, "%s: %s", name,
		    error_of_number(errno));
	if (replace_write(fd, secret_reveal(secret), secret->length) !=
		EXTAUTH_OK ||
	    fsync(fd) != 0 || fchmod(fd, 0600) != 0 ||
	    renameat(directory, part, directory, name) != 0) {
		int reason = errno;

		(void)unlinkat(directory, part, 0);
		return error_set(error, EXTAUTH_SYSTEM, "%s: %s", name,
		    error_of_number(reason));
	}
	(void)fsync(directory);
	return EXTAUTH_OK;
}

static enum extauth_err
secret_ask(
    const char *name, struct secret *ret_secret, struct extauth_error *error)
{
	cleanup_secret struct secret again = {0};
	char prompt[512];
	enum extauth_err err;

	if (!terminal_is_person())
		return terminal_read_all(ret_secret, error);
	(void)snprintf(prompt, sizeof(prompt), _("Secret %s: "), name);
	err = terminal_read_line(prompt, false, ret_secret, error);
	if (err == EXTAUTH_OK)
		err =
		    terminal_read_line(_("Once more: "), false, &again, error);
	if (err != EXTAUTH_OK)
		return err;
	if (again.length != ret_secret->length ||
	    memcmp(secret_reveal(&again), secret_reveal(ret_secret),
		again.length) != 0)
		return error_set(
		    error, EXTAUTH_INVALID, "the two are not the same");
	return EXTAUTH_OK;
}

/* Opens the directory of secrets and checks the name. */
static enum extauth_err
place_open(const struct context *context, const char *name, bool may_make,
    int *ret_fd, struct extauth_error *error)
{
	cleanup_buffer struct buffer path = buffer_make(PATH_MAX_BYTES);
	enum extauth_err err;

	err = secret_path(context, name, &path, error);
	if (err == EXTAUTH_CONFIG)
		err = EXTAUTH_INVALID;
	if (err != EXTAUTH_OK)
		return err;
	*strrchr(path.bytes, '/') = '\0';
	return directory_open(path.bytes, may_make, ret_fd, error);
}

enum extauth_err
secret_store(const char *config_path, const char *name,
    const struct secret *secret, struct extauth_error *error)
{
	const struct context context = {.config_path = config_path};
	cleanup_fd int directory = -1;
	enum extauth_err err =
	    place_open(&context, name, true, &directory, error);

	return err == EXTAUTH_OK ? secret_write(directory, name, secret, error)
				 : err;
}

static enum ctl_exit
secret_set_run(const struct context *context, const struct arguments *arguments)
{
	cleanup_secret struct secret secret = {0};
	struct extauth_error error = {0};
	const char *name = arguments->operands[0];
	cleanup_fd int directory = -1;
	enum extauth_err err;

	if (!settings_need_root("secret set"))
		return CTL_CANNOT;
	err = place_open(context, name, true, &directory, &error);
	if (err == EXTAUTH_OK)
		err = secret_ask(name, &secret, &error);
	if (err == EXTAUTH_OK && secret.length == 0)
		err = error_set(&error, EXTAUTH_INVALID,
		    "an empty secret is none; secret remove takes one away");
	if (err == EXTAUTH_OK)
		err = secret_write(directory, name, &secret, &error);
	if (err != EXTAUTH_OK)
		return complain_about("secret set", err, &error);
	return CTL_DONE;
}

static enum ctl_exit
secret_remove_run(
    const struct context *context, const struct arguments *arguments)
{
	struct extauth_error error = {0};
	const char *name = arguments->operands[0];
	cleanup_fd int directory = -1;
	enum extauth_err err;

	if (!settings_need_root("secret remove"))
		return CTL_CANNOT;
	err = place_open(context, name, false, &directory, &error);
	if (err == EXTAUTH_OK && unlinkat(directory, name, 0) != 0)
		err = error_set(&error,
		    errno == ENOENT ? EXTAUTH_NOTFOUND : EXTAUTH_SYSTEM,
		    "%s: %s", name, error_of_number(errno));
	if (err != EXTAUTH_OK)
		return complain_about("secret remove", err, &error);
	(void)fsync(directory);
	return CTL_DONE;
}

static enum ctl_exit
secret_list_run(
    const struct context *context, const struct arguments *arguments)
{
	cleanup_document struct json_object *names = document_array();
	struct extauth_error error = {0};
	const struct dirent *entry;
	cleanup_fd int directory = -1;
	enum extauth_err err;
	DIR *stream;

	(void)arguments;
	if (!settings_need_root("secret list"))
		return CTL_CANNOT;
	err = place_open(context, "any", false, &directory, &error);
	if (err != EXTAUTH_OK && err != EXTAUTH_NOTFOUND)
		return complain_about("secret list", err, &error);
	stream = directory >= 0 ? fdopendir(directory) : NULL;
	/* One thread. NOLINTNEXTLINE(concurrency-mt-unsafe) */
	while (stream != NULL && (entry = readdir(stream)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		if (context->is_json)
			document_push_text(names, entry->d_name);
		else
			(void)printf("%s\n", entry->d_name);
	}
	if (stream != NULL) {
		(void)closedir(stream);
		directory = -1;
	}
	if (context->is_json)
		document_print_json(names);
	return CTL_DONE;
}

const struct command command_secret_set = {
    .name = "secret set",
    .operands = "NAME",
    .summary = N_("Writes a secret from standard input."),
    .example = "extauthctl secret set api-key < key.txt",
    .notes = N_("From a terminal it asks twice, without echo. One line end at "
		"the end is dropped.\nThe configuration names the secret as "
		"{{SECRET:NAME}}, as\nclient_secret_file = NAME or as "
		"api_token_file = NAME."),
    .operand_min = 1,
    .operand_max = 1,
    .run = secret_set_run,
};

const struct command command_secret_list = {
    .name = "secret list",
    .operands = "",
    .summary = N_("Lists the names of the secrets."),
    .example = "extauthctl secret list",
    .run = secret_list_run,
};

const struct command command_secret_remove = {
    .name = "secret remove",
    .operands = "NAME",
    .summary = N_("Removes a secret."),
    .example = "extauthctl secret remove api-key",
    .operand_min = 1,
    .operand_max = 1,
    .run = secret_remove_run,
};
