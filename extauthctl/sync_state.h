/* SPDX-License-Identifier: MIT */
/* What is kept of a source from one sync to the next: a file of JSON for each,
 * for the next reading and for `status`.
 * Does not know: what the worker's part of it means. */
#ifndef EXTAUTHCTL_SYNC_STATE_H
#define EXTAUTHCTL_SYNC_STATE_H

#include "paths.h"
#include "sync_plan.h"

#define SYNC_STATE_DIRECTORY EXTAUTH_REGISTRY_DIRECTORY "/sync"
#define SYNC_STATE_RESULT_BYTES 320
#define SYNC_STATE_SETTINGS_BYTES 17
/* So often all is read anew, whatever the source says: people who were changed
 * or removed here by hand, and those who were refused, are not told twice. */
#define SYNC_STATE_WHOLE_S 86400

/* {0} is a source that was never synced. Times are seconds since 1970. */
struct sync_state {
	char *state; /* owned: of the worker, NULL if there is none */
	char settings[SYNC_STATE_SETTINGS_BYTES]; /* it is good for */
	uint64_t generation; /* of the registry behind it */
	int64_t whole_s;     /* all was read last */
	int64_t success_s;
	int64_t attempt_s;
	char result[SYNC_STATE_RESULT_BYTES]; /* of the last attempt */
	struct sync_counts counts;            /* of the last success */
};

/* Reads the state of a source out of a directory. One that is missing, damaged
 * or not root's alone is as if there were none. `*ret_state` is the caller's
 * (sync_state_clear). */
void sync_state_load(
    const char *directory, const char *source, struct sync_state *ret_state);

/* Makes the directory (0700) if it is missing, opens it and takes its lock, so
 * that one sync runs at a time. EXTAUTH_UNAVAILABLE if another one runs,
 * EXTAUTH_SYSTEM, with the reason in `error`. flock(2). */
EXTAUTH_CHECKED enum extauth_err sync_state_lock(
    const char *directory, int *ret_fd, struct extauth_error *error);

/* Puts the state in the place of the source's file (0600) in a directory. On
 * failure the old one stays. EXTAUTH_SYSTEM, EXTAUTH_NOMEM, with the reason in
 * `error`. */
EXTAUTH_CHECKED enum extauth_err sync_state_write(int directory_fd,
    const char *source, const struct sync_state *state,
    struct extauth_error *error);

/* Sums up what this host makes of a source's people, in hex digits. */
EXTAUTH_CHECKED enum extauth_err sync_state_settings(
    const struct config *config, const struct config_source *source,
    char ret_settings[SYNC_STATE_SETTINGS_BYTES]);

/* Lends the worker's state for a reading that is made now; "" if all is to be
 * read anew: there is none, it is of other settings or too old, or the registry
 * is not the one it was (`generation` is that of the registry). */
const char *sync_state_lend(const struct sync_state *state,
    const char *settings, uint64_t generation, int64_t now_s);

/* Frees what it holds and leaves {0}. NULL is allowed. */
void sync_state_clear(struct sync_state *state);

#define cleanup_sync_state __attribute__((cleanup(sync_state_clear)))

#endif
