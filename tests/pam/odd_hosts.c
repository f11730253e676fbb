/* SPDX-License-Identifier: MIT */
/* Every call of both modules in every odd host: the right answer, or that it
 * cannot be told, and the host as it was before, errno with it. Through the
 * real libpam, the real glibc, the real extauth-exchange and the real test
 * service over TLS.
 *
 * usage: odd_hosts [PART_OF_A_NAME], in a private root:
 *   tests/enter --plain build/tests/pam/odd_hosts */
#include <errno.h>
#include <fenv.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include "host_state.h"
#include "odd_host.h"
#include "place.h"
#include "real_service.h"

#define HOSTS_MAX 64
#define AT_ONCE 4
#define STACK_BYTES 65536
#define MARK 4242

/* What one host found; in shared memory. */
struct finding {
	bool is_whole;
	unsigned calls;
	unsigned changes;
	unsigned wrong;
	char first[512];
};

/* A host at work. */
struct scene {
	const struct odd_host *kind;
	struct host host;
	struct finding *finding;
};

static void
complain(struct finding *finding, const char *call, const char *what)
{
	if (finding->first[0] == '\0')
		(void)snprintf(finding->first, sizeof(finding->first), "%s: %s",
		    call, what);
}

static void
judge_code(struct scene *scene, const struct odd_call *call, int code)
{
	char text[64];

	if (code == call->code ||
	    (scene->kind->answer == ODD_UNABLE && odd_is_unable(code)))
		return;
	scene->finding->wrong++;
	(void)snprintf(text, sizeof(text), "code %d, not %d", code, call->code);
	complain(scene->finding, call->name, text);
}

static void
judge_change(
    struct scene *scene, const struct odd_call *call, const char *change)
{
	if (change == NULL)
		return;
	scene->finding->changes++;
	complain(scene->finding, call->name, change);
}

static void
try_call(struct scene *scene, const struct odd_call *call)
{
	static struct host_state before;
	static struct host_state after;
	const int rounding = fegetround();
	int code;
	int number;

	host_state_read(&before);
	errno = MARK;
	code = call->call(&scene->host);
	number = errno;
	host_state_read(&after);
	scene->finding->calls++;
	judge_code(scene, call, code);
	judge_change(scene, call, host_state_change(&before, &after));
	/* NSS says by errno what was not found, and libpam leaves the error of
	 * its own audit socket, where it has none. */
	if (number != MARK && call->is_pam && scene->kind->answer == ODD_RIGHT)
		judge_change(scene, call, strerrorname_np(number));
	if (fegetround() != rounding)
		judge_change(scene, call, "another rounding");
}

static void *
try_all(void *argument)
{
	struct scene *scene = argument;
	const struct odd_call *call;

	for (call = odd_calls; call->name != NULL; call++)
		try_call(scene, call);
	scene->finding->is_whole = true;
	return NULL;
}

static void
try_all_in_thread(struct scene *scene)
{
	pthread_attr_t attributes;
	pthread_t thread;

	place_check(pthread_attr_init(&attributes) == 0 &&
		pthread_attr_setstacksize(&attributes, STACK_BYTES) == 0 &&
		pthread_create(&thread, &attributes, try_all, scene) == 0 &&
		pthread_join(thread, NULL) == 0,
	    "a thread");
}

/* Loaded by the first look-up; its state is not the host's. */
static void
warm_up(struct host *host)
{
	const struct odd_call *call;

	openlog(NULL, LOG_NDELAY, LOG_AUTH);
	for (call = odd_calls; call->code != PAM_AUTH_ERR; call++)
		(void)call->call(host);
}

__attribute__((noreturn)) static void
be_host(const struct odd_host *kind, struct finding *finding)
{
	struct scene scene = {
	    .kind = kind, .host = {.user = "alice"}, .finding = finding};

	host_begin(&scene.host);
	warm_up(&scene.host);
	if (kind->prepare != NULL)
		kind->prepare();
	if (kind->is_in_thread)
		try_all_in_thread(&scene);
	else
		(void)try_all(&scene);
	_exit(0);
}

/* Of both tables; NULL behind the last. */
static const struct odd_host *
host_at(unsigned at)
{
	const struct odd_host *kind;

	for (kind = odd_hosts; kind->name != NULL; kind++)
		if (at-- == 0)
			return kind;
	for (kind = odd_limited_hosts; kind->name != NULL; kind++)
		if (at-- == 0)
			return kind;
	return NULL;
}

static void
run_hosts(struct finding *findings, const char *part)
{
	const struct odd_host *kind;
	unsigned at;
	unsigned running = 0;

	for (at = 0; (kind = host_at(at)) != NULL; at++) {
		if (strstr(kind->name, part) == NULL)
			continue;
		if (running == AT_ONCE) {
			(void)wait(NULL);
			running--;
		}
		running++;
		if (fork() != 0)
			continue;
		be_host(kind, &findings[at]);
	}
	for (; running > 0; running--)
		(void)wait(NULL);
}

static bool
report(const struct finding *finding, const struct odd_host *kind, unsigned at)
{
	const bool is_right = finding->is_whole && finding->first[0] == '\0';

	(void)printf("%s %u - host: %s: %u calls\n", is_right ? "ok" : "not ok",
	    at + 1, kind->name, finding->calls);
	if (!finding->is_whole)
		(void)printf("# it did not come to its end\n");
	if (finding->first[0] != '\0')
		(void)printf("# %s\n", finding->first);
	return is_right;
}

int
main(int argc, char **argv)
{
	struct finding *findings = mmap(NULL, sizeof(*findings) * HOSTS_MAX,
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct finding sum = {0};
	const struct odd_host *kind;
	unsigned failures = 0;
	unsigned at;
	pid_t service;

	place_check(findings != MAP_FAILED, "mmap");
	place_make();
	service = real_service_start();
	place_reset();
	real_service_use("max_failures = 0\n", REAL_SERVICE_LOGIN);
	place_write("/etc/nsswitch.conf",
	    "passwd: files extauth\ngroup: files extauth\nhosts: files dns\n",
	    0644);
	run_hosts(findings, argc > 1 ? argv[1] : "");
	real_service_stop(service);
	for (at = 0; (kind = host_at(at)) != NULL; at++) {
		failures += !report(&findings[at], kind, at);
		sum.calls += findings[at].calls;
		sum.changes += findings[at].changes;
		sum.wrong += findings[at].wrong;
	}
	(void)printf("1..%u\n", at);
	(void)printf("# figure: odd_hosts = %u\n", at);
	(void)printf("# figure: odd_host_calls = %u\n", sum.calls);
	(void)printf("# figure: odd_host_wrong_answers = %u\n", sum.wrong);
	(void)printf("# figure: host_state_changes = %u\n", sum.changes);
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
