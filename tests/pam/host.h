/* SPDX-License-Identifier: MIT */
/* A PAM application for tests: one stack of one module, a conversation by
 * script, and what was said in it.
 * Does not know: what the module decides by. */
#ifndef EXTAUTH_TESTS_HOST_H
#define EXTAUTH_TESTS_HOST_H

#include <security/pam_appl.h>

#include <stdbool.h>

#define HOST_SHOWN_BYTES 1024
#define HOST_HIDDEN_MAX 4

/* What a host is and answers; {0} asks nothing and answers nothing. */
struct host {
	const char *service; /* NULL: "test" */
	const char *user;    /* NULL: the module asks for it */
	const char *options; /* behind pam_extauth.so */
	const char *before;  /* a line of the stack before it */
	const char *rhost;
	const char *tty;
	const char *hidden[HOST_HIDDEN_MAX]; /* to the prompts without echo */
	const char *password; /* to those beyond `hidden`; NULL: an error */
	const char *answer;   /* to a prompt with echo; NULL: an error */
	const char *becomes;  /* PAM_USER is changed to it while asked */
	int flags;
	bool gives_null;       /* success without a response */
	int conversation_code; /* given in place of an answer, if not 0 */
	/* What came of it. */
	int hidden_prompts;
	int shown_prompts;
	char shown[HOST_SHOWN_BYTES]; /* "info: ...\n", "ask: ...\n" */
	pam_handle_t *pamh;
	char confdir[64];
};

/* Starts and ends the PAM transaction. */
void host_begin(struct host *host);
void host_end(struct host *host);

/* Each is host_begin, one call of libpam, host_end; the PAM code. */
int host_authenticate(struct host *host);
int host_authenticate_twice(struct host *host); /* the second code */
int host_account(struct host *host);
int host_setcred(struct host *host);
int host_open_session(struct host *host);
int host_close_session(struct host *host);
int host_chauthtok(struct host *host);

#endif
