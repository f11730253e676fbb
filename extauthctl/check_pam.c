/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checks.h"
#include "module_option.h"
#include "pam_stack.h"
#include "paths.h"
#include "policy.h"

#define PATH_BYTES 512
#define SERVICES_BYTES 4096

static const char mend_required[] =
    N_("auth [success=end default=ignore] pam_extauth.so (see pam_extauth(8)), "
       "and keep a root shell open");

/* What is known while the files are gone through. */
struct pam_check {
	const struct config *config;
	struct findings *findings;
	struct buffer open_services; /* ours, and without a section */
	unsigned services;
};

static void
check_options(const struct pam_check *check, const char *path, unsigned number,
    const struct pam_line *line)
{
	size_t index;

	for (index = 0; index < line->option_count; index++) {
		const char *option = line->options[index];
		const char *value = "";
		const enum module_option which =
		    module_option_read(option, &value);

		if (which == MODULE_OPTION_WRONG)
			finding_add(check->findings, FINDING_ERROR,
			    "pam_option", "take it out; pam_extauth(8)",
			    "%s:%u: unknown option %s: registered users are "
			    "refused",
			    path, number, option);
		if (check->config != NULL && which == MODULE_OPTION_PROVIDER &&
		    config_find_provider(check->config, value) == NULL)
			finding_add(check->findings, FINDING_ERROR,
			    "pam_option", "name one that is configured",
			    "%s:%u: %s: there is no [provider %s]", path,
			    number, option, value);
	}
}

/* Local users jump over our line; a line in between is jumped over instead. */
static void
check_jump(const struct pam_check *check, const char *path, unsigned number,
    const struct pam_line *line)
{
	if (strstr(line->control, "default=bad") == NULL &&
	    strstr(line->control, "default=die") == NULL)
		return;
	finding_add(check->findings, FINDING_ERROR, "pam_local",
	    "put \"account [success=1 default=ignore] pam_localuser.so\" right "
	    "in front of it; what stands between them goes in front of both",
	    "%s:%u: local users do not jump over this line: if the module's "
	    "file is ever missing everybody is locked out, root too",
	    path, number);
}

static bool
is_jump(const struct pam_line *line)
{
	return strstr(line->module, "pam_localuser.so") != NULL &&
	    strstr(line->control, "success=1") != NULL;
}

static void
check_file(const struct pam_check *check, const char *path)
{
	cleanup_lines struct lines lines = {0};
	bool is_jumped = false;
	struct pam_line line;

	if (lines_open(path, &lines) != EXTAUTH_OK)
		return;
	while (lines_next(&lines, "")) {
		bool was_jumped = is_jumped;

		if (!pam_line_read(&lines, &line))
			continue;
		if (strcmp(line.type, "account") == 0)
			is_jumped = is_jump(&line);
		if (!pam_line_is_ours(&line))
			continue;
		if (strcmp(line.type, "account") == 0 && !was_jumped)
			check_jump(check, path, lines.line, &line);
		check_options(check, path, lines.line, &line);
		if ((strcmp(line.type, "auth") == 0 ||
			strcmp(line.type, "account") == 0) &&
		    (strcmp(line.control, "required") == 0 ||
			strcmp(line.control, "requisite") == 0))
			finding_add(check->findings, FINDING_ERROR,
			    "pam_required", mend_required,
			    "%s:%u: %s %s: local users are refused by it, "
			    "and if the module's file is ever missing "
			    "everybody is locked out, root too",
			    path, lines.line, line.type, line.control);
	}
}

static void
service_note(struct pam_check *check, const char *service)
{
	check->services++;
	if (check->config == NULL ||
	    !policy_admits_service(check->config, service) ||
	    config_find_service(check->config, service) != NULL)
		return;
	/* More services than fit are not worth a finding of their own. */
	if (buffer_append_format(&check->open_services, "%s%s",
		check->open_services.length > 0 ? ", " : "",
		service) != EXTAUTH_OK)
		return;
}

static void
check_service(struct pam_check *check, const char *service)
{
	bool has_auth = pam_stack_has_us(service, "auth");
	bool has_account = pam_stack_has_us(service, "account");

	if (has_auth && !has_account)
		finding_add(check->findings, FINDING_ERROR, "pam_account",
		    "add the account line of pam_extauth(8)",
		    "%s/%s: pam_extauth.so in auth and not in account: "
		    "disabled users come in with an SSH key",
		    PAM_STACK_DIRECTORY, service);
	if (has_auth || has_account)
		service_note(check, service);
}

/* common-* are parts, not services. */
static int
is_file_name(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void
check_directory(struct pam_check *check)
{
	struct dirent **entries = NULL;
	char path[PATH_BYTES];
	int count;
	int index;

	count = scandir(PAM_STACK_DIRECTORY, &entries, is_file_name, alphasort);
	for (index = 0; index < count; index++) {
		const char *name = entries[index]->d_name;

		(void)snprintf(
		    path, sizeof(path), "%s/%s", PAM_STACK_DIRECTORY, name);
		check_file(check, path);
		if (strncmp(name, "common-", 7) != 0)
			check_service(check, name);
		free(entries[index]);
	}
	free(entries);
}

/* setup lists these for the day when they are installed. */
static bool
is_foreseen(const char *service)
{
	return strcmp(service, "cron") == 0 || strcmp(service, "atd") == 0 ||
	    strcmp(service, "su") == 0;
}

/* A name that is wrong here refuses nobody and admits nobody. */
static void
check_listed(const struct config *config, struct findings *findings)
{
	const struct config_list *services = &config->general.services;
	const struct ini_entry *entry =
	    config_origin(config, "extauth", "services", 0);
	char path[PATH_BYTES];
	size_t index;

	for (index = 0; entry != NULL && index < services->count; index++) {
		(void)snprintf(path, sizeof(path), "%s/%s", PAM_STACK_DIRECTORY,
		    services->items[index]);
		if (access(path, F_OK) == 0 ||
		    is_foreseen(services->items[index]))
			continue;
		finding_add(findings, FINDING_NOTE, "service_absent",
		    "install it, or take the name out",
		    "%s:%u: [extauth] services: %s: there is no %s",
		    entry->path, entry->line, services->items[index], path);
	}
}

/* Once libc knows registered users, an SSH key is enough to get in. */
static void
check_absent(struct findings *findings)
{
	static const char mend[] = "pam-auth-update --enable extauth mkhomedir";

	if (check_nsswitch_is_set() && access(EXTAUTH_NSS_PATH, F_OK) == 0)
		finding_add(findings, FINDING_ERROR, "pam_absent", mend,
		    "no service in %s uses pam_extauth.so, but %s names "
		    "extauth: disabled users come in with an SSH key",
		    PAM_STACK_DIRECTORY, "/etc/nsswitch.conf");
	else
		finding_add(findings, FINDING_WARNING, "pam_absent", mend,
		    "no service in %s uses pam_extauth.so",
		    PAM_STACK_DIRECTORY);
}

void
check_pam(const struct config *config, struct findings *findings)
{
	struct pam_check check = {.config = config,
	    .findings = findings,
	    .open_services = buffer_make(SERVICES_BYTES)};

	check_directory(&check);
	if (config != NULL)
		check_listed(config, findings);
	if (check.services == 0)
		check_absent(findings);
	if (check.open_services.length > 0)
		finding_add(findings, FINDING_NOTE, "service_open",
		    "a section [service NAME] with allow_users or "
		    "allow_groups says who may",
		    "every enabled registered user may use: %s",
		    buffer_text(&check.open_services));
	buffer_clear(&check.open_services);
}
