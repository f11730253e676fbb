/* SPDX-License-Identifier: MIT */
/* The dialog of a SYNC: many frames to the host and none from it. They are
 * gathered, so that a million people do not take a million system calls.
 * Does not know: sources, HTTP. */
#ifndef EXTAUTH_DIALOG_SOURCE_H
#define EXTAUTH_DIALOG_SOURCE_H

#include "dialog.h"

/* Each puts one frame behind those that were gathered, and sends them all once
 * they are 64 KiB. Errors of sync_user_to_frame and frame_send. */
EXTAUTH_CHECKED enum extauth_err dialog_gather_total(
    struct dialog *dialog, uint32_t total);
EXTAUTH_CHECKED enum extauth_err dialog_gather_user(
    struct dialog *dialog, const struct sync_user *user);
EXTAUTH_CHECKED enum extauth_err dialog_gather_group(
    struct dialog *dialog, const struct sync_group *group);
EXTAUTH_CHECKED enum extauth_err dialog_gather_trace(
    struct dialog *dialog, const char *line);

/* Sends what was gathered: before anything that takes time. As frame_send. */
EXTAUTH_CHECKED enum extauth_err dialog_flush(struct dialog *dialog);

/* Sends what was gathered and sleeps. EXTAUTH_UNAVAILABLE at once, with the
 * reason in `error`, where the deadline would come before; EXTAUTH_SYSTEM after
 * a hang-up. */
EXTAUTH_CHECKED enum extauth_err dialog_pause(
    struct dialog *dialog, uint32_t wait_ms, struct extauth_error *error);

/* Sends what was gathered and the END: the last word. An end that cannot be
 * told becomes one that failed. As frame_send. */
EXTAUTH_CHECKED enum extauth_err dialog_end_sync(
    struct dialog *dialog, const struct sync_end *end);

#endif
