/* SPDX-License-Identifier: MIT */
/* Hosts in odd states: what each is, and what can be asked of the modules in
 * it.
 * Does not know: how the modules work. */
#ifndef EXTAUTH_TESTS_ODD_HOST_H
#define EXTAUTH_TESTS_ODD_HOST_H

#include <stdbool.h>

#include "host.h"

/* What a host of this kind may be told instead of the right answer. */
enum odd_host_answer {
	ODD_RIGHT,  /* nothing else */
	ODD_UNABLE, /* or that it cannot be told; never a grant by mistake */
};

struct odd_host {
	const char *name;
	void (*prepare)(void); /* behind pam_start; NULL: nothing */
	enum odd_host_answer answer;
	bool is_in_thread; /* of 64 KiB of stack */
};

/* One call and what it must give in a host that is not odd. */
struct odd_call {
	const char *name;
	int (*call)(struct host *host);
	int code;
	bool is_pam; /* not NSS */
};

/* Each ends with one without a name. */
extern const struct odd_host odd_hosts[];
extern const struct odd_host odd_limited_hosts[];
extern const struct odd_call odd_calls[];

/* Tells whether `code` says that something cannot be told. */
bool odd_is_unable(int code);

#endif
