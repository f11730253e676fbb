/* SPDX-License-Identifier: MIT */
/* `user import`: registers all people of a file, or none.
 * Does not know: how a file is read, or what may be registered. */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "import_file.h"
#include "number.h"
#include "registrar_group.h"
#include "settings.h"

/* Removed users first, so that their uids are not given out; then those who
 * bring a uid, so that it is not given to another one. */
enum pass {
	PASS_REMOVED = 0,
	PASS_WITH_UID,
	PASS_WITHOUT_UID,
	PASS_COUNT
};

struct import {
	struct registrar *registrar;
	struct import_file *file;
	const char *path;
	struct json_object *names; /* a set: seen in this file */
	unsigned added;
	unsigned updated;
	unsigned unchanged;
	unsigned removed;
	unsigned groups;
	unsigned bad;
};

static enum pass
pass_of(const struct import_person *person)
{
	if (person->is_removed)
		return PASS_REMOVED;
	return person->wish.has_uid ? PASS_WITH_UID : PASS_WITHOUT_UID;
}

static enum extauth_err
name_once(struct import *import, const char *name, struct extauth_error *error)
{
	if (json_object_object_get_ex(import->names, name, NULL))
		return error_set(
		    error, EXTAUTH_EXISTS, "it stands twice in this file");
	document_null(import->names, name);
	return EXTAUTH_OK;
}

static enum extauth_err
person_take(struct import *import, const struct import_person *person,
    struct extauth_error *error)
{
	const struct registrar_wish *wish = &person->wish;
	bool is_changed = false;
	enum extauth_err err;
	uint32_t uid = 0;

	if (person->is_removed) {
		err = registrar_bury(import->registrar, wish->name, wish->uid,
		    &is_changed, error);
		import->removed += is_changed;
		import->unchanged += !is_changed;
		return err;
	}
	err = name_once(import, wish->name, error);
	if (err != EXTAUTH_OK)
		return err;
	if (registry_contents_find_name(
		&import->registrar->change.contents, wish->name) == NULL) {
		import->added++;
		return registrar_add(import->registrar, wish, &uid, error);
	}
	err = registrar_update(import->registrar, wish, &is_changed, error);
	import->updated += is_changed;
	import->unchanged += !is_changed;
	return err;
}

static void
bad_row(struct import *import, const struct import_row *row, enum pass pass,
    const struct import_person *person, const struct extauth_error *error)
{
	const char *name = row->texts[IMPORT_NAME];

	/* Each row is looked at in each pass, and named once. */
	if (person == NULL && pass != PASS_REMOVED)
		return;
	import->bad++;
	complain("%s: %s %u: %s: %s", import->path,
	    import->file->array != NULL ? "entry" : "line", row->line,
	    name != NULL && name[0] != '\0' ? name : "(no name)", error->text);
}

static enum extauth_err
row_take(struct import *import, const struct import_row *row, enum pass pass)
{
	cleanup_import_person struct import_person person = {0};
	struct extauth_error error = {0};
	enum extauth_err err;

	err = import_row_read(row, &person, &error);
	if (err == EXTAUTH_NOMEM)
		return err;
	if (err != EXTAUTH_OK) {
		bad_row(import, row, pass, NULL, &error);
		return EXTAUTH_OK;
	}
	if (pass_of(&person) != pass)
		return EXTAUTH_OK;
	err = person_take(import, &person, &error);
	if (err == EXTAUTH_NOMEM)
		return err;
	if (err != EXTAUTH_OK && error.text[0] == '\0')
		(void)error_set(&error, err, "%s", error_name(err));
	if (err != EXTAUTH_OK)
		bad_row(import, row, pass, &person, &error);
	return EXTAUTH_OK;
}

