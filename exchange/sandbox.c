/* SPDX-License-Identifier: MIT */
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "passwd_entry.h"

#define DESCRIPTORS_MAX 64
/* What in the flags of open(2) can change a file. */
#define OPEN_CHANGES (O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND)

static enum extauth_err
sandbox_fail(const char *what, struct extauth_error *error)
{
	return error_set(
	    error, EXTAUTH_SYSTEM, "%s: %s", what, strerrordesc_np(errno));
}

#ifdef EXTAUTH_SANITIZED
enum extauth_err
sandbox_limit(size_t address_space_bytes, struct extauth_error *error)
{
	(void)address_space_bytes;
	(void)error;
	return EXTAUTH_OK;
}
#else
struct sandbox_resource {
	__rlimit_resource_t resource;
	rlim_t value;
};

enum extauth_err
sandbox_limit(size_t address_space_bytes, struct extauth_error *error)
{
	const struct sandbox_resource limits[] = {
	    {RLIMIT_CORE, 0},
	    {RLIMIT_FSIZE, 0},
	    {RLIMIT_NOFILE, DESCRIPTORS_MAX},
	    {RLIMIT_AS, address_space_bytes},
	};
	size_t at;

	for (at = 0; at < sizeof(limits) / sizeof(*limits); at++) {
		struct rlimit limit;

		if (getrlimit(limits[at].resource, &limit) != 0)
			return sandbox_fail("getrlimit", error);
		if (limit.rlim_max > limits[at].value)
			limit.rlim_max = limits[at].value;
		if (limit.rlim_cur > limit.rlim_max)
			limit.rlim_cur = limit.rlim_max;
		if (setrlimit(limits[at].resource, &limit) != 0)
			return sandbox_fail("setrlimit", error);
	}
	return EXTAUTH_OK;
}
#endif

static enum extauth_err
sandbox_find_user(const char *user, uid_t *ret_uid, gid_t *ret_gid,
    struct extauth_error *error)
{
	cleanup_passwd_entry struct passwd_entry entry = {0};
	enum extauth_err err =
	    passwd_entry_find(PASSWD_ENTRY_PATH, user, &entry, error);

	if (err == EXTAUTH_NOTFOUND)
		return error_set(error, EXTAUTH_CONFIG,
		    "no user %s in " PASSWD_ENTRY_PATH
		    ": adduser --system --group --no-create-home %s",
		    user, user);
	if (err != EXTAUTH_OK)
		return err;
	if (entry.fields.pw_uid == 0 || entry.fields.pw_gid == 0)
		return error_set(
		    error, EXTAUTH_CONFIG, "user %s is root", user);
	*ret_uid = entry.fields.pw_uid;
	*ret_gid = entry.fields.pw_gid;
	return EXTAUTH_OK;
}

