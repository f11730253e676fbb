/* SPDX-License-Identifier: MIT */
#include "import_row.h"

#include <stdlib.h>
#include <string.h>

#include "number.h"
#include "record.h"

enum import_field
import_field_find(const char *name)
{
	const char *const *fields = record_fields();
	unsigned index;

	for (index = 0; index < IMPORT_FIELD_COUNT; index++)
		if (strcmp(fields[index], name) == 0)
			return (enum import_field)index;
	return IMPORT_FIELD_COUNT;
}

static bool
is_given(const char *text)
{
	return text != NULL && text[0] != '\0';
}

static enum extauth_err
read_numbers(const struct import_row *row, struct registrar_wish *wish,
    struct extauth_error *error)
{
	const char *uid = row->texts[IMPORT_UID];
	const char *gid = row->texts[IMPORT_GID];
	uint32_t number = 0;

	wish->has_uid = is_given(uid);
	if (wish->has_uid && !number_parse(uid, &wish->uid))
		return error_set(
		    error, EXTAUTH_INVALID, "uid: \"%s\" is no number", uid);
	if (is_given(gid) && !number_parse(gid, &number))
		return error_set(
		    error, EXTAUTH_INVALID, "gid: \"%s\" is no number", gid);
	if (is_given(gid) && !wish->is_linked &&
	    (!wish->has_uid || number != wish->uid))
		return error_set(error, EXTAUTH_INVALID,
		    "gid: it is always the uid; leave it away");
	return EXTAUTH_OK;
}

static enum extauth_err
read_state(const struct import_row *row, struct import_person *person,
    struct extauth_error *error)
{
	const char *state = row->texts[IMPORT_STATE];

	if (!is_given(state))
		return EXTAUTH_OK;
	person->wish.has_state = true;
	person->wish.is_held = strcmp(state, "held") == 0;
	person->wish.is_disabled =
	    person->wish.is_held || strcmp(state, "disabled") == 0;
	person->is_removed = strcmp(state, "removed") == 0;
	if (person->wish.is_disabled || person->is_removed ||
	    strcmp(state, "enabled") == 0)
		return EXTAUTH_OK;
	return error_set(error, EXTAUTH_INVALID,
	    "state: \"%s\" is none of enabled, disabled, held, removed", state);
}

static enum extauth_err
read_linked(const struct import_row *row, struct registrar_wish *wish,
    struct extauth_error *error)
{
	const char *linked = row->texts[IMPORT_LINKED];

	if (!is_given(linked))
		return EXTAUTH_OK;
	wish->has_linked = true;
	wish->is_linked =
	    strcmp(linked, "yes") == 0 || strcmp(linked, "true") == 0;
	if (wish->is_linked || strcmp(linked, "no") == 0 ||
	    strcmp(linked, "false") == 0)
		return EXTAUTH_OK;
	return error_set(error, EXTAUTH_INVALID,
	    "linked: \"%s\" is neither yes nor no", linked);
}

static enum extauth_err
read_groups(const struct import_row *row, struct import_person *person,
    struct extauth_error *error)
{
	struct registrar_wish *wish = &person->wish;
	char *rest;
	char *name;

	if (row->texts[IMPORT_GROUPS] == NULL)
		return EXTAUTH_OK;
	wish->has_groups = true;
	if (row->texts[IMPORT_GROUPS][0] == '\0')
		return EXTAUTH_OK;
	person->groups = strdup(row->texts[IMPORT_GROUPS]);
	if (person->groups == NULL)
		return EXTAUTH_NOMEM;
	rest = person->groups;
	while ((name = strsep(&rest, ";")) != NULL) {
		if (name[0] == '\0')
			continue;
		if (wish->group_count == REGISTRAR_GROUPS_MAX)
			return error_set(error, EXTAUTH_INVALID,
			    "groups: more than %d", REGISTRAR_GROUPS_MAX);
		wish->groups[wish->group_count++] = name;
	}
	return EXTAUTH_OK;
}

static void
read_texts(const struct import_row *row, struct registrar_wish *wish)
{
	wish->name = row->texts[IMPORT_NAME];
	wish->email = row->texts[IMPORT_EMAIL];
	wish->gecos = row->texts[IMPORT_GECOS];
	wish->home = row->texts[IMPORT_HOME];
	wish->shell = row->texts[IMPORT_SHELL];
	wish->external_id = row->texts[IMPORT_EXTERNAL_ID];
	wish->provider = row->texts[IMPORT_PROVIDER];
	wish->source = row->texts[IMPORT_SOURCE];
	wish->not_after = row->texts[IMPORT_NOT_AFTER];
	if (!is_given(wish->source))
		wish->source = NULL;
}

enum extauth_err
import_row_read(const struct import_row *row, struct import_person *ret_person,
    struct extauth_error *error)
{
	struct import_person *person = ret_person;
	enum extauth_err err;

	*person = (struct import_person){0};
	if (!is_given(row->texts[IMPORT_NAME]))
		return error_set(error, EXTAUTH_INVALID, "name: missing");
	read_texts(row, &person->wish);
	err = read_linked(row, &person->wish, error);
	if (err == EXTAUTH_OK)
		err = read_state(row, person, error);
	if (err == EXTAUTH_OK)
		err = read_numbers(row, &person->wish, error);
	if (err == EXTAUTH_OK)
		err = read_groups(row, person, error);
	if (err == EXTAUTH_OK && person->is_removed && !person->wish.has_uid)
		err = error_set(error, EXTAUTH_INVALID,
		    "uid: a removed user is known by it alone");
	return err;
}

void
import_person_clear(struct import_person *person)
{
	if (person == NULL)
		return;
	free(person->groups);
	person->groups = NULL;
}
