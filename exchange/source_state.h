/* SPDX-License-Identifier: MIT */
/* What a source keeps from one reading to the next: a letter for the kind of
 * state, a fingerprint of the settings that it was made with, and a rest that
 * is the machine's own. A configuration that was changed finds no state.
 * Does not know: what the rest means, where states are kept. */
#ifndef EXTAUTH_SOURCE_STATE_H
#define EXTAUTH_SOURCE_STATE_H

#include "source_machine.h"

/* Sums up what decides who is read and how: type, place and client, filter,
 * paging, attributes, conditions, domains, groups. No secret is in it. */
uint64_t source_state_fingerprint(const struct source_run *run);

/* Appends letter, fingerprint in 16 hex digits, and a blank. EXTAUTH_TOOBIG,
 * EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err source_state_begin(
    const struct source_run *run, char kind, struct buffer *state);

/* Lends what stands behind the blank in the job's state, perhaps ""; NULL where
 * there is no state, or one of another kind or of other settings. */
const char *source_state_lend(const struct source_run *run, char kind);

/* The same for a state that tells first when all was read last, in seconds
 * since 1970 (and so many digits and a blank more): NULL as well where that is
 * `max_age_s` ago, or not yet. */
EXTAUTH_CHECKED enum extauth_err source_state_begin_dated(
    const struct source_run *run, char kind, int64_t whole_s,
    struct buffer *state);
const char *source_state_lend_dated(const struct source_run *run, char kind,
    int64_t max_age_s, int64_t *ret_whole_s);

#endif
