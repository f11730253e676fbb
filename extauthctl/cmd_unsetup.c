/* SPDX-License-Identifier: MIT */
/* `unsetup`: takes back what setup did, and no more.
 * Does not know: what setup does. */
#include <stdio.h>
#include <string.h>

#include "checks.h"
#include "settings.h"
#include "setup_apply.h"
#include "setup_ask.h"
#include "terminal.h"
#include "translate.h"

/* One run. */
struct unsetup {
	const struct context *context;
	const struct arguments *arguments;
	struct json_object *report;
	struct json_object *plan;
	struct json_object *left;
	struct setup_record record;
	size_t changes;
};

/* Whoever removes the package may come back, to the same users. */
static bool
is_kept(const struct unsetup *run, const struct setup_step *step)
{
	return arguments_has(run->arguments, "keep-configuration") &&
	    strncmp(step->path, SETUP_CONFIGURATION,
		strlen(SETUP_CONFIGURATION)) == 0;
}

static void
show_left(struct unsetup *run, const struct setup_step *step)
{
	document_push_text(run->left, step->path);
	if (!run->context->is_json)
		(void)printf(
		    _("%s: left as it is: it was changed by hand since, and "
		      "is yours now\n"),
		    step->path);
}

/* The last step first. */
static void
show_all(struct unsetup *run)
{
	size_t index;

	for (index = setup_record_count(&run->record); index-- > 0;) {
		cleanup_step struct setup_step step = {0};
		enum setup_return kind =
		    setup_record_step(&run->record, index, &step);

		if (is_kept(run, &step))
			continue;
		switch (kind) {
		case SETUP_RETURN_STEP:
			setup_step_show(run->context, &step, run->plan);
			run->changes++;
			break;
		case SETUP_RETURN_LEAVE:
			show_left(run, &step);
			break;
		case SETUP_RETURN_NOTHING:
			break;
		}
	}
	if (run->changes == 0 && !run->context->is_json)
		(void)printf("%s\n", _("Nothing to change."));
}

static enum ctl_exit
confirm(const struct unsetup *run)
{
	struct extauth_error error = {0};
	enum extauth_err err;
	bool is_yes = false;

	if (run->changes == 0 || arguments_has(run->arguments, "yes"))
		return CTL_DONE;
	err = setup_ask_yes(_("Take this back?"), false, &is_yes, &error);
	if (err != EXTAUTH_OK)
		return complain_about("unsetup", err, &error);
	if (is_yes)
		return CTL_DONE;
	complain("unsetup: nothing was changed");
	return CTL_NO;
}

/* An entry goes when its step is back; so a run that is cut off goes on where
 * it was. */
static enum extauth_err
take_back(struct unsetup *run, struct extauth_error *error)
{
	size_t index;

	for (index = setup_record_count(&run->record); index-- > 0;) {
		cleanup_step struct setup_step step = {0};
		enum setup_return kind =
		    setup_record_step(&run->record, index, &step);
		const char *note = NULL;
		enum extauth_err err = EXTAUTH_OK;

		if (is_kept(run, &step))
			continue;
		if (kind == SETUP_RETURN_STEP)
			err = setup_step_do(&step, &note, error);
		if (err != EXTAUTH_OK)
			return err;
		if (note != NULL && !run->context->is_json)
			(void)printf("%s\n", _(note));
		setup_record_drop(&run->record, index);
		err = setup_record_save(&run->record, error);
		if (err != EXTAUTH_OK)
			return err;
	}
	return EXTAUTH_OK;
}

static enum ctl_exit
exit_status(const struct unsetup *run)
{
	return json_object_array_length(run->left) > 0 ? CTL_NO : CTL_DONE;
}

static enum ctl_exit
carry_out(struct unsetup *run)
{
	struct extauth_error error = {0};
	enum ctl_exit status;
	enum extauth_err err;

	show_all(run);
	if (arguments_has(run->arguments, "dry-run")) {
		document_text(run->report, "result", "planned");
		return CTL_DONE;
	}
	status = confirm(run);
	if (status != CTL_DONE)
		return status;
	err = take_back(run, &error);
	if (err != EXTAUTH_OK)
		return complain_about("unsetup", err, &error);
	document_text(run->report, "result", "done");
	if (run->context->is_json)
		return exit_status(run);
	(void)printf("%s\n",
	    _("Done. Registered users, the registry and what was "
	      "written by hand are still there."));
	/* The package's own work, which goes with the package. */
	if (check_nsswitch_is_set())
		(void)printf("%s\n",
		    _("/etc/nsswitch.conf still names extauth: registered "
		      "users with an SSH key get in, disabled or not, until "
		      "the package libnss-extauth is removed."));
	return exit_status(run);
}

static enum ctl_exit
begin(struct unsetup *run, int *ret_lock)
{
	struct extauth_error error = {0};
	enum extauth_err err;

	if (!settings_need_root("unsetup"))
		return CTL_CANNOT;
	if (!terminal_is_person() && !arguments_has(run->arguments, "yes") &&
	    !arguments_has(run->arguments, "dry-run")) {
		complain("unsetup: --yes is missing: standard input is no "
			 "terminal to ask at (--dry-run shows what would "
			 "change)");
		return CTL_USAGE;
	}
	err = setup_lock(ret_lock, &error);
	if (err == EXTAUTH_OK)
		err = setup_record_load(&run->record, &error);
	return err == EXTAUTH_OK ? CTL_DONE
				 : complain_about("unsetup", err, &error);
}

static enum ctl_exit
unsetup_run(const struct context *context, const struct arguments *arguments)
{
	cleanup_document struct json_object *report = document_object();
	struct unsetup run = {
	    .context = context,
	    .arguments = arguments,
	    .report = report,
	    .plan = document_array(),
	    .left = document_array(),
	};
	cleanup_fd int lock = -1;
	enum ctl_exit status = begin(&run, &lock);

	document_put(report, "plan", run.plan);
	document_put(report, "left", run.left);
	if (status == CTL_DONE)
		status = carry_out(&run);
	if (context->is_json)
		document_print_json(report);
	setup_record_clear(&run.record);
	return status;
}

const struct command command_unsetup = {
    .name = "unsetup",
    .operands = "",
    .summary = N_("Takes back what setup did."),
    .example = "extauthctl unsetup --dry-run",
    .notes = N_("What was changed by hand since is left, and named. "
		"Registered users, the registry\nand files that setup did not "
		"write stay.\nExit status: 0 done, 1 something was left."),
    .options =
	(const struct command_option[]){
	    {"yes", NULL, N_("do not ask")},
	    {"dry-run", NULL, N_("show what would change")},
	    {"keep-configuration", NULL, N_("leave /etc/extauth as it is")},
	    {NULL, NULL, NULL},
	},
    .run = unsetup_run,
};
