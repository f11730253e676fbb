/* SPDX-License-Identifier: MIT */
/* Fuzz target of HTTP answers, through the worker's own client and libcurl, and
 * of the verdict of type rest on them. An input is a byte of flags, two bytes
 * for where an answer is cut in two, and then answers as they go over the wire,
 * each ended by a byte 0x1e.
 * Does not know: TLS, the worker's process. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "fuzz_answer.h"
#include "fuzz_exchange.h"
#include "fuzz_server.h"
#include "fuzz_target.h"
#include "http.h"
#include "provider.h"
#include "strict.h"

#define FLAG_BEFORE 1 /* a request without the password comes first */
#define DEADLINE_MS 20000

/* What lives as long as the program. */
struct world {
	struct fuzz_server server;
	struct config config;
	const struct config_provider *provider;
	const struct provider *machine;
	struct template before;
	struct login_facts facts;
	struct values values;
	struct secret password;
	struct secret none;
};

static struct world *
world_make(void)
{
	struct world *world = calloc(1, sizeof(*world));
	struct extauth_error error = {{0}};
	char text[512];
	char url[64];

	fuzz_require(world != NULL, "memory");
	fuzz_server_open(&world->server);
	world->server.secret = FUZZ_PASSWORD;
	(void)snprintf(url, sizeof(url),
	    "http://127.0.0.1:%u/before?u={{USEREMAIL}}", world->server.port);
	(void)snprintf(text, sizeof(text),
	    "[extauth]\ndefault_provider = main\n[provider main]\n"
	    "type = rest\nurl = http://127.0.0.1:%u/login\n"
	    "insecure_http = yes\naccept_if = /status == \"active\"\n"
	    "reject_message = /message\n",
	    world->server.port);
	fuzz_require(config_parse("fuzz", text, strlen(text), &world->config,
			 &error) == EXTAUTH_OK,
	    error.text);
	world->provider = config_find_provider(&world->config, "main");
	world->machine = provider_find(world->provider, FRAME_LOGIN);
	fuzz_require(template_parse(TEMPLATE_URL, url, &world->before,
			 &error) == EXTAUTH_OK,
	    error.text);
	(void)snprintf(
	    world->facts.email, sizeof(world->facts.email), "%s", FUZZ_EMAIL);
	fuzz_require(secret_set(&world->password, FUZZ_PASSWORD,
			 strlen(FUZZ_PASSWORD)) == EXTAUTH_OK,
	    "memory");
	values_fill(
	    &world->values, &world->facts, world->provider, &world->password);
	return world;
}

/* What every reader takes alike is an answer, and that one. */
static void
check_event(const struct event *event, const char *bytes, size_t length)
{
	const struct response *response = &event->response;
	struct fuzz_answer plain;
	bool is_plain = fuzz_answer_read(bytes, length, &plain);

	if (event->kind == EVENT_FAILED) {
		fuzz_require(event->failure.reason[0] != '\0' &&
			fuzz_is_shown(event->failure.reason),
		    "a failure without a reason");
		fuzz_require(!is_plain, "an answer is lost");
		return;
	}
	fuzz_require(event->kind == EVENT_RESPONSE, "something else happens");
	fuzz_require(response->status <= 999, "a status that is none");
	fuzz_require(response->body.length <= RESPONSE_BODY_MAX_BYTES,
	    "a body that is too big");
	fuzz_require(fuzz_is_shown(response->content_type) &&
		fuzz_is_shown(response->retry_after) &&
		fuzz_is_shown(response->date) &&
		fuzz_is_shown(response->etag) &&
		fuzz_is_shown(response->last_modified),
	    "a field that cannot be shown");
	if (!is_plain)
		return;
	fuzz_require(response->status == plain.status &&
		response->body.length == plain.body_length &&
		memcmp(buffer_text(&response->body), plain.body,
		    plain.body_length) == 0 &&
		response->is_framed,
	    "another answer is read");
}

