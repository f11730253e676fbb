/* SPDX-License-Identifier: MIT */
#include "control.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

struct control *
control_map(bool is_made)
{
	const int fd = open(
	    CONTROL_PATH, O_RDWR | O_CLOEXEC | (is_made ? O_CREAT : 0), 0600);
	void *memory = MAP_FAILED;

	if (fd < 0)
		return NULL;
	if (!is_made || ftruncate(fd, sizeof(struct control)) == 0)
		memory = mmap(NULL, sizeof(struct control),
		    PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	(void)close(fd);
	return memory == MAP_FAILED ? NULL : memory;
}
