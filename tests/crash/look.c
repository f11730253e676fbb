/* SPDX-License-Identifier: MIT */
/* Judges a registry quickly and often: reads both files whole by the product's
 * own reader, every record also through each index, and lets the product's
 * writer go on.
 * Does not know: what the files should hold, how they came about.
 *
 * usage: look DIRECTORY; commands on standard input, an answer line for each:
 *   look     "CONTENT GENERATION CONTENT GENERATION", registry, then nss;
 *            CONTENT is a number that stands for all that a file holds, in any
 *            order, or "none", or "bad" with a reason behind the line
 *   add NAME registers one more person, waiting for nobody: "done" or "failed"
 *            and the reason
 *   first    writes both files anew in the first format; answers as add */
#include <err.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "registry.h"
#include "registry_format.h"
#include "registry_write.h"

#define UID_FIRST 2000200001U
#define UID_LAST 2147352575U
#define LINE_BYTES 256

/* What is known of one file. */
struct look {
	struct registry registry;
	struct registry_room room;  /* of the walk */
	struct registry_room other; /* of a look-up */
	uint64_t content;
	char reason[LINE_BYTES]; /* "" while nothing is wrong */
};

static void
complain(struct look *look, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(look->reason, sizeof(look->reason), format, arguments);
	va_end(arguments);
}

/* FNV-1a, with the NUL. */
static uint64_t
mix_text(uint64_t hash, const char *text)
{
	do {
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3;
	} while (*text++ != '\0');
	return hash;
}

static uint64_t
mix(uint64_t hash, uint64_t number)
{
	int at;

	for (at = 0; at < 8; at++, number >>= 8)
		hash = (hash ^ (number & 0xff)) * 0x100000001b3;
	return hash;
}

static uint64_t
user_hash(const struct registry_user *user)
{
	const char *const texts[] = {user->name, user->gecos, user->home,
	    user->shell, user->email, user->external_id, user->provider,
	    user->source};
	const uint64_t numbers[] = {user->uid, user->gid,
	    (uint64_t)user->not_after, user->is_disabled, user->is_held,
	    user->is_linked, user->gid_count};
	uint64_t hash = 0xcbf29ce484222325;
	uint64_t gids = 0;
	size_t at;

	for (at = 0; at < sizeof(texts) / sizeof(*texts); at++)
		hash = mix_text(hash, texts[at] != NULL ? texts[at] : "");
	for (at = 0; at < sizeof(numbers) / sizeof(*numbers); at++)
		hash = mix(hash, numbers[at]);
	for (at = 0; at < user->gid_count; at++)
		gids += mix(0xcbf29ce484222325, user->gids[at]);
	return mix(hash, gids);
}

static uint64_t
group_hash(const struct registry_group *group)
{
	const char *member = group->members;
	uint64_t members = 0;
	size_t at;

	for (at = 0; at < group->member_count; at++) {
		members += mix_text(0xcbf29ce484222325, member);
		member += strlen(member) + 1;
	}
	return mix(mix(mix_text(0xcbf29ce484222325, group->name), group->gid),
	    members);
}

/* A user must be found by everything that he has. */
static void
find_user(struct look *look, const struct registry_user *user)
{
	const struct registry *registry = &look->registry;
	struct registry_user found = {0};
	enum extauth_err err =
	    registry_find_name(registry, user->name, &look->other, &found);
	bool is_same = err == EXTAUTH_OK && found.uid == user->uid;

	err = registry_find_uid(registry, user->uid, &look->other, &found);
	/* A linked user's uid is his account's. */
	is_same = is_same &&
	    (user->is_linked ||
		(err == EXTAUTH_OK && strcmp(found.name, user->name) == 0));
	if (user->email[0] != '\0') {
		err = registry_find_email(
		    registry, user->email, &look->other, &found);
		is_same =
		    is_same && err == EXTAUTH_OK && found.uid == user->uid;
	}
	if (user->external_id[0] != '\0') {
		err = registry_find_external_id(
		    registry, user->external_id, &look->other, &found);
		is_same = is_same && err == EXTAUTH_OK &&
		    strcmp(found.external_id, user->external_id) == 0;
	}
	if (!is_same)
		complain(look, "user %s is not found", user->name);
}

static void
find_group(struct look *look, const struct registry_group *group)
{
	struct registry_group found = {0};
	const struct registry *registry = &look->registry;
	bool is_same = registry_find_group_name(registry, group->name,
			   &look->other, &found) == EXTAUTH_OK &&
	    found.gid == group->gid && group_hash(&found) == group_hash(group);

	is_same = is_same &&
	    registry_find_gid(registry, group->gid, &look->other, &found) ==
		EXTAUTH_OK &&
	    group_hash(&found) == group_hash(group);
	if (!is_same)
		complain(look, "group %s is not found", group->name);
}

