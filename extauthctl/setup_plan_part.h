/* SPDX-License-Identifier: MIT */
/* The file of conf.d/ that setup writes: judged together with the rest of the
 * configuration before it is there.
 * Does not know: PAM, NSS, sshd. */
#ifndef EXTAUTHCTL_SETUP_PLAN_PART_H
#define EXTAUTHCTL_SETUP_PLAN_PART_H

#include "setup_plan.h"

/* Adds the step that writes it, if it is not as it should be, and fills
 * setup->config. As setup_plan. */
enum ctl_exit setup_plan_part(struct setup *setup);

/* Fills what a step that writes a whole file finds there. One that setup did
 * not write, or that was changed since, is refused without --overwrite: a
 * message was written then. The step is taken off where nothing is to be done.
 */
enum ctl_exit setup_part_guard(struct setup *setup, struct setup_step *step);

#endif
