/* SPDX-License-Identifier: MIT */
#include "error.h"

#include <stdio.h>
#include <string.h>

static const char *(*error_translate)(const char *text);

void
error_translate_by(const char *(*translate)(const char *text))
{
	error_translate = translate;
}

const char *
error_translated(const char *text)
{
	return error_translate != NULL ? error_translate(text) : text;
}

const char *
error_of_number(int number)
{
	const char *text = strerrordesc_np(number);

	return error_translated(text != NULL ? text : N_("unknown error"));
}

static void
error_sanitise(char *text)
{
	for (; *text != '\0'; text++) {
		unsigned char byte = (unsigned char)*text;

		if (byte < 0x20 || byte == 0x7f)
			*text = '?';
	}
}

enum extauth_err
error_set(
    struct extauth_error *error, enum extauth_err err, const char *format, ...)
{
	va_list arguments;

	if (error == NULL)
		return err;
	va_start(arguments, format);
	if (vsnprintf(error->text, sizeof(error->text),
		error_translated(format), arguments) < 0)
		error->text[0] = '\0';
	va_end(arguments);
	error_sanitise(error->text);
	return err;
}

enum extauth_err
error_prefix(
    struct extauth_error *error, enum extauth_err err, const char *prefix)
{
	char rest[EXTAUTH_ERROR_TEXT_BYTES];

	if (error == NULL)
		return err;
	memcpy(rest, error->text, sizeof(rest));
	return error_set(error, err, "%s: %s", prefix, rest);
}

static const char *
english_name(enum extauth_err err)
{
	switch (err) {
	case EXTAUTH_OK:
		return N_("no error");
	case EXTAUTH_NOMEM:
		return N_("out of memory");
	case EXTAUTH_NOTFOUND:
		return N_("not found");
	case EXTAUTH_EXISTS:
		return N_("already there");
	case EXTAUTH_INVALID:
		return N_("not valid");
	case EXTAUTH_TOOBIG:
		return N_("too big");
	case EXTAUTH_CONFIG:
		return N_("configuration error");
	case EXTAUTH_UNAVAILABLE:
		return N_("not available");
	case EXTAUTH_SYSTEM:
		return N_("system error");
	}
	return N_("unknown error");
}

const char *
error_name(enum extauth_err err)
{
	return error_translated(english_name(err));
}
