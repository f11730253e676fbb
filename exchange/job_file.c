/* SPDX-License-Identifier: MIT */
#include "job_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text.h"

#define CHUNK_BYTES ((size_t)256 << 10)
#define CONDITION "If-None-Match: "

static bool
job_file_mark(int fd, char mark[RESPONSE_FIELD_MAX_BYTES + 1])
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		return false;
	(void)snprintf(mark, RESPONSE_FIELD_MAX_BYTES + 1,
	    "\"%jx-%jx-%jx-%jx.%09ld\"", (uintmax_t)status.st_dev,
	    (uintmax_t)status.st_ino, (uintmax_t)status.st_size,
	    (uintmax_t)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
	return true;
}

static bool
job_file_is_known(const struct request *request, const char *mark)
{
	size_t length = strlen(CONDITION);
	size_t at;

	for (at = 0; at < request->header_count; at++) {
		const char *line = buffer_text(&request->headers[at]);

		if (strncmp(line, CONDITION, length) == 0 &&
		    strcmp(line + length, mark) == 0)
			return true;
	}
	return false;
}

static void
job_file_fail(struct event *event, const char *reason)
{
	event->kind = EVENT_FAILED;
	text_print(
	    event->failure.reason, sizeof(event->failure.reason), "%s", reason);
}

static enum extauth_err
job_file_read(int fd, struct event *event)
{
	struct buffer *body = &event->response.body;
	cleanup_free char *chunk = malloc(CHUNK_BYTES);
	enum extauth_err err = EXTAUTH_OK;
	ssize_t got = 1;

	if (chunk == NULL)
		return EXTAUTH_NOMEM;
	while (got != 0 && err == EXTAUTH_OK) {
		got = pread(fd, chunk, CHUNK_BYTES, (off_t)body->length);
		if (got > 0)
			err = buffer_append(body, chunk, (size_t)got);
		else if (got < 0 && errno != EINTR)
			break;
	}
	if (err == EXTAUTH_TOOBIG)
		job_file_fail(event, "the file is too big");
	else if (got < 0)
		job_file_fail(event, strerrordesc_np(errno));
	return err == EXTAUTH_TOOBIG ? EXTAUTH_OK : err;
}

enum extauth_err
job_file_answer(int fd, const struct request *request, struct event *ret_event)
{
	cleanup_event struct event event = {.kind = EVENT_RESPONSE};
	struct response *response = &event.response;
	char after[RESPONSE_FIELD_MAX_BYTES + 1] = "";
	enum extauth_err err = EXTAUTH_OK;

	response->body = buffer_make(request->body_max_bytes);
	response->is_framed = true;
	response->status = 200;
	if (!job_file_mark(fd, response->etag)) {
		job_file_fail(&event, strerrordesc_np(errno));
	} else if (job_file_is_known(request, response->etag)) {
		response->status = 304;
	} else {
		err = job_file_read(fd, &event);
		if (!job_file_mark(fd, after) ||
		    strcmp(after, response->etag) != 0)
			job_file_fail(
			    &event, "the file changed while it was read");
	}
	if (err != EXTAUTH_OK)
		return err;
	*ret_event = event;
	event = (struct event){0};
	return EXTAUTH_OK;
}
