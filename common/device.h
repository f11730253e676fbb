/* SPDX-License-Identifier: MIT */
/* From where a person logs in, as the placeholders DEVICE*, TTY, RHOST and
 * HOSTNAME say it. Data for the provider, never a decision.
 * Does not know: PAM; a name is never resolved. */
#ifndef EXTAUTH_DEVICE_H
#define EXTAUTH_DEVICE_H

#include "identity.h"

/* Each at most 255 printable bytes; a byte that is not is '?'. */
struct device {
	char os[IDENTITY_TEXT_MAX_BYTES + 1];
	char name[IDENTITY_TEXT_MAX_BYTES + 1];
	char ip[IDENTITY_TEXT_MAX_BYTES + 1];
	char hostname[IDENTITY_TEXT_MAX_BYTES + 1];
	char tty[IDENTITY_TEXT_MAX_BYTES + 1];
	char rhost[IDENTITY_TEXT_MAX_BYTES + 1];
};

/* What the caller knows; any may be NULL or "". */
struct device_source {
	const char *rhost;           /* PAM_RHOST */
	const char *tty;             /* PAM_TTY */
	const char *ssh_connection;  /* of the PAM environment */
	const char *device_os;       /* configuration: overrides */
	const char *local_device_ip; /* configuration */
};

/* Fills `*ret_device`: name is the rhost as given for a remote login, the tty
 * without "/dev/" for a local one, else this host's name; ip is the rhost if
 * numeric (IPv4-mapped form reduced, zone dropped), else the first word of
 * ssh_connection, else for a local login local_device_ip, else empty; os is
 * PRETTY_NAME of os-release(5) and the machine of uname(2). Never fails: what
 * cannot be found is empty. */
void device_describe(
    const struct device_source *source, struct device *ret_device);

#endif
