/* SPDX-License-Identifier: MIT */
/* What is to be changed, found out by looking at the machine: one step after
 * the other, in an order in which no step opens what a later one closes.
 * Does not know: how steps are done. */
#ifndef EXTAUTHCTL_SETUP_PLAN_H
#define EXTAUTHCTL_SETUP_PLAN_H

#include "setup_facts.h"
#include "setup_record.h"
#include "setup_step.h"

#define SETUP_STEPS_MAX 10
#define SETUP_SERVICES_MAX 16
#define SETUP_PART "50-setup.conf"

/* One run of setup. */
struct setup {
	const struct context *context;
	const struct arguments *arguments;
	struct json_object *report; /* what --json prints */
	struct json_object *notes;  /* texts, part of the report */
	struct setup_record record;
	struct json_object *earlier; /* its entries before this run */
	struct setup_facts facts;
	struct config config; /* as it will be */
	char *part_path;      /* of our file in conf.d/ */
	char *secret_path;
	char *service_list; /* what is written, comma separated */
	char *services[SETUP_SERVICES_MAX]; /* those that were chosen */
	size_t service_count;
	struct setup_step steps[SETUP_STEPS_MAX];
	size_t step_count;
};

/* Fills steps and config. On failure a message was written that names file,
 * line and mend. */
enum ctl_exit setup_plan(struct setup *setup);

/* Fills the step that has new home directories closed, now that the line is
 * there. EXTAUTH_NOTFOUND if it is not; EXTAUTH_SYSTEM. */
EXTAUTH_CHECKED enum extauth_err setup_plan_home(
    struct setup_step *step, struct extauth_error *error);

/* Tells whether sshd has to ask questions for this configuration. */
bool setup_plan_must_ask(const struct setup *setup);

/* Adds a text to the notes, and prints it where there is no JSON to print. */
void setup_say(struct setup *setup, const char *format, ...)
    EXTAUTH_PRINTF(2, 3);

#endif
