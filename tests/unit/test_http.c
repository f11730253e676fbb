/* SPDX-License-Identifier: MIT */
#include "http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "exchange_case.h"
#include "unit.h"

#define DEADLINE_MS 5000
#define REQUEST_BYTES 2048
#define PASSWORD "right-password"

static const char answer[] =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    "Set-Cookie: session=1; Max-Age=9999\r\nContent-Length: 2\r\n\r\n{}";

/* A server that answers the first request of each connection and closes it
 * after the whole of the second. */
struct server {
	int fd;
	unsigned port;
	pthread_t thread;
	unsigned connections;
	unsigned passwords; /* requests that held it */
	unsigned cookies;   /* requests that bring back the answer's */
};

/* Reads one whole request; false at the end of the connection. */
static bool
read_request(int fd, char text[REQUEST_BYTES])
{
	size_t length = 0;
	const char *body = NULL;
	const char *field;

	while (length < REQUEST_BYTES - 1) {
		ssize_t got =
		    recv(fd, text + length, REQUEST_BYTES - 1 - length, 0);

		if (got <= 0)
			return false;
		length += (size_t)got;
		text[length] = '\0';
		body = strstr(text, "\r\n\r\n");
		field = strstr(text, "Content-Length: ");
		if (body == NULL)
			continue;
		if (field == NULL ||
		    strlen(body + 4) >= strtoul(field + 16, NULL, 10))
			return true;
	}
	return false;
}

static void
serve_connection(struct server *server, int fd)
{
	char text[REQUEST_BYTES];
	unsigned requests = 0;

	server->connections++;
	while (read_request(fd, text)) {
		if (strstr(text, PASSWORD) != NULL)
			server->passwords++;
		server->cookies += strstr(text, "Cookie: ") != NULL;
		if (++requests > 1)
			break;
		if (send(fd, answer, strlen(answer), MSG_NOSIGNAL) < 0)
			break;
	}
	close(fd);
}

static void *
serve(void *context)
{
	struct server *server = context;
	int fd;

	while ((fd = accept(server->fd, NULL, NULL)) >= 0)
		serve_connection(server, fd);
	return NULL;
}

static void
server_start(struct server *server)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t length = sizeof(address);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	server->fd = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_ge(server->fd, 0);
	ck_assert_int_eq(
	    bind(server->fd, (struct sockaddr *)&address, sizeof(address)), 0);
	ck_assert_int_eq(listen(server->fd, 8), 0);
	ck_assert_int_eq(
	    getsockname(server->fd, (struct sockaddr *)&address, &length), 0);
	server->port = ntohs(address.sin_port);
	ck_assert_int_eq(
	    pthread_create(&server->thread, NULL, serve, server), 0);
}

/* To be called when the client's connections are closed. */
static void
server_stop(struct server *server)
{
	shutdown(server->fd, SHUT_RDWR);
	pthread_join(server->thread, NULL);
	close(server->fd);
}

/* A server, a client for it, and one login. */
struct world {
	struct server server;
	struct exchange_case *login;
	struct http *http;
	struct secret none;
	struct request request;
	struct event event;
};

static void
world_make(struct world *world)
{
	struct http_settings settings = {.hangup_fd = -1};
	char keys[512];

	server_start(&world->server);
	(void)snprintf(keys, sizeof(keys),
	    "type = rest\nurl = http://127.0.0.1:%u/login\n"
	    "insecure_http = yes\n",
	    world->server.port);
	world->login = exchange_case_make(keys, PASSWORD);
	settings.provider = world->login->provider;
	settings.client_certificate = &world->none;
	settings.client_key = &world->none;
	ck_assert_ok(http_open(&settings, &world->http, NULL));
	ck_assert_ok(
	    request_build(settings.provider, world->login->login.values,
		world->login->login.password, &world->request, NULL));
}

static void
world_clear(struct world *world)
{
	event_clear(&world->event);
	request_clear(&world->request);
	http_close(world->http);
	server_stop(&world->server);
	exchange_case_free(world->login);
}

static void
perform(struct world *world)
{
	event_clear(&world->event);
	ck_assert_ok(http_perform(world->http, &world->request,
	    frame_clock_ms() + DEADLINE_MS, &world->event, NULL));
}

START_TEST(request_is_sent_and_answered)
{
	struct world world = {0};

	world_make(&world);
	ck_assert(world.request.bears_password);
	perform(&world);
	ck_assert_int_eq(world.event.kind, EVENT_RESPONSE);
	ck_assert_uint_eq(world.event.response.status, 200);
	ck_assert_str_eq(buffer_text(&world.event.response.body), "{}");
	ck_assert_str_eq(world.event.response.content_type, "application/json");
	world_clear(&world);
	ck_assert_uint_eq(world.server.passwords, 1);
}
END_TEST

