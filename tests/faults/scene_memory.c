/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scene.h"

#define REGIONS_MAX 512

struct region {
	uintptr_t start;
	uintptr_t end;
};

static bool
stands_at(const char *place, const char *backwards, size_t length)
{
	size_t at;

	for (at = 0; at < length; at++)
		if (place[at] != backwards[length - 1 - at])
			return false;
	return true;
}

static unsigned
count_in(const struct region *region, const char *backwards)
{
	const size_t length = strlen(backwards);
	/* An address that the kernel told. NOLINTNEXTLINE */
	const char *place = (const char *)region->start;
	const char *end = place + (region->end - region->start) - length;
	unsigned count = 0;

	while (place < end &&
	    (place = memchr(place, backwards[length - 1],
		 (size_t)(end - place))) != NULL) {
		count += stands_at(place, backwards, length);
		place++;
	}
	return count;
}

static size_t
read_regions(struct region *regions)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[512];
	size_t count = 0;

	while (maps != NULL && fgets(line, sizeof(line), maps) != NULL) {
		char *rest;
		char rights[8] = "";

		regions[count].start = strtoul(line, &rest, 16);
		regions[count].end = strtoul(rest + 1, &rest, 16);
		(void)snprintf(rights, sizeof(rights), "%.4s", rest + 1);
		if (strcmp(rights, "rw-p") == 0 && count < REGIONS_MAX - 1)
			count++;
	}
	if (maps != NULL)
		(void)fclose(maps);
	return count;
}

unsigned
scene_count_canaries(void)
{
	static const char *const passwords[] = {"right", "wrong", "new"};
	static struct region regions[REGIONS_MAX];
	const size_t region_count = read_regions(regions);
	unsigned count = 0;
	size_t number;
	size_t at;

	for (number = 0; number < region_count; number++)
		for (at = 0; at < 3; at++)
			count += count_in(
			    &regions[number], scene_password(passwords[at]));
	return count;
}
