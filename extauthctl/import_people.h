/* SPDX-License-Identifier: MIT */
/* Takes the people and groups of a file into the registry, as far as they can
 * be taken, and counts them.
 * Does not know: how a file is read, and whether the registry is written. */
#ifndef EXTAUTHCTL_IMPORT_PEOPLE_H
#define EXTAUTHCTL_IMPORT_PEOPLE_H

#include "import_file.h"
#include "registrar.h"

/* Registrar, file and path are borrowed. */
struct import {
	struct registrar *registrar;
	struct import_file *file;
	const char *path;
	struct registry_pages passes; /* of each row, enum pass in a byte */
	struct registry_pages seen;   /* of each user, enum seen in a byte */
	unsigned added;
	unsigned updated;
	unsigned unchanged;
	unsigned removed;
	unsigned groups;
	unsigned bad;
};

/* Takes all of an import that knows registrar, file and path; it is to be
 * cleared (import_clear), after a failure as well. What is bad is named on
 * standard error and counted. EXTAUTH_SYSTEM with the reason in `error`,
 * EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err import_people(
    struct import *import, struct extauth_error *error);

/* Frees what it holds of its own. */
void import_clear(struct import *import);

#define cleanup_import __attribute__((cleanup(import_clear)))

#endif
