/* SPDX-License-Identifier: MIT */
#include "traces.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utmpx.h>

#include "buffer.h"
#include "process.h"
#include "translate.h"

#define CRONTABS "/var/spool/cron/crontabs"
#define AT_JOBS "/var/spool/cron/atjobs"
#define PATH_BYTES 1024

static struct json_object *
sessions_of(const char *name)
{
	struct json_object *sessions = document_array();
	const struct utmpx *entry;
	char text[400];

	/* One thread. NOLINTBEGIN(concurrency-mt-unsafe) */
	setutxent();
	while ((entry = getutxent()) != NULL) {
		if (entry->ut_type != USER_PROCESS ||
		    strncmp(entry->ut_user, name, sizeof(entry->ut_user)) != 0)
			continue;
		(void)snprintf(text, sizeof(text),
		    entry->ut_host[0] != '\0' ? _("%.*s from %.*s (pid %d)")
					      : _("%.*s%.*s (pid %d)"),
		    (int)sizeof(entry->ut_line), entry->ut_line,
		    (int)sizeof(entry->ut_host), entry->ut_host,
		    (int)entry->ut_pid);
		document_push_text(sessions, text);
	}
	endutxent();
	/* NOLINTEND(concurrency-mt-unsafe) */
	return sessions;
}

static unsigned
at_jobs_of(uint32_t uid)
{
	const struct dirent *entry;
	struct stat status;
	unsigned count = 0;
	DIR *stream = opendir(AT_JOBS);

	/* One thread. NOLINTNEXTLINE(concurrency-mt-unsafe) */
	while (stream != NULL && (entry = readdir(stream)) != NULL)
		if (fstatat(dirfd(stream), entry->d_name, &status,
			AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISREG(status.st_mode) && status.st_uid == uid)
			count++;
	if (stream != NULL)
		(void)closedir(stream);
	return count;
}

static void
file_add(struct json_object *report, const char *key, const char *directory,
    const char *name)
{
	char path[PATH_BYTES];
	struct stat status;

	(void)snprintf(path, sizeof(path), "%s/%s", directory, name);
	if (lstat(path, &status) == 0)
		document_text(report, key, path);
}

void
traces_find(struct json_object *report, const char *name, uint32_t uid,
    const char *home)
{
	document_put(report, "sessions", sessions_of(name));
	document_number(report, "processes", process_count(uid));
	if (strchr(name, '/') == NULL)
		file_add(report, "crontab", CRONTABS, name);
	document_number(report, "at_jobs", at_jobs_of(uid));
	if (home[0] != '/')
		return;
	file_add(report, "authorized_keys", home, ".ssh/authorized_keys");
	file_add(report, "home", home, "");
}
