/* SPDX-License-Identifier: MIT */
#include "error.h"

#include <stdio.h>
#include <string.h>

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
	if (vsnprintf(error->text, sizeof(error->text), format, arguments) < 0)
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

const char *
error_name(enum extauth_err err)
{
	switch (err) {
	case EXTAUTH_OK:
		return "no error";
	case EXTAUTH_NOMEM:
		return "out of memory";
	case EXTAUTH_NOTFOUND:
		return "not found";
	case EXTAUTH_EXISTS:
		return "already there";
	case EXTAUTH_INVALID:
		return "not valid";
	case EXTAUTH_TOOBIG:
		return "too big";
	case EXTAUTH_CONFIG:
		return "configuration error";
	case EXTAUTH_UNAVAILABLE:
		return "not available";
	case EXTAUTH_SYSTEM:
		return "system error";
	}
	return "unknown error";
}
