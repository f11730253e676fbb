/* SPDX-License-Identifier: MIT */
/* One call of the module by libpam: handle, service, flags and options.
 * Does not know: who the user is. */
#ifndef EXTAUTH_PAM_CALL_H
#define EXTAUTH_PAM_CALL_H

#include <security/pam_modules.h>

#include "error.h"
#include "pam_args.h"

struct pam_call {
	pam_handle_t *pamh;
	const char *service;  /* PAM_SERVICE, "" if none; lent */
	const char *language; /* the key, "" until it is known; lent */
	bool is_silent;       /* PAM_SILENT */
	bool is_root;         /* geteuid() == 0 */
	bool is_account_step; /* of pam_sm_acct_mgmt(3) */
	struct pam_args args;
};

/* Fills `*ret_call`. It lives as long as the call of the entry point does. */
void pam_call_begin(pam_handle_t *pamh, int flags, int argc, const char **argv,
    struct pam_call *ret_call);

/* Lends a text item of PAM (pam_get_item(3)), or "". */
const char *pam_call_item(const struct pam_call *call, int item);

/* Writes one debug line if the option `debug` is there. Never a secret. */
void pam_call_debug(const struct pam_call *call, const char *format, ...)
    EXTAUTH_PRINTF(2, 3);

/* Puts errno back, for `cleanup_errno int host_errno = errno;`: the host finds
 * it as it was. */
void pam_call_restore_errno(const int *host_errno);

#define cleanup_errno __attribute__((cleanup(pam_call_restore_errno), unused))

#endif
