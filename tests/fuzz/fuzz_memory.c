/* SPDX-License-Identifier: MIT */
/* What MemorySanitizer does not know of the libc of today: that fstat(2) and
 * lstat(2) fill what they are given. Linked by --wrap.
 * Does not know: whose files these are. */
#include <sanitizer/msan_interface.h>
#include <sys/stat.h>

/* NOLINTBEGIN(bugprone-reserved-identifier): the linker gives the names. */
int __real_fstat(int fd, struct stat *ret_status);
int __real_lstat(const char *path, struct stat *ret_status);
int __wrap_fstat(int fd, struct stat *ret_status);
int __wrap_lstat(const char *path, struct stat *ret_status);
int __wrap_fstat64(int fd, struct stat *ret_status);
int __wrap_lstat64(const char *path, struct stat *ret_status);
int __wrap_stat64(const char *path, struct stat *ret_status);

static int
filled(int status, struct stat *ret_status)
{
	if (status == 0)
		__msan_unpoison(ret_status, sizeof(*ret_status));
	return status;
}

int
__wrap_fstat(int fd, struct stat *ret_status)
{
	return filled(__real_fstat(fd, ret_status), ret_status);
}

int
__wrap_lstat(const char *path, struct stat *ret_status)
{
	return filled(__real_lstat(path, ret_status), ret_status);
}

/* The same where lengths of files have 64 bits by choice. */
int
__wrap_fstat64(int fd, struct stat *ret_status)
{
	return filled(__real_fstat(fd, ret_status), ret_status);
}

int
__wrap_lstat64(const char *path, struct stat *ret_status)
{
	return filled(__real_lstat(path, ret_status), ret_status);
}

/* This one it knows by the other name. */
int
__wrap_stat64(const char *path, struct stat *ret_status)
{
	return filled(stat(path, ret_status), ret_status);
}
/* NOLINTEND(bugprone-reserved-identifier) */
