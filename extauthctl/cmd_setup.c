/* SPDX-License-Identifier: MIT */
/* `setup`: from an installed package to the first login.
 * Does not know: how a step is planned, done or undone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "paths.h"
#include "settings.h"
#include "setup_apply.h"
#include "setup_ask.h"
#include "setup_finish.h"
#include "setup_rescue.h"
#include "setup_services.h"
#include "terminal.h"
#include "translate.h"

static void
setup_clear(struct setup *setup)
{
	size_t index;

	for (index = 0; index < setup->step_count; index++)
		setup_step_clear(&setup->steps[index]);
	for (index = 0; index < setup->service_count; index++)
		free(setup->services[index]);
	setup_facts_clear(&setup->facts);
	setup_record_clear(&setup->record);
	document_clear(&setup->earlier);
	document_clear(&setup->report);
	config_clear(&setup->config);
	free(setup->part_path);
	free(setup->secret_path);
	free(setup->service_list);
}

#define cleanup_setup __attribute__((cleanup(setup_clear)))

/* Beside the configuration's file, whose path has a slash. */
static char *
path_beside(const char *name)
{
	const char *slash = strrchr(EXTAUTH_CONFIG_PATH, '/');
	char *path = NULL;

	if (asprintf(&path, "%.*s%s", (int)(slash - EXTAUTH_CONFIG_PATH),
		EXTAUTH_CONFIG_PATH, name) < 0)
		die_of_memory();
	return path;
}

static enum ctl_exit
begin(struct setup *setup, int *ret_lock)
{
	struct extauth_error error = {0};
	enum extauth_err err;

	if (!settings_need_root("setup"))
		return CTL_CANNOT;
	if (strcmp(setup->context->config_path, EXTAUTH_CONFIG_PATH) != 0) {
		complain("setup: --config: setup writes beside %s alone, which "
			 "is what PAM reads",
		    EXTAUTH_CONFIG_PATH);
		return CTL_USAGE;
	}
	if (!terminal_is_person() && !arguments_has(setup->arguments, "yes") &&
	    !arguments_has(setup->arguments, "dry-run")) {
		complain("setup: --yes is missing: standard input is no "
			 "terminal to ask at (--dry-run shows what would "
			 "change)");
		return CTL_USAGE;
	}
	setup->part_path = path_beside("/conf.d/" SETUP_PART);
	setup->secret_path = path_beside("/secrets/" SETUP_SECRET);
	err = setup_lock(ret_lock, &error);
	if (err == EXTAUTH_OK)
		err = setup_record_load(&setup->record, &error);
	if (err != EXTAUTH_OK)
		return complain_about("setup", err, &error);
	if (json_object_deep_copy(
		setup->record.entries, &setup->earlier, NULL) != 0)
		die_of_memory();
	return CTL_DONE;
}

/* What the run before this one wrote, as far as it can still be read. */
static void
earlier_load(const struct setup *setup, struct config *ret_config)
{
	cleanup_buffer struct buffer text = buffer_make(SETUP_FILE_MAX_BYTES);
	struct extauth_error ignored = {0};

	if (setup_file_read(setup->part_path, &text, &ignored) != EXTAUTH_OK ||
	    config_parse(setup->part_path, buffer_text(&text), text.length,
		ret_config, &ignored) != EXTAUTH_OK)
		*ret_config = (struct config){0};
}

/* Who is locked out of sudo and of the console is locked out. */
static enum ctl_exit
rescue_check(struct setup *setup)
{
	struct extauth_error error = {0};
	char name[SETUP_NAME_BYTES];
	enum extauth_err err;

	if (!setup_services_have(setup, "sudo") &&
	    !setup_services_have(setup, "login"))
		return CTL_DONE;
	if (arguments_has(setup->arguments, "i-have-console-access"))
		return CTL_DONE;
	err = setup_rescue_find((int64_t)time(NULL) / 86400, name, &error);
	if (err != EXTAUTH_OK)
		return complain_about("setup", err, &error);
	setup_say(setup,
	    _("%s has a password of its own and may become root without the "
	      "web service."),
	    name);
	return CTL_DONE;
}