static enum extauth_err
rows_take(struct import *import, enum pass pass, struct extauth_error *error)
{
	struct import_row row = {0};
	enum extauth_err err;

	import_file_rewind(import->file);
	for (;;) {
		err = import_file_next(import->file, &row, error);
		if (err == EXTAUTH_NOTFOUND)
			return EXTAUTH_OK;
		/* The shape of the file is told once, by the first pass. */
		if (err == EXTAUTH_INVALID && pass == PASS_REMOVED) {
			complain("%s: %s", import->path, error->text);
			import->bad++;
		}
		if (err == EXTAUTH_OK)
			err = row_take(import, &row, pass);
		if (err != EXTAUTH_OK && err != EXTAUTH_INVALID)
			return err;
		if (err == EXTAUTH_INVALID &&
		    import->file->record.bytes == NULL &&
		    import->file->array == NULL)
			return EXTAUTH_OK;
	}
}

/* Groups with their gids, as a JSON export has them. */
static enum extauth_err
group_take(struct import *import, struct json_object *group,
    struct extauth_error *error)
{
	bool is_changed = false;
	enum extauth_err err;
	uint32_t gid = 0;

	if (!json_object_is_type(group, json_type_object) ||
	    !number_parse(document_get_text(group, "gid"), &gid))
		return error_set(error, EXTAUTH_INVALID, "no name and gid");
	err = registrar_add_group(import->registrar,
	    document_get_text(group, "name"), gid, &is_changed, error);
	import->groups += is_changed;
	return err;
}

static enum extauth_err
groups_take(struct import *import)
{
	struct json_object *groups = import->file->groups_of_file;
	enum extauth_err err = EXTAUTH_OK;
	size_t index;

	if (!json_object_is_type(groups, json_type_array))
		return EXTAUTH_OK;
	for (index = 0; index < json_object_array_length(groups); index++) {
		struct extauth_error error = {0};

		err = group_take(
		    import, json_object_array_get_idx(groups, index), &error);
		if (err == EXTAUTH_NOMEM)
			return err;
		if (err == EXTAUTH_OK)
			continue;
		import->bad++;
		complain(
		    "%s: group %zu: %s", import->path, index + 1, error.text);
	}
	return EXTAUTH_OK;
}

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
		(void)printf("added %u, updated %u, unchanged %u, removed "
			     "%u\n",
		    import->added, import->updated, import->unchanged,
		    import->removed);
}

static enum ctl_exit
import_all(const struct context *context, struct import *import)
{
	struct extauth_error error = {0};
	enum extauth_err err = EXTAUTH_OK;
	unsigned pass;

	for (pass = 0; pass < PASS_COUNT && err == EXTAUTH_OK; pass++) {
		/* Behind the removed users, whose uids are no gids either. */
		if (pass == PASS_WITH_UID)
			err = groups_take(import);
		if (err == EXTAUTH_OK)
			err = rows_take(import, (enum pass)pass, &error);
	}
	if (err != EXTAUTH_OK)
		return complain_about("user import", err, &error);
	if (import->bad > 0) {
		complain("%s: %u bad, nothing was changed", import->path,
		    import->bad);
		return CTL_NO;
	}
	if (import->added + import->updated + import->removed + import->groups >
	    0)
		err = registrar_commit(import->registrar, &error);
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
	cleanup_registrar struct registrar registrar = {.change.lock_fd = -1};
	cleanup_document struct json_object *names = document_object();
	cleanup_import_file struct import_file file = {0};
	cleanup_config struct config config = {0};
	struct import import = {.path = arguments->operands[0]};
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
	import.names = names;
	return import_all(context, &import);
}

const struct command command_user_import = {
    .name = "user import",
    .operands = "FILE",
    .summary = "Registers all people of a file, or none.",
    .example = "extauthctl user import people.csv",
    .notes =
	"CSV with a headline, or JSON (an array of objects, or what export "
	"writes); FILE \"-\"\nis standard input. Fields: name, email, uid, "
	"gid, gecos, home, shell, external_id,\nprovider, source, state, "
	"not_after, groups (CSV: a;b), linked. Only name and email\nare "
	"needed. Who is registered already with that e-mail is brought up to "
	"date.\nA bad line is named, and then nothing is changed.",
    .options =
	(const struct command_option[]){
	    {"format", "csv|json", "default: by the file's name, else csv"},
	    {NULL, NULL, NULL},
	},
    .operand_min = 1,
    .operand_max = 1,
    .run = user_import,
};
