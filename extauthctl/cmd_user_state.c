/* SPDX-License-Identifier: MIT */
/* `user enable|disable|unlock|remove`: what becomes of a registered person, and
 * what is left of him on this host.
 * Does not know: how the registry is written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "paths.h"
#include "process.h"
#include "registrar.h"
#include "registry_format.h"
#include "settings.h"
#include "throttle.h"
#include "traces.h"
#include "translate.h"

enum wanted {
	WANTED_ENABLED = 0,
	WANTED_DISABLED,
	WANTED_REMOVED,
};

/* Of the user before the change; the registry lends nothing beyond it. */
struct person {
	char name[256];
	char home[256];
	uint32_t uid;
	bool is_disabled;
	bool is_held;
};

static enum extauth_err
person_find(const struct registrar *registrar, const char *name,
    struct person *ret_person, struct extauth_error *error)
{
	const struct registry_user *user;

	user = registry_contents_find_name(&registrar->change.contents, name);
	if (user == NULL)
		return error_set(
		    error, EXTAUTH_NOTFOUND, "%s: not registered", name);
	(void)snprintf(
	    ret_person->name, sizeof(ret_person->name), "%s", user->name);
	(void)snprintf(
	    ret_person->home, sizeof(ret_person->home), "%s", user->home);
	ret_person->uid = user->uid;
	ret_person->is_disabled = user->is_disabled;
	ret_person->is_held = user->is_held;
	return EXTAUTH_OK;
}

static enum extauth_err
state_set(struct registrar *registrar, const char *name, enum wanted wanted,
    struct extauth_error *error)
{
	struct registry_contents *contents = &registrar->change.contents;
	const struct registry_user *user;
	struct registry_user changed;

	if (wanted == WANTED_REMOVED)
		return registry_contents_remove_user(contents, name);
	user = registry_contents_find_name(contents, name);
	if (user == NULL)
		return EXTAUTH_NOTFOUND;
	changed = *user;
	changed.is_disabled = wanted == WANTED_DISABLED;
	/* The first format has no place for it. */
	changed.is_held =
	    changed.is_disabled && contents->version != REGISTRY_VERSION_FIRST;
	return registry_contents_change_user(contents, &changed, error);
}

static enum extauth_err
change(const struct config *config, const char *name, enum wanted wanted,
    struct person *ret_person, struct extauth_error *error)
{
	cleanup_registrar struct registrar registrar = {
	    .change = REGISTRY_CHANGE_NONE};
	enum extauth_err err;

	err = registrar_begin(config, &registrar, error);
	if (err == EXTAUTH_OK)
		err = person_find(&registrar, name, ret_person, error);
	if (err != EXTAUTH_OK)
		return err;
	if (wanted == WANTED_ENABLED && !ret_person->is_disabled)
		return EXTAUTH_OK;
	if (wanted == WANTED_DISABLED && ret_person->is_held)
		return EXTAUTH_OK;
	err = state_set(&registrar, name, wanted, error);
	if (err == EXTAUTH_OK)
		err = registrar_commit(&registrar, error);
	return err;
}

static void
report(const struct context *context, const struct person *person,
    const char *state, const bool *end_sessions)
{
	cleanup_document struct json_object *document = document_object();

	document_text(document, "name", person->name);
	document_text(document, "state", state);
	document_number(document, "uid", person->uid);
	if (end_sessions != NULL)
		traces_find(document, person->name, person->uid, person->home);
	if (end_sessions != NULL && *end_sessions)
		document_number(document, "processes_ended",
		    process_end_all(person->name, person->uid));
	if (context->is_json)
		document_print_json(document);
	else
		document_print_fields(document);
}