static enum ctl_exit
facts_find(struct setup *setup)
{
	cleanup_config struct config earlier = {0};
	struct setup_asking asking = {
	    .arguments = setup->arguments,
	    .earlier = &earlier,
	    .path = setup->part_path,
	    .is_person = terminal_is_person(),
	    .has_stored_secret = access(setup->secret_path, F_OK) == 0 &&
		setup_record_has_file(&setup->record, setup->secret_path),
	};
	enum ctl_exit status;

	earlier_load(setup, &earlier);
	status = setup_services_find(setup, &earlier);
	if (status == CTL_DONE)
		status = rescue_check(setup);
	/* All is given: nothing is to be asked but what is missing. */
	if (arguments_has(setup->arguments, "yes"))
		asking.is_person = false;
	return status == CTL_DONE ? setup_facts_ask(&asking, &setup->facts)
				  : status;
}

static void
plan_show(struct setup *setup)
{
	struct json_object *plan = document_array();
	size_t index;

	document_put(setup->report, "plan", plan);
	if (setup->step_count == 0)
		setup_say(setup, _("Nothing to change."));
	else
		setup_say(setup, _("To be changed:"));
	for (index = 0; index < setup->step_count; index++)
		setup_step_show(setup->context, &setup->steps[index], plan);
}

static enum ctl_exit
ask_yes(const char *question, bool usual, bool *ret_yes)
{
	struct extauth_error error = {0};
	enum extauth_err err = setup_ask_yes(question, usual, ret_yes, &error);

	return err == EXTAUTH_OK ? CTL_DONE
				 : complain_about("setup", err, &error);
}

static enum ctl_exit
confirm(const struct setup *setup)
{
	bool is_yes = false;
	enum ctl_exit status;

	if (setup->step_count == 0 || arguments_has(setup->arguments, "yes"))
		return CTL_DONE;
	status = ask_yes(_("Make these changes?"), false, &is_yes);
	if (status != CTL_DONE || is_yes)
		return status;
	complain("setup: nothing was changed");
	return CTL_NO;
}

static enum ctl_exit
take_back(struct setup *setup)
{
	bool is_whole = setup_undo(setup);

	document_text(setup->report, "result", is_whole ? "undone" : "failed");
	if (is_whole)
		complain("setup: undone; everything is as it was before");
	return CTL_NO;
}

/* A login that failed for the person's own typing is no reason to undo. */
static enum ctl_exit
keep_or_undo(struct setup *setup, bool is_refusal)
{
	bool is_kept = true;
	enum ctl_exit status = CTL_DONE;

	if (setup->step_count > 0 && !arguments_has(setup->arguments, "yes") &&
	    terminal_is_person())
		status = ask_yes(
		    _("Keep the changes all the same?"), is_refusal, &is_kept);
	if (status == CTL_DONE && !is_kept)
		return take_back(setup);
	document_text(setup->report, "result", "kept");
	return CTL_NO;
}

static enum ctl_exit
try_out(struct setup *setup, const struct setup_person *person)
{
	bool is_open = false;
	bool is_refusal = false;
	enum ctl_exit checked = setup_finish_check(setup, &is_open);
	enum ctl_exit tried = CTL_DONE;

	if (is_open)
		return take_back(setup);
	if (person->name != NULL &&
	    !arguments_has(setup->arguments, "no-test-login"))
		tried = setup_finish_login(setup, person, &is_refusal);
	if (tried != CTL_DONE)
		return keep_or_undo(setup, is_refusal);
	document_text(setup->report, "result",
	    setup->step_count > 0 ? "done" : "nothing_to_change");
	return checked;
}

