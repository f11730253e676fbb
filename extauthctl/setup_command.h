/* SPDX-License-Identifier: MIT */
/* Runs a tool of the system and keeps what it says; no shell, and the least of
 * an environment that the tool needs.
 * Does not know: what the tool does. */
#ifndef EXTAUTHCTL_SETUP_COMMAND_H
#define EXTAUTHCTL_SETUP_COMMAND_H

#include <stdbool.h>

#include "buffer.h"

#define SETUP_SSHD "/usr/sbin/sshd"
#define SETUP_PAM_UPDATE "/usr/sbin/pam-auth-update"
#define SETUP_SUDO "/usr/bin/sudo"
#define SETUP_SYSTEMCTL "/usr/bin/systemctl"

/* Runs argv[0], an absolute path, in the C locale with nothing on standard
 * input; appends what it writes on both outputs to `output`, as far as there is
 * room. `*ret_status` is its exit status, 128 and more for a signal.
 * EXTAUTH_SYSTEM if it cannot be started. posix_spawn(3). */
EXTAUTH_CHECKED enum extauth_err setup_command_run(const char *const *argv,
    struct buffer *output, int *ret_status, struct extauth_error *error);

#endif
