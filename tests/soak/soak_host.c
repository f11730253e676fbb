/* SPDX-License-Identifier: MIT */
/* A host with many threads that logs people in by a plan, through libpam:
 * authenticate, account, setcred. A line of the plan is `U K OWNER ACT MS` (see
 * soak.h); one of the result is `K AUTHENTICATE ACCOUNT SETCRED MICROSECONDS
 * MARKS WORDS`, the codes of PAM (-1: not called), a letter for each thing that
 * was not the user's own (- for none), and what was shown to him.
 * Its output is how many descriptors it has, and how many bytes of its heap are
 * in use, before the first login and after the last.
 * Does not know: which results are right, modules.
 *
 * usage: soak_host SERVICE THREADS PLAN RESULT [together]
 *   together: the threads begin each login in the same moment */
#include <dirent.h>
#include <err.h>
#include <malloc.h>
#include <pthread.h>
#include <pwd.h>
#include <security/pam_appl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

#include "soak.h"

#define SHOWN_BYTES 512
#define ENTRY_BYTES 2048
#define NOT_CALLED (-1)

struct soak_host {
	const char *service;
	FILE *plan;
	FILE *result;
	pthread_barrier_t *moment;
};

struct soak_login {
	unsigned user;
	unsigned number;
	unsigned owner;
	unsigned wait_ms;
	char act;
	char name[SOAK_TEXT_BYTES];
	char place[SOAK_TEXT_BYTES];
	char password[SOAK_TEXT_BYTES];
	char shown[SHOWN_BYTES];
	int authenticate;
	int account;
	int setcred;
	bool is_renamed;
	bool is_other_entry;
	long microseconds;
};

static void
keep_shown(struct soak_login *login, const char *text)
{
	const size_t used = strlen(login->shown);

	(void)snprintf(
	    login->shown + used, sizeof(login->shown) - used, " %s", text);
}

static int
converse(int count, const struct pam_message **messages,
    struct pam_response **ret_responses, void *context)
{
	struct pam_response *responses =
	    calloc((size_t)count, sizeof(*responses));
	struct soak_login *login = context;
	int i;

	if (responses == NULL)
		return PAM_BUF_ERR;
	for (i = 0; i < count; i++) {
		if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF)
			responses[i].resp = strdup(login->password);
		else
			keep_shown(login, messages[i]->msg);
	}
	*ret_responses = responses;
	return PAM_SUCCESS;
}

static long
clock_us(void)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* The account's own text is the name again, and no server changes it. */
static bool
is_own_entry(const char *name)
{
	struct passwd entry;
	struct passwd *found = NULL;
	char bytes[ENTRY_BYTES];

	return getpwnam_r(name, &entry, bytes, sizeof(bytes), &found) == 0 &&
	    found != NULL && strcmp(found->pw_gecos, name) == 0 &&
	    found->pw_uid != 0 && strcmp(found->pw_shell, "/bin/bash") == 0;
}

static void
log_in(const struct soak_host *host, struct soak_login *login)
{
	const struct pam_conv conversation = {converse, login};
	pam_handle_t *handle = NULL;
	const void *name = NULL;
	long begun;

	if (pam_start(host->service, login->name, &conversation, &handle) !=
	    PAM_SUCCESS)
		errx(1, "pam_start");
	(void)pam_set_item(handle, PAM_RHOST, login->place);
	begun = clock_us();
	login->authenticate = pam_authenticate(handle, 0);
	login->microseconds = clock_us() - begun;
	if (login->authenticate == PAM_SUCCESS)
		login->account = pam_acct_mgmt(handle, 0);
	if (login->account == PAM_SUCCESS)
		login->setcred = pam_setcred(handle, PAM_ESTABLISH_CRED);
	(void)pam_get_item(handle, PAM_USER, &name);
	login->is_renamed = name == NULL || strcmp(name, login->name) != 0;
	login->is_other_entry = !is_own_entry(login->name);
	(void)pam_end(handle, login->authenticate);
}

static bool
read_plan(const struct soak_host *host, struct soak_login *login)
{
	char line[SHOWN_BYTES];

	if (fgets(line, sizeof(line), host->plan) == NULL)
		return false;
	if (sscanf(line, "%u %u %u %c %u", &login->user, &login->number,
		&login->owner, &login->act, &login->wait_ms) != 5)
		errx(64, "the plan: %s", line);
	(void)snprintf(
	    login->name, sizeof(login->name), SOAK_NAME, login->user);
	(void)snprintf(login->place, sizeof(login->place), SOAK_PLACE,
	    login->user, login->number);
	(void)snprintf(login->password, sizeof(login->password), SOAK_PASSWORD,
	    login->owner, login->number, login->act, login->wait_ms);
	return true;
}

static void *
work(void *argument)
{
	const struct soak_host *host = argument;

	for (;;) {
		struct soak_login login = {
		    .account = NOT_CALLED, .setcred = NOT_CALLED};

		if (!read_plan(host, &login))
			return NULL;
		if (host->moment != NULL)
			(void)pthread_barrier_wait(host->moment);
		log_in(host, &login);
		(void)fprintf(host->result, "%u %d %d %d %ld %s%s%s%s\n",
		    login.number, login.authenticate, login.account,
		    login.setcred, login.microseconds,
		    login.is_renamed ? "n" : "",
		    login.is_other_entry ? "e" : "",
		    login.is_renamed || login.is_other_entry ? "" : "-",
		    login.shown);
	}
}

static void
tell_state(void)
{
	const struct mallinfo2 heap = mallinfo2();
	DIR *folder = opendir("/proc/self/fd");
	int count = 0;

	if (folder == NULL)
		err(1, "/proc/self/fd");
	while (readdir(folder) != NULL)
		count++;
	(void)closedir(folder);
	(void)printf("%d %zu\n", count, heap.uordblks + heap.hblkhd);
}

static FILE *
open_file(const char *path, const char *mode)
{
	FILE *file = fopen(path, mode);

	if (file == NULL)
		err(1, "%s", path);
	return file;
}

int
main(int argc, char **argv)
{
	const unsigned count =
	    argc < 5 ? 0 : (unsigned)strtoul(argv[2], NULL, 10);
	pthread_t *threads = calloc(count, sizeof(*threads));
	struct soak_host host = {0};
	pthread_barrier_t moment;
	unsigned i;

	if (count == 0 || threads == NULL)
		errx(64, "usage: soak_host SERVICE THREADS PLAN RESULT");
	host.service = argv[1];
	host.plan = open_file(argv[3], "re");
	host.result = open_file(argv[4], "we");
	if (argc > 5 && pthread_barrier_init(&moment, NULL, count) == 0)
		host.moment = &moment;
	/* libc keeps this one from the first line on. */
	openlog("soak_host", LOG_NDELAY, LOG_AUTHPRIV);
	tell_state();
	for (i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, work, &host) != 0)
			errx(1, "thread %u", i);
	for (i = 0; i < count; i++)
		(void)pthread_join(threads[i], NULL);
	tell_state();
	free(threads);
	return fclose(host.result) == 0 ? 0 : 1;
}
