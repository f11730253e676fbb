/* SPDX-License-Identifier: MIT */
/* What sshd does, as sshd itself says it, and its reload.
 * Does not know: which files say so. */
#ifndef EXTAUTHCTL_SETUP_SSHD_H
#define EXTAUTHCTL_SETUP_SSHD_H

#include <stdbool.h>

#include "buffer.h"

struct setup_sshd {
	bool has_pam;
	bool has_password;
	bool has_keyboard_interactive;
	bool has_methods; /* AuthenticationMethods is not "any" */
};

/* Asks `sshd -T`. EXTAUTH_NOTFOUND if there is no sshd; EXTAUTH_CONFIG with
 * what it says if it does not take its configuration; EXTAUTH_SYSTEM. */
EXTAUTH_CHECKED enum extauth_err setup_sshd_ask(
    struct setup_sshd *ret_sshd, struct extauth_error *error);

/* Tells whether people can type what they are asked for: a password, or, where
 * `must_ask`, the answers to any question. */
bool setup_sshd_suffices(const struct setup_sshd *sshd, bool must_ask);

/* Has a running sshd read its files again, after sshd itself took them.
 * `*ret_note` says what is left to do by hand, or is NULL; static.
 * EXTAUTH_CONFIG if sshd does not take them. */
EXTAUTH_CHECKED enum extauth_err setup_sshd_reload(
    const char **ret_note, struct extauth_error *error);

#endif