static void
check_outcome(const struct step *step, const struct event *event)
{
	const struct login_outcome *outcome = &step->outcome;
	const struct buffer *body = &event->response.body;

	fuzz_require(step->kind == STEP_VERDICT, "no verdict");
	fuzz_require(fuzz_is_shown(outcome->reason), "a reason for no log");
	fuzz_require(event->kind != EVENT_FAILED ||
		outcome->verdict == VERDICT_UNAVAILABLE,
	    "a verdict without an answer");
	if (outcome->verdict != VERDICT_ACCEPTED)
		return;
	fuzz_require(event->response.status == 200, "a grant by that status");
	fuzz_require(strict_read(buffer_text(body), body->length).is_json &&
		(strstr(buffer_text(body), "active") != NULL ||
		    strstr(buffer_text(body), "\\u") != NULL),
	    "a grant without its condition");
}

static void
perform(
    struct http *http, const struct request *request, struct event *ret_event)
{
	struct extauth_error error = {{0}};
	enum extauth_err err = http_perform(
	    http, request, frame_clock_ms() + DEADLINE_MS, ret_event, &error);

	fuzz_require(err == EXTAUTH_OK, "a transfer that cannot be");
}

static void
ask_before(const struct world *world, struct http *http)
{
	cleanup_request struct request request = {0};
	cleanup_event struct event event = {0};
	struct extauth_error error = {{0}};

	fuzz_require(request_build_get(&world->before, &world->values.real,
			 &request, &error) == EXTAUTH_OK,
	    error.text);
	perform(http, &request, &event);
}

static void
log_in(const struct world *world, struct http *http, unsigned number)
{
	cleanup_free void *memory = calloc(1, world->machine->memory_bytes + 1);
	cleanup_step struct step step = {0};
	cleanup_step struct step verdict = {0};
	cleanup_event struct event event = {0};
	struct extauth_error error = {{0}};
	struct login login = {
	    .provider = world->provider,
	    .values = &world->values.real,
	    .masked = &world->values.masked,
	    .password = &world->password,
	    .new_password = &world->none,
	    .client_secret = &world->none,
	    .api_token = &world->none,
	    .now_s = FUZZ_NOW_S,
	    .memory = memory,
	};

	fuzz_require(memory != NULL &&
		world->machine->start(&login, &step, &error) == EXTAUTH_OK &&
		step.kind == STEP_REQUEST && step.request.bears_password,
	    "a request");
	perform(http, &step.request, &event);
	if (number == 0)
		check_event(&event, world->server.answers[0].bytes,
		    world->server.answers[0].length);
	if (world->machine->next(&login, &event, &verdict, &error) ==
	    EXTAUTH_OK)
		check_outcome(&verdict, &event);
	if (world->machine->forget != NULL)
		world->machine->forget(memory);
}

static void
take_answers(struct fuzz_server *server, struct fuzz_input *input)
{
	server->answer_count = 0;
	do {
		size_t number = server->answer_count++;

		server->answers[number].bytes =
		    fuzz_next_text(input, &server->answers[number].length);
	} while (input->next < input->end &&
	    server->answer_count < FUZZ_ANSWERS_MAX);
}

void
fuzz_http(const uint8_t *bytes, size_t length)
{
	static struct world *world;
	struct http_settings settings = {.hangup_fd = -1};
	struct fuzz_input input = fuzz_begin(bytes, length);
	uint8_t flags = fuzz_next_byte(&input);
	struct extauth_error error = {{0}};
	struct http *http = NULL;

	if (world == NULL)
		world = world_make();
	settings.provider = world->provider;
	settings.client_certificate = &world->none;
	settings.client_key = &world->none;
	world->server.split = fuzz_next_byte(&input);
	world->server.split |= (size_t)fuzz_next_byte(&input) << 8;
	take_answers(&world->server, &input);
	fuzz_server_start(&world->server);
	fuzz_require(
	    http_open(&settings, &http, &error) == EXTAUTH_OK, error.text);
	if ((flags & FLAG_BEFORE) != 0)
		ask_before(world, http);
	log_in(world, http, flags & FLAG_BEFORE);
	http_close(http);
	fuzz_server_stop(&world->server);
	fuzz_require(world->server.secrets <= 1, "the password is sent again");
}
