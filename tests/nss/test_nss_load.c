/* SPDX-License-Identifier: MIT */
/* A process that loads the module and unloads it again, as programs with
 * plug-ins and glibc after a change of nsswitch.conf do, keeps nothing of it.
 * Does not know: how the module goes about it. */
#include <dirent.h>
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "nss_case.h"
#include "nss_entry.h"

#define CYCLES 10000
#define WARM_UP 100
/* Enough of them to make the module keep its map. */
#define LOOKUPS 8
#define GROWTH_MAX_KIB 64

static long
private_kib(void)
{
	FILE *status = fopen("/proc/self/smaps_rollup", "re");
	char line[256];
	long kib = -1;

	ck_assert_ptr_nonnull(status);
	while (fgets(line, sizeof(line), status) != NULL)
		if (sscanf(line, "Anonymous: %ld kB", &kib) == 1)
			break;
	(void)fclose(status);
	return kib;
}

static int
count_entries(const char *path)
{
	DIR *folder = opendir(path);
	int count = 0;

	ck_assert_ptr_nonnull(folder);
	while (readdir(folder) != NULL)
		count++;
	(void)closedir(folder);
	return count;
}

static int
count_maps(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[512];
	int count = 0;

	ck_assert_ptr_nonnull(maps);
	while (fgets(line, sizeof(line), maps) != NULL)
		count++;
	(void)fclose(maps);
	return count;
}

static void
load_and_unload(unsigned cycles)
{
	while (cycles-- > 0) {
		void *module = dlopen(NSS_MODULE, RTLD_NOW | RTLD_LOCAL);
		passwd_by_name getpwnam_of = NULL;
		void *address;
		unsigned lookup;

		ck_assert_msg(module != NULL, "%s", dlerror());
		address = dlsym(module, "_nss_extauth_getpwnam_r");
		memcpy(&getpwnam_of, &address, sizeof(address));
		for (lookup = 0; lookup < LOOKUPS; lookup++) {
			struct passwd entry;
			char bytes[1024];
			int error = 0;

			ck_assert_int_eq(getpwnam_of("alice", &entry, bytes,
					     sizeof(bytes), &error),
			    NSS_STATUS_SUCCESS);
		}
		ck_assert_int_eq(dlclose(module), 0);
	}
}

START_TEST(module_that_is_unloaded_leaves_nothing)
{
	long kib;
	int maps;
	int descriptors;

	nss_case_enter();
	nss_case_write(false, 0);
	load_and_unload(WARM_UP);
	kib = private_kib();
	maps = count_maps();
	descriptors = count_entries("/proc/self/fd");
	load_and_unload(CYCLES);
	ck_assert_int_eq(count_entries("/proc/self/fd"), descriptors);
	ck_assert_int_eq(count_maps(), maps);
	ck_assert_int_eq(count_entries("/proc/self/task"), 3);
	ck_assert_int_le(private_kib() - kib, GROWTH_MAX_KIB);
	ck_assert_ptr_null(dlopen(NSS_MODULE, RTLD_NOW | RTLD_NOLOAD));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    module_that_is_unloaded_leaves_nothing,
	    NULL,
	};

	return unit_run("nss_load", tests);
}
