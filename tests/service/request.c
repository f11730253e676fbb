/* SPDX-License-Identifier: MIT */
#include "request.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct request *
request_new(const char *target)
{
	struct request *request = calloc(1, sizeof(*request));

	if (request == NULL)
		return NULL;
	request->target = strdup(target);
	request->body_stream =
	    open_memstream(&request->body, &request->body_length);
	if (request->target == NULL || request->body_stream == NULL) {
		request_free(request);
		return NULL;
	}
	return request;
}

void
request_add_body(struct request *request, const char *bytes, size_t count)
{
	(void)fwrite(bytes, 1, count, request->body_stream);
}

void
request_free(struct request *request)
{
	if (request == NULL)
		return;
	if (request->body_stream != NULL)
		(void)fclose(request->body_stream);
	free(request->body);
	free(request->target);
	free(request);
}

static void
write_hex(FILE *out, const char *bytes, size_t count)
{
	(void)fputc('"', out);
	for (size_t i = 0; i < count; i++)
		(void)fprintf(out, "%02x", (unsigned char)bytes[i]);
	(void)fputc('"', out);
}

static enum MHD_Result
write_header(
    void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
	FILE *out = context;

	(void)kind;
	(void)fprintf(out, "[\"%s\", ", name);
	write_hex(out, value, value == NULL ? 0 : strlen(value));
	(void)fputs("], ", out);
	return MHD_YES;
}

static int
client_port(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *client = MHD_get_connection_info(
	    connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	struct sockaddr_in address;

	if (client == NULL)
		return 0;
	memcpy(&address, client->client_addr, sizeof(address));
	return ntohs(address.sin_port);
}

void
request_record(struct request *request, struct MHD_Connection *connection,
    const char *path, bool is_complete)
{
	char *line = NULL;
	size_t length = 0;
	FILE *out;
	int fd;

	if (path == NULL || request->is_recorded)
		return;
	request->is_recorded = true;
	(void)fflush(request->body_stream);
	out = open_memstream(&line, &length);
	(void)fprintf(out, "{\"method\": \"%s\", \"port\": %d, ",
	    request->method, client_port(connection));
	(void)fprintf(
	    out, "\"complete\": %s, ", is_complete ? "true" : "false");
	(void)fputs("\"target\": ", out);
	write_hex(out, request->target, strlen(request->target));
	(void)fputs(", \"headers\": [", out);
	(void)MHD_get_connection_values(
	    connection, MHD_HEADER_KIND, write_header, out);
	(void)fputs("[\"\", \"\"]], \"body\": ", out);
	write_hex(out, request->body, request->body_length);
	(void)fputs("}\n", out);
	(void)fclose(out);
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (fd >= 0 && write(fd, line, length) != (ssize_t)length)
		perror(path);
	if (fd >= 0)
		(void)close(fd);
	free(line);
}
