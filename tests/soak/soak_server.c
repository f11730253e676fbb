/* SPDX-License-Identifier: MIT */
/* The identity service of the soak: it judges a password by the canary in it,
 * sees whether all that came with it belongs to the same login, and writes down
 * `E-MAIL PASSWORD` of each request, or a line that begins with `crossed`.
 * Does not know: extauth.
 *
 * usage: soak_server PORT CERTIFICATE KEY USERS RECORD */
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <microhttpd.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "soak.h"

#define BODY_BYTES 1024
#define FILE_BYTES 16384
#define CONNECTIONS 1024U

struct soak_service {
	unsigned users;
	int record_fd;
};

struct soak_request {
	char body[BODY_BYTES];
	size_t length;
};

/* What a body says; the texts are lent by `whole`. */
struct soak_login {
	struct json_object *whole;
	const char *email;
	const char *password;
	unsigned user;
	unsigned owner;
	unsigned number;
	unsigned wait_ms;
	char act;
};

static const char *
text_of(const struct json_object *whole, const char *name)
{
	struct json_object *member = NULL;

	if (!json_object_object_get_ex(whole, name, &member))
		return "";
	return json_object_get_string(member);
}

static bool
says(const struct soak_login *login, const char *name, const char *expected)
{
	return strcmp(text_of(login->whole, name), expected) == 0;
}

/* Whether everything in the request belongs to one user and one login. */
static bool
is_of_one_login(const struct soak_login *login)
{
	char email[SOAK_TEXT_BYTES];
	char name[SOAK_TEXT_BYTES];
	char id[SOAK_TEXT_BYTES];
	char place[SOAK_TEXT_BYTES];

	(void)snprintf(email, sizeof(email), SOAK_EMAIL, login->user);
	(void)snprintf(name, sizeof(name), SOAK_NAME, login->user);
	(void)snprintf(id, sizeof(id), SOAK_ID, login->user);
	(void)snprintf(
	    place, sizeof(place), SOAK_PLACE, login->user, login->number);
	return says(login, "email", email) && says(login, "name", name) &&
	    says(login, "id", id) && says(login, "place", place);
}

static bool
read_login(const struct soak_request *request, struct soak_login *login)
{
	login->whole = json_tokener_parse(request->body);
	if (login->whole == NULL)
		return false;
	login->email = text_of(login->whole, "email");
	login->password = text_of(login->whole, "password");
	return sscanf(login->email, "soak%u@", &login->user) == 1 &&
	    sscanf(login->password, SOAK_PASSWORD, &login->owner,
		&login->number, &login->act, &login->wait_ms) == 4;
}

static void
write_down(const struct soak_service *service, const char *text)
{
	const size_t length = strlen(text);

	if (write(service->record_fd, text, length) != (ssize_t)length)
		err(1, "the record");
}

