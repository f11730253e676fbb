/* SPDX-License-Identifier: MIT */
/* The secrets and client certificate of one provider, read from their files.
 * Does not know: what they are sent to. */
#ifndef EXTAUTH_CREDENTIALS_H
#define EXTAUTH_CREDENTIALS_H

#include "values.h"

/* {0} is none. */
struct credentials {
	struct named_secret *secrets;
	size_t count;
	struct secret client_certificate; /* PEM */
	struct secret client_key;         /* PEM */
	struct secret client_secret;      /* of OAuth 2.0 */
	struct secret api_token;
};

/* Reads what the provider's templates and keys name; for a FORGOT that is a GET
 * of forgot_password_url only what that names. To be called as root.
 * `*ret_credentials` is the caller's (credentials_clear) and borrows names from
 * the configuration.
 * EXTAUTH_CONFIG with the file and the mend in `error` for one that is missing,
 * not a regular file, not root's, or a secret that others may read;
 * EXTAUTH_NOMEM, EXTAUTH_SYSTEM. */
EXTAUTH_CHECKED enum extauth_err credentials_load(const struct config *config,
    const struct config_provider *provider, enum frame_type job,
    struct credentials *ret_credentials, struct extauth_error *error);

/* Opens a file as a source's list is opened: a regular file of root that others
 * cannot write to, and no link. `*ret_fd` is the caller's. EXTAUTH_CONFIG with
 * the file and the mend in `error`, EXTAUTH_SYSTEM. */
EXTAUTH_CHECKED enum extauth_err credentials_open_list(
    const char *path, int *ret_fd, struct extauth_error *error);

/* Wipes and frees what it holds and leaves {0}. NULL is allowed. */
void credentials_clear(struct credentials *credentials);

#define cleanup_credentials __attribute__((cleanup(credentials_clear)))

#endif
