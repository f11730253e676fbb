/* SPDX-License-Identifier: MIT */
/* A registry at its compiled-in place, in a mount namespace of the test's own,
 * so that nothing of the machine is touched. Needs root.
 * Does not know: what is asked of it. */
#ifndef EXTAUTH_NSS_CASE_H
#define EXTAUTH_NSS_CASE_H

#include "paths.h"
#include "registry_write.h"
#include "unit.h"

#define ALICE_UID 2000200001U
#define CAROL_UID 2000200002U
#define ADMINS_GID 2000900001U

/* Goes into a namespace of its own, with an empty directory over that of the
 * registry's parent, and `nsswitch.conf` asking files, then extauth. Goes for
 * the rest of the process. */
void nss_case_enter(void);

/* Writes both files anew: alice in group admins, and carol@example.com, who is
 * disabled and past her date; with `more` further users. */
void nss_case_write(bool may_enumerate, unsigned more);

#endif
