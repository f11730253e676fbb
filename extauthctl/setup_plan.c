/* SPDX-License-Identifier: MIT */
#include "setup_plan.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pam_stack.h"
#include "setup_fact_table.h"
#include "setup_pam.h"
#include "setup_plan_part.h"
#include "setup_services.h"
#include "setup_sshd.h"
#include "translate.h"

#define UMASK " umask=0077"
#define SAID_BYTES 1024
#define NSS_MODULE "libnss_extauth.so.2"

void
setup_say(struct setup *setup, const char *format, ...)
{
	char text[SAID_BYTES] = "";
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	document_push_text(setup->notes, text);
	if (!setup->context->is_json)
		(void)printf("%s\n", text);
}

static struct setup_step *
plan_add(struct setup *setup, enum setup_kind kind, const char *path)
{
	struct setup_step *step = &setup->steps[setup->step_count++];

	*step = setup_step_make(kind, path);
	return step;
}

/* The secret goes first: without it the configuration is no use. */
static enum ctl_exit
plan_secret(struct setup *setup)
{
	const struct secret *secret = &setup->facts.secret;
	struct setup_step *step;

	if (!setup->facts.has_new_secret)
		return CTL_DONE;
	step = plan_add(setup, SETUP_FILE, setup->secret_path);
	step->is_secret = true;
	step->mode = 0600;
	if (buffer_append(&step->after, secret_reveal(secret),
		secret->length) != EXTAUTH_OK)
		die_of_memory();
	return setup_part_guard(setup, step);
}

static void
home_texts(struct setup_step *step, const char *line, size_t length)
{
	size_t end = length;

	buffer_clear(&step->before);
	buffer_clear(&step->after);
	while (end > 0 && (line[end - 1] == ' ' || line[end - 1] == '\t'))
		end--;
	if (buffer_append(&step->before, line, length) != EXTAUTH_OK ||
	    buffer_append(&step->after, line, end) != EXTAUTH_OK ||
	    buffer_append_text(&step->after, UMASK) != EXTAUTH_OK)
		die_of_memory();
}

enum extauth_err
setup_plan_home(struct setup_step *step, struct extauth_error *error)
{
	cleanup_buffer struct buffer text = buffer_make(SETUP_FILE_MAX_BYTES);
	enum extauth_err err = setup_file_read(SETUP_SESSION, &text, error);
	const char *line;
	size_t length = 0;

	if (err != EXTAUTH_OK)
		return err;
	line = setup_pam_home_line(buffer_text(&text), &length);
	if (line == NULL)
		return error_set(error, EXTAUTH_NOTFOUND,
		    "%s: no line calls pam_mkhomedir.so", SETUP_SESSION);
	/* One that is told the mode already keeps it. */
	if (memmem(line, length, "umask=", 6) != NULL)
		length = 0;
	home_texts(step, line, length);
	if (length == 0)
		buffer_clear(&step->after);
	return EXTAUTH_OK;
}

static enum ctl_exit
plan_home(struct setup *setup)
{
	struct extauth_error error = {0};
	struct setup_step *step;
	enum extauth_err err;

	if (arguments_has(setup->arguments, "no-mkhomedir"))
		return CTL_DONE;
	if (setup_pam_is_on("mkhomedir")) {
		step = plan_add(setup, SETUP_LINES, SETUP_SESSION);
		err = setup_plan_home(step, &error);
		if (err != EXTAUTH_OK)
			return complain_error(err, &error);
		if (step->after.length == 0)
			setup_step_clear(&setup->steps[--setup->step_count]);
		return CTL_DONE;
	}
	step = plan_add(setup, SETUP_PROFILE, "mkhomedir");
	err = setup_pam_lines("mkhomedir", &step->after, &error);
	if (err != EXTAUTH_OK)
		return complain_error(err, &error);
	step = plan_add(setup, SETUP_LINES, SETUP_SESSION);
	home_texts(step, buffer_text(&step[-1].after),
	    strcspn(buffer_text(&step[-1].after), "\n"));
	return CTL_DONE;
}

static enum ctl_exit
plan_pam(struct setup *setup)
{
	struct extauth_error error = {0};
	struct setup_step *step;
	bool is_on = true;
	size_t index;
	enum extauth_err err;

	for (index = 0; index < setup->service_count; index++)
		is_on = is_on &&
		    pam_stack_has_us(setup->services[index], "auth") &&
		    pam_stack_has_us(setup->services[index], "account");
	if (is_on)
		return CTL_DONE;
	step = plan_add(setup, SETUP_PROFILE, "extauth");
	err = setup_pam_lines("extauth", &step->after, &error);
	return err == EXTAUTH_OK ? CTL_DONE : complain_error(err, &error);
}

/* Adds the line of a database, if it lacks our word, to both texts. false if
 * there is no such line. */
