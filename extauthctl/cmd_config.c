/* SPDX-License-Identifier: MIT */
/* `config show`: the values that hold, and from where.
 * Does not know: what a key means. */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "document.h"
#include "literal.h"
#include "settings.h"

#define SECTION_BYTES 320
#define VALUE_MAX_BYTES 131072

static void
value_add(struct json_object *array, const char *section,
    const struct config_key *key, const struct ini_entry *entry)
{
	cleanup_buffer struct buffer value = buffer_make(VALUE_MAX_BYTES);
	struct json_object *object = document_object();
	char origin[2048] = "default";

	if (entry != NULL)
		(void)snprintf(
		    origin, sizeof(origin), "%s:%u", entry->path, entry->line);
	if (literal_mask(key->name,
		entry != NULL ? entry->value : key->default_text,
		&value) != EXTAUTH_OK)
		die_of_memory();
	document_text(object, "section", section);
	document_text(object, "key", key->name);
	document_text(object, "value", buffer_text(&value));
	document_text(object, "origin", origin);
	document_push(array, object);
}

static void
section_add(struct json_object *array, const struct config *config,
    const char *kind, const char *name)
{
	char section[SECTION_BYTES];
	const struct config_key *keys;
	size_t count = 0;
	size_t index;

	(void)snprintf(section, sizeof(section), "%s%s%s", kind,
	    name[0] != '\0' ? " " : "", name);
	keys = config_keys(&count);
	for (index = 0; index < count; index++) {
		const struct ini_entry *entry;
		size_t nth = 0;

		if (strcmp(keys[index].section, kind) != 0)
			continue;
		entry = config_origin(config, section, keys[index].name, 0);
		do {
			value_add(array, section, &keys[index], entry);
			nth++;
			entry = entry == NULL || !keys[index].is_repeatable
			    ? NULL
			    : config_origin(
				  config, section, keys[index].name, nth);
		} while (entry != NULL);
	}
}

/* A value of several lines goes on indented, as in the file. */
static void
value_print(const char *value)
{
	for (; *value != '\0'; value++) {
		(void)putchar(*value);
		if (*value == '\n')
			(void)fputs("\t", stdout);
	}
}

static void
print_text(struct json_object *array, bool with_origin)
{
	size_t count = json_object_array_length(array);
	const char *before = "";
	size_t index;

	for (index = 0; index < count; index++) {
		struct json_object *row =
		    json_object_array_get_idx(array, index);
		const char *section = document_get_text(row, "section");

		if (strcmp(section, before) != 0)
			(void)printf(
			    "%s[%s]\n", index > 0 ? "\n" : "", section);
		before = section;
		if (with_origin)
			(void)printf(
			    "# %s\n", document_get_text(row, "origin"));
		(void)printf("%-24s = ", document_get_text(row, "key"));
		value_print(document_get_text(row, "value"));
		(void)putchar('\n');
	}
}

static enum ctl_exit
config_show(const struct context *context, const struct arguments *arguments)
{
	cleanup_config struct config config = {0};
	cleanup_document struct json_object *array = NULL;
	enum ctl_exit status;
	size_t index;

	status = settings_load(context, &config);
	if (status != CTL_DONE)
		return status;
	array = document_array();
	section_add(array, &config, "extauth", "");
	for (index = 0; index < config.provider_count; index++)
		section_add(
		    array, &config, "provider", config.providers[index].name);
	for (index = 0; index < config.service_count; index++)
		section_add(
		    array, &config, "service", config.services[index].name);
	for (index = 0; index < config.warnings.count; index++)
		complain("warning: %s", config.warnings.items[index]);
	if (context->is_json)
		document_print_json(array);
	else
		print_text(array, arguments_has(arguments, "origin"));
	return CTL_DONE;
}

const struct command command_config_show = {
    .name = "config show",
    .operands = "",
    .summary = "Shows the configuration that holds.",
    .example = "extauthctl config show --origin",
    .notes = "Literals that should be secrets are shown as ***.",
    .options =
	(const struct command_option[]){
	    {"origin", NULL, "file and line of each value, or default"},
	    {NULL, NULL, NULL},
	},
    .run = config_show,
};
