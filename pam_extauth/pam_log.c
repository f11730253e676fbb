/* SPDX-License-Identifier: MIT */
#include "pam_log.h"

#include <security/pam_ext.h>

#include <string.h>
#include <syslog.h>

#define LINE_MAX_BYTES 4096
#define VALUE_MAX_BYTES 512

static bool
is_plain(const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789.,:;@%+-_/";

	return text[0] != '\0' && text[strspn(text, plain)] == '\0';
}

static enum extauth_err
add_quoted(struct buffer *line, const char *key, const char *text)
{
	char value[VALUE_MAX_BYTES + 1];
	size_t length;

	for (length = 0; length < VALUE_MAX_BYTES && text[length] != '\0';
	     length++) {
		value[length] = text[length];
		if (text[length] < ' ' || text[length] > '~')
			value[length] = '?';
		if (text[length] == '"' || text[length] == '\\')
			value[length] = '\'';
	}
	value[length] = '\0';
	return buffer_append_format(line, " %s=\"%s\"", key, value);
}

static enum extauth_err
add(struct buffer *line, const char *key, const char *text)
{
	if (text[0] == '\0')
		text = "-";
	if (!is_plain(text) || strlen(text) > VALUE_MAX_BYTES)
		return add_quoted(line, key, text);
	return buffer_append_format(line, " %s=%s", key, text);
}

static enum extauth_err
add_present(struct buffer *line, const char *key, const char *text)
{
	return text[0] == '\0' ? EXTAUTH_OK : add_quoted(line, key, text);
}

static enum extauth_err
add_outcome(struct buffer *line, const struct pam_log *log)
{
	const struct login_outcome none = {0};
	const struct login_outcome *outcome =
	    log->outcome != NULL ? log->outcome : &none;
	enum extauth_err err;

	if (log->facts == NULL)
		return EXTAUTH_OK;
	err = buffer_append_format(
	    line, " http=%u ms=%u", outcome->http_status, outcome->duration_ms);
	if (err == EXTAUTH_OK)
		err = add(line, "id", log->facts->request_id);
	if (err == EXTAUTH_OK)
		err = add_present(line, "tls", outcome->tls);
	if (err == EXTAUTH_OK)
		err = add_present(line, "reason", outcome->reason);
	return err;
}

static enum extauth_err
make_line(
    const struct pam_call *call, const struct pam_log *log, struct buffer *line)
{
	enum extauth_err err =
	    buffer_append_format(line, "result=%s", log->result);

	if (err == EXTAUTH_OK)
		err = add(line, "user", log->user);
	if (err == EXTAUTH_OK && log->facts != NULL)
		err = add(line, "provider", log->facts->provider);
	if (err == EXTAUTH_OK)
		err = add(line, "rhost", pam_call_item(call, PAM_RHOST));
	if (err == EXTAUTH_OK)
		err = add_outcome(line, log);
	if (err == EXTAUTH_OK)
		err = add_present(line, "reason", log->reason);
	return err;
}

void
pam_log_write(const struct pam_call *call, const struct pam_log *log)
{
	cleanup_buffer struct buffer line = buffer_make(LINE_MAX_BYTES);

	if (log->priority == LOG_DEBUG && !call->args.debug)
		return;
	if (make_line(call, log, &line) != EXTAUTH_OK)
		pam_syslog(call->pamh, log->priority, "result=%s", log->result);
	else
		pam_syslog(call->pamh, log->priority, "%s", buffer_text(&line));
}