static bool
database_add(struct setup_step *step, const char *text, const char *database)
{
	size_t name = strlen(database);
	const char *line;
	size_t length;

	while ((line = setup_line_take(&text, &length)) != NULL) {
		cleanup_free char *copy = strndup(line, length);
		size_t end = length;

		if (copy == NULL)
			die_of_memory();
		if (strncmp(copy, database, name) != 0 || copy[name] != ':')
			continue;
		if (strstr(copy, " extauth") != NULL ||
		    strstr(copy, "\textauth") != NULL)
			return true;
		while (
		    end > 0 && (copy[end - 1] == ' ' || copy[end - 1] == '\t'))
			end--;
		if (buffer_append_format(&step->before, "%s\n", copy) !=
			EXTAUTH_OK ||
		    buffer_append_format(&step->after, "%.*s extauth\n",
			(int)end, copy) != EXTAUTH_OK)
			die_of_memory();
		return true;
	}
	return false;
}

/* A word that names no module makes nobody known. */
static bool
module_is_there(void)
{
	static const char *const patterns[] = {
	    "/usr/lib/*/" NSS_MODULE,
	    "/lib/*/" NSS_MODULE,
	    "/usr/lib/" NSS_MODULE,
	    "/usr/lib64/" NSS_MODULE,
	};
	bool is_there = false;
	size_t index;

	for (index = 0; index < 4 && !is_there; index++) {
		glob_t found = {0};

		/* One thread. NOLINTNEXTLINE(concurrency-mt-unsafe) */
		is_there = glob(patterns[index], 0, NULL, &found) == 0;
		globfree(&found);
	}
	return is_there;
}

static enum ctl_exit
plan_nsswitch(struct setup *setup)
{
	static const char *const databases[] = {"passwd", "group"};
	cleanup_buffer struct buffer text = buffer_make(SETUP_FILE_MAX_BYTES);
	struct extauth_error error = {0};
	struct setup_step *step = plan_add(setup, SETUP_LINES, SETUP_NSSWITCH);
	enum extauth_err err = setup_file_read(step->path, &text, &error);
	size_t index;

	if (err != EXTAUTH_OK)
		return complain_error(err, &error);
	if (!module_is_there()) {
		complain("%s is not where libc looks for it: install "
			 "libnss-extauth",
		    NSS_MODULE);
		return CTL_NO;
	}
	for (index = 0; index < 2; index++) {
		if (database_add(step, buffer_text(&text), databases[index]))
			continue;
		complain("%s: no line \"%s:\": write \"%s: files extauth\" "
			 "there, and run setup again",
		    SETUP_NSSWITCH, databases[index], databases[index]);
		return CTL_NO;
	}
	if (step->after.length == 0)
		setup_step_clear(&setup->steps[--setup->step_count]);
	return CTL_DONE;
}

bool
setup_plan_must_ask(const struct setup *setup)
{
	const struct config *config = &setup->config;
	size_t index;

	for (index = 0; index < config->provider_count; index++)
		if (!config_provider_wants_password(&config->providers[index]))
			return true;
	return setup_type_asks(setup->facts.type);
}

/* The whole file, since one that is there and no use is ours, or refused. */
static enum ctl_exit
plan_sshd_part(struct setup *setup, const struct setup_sshd *sshd)
{
	struct setup_step *step = plan_add(setup, SETUP_FILE, SETUP_SSHD_PART);
	enum extauth_err err;

	err = buffer_append_text(&step->after,
	    "# Written by `extauthctl setup`; `extauthctl unsetup` takes it "
	    "away.\n");
	if (err == EXTAUTH_OK && !sshd->has_pam)
		err = buffer_append_text(&step->after, "UsePAM yes\n");
	if (err == EXTAUTH_OK)
		err = buffer_append_text(
		    &step->after, "KbdInteractiveAuthentication yes\n");
	if (err != EXTAUTH_OK)
		die_of_memory();
	if (!sshd->has_password && !sshd->has_keyboard_interactive)
		setup_say(setup,
		    _("note: sshd takes no passwords so far; from now on it "
		      "takes them for every account, local ones too"));
	return setup_part_guard(setup, step);
}

static enum ctl_exit
plan_sshd(struct setup *setup)
{
	struct extauth_error error = {0};
	struct setup_sshd sshd = {0};
	enum extauth_err err;

	if (!setup_services_have(setup, "sshd"))
		return CTL_DONE;
	err = setup_sshd_ask(&sshd, &error);
	if (err != EXTAUTH_OK)
		return complain_error(err, &error);
	if (sshd.has_methods)
		setup_say(setup,
		    _("note: sshd's AuthenticationMethods is set: it decides "
		      "whether a password is asked for"));
	return setup_sshd_suffices(&sshd, setup_plan_must_ask(setup))
	    ? CTL_DONE
	    : plan_sshd_part(setup, &sshd);
}

enum ctl_exit
setup_plan(struct setup *setup)
{
	static enum ctl_exit (*const parts[])(struct setup *) = {plan_secret,
	    setup_plan_part, plan_home, plan_pam, plan_nsswitch, plan_sshd};
	enum ctl_exit status = CTL_DONE;
	size_t index;

	for (index = 0;
	     index < sizeof(parts) / sizeof(parts[0]) && status == CTL_DONE;
	     index++)
		status = parts[index](setup);
	return status;
}
