/* SPDX-License-Identifier: MIT */
#include "registrar_group.h"

#include "identity.h"
#include "registrar_number.h"

enum extauth_err
registrar_must_be_free(const struct registrar *registrar, const char *name,
    bool is_group, struct extauth_error *error)
{
	if (is_group && local_names_have(&registrar->group, name))
		return error_set(error, EXTAUTH_EXISTS,
		    "%s stands in /etc/group already", name);
	if (!is_group && local_names_have(&registrar->passwd, name))
		return error_set(error, EXTAUTH_EXISTS,
		    "%s stands in /etc/passwd already; --local links it", name);
	return EXTAUTH_OK;
}

static bool
group_is_there(
    const struct registrar *registrar, const char *name, uint32_t *ret_gid)
{
	const struct registry_own_group *group =
	    registry_contents_find_group(&registrar->change.contents, name);

	if (group != NULL)
		*ret_gid = group->gid;
	return group != NULL;
}

/* The same for every new group, whoever asks for it. */
static enum extauth_err
group_check(const struct registrar *registrar, const char *name,
    struct extauth_error *error)
{
	enum extauth_err err = identity_check_name(name, false, error);

	return err == EXTAUTH_OK
	    ? registrar_must_be_free(registrar, name, true, error)
	    : err;
}

static enum extauth_err
group_make(struct registrar *registrar, const char *name, uint32_t gid,
    uint32_t *ret_gid, struct extauth_error *error)
{
	enum extauth_err err =
	    registrar_choose_gid(registrar, name, gid, &gid, error);

	if (err == EXTAUTH_OK)
		err = registry_contents_add_group(
		    &registrar->change.contents, name, gid, error);
	if (err == EXTAUTH_OK)
		*ret_gid = gid;
	return err;
}

static enum extauth_err
group_find_or_make(struct registrar *registrar, const char *name,
    uint32_t *ret_gid, struct extauth_error *error)
{
	enum extauth_err err;

	if (group_is_there(registrar, name, ret_gid))
		return EXTAUTH_OK;
	err = group_check(registrar, name, error);
	return err == EXTAUTH_OK
	    ? group_make(registrar, name, 0, ret_gid, error)
	    : err;
}

enum extauth_err
registrar_settle_group(struct registrar *registrar, const char *name,
    uint32_t gid, uint32_t *ret_gid, struct extauth_error *error)
{
	enum extauth_err err;

	if (group_is_there(registrar, name, ret_gid))
		return EXTAUTH_OK;
	err = group_check(registrar, name, error);
	if (err == EXTAUTH_OK)
		err = registrar_must_be_free(registrar, name, false, error);
	return err == EXTAUTH_OK
	    ? group_make(registrar, name, gid, ret_gid, error)
	    : err;
}

enum extauth_err
registrar_add_group(struct registrar *registrar, const char *name, uint32_t gid,
    bool *ret_is_changed, struct extauth_error *error)
{
	struct registry_contents *contents = &registrar->change.contents;
	const struct registry_own_group *group;
	enum extauth_err err;

	group = registry_contents_find_group(contents, name);
	if (group != NULL && group->gid != gid)
		return error_set(
		    error, EXTAUTH_EXISTS, "it has gid %u here", group->gid);
	*ret_is_changed = group == NULL;
	if (group != NULL)
		return EXTAUTH_OK;
	err = group_check(registrar, name, error);
	if (err == EXTAUTH_OK)
		err =
		    registry_check_uid(contents, &registrar->rules, gid, error);
	if (err == EXTAUTH_OK)
		err = registry_contents_add_group(contents, name, gid, error);
	return err;
}

enum extauth_err
registrar_find_groups(struct registrar *registrar,
    const struct registrar_wish *wish, uint32_t *ret_gids, size_t *ret_count,
    struct extauth_error *error)
{
	enum extauth_err err;
	size_t count = 0;
	size_t index;
	size_t seen;

	for (index = 0; index < wish->group_count; index++) {
		err = group_find_or_make(
		    registrar, wish->groups[index], &ret_gids[count], error);
		if (err != EXTAUTH_OK)
			return error_prefix(error, err, "group");
		for (seen = 0; ret_gids[seen] != ret_gids[count]; seen++)
			;
		if (seen == count)
			count++;
	}
	*ret_count = count;
	return EXTAUTH_OK;
}
