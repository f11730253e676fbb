/* SPDX-License-Identifier: MIT */
/* The first person: who tries the login at the end, registered if need be.
 * Does not know: passwords. */
#ifndef EXTAUTHCTL_SETUP_PEOPLE_H
#define EXTAUTHCTL_SETUP_PEOPLE_H

#include "setup_plan.h"

/* {0} is nobody. */
struct setup_person {
	char *name;
	char *email; /* to be registered with; NULL: registered already */
};

/* Finds out who it is, from options or by asking; nobody with --no-test-login
 * and no --user. That he can be registered is tried out, and nothing written.
 * `*person` is the caller's (setup_person_clear), also on failure. */
enum ctl_exit setup_person_find(
    struct setup *setup, struct setup_person *person);

/* Registers the person, if that is still to be done. */
enum ctl_exit setup_person_register(
    struct setup *setup, const struct setup_person *person);

/* Frees all. NULL is allowed. */
void setup_person_clear(struct setup_person *person);

#define cleanup_person __attribute__((cleanup(setup_person_clear)))

#endif
