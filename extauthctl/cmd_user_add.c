/* SPDX-License-Identifier: MIT */
/* `user add`: registers one person.
 * Does not know: how a uid is found, or what may be registered. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "document.h"
#include "identity.h"
#include "number.h"
#include "record.h"
#include "registrar.h"
#include "settings.h"
#include "translate.h"

static bool
wish_groups(const struct arguments *arguments, struct registrar_wish *wish)
{
	const char *group;

	while ((group = arguments_nth(arguments, "group", wish->group_count)) !=
	    NULL) {
		if (wish->group_count == REGISTRAR_GROUPS_MAX)
			return false;
		wish->groups[wish->group_count++] = group;
	}
	return true;
}

/* Where the login name is the e-mail there is no need to say it twice. */
static const char *
email_of(const struct config *config, const struct arguments *arguments)
{
	const char *email = arguments_value(arguments, "email");
	const char *name = arguments->operands[0];

	if (email == NULL && config->general.email_login_names &&
	    identity_is_email_name(name))
		return name;
	return email;
}

static enum ctl_exit
wish_of_arguments(const struct config *config,
    const struct arguments *arguments, struct registrar_wish *ret_wish)
{
	struct registrar_wish wish = {
	    .name = arguments->operands[0],
	    .email = email_of(config, arguments),
	    .gecos = arguments_value(arguments, "gecos"),
	    .home = arguments_value(arguments, "home"),
	    .shell = arguments_value(arguments, "shell"),
	    .external_id = arguments_value(arguments, "external-id"),
	    .provider = arguments_value(arguments, "provider"),
	    .not_after = arguments_value(arguments, "not-after"),
	    .is_linked = arguments_has(arguments, "local"),
	};
	const char *uid = arguments_value(arguments, "uid");

	wish.has_uid = uid != NULL;
	if (wish.has_uid && !number_parse(uid, &wish.uid)) {
		complain("user add: --uid: \"%s\" is no number", uid);
		return CTL_USAGE;
	}
	if (wish.email == NULL) {
		complain("user add: --email is missing: the e-mail that the "
			 "web service knows %s by",
		    wish.name);
		return CTL_USAGE;
	}
	if (wish.is_linked &&
	    (wish.gecos != NULL || wish.home != NULL || wish.shell != NULL)) {
		complain("user add: --local takes gecos, home and shell from "
			 "/etc/passwd");
		return CTL_USAGE;
	}
	if (!wish_groups(arguments, &wish)) {
		complain("user add: at most %d groups", REGISTRAR_GROUPS_MAX);
		return CTL_USAGE;
	}
	*ret_wish = wish;
	return CTL_DONE;
}

static void
added_print(const struct context *context, const struct registrar *registrar,
    const char *name)
{
	cleanup_document struct json_object *record = NULL;
	const struct registry_user *user;

	user = registry_contents_find_name(&registrar->change.contents, name);
	if (user == NULL)
		return;
	record = record_of_user(&registrar->change.contents, user);
	if (context->is_json)
		document_print_json(record);
	else
		(void)printf(user->is_linked
			? _("%s: registered, uid %u, %s, linked to the local "
			    "account\n")
			: _("%s: registered, uid %u, %s\n"),
		    user->name, user->uid, user->email);
}

static enum ctl_exit
user_add(const struct context *context, const struct arguments *arguments)
{
	cleanup_registrar struct registrar registrar = {
	    .change = REGISTRY_CHANGE_NONE};
	cleanup_config struct config config = {0};
	struct extauth_error error = {0};
	struct registrar_wish wish;
	enum ctl_exit status;
	enum extauth_err err;
	uint32_t uid = 0;

	if (!settings_need_root("user add"))
		return CTL_CANNOT;
	status = settings_load_or_defaults(context, &config);
	if (status == CTL_DONE)
		status = wish_of_arguments(&config, arguments, &wish);
	if (status != CTL_DONE)
		return status;
	err = registrar_begin(&config, &registrar, &error);
	if (err == EXTAUTH_OK)
		err = registrar_add(&registrar, &wish, &uid, &error);
	if (err == EXTAUTH_OK)
		err = registrar_commit(&registrar, &error);
	if (err != EXTAUTH_OK)
		return complain_about("user add", err, &error);
	added_print(context, &registrar, wish.name);
	return CTL_DONE;
}

const struct command command_user_add = {
    .name = "user add",
    .operands = "NAME",
    .summary = N_("Registers a person."),
    .example = "extauthctl user add alice --email alice@example.com "
	       "--group developers",
    .notes = N_(
	"--email defaults to NAME where NAME is an e-mail (email_login_names "
	"= yes).\n--not-after holds through the end of that day, UTC. A group "
	"that the registry\ndoes not have yet is made."),
    .options =
	(const struct command_option[]){
	    {"email", "EMAIL", N_("the e-mail that the provider knows")},
	    {"uid", "N", N_("this uid; default: the next of uid_range")},
	    {"gecos", "TEXT", N_("full name")},
	    {"home", "DIR", N_("home; default: the key home")},
	    {"shell", "PATH", N_("shell; default: the key shell")},
	    {"external-id", "ID", N_("the directory's unchanging id")},
	    {"provider", "NAME", N_("who checks the password")},
	    {"group", "NAME", N_("a group of the registry; repeatable")},
	    {"not-after", "YYYY-MM-DD", N_("the last day")},
	    {"local", NULL, N_("link the account that is in /etc/passwd")},
	    {NULL, NULL, NULL},
	},
    .operand_min = 1,
    .operand_max = 1,
    .run = user_add,
};
