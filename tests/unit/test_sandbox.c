/* SPDX-License-Identifier: MIT */
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

#ifndef EXTAUTH_SANITIZED
/* What a locked-in child tries; 0 = as it should be. */
static int
try_all(void)
{
	if (open("/tmp", O_RDONLY | O_DIRECTORY) < 0)
		return 1;
	if (open("/dev/null", O_WRONLY) >= 0 || errno != ENOSYS)
		return 2;
	if (open("/dev/null", O_RDWR) >= 0 || errno != ENOSYS)
		return 3;
	if (open("/dev/null", O_RDONLY | O_TRUNC) >= 0 || errno != ENOSYS)
		return 4;
	if (socket(AF_UNIX, SOCK_STREAM, 0) >= 0 || errno != ENOSYS)
		return 5;
	if (socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == ENOSYS)
		return 6;
	if (fork() >= 0 || errno != ENOSYS)
		return 7;
	if (execl("/bin/true", "true", NULL) == 0 || errno != ENOSYS)
		return 8;
	if (mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
		-1, 0) != MAP_FAILED)
		return 9;
	if (mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED)
		return 10;
	if (kill(getppid(), 0) == 0 || errno != ENOSYS)
		return 11;
	if (unlink("/nowhere/at/all") == 0 || errno != ENOSYS)
		return 12;
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) < 0 ? 0 : 13;
}

static bool
is_refused(long result)
{
	return result == -1 && errno == ENOSYS;
}

/* What sends a signal, or runs code of the kernel that an HTTPS client does not
 * need. */
static int
try_by_descriptor(void)
{
	const int process = getppid();
	const int on = 1;
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);

	if (fd < 0)
		return 1;
	if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0 ||
	    (fcntl(fd, F_GETFL) & O_NONBLOCK) == 0)
		return 2;
	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) != 0)
		return 3;
	if (!is_refused(fcntl(fd, F_SETFL, O_ASYNC | O_NONBLOCK)))
		return 4;
	if (!is_refused(fcntl(fd, F_SETOWN, process)) ||
	    !is_refused(fcntl(fd, F_SETSIG, SIGKILL)))
		return 5;
	if (!is_refused(ioctl(fd, FIOSETOWN, &process)) ||
	    !is_refused(ioctl(fd, FIOASYNC, &on)))
		return 6;
	if (!is_refused(ioctl(fd, TIOCSTI, "x")))
		return 7;
	if (!is_refused(setsockopt(fd, IPPROTO_TCP, TCP_ULP, "tls", 4)) ||
	    !is_refused(
		setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &on, sizeof(on))))
		return 8;
	if (!is_refused(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP)) ||
	    !is_refused(socket(AF_INET, SOCK_DGRAM, 0)) ||
	    !is_refused(socket(AF_INET6, SOCK_STREAM, IPPROTO_MPTCP)))
		return 9;
	return socket(AF_INET6, SOCK_STREAM, 0) < 0 && errno == ENOSYS ? 10 : 0;
}

static int
lock_in_and_try(void)
{
	return sandbox_close(NULL) == EXTAUTH_OK ? try_all() : 100;
}

static int
lock_in_and_try_by_descriptor(void)
{
	return sandbox_close(NULL) == EXTAUTH_OK ? try_by_descriptor() : 100;
}

static int
limit_and_look(void)
{
	struct rlimit core;
	struct rlimit files;
	struct rlimit size;
	struct rlimit space;

	if (sandbox_limit(SANDBOX_SYNC_BYTES, NULL) != EXTAUTH_OK ||
	    getrlimit(RLIMIT_CORE, &core) != 0 ||
	    getrlimit(RLIMIT_NOFILE, &files) != 0 ||
	    getrlimit(RLIMIT_FSIZE, &size) != 0 ||
	    getrlimit(RLIMIT_AS, &space) != 0 ||
	    space.rlim_max != SANDBOX_SYNC_BYTES ||
	    sandbox_limit(SANDBOX_LOGIN_BYTES, NULL) != EXTAUTH_OK ||
	    getrlimit(RLIMIT_AS, &space) != 0 ||
	    space.rlim_max != SANDBOX_LOGIN_BYTES)
		return 1;
	return core.rlim_max == 0 && size.rlim_max == 0 && files.rlim_max <= 64
	    ? 0
	    : 2;
}
#endif

