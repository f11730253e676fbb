/* SPDX-License-Identifier: MIT */
#include "setup_pam.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pam_stack.h"
#include "setup_command.h"
#include "setup_file.h"
#include "setup_step.h"
#include "translate.h"

#define OUTPUT_BYTES 8192
#define PATH_BYTES 512
#define TYPE_BYTES 32

static const char home_module[] = "pam_mkhomedir.so";

const char *
setup_pam_home_line(const char *text, size_t *ret_length)
{
	const char *line;
	size_t length;

	while ((line = setup_line_take(&text, &length)) != NULL) {
		const char *found =
		    memmem(line, length, home_module, strlen(home_module));

		if (found == NULL || *line == '#')
			continue;
		*ret_length = length;
		return line;
	}
	return NULL;
}

static bool
home_is_on(void)
{
	cleanup_buffer struct buffer text = buffer_make(SETUP_FILE_MAX_BYTES);
	struct extauth_error ignored = {0};
	size_t length;

	return setup_file_read(SETUP_SESSION, &text, &ignored) == EXTAUTH_OK &&
	    setup_pam_home_line(buffer_text(&text), &length) != NULL;
}

bool
setup_pam_is_on(const char *profile)
{
	if (strcmp(profile, "mkhomedir") == 0)
		return home_is_on();
	return pam_stack_has_us("common-auth", "auth") &&
	    pam_stack_has_us("common-account", "account");
}

/* "Auth-Type: Primary" and the like name no lines. `type` is emptied there;
 * the first line of a stack that is already filled is the one that comes. */
static void
heading_read(const char *line, size_t length, char *type)
{
	size_t name = strcspn(line, ":");

	type[0] = '\0';
	if (name >= TYPE_BYTES || name + 1 < length ||
	    memchr(line, '-', name) != NULL)
		return;
	(void)snprintf(type, TYPE_BYTES, "%.*s", (int)name, line);
	type[0] = (char)(type[0] | 0x20);
}

enum extauth_err
setup_pam_lines(
    const char *profile, struct buffer *lines, struct extauth_error *error)
{
	cleanup_buffer struct buffer text = buffer_make(SETUP_FILE_MAX_BYTES);
	char path[PATH_BYTES];
	char type[TYPE_BYTES] = "";
	const char *rest;
	const char *line;
	size_t length;

	(void)snprintf(path, sizeof(path), SETUP_PROFILES "/%s", profile);
	if (access(SETUP_PAM_UPDATE, X_OK) != 0)
		return error_set(error, EXTAUTH_NOTFOUND,
		    "%s: not there: install libpam-runtime, or write the lines "
		    "of pam_extauth(8) into /etc/pam.d by hand",
		    SETUP_PAM_UPDATE);
	if (setup_file_read(path, &text, error) != EXTAUTH_OK)
		return error_set(error, EXTAUTH_NOTFOUND,
		    "%s: not there: install %s", path,
		    strcmp(profile, "extauth") == 0 ? "libpam-extauth"
						    : "libpam-runtime");
	rest = buffer_text(&text);
	while ((line = setup_line_take(&rest, &length)) != NULL) {
		enum extauth_err err;

		if (*line != '\t' && *line != ' ') {
			heading_read(line, length, type);
			continue;
		}
		line += strspn(line, " \t");
		length = strcspn(line, "\n");
		if (type[0] == '\0' || length == 0)
			continue;
		err = buffer_append_format(
		    lines, "%s %.*s\n", type, (int)length, line);
		if (err != EXTAUTH_OK)
			return err;
	}
	return EXTAUTH_OK;
}

static enum extauth_err
switch_failed(const char *profile, bool is_on, const struct buffer *output,
    struct extauth_error *error)
{
	const char *said = buffer_text(output);

	if (strstr(said, "Local modifications") != NULL)
		return error_set(error, EXTAUTH_CONFIG,
		    "/etc/pam.d/common-*: changed by hand, so pam-auth-update "
		    "leaves these files alone. Either `pam-auth-update --force "
		    "--%s %s` (it keeps the old ones as *.pam-old), or %s "
		    "by hand; then run this again",
		    is_on ? "enable" : "disable", profile,
		    is_on ? _("write the lines of pam_extauth(8) there")
			  : _("take the lines out"));
	said += strspn(said, " \n");
	return error_set(error, EXTAUTH_SYSTEM,
	    "pam-auth-update --%s %s: /etc/pam.d/common-* are not as they "
	    "should be afterwards%s%.*s",
	    is_on ? "enable" : "disable", profile, *said != '\0' ? ": " : "",
	    (int)strcspn(said, "\n"), said);
}

enum extauth_err
setup_pam_switch(const char *profile, bool is_on, struct extauth_error *error)
{
	const char *const argv[] = {
	    SETUP_PAM_UPDATE, is_on ? "--enable" : "--disable", profile, NULL};
	cleanup_buffer struct buffer output = buffer_make(OUTPUT_BYTES);
	enum extauth_err err;
	int status = 0;

	if (setup_pam_is_on(profile) == is_on)
		return EXTAUTH_OK;
	err = setup_command_run(argv, &output, &status, error);
	if (err != EXTAUTH_OK)
		return err;
	/* Where it does nothing it ends with 0 as well. */
	if (status == 0 && setup_pam_is_on(profile) == is_on)
		return EXTAUTH_OK;
	return switch_failed(profile, is_on, &output, error);
}
