/* SPDX-License-Identifier: MIT */
/* What MemorySanitizer does not know of mremap(2): what is moved is known as
 * written there, whatever lay at that place before. Linked by --wrap.
 * Does not know: what is moved. */
#include <sanitizer/msan_interface.h>
#include <sys/mman.h>

/* NOLINTBEGIN(bugprone-reserved-identifier): the linker gives the names. */
void *__real_mremap(void *old, size_t size, size_t wanted, int flags, ...);
void *__wrap_mremap(void *old, size_t size, size_t wanted, int flags, ...);

void *
__wrap_mremap(void *old, size_t size, size_t wanted, int flags, ...)
{
	void *moved = __real_mremap(old, size, wanted, flags);

	if (moved != MAP_FAILED)
		__msan_unpoison(moved, wanted);
	return moved;
}
/* NOLINTEND(bugprone-reserved-identifier) */
