/* SPDX-License-Identifier: MIT */
/* How setup comes by the client's secret: never by an argument.
 * Does not know: where it is stored. */
#include <stdio.h>
#include <string.h>

#include "setup_fact_table.h"
#include "setup_file.h"
#include "terminal.h"
#include "translate.h"

static enum extauth_err
secret_of_file(
    const char *path, struct secret *ret_secret, struct extauth_error *error)
{
	cleanup_buffer struct buffer text = buffer_make(SECRET_MAX_BYTES);
	size_t length;
	enum extauth_err err;

	if (strcmp(path, "-") == 0)
		return terminal_read_line(
		    _("Client secret: "), false, ret_secret, error);
	err = setup_file_read(path, &text, error);
	if (err != EXTAUTH_OK)
		return err;
	length = text.length;
	if (length > 0 && text.bytes[length - 1] == '\n')
		length--;
	return secret_set(ret_secret, buffer_text(&text), length);
}

static enum ctl_exit
secret_missing(void)
{
	complain("setup: --client-secret-file is missing: the file that holds "
		 "the client's secret, or - for the first line of standard "
		 "input; --no-client-secret if the client has none");
	return CTL_USAGE;
}

/* An empty line keeps what is stored, or says that there is none. */
static enum ctl_exit
secret_of_person(const struct setup_asking *asking, struct setup_facts *facts)
{
	const char *prompt = _("Client secret: ");
	struct extauth_error error = {0};
	enum extauth_err err;

	if (asking->has_stored_secret)
		prompt = _("Client secret (empty: keep the stored one): ");
	else if (setup_type_secret(facts->type) == SECRET_OPTIONAL)
		prompt = _("Client secret (empty: the client has none): ");
	do {
		err = terminal_read_line(prompt, false, &facts->secret, &error);
		if (err != EXTAUTH_OK)
			return complain_about("setup", err, &error);
	} while (facts->secret.length == 0 && !asking->has_stored_secret &&
	    setup_type_secret(facts->type) == SECRET_NEEDED);
	facts->has_new_secret = facts->secret.length > 0;
	facts->has_secret = facts->has_new_secret || asking->has_stored_secret;
	return CTL_DONE;
}

enum ctl_exit
setup_secret_ask(const struct setup_asking *asking, struct setup_facts *facts)
{
	const char *path =
	    arguments_value(asking->arguments, "client-secret-file");
	enum setup_secret kind = setup_type_secret(facts->type);
	struct extauth_error error = {0};
	enum extauth_err err;

	if (kind == SECRET_NONE && path != NULL) {
		complain("setup: --client-secret-file: of no use with --type "
			 "%s",
		    facts->type);
		return CTL_USAGE;
	}
	if (kind == SECRET_NONE ||
	    arguments_has(asking->arguments, "no-client-secret"))
		return CTL_DONE;
	if (path == NULL && asking->is_person)
		return secret_of_person(asking, facts);
	facts->has_secret = asking->has_stored_secret;
	if (path == NULL)
		return kind == SECRET_NEEDED && !facts->has_secret
		    ? secret_missing()
		    : CTL_DONE;
	err = secret_of_file(path, &facts->secret, &error);
	if (err == EXTAUTH_OK && facts->secret.length == 0)
		err = error_set(&error, EXTAUTH_INVALID, "is empty");
	if (err != EXTAUTH_OK)
		return complain_about(
		    "setup: --client-secret-file", err, &error);
	facts->has_new_secret = true;
	facts->has_secret = true;
	return CTL_DONE;
}
