/* SPDX-License-Identifier: MIT */
/* `user import`: registers all people of a file, or none.
 * Does not know: how a file is read, or what may be registered. */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "import_people.h"
#include "settings.h"
#include "translate.h"

static void
result_print(const struct context *context, const struct import *import)
{
	cleanup_document struct json_object *result = document_object();

	document_number(result, "added", import->added);
	document_number(result, "updated", import->updated);
	document_number(result, "unchanged", import->unchanged);
	document_number(result, "removed", import->removed);
	if (context->is_json)
		document_print_json(result);
	else
		(void)printf(_("added %u, updated %u, unchanged %u, removed "
			       "%u\n"),
		    import->added, import->updated, import->unchanged,
		    import->removed);
}

/* Nobody is looked up any more: what that took is room for the files. */
static enum extauth_err
import_commit(struct import *import, struct extauth_error *error)
{
	import_clear(import);
	import_file_finish(import->file);
	registry_contents_finish(&import->registrar->change.contents);
	return registrar_commit(import->registrar, error);
}

static enum ctl_exit
import_all(const struct context *context, struct import *import)
{
	struct extauth_error error = {0};
	enum extauth_err err = import_people(import, &error);

	if (err != EXTAUTH_OK)
		return complain_about("user import", err, &error);
	if (import->bad > 0) {
		complain("%s: %u bad, nothing was changed", import->path,
		    import->bad);
		return CTL_NO;
	}
	if (import->added + import->updated + import->removed + import->groups >
	    0)
		err = import_commit(import, &error);
	if (err != EXTAUTH_OK)
		return complain_about("user import", err, &error);
	result_print(context, import);
	return CTL_DONE;
}

static bool
is_format_known(const struct arguments *arguments)
{
	const char *format = arguments_value(arguments, "format");

	if (format == NULL || strcmp(format, "csv") == 0 ||
	    strcmp(format, "json") == 0)
		return true;
	complain("user import: --format: csv or json, not %s", format);
	return false;
}

static bool
is_json_wanted(const struct arguments *arguments, const char *path)
{
	const char *format = arguments_value(arguments, "format");
	size_t length = strlen(path);

	if (format != NULL)
		return strcmp(format, "json") == 0;
	return length > 5 && strcmp(path + length - 5, ".json") == 0;
}

static enum ctl_exit
user_import(const struct context *context, const struct arguments *arguments)
{
	cleanup_registrar struct registrar registrar = {
	    .change = REGISTRY_CHANGE_NONE};
	cleanup_import_file struct import_file file = {0};
	cleanup_config struct config config = {0};
	cleanup_import struct import import = {.path = arguments->operands[0]};
	struct extauth_error error = {0};
	enum ctl_exit status;
	enum extauth_err err;

	if (!is_format_known(arguments))
		return CTL_USAGE;
	if (!settings_need_root("user import"))
		return CTL_CANNOT;
	status = settings_load_or_defaults(context, &config);
	if (status != CTL_DONE)
		return status;
	err = import_file_open(
	    import.path, is_json_wanted(arguments, import.path), &file, &error);
	if (err != EXTAUTH_OK)
		return complain_about(import.path, err, &error);
	err = registrar_begin(&config, &registrar, &error);
	if (err != EXTAUTH_OK)
		return complain_about("user import", err, &error);
	import.registrar = &registrar;
	import.file = &file;
	return import_all(context, &import);
}

const struct command command_user_import = {
    .name = "user import",
    .operands = "FILE",
    .summary = N_("Registers all people of a file, or none."),
    .example = "extauthctl user import people.csv",
    .notes = N_(
	"CSV with a headline, or JSON (an array of objects, or what export "
	"writes); FILE \"-\"\nis standard input. Fields: name, email, uid, "
	"gid, gecos, home, shell, external_id,\nprovider, source, state, "
	"not_after, groups (CSV: a;b), linked. Only name and email\nare "
	"needed. Who is registered already with that e-mail is brought up to "
	"date.\nA bad line is named, and then nothing is changed."),
    .options =
	(const struct command_option[]){
	    {"format", "csv|json", N_("default: by the file's name, else csv")},
	    {NULL, NULL, NULL},
	},
    .operand_min = 1,
    .operand_max = 1,
    .run = user_import,
};
