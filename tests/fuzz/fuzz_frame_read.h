/* SPDX-License-Identifier: MIT */
/* Reads one frame by all that read frames.
 * Does not know: where it came from. */
#ifndef EXTAUTH_FUZZ_FRAME_READ_H
#define EXTAUTH_FUZZ_FRAME_READ_H

#include "frame.h"
#include "verdict.h"

/* Ends the program if a reader takes what it should not. */
void fuzz_frame_read(const struct frame *frame);

#endif
