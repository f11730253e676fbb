/* SPDX-License-Identifier: MIT */
/* Writes the users of the benchmark to standard output in one form:
 *   passwd, group   the files of /etc
 *   csv             for `extauthctl user import`
 *   ixname, ixuid   the indexes of libnss-cache: key, NUL, offset of the line,
 *                   NULs up to the length of a row, line end; sorted by bytes
 * Does not know: who reads it.
 *
 * usage: nss_data passwd|group|csv|ixname|ixuid USERS */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nss_users.h"

#define LINE_BYTES 160

/* Makes the user's line of passwd(5) and tells its length. */
static size_t
make_line(char line[LINE_BYTES], uint32_t number)
{
	char name[USERS_NAME_BYTES];
	int length;

	users_name(name, number);
	length = snprintf(line, LINE_BYTES,
	    "%s:x:%u:%u:User Number %u:/home/%s:/bin/bash\n", name,
	    USERS_FIRST_UID + number, USERS_FIRST_UID + number, number, name);
	return length > 0 ? (size_t)length : 0;
}

static void
write_passwd(uint32_t users)
{
	char line[LINE_BYTES];
	uint32_t number;

	for (number = 0; number < users; number++) {
		(void)make_line(line, number);
		(void)fputs(line, stdout);
	}
}

/* Writes the user's name if he is in the group. */
static const char *
write_member(uint32_t number, unsigned group, const char *comma)
{
	char name[USERS_NAME_BYTES];
	unsigned at;

	for (at = 0; at < users_group_count(number); at++) {
		if (users_group(number, at) != group)
			continue;
		users_name(name, number);
		(void)printf("%s%s", comma, name);
		return ",";
	}
	return comma;
}

static void
write_group_of(uint32_t users, unsigned group)
{
	const char *comma = "";
	uint32_t number;

	(void)printf("group%03u:x:%u:", group, USERS_FIRST_GID + group);
	for (number = 0; number + 100 < users; number += 1000) {
		comma = write_member(number + 10, group, comma);
		comma = write_member(number + 100, group, comma);
	}
	(void)putchar('\n');
}

static void
write_group(uint32_t users)
{
	unsigned group;

	for (group = 0; group < USERS_GROUPS; group++)
		write_group_of(users, group);
}

/* From the highest uid down, so that no new group is given one that a later
 * line asks for. */
static void
write_csv(uint32_t users)
{
	char name[USERS_NAME_BYTES];
	uint32_t number = users;
	unsigned at;

	(void)puts("name,email,uid,gecos,home,shell,external_id,groups");
	while (number-- > 0) {
		users_name(name, number);
		(void)printf("%s,%s@example.com,%u,User Number %u,/home/%s,"
			     "/bin/bash,id-%u,",
		    name, name, USERS_FIRST_UID + number, number, name, number);
		for (at = 0; at < users_group_count(number); at++)
			(void)printf("%sgroup%03u", at > 0 ? ";" : "",
			    users_group(number, at));
		(void)putchar('\n');
	}
}

/* All keys of one kind have one length, so their order is that of numbers. */
static void
write_index(uint32_t users, bool by_uid)
{
	char name[USERS_NAME_BYTES];
	char line[LINE_BYTES];
	uint64_t offset = 0;
	uint32_t number;

	for (number = 0; number < users; number++) {
		uint32_t uid = USERS_FIRST_UID + number;

		users_name(name, number);
		if (by_uid)
			(void)printf("%u%c%012llu%c\n", uid, 0,
			    (unsigned long long)offset, 0);
		else
			(void)printf("%s%c%012llu%c\n", name, 0,
			    (unsigned long long)offset, 0);
		offset += make_line(line, number);
	}
}

int
main(int argc, char **argv)
{
	uint32_t users = argc == 3 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;

	if (users > 0 && strcmp(argv[1], "passwd") == 0)
		write_passwd(users);
	else if (users > 0 && strcmp(argv[1], "group") == 0)
		write_group(users);
	else if (users > 0 && strcmp(argv[1], "csv") == 0)
		write_csv(users);
	else if (users > 0 && strcmp(argv[1], "ixname") == 0)
		write_index(users, false);
	else if (users > 0 && strcmp(argv[1], "ixuid") == 0)
		write_index(users, true);
	else
		return EXIT_FAILURE;
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
