/* SPDX-License-Identifier: MIT */
/* Hosts that are odd in themselves. */
#include "odd_host.h"

#include <dlfcn.h>
#include <errno.h>
#include <fenv.h>
#include <locale.h>
#include <pthread.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "host_state.h"
#include "place.h"

static void
ignore_children(void)
{
	place_check(signal(SIGCHLD, SIG_IGN) != SIG_ERR, "signal");
}

static void
keep_no_zombies(void)
{
	const struct sigaction action = {
	    .sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT};

	place_check(sigaction(SIGCHLD, &action, NULL) == 0, "sigaction");
}

static void
reap_in_handler(int number)
{
	(void)number;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		continue;
}

static void
reap_by_signal(void)
{
	const struct sigaction action = {.sa_handler = reap_in_handler};

	place_check(sigaction(SIGCHLD, &action, NULL) == 0, "sigaction");
}

/* Descriptors of its own would look like changes. */
static void *
work(void *argument)
{
	const struct timespec moment = {.tv_nsec = 1000000};

	for (;;) {
		free(malloc(100000));
		errno = EDOM;
		(void)nanosleep(&moment, NULL);
	}
	return argument;
}

static void
run_eight_threads(void)
{
	pthread_t thread;
	int number;

	for (number = 0; number < 8; number++)
		place_check(
		    pthread_create(&thread, NULL, work, NULL) == 0, "thread");
}

static void
raise_blocked(void)
{
	sigset_t mask;

	(void)sigemptyset(&mask);
	(void)sigaddset(&mask, SIGALRM);
	(void)sigaddset(&mask, SIGPIPE);
	(void)sigaddset(&mask, SIGTERM);
	place_check(sigprocmask(SIG_BLOCK, &mask, NULL) == 0, "sigprocmask");
	(void)raise(SIGALRM);
	(void)raise(SIGPIPE);
	(void)raise(SIGTERM);
}

static void
ignore_every_signal(void)
{
	int number;

	for (number = 1; number < NSIG; number++)
		(void)signal(number, SIG_IGN);
}

static void
mask_nothing(void)
{
	(void)umask(0);
}

static void
mask_everything(void)
{
	(void)umask(0777);
}

static void
remove_directory(void)
{
	char path[] = "/tmp/gone-XXXXXX";

	place_check(mkdtemp(path) != NULL, path);
	place_check(chdir(path) == 0 && rmdir(path) == 0, path);
}

static void
set_environment(void)
{
	place_check(setlocale(LC_ALL, "C.UTF-8") != NULL, "C.UTF-8");
	(void)uselocale(newlocale(LC_ALL_MASK, "C.UTF-8", (locale_t)0));
	(void)setenv("LANGUAGE", "de", 1);
	(void)setenv("LC_ALL", "tr_TR.UTF-8", 1);
	(void)setenv("SSL_CERT_FILE", "/nowhere", 1);
	(void)setenv("OPENSSL_CONF", "/nowhere", 1);
	(void)setenv("SSLKEYLOGFILE", "/tmp/keys", 1);
	(void)setenv("https_proxy", "http://127.0.0.1:9", 1);
	(void)setenv("TMPDIR", "/nowhere", 1);
	(void)setenv("MALLOC_PERTURB_", "85", 1);
}

static void
clear_environment(void)
{
	place_check(clearenv() == 0, "clearenv");
}

static void
load_libraries(void)
{
	static const char *const libraries[] = {"libcurl-gnutls.so.4",
	    "libcurl.so.4", "libgnutls.so.30", "libssl.so.3", "libjson-c.so.5",
	    "libjansson.so.4", "libseccomp.so.2"};
	size_t at;

	for (at = 0; at < sizeof(libraries) / sizeof(libraries[0]); at++)
		place_check(
		    dlopen(libraries[at], RTLD_NOW | RTLD_GLOBAL) != NULL,
		    libraries[at]);
}

/* Before libpam loads the module: see odd_symbols.c. */
static void
load_symbols(void)
{
	place_check(
	    dlopen(ODD_SYMBOLS, RTLD_NOW | RTLD_GLOBAL) != NULL, ODD_SYMBOLS);
}

static void
filter_calls(void)
{
	static const int calls[] = {SCMP_SYS(ptrace), SCMP_SYS(bpf),
	    SCMP_SYS(mount), SCMP_SYS(kexec_load), SCMP_SYS(io_uring_setup),
	    SCMP_SYS(perf_event_open), SCMP_SYS(clone3)};
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	size_t at;

	for (at = 0; at < sizeof(calls) / sizeof(calls[0]); at++)
		place_check(seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS),
				calls[at], 0) == 0,
		    "seccomp_rule_add");
	place_check(seccomp_load(filter) == 0, "seccomp_load");
	seccomp_release(filter);
}

static void
gain_nothing(void)
{
	place_check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "prctl");
}

static void
hide(void)
{
	place_check(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0, "prctl");
}

static void
adopt(void)
{
	place_check(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0, "prctl");
}

static void
lead_session(void)
{
	(void)setsid();
}

static void
be_nice(void)
{
	place_check(nice(19) == 19, "nice");
}

static void
round_upward(void)
{
	place_check(fesetround(FE_UPWARD) == 0, "fesetround");
}

/* The transaction goes on in the child. */
static void
go_on_in_child(void)
{
	const pid_t child = fork();
	int status = 0;

	place_check(child >= 0, "fork");
	if (child == 0)
		return;
	(void)waitpid(child, &status, 0);
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 99);
}

const struct odd_host odd_hosts[] = {
    {"nothing odd", NULL, ODD_RIGHT, false},
    {"SIGCHLD ignored", ignore_children, ODD_RIGHT, false},
    {"SA_NOCLDWAIT", keep_no_zombies, ODD_RIGHT, false},
    {"a handler that reaps", reap_by_signal, ODD_RIGHT, false},
    {"a thread that reaps", host_state_reap_children, ODD_RIGHT, false},
    {"eight threads at work", run_eight_threads, ODD_RIGHT, false},
    {"every signal blocked", host_state_block_signals, ODD_RIGHT, false},
    {"signals pending", raise_blocked, ODD_RIGHT, false},
    {"every signal ignored", ignore_every_signal, ODD_RIGHT, false},
    {"a signal every 5 ms", host_state_interrupt_often, ODD_RIGHT, false},
    {"umask 0", mask_nothing, ODD_RIGHT, false},
    {"umask 0777", mask_everything, ODD_RIGHT, false},
    {"directory removed", remove_directory, ODD_RIGHT, false},
    {"a thread with 64 KiB of stack", NULL, ODD_RIGHT, true},
    {"locale and environment", set_environment, ODD_RIGHT, false},
    {"no environment", clear_environment, ODD_RIGHT, false},
    {"libraries for TLS and JSON", load_libraries, ODD_RIGHT, false},
    {"functions named as ours", load_symbols, ODD_RIGHT, false},
    {"a filter of its own", filter_calls, ODD_RIGHT, false},
    {"no new privileges", gain_nothing, ODD_RIGHT, false},
    {"not dumpable", hide, ODD_RIGHT, false},
    {"a subreaper", adopt, ODD_RIGHT, false},
    {"leads a session", lead_session, ODD_RIGHT, false},
    {"nice", be_nice, ODD_RIGHT, false},
    {"rounds upward", round_upward, ODD_RIGHT, false},
    {"forked behind pam_start", go_on_in_child, ODD_RIGHT, false},
    {NULL, NULL, ODD_RIGHT, false},
};
