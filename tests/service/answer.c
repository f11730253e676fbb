/* SPDX-License-Identifier: MIT */
#include "answer.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "login.h"
#include "users.h"

static const char accepted[] = "{\"status\": \"active\"}\n";
static const char refused[] = "{\"error\": {\"code\": 1001, \"message\": "
			      "\"The e-mail or the password is wrong.\"}}\n";

static enum MHD_Result
queue(struct MHD_Connection *connection, unsigned int status,
    struct MHD_Response *response)
{
	enum MHD_Result result;

	if (status >= 300 && status < 400)
		(void)MHD_add_response_header(response, "Location", "/accept");
	if (status == 429)
		(void)MHD_add_response_header(response, "Retry-After", "3");
	result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

static struct MHD_Response *
make(const char *type, const char *body, size_t length)
{
	/* The library takes a pointer to data that it copies. */
	char *bytes = strndup(body, length);
	struct MHD_Response *response = MHD_create_response_from_buffer(
	    length, bytes, MHD_RESPMEM_MUST_FREE);

	(void)MHD_add_response_header(response, "Content-Type", type);
	return response;
}

static enum MHD_Result
queue_json(
    struct MHD_Connection *connection, unsigned int status, const char *body)
{
	return queue(
	    connection, status, make("application/json", body, strlen(body)));
}

static enum MHD_Result
answer_credentials(struct MHD_Connection *connection,
    const struct credentials *credentials, const char *users_path)
{
	char status[32];
	char body[64];

	if (!users_check(
		users_path, credentials->email, credentials->password, status))
		return queue_json(connection, 401, refused);
	(void)snprintf(body, sizeof(body), "{\"status\": \"%s\"}\n", status);
	return queue_json(connection, 200, body);
}

static enum MHD_Result
answer_login(const struct request *request, struct MHD_Connection *connection,
    const char *users_path)
{
	struct credentials credentials = {0};
	enum MHD_Result result;

	if (login_read(request, connection, &credentials))
		result =
		    answer_credentials(connection, &credentials, users_path);
	else
		result = queue_json(connection, 400, refused);
	credentials_clear(&credentials);
	return result;
}

static enum MHD_Result
answer_basic(struct MHD_Connection *connection, const char *users_path)
{
	struct credentials credentials = {0};
	char status[32];
	enum MHD_Result result;

	if (login_read_basic(connection, &credentials) &&
	    users_check(
		users_path, credentials.email, credentials.password, status)) {
		result = queue_json(connection, 200, accepted);
	} else {
		struct MHD_Response *response =
		    make("application/json", refused, strlen(refused));

		result = MHD_queue_basic_auth_fail_response(
		    connection, "extauth test", response);
		MHD_destroy_response(response);
	}
	credentials_clear(&credentials);
	return result;
}

/* Gives `accepted` one byte a second. */
static ssize_t
read_slowly(void *context, uint64_t position, char *buffer, size_t space)
{
	(void)context;
	(void)space;
	if (position >= sizeof(accepted) - 1)
		return MHD_CONTENT_READER_END_OF_STREAM;
	(void)sleep(1);
	buffer[0] = accepted[position];
	return 1;
}

static enum MHD_Result
answer_slow_body(struct MHD_Connection *connection)
{
	return queue(connection, 200,
	    MHD_create_response_from_callback(
		MHD_SIZE_UNKNOWN, 1024, read_slowly, NULL, NULL));
}

/* Answers with a long JSON document: `open` repeated. */
static enum MHD_Result
answer_repeated(
    struct MHD_Connection *connection, const char *open, size_t count)
{
	size_t each = strlen(open);
	char *bytes = malloc(count * each);
	struct MHD_Response *response;

	if (bytes == NULL)
		return MHD_NO;
	for (size_t i = 0; i < count; i++)
		memcpy(bytes + i * each, open, each);
	response = MHD_create_response_from_buffer(
	    count * each, bytes, MHD_RESPMEM_MUST_FREE);
	(void)MHD_add_response_header(
	    response, "Content-Type", "application/json");
	return queue(connection, 200, response);
}

/* `said` is the status, a slash and the body. */
static enum MHD_Result
answer_said(struct MHD_Connection *connection, const char *said)
{
	char *body;
	const unsigned long status = strtoul(said, &body, 10);

	return queue_json(
	    connection, (unsigned int)status, *body == '/' ? body + 1 : body);
}

static enum MHD_Result
answer_fault(const char *path, struct MHD_Connection *connection)
{
	if (strcmp(path, "/empty") == 0)
		return queue_json(connection, 200, "");
	if (strcmp(path, "/garbage") == 0)
		return queue_json(connection, 200, "\x01\xff{\"status\": act");
	if (strcmp(path, "/html") == 0)
		return queue(connection, 200,
		    make("text/html", "<html><b>Welcome</b></html>\n", 28));
	if (strcmp(path, "/wrong-type") == 0)
		return queue(connection, 200,
		    make("text/plain", accepted, strlen(accepted)));
	if (strcmp(path, "/deep") == 0)
		return answer_repeated(connection, "[", 100000);
	if (strcmp(path, "/oversize") == 0)
		return answer_repeated(connection, "{\"status\": ", 1600000);
	if (strcmp(path, "/slow-body") == 0)
		return answer_slow_body(connection);
	if (strcmp(path, "/close-after-body") == 0)
		return MHD_NO;
	return queue_json(connection, 404, refused);
}

enum MHD_Result
answer_path(const char *path, const struct request *request,
    struct MHD_Connection *connection, const char *users_path)
{
	if (strcmp(path, "/login") == 0)
		return answer_login(request, connection, users_path);
	if (strcmp(path, "/basic") == 0)
		return answer_basic(connection, users_path);
	if (strcmp(path, "/accept") == 0 || strcmp(path, "/forgot") == 0)
		return queue_json(connection, 200, accepted);
	if (strncmp(path, "/status/", 8) == 0)
		return queue_json(connection,
		    (unsigned int)strtoul(path + 8, NULL, 10), accepted);
	if (strncmp(path, "/say/", 5) == 0)
		return answer_said(connection, path + 5);
	if (strcmp(path, "/slow-header") == 0) {
		(void)sleep(60);
		return queue_json(connection, 200, accepted);
	}
	return answer_fault(path, connection);
}
