/* SPDX-License-Identifier: MIT */
#include "registry_map_case.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"
#include "registry_format.h"
#include "registry_record.h"

struct map_case
case_map(const char *name)
{
	struct map_case map = {.registry = {.fd = -1}};

	case_open(name, &map.registry);
	map.size = (size_t)map.registry.size;
	map.bytes = malloc(map.size);
	ck_assert_ptr_nonnull(map.bytes);
	ck_assert_ok(registry_read(&map.registry, 0, map.bytes, map.size));
	registry_close(&map.registry);
	map.registry.map = map.bytes;
	return map;
}

void
case_unmap(struct map_case *map)
{
	free(map->bytes);
	*map = (struct map_case){.registry = {.fd = -1}};
}

/* A version that no writer knows. */
static void
set_header_version(const char *name, uint32_t version)
{
	struct map_case map = case_map(name);
	cleanup_fd int fd =
	    open(case_path(name), O_WRONLY | O_TRUNC | O_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	registry_put32(map.bytes + HEADER_VERSION, version);
	registry_put64(map.bytes + HEADER_CHECKSUM,
	    registry_checksum(0, map.bytes, HEADER_CHECKSUM));
	ck_assert_int_eq(write(fd, map.bytes, map.size), (ssize_t)map.size);
	case_unmap(&map);
}

void
case_set_version(const char *name, uint32_t version)
{
	struct registry_change change;

	if (version < REGISTRY_VERSION_FIRST || version > REGISTRY_VERSION) {
		set_header_version(name, version);
		return;
	}
	case_begin(&change);
	change.contents.version = version;
	case_commit(&change);
}
