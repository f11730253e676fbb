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

/* One section that is shown; `provider` and `source` are NULL for those that
 * are none. */
struct section {
	const struct config *config;
	const struct config_provider *provider;
	const struct config_source *source;
	const char *kind;
	char name[SECTION_BYTES];
};

static const char *
value_unwritten(const struct section *section, const struct config_key *key)
{
	if (section->provider != NULL)
		return config_key_implied(key, section->provider);
	if (section->source != NULL)
		return config_source_key_implied(key, section->source);
	return key->default_text;
}

static bool
key_is_of_use(const struct section *section, const struct config_key *key)
{
	if (section->provider != NULL)
		return config_key_is_of_use(key, section->provider);
	if (section->source != NULL)
		return config_source_key_is_of_use(key, section->source);
	return true;
}

static void
value_add(struct json_object *array, const struct section *section,
    const struct config_key *key, const struct ini_entry *entry)
{
	cleanup_buffer struct buffer value = buffer_make(VALUE_MAX_BYTES);
	struct json_object *object = document_object();
	const char *text =
	    entry != NULL ? entry->value : value_unwritten(section, key);
	char origin[2048] = "default";

	if (entry != NULL)
		(void)snprintf(
		    origin, sizeof(origin), "%s:%u", entry->path, entry->line);
	else if (strcmp(text, key->default_text) != 0)
		(void)snprintf(origin, sizeof(origin), "implied");
	if (literal_mask(key->name, text, &value) != EXTAUTH_OK)
		die_of_memory();
	document_text(object, "section", section->name);
	document_text(object, "key", key->name);
	document_text(object, "value", buffer_text(&value));
	document_text(object, "origin", origin);
	document_push(array, object);
}

/* A key that may be written more than once is shown as often. */
static void
key_add(struct json_object *array, const struct section *section,
    const struct config_key *key)
{
	const struct ini_entry *entry =
	    config_origin(section->config, section->name, key->name, 0);
	size_t nth = 0;

	do {
		value_add(array, section, key, entry);
		nth++;
		entry = entry == NULL || !key->is_repeatable
		    ? NULL
		    : config_origin(
			  section->config, section->name, key->name, nth);
	} while (entry != NULL);
}

/* Shows what is of use to the section. */
static void
section_add(struct json_object *array, struct section section, const char *name)
{
	const struct config_key *key;
	size_t count = 0;

	(void)snprintf(section.name, sizeof(section.name), "%s%s%s",
	    section.kind, name[0] != '\0' ? " " : "", name);
	for (key = config_keys(&count); count > 0; count--, key++)
		if (strcmp(key->section, section.kind) == 0 &&
		    key_is_of_use(&section, key))
			key_add(array, &section, key);
}

static void
sections_add(struct json_object *array, const struct config *config)
{
	struct section section = {.config = config, .kind = "extauth"};
	size_t index;

	section_add(array, section, "");
	section.kind = "provider";
	for (index = 0; index < config->provider_count; index++) {
		section.provider = &config->providers[index];
		section_add(array, section, section.provider->name);
	}
	section.kind = "service";
	section.provider = NULL;
	for (index = 0; index < config->service_count; index++)
		section_add(array, section, config->services[index].name);
	section.kind = "source";
	for (index = 0; index < config->source_count; index++) {
		section.source = &config->sources[index];
		section_add(array, section, section.source->name);
	}
	section.kind = "group";
	section.source = NULL;
	for (index = 0; index < config->group_count; index++)
		section_add(array, section, config->groups[index].name);
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
	sections_add(array, &config);
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
    .summary = N_("Shows the configuration that holds."),
    .example = "extauthctl config show --origin",
    .notes = N_("Literals that should be secrets are shown as ***."),
    .options =
	(const struct command_option[]){
	    {"origin", NULL,
		N_("file and line of each value, default, or implied")},
	    {NULL, NULL, NULL},
	},
    .run = config_show,
};
