/* SPDX-License-Identifier: MIT */
/* `user export`: writes the whole registry as CSV or JSON, removed users too.
 * Does not know: who reads it. */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "csv.h"
#include "paths.h"
#include "record.h"
#include "settings.h"

#define ROW_MAX_BYTES 131072

static void
groups_text(struct json_object *groups, struct buffer *text)
{
	size_t count = json_object_array_length(groups);
	size_t index;

	for (index = 0; index < count; index++)
		if ((index > 0 &&
			buffer_append_text(text, ";") != EXTAUTH_OK) ||
		    buffer_append_text(text,
			document_value(json_object_array_get_idx(
			    groups, index))) != EXTAUTH_OK)
			die_of_memory();
}

static void
field_append(struct buffer *row, struct json_object *record, const char *field)
{
	cleanup_buffer struct buffer text = buffer_make(ROW_MAX_BYTES);
	struct json_object *value = NULL;
	const char *plain = "";

	(void)json_object_object_get_ex(record, field, &value);
	if (json_object_is_type(value, json_type_array)) {
		groups_text(value, &text);
		plain = buffer_text(&text);
	} else if (json_object_is_type(value, json_type_boolean)) {
		plain = json_object_get_boolean(value) ? "yes" : "no";
	} else if (value != NULL) {
		plain = document_value(value);
	}
	if (csv_append(row, plain, row->length == 0) != EXTAUTH_OK)
		die_of_memory();
}

/* Written into the state, so that an import holds him as well. */
static struct json_object *
record_to_export(
    const struct registry_contents *contents, const struct registry_user *user)
{
	struct json_object *record = record_of_user(contents, user);

	if (user->is_held) {
		json_object_object_del(record, "held");
		document_text(record, "state", "held");
	}
	return record;
}

static void
row_print(struct json_object *record)
{
	cleanup_buffer struct buffer row = buffer_make(ROW_MAX_BYTES);
	const char *const *fields = record_fields();

	/* The first field is the name, which is never empty. */
	for (; *fields != NULL; fields++)
		field_append(&row, record, *fields);
	(void)printf("%s\r\n", buffer_text(&row));
}

static void
print_csv(const struct registry_contents *contents)
{
	const char *const *fields = record_fields();
	size_t index;

	for (index = 0; fields[index] != NULL; index++)
		(void)printf("%s%s", index > 0 ? "," : "", fields[index]);
	(void)printf("\r\n");
	for (index = 0; index < contents->user_count; index++) {
		cleanup_document struct json_object *record =
		    record_to_export(contents, &contents->users[index]);

		row_print(record);
	}
	for (index = 0; index < contents->tombstone_count; index++) {
		cleanup_document struct json_object *record =
		    record_of_tombstone(&contents->tombstones[index]);

		row_print(record);
	}
}

static void
print_json(const struct registry_contents *contents)
{
	cleanup_document struct json_object *document = document_object();
	struct json_object *users = document_array();
	struct json_object *removed = document_array();
	struct json_object *groups = document_array();
	size_t index;

	document_put(document, "groups", groups);
	document_put(document, "users", users);
	document_put(document, "removed", removed);
	for (index = 0; index < contents->user_count; index++)
		document_push(
		    users, record_to_export(contents, &contents->users[index]));
	for (index = 0; index < contents->tombstone_count; index++)
		document_push(
		    removed, record_of_tombstone(&contents->tombstones[index]));
	for (index = 0; index < contents->group_count; index++) {
		struct json_object *group = document_object();

		document_text(group, "name", contents->groups[index].name);
		document_number(group, "gid", contents->groups[index].gid);
		document_push(groups, group);
	}
	document_print_json(document);
}

static enum ctl_exit
user_export(const struct context *context, const struct arguments *arguments)
{
	cleanup_contents struct registry_contents contents = {0};
	const char *format = arguments_value(arguments, "format");
	struct extauth_error error = {0};
	enum extauth_err err;

	if (format != NULL && strcmp(format, "csv") != 0 &&
	    strcmp(format, "json") != 0) {
		complain("user export: --format: csv or json, not %s", format);
		return CTL_USAGE;
	}
	if (!settings_need_root("user export"))
		return CTL_CANNOT;
	err = registry_contents_load(EXTAUTH_REGISTRY_PATH, &contents, &error);
	if (err != EXTAUTH_OK)
		return complain_about("user export", err, &error);
	if (context->is_json || (format != NULL && strcmp(format, "json") == 0))
		print_json(&contents);
	else
		print_csv(&contents);
	return CTL_DONE;
}

const struct command command_user_export = {
    .name = "user export",
    .operands = "",
    .summary = N_("Writes all registered people, to be imported elsewhere."),
    .example = "extauthctl user export > people.csv",
    .notes =
	N_("Removed people are among them (state removed), so that no host "
	   "gives out their uid.\nJSON also holds the groups with their "
	   "gids; CSV names the groups alone."),
    .options =
	(const struct command_option[]){
	    {"format", "csv|json", N_("default: csv, or json with --json")},
	    {NULL, NULL, NULL},
	},
    .run = user_export,
};
