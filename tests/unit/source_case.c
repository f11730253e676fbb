/* SPDX-License-Identifier: MIT */
#include "source_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source_fetch.h"
#include "unit.h"

#define TEXT_BYTES 3072
#define LOG_MAX_BYTES ((size_t)256 << 20)
#define STEPS_MAX 3000000
#define ORIGIN "https://dir.example.com"

static void
case_configure(struct source_case *it, const char *keys)
{
	struct extauth_error error = {0};
	char text[TEXT_BYTES];
	enum extauth_err err;

	(void)snprintf(text, sizeof(text),
	    "[extauth]\ndefault_provider = main\norganization_id = 4711\n"
	    "[provider main]\ntype = basic\nurl = https://id.example.com/\n"
	    "[source corp]\n%s",
	    keys);
	err =
	    config_parse("test.conf", text, strlen(text), &it->config, &error);
	ck_assert_msg(err == EXTAUTH_OK, "%s", error.text);
	it->run.source = config_find_source(&it->config, "corp");
	ck_assert_ptr_nonnull(it->run.source);
}

static void
case_fill_login(struct source_case *it)
{
	ck_assert_ok(secret_set(&it->client_secret, "client-secret", 13));
	ck_assert_ok(secret_set(&it->api_token, "api-token", 9));
	it->named.name = "x";
	ck_assert_ok(secret_set(&it->named.secret, "named-secret", 12));
	(void)snprintf(it->facts.device.hostname,
	    sizeof(it->facts.device.hostname), "host1");
	values_fill(
	    &it->values, &it->facts, &it->run.source->access, &it->nothing);
	ck_assert_ok(values_add_secrets(&it->values, &it->named, 1));
	it->login.provider = &it->run.source->access;
	it->login.values = &it->values.real;
	it->login.masked = &it->values.masked;
	it->login.password = &it->nothing;
	it->login.new_password = &it->nothing;
	it->login.client_secret = &it->client_secret;
	it->login.api_token = &it->api_token;
	it->login.now_s = SOURCE_CASE_NOW_S;
}

struct source_case *
source_case_make(const struct source *machine, const char *keys)
{
	struct source_case *it = calloc(1, sizeof(*it));

	ck_assert_ptr_nonnull(it);
	it->machine = machine;
	case_configure(it, keys);
	case_fill_login(it);
	it->run.config = &it->config;
	it->run.login = &it->login;
	it->run.job = &it->job;
	it->asked = buffer_make(LOG_MAX_BYTES);
	it->headers = buffer_make(TEMPLATE_OUTPUT_MAX_BYTES);
	it->told = buffer_make(LOG_MAX_BYTES);
	return it;
}

static void
case_forget(struct source_case *it)
{
	if (it->run.memory != NULL && it->machine->forget != NULL)
		it->machine->forget(it->run.memory);
	free(it->run.memory);
	it->run.memory = NULL;
	it->run.state = 0;
	source_step_clear(&it->step);
	sync_end_clear(&it->end);
	buffer_clear(&it->asked);
	buffer_clear(&it->headers);
	buffer_clear(&it->told);
	it->requests = 0;
}

void
source_case_free(struct source_case *it)
{
	case_forget(it);
	values_clear(&it->values);
	secret_clear(&it->client_secret);
	secret_clear(&it->api_token);
	secret_clear(&it->named.secret);
	config_clear(&it->config);
	free(it);
}

static void
case_check_text(const char *text)
{
	static const char *const hidden[] = {
	    "api-token", "client-secret", "named-secret", "TOKEN-"};
	size_t at;

	for (at = 0; at < sizeof(hidden) / sizeof(*hidden); at++)
		ck_assert_msg(strstr(text, hidden[at]) == NULL,
		    "%s is told: %s", hidden[at], text);
}

void
source_case_respond(struct event *ret_event, unsigned status,
    const char *headers, const char *body)
{
	struct response *response = &ret_event->response;
	const char *line = headers != NULL ? headers : "";

	ret_event->kind = EVENT_RESPONSE;
	response->status = status;
	response->body = buffer_make(SOURCE_PAGE_MAX_BYTES);
	ck_assert_ok(buffer_append_text(&response->body, body));
	while (*line != '\0') {
		size_t length = strcspn(line, "\n");

		ck_assert_ok(response_take_header(response, line, length));
		line += length + (line[length] == '\n');
	}
}