static enum MHD_Result
answer(struct MHD_Connection *connection, unsigned status, const char *body)
{
	char *bytes = strdup(body);
	struct MHD_Response *response = MHD_create_response_from_buffer(
	    strlen(body), bytes, MHD_RESPMEM_MUST_FREE);
	enum MHD_Result result;

	(void)MHD_add_response_header(
	    response, "Content-Type", "application/json");
	result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result
judge(const struct soak_service *service, const struct soak_login *login,
    struct MHD_Connection *connection)
{
	const bool is_right =
	    login->act == SOAK_RIGHT && login->owner == login->user;
	const struct timespec pause = {.tv_sec = login->wait_ms / 1000,
	    .tv_nsec = (long)(login->wait_ms % 1000) * 1000000};
	const unsigned about = login->act == SOAK_SWAPPED
	    ? (login->user + 1) % service->users
	    : login->user;
	char body[256];

	(void)nanosleep(&pause, NULL);
	if (is_right || login->act == SOAK_SWAPPED) {
		(void)snprintf(body, sizeof(body),
		    "{\"status\": \"active\", \"email\": \"" SOAK_EMAIL
		    "\", \"id\": \"" SOAK_ID "\", " SOAK_LIES "}\n",
		    about, about);
		return answer(connection, 200, body);
	}
	(void)snprintf(body, sizeof(body),
	    "{\"error\": {\"message\": \"" SOAK_NOTE "\"}}\n", login->user,
	    login->number);
	return answer(connection, 401, body);
}

static enum MHD_Result
take(const struct soak_service *service, const struct soak_request *request,
    struct MHD_Connection *connection)
{
	struct soak_login login = {0};
	char line[BODY_BYTES + SOAK_TEXT_BYTES];
	enum MHD_Result result;

	if (!read_login(request, &login) || !is_of_one_login(&login)) {
		(void)snprintf(
		    line, sizeof(line), "crossed %s\n", request->body);
		write_down(service, line);
		result = answer(connection, 500, "{}\n");
	} else {
		(void)snprintf(
		    line, sizeof(line), "%s %s\n", login.email, login.password);
		write_down(service, line);
		result = judge(service, &login, connection);
	}
	(void)json_object_put(login.whole);
	return result;
}

/* Called once for the header, once for each part of the body, and once more
 * with *size 0 at its end. The library's signature has eight parameters. */
/* NOLINTNEXTLINE(readability-function-size) */
static enum MHD_Result
on_request(void *context, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *body, size_t *size,
    void **request_context)
{
	struct soak_request *request = *request_context;

	(void)url;
	(void)method;
	(void)version;
	if (request == NULL) {
		*request_context = calloc(1, sizeof(*request));
		return *request_context == NULL ? MHD_NO : MHD_YES;
	}
	if (*size == 0)
		return take(context, request, connection);
	if (*size >= sizeof(request->body) - request->length)
		return MHD_NO;
	memcpy(request->body + request->length, body, *size);
	request->length += *size;
	*size = 0;
	return MHD_YES;
}

static void
on_end(void *context, struct MHD_Connection *connection, void **request_context,
    enum MHD_RequestTerminationCode code)
{
	(void)context;
	(void)connection;
	(void)code;
	free(*request_context);
	*request_context = NULL;
}

static char *
read_file(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = calloc(1, FILE_BYTES);

	if (file == NULL || text == NULL ||
	    fread(text, 1, FILE_BYTES - 1, file) == 0)
		err(1, "%s", path);
	(void)fclose(file);
	return text;
}

static struct MHD_Daemon *
start(struct soak_service *service, char **arguments)
{
	const struct sockaddr_in address = {.sin_family = AF_INET,
	    .sin_port = htons((uint16_t)strtoul(arguments[1], NULL, 10)),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	return MHD_start_daemon(MHD_USE_THREAD_PER_CONNECTION |
		MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ERROR_LOG |
		MHD_USE_TLS,
	    0, NULL, NULL, on_request, service, MHD_OPTION_SOCK_ADDR, &address,
	    MHD_OPTION_HTTPS_MEM_CERT, read_file(arguments[2]),
	    MHD_OPTION_HTTPS_MEM_KEY, read_file(arguments[3]),
	    MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS,
	    MHD_OPTION_LISTEN_BACKLOG_SIZE, CONNECTIONS,
	    MHD_OPTION_NOTIFY_COMPLETED, on_end, service, MHD_OPTION_END);
}

int
main(int argc, char **argv)
{
	struct soak_service service = {0};
	sigset_t ends;
	int signal_number;

	if (argc != 6)
		return 64;
	service.users = (unsigned)strtoul(argv[4], NULL, 10);
	service.record_fd =
	    open(argv[5], O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (service.users == 0 || service.record_fd < 0)
		err(1, "%s", argv[5]);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)sigemptyset(&ends);
	(void)sigaddset(&ends, SIGTERM);
	/* Before the threads are made, so that they inherit the mask. */
	(void)sigprocmask(SIG_BLOCK, &ends, NULL);
	if (start(&service, argv) == NULL)
		errx(1, "cannot listen on port %s", argv[1]);
	(void)sigwait(&ends, &signal_number);
	_exit(0);
}
