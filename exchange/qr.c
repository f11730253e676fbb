/* SPDX-License-Identifier: MIT */
#include "qr.h"

#ifdef HAVE_QRENCODE

#include <qrencode.h>
#include <stdbool.h>

#define QUIET 4 /* modules on each side */

static void
qr_free(QRcode **code)
{
	QRcode_free(*code);
}

static bool
qr_is_light(const QRcode *code, int row, int column)
{
	if (row < 0 || column < 0 || row >= code->width ||
	    column >= code->width)
		return true;
	return (code->data[row * code->width + column] & 1) == 0;
}

/* One character is as high as two modules. */
static const char *
qr_block(bool is_upper_light, bool is_lower_light)
{
	if (is_upper_light)
		return is_lower_light ? "\u2588" : "\u2580";
	return is_lower_light ? "\u2584" : " ";
}

static enum extauth_err
qr_draw_line(const QRcode *code, int row, struct buffer *buffer)
{
	enum extauth_err err = EXTAUTH_OK;
	int column;

	for (column = -QUIET; column < code->width + QUIET && err == EXTAUTH_OK;
	     column++)
		err = buffer_append_text(buffer,
		    qr_block(qr_is_light(code, row, column),
			qr_is_light(code, row + 1, column)));
	return err != EXTAUTH_OK ? err : buffer_append_text(buffer, "\n");
}

enum extauth_err
qr_draw(const char *text, struct buffer *buffer)
{
	__attribute__((cleanup(qr_free))) QRcode *code =
	    QRcode_encodeString8bit(text, 0, QR_ECLEVEL_L);
	enum extauth_err err = EXTAUTH_OK;
	int row;

	if (code == NULL || code->width + 2 * QUIET > QR_COLUMNS_MAX)
		return EXTAUTH_OK;
	for (row = -QUIET; row < code->width + QUIET && err == EXTAUTH_OK;
	     row += 2)
		err = qr_draw_line(code, row, buffer);
	return err;
}

#else

enum extauth_err
qr_draw(const char *text, struct buffer *buffer)
{
	(void)text;
	(void)buffer;
	return EXTAUTH_OK;
}

#endif