static enum ctl_exit
carry_out(struct setup *setup, const struct setup_person *person)
{
	const char *result;
	enum ctl_exit status;

	status = confirm(setup);
	if (status == CTL_DONE)
		status = setup_apply(setup);
	if (status != CTL_DONE)
		return status;
	status = setup_person_register(setup, person);
	if (status != CTL_DONE) {
		(void)take_back(setup);
		return status;
	}
	status = try_out(setup, person);
	result = document_get_text(setup->report, "result");
	if (strcmp(result, "undone") != 0 && strcmp(result, "failed") != 0)
		setup_finish_summary(setup);
	else if (person->email != NULL)
		complain("setup: %s stays registered; `extauthctl user remove "
			 "%s` takes that back",
		    person->name, person->name);
	return status;
}

static enum ctl_exit
steps(struct setup *setup)
{
	cleanup_person struct setup_person person = {0};
	cleanup_fd int lock = -1;
	enum ctl_exit status = begin(setup, &lock);

	if (status == CTL_DONE)
		status = facts_find(setup);
	if (status == CTL_DONE)
		status = setup_plan(setup);
	if (status == CTL_DONE)
		status = setup_person_find(setup, &person);
	if (status != CTL_DONE)
		return status;
	plan_show(setup);
	if (!arguments_has(setup->arguments, "dry-run"))
		return carry_out(setup, &person);
	document_text(setup->report, "result", "planned");
	return CTL_DONE;
}

static enum ctl_exit
setup_run(const struct context *context, const struct arguments *arguments)
{
	cleanup_setup struct setup setup = {
	    .context = context,
	    .arguments = arguments,
	    .report = document_object(),
	    .notes = document_array(),
	};
	enum ctl_exit status;

	document_put(setup.report, "notes", setup.notes);
	status = steps(&setup);
	if (context->is_json)
		document_print_json(setup.report);
	return status;
}

const struct command command_setup = {
    .name = "setup",
    .operands = "",
    .summary = N_("Sets this machine up, step by step."),
    .example = "extauthctl setup --type rest --url "
	       "https://id.example.com/login",
    .notes = N_(
	"What is not given is asked for on a terminal. Every change is "
	"shown, then asked for\nonce, recorded, and taken back by unsetup "
	"or if a later one fails. The secret is\nread from a file or "
	"standard input, never from an option; behind it the password\nof "
	"the test login. Services that are not named are closed to "
	"registered users,\nbut for cron, atd and su.\nExit status: 0 done and "
	"the login works, 1 not done, or the login does not work."),
    .options =
	(const struct command_option[]){
	    {"service", "LIST", N_("PAM services; default: sshd")},
	    {"type", "TYPE", N_("rest, basic, oauth2, okta, entra, ...")},
	    {"url", "URL", N_("where the web service is")},
	    {"issuer", "URL", N_("oauth2")},
	    {"tenant", "ID", N_("entra")},
	    {"environment", "ID", N_("pingone")},
	    {"region", "WORD", N_("pingone: com, eu, asia, ca, com.au")},
	    {"client-id", "ID", N_("oauth2, entra, pingone, pingfederate")},
	    {"client-secret-file", "FILE",
		N_("its secret; - is standard input")},
	    {"no-client-secret", NULL, N_("the client has none")},
	    {"login-provider", "WORD", N_("aptify")},
	    {"domain", "DOMAIN", N_("of the e-mail addresses, if but one")},
	    {"user", "NAME", N_("who tries a login; registered if need be")},
	    {"email", "EMAIL", N_("the user's, to be registered with")},
	    {"no-mkhomedir", NULL, N_("no home at the first login")},
	    {"no-test-login", NULL, N_("no login at the end")},
	    {"i-have-console-access", NULL,
		N_("sudo, login without a local way to root")},
	    {"overwrite", NULL, N_("files that were changed by hand, too")},
	    {"yes", NULL, N_("do not ask")},
	    {"dry-run", NULL, N_("show what would change")},
	    {NULL, NULL, NULL},
	},
    .run = setup_run,
};
