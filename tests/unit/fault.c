/* SPDX-License-Identifier: MIT */
#include "fault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_armed;
static enum fault_kind kind_wanted;
static size_t calls_left;
static int errno_wanted;
static bool is_hit;
static struct fault_opened opened;

void
fault_begin(enum fault_kind kind, size_t after, int number)
{
	kind_wanted = kind;
	calls_left = after;
	errno_wanted = kind == FAULT_MEMORY ? ENOMEM : number;
	is_hit = false;
	is_armed = true;
}

struct fault_opened
fault_opened_last(void)
{
	return opened;
}

bool
fault_end(void)
{
	is_armed = false;
	return is_hit;
}

struct fault_outcome
fault_try(enum fault_kind kind, size_t after, int number,
    enum extauth_err (*run)(struct extauth_error *error))
{
	struct fault_outcome outcome = {0};

	fault_begin(kind, after, number);
	outcome.err = run(&outcome.error);
	outcome.has_failed = fault_end();
	return outcome;
}

static bool
fails(enum fault_kind kind)
{
	if (!is_armed || kind != kind_wanted || calls_left-- > 0)
		return false;
	is_armed = false;
	is_hit = true;
	if (kind != FAULT_SHORT)
		errno = errno_wanted;
	return true;
}

#define WRAP(kind, type, name, parameters, arguments, failure)                 \
	type __real_##name parameters;                                         \
	type __wrap_##name parameters;                                         \
	type __wrap_##name parameters                                          \
	{                                                                      \
		return fails(kind) ? (failure) : __real_##name arguments;      \
	}

WRAP(FAULT_MEMORY, void *, malloc, (size_t size), (size), NULL)
WRAP(FAULT_MEMORY, void *, calloc, (size_t count, size_t size), (count, size),
    NULL)
WRAP(FAULT_MEMORY, void *, realloc, (void *block, size_t size), (block, size),
    NULL)
WRAP(FAULT_MEMORY, void *, reallocarray,
    (void *block, size_t count, size_t size), (block, count, size), NULL)
WRAP(FAULT_MEMORY, char *, strdup, (const char *text), (text), NULL)
WRAP(FAULT_MEMORY, char *, strndup, (const char *text, size_t length),
    (text, length), NULL)
WRAP(FAULT_MEMORY, void *, mmap64,
    (void *address, size_t size, int protection, int flags, int fd,
	off64_t offset),
    (address, size, protection, flags, fd, offset), MAP_FAILED)
WRAP(
    FAULT_CALL, int, fstat64, (int fd, struct stat64 *status), (fd, status), -1)
WRAP(FAULT_CALL, int, fsync, (int fd), (fd), -1)
WRAP(FAULT_CALL, int, fchmod, (int fd, mode_t mode), (fd, mode), -1)
WRAP(FAULT_CALL, int, renameat,
    (int from_fd, const char *from, int to_fd, const char *to),
    (from_fd, from, to_fd, to), -1)
WRAP(FAULT_CALL, ssize_t, getrandom, (void *bytes, size_t size, unsigned flags),
    (bytes, size, flags), -1)
WRAP(FAULT_CALL, FILE *, fopen64, (const char *path, const char *mode),
    (path, mode), NULL)

/* Those that move bytes fail, or move but one. */
#define WRAP_BYTES(name, parameters, arguments, one)                           \
	ssize_t __real_##name parameters;                                      \
	ssize_t __wrap_##name parameters;                                      \
	ssize_t __wrap_##name parameters                                       \
	{                                                                      \
		if (fails(FAULT_CALL))                                         \
			return -1;                                             \
		return fails(FAULT_SHORT) ? __real_##name one                  \
					  : __real_##name arguments;           \
	}

WRAP_BYTES(
    read, (int fd, void *bytes, size_t size), (fd, bytes, size), (fd, bytes, 1))
WRAP_BYTES(write, (int fd, const void *bytes, size_t size), (fd, bytes, size),
    (fd, bytes, 1))
WRAP_BYTES(pread64, (int fd, void *bytes, size_t size, off64_t offset),
    (fd, bytes, size, offset), (fd, bytes, 1, offset))
WRAP_BYTES(pwrite64, (int fd, const void *bytes, size_t size, off64_t offset),
    (fd, bytes, size, offset), (fd, bytes, 1, offset))

int __real_openat64(int directory, const char *path, int flags, ...);
int __wrap_openat64(int directory, const char *path, int flags, ...);
int __real_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);
int __real_fcntl64(int fd, int command, ...);
int __wrap_fcntl64(int fd, int command, ...);
int __wrap_asprintf(char **text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* What _FORTIFY_SOURCE makes of it. */
int __wrap___asprintf_chk(char **text, int flag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

int
__wrap_openat64(int directory, const char *path, int flags, ...)
{
	va_list arguments;
	mode_t mode;

	va_start(arguments, flags);
	mode = va_arg(arguments, mode_t);
	va_end(arguments);
	opened = (struct fault_opened){flags, mode};
	return fails(FAULT_CALL)
	    ? -1
	    : __real_openat64(directory, path, flags, mode);
}

int
__wrap_open64(const char *path, int flags, ...)
{
	va_list arguments;
	mode_t mode;

	va_start(arguments, flags);
	mode = va_arg(arguments, mode_t);
	va_end(arguments);
	return fails(FAULT_CALL) ? -1 : __real_open64(path, flags, mode);
}

int
__wrap_fcntl64(int fd, int command, ...)
{
	va_list arguments;
	void *argument;

	va_start(arguments, command);
	argument = va_arg(arguments, void *);
	va_end(arguments);
	return fails(FAULT_CALL) ? -1 : __real_fcntl64(fd, command, argument);
}

__attribute__((format(printf, 2, 0))) static int
print_or_fail(char **text, const char *format, va_list arguments)
{
	return fails(FAULT_MEMORY) ? -1 : vasprintf(text, format, arguments);
}

int
__wrap_asprintf(char **text, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = print_or_fail(text, format, arguments);
	va_end(arguments);
	return length;
}

int
__wrap___asprintf_chk(char **text, int flag, const char *format, ...)
{
	va_list arguments;
	int length;

	(void)flag;
	va_start(arguments, format);
	length = print_or_fail(text, format, arguments);
	va_end(arguments);
	return length;
}

/* mremap(2) has a last argument only with MREMAP_FIXED. */
void *__real_mremap(void *old, size_t size, size_t wanted, int flags, ...);
void *__wrap_mremap(void *old, size_t size, size_t wanted, int flags, ...);

void *
__wrap_mremap(void *old, size_t size, size_t wanted, int flags, ...)
{
	return fails(FAULT_MEMORY) ? MAP_FAILED
				   : __real_mremap(old, size, wanted, flags);
}
