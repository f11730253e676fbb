/* SPDX-License-Identifier: MIT */
/* The machines that are fuzzed, each with its configuration, and the login that
 * a run begins with.
 * Does not know: the input. */
#ifndef EXTAUTH_FUZZ_TARGET_H
#define EXTAUTH_FUZZ_TARGET_H

#include "frame.h"
#include "machine.h"
#include "values.h"

#define FUZZ_EMAIL "alice@example.com"
#define FUZZ_NAME "alice"
#define FUZZ_PASSWORD "correct horse 4711"
#define FUZZ_NEW_PASSWORD "battery staple 0815"
#define FUZZ_CLIENT_SECRET "client's 0815%+secret"
#define FUZZ_API_TOKEN "00API 4711+0815/x"
#define FUZZ_NOW_S 1767225600

/* One target. The program's name chooses it: fuzz_NAME. */
struct fuzz_target {
	const char *name;
	const char *keys;
	const char *external_id;
	enum frame_type job;
	unsigned passwords_max; /* requests that may bear it */
	bool needs_password;    /* for ACCEPTED */
};

/* What lives as long as the program. */
struct fuzz_case {
	const struct fuzz_target *target;
	const struct provider *machine;
	struct config config;
	const struct config_provider *provider;
	struct login_facts facts;
	struct values values;
	struct secret password;
	struct secret new_password;
	struct secret client_secret;
	struct secret api_token;
};

/* Makes the case of the target `name`; ends the program if there is none. */
struct fuzz_case *fuzz_case_make(const char *name);

/* Makes the login of one run; `memory` has the machine's zero bytes. */
struct login fuzz_case_login(
    const struct fuzz_case *one, uint32_t flags, void *memory);

#endif
