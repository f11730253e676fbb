/* SPDX-License-Identifier: MIT */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_case.h"
#include "config_internal.h"

#define ETC SOURCE_DIRECTORY "/etc/"

static void
read_file(const char *path, struct buffer *content)
{
	char piece[2048];
	size_t length;
	FILE *file = fopen(path, "re");

	ck_assert_ptr_nonnull(file);
	while ((length = fread(piece, 1, sizeof(piece), file)) > 0)
		ck_assert_ok(buffer_append(content, piece, length));
	ck_assert_int_eq(fclose(file), 0);
}

/* Takes "#name = value" or "#[name]" apart; prose is "# text". */
static bool
is_commented(const char *line)
{
	return line[0] == '#' && line[1] != ' ' && line[1] != '\0';
}

static void
assert_is_key(const char *line, const struct config_key *key)
{
	char expected[256];

	(void)snprintf(expected, sizeof(expected), "#%s =%s%s", key->name,
	    *key->default_text != '\0' ? " " : "", key->default_text);
	ck_assert_str_eq(line, expected);
}

START_TEST(extauth_conf_is_the_table)
{
	cleanup_buffer struct buffer content = buffer_make(100000);
	size_t count;
	const struct config_key *keys = config_keys(&count);
	char section[64] = "";
	char *rest = NULL;
	char *line;
	size_t index = 0;

	read_file(ETC "extauth.conf", &content);
	for (line = strtok_r(content.bytes, "\n", &rest); line != NULL;
	     line = strtok_r(NULL, "\n", &rest)) {
		if (line[0] == '[' || strncmp(line, "#[", 2) == 0) {
			(void)sscanf(line, "%*[#[]%63[a-z]", section);
		} else if (is_commented(line)) {
			ck_assert_uint_lt(index, count);
			ck_assert_str_eq(section, keys[index].section);
			assert_is_key(line, &keys[index++]);
		} else {
			ck_assert_int_eq(line[0], '#');
		}
	}
	ck_assert_uint_eq(index, count);
}
END_TEST

/* "*key* =", alone or as one of several. */
static bool
is_explained(const char *manual, const char *key)
{
	static const char *const ends[] = {"* =", "*, *"};
	static const char *const starts[] = {"\n*", ", *"};
	size_t index;

	for (index = 0; index < 4; index++) {
		cleanup_buffer struct buffer entry = buffer_make(100);

		ck_assert_ok(buffer_append_format(
		    &entry, "%s%s%s", starts[index / 2], key, ends[index % 2]));
		if (strstr(manual, buffer_text(&entry)) != NULL)
			return true;
	}
	return false;
}

START_TEST(the_manual_explains_every_key)
{
	cleanup_buffer struct buffer manual = buffer_make(100000);
	size_t count;
	const struct config_key *keys = config_keys(&count);

	read_file(SOURCE_DIRECTORY "/man/extauth.conf.5.scd", &manual);
	for (; count > 0; count--, keys++)
		ck_assert_msg(is_explained(buffer_text(&manual), keys->name),
		    "%s", keys->name);
}
END_TEST

START_TEST(extauth_conf_loads_as_it_is_and_with_a_provider)
{
	cleanup_buffer struct buffer content = buffer_make(100000);
	cleanup_config struct config empty = {0};
	cleanup_config struct config filled = {0};

	read_file(ETC "extauth.conf", &content);
	empty = config_case_taken(buffer_text(&content));
	ck_assert_uint_eq(empty.provider_count, 0);
	ck_assert_ok(buffer_append_text(&content,
	    "[provider main]\ntype = basic\nurl = https://h/\n"
	    "[extauth]\ndefault_provider = main\n"));
	filled = config_case_taken(buffer_text(&content));
	ck_assert_uint_eq(filled.provider_count, 1);
	ck_assert_str_eq(filled.general.default_provider, "main");
}
END_TEST

/* What a section needs, by its kind; of a source, by its type as well. */
static const struct needed {
	const char *kind;
	const char *type;
	unsigned trait;
	const char *text;
} all_needed[] = {
    {"extauth", "", 0, ""},
    {"provider", "rest", CONFIG_ON_REST, "type = rest\nurl = https://h/\n"},
    {"service", "", 0, ""},
    {"source", "scim", CONFIG_SOURCE_SCIM, "type = scim\nurl = https://h/\n"},
    {"source", "okta", CONFIG_SOURCE_OKTA,
	"type = okta\nurl = https://h/\ntoken_file = t\n"},
    {"source", "entra", CONFIG_SOURCE_ENTRA,
	"type = entra\nurl = https://h/\ntenant = t\ntoken_file = t\n"},
    {"source", "pingone", CONFIG_SOURCE_PINGONE,
	"type = pingone\nurl = https://h/\nenvironment = e\n"
	"token_file = t\n"},
    {"source", "rest", CONFIG_SOURCE_REST,
	"type = rest\nurl = https://h/\nuser_id = /i\nuser_email = /e\n"},
    {"source", "csv", CONFIG_SOURCE_CSV, "type = csv\nfile = /a\n"},
    {"group", "", 0, "remote = a\n"},
};

static bool
is_for(const struct config_key *key, unsigned traits)
{
	return key->rule->traits == 0 || (key->rule->traits & traits) != 0;
}

/* Tells whether an empty value says something else than none: attributes that
 * follow from the type. */
static bool
is_implied(const struct needed *needed, const struct config_key *key)
{
	return strcmp(needed->kind, "source") == 0 &&
	    (key->rule->type == CONFIG_ATTRIBUTE ||
		strcmp(key->name, "posix_schema") == 0);
}

