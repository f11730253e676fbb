/* SPDX-License-Identifier: MIT */
#include "nss_map.h"

#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

#include "paths.h"

/* One that is asked, one that some still look into, and two to spare. */
#define MAPS_MAX 4
/* Threads count themselves in different lines of cache. */
#define STRIPES 8
#define LINE_BYTES 64
/* A process that asks less often is better off without a map. */
#define LOOKUPS_BEFORE_MAP 3
#define TRUSTED_NS 1000000000U

/* By what a file is told from another that has its name. */
struct file_mark {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec modified;
	struct timespec changed;
};

struct reader_count {
	_Alignas(LINE_BYTES) atomic_uint readers;
};

/* A map. All but its two atomic members change only while it is not current,
 * has no readers, and the one who changes it holds `is_changing`. */
struct kept_map {
	struct registry registry;
	void *bytes; /* its map; NULL if there is none */
	struct file_mark mark;
	_Atomic uint64_t compared_ns; /* when it last was the file's */
	struct reader_count counts[STRIPES];
};

static struct kept_map maps[MAPS_MAX];
static _Atomic(struct kept_map *) current_map;
static atomic_bool is_changing;
static atomic_bool has_old_maps;
static atomic_uint lookups;

static uint64_t
coarse_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

static struct file_mark
mark_of(const struct stat *status)
{
	return (struct file_mark){
	    .device = status->st_dev,
	    .inode = status->st_ino,
	    .size = status->st_size,
	    .modified = status->st_mtim,
	    .changed = status->st_ctim,
	};
}

static bool
is_same_time(const struct timespec *one, const struct timespec *other)
{
	return one->tv_sec == other->tv_sec && one->tv_nsec == other->tv_nsec;
}

/* Tells whether the file of the mark is the one that the path leads to. */
static bool
mark_is_of_path(const struct file_mark *mark)
{
	struct stat status;

	return lstat(EXTAUTH_NSS_PATH, &status) == 0 &&
	    mark->device == status.st_dev && mark->inode == status.st_ino &&
	    mark->size == status.st_size &&
	    is_same_time(&mark->modified, &status.st_mtim) &&
	    is_same_time(&mark->changed, &status.st_ctim);
}

/* Threads differ in where their stacks are. */
static unsigned
own_stripe(void)
{
	char place = 0;
	uint32_t page = (uint32_t)((uintptr_t)&place >> 12);

	return (page * 0x9e3779b1U) >> 29;
}

static void
map_give_back(struct kept_map *map, unsigned stripe)
{
	atomic_fetch_sub(&map->counts[stripe].readers, 1);
}

/* Gives the current map, counted as being read; NULL if there is none. It may
 * have ceased to be current before it was counted: who is to end it looks at
 * the counts only after he has put another in its place. */
static struct kept_map *
map_take(unsigned stripe)
{
	struct kept_map *map = atomic_load(&current_map);

	if (map == NULL)
		return NULL;
	atomic_fetch_add(&map->counts[stripe].readers, 1);
	if (atomic_load(&current_map) == map)
		return map;
	map_give_back(map, stripe);
	return NULL;
}

static bool
map_has_readers(struct kept_map *map)
{
	unsigned stripe;

	for (stripe = 0; stripe < STRIPES; stripe++) {
		if (atomic_load(&map->counts[stripe].readers) != 0)
			return true;
	}
	return false;
}

/* Ends the maps that are not current and have no readers. */
static void
maps_end_old(void)
{
	bool has_more = false;
	unsigned number;

	for (number = 0; number < MAPS_MAX; number++) {
		struct kept_map *map = &maps[number];

		if (map->bytes == NULL || map == atomic_load(&current_map))
			continue;
		if (map_has_readers(map)) {
			has_more = true;
			continue;
		}
		munmap(map->bytes, (size_t)map->registry.size);
		map->bytes = NULL;
	}
	atomic_store(&has_old_maps, has_more);
}

static bool
changing_begin(void)
{
	return !atomic_exchange(&is_changing, true);
}

static void
changing_end(void)
{
	atomic_store(&is_changing, false);
}

/* Tells whether the map was the file's within the last `trusted_ns`; looks if
 * that is not known. */
