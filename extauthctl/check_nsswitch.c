/* SPDX-License-Identifier: MIT */
#include <dlfcn.h>
#include <string.h>
#include <unistd.h>

#include "checks.h"
#include "lines.h"

#define NSSWITCH "/etc/nsswitch.conf"
#define MODULE "libnss_extauth.so.2"
#define NONE ((size_t)-1)

static size_t
word_find(const struct lines *lines, const char *word)
{
	size_t index;

	for (index = 1; index < lines->count; index++)
		if (strcmp(lines->words[index], word) == 0)
			return index;
	return NONE;
}

/* Reads on to the line of `database`. */
static bool
database_find(struct lines *lines, const char *database)
{
	if (lines_open(NSSWITCH, lines) != EXTAUTH_OK)
		return false;
	while (lines_next(lines, ":"))
		if (strcmp(lines->words[0], database) == 0)
			return true;
	return false;
}

/* What ends the look-up there hides all who are known behind it. */
static bool
is_cut_off(const struct lines *lines, size_t extauth)
{
	size_t index;

	for (index = 1; index < extauth; index++)
		if (lines->words[index][0] == '[' &&
		    strcasestr(lines->words[index], "notfound=return") != NULL)
			return true;
	return false;
}

static void
check_database(const char *database, struct findings *findings)
{
	cleanup_lines struct lines lines = {0};
	size_t extauth;
	size_t files;

	if (!database_find(&lines, database)) {
		finding_add(findings, FINDING_WARNING, "nsswitch",
		    "add extauth as its last word",
		    "%s: no line \"%s:\": registered users are unknown to "
		    "this host",
		    NSSWITCH, database);
		return;
	}
	extauth = word_find(&lines, "extauth");
	files = word_find(&lines, "files");
	if (files == NONE)
		files = word_find(&lines, "compat");
	if (extauth == NONE)
		finding_add(findings, FINDING_WARNING, "nsswitch",
		    "add extauth as its last word",
		    "%s:%u: %s: without extauth: registered users are unknown "
		    "to this host",
		    NSSWITCH, lines.line, database);
	else if (files == NONE || extauth < files)
		finding_add(findings, FINDING_ERROR, "nsswitch_order",
		    "put files first",
		    "%s:%u: %s: extauth before files: local accounts must "
		    "come first",
		    NSSWITCH, lines.line, database);
	else if (is_cut_off(&lines, extauth))
		finding_add(findings, FINDING_ERROR, "nsswitch_order",
		    "put extauth in front of it",
		    "%s:%u: %s: [NOTFOUND=return] before extauth: registered "
		    "users are unknown to this host",
		    NSSWITCH, lines.line, database);
}

bool
check_nsswitch_is_set(void)
{
	cleanup_lines struct lines passwd = {0};
	cleanup_lines struct lines group = {0};

	return database_find(&passwd, "passwd") &&
	    word_find(&passwd, "extauth") != NONE &&
	    database_find(&group, "group") &&
	    word_find(&group, "extauth") != NONE;
}

/* libc leaves a module out without a word if it cannot load it. */
static void
check_module(struct findings *findings)
{
	void *module = dlopen(MODULE, RTLD_NOW | RTLD_LOCAL);
	/* One thread. NOLINTNEXTLINE(concurrency-mt-unsafe) */
	const char *reason = module == NULL ? dlerror() : NULL;

	if (module != NULL)
		(void)dlclose(module);
	else
		finding_add(findings, FINDING_ERROR, "nss_module",
		    "install the package libnss-extauth; of a build from "
		    "source, give meson the --libdir that libc looks into, "
		    "and run ldconfig",
		    "registered users are unknown to this host: %s",
		    reason != NULL ? reason : MODULE);
}

void
check_nsswitch(struct findings *findings)
{
	check_database("passwd", findings);
	check_database("group", findings);
	if (check_nsswitch_is_set())
		check_module(findings);
	if (access("/var/run/nscd/socket", F_OK) == 0)
		finding_add(findings, FINDING_NOTE, "nscd", "",
		    "nscd runs: it keeps answers of before a change for "
		    "a while; extauthctl tells it of each");
}