/* Tells whether there is a capability to use or to take. */
static bool
has_capabilities(void)
{
	struct __user_cap_header_struct header = {
	    .version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct held[_LINUX_CAPABILITY_U32S_3] = {0};

	return syscall(SYS_capget, &header, held) != 0 ||
	    (held[0].permitted | held[1].permitted | held[0].effective) != 0;
}

/* As a service is started: not root, with a right of root's. */
static int
drop_as_a_service(void)
{
	if (geteuid() == 0 &&
	    (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0 ||
		setresuid(65534, 65534, 65534) != 0 || !has_capabilities()))
		return 1;
	if (sandbox_drop_ids("no-such-user", NULL) != EXTAUTH_OK)
		return 2;
	return has_capabilities() ? 3 : 0;
}

static int
status_of(int (*child)(void))
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0)
		_exit(child());
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

START_TEST(filter_allows_reading_and_the_network_alone)
{
#ifdef EXTAUTH_SANITIZED
	ck_assert_ok(sandbox_close(NULL));
#else
	ck_assert_int_eq(status_of(lock_in_and_try), 0);
#endif
}
END_TEST

START_TEST(filter_allows_no_signal_and_no_odd_socket)
{
#ifdef EXTAUTH_SANITIZED
	ck_assert_ok(sandbox_close(NULL));
#else
	ck_assert_int_eq(status_of(lock_in_and_try_by_descriptor), 0);
#endif
}
END_TEST

START_TEST(limits_hold)
{
#ifdef EXTAUTH_SANITIZED
	ck_assert_ok(sandbox_limit(SANDBOX_SYNC_BYTES, NULL));
#else
	ck_assert_int_eq(status_of(limit_and_look), 0);
#endif
}
END_TEST

START_TEST(service_that_is_not_root_loses_its_capabilities)
{
	ck_assert_int_eq(status_of(drop_as_a_service), 0);
}
END_TEST

START_TEST(missing_user_is_named_with_the_mend)
{
	struct extauth_error error = {0};
	enum extauth_err err = sandbox_drop_ids("no-such-user", &error);

	if (geteuid() == 0)
		ck_assert_str_eq(error.text,
		    "no user no-such-user in /etc/passwd: adduser --system "
		    "--group --no-create-home no-such-user");
	ck_assert_int_eq(err, geteuid() == 0 ? EXTAUTH_CONFIG : EXTAUTH_OK);
}
END_TEST

static int
drop_and_look(void)
{
	if (sandbox_drop_ids("nobody", NULL) != EXTAUTH_OK)
		return 1;
	return geteuid() != 0 && setuid(0) != 0 ? 0 : 2;
}

START_TEST(root_is_given_up_for_good)
{
	ck_assert_int_eq(status_of(drop_and_look), 0);
}
END_TEST

START_TEST(host_that_hung_up_is_noticed)
{
	int ends[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	ck_assert_ok(sandbox_tie(ends[0], NULL));
	ck_assert_int_eq(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
	close(ends[1]);
	ck_assert_int_eq(sandbox_tie(ends[0], NULL), EXTAUTH_SYSTEM);
	close(ends[0]);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    filter_allows_reading_and_the_network_alone,
	    filter_allows_no_signal_and_no_odd_socket,
	    limits_hold,
	    service_that_is_not_root_loses_its_capabilities,
	    missing_user_is_named_with_the_mend,
	    root_is_given_up_for_good,
	    host_that_hung_up_is_noticed,
	    NULL,
	};

	return unit_run("sandbox", tests);
}