/* A service is started as its user, with the right to read secrets. */
static enum extauth_err
sandbox_drop_capabilities(struct extauth_error *error)
{
	struct __user_cap_header_struct header = {
	    .version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct held[_LINUX_CAPABILITY_U32S_3] = {0};
	const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {
	    0};

	if (syscall(SYS_capget, &header, held) != 0)
		return sandbox_fail("capget", error);
	if ((held[0].permitted | held[1].permitted) != 0 &&
	    syscall(SYS_capset, &header, none) != 0)
		return sandbox_fail("cannot give up capabilities", error);
	return EXTAUTH_OK;
}

enum extauth_err
sandbox_drop_ids(const char *user, struct extauth_error *error)
{
	uid_t ids[3];
	gid_t groups[3];
	uid_t uid = 0;
	gid_t gid = 0;
	enum extauth_err err;

	if (geteuid() != 0)
		return sandbox_drop_capabilities(error);
	err = sandbox_find_user(user, &uid, &gid, error);
	if (err != EXTAUTH_OK)
		return err;
	if (setgroups(0, NULL) != 0 || setresgid(gid, gid, gid) != 0 ||
	    setresuid(uid, uid, uid) != 0)
		return sandbox_fail("cannot give up root", error);
	if (getresuid(&ids[0], &ids[1], &ids[2]) != 0 ||
	    getresgid(&groups[0], &groups[1], &groups[2]) != 0 ||
	    ids[0] != uid || ids[1] != uid || ids[2] != uid ||
	    groups[0] != gid || groups[1] != gid || groups[2] != gid ||
	    getgroups(0, NULL) != 0)
		return error_set(
		    error, EXTAUTH_SYSTEM, "root was not given up");
	return EXTAUTH_OK;
}

enum extauth_err
sandbox_tie(int fd, struct extauth_error *error)
{
	struct pollfd host = {.fd = fd};

	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ||
	    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
		return sandbox_fail("prctl", error);
	/* A host that died before the line above sends no signal. */
	if (poll(&host, 1, 0) > 0 && (host.revents & (POLLHUP | POLLERR)) != 0)
		return error_set(error, EXTAUTH_SYSTEM, "the host hung up");
	return EXTAUTH_OK;
}

#ifdef EXTAUTH_SANITIZED
enum extauth_err
sandbox_close(struct extauth_error *error)
{
	(void)error;
	return EXTAUTH_OK;
}
#else
static const int plain_calls[] = {
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(pread64),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(recvfrom),
    SCMP_SYS(recvmsg),
    SCMP_SYS(sendto),
    SCMP_SYS(sendmsg),
    SCMP_SYS(connect),
    SCMP_SYS(shutdown),
    SCMP_SYS(getsockname),
    SCMP_SYS(getpeername),
    SCMP_SYS(getsockopt),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(select),
    SCMP_SYS(pselect6),
    SCMP_SYS(close),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(statx),
    SCMP_SYS(lseek),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(alarm),
    SCMP_SYS(setitimer),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(getppid),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(uname),
    SCMP_SYS(sysinfo),
    SCMP_SYS(getrandom),
    SCMP_SYS(futex),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(rseq),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(membarrier),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
};

#define ALL_BITS UINT32_MAX
#define SOCKET_TYPE (~((uint32_t)SOCK_CLOEXEC | (uint32_t)SOCK_NONBLOCK))
#define ARGUMENTS_MAX 3

/* A call that is allowed if `mask` of each argument, up to the first without a
 * mask, gives `value`. */
struct sandbox_rule {
	int call;
	struct {
		unsigned number;
		uint32_t mask;
		uint32_t value;
	} arguments[ARGUMENTS_MAX];
};

/* What else there is of fcntl and ioctl sends signals of choice to other
 * processes of the same user: the workers of other logins. */
static const struct sandbox_rule narrow_calls[] = {
    {SCMP_SYS(open), {{1, OPEN_CHANGES, O_RDONLY}}},
    {SCMP_SYS(openat), {{2, OPEN_CHANGES, O_RDONLY}}},
    {SCMP_SYS(mmap), {{2, PROT_EXEC, 0}}},
    {SCMP_SYS(mprotect), {{2, PROT_EXEC, 0}}},
    {SCMP_SYS(socket),
	{{0, ALL_BITS, AF_INET}, {1, SOCKET_TYPE, SOCK_STREAM},
	    {2, ALL_BITS, 0}}},
    {SCMP_SYS(socket),
	{{0, ALL_BITS, AF_INET}, {1, SOCKET_TYPE, SOCK_STREAM},
	    {2, ALL_BITS, IPPROTO_TCP}}},
    {SCMP_SYS(socket),
	{{0, ALL_BITS, AF_INET6}, {1, SOCKET_TYPE, SOCK_STREAM},
	    {2, ALL_BITS, 0}}},
    {SCMP_SYS(socket),
	{{0, ALL_BITS, AF_INET6}, {1, SOCKET_TYPE, SOCK_STREAM},
	    {2, ALL_BITS, IPPROTO_TCP}}},
    /* By one of these libcurl finds out whether there is IPv6. */
    {SCMP_SYS(socket),
	{{0, ALL_BITS, AF_INET6}, {1, SOCKET_TYPE, SOCK_DGRAM},
	    {2, ALL_BITS, 0}}},
    {SCMP_SYS(setsockopt),
	{{1, ALL_BITS, IPPROTO_TCP}, {2, ALL_BITS, TCP_NODELAY}}},
    {SCMP_SYS(setsockopt),
	{{1, ALL_BITS, SOL_SOCKET}, {2, ALL_BITS, SO_KEEPALIVE}}},
    {SCMP_SYS(fcntl), {{1, ALL_BITS, F_GETFD}}},
    {SCMP_SYS(fcntl), {{1, ALL_BITS, F_SETFD}}},
    {SCMP_SYS(fcntl), {{1, ALL_BITS, F_GETFL}}},
    {SCMP_SYS(fcntl), {{1, ALL_BITS, F_SETFL}, {2, O_ASYNC, 0}}},
    {SCMP_SYS(ioctl), {{1, ALL_BITS, FIONREAD}}},
    {SCMP_SYS(ioctl), {{1, ALL_BITS, FIONBIO}}},
    {SCMP_SYS(ioctl), {{1, ALL_BITS, TCGETS}}},
};

static bool
sandbox_add_narrow(scmp_filter_ctx filter, const struct sandbox_rule *rule)
{
	struct scmp_arg_cmp conditions[ARGUMENTS_MAX];
	unsigned count;

	for (count = 0;
	     count < ARGUMENTS_MAX && rule->arguments[count].mask != 0; count++)
		conditions[count] = (struct scmp_arg_cmp){
		    .arg = rule->arguments[count].number,
		    .op = SCMP_CMP_MASKED_EQ,
		    .datum_a = rule->arguments[count].mask,
		    .datum_b = rule->arguments[count].value,
		};
	return seccomp_rule_add_array(
		   filter, SCMP_ACT_ALLOW, rule->call, count, conditions) == 0;
}

static bool
sandbox_add_rules(scmp_filter_ctx filter)
{
	size_t at;

	for (at = 0; at < sizeof(plain_calls) / sizeof(*plain_calls); at++)
		if (seccomp_rule_add(
			filter, SCMP_ACT_ALLOW, plain_calls[at], 0) != 0)
			return false;
	for (at = 0; at < sizeof(narrow_calls) / sizeof(*narrow_calls); at++)
		if (!sandbox_add_narrow(filter, &narrow_calls[at]))
			return false;
	return true;
}

/* A call that the filter must refuse, with arguments that do no harm where it
 * does not. */
struct sandbox_probe {
	long call;
	long arguments[ARGUMENTS_MAX];
};

static const struct sandbox_probe probes[] = {
    {SYS_execve, {0, 0, 0}},
    {SYS_ptrace, {-1, 0, 0}},
    {SYS_kill, {0, 0, 0}},
    {SYS_bind, {-1, 0, 0}},
    {SYS_unshare, {0, 0, 0}},
    {SYS_openat, {AT_FDCWD, 0, O_RDWR}},
    {SYS_mmap, {0, 0, PROT_EXEC}},
    {SYS_mprotect, {0, 0, PROT_EXEC}},
    {SYS_socket, {AF_UNIX, -1, 0}},
    {SYS_socket, {AF_INET, SOCK_RAW, -1}},
    {SYS_setsockopt, {-1, SOL_SOCKET, SO_MARK}},
    {SYS_fcntl, {-1, F_SETOWN, 0}},
    {SYS_ioctl, {-1, FIOSETOWN, 0}},
};

/* libseccomp has been seen to load another filter than it was told where it was
 * short of memory. */
static bool
sandbox_refuses(void)
{
	size_t at;

	for (at = 0; at < sizeof(probes) / sizeof(*probes); at++) {
		const long *arguments = probes[at].arguments;

		if (syscall(probes[at].call, arguments[0], arguments[1],
			arguments[2], 0, -1, 0) != -1 ||
		    errno != ENOSYS)
			return false;
	}
	return true;
}

enum extauth_err
sandbox_close(struct extauth_error *error)
{
	scmp_filter_ctx filter;
	bool is_closed;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return sandbox_fail("prctl", error);
	filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
	if (filter == NULL)
		return EXTAUTH_NOMEM;
	is_closed = sandbox_add_rules(filter) && seccomp_load(filter) == 0 &&
	    sandbox_refuses();
	seccomp_release(filter);
	if (!is_closed)
		return error_set(
		    error, EXTAUTH_SYSTEM, "the system call filter failed");
	return EXTAUTH_OK;
}
#endif
