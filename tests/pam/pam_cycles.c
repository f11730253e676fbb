/* SPDX-License-Identifier: MIT */
/* A process in which libpam loads the module, has its answer and unloads it,
 * again and again, does not grow: memory, descriptors, threads. The same for
 * the NSS module is tests/nss/test_nss_load.c.
 *
 * usage: pam_cycles [CYCLES], in a private root:
 *   tests/enter --plain build/tests/pam/pam_cycles 10000 */
#include <security/pam_appl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "host_state.h"
#include "place.h"

#define CYCLES 1000
/* By then the allocator and the loader have what they keep. */
#define WARM 200
#define GROWTH_MAX_KIB 64
#define SERVICES "/run/pam-test/services"

static int
converse(int count, const struct pam_message **messages,
    struct pam_response **ret_responses, void *context)
{
	(void)count;
	(void)messages;
	(void)ret_responses;
	(void)context;
	return PAM_CONV_ERR;
}

static bool
cycle(void)
{
	const struct pam_conv conversation = {converse, NULL};
	pam_handle_t *pamh = NULL;
	int code;

	if (pam_start_confdir("cycle", "alice", &conversation, SERVICES,
		&pamh) != PAM_SUCCESS)
		return false;
	code = pam_acct_mgmt(pamh, 0);
	return pam_end(pamh, code) == PAM_SUCCESS && code == PAM_SUCCESS;
}

/* Private memory that is in use: RssAnon of /proc/self/status. */
static long
private_kib(void)
{
	FILE *status = fopen("/proc/self/status", "re");
	char line[256];
	long kib = 0;

	place_check(status != NULL, "/proc/self/status");
	while (fgets(line, sizeof(line), status) != NULL)
		if (strncmp(line, "RssAnon:", 8) == 0)
			kib = strtol(line + 8, NULL, 10);
	(void)fclose(status);
	return kib;
}

static void
prepare(void)
{
	char text[512];

	place_make();
	place_reset();
	place_check(mkdir(SERVICES, 0755) == 0, SERVICES);
	(void)snprintf(text, sizeof(text), "account required %s\n", PAM_MODULE);
	place_write(SERVICES "/cycle", text, 0644);
}

static unsigned
run(unsigned cycles)
{
	unsigned failures = 0;

	for (; cycles > 0; cycles--)
		failures += !cycle();
	return failures;
}

static bool
report(unsigned number, bool is_right, const char *name)
{
	(void)printf("%s %u - %s\n", is_right ? "ok" : "not ok", number, name);
	return is_right;
}

int
main(int argc, char **argv)
{
	const unsigned cycles =
	    argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : CYCLES;
	static struct host_state before;
	static struct host_state after;
	const char *change;
	unsigned failures;
	long start_kib;
	long growth_kib;
	bool is_right;

	prepare();
	failures = run(WARM);
	host_state_read(&before);
	host_state_read(&after);
	start_kib = private_kib();
	failures += run(cycles);
	growth_kib = private_kib() - start_kib;
	host_state_read(&after);
	change = host_state_change(&before, &after);
	(void)printf("1..3\n");
	is_right = report(1, failures == 0, "each cycle is answered");
	is_right = report(2, growth_kib < GROWTH_MAX_KIB,
		       "memory grows by less than 64 KiB") &&
	    is_right;
	is_right =
	    report(3, change == NULL, "the process is as it was") && is_right;
	if (change != NULL)
		(void)printf("# %s\n", change);
	(void)printf("# figure: pam_module_cycles = %u\n", cycles);
	(void)printf(
	    "# figure: pam_module_cycles_growth_kib = %ld\n", growth_kib);
	return is_right ? EXIT_SUCCESS : EXIT_FAILURE;
}
