/* SPDX-License-Identifier: MIT */
#include "hostile_host.h"

#include <security/pam_appl.h>

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "frame_judge.h"
#include "host_state.h"
#include "paths.h"
#include "place.h"

#define SERVICES "/run/pam-test/services"
#define DEADLINE_MS 1000
#define GENERAL                                                                \
	"[extauth]\ndefault_provider = main\nfailure_delay = 0ms\n"            \
	"max_failures = 0\nlogin_deadline = 1s\nperson_deadline = 1s\n"        \
	"explain_refusals = yes\n"                                             \
	"[provider main]\n"

static const struct way {
	const char *service;
	const char *config;
	const char *provider;
	int (*call)(pam_handle_t *, int);
} ways[] = {
    {"plain", "/etc/extauth/plain.conf",
	"type = rest\nurl = https://id.example.com/login\n", pam_authenticate},
    {"token", "/etc/extauth/token.conf",
	"type = oauth2\nclient_id = host\n"
	"token_url = https://id.example.com/token\n"
	"userinfo_url = https://id.example.com/userinfo\n"
	"export_token = ID_TOKEN\n",
	pam_authenticate},
    {"change", "/etc/extauth/change.conf",
	"type = okta\nurl = https://id.example.com\n", pam_chauthtok},
};

/* One case under way. */
struct scene {
	const struct way *way;
	uint32_t number;
	unsigned prompts;
	bool is_unshowable;
	int code;
	int64_t ms;
	const char *change; /* of the host's state */
};

static void
write_way(const struct way *way)
{
	char path[128];
	char text[512];

	place_write(way->config, GENERAL, 0644);
	place_append(way->config, way->provider);
	(void)snprintf(path, sizeof(path), SERVICES "/%s", way->service);
	(void)snprintf(text, sizeof(text),
	    "auth required %s config=%s\npassword required %s config=%s\n",
	    PAM_MODULE, way->config, PAM_MODULE, way->config);
	place_write(path, text, 0644);
}

void
hostile_host_prepare(void)
{
	size_t at;

	place_make();
	place_reset();
	place_check(mkdir(SERVICES, 0755) == 0, SERVICES);
	for (at = 0; at < sizeof(ways) / sizeof(ways[0]); at++)
		write_way(&ways[at]);
	place_install_worker(HOSTILE_WORKER);
}

static char *
answer(struct scene *scene)
{
	char text[64];

	if (scene->prompts++ > 0 && scene->way->call == pam_authenticate)
		return strdup("123456");
	(void)snprintf(text, sizeof(text), "%s %u",
	    scene->prompts == 1 ? "secret" : "other", scene->number);
	return strdup(text);
}

static int
converse(int count, const struct pam_message **messages,
    struct pam_response **ret_responses, void *context)
{
	struct pam_response *responses =
	    calloc((size_t)count, sizeof(*responses));
	struct scene *scene = context;
	int at;

	if (responses == NULL)
		return PAM_BUF_ERR;
	for (at = 0; at < count; at++) {
		const int style = messages[at]->msg_style;

		if (!frame_judge_is_showable(messages[at]->msg))
			scene->is_unshowable = true;
		if (style == PAM_PROMPT_ECHO_OFF || style == PAM_PROMPT_ECHO_ON)
			responses[at].resp = answer(scene);
	}
	*ret_responses = responses;
	return PAM_SUCCESS;
}

static void
play(struct scene *scene)
{
	static struct host_state before;
	static struct host_state after;
	const struct pam_conv conversation = {converse, scene};
	const int64_t start_ms = frame_clock_ms();
	pam_handle_t *pamh = NULL;
	const char *token;

	place_check(pam_start_confdir(scene->way->service, "alice",
			&conversation, SERVICES, &pamh) == PAM_SUCCESS,
	    "pam_start_confdir");
	host_state_read(&before);
	scene->code = scene->way->call(pamh, 0);
	host_state_read(&after);
	scene->change = host_state_change(&before, &after);
	scene->ms = frame_clock_ms() - start_ms;
	token = pam_getenv(pamh, "ID_TOKEN");
	if (token != NULL &&
	    (scene->code != PAM_SUCCESS || !frame_judge_is_showable(token) ||
		strchr(token, '\n') != NULL))
		scene->is_unshowable = true;
	(void)pam_end(pamh, scene->code);
}

