/* SPDX-License-Identifier: MIT */
/* `registry restore`: puts a registry that was saved, as by a purge of the
 * package, back where there is none.
 * Does not know: how a file looks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"
#include "command.h"
#include "document.h"
#include "id_map.h"
#include "local.h"
#include "number.h"
#include "passwd_entry.h"
#include "paths.h"
#include "program.h"
#include "registry_format.h"
#include "registry_restore.h"
#include "settings.h"
#include "translate.h"

#define REGISTRY_PREFIX "extauth-registry-"
#define IDS_PREFIX "extauth-ids-"
#define IDS_PATH EXTAUTH_REGISTRY_DIRECTORY "/" ID_MAP_FILE

/* One restore. */
struct restore {
	const char *path;
	bool is_dry_run;
	char *ids_path; /* NULL: there is none beside it */
	struct id_map ids;
	bool has_ids;       /* and they are to be put in place */
	size_t local_count; /* of names that /etc/passwd has as well */
	char local_name[64];
};

static void
restore_clear(struct restore *restore)
{
	free(restore->ids_path);
	id_map_clear(&restore->ids);
}

#define cleanup_restore __attribute__((cleanup(restore_clear)))

/* purge saves extauth-registry-TIME and extauth-ids-TIME side by side. */
static enum extauth_err
ids_find(struct restore *restore)
{
	const char *slash = strrchr(restore->path, '/');
	const char *name = slash != NULL ? slash + 1 : restore->path;

	if (strncmp(name, REGISTRY_PREFIX, strlen(REGISTRY_PREFIX)) != 0)
		return EXTAUTH_OK;
	if (asprintf(&restore->ids_path, "%.*s" IDS_PREFIX "%s",
		(int)(name - restore->path), restore->path,
		name + strlen(REGISTRY_PREFIX)) < 0) {
		restore->ids_path = NULL;
		return EXTAUTH_NOMEM;
	}
	return EXTAUTH_OK;
}

/* Those that are here already are kept: somebody imported them since. */
static enum extauth_err
ids_read(struct restore *restore, struct extauth_error *error)
{
	cleanup_id_map struct id_map here = {0};
	enum extauth_err err = ids_find(restore);

	if (err == EXTAUTH_OK && restore->ids_path != NULL)
		err = id_map_load(restore->ids_path, &restore->ids, error);
	if (err == EXTAUTH_OK)
		err = id_map_check_numbers(&restore->ids, error);
	if (err == EXTAUTH_OK)
		err = id_map_load(IDS_PATH, &here, error);
	if (err == EXTAUTH_OK)
		restore->has_ids = restore->ids.count > 0 && here.count == 0;
	return err;
}

static bool
is_taken(const struct registry_uid_rules *rules, uint32_t uid)
{
	return bsearch(&uid, rules->taken, rules->taken_count,
		   sizeof(*rules->taken), number_compare) != NULL;
}

/* A number that an account of the host has meanwhile would give it a second
 * person's files. */
static enum extauth_err
user_check_local(struct restore *restore, const struct registry_user *user,
    const struct registry_uid_rules *rules, bool is_local,
    struct extauth_error *error)
{
	cleanup_passwd_entry struct passwd_entry local = {0};

	if (is_taken(rules, user->uid) &&
	    (!is_local ||
		passwd_entry_find(PASSWD_ENTRY_PATH, user->name, &local,
		    NULL) != EXTAUTH_OK ||
		local.fields.pw_uid != user->uid))
		return error_set(error, EXTAUTH_EXISTS,
		    "uid %u of %s is somebody else's in /etc/passwd or "
		    "/etc/group now: give that account another one",
		    user->uid, user->name);
	if (is_local && restore->local_count++ == 0)
		(void)snprintf(restore->local_name, sizeof(restore->local_name),
		    "%s", user->name);
	return EXTAUTH_OK;
}

/* What is given to a group is given to its name: who is in one that is called
 * as one of the host's may what that one may. */
static enum extauth_err
check_local_groups(
    const struct registry_contents *contents, struct extauth_error *error)
{
	struct local_names names = {0};
	enum extauth_err err = local_names_load(LOCAL_GROUP, &names, error);
	size_t at;

	for (at = 0; at < contents->group_count && err == EXTAUTH_OK; at++)
		if (local_names_have(&names, contents->groups[at].name))
			err = error_set(error, EXTAUTH_EXISTS,
			    "group %s stands in /etc/group now: give that "
			    "one another name",
			    contents->groups[at].name);
	local_names_clear(&names);
	return err;
}

static enum extauth_err
check_local(struct restore *restore, const struct config *config,
    const struct registry_contents *contents, struct extauth_error *error)
{
	cleanup_uid_rules struct registry_uid_rules rules = {0};
	struct local_names names = {0};
	enum extauth_err err;
	size_t at;

	err = registry_uid_rules_load(config->general.uid_range_first,
	    config->general.uid_range_last, &rules, error);
	if (err == EXTAUTH_OK)
		err = local_names_load(LOCAL_PASSWD, &names, error);
	for (at = 0; at < contents->user_count && err == EXTAUTH_OK; at++) {
		const struct registry_user *user = &contents->users[at];

		if (!user->is_linked)
			err = user_check_local(restore, user, &rules,
			    local_names_have(&names, user->name), error);
	}
	local_names_clear(&names);
	return err;
}