static const struct source_case_answer *
case_find(struct source_case *it, const char *url)
{
	const struct source_case_answer *answer = it->answers;
	size_t at;

	for (at = 0; answer[at].body != NULL; at++)
		if ((answer[at].stays || !it->is_used[at]) &&
		    strstr(url, answer[at].url) != NULL) {
			ck_assert_uint_lt(at, sizeof(it->is_used));
			it->is_used[at] = true;
			return &answer[at];
		}
	ck_abort_msg(
	    "no answer for %s after\n%s", url, buffer_text(&it->asked));
}

static void
case_answer(struct source_case *it, const char *url, struct event *ret_event)
{
	const struct source_case_answer *answer;

	if (it->serve != NULL) {
		it->serve(it, url, ret_event);
		return;
	}
	answer = case_find(it, url);
	if (answer->status != 0)
		source_case_respond(
		    ret_event, answer->status, answer->headers, answer->body);
	else
		(void)snprintf(ret_event->failure.reason,
		    sizeof(ret_event->failure.reason), "%s", answer->body);
}

static void
case_note_request(struct source_case *it)
{
	const struct request *request = &it->step.request.request;
	const char *url = buffer_text(&request->url);
	cleanup_buffer struct buffer lines = buffer_make(LOG_MAX_BYTES);
	size_t at;

	ck_assert_int_eq(it->step.request.kind, STEP_REQUEST);
	it->requests++;
	if (strncmp(url, ORIGIN "/", strlen(ORIGIN "/")) == 0)
		url += strlen(ORIGIN);
	ck_assert_ok(
	    buffer_append_text(&it->asked, request_method_name(request)));
	ck_assert_ok(buffer_append_text(&it->asked, " "));
	ck_assert_ok(buffer_append_text(&it->asked, url));
	if (request->has_body) {
		ck_assert_ok(buffer_append_text(&it->asked, " "));
		ck_assert_ok(buffer_append_text(
		    &it->asked, buffer_text(&request->body)));
	}
	ck_assert_ok(buffer_append_text(&it->asked, "\n"));
	buffer_clear(&it->headers);
	for (at = 0; at < request->header_count; at++) {
		ck_assert_ok(buffer_append_text(
		    &it->headers, buffer_text(&request->headers[at])));
		ck_assert_ok(buffer_append_text(&it->headers, "\n"));
	}
	ck_assert_ok(request_render(&it->step.request.masked, &lines));
	case_check_text(buffer_text(&lines));
}

static void
case_tell(struct source_case *it, const char *before, const char *text)
{
	ck_assert_ok(buffer_append_text(&it->told, before));
	ck_assert_ok(buffer_append_text(&it->told, *text != '\0' ? text : "-"));
}

static void
case_tell_some(struct source_case *it, const char *before, const char *text)
{
	if (*text != '\0')
		case_tell(it, before, text);
}

static void
case_tell_number(struct source_case *it, const char *before, uint32_t number)
{
	char text[16];

	(void)snprintf(text, sizeof(text), "%u", (unsigned)number);
	case_tell(it, before, text);
}

static void
case_note_user(struct source_case *it, const struct sync_user *user)
{
	const char *text = NULL;

	case_tell(it, "user ", user->id);
	case_tell(it, " ", user->email);
	case_tell(it, " ", user->name);
	case_tell_some(it, " gecos=", user->gecos);
	if (user->has_uid)
		case_tell_number(it, " uid=", user->uid);
	case_tell_some(it, " home=", user->home);
	case_tell_some(it, " shell=", user->shell);
	case_tell_some(it, " ", user->is_disabled ? "disabled" : "");
	case_tell_some(it, " ", user->is_gone ? "gone" : "");
	while ((text = sync_texts_next(&user->groups, text)) != NULL) {
		case_tell(it, " in=", text);
		text = sync_texts_next(&user->groups, text);
		ck_assert_ptr_nonnull(text);
		case_tell(it, "/", text);
	}
	ck_assert_ok(buffer_append_text(&it->told, "\n"));
}

