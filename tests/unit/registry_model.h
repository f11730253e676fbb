/* SPDX-License-Identifier: MIT */
/* Random changes to a registry, and the proof that its files hold what was in
 * memory when they were written.
 * Does not know: how a file is made. */
#ifndef EXTAUTH_REGISTRY_MODEL_H
#define EXTAUTH_REGISTRY_MODEL_H

#include "registry_case.h"

/* How far the numbers of users and groups have come, and the dice. */
struct registry_model {
	unsigned users;
	unsigned groups;
	uint64_t dice;
};

/* Gives a number below `limit`. */
unsigned model_roll(struct registry_model *model, unsigned limit);

/* Adds, changes or removes a user, or a group. */
void model_step(
    struct registry_model *model, struct registry_contents *contents);

/* Holds both files of the test's directory against the contents: all records,
 * all look-ups, of those who are there and of those who were. */
void model_assert_files(const struct registry_model *model,
    const struct registry_contents *contents);

#endif
