/* SPDX-License-Identifier: MIT */
/* What a reading says, for the tests of sync.
 * Does not know: what is tested. */
#ifndef EXTAUTH_SYNC_CASE_H
#define EXTAUTH_SYNC_CASE_H

#include "sync.h"

/* SYNC, USER, GROUP, TOTAL and END. */
#define SYNC_CASE_FRAMES 5

extern const char sync_case_nonce[FRAME_NONCE_BYTES];

/* Makes a person with all that there may be; sync_user_clear. */
struct sync_user sync_case_jane(void);

/* Makes a group with two members; sync_group_clear. */
struct sync_group sync_case_admins(void);

/* Makes an END; `state` is lent. */
struct sync_end sync_case_end(char *state);

/* Makes frame `number` of SYNC_CASE_FRAMES; frame_clear. */
struct frame sync_case_frame(int number);

/* Reads a frame by the reader of its type and drops what was read. */
enum extauth_err sync_case_read(const struct frame *frame);

#endif
