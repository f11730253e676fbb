/* SPDX-License-Identifier: MIT */
#include "template_placeholder.h"

#include <stdbool.h>
#include <string.h>

#include "condition.h"
#include "ini.h"

/* How much of what the administrator wrote a message repeats. */
#define SHOWN_MAX_BYTES 64
#define POINTER_MAX_BYTES 255

static const char *const names[PLACEHOLDER_COUNT + 1] = {
    [PLACEHOLDER_USERID] = "USERID",
    [PLACEHOLDER_USERNAME] = "USERNAME",
    [PLACEHOLDER_USEREMAIL] = "USEREMAIL",
    [PLACEHOLDER_USERPASSWORD] = "USERPASSWORD",
    [PLACEHOLDER_USEREXTERNALID] = "USEREXTERNALID",
    [PLACEHOLDER_ORGID] = "ORGID",
    [PLACEHOLDER_DEVICEOS] = "DEVICEOS",
    [PLACEHOLDER_DEVICENAME] = "DEVICENAME",
    [PLACEHOLDER_DEVICEIP] = "DEVICEIP",
    [PLACEHOLDER_HOSTNAME] = "HOSTNAME",
    [PLACEHOLDER_SERVICE] = "SERVICE",
    [PLACEHOLDER_TTY] = "TTY",
    [PLACEHOLDER_RHOST] = "RHOST",
    [PLACEHOLDER_SECRET] = "SECRET",
    [PLACEHOLDER_CONNECTION] = "CONNECTION",
};

const char *
placeholder_name(enum placeholder placeholder)
{
	if ((unsigned)placeholder >= PLACEHOLDER_COUNT)
		return "";
	return names[placeholder];
}

static bool
is_name_byte(char byte)
{
	return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
	    (byte >= '0' && byte <= '9') || byte == '.' || byte == '_' ||
	    byte == '-';
}

static bool
is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n';
}

static int
shown(size_t length)
{
	return (int)(length < SHOWN_MAX_BYTES ? length : SHOWN_MAX_BYTES);
}

/* A slip in case is the most frequent one: it is looked up without case. */
static const char *
nearest_name(struct template_inside inside)
{
	char word[SHOWN_MAX_BYTES + 1];
	size_t length = (size_t)shown(inside.length);
	size_t i;

	for (i = 0; i < length; i++) {
		word[i] = inside.text[i];
		if (word[i] >= 'a' && word[i] <= 'z')
			word[i] = (char)(word[i] - 'a' + 'A');
	}
	word[length] = '\0';
	return ini_suggest(word, names);
}

static enum extauth_err
refuse_unknown(struct template_inside inside, struct extauth_error *error)
{
	const char *nearest = nearest_name(inside);

	if (nearest == NULL)
		return error_set(error, EXTAUTH_CONFIG,
		    "unknown placeholder {{%.*s}}", shown(inside.length),
		    inside.text);
	return error_set(error, EXTAUTH_CONFIG,
	    "unknown placeholder {{%.*s}} (did you mean {{%s}}?)",
	    shown(inside.length), inside.text, nearest);
}

static enum extauth_err
check_blanks(struct template_inside inside, struct extauth_error *error)
{
	struct template_inside bare = inside;

	while (bare.length > 0 && is_blank(bare.text[0])) {
		bare.text++;
		bare.length--;
	}
	while (bare.length > 0 && is_blank(bare.text[bare.length - 1]))
		bare.length--;
	if (bare.length == inside.length && bare.length > 0)
		return EXTAUTH_OK;
	if (bare.length == 0)
		return error_set(error, EXTAUTH_CONFIG,
		    "there is no placeholder's name between '{{' and '}}'");
	return error_set(error, EXTAUTH_CONFIG,
	    "a placeholder has no blanks inside of its braces: write {{%.*s}}",
	    shown(bare.length), bare.text);
}

static enum extauth_err
find_placeholder(struct template_inside inside,
    enum placeholder *ret_placeholder, struct extauth_error *error)
{
	size_t i;

	for (i = 0; i < PLACEHOLDER_COUNT; i++) {
		if (strlen(names[i]) == inside.length &&
		    memcmp(names[i], inside.text, inside.length) == 0) {
			*ret_placeholder = (enum placeholder)i;
			return EXTAUTH_OK;
		}
	}
	return refuse_unknown(inside, error);
}

static enum extauth_err
check_secret_name(struct template_inside name, struct extauth_error *error)
{
	bool is_good = name.length > 0;
	size_t i;

	for (i = 0; i < name.length; i++)
		is_good = is_good && is_name_byte(name.text[i]);
	if (is_good)
		return EXTAUTH_OK;
	return error_set(error, EXTAUTH_CONFIG,
	    "{{SECRET:NAME}} needs a name of letters, digits, '.', '_' and "
	    "'-'");
}

static enum extauth_err
check_connection_pointer(
    struct template_inside name, struct extauth_error *error)
{
	char pointer[POINTER_MAX_BYTES + 1] = "";
	bool is_good = name.length > 0 && name.length < sizeof(pointer);
	size_t i;

	for (i = 0; i < name.length; i++)
		is_good = is_good && (unsigned char)name.text[i] >= 0x20 &&
		    name.text[i] != 0x7f && name.text[i] != '{' &&
		    name.text[i] != '}';
	if (!is_good)
		return error_set(error, EXTAUTH_CONFIG,
		    "{{CONNECTION:/pointer}} needs a JSON pointer of at most "
		    "%d bytes, without braces and control bytes",
		    POINTER_MAX_BYTES);
	memcpy(pointer, name.text, name.length);
	return condition_check_pointer(pointer, error);
}

/* `name` is what stands behind the colon; without a colon its text is NULL. */
static enum extauth_err
check_name(enum placeholder placeholder, struct template_inside name,
    struct extauth_error *error)
{
	if (placeholder == PLACEHOLDER_SECRET)
		return check_secret_name(name, error);
	if (placeholder == PLACEHOLDER_CONNECTION)
		return check_connection_pointer(name, error);
	if (name.text == NULL)
		return EXTAUTH_OK;
	return error_set(error, EXTAUTH_CONFIG,
	    "{{%s}} takes no name behind a colon", names[placeholder]);
}

enum extauth_err
template_read_placeholder(struct template_inside inside,
    enum placeholder *ret_placeholder, struct template_inside *ret_name,
    struct extauth_error *error)
{
	const char *colon = memchr(inside.text, ':', inside.length);
	enum extauth_err err = check_blanks(inside, error);

	if (err != EXTAUTH_OK)
		return err;
	*ret_name = (struct template_inside){0};
	if (colon != NULL) {
		size_t before = (size_t)(colon - inside.text);

		*ret_name = (struct template_inside){
		    colon + 1, inside.length - before - 1};
		inside.length = before;
	}
	err = find_placeholder(inside, ret_placeholder, error);
	if (err != EXTAUTH_OK)
		return err;
	return check_name(*ret_placeholder, *ret_name, error);
}
