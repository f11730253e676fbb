/* SPDX-License-Identifier: MIT */
/* What a name, an e-mail, a number, a home may look like; one canonical form.
 * All comparison is by ASCII bytes, whatever the locale.
 * Does not know: who is registered. */
#ifndef EXTAUTH_IDENTITY_H
#define EXTAUTH_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

#define IDENTITY_NAME_MAX_BYTES 32
#define IDENTITY_EMAIL_MAX_BYTES 254
#define IDENTITY_TEXT_MAX_BYTES 255
#define IDENTITY_PASSWORD_MAX_BYTES 1024

/* Tells whether it is [a-z_][a-z0-9_-]{0,31}. */
bool identity_is_short_name(const char *name);

/* Tells whether it is an e-mail in the form in which it may be a login name:
 * identity_check_email holds, there is no upper-case letter in it, and the part
 * before the '@' is of [a-z0-9._+-] and starts with a letter, digit or '_'. */
bool identity_is_email_name(const char *name);

/* Checks a login name to be registered: one of the two forms above (the second
 * only if `email_names`), and none of the names that belong to the system
 * (root, daemon, nobody, systemd-*, sudo, wheel, docker, adm, ...).
 * EXTAUTH_INVALID with the reason in `error`. */
EXTAUTH_CHECKED enum extauth_err identity_check_name(
    const char *name, bool email_names, struct extauth_error *error);

/* Checks an e-mail: dot-atom local part of at most 64 bytes, host name with a
 * dot, ASCII, at most 254 bytes. EXTAUTH_INVALID with the reason in `error`.
 * RFC 5321 4.1.2 without quoted strings and address literals. */
EXTAUTH_CHECKED enum extauth_err identity_check_email(
    const char *email, struct extauth_error *error);

/* Compares two e-mails, host names or header names: ASCII letters without case.
 */
bool identity_equal(const char *one, const char *other);

/* Makes ASCII letters lower case in place. */
void identity_fold(char *text);

/* Lends the part of `email` behind its last '@', or "" if there is none. */
const char *identity_domain(const char *email);

/* Checks a uid or gid to be given to a registered user: never 0-999,
 * 60001-65535, 524288-1879048191, 2147352576 and above. EXTAUTH_INVALID with
 * the reason in `error`. */
EXTAUTH_CHECKED enum extauth_err identity_check_uid(
    uint32_t uid, struct extauth_error *error);

/* Tells whether identity_check_uid passes for each of `count` numbers. */
bool identity_are_uids(const uint32_t *uids, size_t count);

/* Gives the lowest number from `uid` on that identity_check_uid passes, or
 * UINT32_MAX if there is none. */
uint32_t identity_next_uid(uint32_t uid);

/* Checks a gecos text: printable ASCII without ':', at most 255 bytes.
 * EXTAUTH_INVALID with the reason in `error`. */
EXTAUTH_CHECKED enum extauth_err identity_check_gecos(
    const char *gecos, struct extauth_error *error);

/* Checks a home or shell: absolute, printable ASCII without ':', no empty, "."
 * or ".." component (so not "/", "/a//b", "/a/"), at most 255 bytes; `what`
 * names it in `error`. EXTAUTH_INVALID. */
EXTAUTH_CHECKED enum extauth_err identity_check_path(
    const char *path, const char *what, struct extauth_error *error);

/* Checks an external id: printable ASCII, no blank at its ends, at most 255
 * bytes; empty is allowed. EXTAUTH_INVALID with the reason in `error`. */
EXTAUTH_CHECKED enum extauth_err identity_check_external_id(
    const char *external_id, struct extauth_error *error);

/* Checks a typed password: not empty, not only blanks, at most 1024 bytes, no
 * control byte (sshd's stand-in password has some). EXTAUTH_INVALID with the
 * reason in `error`, never with a byte of it. RFC 4513 5.1.2. */
EXTAUTH_CHECKED enum extauth_err identity_check_password(
    const char *password, size_t length, struct extauth_error *error);

#endif
