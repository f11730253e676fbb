/* SPDX-License-Identifier: MIT */
#include "device_os.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#define ASSIGNMENT "PRETTY_NAME="
#define LINE_MAX_BYTES 1024
#define NAME_MAX_BYTES 255

/* Gives the byte that stands in the value at `*at` and moves on; '\0' where the
 * value ends. */
static char
next_byte(const char **at, char quote)
{
	char byte = **at;

	if (byte == quote || byte == '\n' || byte == '\0')
		return '\0';
	if (quote == '\0' && (byte == ' ' || byte == '\t' || byte == '\r'))
		return '\0';
	(*at)++;
	if (byte != '\\' || quote == '\'')
		return byte;
	if (**at == '\n' || **at == '\0')
		return '\0';
	if (quote == '"' && strchr("\"\\$`", **at) == NULL)
		return byte;
	return *(*at)++;
}

bool
device_os_parse_line(const char *line, char *ret_name, size_t size)
{
	const char *at;
	char name[NAME_MAX_BYTES + 1];
	size_t length = 0;
	char quote = '\0';
	char byte;

	if (strncmp(line, ASSIGNMENT, strlen(ASSIGNMENT)) != 0)
		return false;
	at = line + strlen(ASSIGNMENT);
	if (*at == '"' || *at == '\'')
		quote = *at++;
	while ((byte = next_byte(&at, quote)) != '\0')
		if (length < NAME_MAX_BYTES)
			name[length++] = byte;
	name[length] = '\0';
	if (length == 0 || (quote != '\0' && *at != quote))
		return false;
	(void)snprintf(ret_name, size, "%s", name);
	return true;
}

static void
close_file(FILE *const *file)
{
	if (*file != NULL)
		(void)fclose(*file);
}

/* The last assignment holds, as in a shell. */
static void
read_pretty_name(char *name, size_t size)
{
	__attribute__((cleanup(close_file))) FILE *file =
	    fopen("/etc/os-release", "re");
	char line[LINE_MAX_BYTES];

	if (file == NULL)
		file = fopen("/usr/lib/os-release", "re");
	if (file == NULL)
		return;
	while (fgets(line, sizeof(line), file) != NULL)
		(void)device_os_parse_line(line, name, size);
}

void
device_os_describe(char *ret_os, size_t size)
{
	char name[NAME_MAX_BYTES + 1] = "Linux";
	struct utsname system;

	read_pretty_name(name, sizeof(name));
	if (uname(&system) != 0)
		system.machine[0] = '\0';
	(void)snprintf(ret_os, size, "%s%s%s", name,
	    system.machine[0] != '\0' ? " " : "", system.machine);
}
