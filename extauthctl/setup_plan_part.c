/* SPDX-License-Identifier: MIT */
#include "setup_plan_part.h"

#include <string.h>

#include "config_part.h"
#include "policy.h"
#include "translate.h"

/* A secret has no changes of an administrator to lose. */
static bool
is_ours(const struct setup *setup, const struct setup_step *step)
{
	return step->is_secret
	    ? setup_record_has_file(&setup->record, step->path)
	    : setup_record_wrote(&setup->record, step->path, &step->before);
}

enum ctl_exit
setup_part_guard(struct setup *setup, struct setup_step *step)
{
	struct extauth_error error = {0};
	enum extauth_err err;

	err = setup_file_read(step->path, &step->before, &error);
	if (err != EXTAUTH_OK && err != EXTAUTH_NOTFOUND)
		return complain_error(err, &error);
	step->was_there = err == EXTAUTH_OK;
	if (step->was_there &&
	    strcmp(buffer_text(&step->before), buffer_text(&step->after)) ==
		0) {
		setup_step_clear(step);
		setup->step_count--;
		return CTL_DONE;
	}
	if (!step->was_there || is_ours(setup, step) ||
	    arguments_has(setup->arguments, "overwrite"))
		return CTL_DONE;
	if (step->is_secret)
		complain("%s: there already, and not written by setup: "
			 "`extauthctl secret remove %s`, or replace it by "
			 "--overwrite",
		    step->path, SETUP_SECRET);
	else if (setup_record_has_file(&setup->record, step->path))
		complain("%s: changed by hand since setup wrote it: put your "
			 "changes into a file of your own, as 60-own.conf, or "
			 "lose them by --overwrite",
		    step->path);
	else
		complain("%s: there already, and not written by setup: move "
			 "it away, or replace it by --overwrite",
		    step->path);
	return CTL_NO;
}

/* Where somebody wrote by hand what setup would write, two would be at odds. */
static enum ctl_exit
conflict(const struct ini_entry *entry)
{
	complain(
	    "%s:%u: [%s] %s: set by hand already. Either keep that and do "
	    "the rest by hand too (\"What setup does, by hand\" in README), "
	    "or take these lines out and run setup again",
	    entry->path, entry->line, entry->section, entry->key);
	return CTL_NO;
}

/* A list of the administrator's own stays; then it has to name the services. */
static enum ctl_exit
own_services(const struct setup *setup, const struct config *config,
    const struct ini_entry *entry)
{
	size_t index;

	for (index = 0; index < setup->service_count; index++) {
		if (policy_admits_service(config, setup->services[index]))
			continue;
		complain("%s:%u: [extauth] services: does not name %s: add it "
			 "there, and run setup again",
		    entry->path, entry->line, setup->services[index]);
		return CTL_NO;
	}
	return CTL_DONE;
}

/* What stands in the other files. One that is at odds with itself without ours
 * is judged with it. */
static enum ctl_exit
look_at_others(const struct setup *setup, const char **ret_services)
{
	const struct config_part none = {.name = SETUP_PART};
	cleanup_config struct config others = {0};
	struct extauth_error ignored = {0};
	const struct ini_entry *entry;

	*ret_services = setup->service_list;
	if (config_load_with(setup->context->config_path, &none, &others,
		&ignored) != EXTAUTH_OK)
		return CTL_DONE;
	entry = setup_facts_conflict(&others, setup->part_path);
	if (entry != NULL)
		return conflict(entry);
	entry = config_origin(&others, "extauth", "services", 0);
	if (entry == NULL)
		return CTL_DONE;
	*ret_services = NULL;
	return own_services(setup, &others, entry);
}

/* Reads all files as every login will. */
static enum ctl_exit
load_with(struct setup *setup, const struct buffer *text)
{
	const struct config_part part = {.name = SETUP_PART,
	    .text = buffer_text(text),
	    .length = text->length};
	struct extauth_error error = {0};
	enum extauth_err err = config_load_with(
	    setup->context->config_path, &part, &setup->config, &error);

	if (err == EXTAUTH_NOTFOUND)
		complain("%s: not there: install the package extauth again, or "
			 "make it an empty file",
		    setup->context->config_path);
	else if (err != EXTAUTH_OK)
		return complain_error(err, &error);
	return err == EXTAUTH_OK ? CTL_DONE : CTL_CONFIG;
}

enum ctl_exit
setup_plan_part(struct setup *setup)
{
	struct setup_step *step = &setup->steps[setup->step_count++];
	const char *services = NULL;
	enum ctl_exit status;

	*step = setup_step_make(SETUP_FILE, setup->part_path);
	status = look_at_others(setup, &services);
	if (status != CTL_DONE)
		return status;
	if (setup_facts_write(&setup->facts, services, &step->after) !=
	    EXTAUTH_OK)
		die_of_memory();
	status = load_with(setup, &step->after);
	return status == CTL_DONE ? setup_part_guard(setup, step) : status;
}