/* What is here must be known to be nothing before it is replaced. */
static enum extauth_err
check_present(struct registry_contents *contents, struct extauth_error *error)
{
	cleanup_contents struct registry_contents present = {0};
	cleanup_registry struct registry nss = {.fd = -1};
	enum extauth_err err =
	    registry_contents_load(EXTAUTH_REGISTRY_PATH, &present, error);

	if (err == EXTAUTH_OK)
		err = registry_restore_merge(contents, &present, error);
	if (err != EXTAUTH_OK ||
	    registry_open(EXTAUTH_NSS_PATH, &nss, NULL) != EXTAUTH_OK ||
	    nss.generation <= contents->generation)
		return err;
	if (nss.user_count > 0)
		return error_set(error, EXTAUTH_EXISTS,
		    "the file is older than %s, which has %llu people, and "
		    "would give uids out twice: take a newer one, or remove %s",
		    EXTAUTH_NSS_PATH, (unsigned long long)nss.user_count,
		    EXTAUTH_NSS_PATH);
	contents->generation = nss.generation;
	return EXTAUTH_OK;
}

static void
flags_set(struct registry_contents *contents, const struct config *config)
{
	if (config->ini.count == 0)
		return;
	contents->may_enumerate = config->general.enumerate;
	contents->must_not_map = !config->general.map_registry;
}

/* The ids go first: without the registry they do no harm, and the command can
 * be given again. */
static enum extauth_err
write_all(const struct restore *restore, struct registry_change *change,
    struct extauth_error *error)
{
	enum extauth_err err = EXTAUTH_OK;

	if (restore->has_ids)
		err = id_map_write(&restore->ids, change->directory_fd, error);
	if (err == EXTAUTH_OK)
		err = registry_change_commit(change, error);
	if (err == EXTAUTH_OK)
		program_nscd_forget();
	return err;
}

static enum extauth_err
restore_all(struct restore *restore, const struct config *config,
    struct registry_change *change, struct extauth_error *error)
{
	struct registry_contents *contents = &change->contents;
	enum extauth_err err = EXTAUTH_OK;

	if (!restore->is_dry_run)
		err = registry_change_open(EXTAUTH_REGISTRY_DIRECTORY,
		    REGISTRY_LOCK_WAIT_MS, change, error);
	if (err == EXTAUTH_OK)
		err = registry_restore_read(restore->path, contents, error);
	if (err == EXTAUTH_OK)
		err = check_present(contents, error);
	if (err == EXTAUTH_OK)
		err = check_local(restore, config, contents, error);
	if (err == EXTAUTH_OK)
		err = check_local_groups(contents, error);
	if (err == EXTAUTH_OK)
		err = ids_read(restore, error);
	if (err != EXTAUTH_OK)
		return err;
	flags_set(contents, config);
	if (!restore->is_dry_run)
		return write_all(restore, change, error);
	contents->generation++;
	return EXTAUTH_OK;
}

static void
report(const struct context *context, const struct restore *restore,
    const struct registry_contents *contents)
{
	cleanup_document struct json_object *document = document_object();

	document_number(document, "people", (int64_t)contents->user_count);
	document_number(document, "groups", (int64_t)contents->group_count);
	document_number(
	    document, "removed", (int64_t)contents->tombstone_count);
	document_number(document, "ids",
	    restore->has_ids ? (int64_t)restore->ids.count : 0);
	document_number(document, "generation", (int64_t)contents->generation);
	document_number(document, "format", REGISTRY_VERSION);
	document_flag(document, "dry_run", restore->is_dry_run);
	if (context->is_json)
		document_print_json(document);
	else
		document_print_fields(document);
	if (restore->local_count > 0)
		complain("%zu of them stand in /etc/passwd as well, as %s: "
			 "these log in as local users",
		    restore->local_count, restore->local_name);
	if (restore->ids.count > 0 && !restore->has_ids)
		complain("%s is there already and stays; extauthctl id import "
			 "%s adds the others",
		    IDS_PATH, restore->ids_path);
	if (restore->is_dry_run && !context->is_json)
		(void)puts(_("Nothing was changed."));
}

static enum ctl_exit
registry_restore(
    const struct context *context, const struct arguments *arguments)
{
	cleanup_change struct registry_change change = REGISTRY_CHANGE_NONE;
	cleanup_config struct config config = {0};
	cleanup_restore struct restore restore = {
	    .path = arguments->operands[0],
	    .is_dry_run = arguments_has(arguments, "dry-run"),
	};
	struct extauth_error error = {0};
	enum ctl_exit status;
	enum extauth_err err;

	if (!settings_need_root("registry restore"))
		return CTL_CANNOT;
	status = settings_load_or_defaults(context, &config);
	if (status != CTL_DONE)
		return status;
	err = restore_all(&restore, &config, &change, &error);
	if (err != EXTAUTH_OK)
		return complain_about("registry restore", err, &error);
	report(context, &restore, &change.contents);
	return CTL_DONE;
}

static const struct command_option options[] = {
    {"dry-run", NULL, N_("check all, change nothing")},
    {NULL, NULL, NULL},
};

const struct command command_registry_restore = {
    .name = "registry restore",
    .operands = "FILE",
    .summary = N_("Puts a registry that was saved back where there is none."),
    .example = "extauthctl registry restore "
	       "/var/backups/extauth-registry-20300102-030405",
    .notes = N_("FILE is a copy of /var/lib/extauth/registry, as a purge of "
		"the package leaves it\nin /var/backups. People keep their "
		"uids, and those that must never be given out\nagain stay so. "
		"The numbers of id import that were saved with it come back "
		"too.\nA registry that has people is not replaced."),
    .options = options,
    .operand_min = 1,
    .operand_max = 1,
    .run = registry_restore,
};
