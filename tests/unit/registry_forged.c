/* SPDX-License-Identifier: MIT */
#include "registry_forged.h"

#include <fcntl.h>
#include <unistd.h>

#include "buffer.h"
#include "registry_record.h"

void
forged_take(struct forged *forged, const char *name)
{
	cleanup_fd int fd = open(case_path(name), O_RDONLY | O_CLOEXEC);
	ssize_t length = read(fd, forged->bytes, sizeof(forged->bytes));
	uint64_t offset;
	uint64_t end;

	ck_assert_int_gt(length, REGISTRY_HEADER_BYTES);
	ck_assert_int_lt(length, FORGED_BYTES_MAX);
	forged->length = (size_t)length;
	forged->count = 0;
	offset = registry_get64(forged->bytes + HEADER_RECORDS_OFFSET);
	end = offset + registry_get64(forged->bytes + HEADER_RECORDS_BYTES);
	while (offset < end) {
		ck_assert_uint_lt(forged->count, FORGED_RECORDS_MAX);
		forged->places[forged->count] = offset;
		forged->lengths[forged->count] =
		    registry_get32(forged->bytes + offset + RECORD_LENGTH);
		offset += forged->lengths[forged->count++];
	}
}

static void
seal_records(struct forged *forged, uint32_t version)
{
	size_t number;

	for (number = 0; number < forged->count; number++) {
		uint64_t offset = forged->places[number];
		char *record = forged->bytes + offset;
		uint32_t length = registry_get32(record + RECORD_LENGTH);

		if (length <= RECORD_KIND || length > forged->length - offset)
			length = forged->lengths[number];
		registry_put32(record + RECORD_CHECKSUM,
		    registry_record_checksum(version, record, length, offset));
	}
}

void
forged_give(struct forged *forged, const char *name)
{
	cleanup_fd int fd =
	    open(case_path(name), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	uint32_t version = registry_get32(forged->bytes + HEADER_VERSION);
	uint64_t offset = REGISTRY_HEADER_BYTES;
	uint64_t checksum = 0;

	seal_records(forged, version);
	while (offset < forged->length) {
		size_t step = forged->length - offset;

		if (step > REGISTRY_CHECKSUM_STEP_BYTES)
			step = REGISTRY_CHECKSUM_STEP_BYTES;
		checksum = registry_tables_checksum(
		    version, checksum, offset, forged->bytes + offset, step);
		offset += step;
	}
	registry_put64(forged->bytes + HEADER_TABLES_CHECKSUM, checksum);
	registry_put64(forged->bytes + HEADER_CHECKSUM,
	    registry_checksum(0, forged->bytes, HEADER_CHECKSUM));
	ck_assert_int_eq(pwrite(fd, forged->bytes, forged->length, 0),
	    (ssize_t)forged->length);
}

static char *
find_record(struct forged *forged, enum registry_kind kind, const uint32_t *id)
{
	size_t number;

	for (number = 0; number < forged->count; number++) {
		char *record = forged->bytes + forged->places[number];

		if (record[RECORD_KIND] == (char)kind &&
		    (id == NULL ||
			registry_get32(record + RECORD_NUMBER) == *id))
			return record;
	}
	ck_abort_msg("no such record");
	return NULL;
}

char *
forged_record(struct forged *forged, enum registry_kind kind)
{
	return find_record(forged, kind, NULL);
}

char *
forged_record_of(struct forged *forged, enum registry_kind kind, uint32_t id)
{
	return find_record(forged, kind, &id);
}
