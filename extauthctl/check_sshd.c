/* SPDX-License-Identifier: MIT */
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checks.h"
#include "identity.h"
#include "lines.h"

#define SSHD_DIRECTORY "/etc/ssh"
#define SSHD_CONFIG SSHD_DIRECTORY "/sshd_config"
#define DEPTH_MAX 8
#define PATH_BYTES 512
#define KEYWORD_BYTES 48
#define GRACE_DEFAULT_MS 120000

enum answer {
	ANSWER_DEFAULT = 0,
	ANSWER_YES,
	ANSWER_NO,
};

/* Of each keyword sshd takes the first value; {0} is its defaults. */
struct sshd {
	struct findings *findings;
	enum answer use_pam;
	enum answer keyboard_interactive;
	enum answer password;
	bool has_grace;
	uint64_t grace_ms;
	char grace_place[PATH_BYTES];
};

static uint64_t
unit_ms(char unit)
{
	switch (unit) {
	case 'm':
		return 60000;
	case 'h':
		return 3600000;
	case 'd':
		return 86400000;
	case 'w':
		return 604800000;
	default:
		return 1000;
	}
}

/* "90", "2m", "1h30m". sshd_config(5), TIME FORMATS. */
static uint64_t
time_ms(const char *text)
{
	uint64_t total = 0;
	uint64_t number = 0;

	for (; *text != '\0' && total < UINT32_MAX; text++) {
		if (*text >= '0' && *text <= '9') {
			number = (number * 10 + (uint64_t)(*text - '0')) %
			    UINT32_MAX;
			continue;
		}
		total += number * unit_ms((char)(*text | 0x20));
		number = 0;
	}
	return total + number * 1000;
}

static void
check_users(
    const struct sshd *sshd, const char *path, const struct lines *lines)
{
	struct extauth_error ignored = {0};
	size_t index;

	for (index = 1; index < lines->count; index++) {
		const char *pattern = lines->words[index];

		if (identity_check_email(pattern, &ignored) != EXTAUTH_OK)
			continue;
		finding_add(sshd->findings, FINDING_WARNING, "sshd_users",
		    "write ? for the @, or use AllowGroups or Match User",
		    "%s:%u: %s %s: sshd reads what is behind @ as the "
		    "client's host; it never matches a login name with @",
		    path, lines->line, lines->words[0], pattern);
	}
}

static void
answer_take(enum answer *answer, const char *word)
{
	if (*answer == ANSWER_DEFAULT)
		*answer = strcmp(word, "no") == 0 ? ANSWER_NO : ANSWER_YES;
}

static void
keyword_take(struct sshd *sshd, const char *path, const struct lines *lines,
    const char *keyword)
{
	const char *value = lines->words[1];

	if (strcmp(keyword, "usepam") == 0)
		answer_take(&sshd->use_pam, value);
	else if (strcmp(keyword, "passwordauthentication") == 0)
		answer_take(&sshd->password, value);
	else if (strcmp(keyword, "kbdinteractiveauthentication") == 0 ||
	    strcmp(keyword, "challengeresponseauthentication") == 0)
		answer_take(&sshd->keyboard_interactive, value);
	else if (strcmp(keyword, "logingracetime") == 0 && !sshd->has_grace) {
		sshd->has_grace = true;
		sshd->grace_ms = time_ms(value);
		(void)snprintf(sshd->grace_place, sizeof(sshd->grace_place),
		    "%s:%u", path, lines->line);
	}
}

/* As deep as files include each other. NOLINTBEGIN(misc-no-recursion) */
static void read_file(
    struct sshd *sshd, const char *path, bool *is_in_match, int depth);

static void
read_included(
    struct sshd *sshd, const struct lines *lines, bool *is_in_match, int depth)
{
	char pattern[PATH_BYTES];
	size_t index;
	size_t found;

	for (index = 1; index < lines->count; index++) {
		const char *word = lines->words[index];
		bool is_whole = word[0] == '/';
		glob_t files = {0};

		(void)snprintf(pattern, sizeof(pattern), "%s%s%s",
		    is_whole ? "" : SSHD_DIRECTORY, is_whole ? "" : "/", word);
		/* One thread. NOLINTNEXTLINE(concurrency-mt-unsafe) */
		if (glob(pattern, 0, NULL, &files) == 0)
			for (found = 0; found < files.gl_pathc; found++)
				read_file(sshd, files.gl_pathv[found],
				    is_in_match, depth + 1);
		globfree(&files);
	}
}

