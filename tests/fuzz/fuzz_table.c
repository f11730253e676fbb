/* SPDX-License-Identifier: MIT */
#include "fuzz_table.h"

#include <string.h>

#include "fuzz.h"

/* The one that LLVMFuzzerInitialize finds: libFuzzer hands nothing on. */
static const struct fuzz_entry *the_entry;

int
LLVMFuzzerInitialize(int *count, char ***arguments)
{
	const char *name = fuzz_target_name(*arguments);

	(void)count;
	for (the_entry = fuzz_entries; the_entry->name != NULL; the_entry++)
		if (strcmp(the_entry->name, name) == 0)
			return 0;
	fuzz_require(false, "there is a target of that name");
	return 0;
}

size_t
LLVMFuzzerCustomMutator(
    uint8_t *bytes, size_t length, size_t room, unsigned seed)
{
	if (the_entry->mutate == NULL)
		return LLVMFuzzerMutate(bytes, length, room);
	return the_entry->mutate(bytes, length, room, seed);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	the_entry->one(bytes, length);
	return 0;
}