__attribute__((format(printf, 3, 4))) static void
complain(
    struct hostile_tally *tally, unsigned *counter, const char *format, ...)
{
	va_list arguments;

	(*counter)++;
	if (tally->first[0] != '\0')
		return;
	va_start(arguments, format);
	(void)vsnprintf(tally->first, sizeof(tally->first), format, arguments);
	va_end(arguments);
}

static void
judge_grant(const struct scene *scene, const struct hostile_slot *slot,
    struct hostile_tally *tally)
{
	const struct frame_dialog dialog = {
	    .bytes = slot->sent,
	    .length = slot->sent_length,
	    .nonce = slot->has_nonce ? slot->nonce : NULL,
	    .is_change = scene->way->call == pam_chauthtok,
	};
	const bool may_grant = frame_judge_may_grant(&dialog);
	const bool is_granted = scene->code == PAM_SUCCESS;

	if (is_granted && !may_grant)
		complain(tally, &tally->wrong_grants, "case %u (%s) is granted",
		    scene->number, scene->way->service);
	else if (is_granted)
		tally->grants++;
	else if (may_grant && scene->ms >= DEADLINE_MS)
		tally->late++;
	else if (may_grant && !slot->may_fail)
		complain(tally, &tally->missed_grants,
		    "case %u (%s) is refused: %d", scene->number,
		    scene->way->service, scene->code);
}

static void
judge(const struct scene *scene, const struct hostile_slot *slot,
    struct hostile_tally *tally)
{
	tally->cases++;
	judge_grant(scene, slot, tally);
	if (scene->change != NULL)
		complain(tally, &tally->state_changes, "case %u changed: %s",
		    scene->number, scene->change);
	if (scene->is_unshowable)
		complain(tally, &tally->unshowable,
		    "case %u shows what a terminal obeys", scene->number);
	if (scene->ms > HOSTILE_CASE_MS)
		complain(tally, &tally->too_long, "case %u took %d ms",
		    scene->number, (int)scene->ms);
}

static struct hostile_slot *
make_slot(void)
{
	char path[64];
	void *slot;
	int fd;

	(void)snprintf(path, sizeof(path), HOSTILE_SLOT, getpid());
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	place_check(
	    fd >= 0 && ftruncate(fd, sizeof(struct hostile_slot)) == 0, path);
	slot = mmap(NULL, sizeof(struct hostile_slot), PROT_READ | PROT_WRITE,
	    MAP_SHARED, fd, 0);
	place_check(slot != MAP_FAILED, "mmap");
	(void)close(fd);
	return slot;
}

static const struct way *
way_of(uint32_t number)
{
	static const unsigned by[] = {0, 0, 1, 2};

	return &ways[by[number * 2654435761u >> 30]];
}

static void
run_case(struct hostile_host *host, struct hostile_slot *slot, uint32_t number)
{
	struct scene scene = {.way = way_of(number), .number = number};
	uint64_t index;

	slot->number = number;
	slot->sent_length = 0;
	slot->has_nonce = false;
	(void)hostile_trick_of(number, &slot->trick, &index);
	host->since_ms = frame_clock_ms();
	play(&scene);
	judge(&scene, slot, &host->tallies[slot->trick]);
	if (scene.ms > host->longest_ms)
		host->longest_ms = scene.ms;
}

void
hostile_host_run(struct hostile_host *host, struct hostile_rest *rest)
{
	struct hostile_slot *slot = make_slot();
	uint32_t number;

	slot->seed = rest->seed;
	openlog(NULL, LOG_NDELAY, LOG_AUTH);
	while ((number = __atomic_fetch_add(&rest->next, 1, __ATOMIC_RELAXED)) <
	    rest->end)
		run_case(host, slot, number);
	host->since_ms = 0;
}
