/* SPDX-License-Identifier: MIT */
/* A QR code as text, for a terminal.
 * Does not know: what is in it, or where it is shown. */
#ifndef EXTAUTH_QR_H
#define EXTAUTH_QR_H

#include "buffer.h"

#define QR_COLUMNS_MAX 80

/* Appends `text` as lines of half blocks in UTF-8, with its quiet zone: light
 * is drawn, dark is left out, as a terminal with a dark ground needs it.
 * Appends nothing where the code would be wider than QR_COLUMNS_MAX, where
 * `text` cannot be one, and in a build without libqrencode. EXTAUTH_TOOBIG,
 * EXTAUTH_NOMEM. ISO/IEC 18004. */
EXTAUTH_CHECKED enum extauth_err qr_draw(
    const char *text, struct buffer *buffer);

#endif
