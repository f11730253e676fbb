/* SPDX-License-Identifier: MIT */
/* Reads the log lines of the PAM module by the grammar they are written in;
 * what does not follow it may be anybody's text.
 * Does not know: files. */
#include <stdlib.h>
#include <string.h>

#include "number.h"
#include "scrub.h"

#define MARK ": pam_extauth("
#define WORD_BYTES 64
#define VALUE_BYTES 513
#define ID_MAX_BYTES 32

/* What a line can say of a decision; a line of anybody else could say more. */
static const char *const results[] = {"accepted", "rejected", "expired",
    "locked", "second_factor_needed", "denied_by_policy", "throttled",
    "unavailable", "misconfigured", "fault", "not_ours", "bad_configuration",
    "name_clash", "unknown", "disabled", "past_not_after",
    "service_not_allowed", "password_refused", "new_password_refused",
    "throttled_locally", "repeated", "no_password", "registry_unavailable",
    "not_root", "no_memory", "allowed", "reset_mail_sent", "reset_mail_failed",
    "reset_mail_held_back", "token_not_exported", NULL};

static const char *const calls[] = {
    "auth", "account", "chauthtok", "setcred", "session", NULL};

/* What a TLS failure begins with; names of certificates follow. */
static const char *const failures[] = {"expired", "not-yet-valid", "wrong-host",
    "self-signed", "unknown-issuer", NULL};

/* One line under way. */
struct log_line {
	struct scrub *scrub;
	const struct config *config;
	struct json_object *object;
	const char *next;
};

static bool
is_one_of(const char *const *words, const char *word)
{
	for (; *words != NULL; words++)
		if (strcmp(*words, word) == 0)
			return true;
	return false;
}

/* Takes bytes up to one of `ends`, and that; false if there is none or if they
 * are too many. */
static bool
take(const char **next, const char *ends, char *word, size_t size)
{
	size_t length = strcspn(*next, ends);

	if (length >= size || (*next)[length] == '\0')
		return false;
	memcpy(word, *next, length);
	word[length] = '\0';
	*next += length + 1;
	return true;
}

/* "Nov 22 15:17:20" or the form of RFC 3339. */
static void
time_add(struct json_object *object, const char *line)
{
	static const char clock[] = "0123456789: ";
	static const char whole[] = "0123456789TZ:.+-";
	char text[WORD_BYTES];
	const char *next = line;

	if (take(&next, " ", text, sizeof(text)) && strlen(text) >= 19 &&
	    text[strspn(text, whole)] == '\0') {
		document_text(object, "time", text);
	} else if (strlen(line) > 15 && line[3] == ' ' && line[15] == ' ') {
		memcpy(text, line, 15);
		text[15] = '\0';
		if (text[4 + strspn(text + 4, clock)] == '\0')
			document_text(object, "time", text);
	}
}

static void
provider_add(struct log_line *line, const char *value)
{
	if (strcmp(value, "-") == 0 ||
	    (line->config != NULL &&
		config_find_provider(line->config, value) != NULL))
		document_text(line->object, "provider", value);
	else
		scrub_leave_out(line->scrub, "provider of a log line");
}

static void
number_add(struct log_line *line, const char *key, const char *value)
{
	uint32_t number = 0;

	if (number_parse(value, &number))
		document_number(line->object, key, number);
	else
		scrub_leave_out(line->scrub, "number of a log line");
}

static void
tls_add(struct log_line *line, const char *value)
{
	char word[WORD_BYTES];
	size_t length = strcspn(value, " ");

	if (length < sizeof(word)) {
		memcpy(word, value, length);
		word[length] = '\0';
		if (is_one_of(failures, word))
			document_text(line->object, "tls", word);
	}
	scrub_leave_out(line->scrub, "text of a log line");
}

/* One key; false if it cannot be what the module writes. */
static bool
value_take(struct log_line *line, const char *key, const char *value)
{
	static const char hex[] = "0123456789abcdef-";
	char name[SCRUB_NAME_BYTES];

	if (strcmp(key, "result") == 0) {
		document_text(line->object, key, value);
		return is_one_of(results, value);
	}
	if (strcmp(key, "user") == 0 || strcmp(key, "rhost") == 0) {
		scrub_name(line->scrub,
		    *key == 'u' ? SCRUB_USER : SCRUB_ADDRESS, value, name);
		document_text(line->object, key, name);
	} else if (strcmp(key, "provider") == 0) {
		provider_add(line, value);
	} else if (strcmp(key, "http") == 0 || strcmp(key, "ms") == 0) {
		number_add(line, key, value);
	} else if (strcmp(key, "tls") == 0) {
		tls_add(line, value);
	} else if (strcmp(key, "id") == 0 && strlen(value) <= ID_MAX_BYTES &&
	    value[strspn(value, hex)] == '\0') {
		document_text(line->object, key, value);
	} else {
		scrub_leave_out(line->scrub, "text of a log line");
	}
	return true;
}

static bool
pair_take(struct log_line *line)
{
	char key[WORD_BYTES];
	char value[VALUE_BYTES];
	size_t length;

	if (!take(&line->next, "=", key, sizeof(key)) ||
	    !scrub_is_plain(key, sizeof(key), "_"))
		return false;
	if (*line->next == '"') {
		line->next++;
		if (!take(&line->next, "\"", value, sizeof(value)))
			return false;
	} else {
		length = strcspn(line->next, " ");
		if (length == 0 || length >= sizeof(value))
			return false;
		memcpy(value, line->next, length);
		value[length] = '\0';
		line->next += length;
	}
	return value_take(line, key, value);
}

static bool
pairs_take(struct log_line *line)
{
	if (strncmp(line->next, "result=", 7) != 0)
		return false;
	while (pair_take(line)) {
		if (*line->next == '\0')
			return true;
		if (*line->next++ != ' ')
			return false;
	}
	return false;
}

static bool
head_take(struct log_line *line)
{
	char service[WORD_BYTES];
	char call[WORD_BYTES];

	if (!take(&line->next, ":", service, sizeof(service)) ||
	    !take(&line->next, ")", call, sizeof(call)) ||
	    !scrub_is_plain(service, sizeof(service), "._-") ||
	    !is_one_of(calls, call) || strncmp(line->next, ": ", 2) != 0)
		return false;
	line->next += 2;
	if (line->config != NULL &&
	    (config_find_service(line->config, service) != NULL ||
		is_one_of((const char *const[]){"sshd", "login", "sudo",
			      "sudo-i", "su", "su-l", "cron", "systemd-user",
			      "cockpit", "gdm-password", NULL},
		    service)))
		document_text(line->object, "service", service);
	else
		scrub_leave_out(line->scrub, "service of a log line");
	document_text(line->object, "call", call);
	return true;
}

struct json_object *
scrub_log_line(
    struct scrub *scrub, const struct config *config, const char *text)
{
	cleanup_document struct json_object *object = document_object();
	struct log_line line = {scrub, config, object, strstr(text, MARK)};

	if (line.next == NULL)
		return NULL;
	line.next += strlen(MARK);
	time_add(object, text);
	if (!head_take(&line) || !pairs_take(&line))
		return NULL;
	object = NULL;
	return line.object;
}