static void
read_file(struct sshd *sshd, const char *path, bool *is_in_match, int depth)
{
	cleanup_lines struct lines lines = {0};
	char keyword[KEYWORD_BYTES];

	if (depth > DEPTH_MAX || lines_open(path, &lines) != EXTAUTH_OK)
		return;
	while (lines_next(&lines, "=\"")) {
		if (lines.count < 2)
			continue;
		(void)snprintf(keyword, sizeof(keyword), "%s", lines.words[0]);
		identity_fold(keyword);
		if (strcmp(keyword, "match") == 0) {
			/* "Match all" ends the conditions. */
			identity_fold(lines.words[1]);
			*is_in_match = strcmp(lines.words[1], "all") != 0;
		} else if (strcmp(keyword, "include") == 0) {
			bool inner = *is_in_match;

			read_included(sshd, &lines, &inner, depth);
		} else if (strcmp(keyword, "allowusers") == 0 ||
		    strcmp(keyword, "denyusers") == 0) {
			check_users(sshd, path, &lines);
		} else if (!*is_in_match) {
			keyword_take(sshd, path, &lines, keyword);
		}
	}
}

/* NOLINTEND(misc-no-recursion) */

static void
judge_grace(const struct config *config, const struct sshd *sshd)
{
	uint64_t grace_ms = sshd->has_grace ? sshd->grace_ms : GRACE_DEFAULT_MS;

	if (config == NULL || grace_ms == 0 ||
	    grace_ms > config->general.person_deadline_ms)
		return;
	finding_add(sshd->findings, FINDING_WARNING, "sshd_grace",
	    "raise LoginGraceTime, or lower person_deadline",
	    "%s: LoginGraceTime is %llus, person_deadline %us: sshd ends the "
	    "login before the person's time is over",
	    sshd->has_grace ? sshd->grace_place : SSHD_CONFIG,
	    (unsigned long long)(grace_ms / 1000),
	    config->general.person_deadline_ms / 1000);
}

/* A login by device has nothing but its question; a second factor and a reset
 * mail come up with some people. */
static void
judge_questions(const struct config *config, struct findings *findings)
{
	bool may_ask = false;
	bool must_ask = false;
	size_t index;

	for (index = 0; config != NULL && index < config->provider_count;
	     index++) {
		const struct config_provider *provider =
		    &config->providers[index];

		if (!config_provider_wants_password(provider))
			must_ask = true;
		if (strcmp(provider->type, "okta") == 0 ||
		    config_provider_resets(provider))
			may_ask = true;
	}
	if (must_ask || may_ask)
		finding_add(findings, must_ask ? FINDING_WARNING : FINDING_NOTE,
		    "sshd_interactive",
		    "a file /etc/ssh/sshd_config.d/10-extauth.conf with "
		    "KbdInteractiveAuthentication yes, and systemctl reload "
		    "ssh",
		    "%s: KbdInteractiveAuthentication is no: sshd cannot ask "
		    "a second question, as for a second factor, grant = "
		    "device or a reset mail",
		    SSHD_CONFIG);
}

void
check_sshd(const struct config *config, struct findings *findings)
{
	struct sshd sshd = {.findings = findings};
	bool is_in_match = false;

	if (access(SSHD_CONFIG, R_OK) != 0)
		return;
	read_file(&sshd, SSHD_CONFIG, &is_in_match, 0);
	/* Without the line it is no. */
	if (sshd.use_pam != ANSWER_YES)
		finding_add(findings, FINDING_ERROR, "sshd_pam", "UsePAM yes",
		    "%s: UsePAM is no: sshd does not ask extauth, and disabled "
		    "users come in with a key",
		    SSHD_CONFIG);
	if (sshd.password == ANSWER_NO &&
	    sshd.keyboard_interactive == ANSWER_NO)
		finding_add(findings, FINDING_WARNING, "sshd_password",
		    "KbdInteractiveAuthentication yes",
		    "%s: no passwords by SSH: PasswordAuthentication and "
		    "KbdInteractiveAuthentication are no",
		    SSHD_CONFIG);
	else if (sshd.keyboard_interactive == ANSWER_NO)
		judge_questions(config, findings);
	judge_grace(config, &sshd);
}
