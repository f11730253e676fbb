/* SPDX-License-Identifier: MIT */
#include "host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "place.h"

static void
note(struct host *host, const char *what, const char *text)
{
	const size_t used = strlen(host->shown);

	(void)snprintf(host->shown + used, sizeof(host->shown) - used,
	    "%s: %s\n", what, text);
}

static int
answer(struct host *host, const char *text, struct pam_response *response)
{
	if (host->becomes != NULL &&
	    pam_set_item(host->pamh, PAM_USER, host->becomes) != PAM_SUCCESS)
		return PAM_CONV_ERR;
	if (host->conversation_code != 0)
		return host->conversation_code;
	if (host->gives_null)
		return PAM_SUCCESS;
	if (text == NULL)
		return PAM_CONV_ERR;
	response->resp = strdup(text);
	return response->resp == NULL ? PAM_BUF_ERR : PAM_SUCCESS;
}

/* The first prompt is number 1. */
static const char *
hidden_answer(const struct host *host)
{
	const int number = host->hidden_prompts - 1;

	return number < HOST_HIDDEN_MAX && host->hidden[number] != NULL
	    ? host->hidden[number]
	    : host->password;
}

static int
respond(struct host *host, const struct pam_message *message,
    struct pam_response *response)
{
	switch (message->msg_style) {
	case PAM_PROMPT_ECHO_OFF:
		host->hidden_prompts++;
		note(host, "hidden", message->msg);
		return answer(host, hidden_answer(host), response);
	case PAM_PROMPT_ECHO_ON:
		host->shown_prompts++;
		note(host, "ask", message->msg);
		return answer(host, host->answer, response);
	case PAM_TEXT_INFO:
		note(host, "info", message->msg);
		return PAM_SUCCESS;
	case PAM_ERROR_MSG:
		note(host, "error", message->msg);
		return PAM_SUCCESS;
	default:
		return PAM_CONV_ERR;
	}
}

static int
converse(int count, const struct pam_message **messages,
    struct pam_response **ret_responses, void *context)
{
	struct pam_response *responses =
	    calloc((size_t)count, sizeof(*responses));
	int number;

	if (responses == NULL)
		return PAM_BUF_ERR;
	for (number = 0; number < count; number++) {
		const int code =
		    respond(context, messages[number], &responses[number]);

		if (code != PAM_SUCCESS) {
			free(responses);
			return code;
		}
	}
	*ret_responses = responses;
	return PAM_SUCCESS;
}

void
host_begin(struct host *host)
{
	static const char *const types[] = {
	    "auth", "account", "password", "session"};
	const char *service = host->service != NULL ? host->service : "test";
	const struct pam_conv conversation = {converse, host};
	char path[128];
	char text[1024] = "";
	size_t number;

	(void)snprintf(
	    host->confdir, sizeof(host->confdir), "/tmp/pam-test-XXXXXX");
	place_check(mkdtemp(host->confdir) != NULL, "mkdtemp");
	(void)snprintf(path, sizeof(path), "%s/%s", host->confdir, service);
	if (host->before != NULL)
		(void)snprintf(text, sizeof(text), "%s\n", host->before);
	for (number = 0; number < 4; number++)
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
		    "%s required %s %s\n", types[number], PAM_MODULE,
		    host->options != NULL ? host->options : "");
	place_write(path, text, 0644);
	place_check(pam_start_confdir(service, host->user, &conversation,
			host->confdir, &host->pamh) == PAM_SUCCESS,
	    "pam_start_confdir");
	if (host->rhost != NULL)
		(void)pam_set_item(host->pamh, PAM_RHOST, host->rhost);
	if (host->tty != NULL)
		(void)pam_set_item(host->pamh, PAM_TTY, host->tty);
	(void)unlink(path);
}

void
host_end(struct host *host)
{
	(void)pam_end(host->pamh, PAM_SUCCESS);
	(void)rmdir(host->confdir);
}

static int
run(struct host *host, int (*call)(pam_handle_t *, int))
{
	int code;

	host_begin(host);
	code = call(host->pamh, host->flags);
	host_end(host);
	return code;
}

int
host_authenticate(struct host *host)
{
	return run(host, pam_authenticate);
}

int
host_authenticate_twice(struct host *host)
{
	int code;

	host_begin(host);
	(void)pam_authenticate(host->pamh, host->flags);
	code = pam_authenticate(host->pamh, host->flags);
	host_end(host);
	return code;
}

int
host_account(struct host *host)
{
	return run(host, pam_acct_mgmt);
}

int
host_setcred(struct host *host)
{
	return run(host, pam_setcred);
}

int
host_open_session(struct host *host)
{
	return run(host, pam_open_session);
}

int
host_close_session(struct host *host)
{
	return run(host, pam_close_session);
}

int
host_chauthtok(struct host *host)
{
	return run(host, pam_chauthtok);
}
