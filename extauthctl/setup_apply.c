/* SPDX-License-Identifier: MIT */
#include "setup_apply.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "pam_stack.h"
#include "paths.h"
#include "setup_sshd.h"
#include "translate.h"

/* In a directory that is closed: whoever can open one can lock it. */
enum extauth_err
setup_lock(int *ret_fd, struct extauth_error *error)
{
	cleanup_fd int fd = -1;

	if (mkdir(EXTAUTH_RUN_DIRECTORY, 0700) == 0 || errno == EEXIST)
		fd = open(EXTAUTH_RUN_DIRECTORY,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return error_set(error, EXTAUTH_SYSTEM, "%s: %s",
		    EXTAUTH_RUN_DIRECTORY, error_of_number(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		return error_set(error, EXTAUTH_UNAVAILABLE,
		    "another setup or unsetup is running");
	*ret_fd = fd;
	fd = -1;
	return EXTAUTH_OK;
}

/* Tells whether the service really asks us now. */
static enum extauth_err
verify_pam(const struct setup *setup, struct extauth_error *error)
{
	size_t index;

	for (index = 0; index < setup->service_count; index++) {
		const char *service = setup->services[index];

		if (!pam_stack_has_us(service, "auth") ||
		    !pam_stack_has_us(service, "account"))
			return error_set(error, EXTAUTH_CONFIG,
			    "%s/%s: does not include common-auth and "
			    "common-account: add the lines of pam_extauth(8) "
			    "there, or leave it out of --service",
			    PAM_STACK_DIRECTORY, service);
	}
	return EXTAUTH_OK;
}

/* The first value counts for sshd, and its main file may include ours late or
 * not at all. */
static enum extauth_err
verify_sshd(const struct setup *setup, struct extauth_error *error)
{
	struct setup_sshd sshd = {0};
	enum extauth_err err = setup_sshd_ask(&sshd, error);

	if (err != EXTAUTH_OK ||
	    setup_sshd_suffices(&sshd, setup_plan_must_ask(setup)))
		return err;
	return error_set(error, EXTAUTH_CONFIG,
	    "/etc/ssh/sshd_config: %s has no effect: another file says no "
	    "first, or the line \"Include /etc/ssh/sshd_config.d/*.conf\" is "
	    "missing at the beginning. Write KbdInteractiveAuthentication yes "
	    "and UsePAM yes into sshd_config",
	    SETUP_SSHD_PART);
}

static enum extauth_err
verify(const struct setup *setup, const struct setup_step *step,
    struct extauth_error *error)
{
	if (step->kind == SETUP_PROFILE && strcmp(step->path, "extauth") == 0)
		return verify_pam(setup, error);
	if (step->kind == SETUP_FILE &&
	    strcmp(step->path, SETUP_SSHD_PART) == 0)
		return verify_sshd(setup, error);
	return EXTAUTH_OK;
}

static enum extauth_err
step_apply(struct setup *setup, struct setup_step *step, const char **ret_note,
    struct extauth_error *error)
{
	enum extauth_err err = EXTAUTH_OK;

	if (step->kind == SETUP_LINES &&
	    strcmp(step->path, SETUP_NSSWITCH) != 0) {
		err = setup_plan_home(step, error);
		if (err != EXTAUTH_OK || step->after.length == 0)
			return err;
	}
	err = setup_record_note(&setup->record, step, error);
	if (err == EXTAUTH_OK)
		err = setup_record_save(&setup->record, error);
	if (err != EXTAUTH_OK)
		return err;
	step->is_done = true;
	err = setup_step_do(step, ret_note, error);
	return err == EXTAUTH_OK ? verify(setup, step, error) : err;
}

bool
setup_undo(struct setup *setup)
{
	bool is_whole = true;
	size_t index;

	for (index = setup->step_count; index-- > 0;) {
		struct setup_step *step = &setup->steps[index];
		struct extauth_error error = {0};
		const char *note;

		if (!step->is_done)
			continue;
		setup_step_turn(step);
		if (setup_step_do(step, &note, &error) == EXTAUTH_OK)
			continue;
		complain("undoing %s: %s", step->path, error.text);
		is_whole = false;
	}
	if (!is_whole) {
		complain("setup: not all of it could be undone: `extauthctl "
			 "unsetup` takes the rest back");
		return false;
	}
	document_clear(&setup->record.entries);
	setup->record.entries = json_object_get(setup->earlier);
	if (setup_record_save(&setup->record, NULL) == EXTAUTH_OK)
		return true;
	complain("%s: cannot be written", EXTAUTH_REGISTRY_DIRECTORY "/setup");
	return false;
}

enum ctl_exit
setup_apply(struct setup *setup)
{
	struct extauth_error error = {0};
	size_t index;

	for (index = 0; index < setup->step_count; index++) {
		const char *note = NULL;
		enum extauth_err err =
		    step_apply(setup, &setup->steps[index], &note, &error);

		if (err != EXTAUTH_OK) {
			(void)complain_about("setup", err, &error);
			document_text(setup->report, "result", "failed");
			if (setup_undo(setup))
				complain("setup: everything is as it was "
					 "before");
			return err == EXTAUTH_CONFIG ? CTL_NO : CTL_CANNOT;
		}
		if (note != NULL)
			setup_say(setup, "%s", _(note));
	}
	return CTL_DONE;
}
