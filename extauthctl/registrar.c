/* SPDX-License-Identifier: MIT */
#include "registrar.h"

#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "date.h"
#include "identity.h"
#include "local.h"
#include "paths.h"
#include "program.h"
#include "registrar_group.h"
#include "registrar_number.h"
#include "registrar_update.h"

#define SOURCE_BY_HAND "manual"
#define BACKUPS "/var/backups/extauth-registry-*"

/* A user while it is put together: texts that need a place of their own. */
struct draft {
	struct registry_user user;
	struct local_user local;
	struct buffer home;
	uint32_t gids[REGISTRAR_GROUPS_MAX];
};

static void
draft_clear(struct draft *draft)
{
	buffer_clear(&draft->home);
}

#define cleanup_draft __attribute__((cleanup(draft_clear)))

/* Reads the host, for a registrar whose registry is there. */
static enum extauth_err
host_read(struct registrar *registrar, struct extauth_error *error)
{
	const struct config_general *general = &registrar->config->general;
	enum extauth_err err;

	err = registry_uid_rules_load(general->uid_range_first,
	    general->uid_range_last, &registrar->rules, error);
	if (err == EXTAUTH_OK)
		err = local_names_load(LOCAL_PASSWD, &registrar->passwd, error);
	if (err == EXTAUTH_OK)
		err = local_names_load(LOCAL_GROUP, &registrar->group, error);
	if (err == EXTAUTH_OK)
		err = registrar_load_ids(registrar, error);
	if (err != EXTAUTH_OK)
		registrar_end(registrar);
	return err;
}

bool
registrar_find_backup(char ret_path[static REGISTRAR_BACKUP_BYTES])
{
	glob_t found = {0};
	bool is_there = false;

	if (access(EXTAUTH_REGISTRY_PATH, F_OK) == 0)
		return false;
	/* One thread. NOLINTNEXTLINE(concurrency-mt-unsafe) */
	if (glob(BACKUPS, 0, NULL, &found) == 0 && found.gl_pathc > 0) {
		(void)snprintf(ret_path, REGISTRAR_BACKUP_BYTES, "%s",
		    found.gl_pathv[found.gl_pathc - 1]);
		is_there = true;
	}
	globfree(&found);
	return is_there;
}

/* A registry that begins anew would give out the uids of the old one again. */
static enum extauth_err
refuse_second_beginning(struct extauth_error *error)
{
	char path[REGISTRAR_BACKUP_BYTES];

	if (!registrar_find_backup(path))
		return EXTAUTH_OK;
	return error_set(error, EXTAUTH_EXISTS,
	    "a registry of an earlier installation was kept, and a new one "
	    "would give its uids to other people: `extauthctl registry restore "
	    "%s`, or move that file away",
	    path);
}

enum extauth_err
registrar_begin(const struct config *config, struct registrar *ret_registrar,
    struct extauth_error *error)
{
	struct registrar registrar = {.config = config};
	enum extauth_err err;

	err = refuse_second_beginning(error);
	if (err != EXTAUTH_OK)
		return err;
	err = registry_change_begin(EXTAUTH_REGISTRY_DIRECTORY,
	    REGISTRY_LOCK_WAIT_MS, &registrar.change, error);
	if (err == EXTAUTH_OK)
		err = host_read(&registrar, error);
	if (err == EXTAUTH_OK)
		*ret_registrar = registrar;
	return err;
}

enum extauth_err
registrar_begin_rehearsal(const struct config *config,
    struct registrar *ret_registrar, struct extauth_error *error)
{
	struct registrar registrar = {
	    .config = config, .change = REGISTRY_CHANGE_NONE};
	enum extauth_err err;

	err = registry_contents_load(
	    EXTAUTH_REGISTRY_PATH, &registrar.change.contents, error);
	if (err == EXTAUTH_OK)
		err = host_read(&registrar, error);
	if (err == EXTAUTH_OK)
		*ret_registrar = registrar;
	return err;
}

static enum extauth_err
place_linked(const struct registrar_wish *wish, struct draft *draft,
    struct extauth_error *error)
{
	struct registry_user *user = &draft->user;
	enum extauth_err err;

