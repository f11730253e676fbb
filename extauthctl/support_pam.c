/* SPDX-License-Identifier: MIT */
/* What nsswitch.conf, PAM and sshd are told, of the support bundle.
 * Does not know: whether that is right. */
#include <stdio.h>
#include <string.h>

#include "pam_stack.h"
#include "support_report.h"
#include "support_system.h"

#define NSSWITCH "/etc/nsswitch.conf"
#define TEXT_MAX_BYTES ((size_t)1 << 20)
#define PATH_BYTES 320
#define WORD_MAX_BYTES ((size_t)64)

struct json_object *
support_nsswitch(const struct support_scene *scene)
{
	static const char *const databases[] = {
	    "passwd", "group", "shadow", "initgroups", "hosts"};
	struct json_object *object = document_object();
	cleanup_lines struct lines lines = {0};
	size_t nth;
	size_t at;

	if (lines_open(NSSWITCH, &lines) != EXTAUTH_OK)
		return object;
	while (lines_next(&lines, ":")) {
		struct json_object *words;

		for (at = 0; at < 5; at++)
			if (strcmp(databases[at], lines.words[0]) == 0)
				break;
		if (at == 5) {
			scrub_leave_out(scene->scrub, "line of nsswitch.conf");
			continue;
		}
		words = document_array();
		for (nth = 1; nth < lines.count; nth++)
			document_push_text(words,
			    scrub_is_plain(
				lines.words[nth], WORD_MAX_BYTES, "_=!-[] ")
				? lines.words[nth]
				: "(left out)");
		document_put(object, databases[at], words);
	}
	return object;
}

/* Options without a value that PAM modules of Debian have. */
static bool
is_known_option(const char *option)
{
	static const char *const known[] = {"use_first_pass", "try_first_pass",
	    "use_authtok", "nullok", "nullok_secure", "obscure", "yescrypt",
	    "sha512", "debug", "quiet", "audit", "silent", "skel=/etc/skel",
	    "umask=0077", "umask=0022", "standard", "motd=/run/motd.dynamic",
	    "noupdate", "forgot_password", "ignore_unknown_user",
	    "ignore_authinfo_unavail", "readenv=1", "revoke", "force", "close",
	    "open"};
	size_t at;

	for (at = 0; at < sizeof(known) / sizeof(*known); at++)
		if (strcmp(known[at], option) == 0)
			return true;
	return false;
}

static void
options_add(struct scrub *scrub, struct json_object *object,
    const struct pam_line *line)
{
	struct json_object *array = document_array();
	size_t at;

	for (at = 0; at < line->option_count; at++) {
		if (is_known_option(line->options[at]))
			document_push_text(array, line->options[at]);
		else
			scrub_leave_out(scrub, "option of a PAM module");
	}
	document_put(object, "options", array);
}

static void
pam_line_add(
    struct scrub *scrub, const struct lines *lines, struct json_object *array)
{
	struct json_object *object;
	struct pam_line line;

	if (lines->count == 2 && strcmp(lines->words[0], "@include") == 0 &&
	    scrub_is_plain(lines->words[1], WORD_MAX_BYTES, "/._-")) {
		object = document_object();
		document_text(object, "include", lines->words[1]);
		document_push(array, object);
		return;
	}
	if (!pam_line_read(lines, &line) ||
	    !scrub_is_plain(line.control, 4 * WORD_MAX_BYTES, "_=[] -") ||
	    !scrub_is_plain(line.module, WORD_MAX_BYTES, "/._-")) {
		scrub_leave_out(scrub, "line of a PAM file");
		return;
	}
	object = document_object();
	document_text(object, "type", line.type);
	document_text(object, "control", line.control);
	document_text(object, "module", line.module);
	options_add(scrub, object, &line);
	document_push(array, object);
}

