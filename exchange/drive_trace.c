/* SPDX-License-Identifier: MIT */
#include "drive_trace.h"

#include <string.h>

#include "text.h"

#define LINE_BYTES 256
#define TRACE_MAX_BYTES ((size_t)4 * TEMPLATE_OUTPUT_MAX_BYTES)

static void
drive_trace_lines(const struct drive_trace *trace, const char *text)
{
	while (*text != '\0') {
		size_t length = strcspn(text, "\n");
		cleanup_free char *line = strndup(text, length);

		if (line == NULL)
			return;
		text_copy_printable(line, length + 1, line, length);
		trace->line(trace->context, line);
		text += text[length] == '\n' ? length + 1 : length;
	}
}

void
drive_trace_request(
    const struct drive_trace *trace, const struct request *masked)
{
	cleanup_buffer struct buffer lines = buffer_make(TRACE_MAX_BYTES);

	if (trace->line == NULL)
		return;
	if (request_render(masked, &lines) == EXTAUTH_OK)
		drive_trace_lines(trace, buffer_text(&lines));
	else
		trace->line(trace->context, "the request is too long to show");
}

static void
drive_trace_response(
    const struct drive_trace *trace, const struct response *response)
{
	const struct response_times *times = &response->times;
	char line[LINE_BYTES];

	text_print(line, sizeof(line), "status %u", response->status);
	trace->line(trace->context, line);
	text_print(line, sizeof(line), "answer %s, %zu bytes",
	    response->content_type[0] != '\0' ? response->content_type
					      : "of no type",
	    response->body.length);
	trace->line(trace->context, line);
	text_print(line, sizeof(line),
	    "times in ms: name %.1f, connect %.1f, tls %.1f, wait %.1f, "
	    "total %.1f",
	    (double)times->name_us / 1000, (double)times->connect_us / 1000,
	    (double)times->tls_us / 1000, (double)times->wait_us / 1000,
	    (double)times->total_us / 1000);
	trace->line(trace->context, line);
}

static void
drive_trace_failure(
    const struct drive_trace *trace, const struct failure *failure)
{
	char line[LINE_BYTES];

	text_print(line, sizeof(line), "no answer: %s%s%s", failure->reason,
	    failure->tls[0] != '\0' ? ", " : "", failure->tls);
	trace->line(trace->context, line);
}

void
drive_trace_event(const struct drive_trace *trace, const struct event *event)
{
	if (trace->line == NULL)
		return;
	if (event->kind == EVENT_RESPONSE)
		drive_trace_response(trace, &event->response);
	else
		drive_trace_failure(trace, &event->failure);
}