static void
case_note_group(struct source_case *it, const struct sync_group *group)
{
	const char *text = NULL;

	case_tell(it, "group ", group->id);
	case_tell(it, " ", group->name);
	if (group->has_gid)
		case_tell_number(it, " gid=", group->gid);
	while ((text = sync_texts_next(&group->members, text)) != NULL)
		case_tell(it, " has=", text);
	ck_assert_ok(buffer_append_text(&it->told, "\n"));
}

/* Carries a step out; `*ret_event` is written for a request alone. */
static void
case_carry_out(struct source_case *it, struct event *ret_event)
{
	struct source_step *step = &it->step;

	switch (step->kind) {
	case SOURCE_END:
		break;
	case SOURCE_REQUEST:
		case_note_request(it);
		ret_event->kind = EVENT_FAILED;
		case_answer(
		    it, buffer_text(&step->request.request.url), ret_event);
		break;
	case SOURCE_WAIT:
		ck_assert_ok(buffer_append_format(
		    &it->asked, "wait %u\n", (unsigned)step->request.wait_ms));
		it->login.now_s += step->request.wait_ms / 1000;
		break;
	case SOURCE_TOTAL:
		case_tell_number(it, "total ", step->total);
		ck_assert_ok(buffer_append_text(&it->told, "\n"));
		break;
	case SOURCE_USER:
		case_note_user(it, step->user);
		break;
	case SOURCE_GROUP:
		case_note_group(it, step->group);
		break;
	}
}

/* As the program does. */
static void
case_fail(struct source_case *it, enum extauth_err err)
{
	struct login_outcome outcome = {0};

	source_step_clear(&it->step);
	machine_outcome_from_error(err, &it->error, &outcome);
	source_step_fail(&it->step, outcome.verdict == VERDICT_MISCONFIGURED, 0,
	    outcome.reason);
}

static void
case_begin(struct source_case *it)
{
	case_forget(it);
	memset(it->is_used, 0, sizeof(it->is_used));
	it->error = (struct extauth_error){0};
	if (it->machine->memory_bytes > 0) {
		it->run.memory = calloc(1, it->machine->memory_bytes);
		ck_assert_ptr_nonnull(it->run.memory);
	}
}

void
source_case_run(
    struct source_case *it, const struct source_case_answer *answers)
{
	static const struct event waited = {.kind = EVENT_WAITED};
	struct event page = {0}; /* lent until the next request */
	enum extauth_err err;
	unsigned steps = 0;

	it->answers = answers;
	case_begin(it);
	err = it->machine->start(&it->run, &it->step, &it->error);
	while (err == EXTAUTH_OK && it->step.kind != SOURCE_END) {
		bool is_request = it->step.kind == SOURCE_REQUEST;

		ck_assert_msg(steps++ < STEPS_MAX, "it does not end");
		if (is_request)
			event_clear(&page);
		case_carry_out(it, &page);
		source_step_clear(&it->step);
		err = it->machine->next(&it->run, is_request ? &page : &waited,
		    &it->step, &it->error);
	}
	event_clear(&page);
	if (err != EXTAUTH_OK)
		case_fail(it, err);
	it->end = it->step.end;
	it->step.end = (struct sync_end){0};
	case_check_text(it->end.reason);
	case_check_text(buffer_text(&it->told));
}

void
source_case_expect_end(
    const struct source_case *it, enum sync_end_kind kind, const char *reason)
{
	ck_assert_msg(
	    it->end.kind == kind && strstr(it->end.reason, reason) != NULL,
	    "%d: %s, and not %d: %s after\n%s", (int)it->end.kind,
	    it->end.reason, (int)kind, reason, buffer_text(&it->asked));
}

void
source_case_expect_told(const struct source_case *it, const char *told)
{
	ck_assert_str_eq(buffer_text(&it->told), told);
}

void
source_case_expect_asked(const struct source_case *it, const char *asked)
{
	ck_assert_str_eq(buffer_text(&it->asked), asked);
}
