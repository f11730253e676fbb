/* SPDX-License-Identifier: MIT */
/* Scenes with the registry that are played again and again while one call after
 * the other goes wrong.
 * Does not know: what a scene does. */
#ifndef EXTAUTH_REGISTRY_SWEEP_H
#define EXTAUTH_REGISTRY_SWEEP_H

#include "fault.h"
#include "registry_case.h"

#define SWEEP_USERS 40

/* What is done while one call goes wrong, each time from the same start: the
 * sample registry and SWEEP_USERS more. */
struct scene {
	enum extauth_err (*run)(struct extauth_error *error);
	void (*check)(enum extauth_err err);
	size_t least[3]; /* so many calls of each kind, or more */
};

/* Tells that something seen in `run` was not right. Check's own asserts
 * allocate, so that they come later. */
void sweep_expect(bool is_right);

/* Plays the scene until no call is left to go wrong: for one kind; for all. */
void sweep(const struct scene *scene, enum fault_kind kind, int number);
void sweep_all(const struct scene *scene);

#endif
