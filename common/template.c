/* SPDX-License-Identifier: MIT */
#include "template.h"

#include <stdlib.h>
#include <string.h>

#include "template_context.h"
#include "template_placeholder.h"

#define OPENING "{{"
#define CLOSING "}}"
#define BRACES_BYTES 2

/* Takes the part over: its text is the template's, or is freed. */
static enum extauth_err
add_part(struct template *template, struct template_part part)
{
	struct template_part *parts = reallocarray(
	    template->parts, template->part_count + 1, sizeof(*parts));

	if (parts == NULL) {
		free(part.text);
		return EXTAUTH_NOMEM;
	}
	parts[template->part_count++] = part;
	template->parts = parts;
	return EXTAUTH_OK;
}

static enum extauth_err
add_literal(struct template *template, struct template_context *context,
    struct template_inside literal, struct extauth_error *error)
{
	struct template_part part = {
	    .is_literal = true, .length = literal.length};
	enum extauth_err err;

	if (literal.length == 0)
		return EXTAUTH_OK;
	err = template_context_literal(
	    context, literal.text, literal.length, error);
	if (err != EXTAUTH_OK)
		return err;
	part.text = strndup(literal.text, literal.length);
	if (part.text == NULL)
		return EXTAUTH_NOMEM;
	return add_part(template, part);
}

/* Says of which placeholder the text of `error` speaks. */
static enum extauth_err
name_placeholder(enum placeholder placeholder, enum extauth_err err,
    struct extauth_error *error)
{
	struct extauth_error name;

	(void)error_set(&name, err, "{{%s}}", placeholder_name(placeholder));
	return error_prefix(error, err, name.text);
}

static enum extauth_err
add_placeholder(struct template *template,
    const struct template_context *context, struct template_inside inside,
    struct extauth_error *error)
{
	struct template_part part = {0};
	struct template_inside name;
	enum extauth_err err =
	    template_read_placeholder(inside, &part.placeholder, &name, error);

	if (err != EXTAUTH_OK)
		return err;
	err = template_context_value(context,
	    part.placeholder == PLACEHOLDER_USERID, &part.context, error);
	if (err != EXTAUTH_OK)
		return name_placeholder(part.placeholder, err, error);
	if (name.text != NULL) {
		part.text = strndup(name.text, name.length);
		if (part.text == NULL)
			return EXTAUTH_NOMEM;
	}
	return add_part(template, part);
}

/* Adds the literal text up to the next placeholder, and that placeholder;
 * `*text` moves behind it. */
static enum extauth_err
parse_next(struct template *template, struct template_context *context,
    const char **text, struct extauth_error *error)
{
	const char *open = strstr(*text, OPENING);
	const char *close;
	struct template_inside literal = {.text = *text};
	struct template_inside inside;
	enum extauth_err err;

	/* The rest is measured once, not before each placeholder. */
	literal.length = open != NULL ? (size_t)(open - *text) : strlen(*text);
	err = add_literal(template, context, literal, error);
	*text += literal.length;
	if (err != EXTAUTH_OK || open == NULL)
		return err;
	inside.text = open + BRACES_BYTES;
	close = strstr(inside.text, CLOSING);
	if (close == NULL)
		return error_set(error, EXTAUTH_CONFIG,
		    "'{{' opens a placeholder that no '}}' closes; one is "
		    "written as {{USEREMAIL}}");
	inside.length = (size_t)(close - inside.text);
	*text = close + BRACES_BYTES;
	return add_placeholder(template, context, inside, error);
}

enum extauth_err
template_parse(enum template_kind kind, const char *text,
    struct template *ret_template, struct extauth_error *error)
{
	cleanup_template struct template template = {0};
	struct template_context context = template_context_make(kind);
	enum extauth_err err = EXTAUTH_OK;

	while (*text != '\0' && err == EXTAUTH_OK)
		err = parse_next(&template, &context, &text, error);
	if (err != EXTAUTH_OK)
		return err;
	err = template_context_end(&context, error);
	if (err != EXTAUTH_OK)
		return err;
	*ret_template = template;
	template = (struct template){0};
	return EXTAUTH_OK;
}

bool
template_uses(const struct template *template, enum placeholder placeholder)
{
	size_t i;

	for (i = 0; i < template->part_count; i++)
		if (!template->parts[i].is_literal &&
		    template->parts[i].placeholder == placeholder)
			return true;
	return false;
}

bool
template_names_person(
    const struct template *template, const struct template_values *values)
{
	static const enum placeholder persons[] = {
	    PLACEHOLDER_USEREMAIL,
	    PLACEHOLDER_USERNAME,
	    PLACEHOLDER_USERID,
	    PLACEHOLDER_USEREXTERNALID,
	};
	size_t i;

	for (i = 0; i < sizeof(persons) / sizeof(persons[0]); i++)
		if (template_uses(template, persons[i]) &&
		    (values == NULL || values->of[persons[i]].length > 0))
			return true;
	return false;
}

static const struct template_value *
find_value(
    const struct template_part *part, const struct template_values *values)
{
	size_t i;

	if (part->text == NULL)
		return &values->of[part->placeholder];
	for (i = 0; i < values->named_count; i++)
		if (values->named[i].placeholder == part->placeholder &&
		    strcmp(values->named[i].name, part->text) == 0)
			return &values->named[i].value;
	return NULL;
}

static enum extauth_err
expand_value(const struct template_part *part,
    const struct template_values *values, struct buffer *buffer,
    struct extauth_error *error)
{
	const struct template_value *value = find_value(part, values);
	struct extauth_error reason = {{0}};
	enum extauth_err err;

	if (value == NULL)
		return error_set(error, EXTAUTH_NOTFOUND,
		    "there is no value for {{%s:%s}}",
		    placeholder_name(part->placeholder), part->text);
	err = escape_append(buffer, part->context,
	    value->bytes != NULL ? value->bytes : "",
	    value->bytes != NULL ? value->length : 0, &reason);
	if (err != EXTAUTH_INVALID)
		return err;
	return error_set(error, err, "{{%s%s%s}}: %s",
	    placeholder_name(part->placeholder), part->text != NULL ? ":" : "",
	    part->text != NULL ? part->text : "", reason.text);
}

enum extauth_err
template_expand(const struct template *template,
    const struct template_values *values, struct buffer *buffer,
    struct extauth_error *error)
{
	enum extauth_err err = EXTAUTH_OK;
	size_t i;

	for (i = 0; i < template->part_count && err == EXTAUTH_OK; i++) {
		const struct template_part *part = &template->parts[i];

		if (part->is_literal)
			err = buffer_append(buffer, part->text, part->length);
		else
			err = expand_value(part, values, buffer, error);
	}
	if (err == EXTAUTH_TOOBIG)
		return error_set(error, err,
		    "with its values put in the text has more than %zu bytes",
		    buffer->limit);
	return err;
}

void
template_clear(struct template *template)
{
	size_t i;

	if (template == NULL)
		return;
	for (i = 0; i < template->part_count; i++)
		free(template->parts[i].text);
	free(template->parts);
	*template = (struct template){0};
}
