/* SPDX-License-Identifier: MIT */
#include "setup_finish.h"

#include <security/pam_appl.h>
#include <string.h>

#include "checks.h"
#include "setup_login.h"
#include "translate.h"

#define TYPING_MS 60000

static bool
has_finding(struct json_object *array, const char *id)
{
	size_t index;

	for (index = 0; index < json_object_array_length(array); index++)
		if (strcmp(document_get_text(
			       json_object_array_get_idx(array, index), "id"),
			id) == 0)
			return true;
	return false;
}

enum ctl_exit
setup_finish_check(struct setup *setup, bool *ret_is_open)
{
	const struct command_option online = {.name = "online"};
	const struct arguments arguments = {
	    .given = {{&online, ""}}, .given_count = 1};
	struct json_object *array = document_array();
	struct findings findings = {.array = array};
	enum ctl_exit status;

	document_put(setup->report, "check", array);
	setup_say(setup, _("Check:"));
	status = check_all(setup->context, &arguments, &findings);
	if (!setup->context->is_json)
		findings_print(setup->context, &findings);
	*ret_is_open = has_finding(array, "accepts_everybody");
	if (status != CTL_DONE)
		return status;
	return findings.counts[FINDING_ERROR] > 0 ? CTL_NO : CTL_DONE;
}

/* In words; the code and our own line of the log are for who knows them. */
static void
outcome_say(struct setup *setup, const struct setup_outcome *outcome,
    const char *service, const char *name)
{
	const char *code = setup_login_code(outcome->code);
	const char *text = pam_strerror(NULL, outcome->code);

	if (setup_login_is_good(outcome))
		setup_say(setup, _("%s may log in through %s (%s)"), name,
		    service, code);
	else if (outcome->was_late)
		setup_say(setup,
		    _("%s does not log in through %s: no answer in time"), name,
		    service);
	else if (outcome->stage == SETUP_STAGE_NONE)
		setup_say(setup,
		    _("%s does not log in through %s: a module ended the "
		      "program"),
		    name, service);
	else if (outcome->stage == SETUP_STAGE_ACCOUNT)
		setup_say(setup,
		    _("%s does not log in through %s: the password is right, "
		      "and the account step says %s (%s)"),
		    name, service, code, text);
	else
		setup_say(setup,
		    _("%s does not log in through %s: authentication says %s "
		      "(%s)"),
		    name, service, code, text);
	if (outcome->log[0] != '\0')
		setup_say(setup, _("  the log says: %s"), outcome->log);
}

enum ctl_exit
setup_finish_login(struct setup *setup, const struct setup_person *person,
    bool *ret_is_refusal)
{
	const struct config_general *general = &setup->config.general;
	const char *service = setup->services[0];
	struct json_object *object = document_object();
	struct setup_outcome outcome = {0};
	struct extauth_error error = {0};
	enum extauth_err err;

	*ret_is_refusal = false;
	document_put(setup->report, "test_login", object);
	setup_say(setup,
	    _("A real login of %s through %s; a refusal counts at the web "
	      "service as one wrong password."),
	    person->name, service);
	err = setup_login_try(service, person->name,
	    general->login_deadline_ms + general->person_deadline_ms +
		TYPING_MS,
	    &outcome, &error);
	if (err != EXTAUTH_OK)
		return complain_about("setup", err, &error);
	*ret_is_refusal = setup_login_is_refusal(&outcome);
	document_text(object, "service", service);
	document_text(object, "user", person->name);
	document_flag(object, "is_good", setup_login_is_good(&outcome));
	document_flag(object, "was_late", outcome.was_late);
	document_text(object, "code", setup_login_code(outcome.code));
	document_text(object, "log", outcome.log);
	outcome_say(setup, &outcome, service, person->name);
	return setup_login_is_good(&outcome) ? CTL_DONE : CTL_NO;
}

void
setup_finish_summary(struct setup *setup)
{
	const struct config_list *services = &setup->config.general.services;
	cleanup_buffer struct buffer names = buffer_make(4096);
	size_t index;

	for (index = 0; index < services->count; index++)
		if (buffer_append_format(&names, "%s%s", index > 0 ? ", " : "",
			services->items[index]) != EXTAUTH_OK)
			die_of_memory();
	setup_say(setup,
	    _("On: registered users may use %s; type %s checks "
	      "their passwords."),
	    services->count > 0 ? buffer_text(&names) : _("every service"),
	    setup->facts.type);
	setup_say(setup,
	    _("Next:\n"
	      "  extauthctl user add NAME --email EMAIL     more people\n"
	      "  systemctl enable --now extauth-sync.timer  or a directory: "
	      "extauth-sources(7)\n"
	      "  extauthctl unsetup                         takes all of this "
	      "back\n"
	      "Keep this root shell open until somebody has logged in from "
	      "another terminal."));
}
