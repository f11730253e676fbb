/* SPDX-License-Identifier: MIT */
#include "setup_services.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pam_stack.h"

#define PATH_BYTES 512
#define LIST_BYTES 2048
#define NAME_BYTES 64

/* Without these a registered user's own jobs would stop, and root could not
 * become one. */
static const char *const always[] = {"cron", "atd", "su"};

#define ALWAYS_COUNT (sizeof(always) / sizeof(always[0]))

bool
setup_services_have(const struct setup *setup, const char *service)
{
	size_t index;

	for (index = 0; index < setup->service_count; index++)
		if (strcmp(setup->services[index], service) == 0)
			return true;
	return false;
}

static enum ctl_exit
service_add(struct setup *setup, const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "0123456789_-";
	char path[PATH_BYTES];

	if (strcmp(name, "sudo-i") == 0)
		name = "sudo";
	(void)snprintf(path, sizeof(path), "%s/%s", PAM_STACK_DIRECTORY, name);
	if (*name == '\0' || name[strspn(name, allowed)] != '\0' ||
	    strncmp(name, "common-", 7) == 0) {
		complain("setup: --service: \"%s\" is not the name of a PAM "
			 "service, such as sshd",
		    name);
		return CTL_USAGE;
	}
	if (access(path, F_OK) != 0) {
		complain("setup: --service %s: there is no %s: install what it "
			 "belongs to, or leave it out",
		    name, path);
		return CTL_NO;
	}
	if (setup_services_have(setup, name))
		return CTL_DONE;
	if (setup->service_count == SETUP_SERVICES_MAX) {
		complain("setup: --service: at most %d", SETUP_SERVICES_MAX);
		return CTL_USAGE;
	}
	setup->services[setup->service_count] = strdup(name);
	if (setup->services[setup->service_count++] == NULL)
		die_of_memory();
	return CTL_DONE;
}

/* One value of --service: names between commas. */
static enum ctl_exit
list_add(struct setup *setup, const char *list)
{
	enum ctl_exit status = CTL_DONE;

	while (status == CTL_DONE) {
		size_t length = strcspn(list, ",");
		char name[NAME_BYTES];

		(void)snprintf(name, sizeof(name), "%.*s", (int)length, list);
		status = service_add(setup, name + strspn(name, " "));
		if (list[length] == '\0')
			break;
		list += length + 1;
	}
	return status;
}

static bool
is_always(const char *name)
{
	size_t index;

	for (index = 0; index < ALWAYS_COUNT; index++)
		if (strcmp(name, always[index]) == 0)
			return true;
	return false;
}

static enum ctl_exit
choose(struct setup *setup, const struct config *earlier)
{
	const struct config_list *before = &earlier->general.services;
	enum ctl_exit status = CTL_DONE;
	const char *given;
	size_t index;

	for (index = 0; status == CTL_DONE &&
	     (given = arguments_nth(setup->arguments, "service", index)) !=
		 NULL;
	     index++)
		status = list_add(setup, given);
	if (status != CTL_DONE || setup->service_count > 0)
		return status;
	for (index = 0; index < before->count && status == CTL_DONE; index++)
		if (!is_always(before->items[index]))
			status = service_add(setup, before->items[index]);
	if (status == CTL_DONE && setup->service_count == 0)
		status = service_add(setup, "sshd");
	return status;
}

enum ctl_exit
setup_services_find(struct setup *setup, const struct config *earlier)
{
	cleanup_buffer struct buffer list = buffer_make(LIST_BYTES);
	enum ctl_exit status = choose(setup, earlier);
	size_t index;

	if (status != CTL_DONE)
		return status;
	for (index = 0; index < setup->service_count; index++)
		if (buffer_append_format(&list, "%s%s", index > 0 ? ", " : "",
			setup->services[index]) != EXTAUTH_OK)
			die_of_memory();
	for (index = 0; index < ALWAYS_COUNT; index++)
		if (!setup_services_have(setup, always[index]) &&
		    buffer_append_format(&list, ", %s", always[index]) !=
			EXTAUTH_OK)
			die_of_memory();
	setup->service_list = strdup(buffer_text(&list));
	if (setup->service_list == NULL)
		die_of_memory();
	return CTL_DONE;
}
