/* SPDX-License-Identifier: MIT */
/* A registrar over a registry in memory, a directory that is told person by
 * person, and what a sync makes of both.
 * Does not know: what a test expects. */
#ifndef EXTAUTH_SYNC_SCENE_H
#define EXTAUTH_SYNC_SCENE_H

#include "sync_change.h"
#include "sync_plan.h"
#include "unit.h"

/* A [source corp] of people with names, and one [group]. */
#define SCENE_CONFIG "[source corp]\ntype = csv\nfile = /etc/people.csv\n"

struct scene {
	struct config config;
	struct registrar registrar;
	struct sync_people people;
	struct sync_plan plan;
	char text[8192];
};

/* Makes an empty registry and a directory that told nothing; the caller ends
 * it (scene_free). `more` is put behind SCENE_CONFIG. */
struct scene *scene_make(const char *more);
void scene_free(struct scene **scene);

/* Registers a user. */
void scene_register(struct scene *scene, const struct registry_user *user);
/* The same with the source corp, of the id and e-mail. */
uint32_t scene_know(
    struct scene *scene, const char *name, const char *id, const char *email);

/* Lets the directory tell of a person. */
void scene_tell(struct scene *scene, const struct sync_user *user);
/* The same with id, name and e-mail alone. */
void scene_tell_plain(
    struct scene *scene, const char *id, const char *name, const char *email);
/* Lets it tell of a group; the members end with NULL. */
void scene_tell_group(struct scene *scene, const char *id, const char *name,
    const char *const *members);

/* Ends the reading, makes the plan and carries it out. Lends what came of it,
 * one line for each step and refusal. */
const char *scene_sync(struct scene *scene, enum sync_end_kind kind);

/* Begins another reading of the registry as it is now. */
void scene_again(struct scene *scene);

/* Lends a registered user, who is there. */
const struct registry_user *scene_user(
    const struct scene *scene, const char *name);

#define cleanup_scene __attribute__((cleanup(scene_free)))

#endif
