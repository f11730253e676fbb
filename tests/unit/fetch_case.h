/* SPDX-License-Identifier: MIT */
/* What the tests of source_fetch share: a machine that fetches the pages that a
 * test names, and no more.
 * Does not know: what a test expects. */
#ifndef EXTAUTH_FETCH_CASE_H
#define EXTAUTH_FETCH_CASE_H

#include "source_case.h"
#include "source_fetch.h"

#define SCIM "type = scim\nurl = https://dir.example.com/scim/v2\n"
#define TOKEN SCIM "token_file = dir\n"
#define CLIENT                                                                 \
	SCIM "token_url = https://id.example.com/token\nclient_id = CLIENT\n"  \
	     "client_secret_file = dir\nscope = users\n"
#define TOKENS(more)                                                           \
	"{\"access_token\":\"TOKEN-1\",\"token_type\":\"Bearer\"" more "}"
#define DONE                                                                   \
	{                                                                      \
		"", 0, NULL, NULL, false                                       \
	}
#define COUNT(cases) (sizeof(cases) / sizeof(*(cases)))

/* What the machine asks with; a test may change it before it runs. */
struct fetch_case_wishes {
	const char *urls[3]; /* the last is NULL */
	bool takes_any_body;
	bool takes_refusal;
	const char *condition; /* If-None-Match */
	const char *more_header;
};

extern struct fetch_case_wishes fetch_case_wishes;

/* Makes a reading of one page or two (`second` NULL), with no other wishes. */
struct source_case *fetch_case_make(
    const char *keys, const char *first, const char *second);

#endif
