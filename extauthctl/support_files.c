/* SPDX-License-Identifier: MIT */
/* Names, modes, owners and sizes of our files, of the support bundle.
 * Does not know: what is in them. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "paths.h"
#include "support_report.h"
#include "sync_state.h"

#define PATH_BYTES 512
#define CONFIG_DIRECTORY "/etc/extauth"

static const char *
type_name(mode_t mode)
{
	if (S_ISREG(mode))
		return "file";
	if (S_ISDIR(mode))
		return "directory";
	return S_ISLNK(mode) ? "link" : "other";
}

static void
file_add(struct json_object *array, const char *path)
{
	struct json_object *object;
	struct stat status;
	char mode[8];

	if (lstat(path, &status) != 0)
		return;
	object = document_object();
	(void)snprintf(mode, sizeof(mode), "%04o", status.st_mode & 07777);
	document_text(object, "path", path);
	document_text(object, "type", type_name(status.st_mode));
	document_text(object, "mode", mode);
	document_number(object, "uid", status.st_uid);
	document_number(object, "gid", status.st_gid);
	document_number(object, "size", status.st_size);
	status_time_add(object, "changed", (int64_t)status.st_mtime);
	document_push(array, object);
}

static void
directory_add(struct scrub *scrub, struct json_object *array, const char *path)
{
	const struct dirent *entry;
	DIR *directory = opendir(path);
	char name[PATH_BYTES];

	file_add(array, path);
	if (directory == NULL)
		return;
	/* One thread. NOLINTNEXTLINE(concurrency-mt-unsafe) */
	while ((entry = readdir(directory)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		if (scrub_is_plain(entry->d_name, 64, "._-")) {
			(void)snprintf(name, sizeof(name), "%.200s/%.255s",
			    path, entry->d_name);
			file_add(array, name);
		} else {
			scrub_leave_out(scrub, "file with an odd name");
		}
	}
	(void)closedir(directory);
}

static void
marks_add(struct json_object *object)
{
	const struct dirent *entry;
	DIR *marks = opendir(EXTAUTH_RUN_DIRECTORY);
	int64_t count = 0;

	if (marks == NULL)
		return;
	/* One thread. NOLINTNEXTLINE(concurrency-mt-unsafe) */
	while ((entry = readdir(marks)) != NULL)
		count += entry->d_name[0] != '.';
	(void)closedir(marks);
	document_number(object, "marks", count);
}

struct json_object *
support_files(const struct support_scene *scene)
{
	static const char *const directories[] = {CONFIG_DIRECTORY,
	    CONFIG_DIRECTORY "/conf.d", CONFIG_DIRECTORY "/secrets",
	    EXTAUTH_REGISTRY_DIRECTORY, SYNC_STATE_DIRECTORY};
	struct json_object *object = document_object();
	struct json_object *array = document_array();
	size_t at;

	for (at = 0; at < sizeof(directories) / sizeof(*directories); at++)
		directory_add(scene->scrub, array, directories[at]);
	file_add(array, EXTAUTH_EXCHANGE_PATH);
	file_add(array, EXTAUTH_RUN_DIRECTORY);
	document_put(object, "files", array);
	marks_add(object);
	return object;
}
