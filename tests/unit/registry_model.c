/* SPDX-License-Identifier: MIT */
#include "registry_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registry_format.h"

#define LINE_BYTES 2048
#define LINES_MAX 8192

struct lines {
	char *lines[LINES_MAX];
	size_t count;
};

unsigned
model_roll(struct registry_model *model, unsigned limit)
{
	model->dice = model->dice * 6364136223846793005U + 1442695040888963407U;
	return (unsigned)(model->dice >> 33) % limit;
}

/* Gids of some groups that there are. */
static size_t
roll_gids(struct registry_model *model,
    const struct registry_contents *contents, uint32_t gids[4])
{
	size_t count = 0;

	while (
	    contents->group_count > 0 && count < 4 && model_roll(model, 2) == 0)
		gids[count++] = contents
				    ->groups[model_roll(
					model, (unsigned)contents->group_count)]
				    .gid;
	return count;
}

static void
step_add(struct registry_model *model, struct registry_contents *contents)
{
	struct extauth_error error = {0};
	struct registry_user user = case_alice();
	char texts[4][128];
	uint32_t gids[4];
	enum extauth_err err;
	/* Some come back under the name that they had. */
	unsigned number = model_roll(model, 4) == 0 && model->users > 0
	    ? model_roll(model, model->users)
	    : model->users;

	snprintf(texts[0], sizeof(texts[0]), "user%u", number);
	snprintf(texts[1], sizeof(texts[1]), "User%u.%u@example.com", number,
	    model->users);
	snprintf(texts[2], sizeof(texts[2]), "id-%u", model->users);
	snprintf(texts[3], sizeof(texts[3]), "%.*s", (int)model_roll(model, 60),
	    "A name of which more or less is taken, up to sixty of its bytes");
	user.name = texts[0];
	user.email = texts[1];
	user.external_id = model_roll(model, 3) == 0 ? "" : texts[2];
	user.gecos = texts[3];
	user.is_linked = model_roll(model, 8) == 0;
	user.uid = (user.is_linked ? 1000 : FIRST_UID) + model->users++;
	user.gid = user.uid;
	user.gids = gids;
	user.gid_count = roll_gids(model, contents, gids);
	err = registry_contents_add_user(contents, &user, &error);
	ck_assert_msg(
	    err == EXTAUTH_OK || err == EXTAUTH_EXISTS, "%s", error.text);
}

static void
step_change(struct registry_model *model, struct registry_contents *contents)
{
	struct extauth_error error = {0};
	struct registry_user user;
	char texts[2][64];
	uint32_t gids[4];
	enum extauth_err err;

	if (contents->user_count == 0)
		return;
	user =
	    contents->users[model_roll(model, (unsigned)contents->user_count)];
	snprintf(texts[0], sizeof(texts[0]), "Other.%u@example.org",
	    model_roll(model, 100000));
	snprintf(
	    texts[1], sizeof(texts[1]), "other-%u", model_roll(model, 100000));
	user.is_disabled = model_roll(model, 2) == 0;
	user.not_after = model_roll(model, 2) == 0 ? 0 : 4102444800;
	if (model_roll(model, 3) == 0)
		user.email = texts[0];
	if (model_roll(model, 3) == 0)
		user.external_id = model_roll(model, 3) == 0 ? "" : texts[1];
	if (model_roll(model, 3) == 0)
		user.gecos = texts[1];
	if (model_roll(model, 3) == 0) {
		user.gids = gids;
		user.gid_count = roll_gids(model, contents, gids);
	}
	err = registry_contents_change_user(contents, &user, &error);
	ck_assert_msg(
	    err == EXTAUTH_OK || err == EXTAUTH_EXISTS, "%s", error.text);
}

static void
step_remove(struct registry_model *model, struct registry_contents *contents)
{
	char name[32];

	if (contents->user_count == 0)
		return;
	snprintf(name, sizeof(name), "%s",
	    contents->users[model_roll(model, (unsigned)contents->user_count)]
		.name);
	ck_assert_ok(registry_contents_remove_user(contents, name));
}

