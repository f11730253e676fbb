/* SPDX-License-Identifier: MIT */
#include "buffer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIRST_BYTES 256
#define FORMAT_BYTES 1024
#define PIECE_BYTES 2048

struct buffer
buffer_make(size_t limit_bytes)
{
	return (struct buffer){.limit = limit_bytes};
}

static enum extauth_err
buffer_grow(struct buffer *buffer, size_t needed)
{
	size_t capacity = buffer->capacity > 0 ? buffer->capacity : FIRST_BYTES;
	char *bytes;

	while (capacity < needed)
		capacity *= 2;
	bytes = malloc(capacity);
	if (bytes == NULL)
		return EXTAUTH_NOMEM;
	if (buffer->bytes != NULL) {
		memcpy(bytes, buffer->bytes, buffer->length + 1);
		explicit_bzero(buffer->bytes, buffer->length);
		free(buffer->bytes);
	}
	buffer->bytes = bytes;
	buffer->capacity = capacity;
	return EXTAUTH_OK;
}

enum extauth_err
buffer_append(struct buffer *buffer, const void *bytes, size_t length)
{
	if (length > buffer->limit - buffer->length)
		return EXTAUTH_TOOBIG;
	if (buffer->length + length + 1 > buffer->capacity) {
		enum extauth_err err =
		    buffer_grow(buffer, buffer->length + length + 1);

		if (err != EXTAUTH_OK)
			return err;
	}
	if (length > 0)
		memcpy(buffer->bytes + buffer->length, bytes, length);
	buffer->length += length;
	buffer->bytes[buffer->length] = '\0';
	return EXTAUTH_OK;
}

enum extauth_err
buffer_append_text(struct buffer *buffer, const char *text)
{
	return buffer_append(buffer, text, strlen(text));
}

enum extauth_err
buffer_read(struct buffer *buffer, int fd)
{
	char piece[PIECE_BYTES];
	enum extauth_err err = EXTAUTH_OK;
	ssize_t length = 1;

	while (err == EXTAUTH_OK && length != 0) {
		length = read(fd, piece, sizeof(piece));
		if (length > 0)
			err = buffer_append(buffer, piece, (size_t)length);
		else if (length < 0 && errno != EINTR)
			err = EXTAUTH_SYSTEM;
	}
	explicit_bzero(piece, sizeof(piece));
	return err;
}

enum extauth_err
buffer_append_format(struct buffer *buffer, const char *format, ...)
{
	char text[FORMAT_BYTES];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (length < 0 || (size_t)length >= sizeof(text))
		return EXTAUTH_TOOBIG;
	return buffer_append(buffer, text, (size_t)length);
}

const char *
buffer_text(const struct buffer *buffer)
{
	return buffer->bytes != NULL ? buffer->bytes : "";
}

void
buffer_clear(struct buffer *buffer)
{
	if (buffer == NULL)
		return;
	if (buffer->bytes != NULL)
		explicit_bzero(buffer->bytes, buffer->length);
	free(buffer->bytes);
	*buffer = buffer_make(buffer->limit);
}

void
cleanup_free_pointer(void *pointer)
{
	void *memory;

	memcpy(&memory, pointer, sizeof(memory));
	free(memory);
}

void
cleanup_close_fd(const int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd);
	errno = saved;
}
