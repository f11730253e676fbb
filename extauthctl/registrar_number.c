/* SPDX-License-Identifier: MIT */
#include "registrar_number.h"

#include <stdio.h>

#include "identity.h"
#include "paths.h"

/* One prefix for the hash, so that a group and a user never meet at one number
 * because they have one name. */
#define GROUP_HASH_FORM "group:%s"

enum extauth_err
registrar_load_ids(struct registrar *registrar, struct extauth_error *error)
{
	cleanup_free uint32_t *numbers = NULL;
	enum extauth_err err = id_map_load(
	    EXTAUTH_REGISTRY_DIRECTORY "/" ID_MAP_FILE, &registrar->ids, error);

	if (err == EXTAUTH_OK)
		err = id_map_numbers(&registrar->ids, &numbers);
	if (err == EXTAUTH_OK)
		err = registry_uid_rules_reserve(
		    &registrar->rules, numbers, registrar->ids.count);
	return err;
}

/* Tells whether the number that is kept can be had: its owner may have been
 * removed since. */
static bool
kept_is_free(struct registrar *registrar, const struct id_entry *kept)
{
	registrar->rules.claimed = kept != NULL ? kept->number : 0;
	return kept != NULL &&
	    registry_check_uid(&registrar->change.contents, &registrar->rules,
		kept->number, NULL) == EXTAUTH_OK;
}

enum extauth_err
registrar_choose_uid(struct registrar *registrar,
    const struct registrar_wish *wish, uint32_t *ret_uid,
    struct extauth_error *error)
{
	const struct registry_contents *contents = &registrar->change.contents;
	struct registry_uid_rules *rules = &registrar->rules;
	const struct id_entry *kept = registrar->ids.count == 0
	    ? NULL
	    : id_map_find_user(&registrar->ids,
		  wish->external_id != NULL ? wish->external_id : "",
		  wish->email != NULL ? wish->email : "");
	bool is_kept = kept_is_free(registrar, kept);
	enum extauth_err err = EXTAUTH_OK;

	if (wish->has_uid)
		err = registry_check_uid(contents, rules, wish->uid, error);
	if (wish->has_uid && err == EXTAUTH_OK)
		*ret_uid = wish->uid;
	else if (is_kept && !wish->has_uid)
		*ret_uid = kept->number;
	else if (err == EXTAUTH_OK)
		err = registry_allocate_uid(
		    contents, rules, wish->external_id, ret_uid, error);
	rules->claimed = 0;
	return err;
}

enum extauth_err
registrar_choose_gid(struct registrar *registrar, const char *name,
    uint32_t wanted, uint32_t *ret_gid, struct extauth_error *error)
{
	char hashed[sizeof(GROUP_HASH_FORM) + IDENTITY_NAME_MAX_BYTES];
	const struct registry_contents *contents = &registrar->change.contents;
	struct registry_uid_rules *rules = &registrar->rules;
	const struct id_entry *kept = id_map_find_group(&registrar->ids, name);
	bool is_kept = kept_is_free(registrar, kept);
	enum extauth_err err = EXTAUTH_OK;

	(void)snprintf(hashed, sizeof(hashed), GROUP_HASH_FORM, name);
	if (wanted != 0)
		err = registry_check_uid(contents, rules, wanted, error);
	if (wanted != 0 && err == EXTAUTH_OK)
		*ret_gid = wanted;
	else if (is_kept && wanted == 0)
		*ret_gid = kept->number;
	else if (err == EXTAUTH_OK)
		err = registry_allocate_uid(
		    contents, rules, hashed, ret_gid, error);
	rules->claimed = 0;
	return err;
}