static void
step_group(struct registry_model *model, struct registry_contents *contents)
{
	char name[32];

	if (model_roll(model, 3) > 0 || contents->group_count == 0) {
		snprintf(name, sizeof(name), "group%u", model->groups);
		ck_assert_ok(registry_contents_add_group(
		    contents, name, ADMINS_GID + model->groups++, NULL));
		return;
	}
	snprintf(name, sizeof(name), "%s",
	    contents->groups[model_roll(model, (unsigned)contents->group_count)]
		.name);
	if (registry_contents_remove_group(contents, name) == EXTAUTH_OK &&
	    model_roll(model, 2) == 0)
		/* The gid comes back under another name. */
		ck_assert_ok(registry_contents_add_group(
		    contents, name, ADMINS_GID + model->groups++, NULL));
}

void
model_step(struct registry_model *model, struct registry_contents *contents)
{
	switch (model_roll(model, 8)) {
	case 0:
	case 1:
	case 2:
		step_add(model, contents);
		break;
	case 3:
	case 4:
	case 5:
		step_change(model, contents);
		break;
	case 6:
		step_remove(model, contents);
		break;
	default:
		step_group(model, contents);
	}
}

static void
lines_add(struct lines *lines, const char *line)
{
	ck_assert_uint_lt(lines->count, LINES_MAX);
	lines->lines[lines->count] = strdup(line);
	ck_assert_ptr_nonnull(lines->lines[lines->count++]);
}

