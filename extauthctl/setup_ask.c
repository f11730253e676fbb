/* SPDX-License-Identifier: MIT */
#include "setup_ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "secret.h"
#include "terminal.h"
#include "translate.h"

enum extauth_err
setup_ask_line(const char *question, const char *usual, char **ret_answer,
    struct extauth_error *error)
{
	cleanup_secret struct secret line = {0};
	char prompt[512];
	enum extauth_err err;

	(void)snprintf(prompt, sizeof(prompt), "%s%s%s%s: ", question,
	    usual != NULL ? " [" : "", usual != NULL ? usual : "",
	    usual != NULL ? "]" : "");
	err = terminal_read_line(prompt, true, &line, error);
	if (err != EXTAUTH_OK)
		return err;
	*ret_answer = strdup(
	    line.length == 0 && usual != NULL ? usual : secret_reveal(&line));
	return *ret_answer != NULL ? EXTAUTH_OK : EXTAUTH_NOMEM;
}

enum extauth_err
setup_ask_yes(const char *question, bool usual, bool *ret_yes,
    struct extauth_error *error)
{
	cleanup_free char *answer = NULL;
	enum extauth_err err;

	err = setup_ask_line(
	    question, usual ? _("Y/n") : _("y/N"), &answer, error);
	if (err != EXTAUTH_OK)
		return err;
	if (strlen(answer) == 3 && answer[1] == '/')
		*ret_yes = usual;
	else
		*ret_yes = (answer[0] | 0x20) == 'y' ||
		    (answer[0] | 0x20) == _("yes")[0];
	return EXTAUTH_OK;
}
