/* SPDX-License-Identifier: MIT */
/* What the tests of login.c's two halves have in common.
 * Does not know: what a test expects. */
#ifndef EXTAUTH_LOGIN_CASE_H
#define EXTAUTH_LOGIN_CASE_H

#include "login.h"
#include "unit.h"

extern const char login_case_nonce[FRAME_NONCE_BYTES];

/* The frame with its field `tag` replaced by `bytes`, or left out if NULL. The
 * caller's (frame_clear). */
struct frame login_case_with(const struct frame *frame, enum frame_tag tag,
    const char *bytes, size_t length);

#endif
