/* SPDX-License-Identifier: MIT */
/* The sources that are fuzzed, each with its configuration.
 * Does not know: the input. */
#ifndef EXTAUTH_FUZZ_SOURCE_CASE_H
#define EXTAUTH_FUZZ_SOURCE_CASE_H

#include "source.h"
#include "values.h"

#define FUZZ_EMAIL "alice@example.com"
#define FUZZ_CLIENT_SECRET "client's 0815%+secret"
#define FUZZ_API_TOKEN "00API 4711+0815/x"
#define FUZZ_URL_SECRET "url secret 1234%"
#define FUZZ_NOW_S 1767225600

/* What lives as long as the program. */
struct fuzz_case {
	struct config config;
	const struct config_source *sources[2]; /* the second without groups */
	const struct source *machine;
	struct login_facts facts;
	struct values values;
	struct named_secret named;
	struct secret nothing;
	struct secret client_secret;
	struct secret api_token;
	struct sync_job job;
};

/* Makes the case of the target `name`; ends the program if there is none. */
struct fuzz_case *fuzz_case_make(const char *name);

#endif
