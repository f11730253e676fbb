/* SPDX-License-Identifier: MIT */
#include "alloc.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "inject.h"
#include "trace.h"

#define PUBLIC __attribute__((visibility("default")))
#define LIVE_SLOTS 65536u

/* The C library's own. */
extern void *own_malloc(size_t size) __asm__("__libc_malloc");
extern void *own_calloc(size_t count, size_t size) __asm__("__libc_calloc");
extern void *own_realloc(void *memory, size_t size) __asm__("__libc_realloc");
extern void *own_memalign(size_t alignment, size_t size) __asm__(
    "__libc_memalign");
extern void own_free(void *memory) __asm__("__libc_free");
/* Obsolete: its header is not included. */
extern void *memalign(size_t alignment, size_t size);

struct live {
	uintptr_t memory;
	uintptr_t caller;
};

static struct control *control;
static int role = -1; /* -1 = not yet known, INJECT_ROLES = nobody's */
static struct live live[LIVE_SLOTS];

void
alloc_begin(struct control *new_control)
{
	control = new_control;
	role = INJECT_HOST;
}

/* A library is told nothing: it looks at whose it is. */
static void
find_role(void)
{
	const int saved = errno;
	const char *name = program_invocation_short_name;

	role = INJECT_ROLES;
	if (name != NULL && strcmp(name, "extauth-exchange") == 0)
		control = control_map(false);
	if (control != NULL)
		role = INJECT_WORKER;
	else if (name != NULL && strcmp(name, "extauthctl") == 0)
		control = control_map(false);
	if (control != NULL && role == INJECT_ROLES)
		role = INJECT_HOST;
	if (role != INJECT_ROLES)
		control->begun[role] = getpid();
	if (role != INJECT_ROLES && control->wants_trace)
		trace_begin(control);
	errno = saved;
}

static bool
counts(void)
{
	if (role < 0)
		find_role();
	return role < INJECT_ROLES && control->is_armed;
}

static bool
fails(void)
{
	if (!counts() || ++control->counts[role] != control->fail_at[role])
		return false;
	control->is_fired = true;
	if (control->wants_trace)
		trace_write(control->failed);
	errno = ENOMEM;
	return true;
}

static size_t
slot_of(uintptr_t memory)
{
	return (size_t)((memory >> 4) * 2654435761u) % LIVE_SLOTS;
}

/* A slot that was freed keeps the memory 1, so that a search goes on. */
static void *
note(void *memory, void *caller)
{
	size_t slot = slot_of((uintptr_t)memory);
	unsigned tries;

	if (memory == NULL || role != INJECT_HOST || !counts())
		return memory;
	for (tries = 0; tries < LIVE_SLOTS && live[slot].memory > 1; tries++)
		slot = (slot + 1) % LIVE_SLOTS;
	live[slot] = (struct live){(uintptr_t)memory, (uintptr_t)caller};
	return memory;
}

static void
forget(const void *memory)
{
	size_t slot = slot_of((uintptr_t)memory);
	unsigned tries;

	if (memory == NULL || role != INJECT_HOST || !counts())
		return;
	for (tries = 0; tries < LIVE_SLOTS && live[slot].memory != 0; tries++) {
		if (live[slot].memory == (uintptr_t)memory) {
			live[slot].memory = 1;
			return;
		}
		slot = (slot + 1) % LIVE_SLOTS;
	}
}

void
alloc_count_live(void)
{
	size_t slot;

	control->live = 0;
	for (slot = 0; slot < LIVE_SLOTS; slot++)
		if (live[slot].memory > 1 && ++control->live <= CONTROL_LEAKS)
			control->live_callers[control->live - 1] =
			    live[slot].caller;
}

PUBLIC void *
malloc(size_t size)
{
	return fails() ? NULL
		       : note(own_malloc(size), __builtin_return_address(0));
}

PUBLIC void *
calloc(size_t count, size_t size)
{
	return fails()
	    ? NULL
	    : note(own_calloc(count, size), __builtin_return_address(0));
}

PUBLIC void *
realloc(void *memory, size_t size)
{
	void *larger;

	if (fails())
		return NULL;
	larger = own_realloc(memory, size);
	if (larger != NULL || size == 0)
		forget(memory);
	return note(larger, __builtin_return_address(0));
}

PUBLIC void *
reallocarray(void *memory, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(memory, bytes);
}

PUBLIC void *
memalign(size_t alignment, size_t size)
{
	return fails()
	    ? NULL
	    : note(own_memalign(alignment, size), __builtin_return_address(0));
}

PUBLIC void *
aligned_alloc(size_t alignment, size_t size)
{
	return memalign(alignment, size);
}

PUBLIC int
posix_memalign(void **ret_memory, size_t alignment, size_t size)
{
	void *memory = memalign(alignment, size);

	if (memory == NULL)
		return ENOMEM;
	*ret_memory = memory;
	return 0;
}

PUBLIC void
free(void *memory)
{
	forget(memory);
	own_free(memory);
}

/* How the worker ended is for its host alone to see: it is looked at here. */
PUBLIC int
waitid(idtype_t type, id_t id, siginfo_t *ret_status, int options)
{
	const long result =
	    syscall(SYS_waitid, (int)type, id, ret_status, options, NULL);

	if (result == 0 && ret_status != NULL && ret_status->si_pid != 0 &&
	    role == INJECT_HOST && control != NULL) {
		control->worker_code = ret_status->si_code;
		control->worker_status = ret_status->si_status;
	}
	return (int)result;
}
