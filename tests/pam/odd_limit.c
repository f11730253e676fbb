/* SPDX-License-Identifier: MIT */
/* Hosts that have too much or too little. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <syslog.h>
#include <unistd.h>

#include "odd_host.h"
#include "place.h"

static void
limit(__rlimit_resource_t resource, rlim_t value)
{
	const struct rlimit both = {value, value};

	place_check(setrlimit(resource, &both) == 0, "setrlimit");
}

static void
close_standard(void)
{
	(void)close(0);
	(void)close(1);
	(void)close(2);
}

static void
close_first_ten(void)
{
	int fd;

	closelog();
	for (fd = 0; fd < 10; fd++)
		(void)close(fd);
	openlog(NULL, LOG_NDELAY, LOG_AUTH);
}

static void
open_two_thousand(void)
{
	int number;

	limit(RLIMIT_NOFILE, 4096);
	for (number = 0; number < 2000; number++)
		place_check(open("/dev/null", O_RDONLY) >= 0, "/dev/null");
}

static void
limit_descriptors(void)
{
	limit(RLIMIT_NOFILE, 16);
}

static void
use_all_descriptors(void)
{
	limit(RLIMIT_NOFILE, 64);
	while (dup(0) >= 0)
		continue;
}

static void
use_all_but_two_descriptors(void)
{
	use_all_descriptors();
	(void)close(62);
	(void)close(63);
}

static void
limit_memory(void)
{
	limit(RLIMIT_AS, 64UL * 1024 * 1024);
}

static void
limit_stack(void)
{
	limit(RLIMIT_STACK, 64UL * 1024);
}

static void
free_stack(void)
{
	limit(RLIMIT_STACK, RLIM_INFINITY);
}

static void
limit_processes(void)
{
	limit(RLIMIT_NPROC, 0);
}

static void
limit_rest(void)
{
	limit(RLIMIT_MEMLOCK, 0);
	limit(RLIMIT_SIGPENDING, 0);
	limit(RLIMIT_CORE, RLIM_INFINITY);
	limit(RLIMIT_CPU, 20);
}

/* A second look at the same root. */
static void
change_root(void)
{
	char path[] = "/srv/root-XXXXXX";

	place_check(mkdtemp(path) != NULL, path);
	place_check(mount("/", path, NULL, MS_BIND | MS_REC, NULL) == 0, path);
	place_check(chroot(path) == 0 && chdir("/") == 0, path);
}

static void
change_root_without_worker(void)
{
	change_root();
	place_check(
	    mount("tmpfs", "/usr/libexec/extauth", "tmpfs", 0, NULL) == 0,
	    "an empty place for the worker");
}

static void
change_root_to_nothing(void)
{
	char path[] = "/srv/empty-XXXXXX";

	place_check(mkdtemp(path) != NULL, path);
	place_check(chroot(path) == 0 && chdir("/") == 0, path);
}

const struct odd_host odd_limited_hosts[] = {
    {"0 to 2 closed", close_standard, ODD_RIGHT, false},
    {"0 to 9 closed", close_first_ten, ODD_RIGHT, false},
    {"2,000 descriptors open", open_two_thousand, ODD_RIGHT, false},
    {"16 descriptors at most", limit_descriptors, ODD_RIGHT, false},
    {"no descriptor left", use_all_descriptors, ODD_UNABLE, false},
    {"two descriptors left", use_all_but_two_descriptors, ODD_UNABLE, false},
    {"64 MiB of address space", limit_memory, ODD_RIGHT, false},
    {"64 KiB of stack for a program", limit_stack, ODD_UNABLE, false},
    {"stack without limit", free_stack, ODD_RIGHT, false},
    {"no process allowed", limit_processes, ODD_RIGHT, false},
    {"other limits", limit_rest, ODD_RIGHT, false},
    {"chroot", change_root, ODD_RIGHT, false},
    {"chroot without a worker", change_root_without_worker, ODD_UNABLE, false},
    {"chroot to nothing", change_root_to_nothing, ODD_UNABLE, false},
    {NULL, NULL, ODD_RIGHT, false},
};