static bool
map_is_fresh(struct kept_map *map, uint64_t now, uint64_t trusted_ns)
{
	if (now -
		atomic_load_explicit(&map->compared_ns, memory_order_relaxed) <
	    trusted_ns)
		return true;
	if (!mark_is_of_path(&map->mark))
		return false;
	atomic_store_explicit(&map->compared_ns, now, memory_order_relaxed);
	if (atomic_load_explicit(&has_old_maps, memory_order_relaxed) &&
	    changing_begin()) {
		maps_end_old();
		changing_end();
	}
	return true;
}

/* EXTAUTH_UNAVAILABLE if the map has no answer that can be relied on. */
static enum extauth_err
ask_map(nss_ask *ask, void *question)
{
	unsigned stripe = own_stripe();
	struct kept_map *map = map_take(stripe);
	enum extauth_err err = EXTAUTH_UNAVAILABLE;
	uint64_t now;

	if (map == NULL)
		return EXTAUTH_UNAVAILABLE;
	now = coarse_now_ns();
	if (map_is_fresh(map, now, TRUSTED_NS))
		err = ask(&map->registry, question);
	if (err == EXTAUTH_NOTFOUND && !map_is_fresh(map, now, 1))
		err = EXTAUTH_UNAVAILABLE;
	map_give_back(map, stripe);
	return err;
}

static struct kept_map *
map_free(void)
{
	unsigned number;

	for (number = 0; number < MAPS_MAX; number++) {
		struct kept_map *map = &maps[number];

		if (map->bytes == NULL && !map_has_readers(map))
			return map;
	}
	return NULL;
}

/* Maps an open file, if it is still the one that the path leads to. NULL if
 * that cannot be. */
static struct kept_map *
map_make(const struct registry *registry)
{
	struct kept_map *map = map_free();
	uint64_t now = coarse_now_ns();
	struct file_mark mark;
	struct stat status;
	void *bytes;

	if (map == NULL || (size_t)registry->size != registry->size ||
	    fstat(registry->fd, &status) != 0)
		return NULL;
	mark = mark_of(&status);
	if ((uint64_t)mark.size != registry->size || !mark_is_of_path(&mark))
		return NULL;
	bytes = mmap(NULL, (size_t)registry->size, PROT_READ, MAP_SHARED,
	    registry->fd, 0);
	if (bytes == MAP_FAILED)
		return NULL;
	map->registry = *registry;
	map->registry.fd = -1;
	map->registry.map = bytes;
	map->bytes = bytes;
	map->mark = mark;
	atomic_store_explicit(&map->compared_ns, now, memory_order_relaxed);
	return map;
}

/* Puts a map of the open file in place of the current one, or none if there is
 * no such file or it is not to be mapped. Does nothing while another is at it,
 * or has done it just now. */
static void
map_change(const struct registry *registry)
{
	struct kept_map *map;

	if (!changing_begin())
		return;
	map = atomic_load(&current_map);
	if (map == NULL || !mark_is_of_path(&map->mark)) {
		atomic_store(&current_map, NULL);
		maps_end_old();
		if (registry != NULL)
			atomic_store(&current_map, map_make(registry));
	}
	changing_end();
}

/* When the module is unloaded, or the process ends. Then other threads may
 * still be looking: a map with readers stays, and no other is made. */
static __attribute__((destructor)) void
map_end(void)
{
	if (!changing_begin())
		return;
	atomic_store(&current_map, NULL);
	maps_end_old();
}

static bool
is_time_for_map(void)
{
	if (atomic_load_explicit(&lookups, memory_order_relaxed) >=
	    LOOKUPS_BEFORE_MAP)
		return true;
	return atomic_fetch_add_explicit(&lookups, 1, memory_order_relaxed) >=
	    LOOKUPS_BEFORE_MAP;
}

static enum extauth_err
ask_file(nss_ask *ask, void *question)
{
	cleanup_registry struct registry registry = {.fd = -1};
	enum extauth_err err = registry_open(EXTAUTH_NSS_PATH, &registry, NULL);
	bool may_map = err == EXTAUTH_OK && registry.may_map;

	if (may_map ? is_time_for_map() : atomic_load(&current_map) != NULL)
		map_change(may_map ? &registry : NULL);
	if (err != EXTAUTH_OK)
		return err;
	return ask(&registry, question);
}

enum extauth_err
nss_map_ask(nss_ask *ask, void *question)
{
	enum extauth_err err = ask_map(ask, question);

	if (err != EXTAUTH_UNAVAILABLE)
		return err;
	return ask_file(ask, question);
}
