/* SPDX-License-Identifier: MIT */
#include "registry_pages.h"

#include <sys/mman.h>

/* That large pages are not to be had is no failure. */
static void
ask_for_large_pages(const struct registry_pages *pages)
{
	(void)madvise(pages->bytes, pages->size, MADV_HUGEPAGE);
}

enum extauth_err
registry_pages_take(size_t size, struct registry_pages *ret_pages)
{
	struct registry_pages pages = {.size = size > 0 ? size : 1};
	void *bytes = mmap(NULL, pages.size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (bytes == MAP_FAILED)
		return EXTAUTH_NOMEM;
	pages.bytes = bytes;
	ask_for_large_pages(&pages);
	*ret_pages = pages;
	return EXTAUTH_OK;
}

enum extauth_err
registry_pages_grow(struct registry_pages *pages, size_t size)
{
	void *bytes;

	if (pages->bytes == NULL)
		return registry_pages_take(size, pages);
	bytes = mremap(pages->bytes, pages->size, size, MREMAP_MAYMOVE);
	if (bytes == MAP_FAILED)
		return EXTAUTH_NOMEM;
	pages->bytes = bytes;
	pages->size = size;
	ask_for_large_pages(pages);
	return EXTAUTH_OK;
}

void
registry_pages_give(struct registry_pages *pages)
{
	if (pages == NULL)
		return;
	if (pages->bytes != NULL)
		(void)munmap(pages->bytes, pages->size);
	*pages = (struct registry_pages){0};
}
