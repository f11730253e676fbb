/* SPDX-License-Identifier: MIT */
#include "fuzz_nss_buffer.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#define LENGTH_MAX 4096
#define BEFORE 0x5a

struct fuzz_buffer
fuzz_buffer_of(const uint8_t *head)
{
	size_t length = head[2] | (size_t)head[3] << 8;

	return (struct fuzz_buffer){
	    .length = length % (LENGTH_MAX + 1), .alignment = head[1] % 16};
}

void
fuzz_buffer_make(struct fuzz_buffer *buffer)
{
	buffer->memory = malloc(buffer->alignment + buffer->length);
	fuzz_require(buffer->memory != NULL, "memory");
	memset(buffer->memory, BEFORE, buffer->alignment);
	buffer->bytes = buffer->memory + buffer->alignment;
}

void
fuzz_buffer_clear(struct fuzz_buffer *buffer)
{
	size_t at;

	for (at = 0; at < buffer->alignment; at++)
		fuzz_require(buffer->memory[at] == BEFORE,
		    "it writes in front of the buffer");
	free(buffer->memory);
	buffer->memory = NULL;
}

void
fuzz_buffer_has(const struct fuzz_buffer *buffer, const char *text)
{
	const char *end = buffer->bytes + buffer->length;

	fuzz_require(text >= buffer->bytes && text < end &&
		memchr(text, '\0', (size_t)(end - text)) != NULL,
	    "a text outside of the buffer");
}
