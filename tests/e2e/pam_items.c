/* SPDX-License-Identifier: MIT */
/* A host that is told what to say: one pam_authenticate for each line of its
 * standard input, with the items of that line; prints the PAM code of each.
 * Does not know: modules, or what the items mean.
 *
 * A line is: SERVICE USER PASSWORD [RHOST [TTY [SSH_CONNECTION]]]. From the
 * third on they are hex digits of any bytes, ended by NUL or by the word's end;
 * a word of an odd length, such as "-", leaves the item unset. */
#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 6
#define LINE_BYTES 65536

static int
hex_digit(char character)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = strchr(digits, character);

	return found == NULL ? 0 : (int)(found - digits);
}

/* Decodes in place: NULL for a word that is none or is of an odd length. */
static char *
decode(char *word)
{
	size_t length = word == NULL ? 1 : strlen(word);
	size_t i;

	if (length % 2 != 0)
		return NULL;
	for (i = 0; i < length / 2; i++)
		word[i] = (char)(hex_digit(word[2 * i]) * 16 +
		    hex_digit(word[2 * i + 1]));
	word[length / 2] = '\0';
	return word;
}

static int
converse(int count, const struct pam_message **messages,
    struct pam_response **ret_responses, void *password)
{
	struct pam_response *responses =
	    calloc((size_t)count, sizeof(*responses));
	int i;

	if (responses == NULL)
		return PAM_BUF_ERR;
	for (i = 0; i < count; i++)
		if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF)
			responses[i].resp = strdup(password);
	*ret_responses = responses;
	return PAM_SUCCESS;
}

static int
set_items(pam_handle_t *handle, char **words)
{
	static const int items[] = {PAM_RHOST, PAM_TTY};
	char *variable = NULL;
	const char *text;
	int code = PAM_SUCCESS;
	size_t i;

	for (i = 0; i < 2 && code == PAM_SUCCESS; i++) {
		text = decode(words[3 + i]);
		if (text != NULL)
			code = pam_set_item(handle, items[i], text);
	}
	text = decode(words[5]);
	if (code != PAM_SUCCESS || text == NULL)
		return code;
	if (asprintf(&variable, "SSH_CONNECTION=%s", text) < 0)
		return PAM_BUF_ERR;
	code = pam_putenv(handle, variable);
	free(variable);
	return code;
}

static int
log_in(char **words)
{
	char *password = decode(words[2]);
	struct pam_conv conversation = {converse, password};
	pam_handle_t *handle = NULL;
	int code;

	if (password == NULL)
		return PAM_ABORT;
	code = pam_start(words[0], words[1], &conversation, &handle);
	if (code == PAM_SUCCESS)
		code = set_items(handle, words);
	if (code == PAM_SUCCESS)
		code = pam_authenticate(handle, 0);
	(void)pam_end(handle, code);
	return code;
}

int
main(void)
{
	static char line[LINE_BYTES];
	size_t i;

	while (fgets(line, sizeof(line), stdin) != NULL) {
		char *words[WORDS] = {NULL};
		char *rest = line;

		for (i = 0; i < WORDS; i++)
			words[i] = strtok_r(i == 0 ? line : NULL, " \n", &rest);
		if (words[2] == NULL)
			return 64;
		(void)printf("%d\n", log_in(words));
	}
	return 0;
}
