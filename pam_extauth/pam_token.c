/* SPDX-License-Identifier: MIT */
#include "pam_token.h"

#include <string.h>
#include <syslog.h>

#include "pam_log.h"

#define NAME_MAX_BYTES 256

static void
log_failure(const struct pam_login *login, const char *reason)
{
	const struct pam_log log = {
	    .priority = LOG_WARNING,
	    .result = "token_not_exported",
	    .user = login->account.name,
	    .reason = reason,
	};

	pam_log_write(&login->call, &log);
}

/* What else there might be does not belong into an environment. */
static bool
is_printable(const struct secret *token)
{
	const char *bytes = secret_reveal(token);
	size_t at;

	for (at = 0; at < token->length; at++)
		if (bytes[at] <= ' ' || bytes[at] > '~')
			return false;
	return true;
}

/* sudo and its like ask their own caller who he is, and then run something as
 * somebody else, with the PAM environment in it. */
static bool
is_for_another(const struct pam_login *login)
{
	return strcmp(pam_call_item(&login->call, PAM_RUSER),
		   login->account.name) == 0;
}

static int
put(const struct pam_login *login, const char *name)
{
	const struct secret *token = &login->outcome.token;
	cleanup_buffer struct buffer entry =
	    buffer_make(NAME_MAX_BYTES + SECRET_MAX_BYTES);

	if (buffer_append_text(&entry, name) != EXTAUTH_OK ||
	    buffer_append_text(&entry, "=") != EXTAUTH_OK ||
	    buffer_append(&entry, secret_reveal(token), token->length) !=
		EXTAUTH_OK)
		return PAM_BUF_ERR;
	return pam_putenv(login->call.pamh, buffer_text(&entry));
}

void
pam_token_export(const struct pam_login *login)
{
	const struct login_outcome *outcome = &login->outcome;
	int code;

	if (outcome->verdict != VERDICT_ACCEPTED ||
	    outcome->token.length == 0 || login->provider == NULL ||
	    login->provider->export_token[0] == '\0')
		return;
	if (is_for_another(login)) {
		pam_call_debug(&login->call,
		    "the token stays here: %s asks its own caller",
		    login->call.service);
		return;
	}
	if (!is_printable(&outcome->token)) {
		log_failure(login, "it is not printable ASCII");
		return;
	}
	code = put(login, login->provider->export_token);
	if (code != PAM_SUCCESS)
		log_failure(login, pam_strerror(login->call.pamh, code));
}
