/* SPDX-License-Identifier: MIT */
/* extauth-test-service: an identity service for tests and the demonstration.
 * It checks e-mail and password, writes every request down, and can answer
 * wrongly on purpose.
 * Does not know: extauth. */
#include <arpa/inet.h>
#include <err.h>
#include <getopt.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "answer.h"
#include "request.h"

struct service {
	struct sockaddr_in address;
	const char *users_path;
	const char *record_path;
	const char *control_path;
	char *certificate;
	char *key;
};

static const char usage[] =
    "usage: extauth-test-service --port N [--address A]\n"
    "    [--certificate FILE --key FILE] [--users FILE] [--record FILE]\n"
    "    [--control FILE]\n"
    "FILE of --control, if it is there, holds a path such as /status/503;\n"
    "every request is then answered as if it asked for that path.\n";

static char *
read_file(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = calloc(1, 65536);

	if (file == NULL || text == NULL)
		err(1, "%s", path);
	if (fread(text, 1, 65535, file) == 0)
		errx(1, "%s: empty", path);
	(void)fclose(file);
	return text;
}

/* The path that decides on the answer: that of the control file, else that of
 * the request. */
static void
effective_path(
    const struct service *service, const char *url, char ret_path[256])
{
	FILE *file = service->control_path == NULL
	    ? NULL
	    : fopen(service->control_path, "re");

	(void)snprintf(ret_path, 256, "%s", url);
	if (file == NULL)
		return;
	if (fgets(ret_path, 256, file) == NULL)
		(void)snprintf(ret_path, 256, "%s", url);
	ret_path[strcspn(ret_path, "\n")] = '\0';
	(void)fclose(file);
}

static void *
on_target(void *context, const char *target, struct MHD_Connection *connection)
{
	(void)context;
	(void)connection;
	return request_new(target);
}

/* Called once for the header, once for each part of the body, and once more
 * with *size 0 at its end. The library's signature has eight parameters. */
/* NOLINTNEXTLINE(readability-function-size) */
static enum MHD_Result
on_request(void *context, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *body, size_t *size,
    void **request_context)
{
	const struct service *service = context;
	struct request *request = *request_context;
	char path[256];

	(void)version;
	if (request == NULL)
		return MHD_NO;
	if (!request->has_header) {
		request->has_header = true;
		(void)snprintf(
		    request->method, sizeof(request->method), "%s", method);
		return MHD_YES;
	}
	if (*size > 0) {
		request_add_body(request, body, *size);
		*size = 0;
		return MHD_YES;
	}
	request_record(request, connection, service->record_path, true);
	effective_path(service, url, path);
	return answer_path(path, request, connection, service->users_path);
}

static void
on_end(void *context, struct MHD_Connection *connection, void **request_context,
    enum MHD_RequestTerminationCode code)
{
	const struct service *service = context;
	struct request *request = *request_context;

	(void)code;
	if (request == NULL)
		return;
	request_record(request, connection, service->record_path, false);
	request_free(request);
	*request_context = NULL;
}

static struct MHD_Daemon *
start(struct service *service)
{
	unsigned int flags = MHD_USE_THREAD_PER_CONNECTION |
	    MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ERROR_LOG;
	struct MHD_OptionItem options[] = {
	    {MHD_OPTION_SOCK_ADDR, 0, &service->address},
	    {MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)on_target, NULL},
	    {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_end, service},
	    {MHD_OPTION_END, 0, NULL},
	    {MHD_OPTION_HTTPS_MEM_CERT, 0, service->certificate},
	    {MHD_OPTION_HTTPS_MEM_KEY, 0, service->key},
	    {MHD_OPTION_END, 0, NULL},
	};

	if (service->certificate != NULL) {
		flags |= MHD_USE_TLS;
		options[3] = options[4];
		options[4] = options[5];
		options[5] = options[6];
	}
	return MHD_start_daemon(flags, ntohs(service->address.sin_port), NULL,
	    NULL, on_request, service, MHD_OPTION_ARRAY, options,
	    MHD_OPTION_END);
}

static void
read_option(struct service *service, int option, const char *value)
{
	switch (option) {
	case 'p':
		service->address.sin_port =
		    htons((uint16_t)strtoul(value, NULL, 10));
		break;
	case 'a':
		if (inet_pton(AF_INET, value, &service->address.sin_addr) != 1)
			errx(64, "%s: not an IPv4 address", value);
		break;
	case 'c':
		service->certificate = read_file(value);
		break;
	case 'k':
		service->key = read_file(value);
		break;
	case 'u':
		service->users_path = value;
		break;
	case 'r':
		service->record_path = value;
		break;
	case 'o':
		service->control_path = value;
		break;
	default:
		errx(64, "%s", usage);
	}
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
	    {"port", required_argument, NULL, 'p'},
	    {"address", required_argument, NULL, 'a'},
	    {"certificate", required_argument, NULL, 'c'},
	    {"key", required_argument, NULL, 'k'},
	    {"users", required_argument, NULL, 'u'},
	    {"record", required_argument, NULL, 'r'},
	    {"control", required_argument, NULL, 'o'}, {NULL, 0, NULL, 0}};
	struct service service = {.address = {.sin_family = AF_INET}};
	sigset_t ends;
	int option;
	int signal_number;

	service.address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		read_option(&service, option, optarg);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)sigemptyset(&ends);
	(void)sigaddset(&ends, SIGTERM);
	(void)sigaddset(&ends, SIGINT);
	/* Before the threads are made, so that they inherit the mask. */
	(void)sigprocmask(SIG_BLOCK, &ends, NULL);
	if (start(&service) == NULL)
		errx(1, "cannot listen on port %d",
		    ntohs(service.address.sin_port));
	(void)sigwait(&ends, &signal_number);
	/* Threads may sleep in a slow answer: no orderly stop. */
	_exit(0);
}
