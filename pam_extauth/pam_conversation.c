/* SPDX-License-Identifier: MIT */
#include "pam_conversation.h"

#include <security/pam_ext.h>

#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "pam_translate.h"

/* A code to be scanned is drawn in some thousand bytes. */
#define PROMPT_MAX_BYTES 32768
#define PASSWORD N_("Password: ")

/* The name that libpam itself gives to a conversation that must be resumed.
 * What a host's conversation makes up must not take this module out of the
 * stack. */
static int
resumable(int code)
{
	if (code == PAM_IGNORE)
		return PAM_CONV_ERR;
	return code == PAM_CONV_AGAIN ? PAM_INCOMPLETE : code;
}

int
pam_conversation_user(const struct pam_call *call, const char **ret_user)
{
	const char *user = NULL;
	const int code = pam_get_user(call->pamh, &user, NULL);

	if (code != PAM_SUCCESS)
		return resumable(code);
	if (user == NULL)
		return PAM_USER_UNKNOWN;
	*ret_user = user;
	return PAM_SUCCESS;
}

static int
keep_secret(struct secret *secret, const char *text)
{
	const enum extauth_err err = secret_set(secret, text, strlen(text));

	return err == EXTAUTH_NOMEM ? PAM_BUF_ERR : PAM_SUCCESS;
}

static void
wipe_response(char **response)
{
	if (*response != NULL)
		explicit_bzero(*response, strlen(*response));
	free(*response);
}

/* A terminal takes some of the two-byte characters as controls as well. */
static void
make_showable(char *text, size_t length)
{
	size_t place;

	for (place = 0; place < length; place++) {
		const unsigned char byte = (unsigned char)text[place];
		const bool is_second = place > 0 &&
		    (unsigned char)text[place - 1] == 0xc2 && byte >= 0x80 &&
		    byte <= 0x9f;

		if (is_second)
			text[place - 1] = '?';
		if (is_second || byte == 0x7f || (byte < 0x20 && byte != '\n'))
			text[place] = '?';
	}
}

static int
prompt(const struct pam_call *call, int style, const char *text,
    char **ret_response)
{
	cleanup_buffer struct buffer shown = buffer_make(PROMPT_MAX_BYTES);

	if (buffer_append_text(&shown, text) != EXTAUTH_OK)
		return PAM_BUF_ERR;
	if (shown.length > 0)
		make_showable(shown.bytes, shown.length);
	return pam_prompt(
	    call->pamh, style, ret_response, "%s", buffer_text(&shown));
}

int
pam_conversation_ask(const struct pam_call *call, int style, const char *text,
    struct secret *answer)
{
	__attribute__((cleanup(wipe_response))) char *response = NULL;
	const int code = prompt(call, style, text, &response);

	if (code != PAM_SUCCESS)
		return resumable(code);
	if (response == NULL)
		return PAM_CONV_ERR;
	return keep_secret(answer, response);
}

void
pam_conversation_tell(const struct pam_call *call, int style, const char *text)
{
	__attribute__((cleanup(wipe_response))) char *response = NULL;

	if (call->is_silent || text == NULL || text[0] == '\0')
		return;
	(void)prompt(call, style, text, &response);
}

/* Without a prompt libpam makes one. */
static int
take_authtok(const struct pam_call *call, int item, const char *prompt,
    struct secret *password)
{
	const char *authtok = NULL;
	const int code = pam_get_authtok(call->pamh, item, &authtok, prompt);

	if (code != PAM_SUCCESS)
		return resumable(code);
	if (authtok == NULL)
		return PAM_AUTHTOK_RECOVERY_ERR;
	return keep_secret(password, authtok);
}

int
pam_conversation_old_password(
    const struct pam_call *call, struct secret *password)
{
	return take_authtok(call, PAM_OLDAUTHTOK, NULL, password);
}

/* pam_get_authtok asks twice as well, but forgets the first answer in memory
 * if the second does not come. What another module has asked for is taken as
 * it is. */
int
pam_conversation_new_password(
    const struct pam_call *call, struct secret *password)
{
	const void *earlier = NULL;
	const char *authtok = NULL;
	int code = pam_get_item(call->pamh, PAM_AUTHTOK, &earlier);

	if (code == PAM_SUCCESS)
		code = pam_get_authtok_noverify(call->pamh, &authtok, NULL);
	if (code == PAM_SUCCESS && earlier == NULL)
		code = pam_get_authtok_verify(call->pamh, &authtok, NULL);
	if (code != PAM_SUCCESS)
		return resumable(code);
	if (authtok == NULL)
		return PAM_AUTHTOK_ERR;
	return keep_secret(password, authtok);
}

int
pam_conversation_password(const struct pam_call *call, struct secret *password)
{
	const bool may_reuse =
	    call->args.use_first_pass || call->args.try_first_pass;
	const char *const question = PASSWORD;
	const char *const asked = pam_translate(call, question);
	const void *earlier = NULL;
	int code = pam_get_item(call->pamh, PAM_AUTHTOK, &earlier);

	if (code != PAM_SUCCESS)
		return code;
	if (earlier == NULL && call->args.use_first_pass)
		return PAM_AUTH_ERR;
	/* pam_get_authtok takes what is there whatever the options say; without
	 * one of them the earlier module's password is not ours to take, and
	 * not ours to replace. */
	if (earlier != NULL && !may_reuse)
		return pam_conversation_ask(
		    call, PAM_PROMPT_ECHO_OFF, asked, password);
	code = take_authtok(
	    call, PAM_AUTHTOK, asked != question ? asked : NULL, password);
	return code == PAM_AUTHTOK_RECOVERY_ERR ? PAM_AUTH_ERR : code;
}
