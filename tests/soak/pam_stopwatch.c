/* SPDX-License-Identifier: MIT */
/* A PAM module that hands authentication on to another one and then tells by
 * the conversation how many microseconds that took, `us.N`, so that neither
 * libpam nor the host is in the measure.
 * Does not know: which module, or what came of it.
 *
 * in a PAM file: auth required .../pam_stopwatch.so MODULE [ARGUMENT]... */
#include <dlfcn.h>
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <time.h>

#define ENTRY_POINT __attribute__((visibility("default")))

typedef int (*entry)(pam_handle_t *, int, int, const char **);

static long
clock_us(void)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

ENTRY_POINT int
pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	void *module = argc < 1 ? NULL : dlopen(argv[0], RTLD_NOW);
	entry authenticate = NULL;
	long begun;
	int code;

	/* A function pointer out of a data pointer, as dlsym(3) has it. */
	if (module != NULL)
		*(void **)&authenticate = dlsym(module, "pam_sm_authenticate");
	if (authenticate == NULL)
		return PAM_OPEN_ERR;
	begun = clock_us();
	code = authenticate(pamh, flags, argc - 1, argv + 1);
	(void)pam_info(pamh, "us.%ld", clock_us() - begun);
	return code;
}

ENTRY_POINT int
pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_SUCCESS;
}
