/* SPDX-License-Identifier: MIT */
#include "setup_login_child.h"

#include <security/pam_appl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <syslog.h>
#include <unistd.h>

#include "setup_login.h"
#include "terminal.h"

/* A copy of the log on standard error is what syslog(3) offers: so that is the
 * pipe, and the person's terminal is kept here. */
struct trial_person {
	int terminal;
	int log;
};

static int
answer(const struct trial_person *person, const struct pam_message *message,
    char **ret_answer)
{
	struct extauth_error error = {0};
	struct secret secret = {0};
	bool is_shown = message->msg_style == PAM_PROMPT_ECHO_ON;
	int code = PAM_CONV_ERR;

	(void)dup2(person->terminal, STDERR_FILENO);
	if (terminal_read_line(message->msg, is_shown, &secret, &error) ==
	    EXTAUTH_OK) {
		*ret_answer = strdup(secret_reveal(&secret));
		code = *ret_answer != NULL ? PAM_SUCCESS : PAM_BUF_ERR;
	}
	secret_clear(&secret);
	(void)dup2(person->log, STDERR_FILENO);
	return code;
}

static void
tell(const struct trial_person *person, const char *text)
{
	const unsigned char *byte;

	(void)dprintf(person->terminal, "  | ");
	for (byte = (const unsigned char *)text; *byte != '\0'; byte++)
		(void)dprintf(person->terminal, "%c",
		    (*byte < 0x20 && *byte != '\n') || *byte == 0x7f ? '?'
								     : *byte);
	(void)dprintf(person->terminal, "\n");
}

static int
converse(int count, const struct pam_message **messages,
    struct pam_response **ret_responses, void *data)
{
	struct pam_response *responses;
	int code = PAM_SUCCESS;
	int index;

	if (count < 1 || count > PAM_MAX_NUM_MSG)
		return PAM_CONV_ERR;
	responses = calloc((size_t)count, sizeof(*responses));
	if (responses == NULL)
		return PAM_BUF_ERR;
	for (index = 0; index < count && code == PAM_SUCCESS; index++) {
		if (messages[index]->msg_style == PAM_PROMPT_ECHO_OFF ||
		    messages[index]->msg_style == PAM_PROMPT_ECHO_ON)
			code = answer(
			    data, messages[index], &responses[index].resp);
		else
			tell(data, messages[index]->msg);
	}
	if (code == PAM_SUCCESS) {
		*ret_responses = responses;
		return code;
	}
	for (index = 0; index < count; index++) {
		if (responses[index].resp != NULL)
			explicit_bzero(responses[index].resp,
			    strlen(responses[index].resp));
		free(responses[index].resp);
	}
	free(responses);
	return code;
}

static int
report(int result, enum setup_stage stage, int code)
{
	const struct setup_login_step step = {
	    .stage = (int)stage, .code = code};

	if (write(result, &step, sizeof(step)) != (ssize_t)sizeof(step))
		return PAM_ABORT;
	return code;
}

/* As sshd would have it from a client on this machine, or a local program. */
static void
place_set(pam_handle_t *handle, const char *service, const char *user)
{
	bool is_remote = strcmp(service, "sshd") == 0;

	(void)pam_set_item(handle, PAM_TTY, is_remote ? "ssh" : "console");
	if (is_remote)
		(void)pam_set_item(handle, PAM_RHOST, "localhost");
	if (strcmp(service, "sudo") == 0)
		(void)pam_set_item(handle, PAM_RUSER, user);
}

_Noreturn void
setup_login_child(const char *service, const char *user, int log, int result)
{
	struct trial_person person = {
	    .terminal = dup(STDERR_FILENO), .log = log};
	const struct pam_conv conversation = {converse, &person};
	pam_handle_t *handle = NULL;
	int code;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)dup2(log, STDERR_FILENO);
	openlog("extauthctl", LOG_PID | LOG_PERROR, LOG_AUTHPRIV);
	code = report(result, SETUP_STAGE_START,
	    pam_start(service, user, &conversation, &handle));
	if (code != PAM_SUCCESS)
		_exit(1);
	place_set(handle, service, user);
	code = report(
	    result, SETUP_STAGE_AUTHENTICATE, pam_authenticate(handle, 0));
	if (code == PAM_SUCCESS)
		code = report(
		    result, SETUP_STAGE_ACCOUNT, pam_acct_mgmt(handle, 0));
	(void)pam_end(handle, code);
	_exit(code == PAM_SUCCESS ? 0 : 1);
}
