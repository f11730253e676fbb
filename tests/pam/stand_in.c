/* SPDX-License-Identifier: MIT */
/* Stands in for extauth-exchange where the real one cannot be brought to it by
 * any answer of a server, since the types rest and basic neither ask nor tell:
 * prompts, informs, DENIED_BY_POLICY, and a worker that dies or hangs. All else
 * is tested through the real worker and the real test service.
 * Says what the script tells, line by line: prompt TEXT, ask TEXT, inform TEXT,
 * wait MS, http N, reason TEXT, message TEXT, token TEXT, verdict NAME, die,
 * hang; writes down what it was given and what is answered. Without a script it
 * rejects.
 * Does not know: HTTP. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "login.h"
#include "place.h"

#define DIALOG_FD 3
#define FAR_MS 30000

struct scene {
	struct login_facts facts;
	struct login_outcome outcome;
	struct secret password;
	struct secret new_password;
	struct buffer pending;
	char nonce[FRAME_NONCE_BYTES];
	FILE *record;
};

static struct frame
hear(struct scene *scene)
{
	struct frame frame = {0};

	if (frame_receive(DIALOG_FD, &scene->pending, frame_clock_ms() + FAR_MS,
		&frame) != EXTAUTH_OK)
		_exit(1);
	return frame;
}

static void
say(struct frame *frame)
{
	if (frame_send(DIALOG_FD, frame, frame_clock_ms() + FAR_MS) !=
	    EXTAUTH_OK)
		_exit(1);
	frame_clear(frame);
}

static void
say_text(enum frame_type type, const char *text, uint32_t echo)
{
	struct frame frame = frame_make(type);

	if (frame_add_text(&frame, TAG_TEXT, text) != EXTAUTH_OK ||
	    frame_add_number(&frame, TAG_ECHO, echo) != EXTAUTH_OK)
		_exit(1);
	say(&frame);
}

static void
ask(struct scene *scene, const char *text, uint32_t echo)
{
	struct frame frame;
	char answer[256];

	say_text(FRAME_PROMPT, text, echo);
	frame = hear(scene);
	if (frame_get_text(&frame, TAG_TEXT, answer, sizeof(answer)) !=
	    EXTAUTH_OK)
		_exit(1);
	(void)fprintf(scene->record, "answer=%s\n", answer);
	frame_clear(&frame);
}

static void
decide(struct scene *scene, const char *name)
{
	struct frame frame;
	unsigned number;

	for (number = 0; number <= VERDICT_MISCONFIGURED; number++) {
		scene->outcome.verdict = (enum verdict)number;
		if (strcmp(verdict_name(scene->outcome.verdict), name) == 0)
			break;
	}
	if (number > VERDICT_MISCONFIGURED ||
	    login_outcome_to_frame(&scene->outcome, scene->nonce, &frame) !=
		EXTAUTH_OK)
		_exit(1);
	say(&frame);
	(void)fclose(scene->record);
	_exit(0);
}

static void
say_waiting(uint32_t flags)
{
	struct frame frame = frame_make(FRAME_WAITING);

	if (frame_add_number(&frame, TAG_FLAGS, flags) != EXTAUTH_OK)
		_exit(1);
	say(&frame);
}

static void
wait_for_person(const char *value)
{
	say_waiting(1);
	usleep((useconds_t)strtoul(value, NULL, 10) * 1000);
	say_waiting(0);
}

static void
keep(char *text, const char *value)
{
	(void)snprintf(text, LOGIN_MESSAGE_MAX_BYTES + 1, "%s", value);
}

static void
keep_token(struct scene *scene, const char *value)
{
	if (secret_set(&scene->outcome.token, value, strlen(value)) !=
	    EXTAUTH_OK)
		_exit(1);
}

static void
write_down(struct scene *scene, enum frame_type type)
{
	(void)fprintf(scene->record,
	    "job=%d provider=%s flags=%u password=%s new=%s\n", (int)type,
	    scene->facts.provider, scene->facts.flags,
	    secret_reveal(&scene->password),
	    secret_reveal(&scene->new_password));
}

static void
play(struct scene *scene, const char *verb, const char *value)
{
	if (strcmp(verb, "prompt") == 0)
		ask(scene, value, 0);
	else if (strcmp(verb, "ask") == 0)
		ask(scene, value, 1);
	else if (strcmp(verb, "inform") == 0)
		say_text(FRAME_INFORM, value, 0);
	else if (strcmp(verb, "wait") == 0)
		wait_for_person(value);
	else if (strcmp(verb, "message") == 0)
		keep(scene->outcome.message, value);
	else if (strcmp(verb, "token") == 0)
		keep_token(scene, value);
	else if (strcmp(verb, "http") == 0)
		scene->outcome.http_status = (uint32_t)strtoul(value, NULL, 10);
	else if (strcmp(verb, "reason") == 0)
		keep(scene->outcome.reason, value);
	else if (strcmp(verb, "verdict") == 0)
		decide(scene, value);
	else if (strcmp(verb, "hang") == 0)
		(void)pause();
	else
		_exit(1);
}

int
main(void)
{
	static struct scene scene;
	FILE *script = fopen(PLACE_SCRIPT, "re");
	struct frame frame;
	char line[512];

	scene.pending = buffer_make((size_t)FRAME_MAX_BYTES * 2);
	scene.record = fopen(PLACE_RECORD, "ae");
	frame = hear(&scene);
	if (scene.record == NULL ||
	    login_from_frame(&frame, &scene.facts, scene.nonce, &scene.password,
		&scene.new_password) != EXTAUTH_OK)
		return 1;
	setlinebuf(scene.record);
	write_down(&scene, frame.type);
	while (script != NULL && fgets(line, sizeof(line), script) != NULL) {
		char *value = line + strcspn(line, " \n");

		line[strcspn(line, "\n")] = '\0';
		if (*value != '\0')
			*value++ = '\0';
		play(&scene, line, value);
	}
	decide(&scene, "rejected");
}