static int
compare_lines(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

static void
lines_add_user(
    struct lines *lines, const struct registry_user *user, bool is_nss)
{
	char line[LINE_BYTES];
	size_t length;
	size_t number;

	length = (size_t)snprintf(line, sizeof(line),
	    "u %s|%s|%s|%s|%s|%s|%s|%s|%u|%u|%lld|%d%d|", user->name,
	    user->gecos, user->home, user->shell, is_nss ? "" : user->email,
	    is_nss ? "" : user->external_id, is_nss ? "" : user->provider,
	    is_nss ? "" : user->source, user->uid, user->gid,
	    (long long)user->not_after, user->is_disabled, user->is_linked);
	for (number = 0; number < user->gid_count; number++)
		length += (size_t)snprintf(line + length, sizeof(line) - length,
		    " %u", user->gids[number]);
	lines_add(lines, line);
}

static void
lines_add_member(struct lines *lines, uint32_t gid, const char *name)
{
	char line[LINE_BYTES];

	snprintf(line, sizeof(line), "m %u %s", gid, name);
	lines_add(lines, line);
}

static void
lines_add_pair(
    struct lines *lines, const char *kind, uint32_t number, const char *name)
{
	char line[LINE_BYTES];

	snprintf(line, sizeof(line), "%s %u %s", kind, number, name);
	lines_add(lines, line);
}

static void
lines_of_contents(
    const struct registry_contents *contents, bool is_nss, struct lines *lines)
{
	size_t number;
	size_t place;

	for (number = 0; number < contents->user_count; number++) {
		const struct registry_user *user = &contents->users[number];

		if (is_nss && user->is_linked)
			continue;
		lines_add_user(lines, user, is_nss);
		for (place = 0; place < user->gid_count; place++)
			lines_add_member(lines, user->gids[place], user->name);
	}
	for (number = 0; number < contents->group_count; number++)
		lines_add_pair(lines, "g", contents->groups[number].gid,
		    contents->groups[number].name);
	for (number = 0; !is_nss && number < contents->tombstone_count;
	     number++)
		lines_add_pair(lines, "t", contents->tombstones[number].uid,
		    contents->tombstones[number].name);
}

static void
lines_add_group(struct lines *lines, const struct registry_group *group)
{
	const char *member = group->members;
	size_t number;

	lines_add_pair(lines, "g", group->gid, group->name);
	for (number = 0; number < group->member_count; number++) {
		lines_add_member(lines, group->gid, member);
		member += strlen(member) + 1;
	}
}

static void
lines_of_file(const struct registry *registry, bool is_nss, struct lines *lines)
{
	cleanup_room struct registry_room room = {0};
	struct registry_record record;
	uint64_t cursor = 0;
	enum extauth_err err;

	while ((err = registry_next(registry, &cursor, &room, &record)) ==
	    EXTAUTH_OK) {
		if (record.kind == REGISTRY_USER)
			lines_add_user(lines, &record.user, is_nss);
		else if (record.kind == REGISTRY_TOMBSTONE)
			lines_add_pair(
			    lines, "t", record.user.uid, record.user.name);
		else
			lines_add_group(lines, &record.group);
	}
	ck_assert_int_eq(err, EXTAUTH_NOTFOUND);
}

static void
assert_lines_equal(struct lines *one, struct lines *other)
{
	size_t number;

	qsort(one->lines, one->count, sizeof(char *), compare_lines);
	qsort(other->lines, other->count, sizeof(char *), compare_lines);
	ck_assert_uint_eq(one->count, other->count);
	for (number = 0; number < one->count; number++) {
		ck_assert_str_eq(one->lines[number], other->lines[number]);
		free(one->lines[number]);
		free(other->lines[number]);
	}
}

static bool
is_him(enum extauth_err err, const struct registry_user *found,
    const struct registry_user *user, bool is_there)
{
	if (!is_there)
		return err == EXTAUTH_NOTFOUND;
	return err == EXTAUTH_OK && strcmp(found->name, user->name) == 0 &&
	    found->uid == user->uid;
}

/* A user is found by each of his keys, and by those alone. */
static void
assert_found(const struct registry *registry, const struct registry_user *user,
    bool is_nss)
{
	cleanup_room struct registry_room room = {0};
	bool is_there = !is_nss || !user->is_linked;
	struct registry_user found;
	struct registry_group group;
	enum extauth_err err;

	err = registry_find_name(registry, user->name, &room, &found);
	ck_assert(is_him(err, &found, user, is_there));
	err = registry_find_uid(registry, user->uid, &room, &found);
	ck_assert(is_him(err, &found, user, is_there));
	err = registry_find_email(registry, user->email, &room, &found);
	ck_assert(is_him(err, &found, user, !is_nss));
	err = registry_find_external_id(
	    registry, user->external_id, &room, &found);
	ck_assert(
	    is_him(err, &found, user, !is_nss && *user->external_id != '\0'));
	err = registry_find_group_name(registry, user->name, &room, &group);
	ck_assert_int_eq(err, user->is_linked ? EXTAUTH_NOTFOUND : EXTAUTH_OK);
	err = registry_find_gid(registry, user->uid, &room, &group);
	ck_assert_int_eq(err, user->is_linked ? EXTAUTH_NOTFOUND : EXTAUTH_OK);
}

static void
assert_file(const struct registry_model *model,
    const struct registry_contents *contents, const char *name, bool is_nss)
{
	static struct lines lines[2];
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_room struct registry_room room = {0};
	struct registry_group group;
	struct registry_user user;
	size_t number;

	case_open(name, &registry);
	ck_assert_ok(registry_verify(&registry, NULL));
	ck_assert_uint_eq(registry.generation, contents->generation);
	lines[0].count = 0;
	lines[1].count = 0;
	lines_of_contents(contents, is_nss, &lines[0]);
	lines_of_file(&registry, is_nss, &lines[1]);
	assert_lines_equal(&lines[0], &lines[1]);
	for (number = 0; number < contents->user_count; number++)
		assert_found(&registry, &contents->users[number], is_nss);
	for (number = 0; number < contents->group_count; number++) {
		ck_assert_ok(registry_find_group_name(
		    &registry, contents->groups[number].name, &room, &group));
		ck_assert_uint_eq(group.gid, contents->groups[number].gid);
		ck_assert_ok(registry_find_gid(
		    &registry, contents->groups[number].gid, &room, &group));
	}
	for (number = 0; number < model->users; number++) {
		char text[32];
		const struct registry_user *now;
		enum extauth_err err;

		snprintf(text, sizeof(text), "user%zu", number);
		now = registry_contents_find_name(contents, text);
		err = registry_find_name(&registry, text, &room, &user);
		if (now == NULL)
			ck_assert_int_eq(err, EXTAUTH_NOTFOUND);
	}
}

void
model_assert_files(const struct registry_model *model,
    const struct registry_contents *contents)
{
	assert_file(model, contents, "registry", false);
	assert_file(model, contents, "nss", true);
}
