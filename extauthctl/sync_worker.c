/* SPDX-License-Identifier: MIT */
#include "sync_worker.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "buffer.h"

static enum extauth_err
service_fail(const char *path, struct extauth_error *error)
{
	return error_set(
	    error, EXTAUTH_SYSTEM, "%s: %s", path, error_of_number(errno));
}

static enum extauth_err
service_connect(const char *path, struct worker_process *ret_process,
    struct extauth_error *error)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	cleanup_fd int fd = -1;
	size_t length = strlen(path);

	if (length >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return service_fail(path, error);
	}
	memcpy(address.sun_path, path, length);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 ||
	    connect(fd, (const struct sockaddr *)&address, sizeof(address)) !=
		0)
		return service_fail(path, error);
	ret_process->fd = fd;
	ret_process->pidfd = -1;
	fd = -1;
	return EXTAUTH_OK;
}

enum extauth_err
sync_worker_start(const char *path, struct worker_process *ret_process,
    struct extauth_error *error)
{
	struct stat status;

	if (stat(path, &status) == 0 && S_ISSOCK(status.st_mode))
		return service_connect(path, ret_process, error);
	return worker_process_start(path, ret_process, error);
}