static void
take_record(struct look *look, const struct registry_record *record)
{
	switch (record->kind) {
	case REGISTRY_USER:
		look->content += user_hash(&record->user);
		find_user(look, &record->user);
		break;
	case REGISTRY_GROUP:
		look->content += group_hash(&record->group);
		find_group(look, &record->group);
		break;
	case REGISTRY_TOMBSTONE:
		look->content +=
		    mix(mix_text(1, record->user.name), record->user.uid);
		break;
	case REGISTRY_NONE:
	case REGISTRY_HOLE:
		break;
	}
}

static void
walk(struct look *look)
{
	struct registry_record record = {0};
	uint64_t cursor = 0;
	enum extauth_err err;

	look->content = mix(
	    mix(mix(1, look->registry.version), look->registry.may_enumerate),
	    look->registry.may_map);
	while ((err = registry_next(&look->registry, &cursor, &look->room,
		    &record)) == EXTAUTH_OK &&
	    look->reason[0] == '\0')
		take_record(look, &record);
	if (look->reason[0] == '\0' && err != EXTAUTH_NOTFOUND)
		complain(look, "the walk ends in %s", error_name(err));
}

/* In a map: a look-up takes no system call. */
static void
walk_mapped(struct look *look)
{
	struct extauth_error error = {0};
	struct registry *registry = &look->registry;
	void *map =
	    mmap(NULL, registry->size, PROT_READ, MAP_PRIVATE, registry->fd, 0);

	if (map == MAP_FAILED)
		err(99, "mmap");
	if (registry_verify(registry, &error) != EXTAUTH_OK)
		complain(look, "%s", error.text);
	registry->map = map;
	if (look->reason[0] == '\0')
		walk(look);
	(void)munmap(map, registry->size);
}

/* Prints the answer for one file; the reason, if any, goes behind the line. */
static void
look_at(const char *path, char reason[LINE_BYTES])
{
	struct extauth_error error = {0};
	struct look look = {.registry = {.fd = -1}};
	const enum extauth_err result =
	    registry_open(path, &look.registry, &error);

	if (result == EXTAUTH_NOTFOUND) {
		printf("none 0 ");
		return;
	}
	if (result == EXTAUTH_OK)
		walk_mapped(&look);
	else
		complain(&look, "%s", error.text);
	if (look.reason[0] != '\0') {
		printf("bad 0 ");
		memcpy(reason, look.reason, sizeof(look.reason));
	} else {
		printf("%016llx %llu ", (unsigned long long)look.content,
		    (unsigned long long)look.registry.generation);
	}
	registry_close(&look.registry);
	registry_room_clear(&look.room);
	registry_room_clear(&look.other);
}

static enum extauth_err
add_person(struct registry_contents *contents, const char *name,
    struct extauth_error *error)
{
	cleanup_uid_rules struct registry_uid_rules rules = {0};
	char email[LINE_BYTES + 16];
	struct registry_user user = {.name = name,
	    .gecos = "",
	    .home = "/home/later",
	    .shell = "/bin/sh",
	    .email = email,
	    .external_id = "",
	    .provider = "",
	    .source = ""};
	enum extauth_err result =
	    registry_uid_rules_load(UID_FIRST, UID_LAST, &rules, error);

	(void)snprintf(email, sizeof(email), "%s@example.com", name);
	if (result == EXTAUTH_OK)
		result = registry_allocate_uid(
		    contents, &rules, "", &user.uid, error);
	user.gid = user.uid;
	if (result == EXTAUTH_OK)
		result = registry_contents_add_user(contents, &user, error);
	return result;
}

/* `name` NULL: nobody is added, and the format becomes the first one. */
static void
go_on(const char *directory, const char *name)
{
	cleanup_change struct registry_change change = REGISTRY_CHANGE_NONE;
	struct extauth_error error = {0};
	enum extauth_err result =
	    registry_change_begin(directory, 0, &change, &error);

	if (result == EXTAUTH_OK && name != NULL)
		result = add_person(&change.contents, name, &error);
	if (result == EXTAUTH_OK && name == NULL)
		change.contents.version = REGISTRY_VERSION_FIRST;
	if (result == EXTAUTH_OK)
		result = registry_change_commit(&change, &error);
	if (result == EXTAUTH_OK)
		printf("done\n");
	else
		printf("failed %s: %s\n", error_name(result), error.text);
}

int
main(int count, char **arguments)
{
	char line[LINE_BYTES];
	char paths[2][LINE_BYTES];

	if (count != 2)
		return 64;
	(void)snprintf(paths[0], LINE_BYTES, "%s/registry", arguments[1]);
	(void)snprintf(paths[1], LINE_BYTES, "%s/nss", arguments[1]);
	while (fgets(line, sizeof(line), stdin) != NULL) {
		char reason[LINE_BYTES] = "";

		line[strcspn(line, "\n")] = '\0';
		if (strcmp(line, "look") == 0) {
			look_at(paths[0], reason);
			look_at(paths[1], reason);
			printf("%s\n", reason);
		} else if (strcmp(line, "first") == 0) {
			go_on(arguments[1], NULL);
		} else if (strncmp(line, "add ", 4) == 0) {
			go_on(arguments[1], line + 4);
		} else {
			return 64;
		}
		(void)fflush(stdout);
	}
	return EXIT_SUCCESS;
}