	err = local_find_user(wish->name, &draft->local, error);
	if (err != EXTAUTH_OK)
		return err;
	if (draft->local.uid == 0)
		return error_set(error, EXTAUTH_INVALID,
		    "%s has uid 0; such an account is never linked",
		    wish->name);
	if (wish->has_uid && wish->uid != draft->local.uid)
		return error_set(error, EXTAUTH_INVALID,
		    "%s has uid %u in /etc/passwd", wish->name,
		    draft->local.uid);
	user->is_linked = true;
	user->uid = draft->local.uid;
	user->gid = draft->local.gid;
	user->gecos = draft->local.gecos;
	user->home = draft->local.home;
	user->shell = draft->local.shell;
	return EXTAUTH_OK;
}

static enum extauth_err
place_home(const struct config *config, const struct registrar_wish *wish,
    struct draft *draft, struct extauth_error *error)
{
	char uid[12];
	const struct {
		enum placeholder placeholder;
		const char *text;
	} known[] = {
	    {PLACEHOLDER_USERID, uid},
	    {PLACEHOLDER_USERNAME, wish->name},
	    {PLACEHOLDER_USEREMAIL, wish->email},
	    {PLACEHOLDER_USEREXTERNALID, wish->external_id},
	    {PLACEHOLDER_ORGID, config->general.organization_id},
	};
	const struct template *home = &config->general.home;
	struct template_values values = {0};
	enum extauth_err err;
	size_t index;

	if (wish->home != NULL && wish->home[0] != '\0') {
		draft->user.home = wish->home;
		return EXTAUTH_OK;
	}
	(void)snprintf(uid, sizeof(uid), "%u", draft->user.uid);
	for (index = 0; index < sizeof(known) / sizeof(known[0]); index++) {
		const char *text = known[index].text;

		if (text != NULL && text[0] != '\0')
			values.of[known[index].placeholder] =
			    (struct template_value){text, strlen(text)};
		else if (template_uses(home, known[index].placeholder))
			return error_set(error, EXTAUTH_INVALID,
			    "home is made of {{%s}}, which %s has not: give "
			    "--home",
			    placeholder_name(known[index].placeholder),
			    wish->name);
	}
	err = template_expand(home, &values, &draft->home, error);
	draft->user.home = buffer_text(&draft->home);
	return err;
}

static enum extauth_err
place_own(struct registrar *registrar, const struct registrar_wish *wish,
    struct draft *draft, struct extauth_error *error)
{
	struct registry_user *user = &draft->user;
	enum extauth_err err;

	err = registrar_must_be_free(registrar, wish->name, false, error);
	if (err == EXTAUTH_OK)
		err =
		    registrar_must_be_free(registrar, wish->name, true, error);
	if (err != EXTAUTH_OK)
		return err;
	user->gecos = wish->gecos != NULL ? wish->gecos : "";
	user->shell = wish->shell != NULL && wish->shell[0] != '\0'
	    ? wish->shell
	    : registrar->config->general.shell;
	err = registrar_choose_uid(registrar, wish, &user->uid, error);
	user->gid = user->uid;
	if (err == EXTAUTH_OK)
		err = place_home(registrar->config, wish, draft, error);
	return err;
}