static void
pam_file_add(struct scrub *scrub, const char *name, struct json_object *object)
{
	cleanup_lines struct lines lines = {0};
	struct json_object *array;
	char path[PATH_BYTES];

	(void)snprintf(path, sizeof(path), "%s/%s", PAM_STACK_DIRECTORY, name);
	if (strchr(name, '/') != NULL ||
	    json_object_object_get_ex(object, name, NULL) ||
	    lines_open(path, &lines) != EXTAUTH_OK)
		return;
	array = document_array();
	while (lines_next(&lines, ""))
		pam_line_add(scrub, &lines, array);
	document_put(object, name, array);
}

struct json_object *
support_pam(const struct support_scene *scene)
{
	static const char *const names[] = {"common-auth", "common-account",
	    "common-password", "common-session",
	    "common-session-noninteractive", "sshd", "login", "su", "su-l",
	    "sudo", "sudo-i", "cron", "cockpit", "other"};
	const struct config *config = scene->status.config;
	struct json_object *object = document_object();
	size_t at;

	for (at = 0; at < sizeof(names) / sizeof(*names); at++)
		pam_file_add(scene->scrub, names[at], object);
	for (at = 0; config != NULL && at < config->service_count; at++)
		pam_file_add(scene->scrub, config->services[at].name, object);
	return object;
}

/* Those whose values are words and numbers. */
static bool
is_sshd_key(const char *key)
{
	static const char *const keys[] = {"usepam", "passwordauthentication",
	    "kbdinteractiveauthentication", "pubkeyauthentication",
	    "gssapiauthentication", "hostbasedauthentication",
	    "permitemptypasswords", "permitrootlogin", "logingracetime",
	    "maxauthtries", "maxsessions", "usedns", "authenticationmethods",
	    "loglevel", "syslogfacility", "clientaliveinterval"};
	size_t at;

	for (at = 0; at < sizeof(keys) / sizeof(*keys); at++)
		if (strcmp(keys[at], key) == 0)
			return true;
	return false;
}

static void
sshd_line_add(struct scrub *scrub, char *line, struct json_object *object)
{
	char *value = strchr(line, ' ');

	if (value == NULL)
		return;
	*value++ = '\0';
	if (is_sshd_key(line) && scrub_is_plain(value, WORD_MAX_BYTES, "-,:"))
		document_text(object, line, value);
	else
		scrub_leave_out(scrub, "line of sshd -T");
}

struct json_object *
support_sshd(const struct support_scene *scene)
{
	static const char *const argv[] = {"/usr/sbin/sshd", "-T", NULL};
	cleanup_buffer struct buffer text = buffer_make(TEXT_MAX_BYTES);
	struct json_object *object = document_object();
	char *next;
	char *line;

	document_flag(object, "is_told", support_capture(argv, &text));
	for (next = text.bytes; support_line(&next, &line);)
		sshd_line_add(scene->scrub, line, object);
	return object;
}

static void
unit_line_add(struct scrub *scrub, char *line, struct json_object *unit)
{
	char *value = strchr(line, '=');

	if (value == NULL)
		return;
	*value++ = '\0';
	if (scrub_is_plain(value, WORD_MAX_BYTES, "._-@"))
		document_text(unit, line, value);
	else
		scrub_leave_out(scrub, "property of a unit");
}

/* One after the other, an empty line between. */
struct json_object *
support_units(const struct support_scene *scene)
{
	static const char properties[] =
	    "--property=Id,LoadState,ActiveState,SubState,UnitFileState,"
	    "Result,ExecMainStatus";
	static const char *const argv[] = {"/usr/bin/systemctl", "show",
	    properties, "extauth-sync.timer", "extauth-sync.service",
	    "extauth-metrics.timer", "extauth-metrics.service", "nscd.service",
	    "ssh.service", "systemd-logind.service", NULL};
	cleanup_buffer struct buffer text = buffer_make(TEXT_MAX_BYTES);
	struct json_object *array = document_array();
	struct json_object *unit = NULL;
	char *next;
	char *line;

	(void)support_capture(argv, &text);
	for (next = text.bytes; support_line(&next, &line);) {
		if (*line == '\0') {
			unit = NULL;
			continue;
		}
		if (unit == NULL) {
			unit = document_object();
			document_push(array, unit);
		}
		unit_line_add(scene->scrub, line, unit);
	}
	return array;
}
