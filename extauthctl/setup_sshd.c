/* SPDX-License-Identifier: MIT */
#include "setup_sshd.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "setup_command.h"
#include "setup_file.h"
#include "translate.h"

#define OUTPUT_BYTES 65536
#define RUN_DIRECTORY "/run/sshd"

/* sshd that does not run has no directory below /run, and does not check its
 * files without. */
static enum extauth_err
sshd_run(const char *option, struct buffer *output, struct extauth_error *error)
{
	const char *const argv[] = {SETUP_SSHD, option, NULL};
	bool is_made = mkdir(RUN_DIRECTORY, 0755) == 0;
	enum extauth_err err;
	int status = 0;

	err = setup_command_run(argv, output, &status, error);
	if (is_made)
		(void)rmdir(RUN_DIRECTORY);
	if (err != EXTAUTH_OK || status == 0)
		return err;
	return error_set(error, EXTAUTH_CONFIG, "sshd %s: %.*s", option,
	    (int)strcspn(buffer_text(output), "\n"), buffer_text(output));
}

static bool
says(const struct buffer *output, const char *line)
{
	return setup_line_is_in(buffer_text(output), line, strlen(line));
}

enum extauth_err
setup_sshd_ask(struct setup_sshd *ret_sshd, struct extauth_error *error)
{
	cleanup_buffer struct buffer output = buffer_make(OUTPUT_BYTES);
	enum extauth_err err;

	if (access(SETUP_SSHD, X_OK) != 0)
		return error_set(error, EXTAUTH_NOTFOUND,
		    "%s: not there: install openssh-server", SETUP_SSHD);
	err = sshd_run("-T", &output, error);
	if (err != EXTAUTH_OK)
		return err;
	*ret_sshd = (struct setup_sshd){
	    .has_pam = says(&output, "usepam yes"),
	    .has_password = says(&output, "passwordauthentication yes"),
	    .has_keyboard_interactive =
		says(&output, "kbdinteractiveauthentication yes"),
	    .has_methods = strstr(buffer_text(&output),
			       "\nauthenticationmethods ") != NULL &&
		!says(&output, "authenticationmethods any"),
	};
	return EXTAUTH_OK;
}

bool
setup_sshd_suffices(const struct setup_sshd *sshd, bool must_ask)
{
	return sshd->has_pam &&
	    (sshd->has_keyboard_interactive ||
		(sshd->has_password && !must_ask));
}

enum extauth_err
setup_sshd_reload(const char **ret_note, struct extauth_error *error)
{
	static const char *const argv[] = {
	    SETUP_SYSTEMCTL, "try-reload-or-restart", "ssh.service", NULL};
	cleanup_buffer struct buffer output = buffer_make(OUTPUT_BYTES);
	struct extauth_error ignored = {0};
	enum extauth_err err = sshd_run("-t", &output, error);
	int status = 0;

	if (err != EXTAUTH_OK)
		return err;
	if (access("/run/systemd/system", F_OK) != 0 ||
	    setup_command_run(argv, &output, &status, &ignored) != EXTAUTH_OK ||
	    status != 0)
		*ret_note = N_("sshd was not told: it reads its files again "
			       "when it is started the next time");
	return EXTAUTH_OK;
}
