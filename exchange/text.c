/* SPDX-License-Identifier: MIT */
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PRINT_BYTES 1024

void
text_copy_printable(char *text, size_t size, const char *bytes, size_t length)
{
	size_t used = 0;
	size_t at;

	for (at = 0; at < length && used + 1 < size; at++) {
		unsigned char byte = (unsigned char)bytes[at];

		if (byte >= 0x80 && byte < 0xc0)
			continue;
		if (byte < 0x20 || byte > 0x7e)
			text[used++] = '?';
		else
			text[used++] = bytes[at];
	}
	text[used] = '\0';
}

void
text_print(char *text, size_t size, const char *format, ...)
{
	char raw[PRINT_BYTES];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(raw, sizeof(raw), format, arguments);
	va_end(arguments);
	if (length < 0)
		raw[0] = '\0';
	text_copy_printable(text, size, raw, strlen(raw));
}