START_TEST(password_is_not_sent_again_when_a_reused_connection_closes)
{
	struct world world = {0};

	world_make(&world);
	perform(&world);
	ck_assert_int_eq(world.event.kind, EVENT_RESPONSE);
	perform(&world);
	ck_assert_int_eq(world.event.kind, EVENT_FAILED);
	ck_assert_ptr_nonnull(
	    strstr(world.event.failure.reason, "not sent again"));
	world_clear(&world);
	/* One for each of the two transfers. */
	ck_assert_uint_eq(world.server.passwords, 2);
}
END_TEST

/* Shows that the server above does provoke it. */
START_TEST(request_without_a_password_is_sent_again)
{
	struct world world = {0};

	world_make(&world);
	world.request.bears_password = false;
	perform(&world);
	perform(&world);
	ck_assert_int_eq(world.event.kind, EVENT_RESPONSE);
	ck_assert_uint_eq(world.event.response.status, 200);
	world_clear(&world);
	ck_assert_uint_eq(world.server.passwords, 3);
	ck_assert_uint_eq(world.server.connections, 2);
}
END_TEST

START_TEST(cookie_is_not_brought_back)
{
	struct world world = {0};

	world_make(&world);
	perform(&world);
	perform(&world);
	world_clear(&world);
	ck_assert_uint_eq(world.server.passwords, 2);
	ck_assert_uint_eq(world.server.cookies, 0);
}
END_TEST

START_TEST(answer_is_as_long_as_its_request_allows)
{
	struct world world = {0};

	world_make(&world);
	world.request.bears_password = false;
	world.request.body_max_bytes = 1;
	perform(&world);
	ck_assert_int_eq(world.event.kind, EVENT_FAILED);
	ck_assert_str_eq(world.event.failure.reason, "body over 0 KiB");
	world.request.body_max_bytes = 2;
	perform(&world);
	ck_assert_int_eq(world.event.kind, EVENT_RESPONSE);
	ck_assert(world.event.response.is_framed);
	ck_assert_uint_eq(world.event.response.body.limit, 2);
	world_clear(&world);
}
END_TEST

START_TEST(refused_connection_is_a_failure_with_its_reason)
{
	struct world world = {0};

	world_make(&world);
	server_stop(&world.server);
	perform(&world);
	ck_assert_int_eq(world.event.kind, EVENT_FAILED);
	ck_assert_str_eq(world.event.failure.reason, "connect refused");
	server_start(&world.server);
	world_clear(&world);
}
END_TEST

START_TEST(hang_up_of_the_host_ends_a_transfer)
{
	struct http_settings settings = {0};
	struct world world = {0};
	struct event event = {0};
	struct http *http = NULL;
	int ends[2];

	world_make(&world);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	settings = (struct http_settings){
	    .provider = world.login->provider,
	    .client_certificate = &world.none,
	    .client_key = &world.none,
	    .hangup_fd = ends[0],
	};
	ck_assert_ok(http_open(&settings, &http, NULL));
	close(ends[1]);
	ck_assert_int_eq(http_perform(http, &world.request,
			     frame_clock_ms() + DEADLINE_MS, &event, NULL),
	    EXTAUTH_SYSTEM);
	http_close(http);
	close(ends[0]);
	world_clear(&world);
}
END_TEST

START_TEST(name_that_nobody_knows_is_told_before_the_transfer)
{
	/* Its first label is longer than a name server could be asked for. */
	static const char impossible[] =
	    "http://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaaaaaa.invalid/";
	struct extauth_error error = {0};
	struct world world = {0};

	world_make(&world);
	ck_assert_ok(http_resolve(world.http, "http://127.0.0.1/", &error));
	ck_assert_int_eq(
	    http_resolve(world.http, impossible, &error), EXTAUTH_UNAVAILABLE);
	ck_assert_ptr_nonnull(strstr(error.text, "name"));
	world_clear(&world);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    request_is_sent_and_answered,
	    password_is_not_sent_again_when_a_reused_connection_closes,
	    request_without_a_password_is_sent_again,
	    cookie_is_not_brought_back,
	    answer_is_as_long_as_its_request_allows,
	    refused_connection_is_a_failure_with_its_reason,
	    hang_up_of_the_host_ends_a_transfer,
	    name_that_nobody_knows_is_told_before_the_transfer,
	    NULL,
	};

	return unit_run("http", tests);
}
