/* SPDX-License-Identifier: MIT */
#include "message.h"

#include <stdio.h>
#include <stdlib.h>

#include "translate.h"

#define MESSAGE_BYTES 2048

void
complain(const char *format, ...)
{
	char text[MESSAGE_BYTES];
	va_list arguments;
	char *byte;

	va_start(arguments, format);
	if (vsnprintf(text, sizeof(text), translate_text(format), arguments) <
	    0)
		text[0] = '\0';
	va_end(arguments);
	for (byte = text; *byte != '\0'; byte++)
		if (((unsigned char)*byte < 0x20 && *byte != '\n') ||
		    *byte == 0x7f)
			*byte = '?';
	(void)fflush(stdout);
	(void)fprintf(stderr, "extauthctl: %s\n", text);
}

static enum ctl_exit
exit_of(enum extauth_err err)
{
	switch (err) {
	case EXTAUTH_OK:
		return CTL_DONE;
	case EXTAUTH_NOTFOUND:
	case EXTAUTH_EXISTS:
	case EXTAUTH_INVALID:
	case EXTAUTH_TOOBIG:
		return CTL_NO;
	case EXTAUTH_CONFIG:
		return CTL_CONFIG;
	case EXTAUTH_NOMEM:
	case EXTAUTH_UNAVAILABLE:
	case EXTAUTH_SYSTEM:
		return CTL_CANNOT;
	}
	return CTL_CANNOT;
}

enum ctl_exit
complain_error(enum extauth_err err, const struct extauth_error *error)
{
	complain("%s", error->text[0] != '\0' ? error->text : error_name(err));
	return exit_of(err);
}

enum ctl_exit
complain_about(
    const char *what, enum extauth_err err, const struct extauth_error *error)
{
	complain("%s: %s", what,
	    error->text[0] != '\0' ? error->text : error_name(err));
	return exit_of(err);
}

void
die_of_memory(void)
{
	complain("out of memory");
	/* One thread. NOLINTNEXTLINE(concurrency-mt-unsafe) */
	exit(CTL_CANNOT);
}
