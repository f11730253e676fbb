/* SPDX-License-Identifier: MIT */
#include "registrar_update.h"

#include <string.h>

#include "date.h"
#include "identity.h"
#include "registrar_group.h"

enum extauth_err
registrar_check_fields(const struct registrar *registrar,
    const struct registry_user *user, struct extauth_error *error)
{
	enum extauth_err err = identity_check_email(user->email, error);

	if (err == EXTAUTH_OK)
		err = identity_check_gecos(user->gecos, error);
	if (err == EXTAUTH_OK)
		err = identity_check_path(user->home, "home", error);
	if (err == EXTAUTH_OK)
		err = identity_check_path(user->shell, "shell", error);
	if (err == EXTAUTH_OK)
		err = identity_check_external_id(user->external_id, error);
	if (err == EXTAUTH_OK && user->provider[0] != '\0' &&
	    config_find_provider(registrar->config, user->provider) == NULL)
		err = error_set(error, EXTAUTH_INVALID,
		    "provider %s is not configured", user->provider);
	return err;
}

static bool
is_in_group(const struct registry_user *user, uint32_t gid)
{
	size_t index;

	for (index = 0; index < user->gid_count; index++)
		if (user->gids[index] == gid)
			return true;
	return false;
}

static bool
has_same_groups(
    const struct registry_user *one, const struct registry_user *other)
{
	size_t index;

	for (index = 0; index < one->gid_count; index++)
		if (!is_in_group(other, one->gids[index]))
			return false;
	return one->gid_count == other->gid_count;
}

static bool
is_same(const struct registry_user *one, const struct registry_user *other)
{
	return strcmp(one->email, other->email) == 0 &&
	    strcmp(one->gecos, other->gecos) == 0 &&
	    strcmp(one->home, other->home) == 0 &&
	    strcmp(one->shell, other->shell) == 0 &&
	    strcmp(one->external_id, other->external_id) == 0 &&
	    strcmp(one->provider, other->provider) == 0 &&
	    strcmp(one->source, other->source) == 0 &&
	    one->not_after == other->not_after &&
	    one->is_disabled == other->is_disabled &&
	    one->is_held == other->is_held && has_same_groups(one, other);
}

static enum extauth_err
update_is_allowed(const struct registrar_wish *wish,
    const struct registry_user *before, struct extauth_error *error)
{
	if (wish->email != NULL && !wish->may_change_email &&
	    !identity_equal(wish->email, before->email))
		return error_set(error, EXTAUTH_EXISTS,
		    "%s is registered with the e-mail %s", before->name,
		    before->email);
	if (wish->has_uid && wish->uid != before->uid)
		return error_set(error, EXTAUTH_EXISTS,
		    "%s is registered with uid %u", before->name, before->uid);
	if (wish->has_linked && wish->is_linked != before->is_linked)
		return error_set(error, EXTAUTH_EXISTS, "%s is %s linked",
		    before->name, before->is_linked ? "" : "not");
	return EXTAUTH_OK;
}

static const char *
wished(const char *wish, const char *before)
{
	return wish != NULL ? wish : before;
}

static const char *
wished_path(const char *wish, const char *before)
{
	return wish != NULL && wish[0] != '\0' ? wish : before;
}

enum extauth_err
registrar_update(struct registrar *registrar, const struct registrar_wish *wish,
    bool *ret_is_changed, struct extauth_error *error)
{
	struct registry_contents *contents = &registrar->change.contents;
	const struct registry_user *before;
	uint32_t gids[REGISTRAR_GROUPS_MAX];
	struct registry_user changed;
	struct registry_user *user = &changed;
	enum extauth_err err;
	size_t gid_count = 0;

	/* Groups first: making one moves what is lent. */
	err = registrar_find_groups(registrar, wish, gids, &gid_count, error);
	if (err != EXTAUTH_OK)
		return err;
	before = registry_contents_find_name(contents, wish->name);
	if (before == NULL)
		return error_set(error, EXTAUTH_NOTFOUND,
		    "%s is not registered", wish->name);
	err = update_is_allowed(wish, before, error);
	if (err != EXTAUTH_OK)
		return err;
	*user = *before;
	if (wish->may_change_email)
		user->email = wished(wish->email, before->email);
	user->gecos = wished(wish->gecos, before->gecos);
	user->home = wished_path(wish->home, before->home);
	user->shell = wished_path(wish->shell, before->shell);
	user->external_id = wished(wish->external_id, before->external_id);
	user->provider = wished(wish->provider, before->provider);
	user->source = wished_path(wish->source, before->source);
	if (wish->has_groups) {
		user->gids = gids;
		user->gid_count = gid_count;
	}
	if (wish->has_gids) {
		user->gids = wish->gids;
		user->gid_count = wish->gid_count;
	}
	if (wish->has_state)
		user->is_disabled = wish->is_disabled;
	user->is_held = user->is_disabled && (user->is_held || wish->is_held);
	if (wish->not_after != NULL)
		err = date_parse(wish->not_after, &user->not_after, error);
	if (err == EXTAUTH_OK)
		err = registrar_check_fields(registrar, user, error);
	if (err != EXTAUTH_OK)
		return err;
	*ret_is_changed = !is_same(user, before);
	if (!*ret_is_changed)
		return EXTAUTH_OK;
	return registry_contents_change_user(contents, user, error);
}
