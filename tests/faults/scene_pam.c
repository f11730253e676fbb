/* SPDX-License-Identifier: MIT */
#include <security/pam_appl.h>

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>

#include "scene.h"

#define STACK "/run/faults/pam.d"

static const char *const codes[] = {"SUCCESS", "OPEN_ERR", "SYMBOL_ERR",
    "SERVICE_ERR", "SYSTEM_ERR", "BUF_ERR", "PERM_DENIED", "AUTH_ERR",
    "CRED_INSUFFICIENT", "AUTHINFO_UNAVAIL", "USER_UNKNOWN", "MAXTRIES",
    "NEW_AUTHTOK_REQD", "ACCT_EXPIRED", "SESSION_ERR", "CRED_UNAVAIL",
    "CRED_EXPIRED", "CRED_ERR", "NO_MODULE_DATA", "CONV_ERR", "AUTHTOK_ERR",
    "AUTHTOK_RECOVERY_ERR", "AUTHTOK_LOCK_BUSY", "AUTHTOK_DISABLE_AGING",
    "TRY_AGAIN", "IGNORE", "ABORT", "AUTHTOK_EXPIRED", "MODULE_UNKNOWN",
    "BAD_ITEM", "CONV_AGAIN", "INCOMPLETE"};

static const struct scene *played;
static pam_handle_t *handle;
static int hidden_prompts;

const char *
scene_password(const char *which)
{
	if (strcmp(which, "right") == 0)
		return "1-drowssaP-thgiR";
	if (strcmp(which, "wrong") == 0)
		return "7-drowssaP-gnorW";
	return strcmp(which, "new") == 0 ? "2-drowssaP-weN" : "";
}

/* The person types it: only libpam's copy is ever there. */
static char *
type_in(const char *backwards)
{
	const size_t length = strlen(backwards);
	char *text = malloc(length + 1);
	size_t at;

	for (at = 0; text != NULL && at < length; at++)
		text[at] = backwards[length - 1 - at];
	if (text != NULL)
		text[length] = '\0';
	return text;
}

static char *
answer_to(const struct pam_message *message)
{
	if (message->msg_style == PAM_PROMPT_ECHO_ON)
		return strdup(played->answer != NULL ? played->answer : "");
	hidden_prompts++;
	if (hidden_prompts == 1)
		return type_in(scene_password(played->password));
	return played->answer != NULL ? strdup(played->answer)
				      : type_in(scene_password("new"));
}

static int
converse(int count, const struct pam_message **messages,
    struct pam_response **ret_responses, void *context)
{
	struct pam_response *responses =
	    calloc((size_t)count, sizeof(*responses));

	(void)context;
	if (responses == NULL || count != 1) {
		free(responses);
		return PAM_BUF_ERR;
	}
	if (messages[0]->msg_style == PAM_PROMPT_ECHO_OFF ||
	    messages[0]->msg_style == PAM_PROMPT_ECHO_ON) {
		responses[0].resp = answer_to(messages[0]);
		if (responses[0].resp == NULL) {
			free(responses);
			return PAM_BUF_ERR;
		}
	}
	*ret_responses = responses;
	return PAM_SUCCESS;
}

static void
do_not_sleep(int code, unsigned delay_us, void *context)
{
	(void)code;
	(void)delay_us;
	(void)context;
}

static void
write_stack(const struct scene *scene)
{
	static const char *const types[] = {
	    "auth", "account", "password", "session"};
	size_t number;
	FILE *file;

	(void)mkdir(STACK, 0755);
	file = fopen(STACK "/faults", "we");
	if (file == NULL)
		err(99, STACK);
	for (number = 0; number < 4; number++)
		(void)fprintf(file, "%s required pam_extauth.so %s\n",
		    types[number],
		    scene->options != NULL ? scene->options : "");
	(void)fclose(file);
}

/* The session does nothing: after it libpam has read the stack and loaded the
 * module, and after a look-up the C library has loaded the other one, none of
 * which is ours to look at. */
void
scene_pam_warm_up(const struct scene *scene)
{
	static const struct pam_conv conversation = {converse, NULL};
	/* The item is a pointer to data, this one to a function. */
	void (*const no_delay)(int, unsigned, void *) = do_not_sleep;
	const void *item;

	played = scene;
	write_stack(scene);
	(void)memcpy(&item, &no_delay, sizeof(item));
	if (pam_start_confdir("faults", scene->user, &conversation, STACK,
		&handle) != PAM_SUCCESS ||
	    pam_set_item(handle, PAM_FAIL_DELAY, item) != PAM_SUCCESS ||
	    pam_set_item(handle, PAM_RHOST, "192.0.2.7") != PAM_SUCCESS ||
	    pam_open_session(handle, 0) != PAM_SUCCESS)
		errx(99, "libpam does not start");
	scene_nss_warm_up(scene);
}

void
scene_pam_call(char *text)
{
	int code;

	if (strcmp(played->call, "auth") == 0)
		code = pam_authenticate(handle, 0);
	else if (strcmp(played->call, "account") == 0)
		code = pam_acct_mgmt(handle, 0);
	else
		code = pam_chauthtok(handle, 0);
	(void)pam_end(handle, code);
	if (code >= 0 && code < (int)(sizeof(codes) / sizeof(*codes)))
		(void)strcpy(text, codes[code]);
}