static void
write_defaults(const struct needed *needed, struct buffer *text)
{
	size_t count;
	const struct config_key *key = config_keys(&count);

	ck_assert_ok(buffer_append_format(text, "[%s%s%s]\n%s", needed->kind,
	    strcmp(needed->kind, "extauth") == 0 ? "" : " main", needed->type,
	    needed->text));
	for (; count > 0; count--, key++) {
		char line[64];

		(void)snprintf(line, sizeof(line), "%s = ", key->name);
		if (strcmp(key->section, needed->kind) == 0 &&
		    is_for(key, needed->trait) && !is_implied(needed, key) &&
		    strstr(needed->text, line) == NULL)
			ck_assert_ok(buffer_append_format(
			    text, "%s%s\n", line, key->default_text));
	}
}

/* Every default of the table, written out, says what it says unwritten. */
START_TEST(defaults_may_be_written_out)
{
	cleanup_buffer struct buffer text = buffer_make(100000);
	cleanup_config struct config config = {0};
	size_t index;

	for (index = 0; index < CONFIG_CASE_LENGTH(all_needed); index++)
		write_defaults(&all_needed[index], &text);
	config = config_case_taken(buffer_text(&text));
	ck_assert_uint_eq(config.general.login_deadline_ms, 15000);
	ck_assert_uint_eq(config.provider_count, 1);
	ck_assert_uint_eq(config.service_count, 1);
	ck_assert_uint_eq(config.source_count, 6);
	ck_assert_uint_eq(config.group_count, 1);
}
END_TEST

static size_t
refuse_foreign_keys(const struct needed *needed)
{
	size_t count;
	const struct config_key *key = config_keys(&count);
	size_t seen = 0;

	for (; count > 0; count--, key++) {
		cleanup_buffer struct buffer text = buffer_make(1000);
		struct config config = {0};
		struct extauth_error error = {0};

		if (strcmp(key->section, needed->kind) != 0 ||
		    is_for(key, needed->trait) || key->is_repeatable)
			continue;
		ck_assert_ok(buffer_append_format(&text,
		    "[%s main]\n%s%s = %s\n", needed->kind, needed->text,
		    key->name, key->default_text));
		ck_assert_msg(
		    config_parse("x.conf", buffer_text(&text), text.length,
			&config, &error) == EXTAUTH_CONFIG,
		    "%s: %s", needed->type, key->name);
		ck_assert_msg(strstr(error.text, "is of no use here") != NULL,
		    "%s", error.text);
		seen++;
	}
	return seen;
}

START_TEST(a_key_of_other_types_is_refused_wherever_it_is_written)
{
	size_t index;

	for (index = 0; index < CONFIG_CASE_LENGTH(all_needed); index++) {
		const struct needed *needed = &all_needed[index];
		size_t seen = refuse_foreign_keys(needed);

		if (strcmp(needed->kind, "provider") == 0)
			ck_assert_uint_gt(seen, 30);
		else if (strcmp(needed->kind, "source") == 0)
			ck_assert_uint_gt(seen, 5);
		else
			ck_assert_uint_eq(seen, 0);
	}
}
END_TEST

START_TEST(every_example_loads)
{
	glob_t found = {0};
	size_t index;

	ck_assert_int_eq(glob(ETC "examples/*.conf", 0, NULL, &found), 0);
	ck_assert_uint_ge(found.gl_pathc, 22);
	for (index = 0; index < found.gl_pathc; index++) {
		cleanup_buffer struct buffer content = buffer_make(100000);
		cleanup_config struct config config = {0};

		read_file(found.gl_pathv[index], &content);
		config = config_case_taken(buffer_text(&content));
		ck_assert_uint_gt(config.provider_count + config.service_count +
			config.source_count,
		    0);
		ck_assert_uint_eq(config.warnings.count, 0);
	}
	globfree(&found);
}
END_TEST

/* Loads each block of a page that begins with a section, and counts them. */
static size_t
load_blocks(const char *path)
{
	cleanup_buffer struct buffer page = buffer_make(200000);
	size_t count = 0;
	char *at;

	read_file(path, &page);
	at = page.bytes;
	while ((at = strstr(at, "\n```\n")) != NULL) {
		char *end = strstr(at += 5, "```\n");

		ck_assert_ptr_nonnull(end);
		*end = '\0';
		if (*at == '[') {
			cleanup_config struct config config =
			    config_case_taken(at);

			ck_assert_uint_eq(config.warnings.count, 0);
			count++;
		}
		at = end + 1;
	}
	return count;
}

START_TEST(every_configuration_in_a_manual_loads)
{
	static const struct {
		const char *name;
		size_t least;
	} pages[] = {
	    {"extauth.conf.5.scd", 2},
	    {"extauth-providers.7.scd", 11},
	    {"extauth-sources.7.scd", 6},
	};
	size_t index;

	for (index = 0; index < CONFIG_CASE_LENGTH(pages); index++) {
		char path[1024];

		(void)snprintf(path, sizeof(path), SOURCE_DIRECTORY "/man/%s",
		    pages[index].name);
		ck_assert_uint_ge(load_blocks(path), pages[index].least);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    extauth_conf_is_the_table,
	    the_manual_explains_every_key,
	    extauth_conf_loads_as_it_is_and_with_a_provider,
	    defaults_may_be_written_out,
	    a_key_of_other_types_is_refused_wherever_it_is_written,
	    every_example_loads,
	    every_configuration_in_a_manual_loads,
	    NULL,
	};

	return unit_run("config_table", tests);
}
