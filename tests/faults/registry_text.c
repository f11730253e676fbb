/* SPDX-License-Identifier: MIT */
#include "registry_text.h"

#include <dirent.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "paths.h"
#include "registry.h"
#include "registry_write.h"

#define NEXT_UID 2000999999u

static void
print_user(FILE *out, const struct registry_user *user)
{
	size_t number;

	(void)fprintf(out, "%s:%s:%s:%s:%s:%s:%s:%s:%u:%u:%lld:%d:%d:%d",
	    user->name, user->gecos, user->home, user->shell, user->email,
	    user->external_id, user->provider, user->source, user->uid,
	    user->gid, (long long)user->not_after, user->is_disabled,
	    user->is_held, user->is_linked);
	for (number = 0; number < user->gid_count; number++)
		(void)fprintf(out, ":%u", user->gids[number]);
	(void)fprintf(out, "\n");
}

static void
print_group(FILE *out, const struct registry_group *group)
{
	const char *member = group->members;
	size_t number;

	(void)fprintf(out, "group %s %u", group->name, group->gid);
	for (number = 0; number < group->member_count; number++) {
		(void)fprintf(out, " %s", member);
		member += strlen(member) + 1;
	}
	(void)fprintf(out, "\n");
}

static enum extauth_err
print_records(FILE *out, const struct registry *registry)
{
	cleanup_room struct registry_room room = {0};
	struct registry_record record;
	uint64_t cursor = 0;
	enum extauth_err result;

	while ((result = registry_next(registry, &cursor, &room, &record)) ==
	    EXTAUTH_OK) {
		if (record.kind == REGISTRY_USER)
			print_user(out, &record.user);
		else if (record.kind == REGISTRY_GROUP)
			print_group(out, &record.group);
		else if (record.kind == REGISTRY_TOMBSTONE)
			(void)fprintf(out, "gone %s %u\n", record.user.name,
			    record.user.uid);
	}
	return result == EXTAUTH_NOTFOUND ? EXTAUTH_OK : result;
}

static void
print_file(FILE *out, const char *path)
{
	cleanup_registry struct registry registry = {.fd = -1};
	struct extauth_error error = {""};
	enum extauth_err result = registry_open(path, &registry, &error);

	if (result == EXTAUTH_NOTFOUND) {
		(void)fprintf(out, "none");
		return;
	}
	if (result == EXTAUTH_OK)
		result = registry_verify(&registry, &error);
	if (result == EXTAUTH_OK)
		result = print_records(out, &registry);
	if (result != EXTAUTH_OK)
		(void)fprintf(out, "damaged: %s", error.text);
}

/* The order of records in a file says nothing. */
static int
compare(const void *first, const void *second)
{
	return strcmp(*(char *const *)first, *(char *const *)second);
}

static char *
in_order(char *text)
{
	static char *lines[4096];
	char *sorted = calloc(1, strlen(text) + 2);
	size_t count = 0;
	size_t number;
	char *line;

	if (sorted == NULL)
		err(99, "calloc");
	for (line = strtok(text, "\n"); line != NULL && count < 4096;
	     line = strtok(NULL, "\n"))
		lines[count++] = line;
	qsort(lines, count, sizeof(*lines), compare);
	for (number = 0, line = sorted; number < count; number++) {
		line = stpcpy(line, lines[number]);
		*line++ = '\n';
	}
	return sorted;
}

char *
registry_text(const char *path)
{
	char *text = NULL;
	char *sorted;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		err(99, "open_memstream");
	print_file(out, path);
	(void)fclose(out);
	sorted = in_order(text);
	free(text);
	return sorted;
}

static const char *
add_next(void)
{
	static struct extauth_error error;
	static const struct registry_user user = {
	    .name = "later",
	    .gecos = "",
	    .home = "/home/later",
	    .shell = "/bin/sh",
	    .email = "later@example.com",
	    .external_id = "",
	    .provider = "",
	    .source = "",
	    .uid = NEXT_UID,
	    .gid = NEXT_UID,
	};
	cleanup_change struct registry_change change = REGISTRY_CHANGE_NONE;
	enum extauth_err result = registry_change_begin(
	    EXTAUTH_REGISTRY_DIRECTORY, 1000, &change, &error);

	if (result == EXTAUTH_OK)
		result =
		    registry_contents_add_user(&change.contents, &user, &error);
	if (result == EXTAUTH_OK)
		result = registry_change_commit(&change, &error);
	return result == EXTAUTH_OK ? NULL : error.text;
}

const char *
registry_text_go_on(void)
{
	static const char known[] = " . .. registry nss lock sync ";
	static char left[300];
	const char *problem = add_next();
	const struct dirent *entry;
	DIR *directory;

	if (problem != NULL)
		return problem;
	directory = opendir(EXTAUTH_REGISTRY_DIRECTORY);
	if (directory == NULL)
		return "the directory is gone";
	while (problem == NULL && (entry = readdir(directory)) != NULL) {
		char name[260];

		(void)snprintf(name, sizeof(name), " %s ", entry->d_name);
		if (strstr(known, name) != NULL)
			continue;
		(void)snprintf(left, sizeof(left), "left: %s", entry->d_name);
		problem = left;
	}
	(void)closedir(directory);
	return problem;
}
