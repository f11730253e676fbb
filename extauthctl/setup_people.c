/* SPDX-License-Identifier: MIT */
#include "setup_people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "identity.h"
#include "paths.h"
#include "registrar.h"
#include "setup_ask.h"
#include "terminal.h"
#include "translate.h"

void
setup_person_clear(struct setup_person *person)
{
	if (person == NULL)
		return;
	free(person->name);
	free(person->email);
	*person = (struct setup_person){0};
}

/* A registry that begins anew would give out the uids of the old one again. */
static enum ctl_exit
backup_find(struct setup *setup, bool will_register)
{
	char last[REGISTRAR_BACKUP_BYTES];

	if (!registrar_find_backup(last))
		return CTL_DONE;
	setup_say(setup,
	    _("note: a registry of an earlier installation is there. To have "
	      "its people and uids back:\n"
	      "  extauthctl registry restore %s"),
	    last);
	if (!will_register)
		return CTL_DONE;
	complain("setup: a new registry would give the uids of that one to "
		 "other people: restore it first, or move %s away",
	    last);
	return CTL_NO;
}

/* Tells whether the name is registered, and whether anybody is. */
static bool
is_registered(const char *name, bool *ret_is_anybody)
{
	cleanup_room struct registry_room room = {0};
	struct registry registry = {.fd = -1};
	struct extauth_error ignored = {0};
	struct registry_user user;
	bool is_there = false;

	*ret_is_anybody = false;
	if (registry_open(EXTAUTH_REGISTRY_PATH, &registry, &ignored) !=
	    EXTAUTH_OK)
		return false;
	*ret_is_anybody = registry.user_count > 0;
	if (name != NULL)
		is_there = registry_find_name(&registry, name, &room, &user) ==
		    EXTAUTH_OK;
	registry_close(&registry);
	return is_there;
}

/* A rehearsal is everything that a registration checks, without the writing. */
static enum ctl_exit
person_add(const struct setup *setup, const struct setup_person *person,
    bool is_rehearsal, uint32_t *ret_uid)
{
	cleanup_registrar struct registrar registrar = {
	    .change = REGISTRY_CHANGE_NONE};
	const struct registrar_wish wish = {
	    .name = person->name, .email = person->email};
	struct extauth_error error = {0};
	enum extauth_err err;

	err = is_rehearsal
	    ? registrar_begin_rehearsal(&setup->config, &registrar, &error)
	    : registrar_begin(&setup->config, &registrar, &error);
	if (err == EXTAUTH_OK)
		err = registrar_add(&registrar, &wish, ret_uid, &error);
	if (err == EXTAUTH_OK && !is_rehearsal)
		err = registrar_commit(&registrar, &error);
	return err == EXTAUTH_OK ? CTL_DONE
				 : complain_about("setup: --user", err, &error);
}

static enum ctl_exit
rehearse(const struct setup *setup, const struct setup_person *person)
{
	uint32_t uid = 0;

	return person_add(setup, person, true, &uid);
}

/* Asks again after an empty line. */
static enum ctl_exit
name_ask(const char *question, char **ret_name)
{
	struct extauth_error error = {0};
	cleanup_free char *name = NULL;
	enum extauth_err err;

	do {
		free(name);
		name = NULL;
		err = setup_ask_line(question, NULL, &name, &error);
	} while (err == EXTAUTH_OK && *name == '\0');
	if (err != EXTAUTH_OK)
		return complain_about("setup", err, &error);
	*ret_name = name;
	name = NULL;
	return CTL_DONE;
}

static enum ctl_exit
person_ask(struct setup_person *person)
{
	bool is_anybody = false;
	enum ctl_exit status;

	(void)is_registered(NULL, &is_anybody);
	status = name_ask(is_anybody
		? _("Login name of a registered person who tries a login")
		: _("Login name of the first person"),
	    &person->name);
	if (status != CTL_DONE || is_registered(person->name, &is_anybody))
		return status;
	return name_ask(
	    _("E-mail address that the web service knows"), &person->email);
}

static enum ctl_exit
person_ask_until_good(const struct setup *setup, struct setup_person *person)
{
	for (;;) {
		enum ctl_exit status = person_ask(person);

		if (status != CTL_DONE || person->email == NULL)
			return status;
		if (rehearse(setup, person) == CTL_DONE)
			return CTL_DONE;
		setup_person_clear(person);
	}
}

static enum ctl_exit
person_given(const struct setup *setup, const char *name, const char *email,
    struct setup_person *person)
{
	bool is_anybody;

	person->name = strdup(name);
	if (person->name == NULL)
		die_of_memory();
	if (is_registered(name, &is_anybody))
		return CTL_DONE;
	if (email == NULL) {
		complain("setup: --email is missing: %s is not registered yet; "
			 "the e-mail that the web service knows",
		    name);
		return CTL_USAGE;
	}
	person->email = strdup(email);
	if (person->email == NULL)
		die_of_memory();
	return rehearse(setup, person);
}

enum ctl_exit
setup_person_find(struct setup *setup, struct setup_person *person)
{
	const char *name = arguments_value(setup->arguments, "user");
	const char *email = arguments_value(setup->arguments, "email");
	bool is_dry_run = arguments_has(setup->arguments, "dry-run");
	enum ctl_exit status = CTL_DONE;

	if (name == NULL && email != NULL) {
		complain("setup: --email: needs --user NAME as well");
		return CTL_USAGE;
	}
	if (name != NULL)
		status = person_given(setup, name, email, person);
	else if (!arguments_has(setup->arguments, "no-test-login") &&
	    !is_dry_run && terminal_is_person() &&
	    !arguments_has(setup->arguments, "yes"))
		status = person_ask_until_good(setup, person);
	else if (!arguments_has(setup->arguments, "no-test-login") &&
	    !is_dry_run) {
		complain("setup: --user NAME is missing: who tries a login at "
			 "the end; --no-test-login goes without");
		status = CTL_USAGE;
	}
	return status == CTL_DONE ? backup_find(setup, person->email != NULL)
				  : status;
}

enum ctl_exit
setup_person_register(struct setup *setup, const struct setup_person *person)
{
	enum ctl_exit status;
	uint32_t uid = 0;

	if (person->email == NULL)
		return CTL_DONE;
	status = person_add(setup, person, false, &uid);
	if (status == CTL_DONE)
		setup_say(setup, _("%s: registered, uid %u, %s"), person->name,
		    uid, person->email);
	return status;
}
