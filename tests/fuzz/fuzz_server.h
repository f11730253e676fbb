/* SPDX-License-Identifier: MIT */
/* A server of one input on the loopback: it answers each request with the next
 * of the answers that it was given, whatever these are.
 * Does not know: what is asked, but for the password in it. */
#ifndef EXTAUTH_FUZZ_SERVER_H
#define EXTAUTH_FUZZ_SERVER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#define FUZZ_ANSWERS_MAX 4

struct fuzz_server {
	int fd;
	int wake[2]; /* a byte in it ends the thread */
	unsigned port;
	pthread_t thread;
	const char *secret;
	struct {
		const char *bytes;
		size_t length;
	} answers[FUZZ_ANSWERS_MAX]; /* the last is given again */
	size_t answer_count;
	size_t split;      /* bytes that go first, and alone */
	unsigned requests; /* these two: to be read when it has stopped */
	unsigned secrets;  /* requests with the secret in it */
};

/* Opens the port, once. */
void fuzz_server_open(struct fuzz_server *server);

/* Begins and ends the thread for one input. All clients are closed by then. */
void fuzz_server_start(struct fuzz_server *server);
void fuzz_server_stop(struct fuzz_server *server);

#endif
