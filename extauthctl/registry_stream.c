/* SPDX-License-Identifier: MIT */
#include "registry_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "registry_format.h"
#include "registry_record.h"

/* So much is written at once, while it still is in the processor's cache: a
 * number of steps of the checksum. */
#define PIECE_BYTES ((size_t)8 * REGISTRY_CHECKSUM_STEP_BYTES)
/* So much is written before the kernel is asked to begin with it, so that the
 * disk works while the rest is made. */
#define BEGIN_BYTES ((uint64_t)16 << 20)

enum extauth_err
registry_stream_begin(
    int fd, uint32_t version, struct registry_stream *ret_stream)
{
	struct registry_stream stream = {
	    .fd = fd, .version = version, .offset = REGISTRY_HEADER_BYTES};

	if (registry_pages_take(PIECE_BYTES * 2, &stream.pages) != EXTAUTH_OK)
		return EXTAUTH_NOMEM;
	*ret_stream = stream;
	return EXTAUTH_OK;
}

uint64_t
registry_stream_place(const struct registry_stream *stream)
{
	return stream->offset + stream->used;
}

static enum extauth_err
write_at(int fd, const char *bytes, size_t length, uint64_t offset)
{
	while (length > 0) {
		ssize_t written = pwrite(fd, bytes, length, (off_t)offset);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return EXTAUTH_SYSTEM;
		bytes += written;
		offset += (uint64_t)written;
		length -= (size_t)written;
	}
	return EXTAUTH_OK;
}

/* Writes the first `length` bytes that are held. */
static enum extauth_err
stream_write(struct registry_stream *stream, size_t length)
{
	char *bytes = stream->pages.bytes;
	size_t left = stream->used - length;
	size_t done = 0;

	if (write_at(stream->fd, bytes, length, stream->offset) != EXTAUTH_OK)
		return EXTAUTH_SYSTEM;
	while (done < length) {
		size_t step = length - done < REGISTRY_CHECKSUM_STEP_BYTES
		    ? length - done
		    : REGISTRY_CHECKSUM_STEP_BYTES;

		stream->checksum =
		    registry_tables_checksum(stream->version, stream->checksum,
			stream->offset + done, bytes + done, step);
		done += step;
	}
	memmove(bytes, bytes + length, left);
	memset(bytes + left, 0, length);
	stream->used = left;
	stream->offset += length;
	if (stream->offset - stream->begun < BEGIN_BYTES)
		return EXTAUTH_OK;
	/* fsync tells whether it went well. */
	(void)sync_file_range(stream->fd, (off_t)stream->begun,
	    (off_t)(stream->offset - stream->begun), SYNC_FILE_RANGE_WRITE);
	stream->begun = stream->offset;
	return EXTAUTH_OK;
}

enum extauth_err
registry_stream_room(
    struct registry_stream *stream, size_t length, char **ret_room)
{
	size_t whole;
	enum extauth_err err = EXTAUTH_OK;

	if (length > stream->pages.size - stream->used) {
		whole =
		    stream->used - stream->used % REGISTRY_CHECKSUM_STEP_BYTES;
		err = stream_write(stream, whole);
	}
	if (err == EXTAUTH_OK && length > stream->pages.size - stream->used)
		err =
		    registry_pages_grow(&stream->pages, stream->used + length);
	if (err == EXTAUTH_OK)
		*ret_room = stream->pages.bytes + stream->used;
	return err;
}

void
registry_stream_add(struct registry_stream *stream, size_t length)
{
	stream->used += length;
}

enum extauth_err
registry_stream_put(
    struct registry_stream *stream, const char *bytes, uint64_t length)
{
	while (length > 0) {
		size_t piece =
		    length < PIECE_BYTES ? (size_t)length : PIECE_BYTES;
		char *room = NULL;
		enum extauth_err err =
		    registry_stream_room(stream, piece, &room);

		if (err != EXTAUTH_OK)
			return err;
		if (bytes != NULL) {
			memcpy(room, bytes, piece);
			bytes += piece;
		}
		registry_stream_add(stream, piece);
		length -= piece;
	}
	return EXTAUTH_OK;
}

enum extauth_err
registry_stream_end(struct registry_stream *stream, uint64_t *ret_checksum)
{
	enum extauth_err err = stream_write(stream, stream->used);

	if (err == EXTAUTH_OK)
		*ret_checksum = stream->checksum;
	return err;
}

enum extauth_err
registry_stream_put_header(
    const struct registry_stream *stream, const char *header)
{
	return write_at(stream->fd, header, REGISTRY_HEADER_BYTES, 0);
}

void
registry_stream_clear(struct registry_stream *stream)
{
	registry_pages_give(&stream->pages);
}
