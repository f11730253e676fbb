/* SPDX-License-Identifier: MIT */
#include "fuzz_server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "fuzz_answer.h"

#define REQUEST_BYTES 8192

/* Reads one whole request; false at the end of the connection. */
static bool
read_request(int fd, char text[REQUEST_BYTES])
{
	size_t length = 0;

	while (length < REQUEST_BYTES - 1) {
		ssize_t got =
		    recv(fd, text + length, REQUEST_BYTES - 1 - length, 0);
		const char *body;
		const char *field;

		if (got <= 0)
			return false;
		length += (size_t)got;
		text[length] = '\0';
		body = strstr(text, "\r\n\r\n");
		field = strstr(text, "Content-Length: ");
		if (body != NULL &&
		    (field == NULL ||
			strlen(body + 4) >= strtoul(field + 16, NULL, 10)))
			return true;
	}
	return false;
}

/* False: the connection is not good for another. */
static bool
answer(struct fuzz_server *server, int fd)
{
	size_t number = server->requests < server->answer_count
	    ? server->requests
	    : server->answer_count - 1;
	const char *bytes = server->answers[number].bytes;
	size_t length = server->answers[number].length;
	size_t split = server->split < length ? server->split : 0;
	struct fuzz_answer plain;

	server->requests++;
	if (split > 0 && send(fd, bytes, split, MSG_NOSIGNAL) < 0)
		return false;
	if (send(fd, bytes + split, length - split, MSG_NOSIGNAL) < 0)
		return false;
	return fuzz_answer_read(bytes, length, &plain);
}

/* The end by a reset leaves no port behind that waits. */
static void
close_connection(int fd)
{
	const struct linger at_once = {.l_onoff = 1};
	char text[REQUEST_BYTES];

	(void)shutdown(fd, SHUT_WR);
	while (recv(fd, text, sizeof(text), 0) > 0)
		;
	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(fd);
}

static void
serve(struct fuzz_server *server, int fd)
{
	const int yes = 1;
	char text[REQUEST_BYTES];

	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	while (read_request(fd, text)) {
		if (strstr(text, server->secret) != NULL)
			server->secrets++;
		if (!answer(server, fd))
			break;
	}
	close_connection(fd);
}

static void *
run(void *context)
{
	struct fuzz_server *server = context;
	struct pollfd ready[] = {
	    {.fd = server->fd, .events = POLLIN},
	    {.fd = server->wake[0], .events = POLLIN},
	};

	while (poll(ready, 2, -1) > 0) {
		int fd = accept4(server->fd, NULL, NULL, SOCK_CLOEXEC);

		if (fd >= 0)
			serve(server, fd);
		else if (ready[1].revents != 0)
			break;
	}
	return NULL;
}

void
fuzz_server_open(struct fuzz_server *server)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t length = sizeof(address);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	server->fd =
	    socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	fuzz_require(server->fd >= 0 &&
		bind(server->fd, (struct sockaddr *)&address,
		    sizeof(address)) == 0 &&
		listen(server->fd, 8) == 0 &&
		getsockname(server->fd, (struct sockaddr *)&address, &length) ==
		    0 &&
		pipe(server->wake) == 0,
	    "a port on the loopback");
	server->port = ntohs(address.sin_port);
}

void
fuzz_server_start(struct fuzz_server *server)
{
	server->requests = 0;
	server->secrets = 0;
	fuzz_require(
	    pthread_create(&server->thread, NULL, run, server) == 0, "thread");
}

void
fuzz_server_stop(struct fuzz_server *server)
{
	char byte = 0;

	fuzz_require(write(server->wake[1], &byte, 1) == 1, "pipe");
	fuzz_require(pthread_join(server->thread, NULL) == 0, "thread");
	fuzz_require(read(server->wake[0], &byte, 1) == 1, "pipe");
}
