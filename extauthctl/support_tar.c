/* SPDX-License-Identifier: MIT */
#include "support_tar.h"

#include <string.h>

#include "replace.h"

#define BLOCK_BYTES 512
#define SIZE_MAX_BYTES ((size_t)1 << 30)

/* The fields of a header; numbers are octal digits. */
enum tar_field {
	TAR_NAME = 0,
	TAR_NAME_BYTES = 100,
	TAR_MODE = 100,
	TAR_UID = 108,
	TAR_GID = 116,
	TAR_SIZE = 124,
	TAR_TIME = 136,
	TAR_CHECKSUM = 148,
	TAR_TYPE = 156,
	TAR_MAGIC = 257,
	TAR_OWNER = 265,
	TAR_GROUP = 297,
};

/* A text that fills its field has no NUL there. */
static void
text_put(char *field, const char *text, size_t length)
{
	for (; length > 0; length--)
		*field++ = *text++;
}

static void
octal_put(char *field, unsigned digits, uint64_t number)
{
	for (; digits > 0; digits--, number /= 8)
		field[digits - 1] = (char)('0' + number % 8);
}

/* The checksum is made as if its own field were blanks. */
static void
checksum_put(char block[BLOCK_BYTES])
{
	unsigned sum = 0;
	size_t at;

	memset(block + TAR_CHECKSUM, ' ', 8);
	for (at = 0; at < BLOCK_BYTES; at++)
		sum += (unsigned char)block[at];
	octal_put(block + TAR_CHECKSUM, 6, sum);
	block[TAR_CHECKSUM + 6] = '\0';
}

enum extauth_err
support_tar_add(int fd, const char *name, const char *text, int64_t now_s)
{
	char block[BLOCK_BYTES] = {0};
	size_t length = strlen(text);
	enum extauth_err err;

	if (strlen(name) > TAR_NAME_BYTES || length > SIZE_MAX_BYTES)
		return EXTAUTH_TOOBIG;
	text_put(block, name, strlen(name));
	octal_put(block + TAR_MODE, 7, 0600);
	octal_put(block + TAR_UID, 7, 0);
	octal_put(block + TAR_GID, 7, 0);
	octal_put(block + TAR_SIZE, 11, length);
	octal_put(block + TAR_TIME, 11, (uint64_t)now_s);
	block[TAR_TYPE] = '0';
	text_put(block + TAR_MAGIC, "ustar\00000", 8);
	text_put(block + TAR_OWNER, "root", 4);
	text_put(block + TAR_GROUP, "root", 4);
	checksum_put(block);
	err = replace_write(fd, block, sizeof(block));
	if (err == EXTAUTH_OK)
		err = replace_write(fd, text, length);
	memset(block, 0, sizeof(block));
	if (err == EXTAUTH_OK && length % BLOCK_BYTES != 0)
		err = replace_write(
		    fd, block, BLOCK_BYTES - length % BLOCK_BYTES);
	return err;
}

enum extauth_err
support_tar_end(int fd)
{
	static const char zeros[2 * BLOCK_BYTES];

	return replace_write(fd, zeros, sizeof(zeros));
}
