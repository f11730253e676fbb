/* SPDX-License-Identifier: MIT */
/* How a source may be asked: its address, headers, pages, and who asks.
 * Does not know: what is taken of the answers. */
#include <stdio.h>
#include <string.h>

#include "config_check.h"
#include "identity.h"

#define LENGTH(rows) (sizeof(rows) / sizeof((rows)[0]))

enum extauth_err
config_check_next(const char *text, struct extauth_error *error)
{
	static const char *const words[] = {"link", "page", "offset", NULL};
	const char *nearest;
	size_t index;

	if (*text == '/')
		return condition_check_pointer(text, error);
	for (index = 0; words[index] != NULL; index++)
		if (strcmp(words[index], text) == 0)
			return EXTAUTH_OK;
	nearest = ini_suggest(text, words);
	if (nearest != NULL)
		return error_set(error, EXTAUTH_CONFIG,
		    "must be link, page, offset, or a JSON pointer such as "
		    "/next (did you mean \"%s\"?)",
		    nearest);
	return error_set(error, EXTAUTH_CONFIG,
	    "must be link, page, offset, or a JSON pointer such as /next");
}

/* Nobody logs in when a directory is read. */
static enum extauth_err
source_check_template(
    const struct template *template, struct extauth_error *error)
{
	unsigned index;

	for (index = 0; index < PLACEHOLDER_COUNT; index++) {
		enum placeholder placeholder = (enum placeholder)index;

		if (placeholder != PLACEHOLDER_ORGID &&
		    placeholder != PLACEHOLDER_HOSTNAME &&
		    placeholder != PLACEHOLDER_SECRET &&
		    template_uses(template, placeholder))
			return error_set(error, EXTAUTH_CONFIG,
			    "{{%s}} has no value when a directory is read; "
			    "{{ORGID}}, {{HOSTNAME}} and {{SECRET:NAME}} have",
			    placeholder_name(placeholder));
	}
	return EXTAUTH_OK;
}

static enum extauth_err
source_check_headers(const struct config_check *check)
{
	const struct config_headers *headers = &check->provider->headers;
	size_t nth;

	for (nth = 0; nth < headers->count; nth++) {
		if (source_check_template(
			&headers->items[nth].value, check->error) != EXTAUTH_OK)
			return config_error_at(check->error,
			    config_origin(
				check->config, check->section, "header", nth),
			    check->error->text);
	}
	return EXTAUTH_OK;
}

static bool
source_ends_with(const char *text, const char *end)
{
	size_t length = strlen(text);

	return length >= strlen(end) &&
	    strcmp(text + length - strlen(end), end) == 0;
}

static enum extauth_err
source_check_url(const struct config_check *check)
{
	const struct template *url = &check->provider->url;
	size_t index;

	if (source_check_template(url, check->error) != EXTAUTH_OK)
		return config_check_fail(check, "url", check->error->text);
	if ((check->traits & CONFIG_SOURCE_SCIM) == 0)
		return EXTAUTH_OK;
	for (index = 0; index < url->part_count; index++) {
		const struct template_part *part = &url->parts[index];

		if (part->is_literal && strchr(part->text, '?') != NULL)
			return config_check_fail(
			    check, "url", "is an address that takes no query");
		if (part->is_literal && index + 1 == url->part_count &&
		    source_ends_with(part->text, "/Users"))
			return config_check_fail(
			    check, "url", "is the part in front of /Users");
	}
	return EXTAUTH_OK;
}

/* Tells whether a key is about a server. */
static bool
source_is_remote_key(const struct config_key *key)
{
	size_t first = offsetof(struct config_source, access);

	return strcmp(key->section, "source") == 0 &&
	    ((key->rule->offset >= first &&
		 key->rule->offset < first + sizeof(struct config_provider)) ||
		strcmp(key->name, "username") == 0 ||
		strcmp(key->name, "password_file") == 0);
}

static enum extauth_err
source_check_file(const struct config_check *check)
{
	size_t count;
	const struct config_key *key = config_keys(&count);

	if ((check->traits & CONFIG_SOURCE_CSV) == 0)
		return EXTAUTH_OK;
	if (*check->source->file == '\0')
		return check->provider->url.part_count > 0
		    ? EXTAUTH_OK
		    : config_check_fail(check, "url",
			  "is missing: write url = https://..., or file = "
			  "/...");
	for (; count > 0; count--, key++)
		if (source_is_remote_key(key) &&
		    config_check_is_set(check, key))
			return config_check_fail(check, key->name,
			    "is of no use beside file: remove one of the two");
	return EXTAUTH_OK;
}

static enum extauth_err
source_check_page_size(const struct config_check *check)
{
	const struct config_source_type *type =
	    config_find_source_type(check->source->type);
	char reason[128];

	if (check->source->page_size <= type->page_size_max)
		return EXTAUTH_OK;
	(void)snprintf(reason, sizeof(reason),
	    error_translated("%s gives at most %u people on a page"),
	    type->name, type->page_size_max);
	return config_check_fail(check, "page_size", reason);
}

static enum extauth_err
source_check_next(const struct config_check *check)
{
	const char *next = check->source->next;
	bool has_parameter = *check->source->next_parameter != '\0';
	bool is_counted =
	    strcmp(next, "page") == 0 || strcmp(next, "offset") == 0;

	if (is_counted && !has_parameter)
		return config_check_fail(check, "next",
		    "needs next_parameter: the name in the query");
	if (!has_parameter || is_counted || *next == '/')
		return EXTAUTH_OK;
	return config_check_fail(check, "next_parameter",
	    *next == '\0' ? "is of no use without next = page, offset or a "
			    "JSON pointer"
			  : "is of no use with next = link, which is a URL");
}

enum extauth_err
config_check_source_request(const struct config_check *check)
{
	static config_check_rule *const rules[] = {
	    source_check_file,
	    source_check_url,
	    source_check_headers,
	    source_check_page_size,
	    source_check_next,
	};

	return config_check_rules(check, rules, LENGTH(rules));
}
