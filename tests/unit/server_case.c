/* SPDX-License-Identifier: MIT */
#include "server_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drive.h"
#include "unit.h"

struct server_case *
server_case_make(const struct server_answer *answers)
{
	struct server_case *server = calloc(1, sizeof(*server));

	ck_assert_ptr_nonnull(server);
	server->answers = answers;
	return server;
}

void
server_case_free(struct server_case *server)
{
	free(server);
}

static void
server_note(struct server_case *server, const struct request *request)
{
	cleanup_buffer struct buffer lines = buffer_make(1 << 18);

	ck_assert_uint_lt(server->asked, SERVER_CASE_REQUESTS_MAX);
	ck_assert_ok(request_render(request, &lines));
	ck_assert_uint_lt(lines.length, SERVER_CASE_TEXT_BYTES);
	(void)snprintf(server->requests[server->asked], SERVER_CASE_TEXT_BYTES,
	    "%s", buffer_text(&lines));
	if (request->username != NULL)
		(void)snprintf(server->username, sizeof(server->username),
		    "%s:%s", request->username,
		    secret_reveal(request->password));
	server->is_ntlm = server->is_ntlm || request->is_ntlm;
	server->passwords += request->bears_password ? 1 : 0;
}

static enum extauth_err
server_perform(void *context, const struct request *request,
    struct event *ret_event, struct extauth_error *error)
{
	struct server_case *server = context;
	const struct server_answer *answer = &server->answers[server->asked];

	(void)error;
	ck_assert_msg(answer->body != NULL, "one request too many: %s",
	    buffer_text(&request->url));
	server_note(server, request);
	server->asked++;
	if (answer->status == 0) {
		(void)snprintf(ret_event->failure.reason,
		    sizeof(ret_event->failure.reason), "%s", answer->body);
		return EXTAUTH_OK;
	}
	ret_event->kind = EVENT_RESPONSE;
	ret_event->response.status = answer->status;
	ret_event->response.body = buffer_make(RESPONSE_BODY_MAX_BYTES);
	return buffer_append_text(&ret_event->response.body, answer->body);
}

static void
server_trace(void *context, const char *line)
{
	struct server_case *server = context;
	size_t used = strlen(server->trace);

	if (server->secret != NULL)
		ck_assert_ptr_null(strstr(line, server->secret));
	ck_assert_ptr_null(strstr(line, "hunter2"));
	ck_assert_ptr_null(strstr(line, "client-secret"));
	ck_assert_uint_lt(used + strlen(line) + 1, sizeof(server->trace));
	(void)snprintf(
	    server->trace + used, sizeof(server->trace) - used, "%s\n", line);
}

static struct login_outcome
server_run(struct server_case *server, const struct provider *machine,
    struct exchange_case *one, bool is_dry_run)
{
	const struct drive_hands hands = {
	    .context = server,
	    .perform = server_perform,
	    .trace = server_trace,
	    .is_dry_run = is_dry_run,
	};
	struct login_outcome outcome = {.verdict = VERDICT_ACCEPTED};

	drive_run(machine, &one->login, &hands, &outcome);
	return outcome;
}

struct login_outcome
server_case_ask(struct server_case *server, const struct provider *machine,
    struct exchange_case *one)
{
	return server_run(server, machine, one, false);
}

struct login_outcome
server_case_rehearse(struct server_case *server, const struct provider *machine,
    struct exchange_case *one)
{
	return server_run(server, machine, one, true);
}
