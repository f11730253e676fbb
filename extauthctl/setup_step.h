/* SPDX-License-Identifier: MIT */
/* One change of the system: a file, lines of a file, or a profile of
 * pam-auth-update; done, undone, shown.
 * Does not know: why it is made, and what else is. */
#ifndef EXTAUTHCTL_SETUP_STEP_H
#define EXTAUTHCTL_SETUP_STEP_H

#include <stdbool.h>
#include <sys/types.h>

#include "command.h"
#include "document.h"
#include "setup_file.h"

#define SETUP_SSHD_PART "/etc/ssh/sshd_config.d/10-extauth.conf"
#define SETUP_CONFIGURATION "/etc/extauth/"
#define SETUP_NSSWITCH "/etc/nsswitch.conf"
#define SETUP_PROFILES "/usr/share/pam-configs"

enum setup_kind {
	SETUP_FILE = 0, /* all of it */
	SETUP_LINES,    /* some lines */
	SETUP_PROFILE,  /* of pam-auth-update */
};

/* {0} is none. */
struct setup_step {
	enum setup_kind kind;
	char *path; /* of the file; the profile's name */
	/* Of a file its text; of lines, these, one for one; of a profile the
	 * lines that it brings, to be shown. */
	struct buffer before;
	struct buffer after;
	bool was_there; /* of a file or profile */
	bool will_be_there;
	bool is_secret; /* no text is shown */
	mode_t mode;    /* of a new file */
	bool is_done;
};

/* Makes a step without texts. Memory that is missing ends the program. */
struct setup_step setup_step_make(enum setup_kind kind, const char *path);

/* Does it. `*ret_note` says what else is to be done by hand, or is NULL;
 * static. EXTAUTH_SYSTEM, EXTAUTH_CONFIG with the reason and the mend in
 * `error`: then it may be done all the same, as with a file that sshd does not
 * take, and is to be taken back. */
EXTAUTH_CHECKED enum extauth_err setup_step_do(const struct setup_step *step,
    const char **ret_note, struct extauth_error *error);

/* Makes it the step back. */
void setup_step_turn(struct setup_step *step);

/* Shows what it will change: the file and the lines that come in or go out, or
 * the command. Appends the same to `plan`, and prints where there is no JSON to
 * print. */
void setup_step_show(const struct context *context,
    const struct setup_step *step, struct json_object *plan);

/* Frees all and leaves {0}. NULL is allowed. */
void setup_step_clear(struct setup_step *step);

#define cleanup_step __attribute__((cleanup(setup_step_clear)))

#endif
