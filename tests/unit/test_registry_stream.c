/* SPDX-License-Identifier: MIT */
#include "registry_stream.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buffer.h"
#include "registry_format.h"
#include "registry_record.h"
#include "unit.h"

#define STEP ((size_t)REGISTRY_CHECKSUM_STEP_BYTES)
#define PIECE (8 * STEP)
#define BEGIN ((uint64_t)16 << 20)

static int
make_file(void)
{
	int fd = memfd_create("stream", MFD_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	return fd;
}

static uint64_t
size_of(int fd)
{
	struct stat status;

	ck_assert_int_eq(fstat(fd, &status), 0);
	return (uint64_t)status.st_size;
}

START_TEST(kernel_is_asked_to_begin_after_so_many_bytes)
{
	cleanup_fd int fd = make_file();
	cleanup_stream struct registry_stream stream = {0};
	uint64_t begun = 0;
	uint64_t piece;

	ck_assert_ok(registry_stream_begin(fd, REGISTRY_VERSION, &stream));
	ck_assert_uint_eq(stream.pages.size, 2 * PIECE);
	for (piece = 0; piece < 70; piece++) {
		ck_assert_ok(registry_stream_put(&stream, NULL, PIECE));
		ck_assert_uint_eq(registry_stream_place(&stream),
		    REGISTRY_HEADER_BYTES + (piece + 1) * PIECE);
		if (stream.offset - begun >= BEGIN)
			begun +=
			    BEGIN + (begun == 0 ? REGISTRY_HEADER_BYTES : 0);
		ck_assert_uint_eq(stream.begun, begun);
		ck_assert_uint_le(stream.used, 2 * PIECE);
	}
	ck_assert_uint_eq(begun, REGISTRY_HEADER_BYTES + 2 * BEGIN);
}
END_TEST

/* Bytes of which each tells where it stands. */
static void
fill(char *bytes, size_t length, size_t first)
{
	size_t place;

	for (place = 0; place < length; place++)
		bytes[place] = (char)((first + place) * 31 >> 3);
}

START_TEST(whole_steps_are_written_and_the_rest_is_held)
{
	cleanup_fd int fd = make_file();
	cleanup_stream struct registry_stream stream = {0};
	char *room = NULL;
	bool is_zero = true;
	size_t place;

	ck_assert_ok(registry_stream_begin(fd, REGISTRY_VERSION, &stream));
	ck_assert_ok(registry_stream_room(&stream, 2 * PIECE, &room));
	fill(room, 2 * PIECE - 8, 0);
	registry_stream_add(&stream, 2 * PIECE - 8);
	ck_assert_uint_eq(size_of(fd), 0);
	/* Eight bytes are left, and fit. */
	ck_assert_ok(registry_stream_room(&stream, 8, &room));
	ck_assert_uint_eq(size_of(fd), 0);
	ck_assert_uint_eq(stream.used, 2 * PIECE - 8);
	/* Sixteen do not: what is a number of steps goes. */
	ck_assert_ok(registry_stream_room(&stream, 16, &room));
	ck_assert_uint_eq(
	    size_of(fd), REGISTRY_HEADER_BYTES + 2 * PIECE - STEP);
	ck_assert_uint_eq(stream.used, STEP - 8);
	for (place = 0; place < 2 * PIECE - stream.used; place++)
		is_zero = is_zero && room[place] == '\0';
	ck_assert(is_zero);
	ck_assert_int_eq(
	    stream.pages.bytes[0], (char)((2 * PIECE - STEP) * 31 >> 3));
	/* More than is held at all: it grows. */
	ck_assert_ok(registry_stream_room(&stream, 3 * PIECE, &room));
	ck_assert_uint_eq(stream.used, STEP - 8);
	ck_assert_uint_eq(stream.pages.size, STEP - 8 + 3 * PIECE);
	ck_assert_ok(registry_stream_room(&stream, 3 * PIECE, &room));
	ck_assert_uint_eq(stream.pages.size, STEP - 8 + 3 * PIECE);
}
END_TEST

START_TEST(file_and_checksum_are_those_of_all_bytes)
{
	static const size_t lengths[] = {0, 8, STEP - 8, STEP, STEP + 8,
	    PIECE - 8, PIECE, PIECE + 8, 2 * PIECE, 2 * PIECE + 8, 5 * PIECE};
	char *bytes = malloc(5 * PIECE);
	char *stored = malloc(5 * PIECE);
	size_t number;

	ck_assert(bytes != NULL && stored != NULL);
	fill(bytes, 5 * PIECE, 7);
	for (number = 0; number < sizeof(lengths) / sizeof(*lengths);
	     number++) {
		cleanup_fd int fd = make_file();
		cleanup_stream struct registry_stream stream = {0};
		uint64_t checksum = 77;
		uint64_t wanted = 0;
		size_t place;

		ck_assert_ok(
		    registry_stream_begin(fd, REGISTRY_VERSION, &stream));
		ck_assert_ok(
		    registry_stream_put(&stream, bytes, lengths[number]));
		ck_assert_ok(registry_stream_end(&stream, &checksum));
		ck_assert_int_eq(
		    pread(fd, stored, 5 * PIECE, REGISTRY_HEADER_BYTES),
		    (ssize_t)lengths[number]);
		ck_assert_int_eq(memcmp(stored, bytes, lengths[number]), 0);
		for (place = 0; place < lengths[number]; place += STEP)
			wanted =
			    registry_tables_checksum(REGISTRY_VERSION, wanted,
				REGISTRY_HEADER_BYTES + place, bytes + place,
				lengths[number] - place < STEP
				    ? lengths[number] - place
				    : STEP);
		ck_assert_uint_eq(checksum, wanted);
	}
	free(bytes);
	free(stored);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    kernel_is_asked_to_begin_after_so_many_bytes,
	    whole_steps_are_written_and_the_rest_is_held,
	    file_and_checksum_are_those_of_all_bytes,
	    NULL,
	};

	return unit_run("registry_stream", tests);
}