static enum ctl_exit
state_run(const struct context *context, const struct arguments *arguments,
    const char *what, enum wanted wanted, const char *state)
{
	bool end_sessions = arguments_has(arguments, "end-sessions");
	cleanup_config struct config config = {0};
	struct extauth_error error = {0};
	struct person person = {0};
	enum extauth_err err;

	if (!settings_need_root(what))
		return CTL_CANNOT;
	/* Someone can be shut out however broken the configuration is. */
	if (config_parse(context->config_path, "", 0, &config, &error) !=
	    EXTAUTH_OK)
		return complain_about(what, EXTAUTH_CONFIG, &error);
	err = change(&config, arguments->operands[0], wanted, &person, &error);
	if (err != EXTAUTH_OK)
		return complain_about(what, err, &error);
	if (wanted == WANTED_REMOVED)
		throttle_forget(EXTAUTH_RUN_DIRECTORY, person.uid);
	report(context, &person, state,
	    wanted == WANTED_ENABLED ? NULL : &end_sessions);
	return CTL_DONE;
}

static enum ctl_exit
user_enable(const struct context *context, const struct arguments *arguments)
{
	return state_run(
	    context, arguments, "user enable", WANTED_ENABLED, "enabled");
}

static enum ctl_exit
user_disable(const struct context *context, const struct arguments *arguments)
{
	return state_run(
	    context, arguments, "user disable", WANTED_DISABLED, "disabled");
}

static enum ctl_exit
user_remove(const struct context *context, const struct arguments *arguments)
{
	return state_run(
	    context, arguments, "user remove", WANTED_REMOVED, "removed");
}

static enum ctl_exit
user_unlock(const struct context *context, const struct arguments *arguments)
{
	cleanup_contents struct registry_contents contents = {0};
	const char *name = arguments->operands[0];
	const struct registry_user *user;
	struct extauth_error error = {0};
	enum extauth_err err;

	(void)context;
	if (!settings_need_root("user unlock"))
		return CTL_CANNOT;
	err = registry_contents_load(EXTAUTH_REGISTRY_PATH, &contents, &error);
	if (err != EXTAUTH_OK)
		return complain_about("user unlock", err, &error);
	user = registry_contents_find_name(&contents, name);
	if (user == NULL) {
		complain("user unlock: %s: not registered", name);
		return CTL_NO;
	}
	throttle_forget(EXTAUTH_RUN_DIRECTORY, user->uid);
	(void)printf(_("%s: refusals forgotten on this host\n"), name);
	return CTL_DONE;
}

static const struct command_option end_sessions_options[] = {
    {"end-sessions", NULL, N_("end all processes of the user")},
    {NULL, NULL, NULL},
};

const struct command command_user_enable = {
    .name = "user enable",
    .operands = "NAME",
    .summary = N_("Lets a disabled person in again."),
    .example = "extauthctl user enable alice",
    .operand_min = 1,
    .operand_max = 1,
    .run = user_enable,
};

const struct command command_user_disable = {
    .name = "user disable",
    .operands = "NAME",
    .summary = N_("Keeps a person out; files keep their owner."),
    .example = "extauthctl user disable alice --end-sessions",
    .notes =
	N_("Prints what there is of the person: open sessions, crontab, at "
	   "jobs, keys, home."),
    .options = end_sessions_options,
    .operand_min = 1,
    .operand_max = 1,
    .run = user_disable,
};

const struct command command_user_remove = {
    .name = "user remove",
    .operands = "NAME",
    .summary = N_("Removes a person; the uid is never given out again."),
    .example = "extauthctl user remove alice --end-sessions",
    .notes =
	N_("Prints what there is of the person: open sessions, crontab, at "
	   "jobs, keys, home.\nNothing of that is deleted."),
    .options = end_sessions_options,
    .operand_min = 1,
    .operand_max = 1,
    .run = user_remove,
};

const struct command command_user_unlock = {
    .name = "user unlock",
    .operands = "NAME",
    .summary = N_("Ends a pause after too many wrong passwords."),
    .example = "extauthctl user unlock alice",
    .operand_min = 1,
    .operand_max = 1,
    .run = user_unlock,
};
