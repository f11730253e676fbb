/* SPDX-License-Identifier: MIT */
/* Makes one call of the allocator or of the system go wrong, for programs that
 * are linked with --wrap for each of the names in meson.build.
 * Does not know: who calls. */
#ifndef EXTAUTH_FAULT_H
#define EXTAUTH_FAULT_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"

enum fault_kind {
	FAULT_MEMORY, /* an allocation fails */
	FAULT_CALL,   /* a system call fails with an errno */
	FAULT_SHORT,  /* one that reads or writes does a byte of it */
};

/* From now on, of the calls of this kind, that fails which comes after `after`
 * others; `number` is the errno of FAULT_CALL. */
void fault_begin(enum fault_kind kind, size_t after, int number);

/* The flags and the mode of the last openat(2). */
struct fault_opened {
	int flags;
	unsigned mode;
};
struct fault_opened fault_opened_last(void);

/* Lets all calls pass again; tells whether one failed. */
bool fault_end(void);

/* What came of something while one call went wrong, if it made so many. */
struct fault_outcome {
	enum extauth_err err;
	struct extauth_error error;
	bool has_failed;
};

/* Runs it between fault_begin and fault_end. */
struct fault_outcome fault_try(enum fault_kind kind, size_t after, int number,
    enum extauth_err (*run)(struct extauth_error *error));

#endif
