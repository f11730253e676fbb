/* SPDX-License-Identifier: MIT */
#include "sync_person.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* U+00C0 to U+00FF, whose second bytes in UTF-8 are 0x80 to 0xbf. */
#define LATIN_LEAD '\xc3'
static const char latin_letters[] = "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTs"
				    "aaaaaaaceeeeiiiidnooooo/ouuuuyty";

static bool
is_name_start(char byte)
{
	return (byte >= 'a' && byte <= 'z') || byte == '_';
}

static bool
is_name_byte(char byte)
{
	return is_name_start(byte) || (byte >= '0' && byte <= '9') ||
	    byte == '-';
}

static void
name_put(char *name, size_t *length, char byte)
{
	if (*length >= IDENTITY_NAME_MAX_BYTES)
		return;
	if (!is_name_byte(byte))
		byte = '-';
	name[(*length)++] = byte;
}

void
sync_person_make_name(const char *prefix, const char *text,
    char ret_name[IDENTITY_NAME_MAX_BYTES + 1])
{
	char whole[IDENTITY_TEXT_MAX_BYTES + 1];
	const char *byte = whole;
	size_t length = 0;

	(void)snprintf(whole, sizeof(whole), "%s%s", prefix, text);
	identity_fold(whole);
	if (!is_name_start(*whole))
		name_put(ret_name, &length, '_');
	for (; *byte != '\0'; byte++)
		name_put(ret_name, &length, *byte);
	ret_name[length] = '\0';
}

void
sync_person_login_name(const struct config *config, const char *name,
    const char *email, char ret_name[IDENTITY_TEXT_MAX_BYTES + 1])
{
	const char *text = *name != '\0' ? name : email;
	char local[IDENTITY_TEXT_MAX_BYTES + 1];

	if (strchr(text, '@') != NULL && config->general.email_login_names) {
		(void)snprintf(
		    ret_name, IDENTITY_TEXT_MAX_BYTES + 1, "%s", email);
		identity_fold(ret_name);
		return;
	}
	(void)snprintf(local, sizeof(local), "%s", text);
	local[strcspn(local, "@")] = '\0';
	sync_person_make_name("", local, ret_name);
}

void
sync_person_make_gecos(
    const char *text, char ret_gecos[IDENTITY_TEXT_MAX_BYTES + 1])
{
	size_t length = 0;

	while (*text != '\0' && length < IDENTITY_TEXT_MAX_BYTES) {
		char byte = *text++;

		if (byte == LATIN_LEAD && (*text & 0xc0) == 0x80)
			byte = latin_letters[*text & 0x3f];
		else if (byte == ':')
			byte = ' ';
		else if (byte < 0x20 || byte > 0x7e)
			byte = '?';
		ret_gecos[length++] = byte;
		while ((*text & 0xc0) == 0x80)
			text++;
	}
	ret_gecos[length] = '\0';
}
