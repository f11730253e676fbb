/* SPDX-License-Identifier: MIT */
#include "sync_scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_UID 2000200001U
#define LAST_UID 2147352575U

struct scene *
scene_make(const char *more)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	struct extauth_error error = {0};
	char config[2048];
	enum extauth_err err;

	ck_assert_ptr_nonnull(scene);
	(void)snprintf(config, sizeof(config), "%s%s", SCENE_CONFIG, more);
	err = config_parse("/etc/extauth/extauth.conf", config, strlen(config),
	    &scene->config, &error);
	ck_assert_msg(err == EXTAUTH_OK, "%s", error.text);
	scene->registrar.config = &scene->config;
	scene->registrar.change = (struct registry_change)REGISTRY_CHANGE_NONE;
	ck_assert_ok(registry_uid_rules_load(
	    FIRST_UID, LAST_UID, &scene->registrar.rules, &error));
	ck_assert_ok(
	    local_names_load(LOCAL_PASSWD, &scene->registrar.passwd, &error));
	ck_assert_ok(
	    local_names_load(LOCAL_GROUP, &scene->registrar.group, &error));
	sync_people_begin(
	    &scene->people, &scene->config, &scene->config.sources[0]);
	return scene;
}

void
scene_free(struct scene **scene)
{
	sync_plan_clear(&(*scene)->plan);
	sync_people_clear(&(*scene)->people);
	registrar_end(&(*scene)->registrar);
	config_clear(&(*scene)->config);
	free(*scene);
}

void
scene_register(struct scene *scene, const struct registry_user *user)
{
	struct registry_user copy = *user;
	const char **const texts[] = {&copy.gecos, &copy.home, &copy.shell,
	    &copy.external_id, &copy.provider, &copy.source};
	struct extauth_error error = {0};
	enum extauth_err err;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (*texts[i] == NULL)
			*texts[i] = "";
	if (*copy.home == '\0')
		copy.home = "/home/somebody";
	if (*copy.shell == '\0')
		copy.shell = "/bin/bash";
	if (copy.uid == 0)
		ck_assert_ok(registry_allocate_uid(
		    &scene->registrar.change.contents, &scene->registrar.rules,
		    copy.external_id, &copy.uid, &error));
	copy.gid = copy.gid != 0 ? copy.gid : copy.uid;
	err = registry_contents_add_user(
	    &scene->registrar.change.contents, &copy, &error);
	ck_assert_msg(err == EXTAUTH_OK, "%s", error.text);
}

uint32_t
scene_know(
    struct scene *scene, const char *name, const char *id, const char *email)
{
	struct registry_user user = {
	    .name = name, .external_id = id, .email = email, .source = "corp"};

	scene_register(scene, &user);
	return scene_user(scene, name)->uid;
}

void
scene_tell(struct scene *scene, const struct sync_user *user)
{
	ck_assert_ok(sync_people_tell_user(&scene->people, user));
}

void
scene_tell_plain(
    struct scene *scene, const char *id, const char *name, const char *email)
{
	struct sync_user user = {0};

	strncpy(user.id, id, sizeof(user.id) - 1);
	strncpy(user.name, name, sizeof(user.name) - 1);
	strncpy(user.email, email, sizeof(user.email) - 1);
	scene_tell(scene, &user);
}

void
scene_tell_group(struct scene *scene, const char *id, const char *name,
    const char *const *members)
{
	cleanup_sync_group struct sync_group group = {0};

	strncpy(group.id, id, sizeof(group.id) - 1);
	strncpy(group.name, name, sizeof(group.name) - 1);
	for (; *members != NULL; members++)
		ck_assert_ok(sync_texts_add(&group.members, *members));
	ck_assert_ok(sync_people_tell_group(&scene->people, &group));
}

static void
write_step(const struct sync_step *step, FILE *stream)
{
	if (step->is_refused)
		return;
	switch (step->kind) {
	case SYNC_STEP_REMOVE:
		(void)fprintf(stream, "- %s removed\n", step->name);
		break;
	case SYNC_STEP_ADD:
		(void)fprintf(stream, "+ %s\n", step->name);
		break;
	case SYNC_STEP_CHANGE:
		(void)fprintf(stream, "~ %s %u\n", step->name, step->changes);
		break;
	}
}

static void
write_outcome(struct scene *scene)
{
	const struct sync_plan *plan = &scene->plan;
	FILE *stream = fmemopen(scene->text, sizeof(scene->text), "w");
	size_t i;

	ck_assert_ptr_nonnull(stream);
	for (i = 0; i < plan->count; i++)
		write_step(&plan->steps[i], stream);
	for (i = 0; i < plan->refusals.count; i++)
		(void)fprintf(stream, "! %s: %s\n", plan->refusals.items[i].who,
		    plan->refusals.items[i].text);
	(void)fclose(stream);
}

const char *
scene_sync(struct scene *scene, enum sync_end_kind kind)
{
	struct extauth_error error = {0};
	enum extauth_err err;

	ck_assert_ok(sync_people_settle(&scene->people));
	err = sync_plan_make(
	    &scene->people, kind, &scene->registrar, &scene->plan, &error);
	ck_assert_msg(err == EXTAUTH_OK, "%s", error.text);
	err = sync_change(&scene->plan, &error);
	ck_assert_msg(err == EXTAUTH_OK, "%s", error.text);
	write_outcome(scene);
	return scene->text;
}

void
scene_again(struct scene *scene)
{
	sync_plan_clear(&scene->plan);
	sync_people_clear(&scene->people);
	sync_people_begin(
	    &scene->people, &scene->config, &scene->config.sources[0]);
	scene->text[0] = '\0';
}

const struct registry_user *
scene_user(const struct scene *scene, const char *name)
{
	const struct registry_user *user = registry_contents_find_name(
	    &scene->registrar.change.contents, name);

	ck_assert_msg(user != NULL, "%s is not registered", name);
	return user;
}
