/* SPDX-License-Identifier: MIT */
#include "support_report.h"

#include <gnu/libc-version.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "checks.h"
#include "lines.h"
#include "paths.h"
#include "support_config.h"

#define OS_RELEASE "/etc/os-release"
#define PLACE_BYTES 256

/* ID="debian" and the like. */
static void
os_add(struct scrub *scrub, struct json_object *object)
{
	static const char *const keys[] = {
	    "ID", "ID_LIKE", "VERSION_ID", "VERSION_CODENAME", "VARIANT_ID"};
	cleanup_lines struct lines lines = {0};
	size_t at;

	if (lines_open(OS_RELEASE, &lines) != EXTAUTH_OK)
		return;
	while (lines_next(&lines, "=\"'"))
		for (at = 0; at < sizeof(keys) / sizeof(*keys); at++)
			if (lines.count == 2 &&
			    strcmp(lines.words[0], keys[at]) == 0 &&
			    scrub_is_plain(lines.words[1], 32, "._-"))
				document_text(object, keys[at], lines.words[1]);
	scrub_leave_out(scrub, "other lines of os-release");
}

struct json_object *
support_versions(const struct support_scene *scene)
{
	struct json_object *object = document_object();
	struct json_object *os = document_object();
	struct utsname kernel;

	document_text(object, "extauth", EXTAUTH_VERSION);
	os_add(scene->scrub, os);
	document_put(object, "os_release", os);
	if (uname(&kernel) == 0) {
		document_text(object, "kernel", kernel.release);
		document_text(object, "machine", kernel.machine);
	}
	document_text(object, "glibc", gnu_get_libc_version());
	document_text(object, "openssl", OpenSSL_version(OPENSSL_VERSION));
	document_text(object, "json_c", json_c_version());
	return object;
}

/* The length of "[SECTION] KEY" if that is a key that there is, else 0: what
 * stands where a key should may be a part of a value. A group's name may be a
 * person's. */
static size_t
key_length(const char *section)
{
	size_t end = strcspn(section, "]");
	char kind[PLACE_BYTES];
	char key[PLACE_BYTES];
	size_t length;

	if (section[end] == '\0' || section[end + 1] != ' ')
		return 0;
	length =
	    strspn(section + end + 2, "abcdefghijklmnopqrstuvwxyz_0123456789");
	(void)snprintf(kind, sizeof(kind), "%.*s",
	    (int)strcspn(section + 1, " ]"), section + 1);
	(void)snprintf(
	    key, sizeof(key), "%.*s", (int)length, section + end + 2);
	return section[end + 2 + length] == ':' && strcmp(kind, "group") != 0 &&
		support_config_decision(kind, key) != SUPPORT_OMIT
	    ? end + 2 + length
	    : 0;
}

/* "PATH:LINE: [SECTION] KEY" of a message; what follows may be a value. */
static void
place_add(struct scrub *scrub, struct json_object *object, const char *message)
{
	const char *section = strstr(message, ": [");
	char place[PLACE_BYTES];
	size_t length;
	size_t more;

	scrub_leave_out(scrub, "reason of a configuration error");
	document_null(object, "place");
	if (section == NULL)
		return;
	length = (size_t)(section - message);
	more = key_length(section + strlen(": "));
	more += more > 0 ? strlen(": ") : 0;
	if (length + more >= sizeof(place))
		return;
	(void)snprintf(place, sizeof(place), "%.*s", (int)length, message);
	if (strncmp(place, "/etc/extauth/", 13) != 0 ||
	    !scrub_is_plain(place, sizeof(place), "/._-:"))
		return;
	(void)snprintf(
	    place, sizeof(place), "%.*s", (int)(length + more), message);
	document_text(object, "place", place);
}

struct json_object *
support_configuration(const struct support_scene *scene)
{
	struct json_object *object;

	if (scene->status.config != NULL)
		return support_config(scene->scrub, scene->status.config);
	object = document_object();
	document_text(object, "configuration", "broken");
	place_add(scene->scrub, object, scene->status.config_error);
	return object;
}

/* Those whose text is made of our own words and of paths of the system. */
static bool
is_harmless(const char *id, const char *text)
{
	static const char *const ids[] = {"registry", "registry_empty",
	    "registry_generation", "worker", "worker_user", "nsswitch",
	    "nsswitch_order", "nscd", "nss_module", "pam_absent", "pam_account",
	    "pam_required", "sshd_grace", "sshd_interactive", "sshd_pam",
	    "sshd_password"};
	size_t at;

	for (at = 0; at < sizeof(ids) / sizeof(*ids); at++)
		if (strcmp(ids[at], id) == 0)
			return true;
	return strcmp(id, "mode") == 0 &&
	    scrub_is_plain(text, PLACE_BYTES, "/._- :,()'") &&
	    (strncmp(text, EXTAUTH_REGISTRY_DIRECTORY, 16) == 0 ||
		strncmp(text, "/etc/extauth", 12) == 0);
}

struct json_object *
support_check(const struct support_scene *scene)
{
	static const struct arguments nothing;
	cleanup_document struct json_object *all = document_array();
	struct findings findings = {.array = all};
	struct json_object *array = document_array();
	size_t at;

	(void)check_all(scene->context, &nothing, &findings);
	for (at = 0; at < json_object_array_length(all); at++) {
		struct json_object *found = json_object_array_get_idx(all, at);
		struct json_object *object = document_object();
		const char *id = document_get_text(found, "id");
		const char *text = document_get_text(found, "text");

		document_text(object, "id", id);
		document_text(
		    object, "level", document_get_text(found, "level"));
		if (is_harmless(id, text))
			document_text(object, "text", text);
		else
			scrub_leave_out(scene->scrub, "text of a finding");
		document_push(array, object);
	}
	return array;
}

static void
count_instead(struct scrub *scrub, struct json_object *report, const char *key)
{
	struct json_object *names = NULL;
	size_t count;

	if (!json_object_object_get_ex(report, key, &names) ||
	    !json_object_is_type(names, json_type_array))
		return;
	count = json_object_array_length(names);
	if (count > 0)
		scrub_leave_out(scrub, "names in the status");
	document_number(report, key, (int64_t)count);
}

static void
results_remove(struct scrub *scrub, struct json_object *report)
{
	struct json_object *sources = NULL;
	size_t at;

	if (!json_object_object_get_ex(report, "sources", &sources) ||
	    sources == NULL)
		return;
	for (at = 0; at < json_object_array_length(sources); at++) {
		json_object_object_del(
		    json_object_array_get_idx(sources, at), "result");
		scrub_leave_out(scrub, "result of a source in words");
	}
}

struct json_object *
support_status(const struct support_scene *scene)
{
	struct json_object *report = status_document(&scene->status);

	count_instead(scene->scrub, report, "throttled");
	count_instead(scene->scrub, report, "without_source");
	results_remove(scene->scrub, report);
	json_object_object_del(report, "configuration_error");
	return report;
}
