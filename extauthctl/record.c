/* SPDX-License-Identifier: MIT */
#include "record.h"

#include "date.h"

const char *const *
record_fields(void)
{
	static const char *const fields[] = {
	    "name",
	    "email",
	    "uid",
	    "gid",
	    "gecos",
	    "home",
	    "shell",
	    "external_id",
	    "provider",
	    "source",
	    "state",
	    "not_after",
	    "groups",
	    "linked",
	    NULL,
	};

	return fields;
}

static struct json_object *
groups_of_user(
    const struct registry_contents *contents, const struct registry_user *user)
{
	struct json_object *names = document_array();
	size_t index;

	for (index = 0; index < user->gid_count; index++) {
		const struct registry_own_group *group =
		    registry_contents_find_gid(contents, user->gids[index]);

		if (group != NULL)
			document_push_text(names, group->name);
	}
	return names;
}

struct json_object *
record_of_user(
    const struct registry_contents *contents, const struct registry_user *user)
{
	struct json_object *record = document_object();
	char date[DATE_BYTES];

	date_format(user->not_after, date);
	document_text(record, "name", user->name);
	document_text(record, "email", user->email);
	document_number(record, "uid", user->uid);
	document_number(record, "gid", user->gid);
	document_text(record, "gecos", user->gecos);
	document_text(record, "home", user->home);
	document_text(record, "shell", user->shell);
	document_text(record, "external_id", user->external_id);
	document_text(record, "provider", user->provider);
	document_text(record, "source", user->source);
	document_text(
	    record, "state", user->is_disabled ? "disabled" : "enabled");
	document_text(record, "not_after", date);
	document_put(record, "groups", groups_of_user(contents, user));
	document_flag(record, "linked", user->is_linked);
	if (user->is_held)
		document_flag(record, "held", true);
	return record;
}

struct json_object *
record_of_tombstone(const struct registry_tombstone *tombstone)
{
	struct json_object *record = document_object();

	document_text(record, "name", tombstone->name);
	document_number(record, "uid", tombstone->uid);
	document_text(record, "state", "removed");
	return record;
}
