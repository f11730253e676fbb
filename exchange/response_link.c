/* SPDX-License-Identifier: MIT */
#include "response_link.h"

#include <stdbool.h>
#include <string.h>

/* A part of the value; both ends are in it. */
struct link_text {
	const char *start;
	const char *end;
};

/* What is known of the link that is being read. */
struct link_seen {
	bool has_relation;
	bool is_next;
	bool is_about_another;
};

static bool
link_is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

static char
link_fold(char byte)
{
	if (byte >= 'A' && byte <= 'Z')
		byte = (char)(byte - 'A' + 'a');
	return byte;
}

static bool
link_is(const struct link_text *text, const char *word)
{
	const char *at;

	for (at = text->start; at < text->end && *word != '\0'; at++, word++)
		if (link_fold(*at) != *word)
			return false;
	return at == text->end && *word == '\0';
}

static void
link_skip_blanks(struct link_text *rest)
{
	while (rest->start < rest->end && link_is_blank(*rest->start))
		rest->start++;
}

/* Takes one byte if it is that one. */
static bool
link_take(struct link_text *rest, char byte)
{
	link_skip_blanks(rest);
	if (rest->start == rest->end || *rest->start != byte)
		return false;
	rest->start++;
	return true;
}

static struct link_text
link_take_token(struct link_text *rest)
{
	struct link_text token;

	link_skip_blanks(rest);
	token.start = rest->start;
	while (rest->start < rest->end && !link_is_blank(*rest->start) &&
	    strchr(";,=\"<>", *rest->start) == NULL)
		rest->start++;
	token.end = rest->start;
	return token;
}

/* Takes what stands between quotes; a byte behind a backslash is no quote. */
static bool
link_take_quoted(struct link_text *rest, struct link_text *ret_value)
{
	const char *at;

	for (at = rest->start; at < rest->end && *at != '"'; at++)
		if (*at == '\\' && ++at == rest->end)
			return false;
	if (at == rest->end)
		return false;
	*ret_value = (struct link_text){rest->start, at};
	rest->start = at + 1;
	return true;
}

static bool
link_has_next(struct link_text relations)
{
	while (relations.start < relations.end) {
		struct link_text word;

		link_skip_blanks(&relations);
		word.start = relations.start;
		while (relations.start < relations.end &&
		    !link_is_blank(*relations.start))
			relations.start++;
		word.end = relations.start;
		if (link_is(&word, "next"))
			return true;
	}
	return false;
}

/* Takes `name`, `name=token` or `name="text"`. */
static bool
link_take_parameter(struct link_text *rest, struct link_seen *seen)
{
	struct link_text name = link_take_token(rest);
	struct link_text value = {name.end, name.end};

	if (link_take(rest, '=')) {
		if (!link_take(rest, '"'))
			value = link_take_token(rest);
		else if (!link_take_quoted(rest, &value))
			return false;
	}
	if (link_is(&name, "anchor"))
		seen->is_about_another = true;
	/* The first one counts. RFC 8288 3.3. */
	if (!link_is(&name, "rel") || seen->has_relation)
		return true;
	seen->has_relation = true;
	seen->is_next = link_has_next(value);
	return true;
}

static bool
link_take_one(struct link_text *rest, struct link_text *ret_target,
    struct link_seen *ret_seen)
{
	struct link_seen seen = {0};
	const char *end;

	if (!link_take(rest, '<'))
		return false;
	end = memchr(rest->start, '>', (size_t)(rest->end - rest->start));
	if (end == NULL ||
	    memchr(rest->start, '\0', (size_t)(end - rest->start)) != NULL)
		return false;
	*ret_target = (struct link_text){rest->start, end};
	rest->start = end + 1;
	while (link_take(rest, ';'))
		if (!link_take_parameter(rest, &seen))
			return false;
	*ret_seen = seen;
	return true;
}

size_t
response_link_next(const char *value, size_t length, const char **ret_target)
{
	struct link_text rest = {value, value + length};
	struct link_text target = {value, value};
	struct link_seen seen;

	do {
		while (link_take(&rest, ','))
			;
		if (!link_take_one(&rest, &target, &seen))
			return 0;
		if (seen.is_next && !seen.is_about_another) {
			*ret_target = target.start;
			return (size_t)(target.end - target.start);
		}
	} while (link_take(&rest, ','));
	return 0;
}