enum extauth_err
registrar_add(struct registrar *registrar, const struct registrar_wish *wish,
    uint32_t *ret_uid, struct extauth_error *error)
{
	/* It is large, and of most users hardly any of it is needed. */
	REGISTRY_UNWIPED cleanup_draft struct draft draft;
	struct registry_user *user = &draft.user;
	enum extauth_err err;

	draft.user = (struct registry_user){0};
	draft.home = buffer_make(IDENTITY_TEXT_MAX_BYTES);
	err = identity_check_name(wish->name,
	    wish->is_linked || registrar->config->general.email_login_names,
	    error);
	if (err != EXTAUTH_OK)
		return err;
	/* Before the groups are made, which the user's name must not be. */
	err = wish->is_linked ? place_linked(wish, &draft, error)
			      : place_own(registrar, wish, &draft, error);
	if (err != EXTAUTH_OK)
		return err;
	user->name = wish->name;
	user->email = wish->email != NULL ? wish->email : "";
	user->external_id = wish->external_id != NULL ? wish->external_id : "";
	user->provider = wish->provider != NULL ? wish->provider : "";
	user->source = wish->source != NULL ? wish->source : SOURCE_BY_HAND;
	user->is_disabled = wish->is_disabled;
	user->is_held = wish->is_held;
	if (wish->has_gids) {
		user->gids = wish->gids;
		user->gid_count = wish->gid_count;
	}
	err = date_parse(wish->not_after != NULL ? wish->not_after : "",
	    &user->not_after, error);
	if (err == EXTAUTH_OK)
		err = registrar_check_fields(registrar, user, error);
	if (err == EXTAUTH_OK)
		err = registry_contents_add_user(
		    &registrar->change.contents, user, error);
	if (err != EXTAUTH_OK)
		return err;
	*ret_uid = user->uid;
	if (wish->has_gids)
		return EXTAUTH_OK;
	user->gids = draft.gids;
	err = registrar_find_groups(
	    registrar, wish, draft.gids, &user->gid_count, error);
	if (err == EXTAUTH_OK && user->gid_count > 0)
		err = registry_contents_change_user(
		    &registrar->change.contents, user, error);
	return err;
}

enum extauth_err
registrar_remove(
    struct registrar *registrar, const char *name, struct extauth_error *error)
{
	enum extauth_err err =
	    registry_contents_remove_user(&registrar->change.contents, name);

	if (err == EXTAUTH_NOTFOUND)
		return error_set(error, err, "%s is not registered", name);
	return err;
}

enum extauth_err
registrar_bury(struct registrar *registrar, const char *name, uint32_t uid,
    bool *ret_is_changed, struct extauth_error *error)
{
	struct registry_contents *contents = &registrar->change.contents;
	char stand_in[IDENTITY_NAME_MAX_BYTES + 1];
	struct registry_user user = {0};
	enum extauth_err err;

	*ret_is_changed = false;
	if (registry_contents_is_spent(contents, uid))
		return EXTAUTH_OK;
	(void)snprintf(stand_in, sizeof(stand_in), "removed-%u", uid);
	user.name = registry_contents_find_name(contents, name) == NULL &&
		registry_contents_find_group(contents, name) == NULL
	    ? name
	    : stand_in;
	user.email = "removed@removed.invalid";
	user.uid = uid;
	user.gid = uid;
	user.gecos = "";
	user.home = "/nonexistent";
	user.shell = "/usr/sbin/nologin";
	user.external_id = "";
	user.provider = "";
	user.source = "";
	err = identity_check_uid(uid, error);
	if (err == EXTAUTH_OK)
		err = registry_contents_add_user(contents, &user, error);
	if (err == EXTAUTH_OK)
		err = registry_contents_remove_user(contents, user.name);
	*ret_is_changed = err == EXTAUTH_OK;
	return err;
}

enum extauth_err
registrar_commit(struct registrar *registrar, struct extauth_error *error)
{
	enum extauth_err err;

	if (registrar->change.lock_fd < 0)
		return error_set(
		    error, EXTAUTH_SYSTEM, "a rehearsal changes nothing");
	/* A configuration that was not read tells nothing. */
	if (registrar->config->ini.count > 0) {
		registrar->change.contents.may_enumerate =
		    registrar->config->general.enumerate;
		registrar->change.contents.must_not_map =
		    !registrar->config->general.map_registry;
	}
	err = registry_change_commit(&registrar->change, error);
	if (err == EXTAUTH_OK)
		program_nscd_forget();
	return err;
}

void
registrar_end(struct registrar *registrar)
{
	if (registrar == NULL)
		return;
	local_names_clear(&registrar->passwd);
	local_names_clear(&registrar->group);
	registry_uid_rules_clear(&registrar->rules);
	id_map_clear(&registrar->ids);
	registry_change_end(&registrar->change);
}
