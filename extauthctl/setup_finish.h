/* SPDX-License-Identifier: MIT */
/* The end of a setup: the check, one real login, and what to do next.
 * Does not know: what was changed. */
#ifndef EXTAUTHCTL_SETUP_FINISH_H
#define EXTAUTHCTL_SETUP_FINISH_H

#include "setup_people.h"

/* Runs `check --online`. `*ret_is_open` tells whether the service says yes to
 * everybody: then nothing may stay. CTL_NO if there are errors. */
enum ctl_exit setup_finish_check(struct setup *setup, bool *ret_is_open);

/* Has the person log in through the first service. `*ret_is_refusal` tells
 * whether the web service refused the password. CTL_NO if he may not. */
enum ctl_exit setup_finish_login(struct setup *setup,
    const struct setup_person *person, bool *ret_is_refusal);

/* Says what is on now, and what to type next. */
void setup_finish_summary(struct setup *setup);

#endif
