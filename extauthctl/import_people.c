/* SPDX-License-Identifier: MIT */
#include "import_people.h"

#include "message.h"
#include "number.h"
#include "registrar_group.h"
#include "translate.h"

#define ROWS_FIRST 4096
#define ROWS_AHEAD 6

/* Removed users first, so that their uids are not given out; then those who
 * bring a uid, so that it is not given to another one. */
enum pass {
	PASS_NONE = 0, /* the row is bad */
	PASS_REMOVED,
	PASS_WITH_UID,
	PASS_GROUPS, /* of those: a new group's gid may be nobody's uid */
	PASS_WITHOUT_UID,
};

/* What became of a user by this file. */
enum seen {
	SEEN_NOT = 0,
	SEEN_UNCHANGED,
	SEEN_CHANGED, /* or added */
};

static enum pass
pass_of(const struct import_person *person)
{
	if (person->is_removed)
		return PASS_REMOVED;
	return person->wish.has_uid ? PASS_WITH_UID : PASS_WITHOUT_UID;
}

static enum extauth_err
person_bury(struct import *import, const struct registrar_wish *wish,
    struct extauth_error *error)
{
	bool is_changed = false;
	enum extauth_err err = registrar_bury(
	    import->registrar, wish->name, wish->uid, &is_changed, error);

	import->removed += is_changed;
	import->unchanged += !is_changed;
	return err;
}

static void
count_again(struct import *import, char *seen, bool is_changed)
{
	import->updated += is_changed && *seen != SEEN_CHANGED;
	import->unchanged += !is_changed && *seen == SEEN_NOT;
	import->unchanged -= is_changed && *seen == SEEN_UNCHANGED;
	if (*seen != SEEN_CHANGED)
		*seen = is_changed ? SEEN_CHANGED : SEEN_UNCHANGED;
}

/* Nobody is removed any more: who stands somewhere stays there. */
static enum extauth_err
person_take(struct import *import, const struct registrar_wish *wish,
    enum pass pass, struct extauth_error *error)
{
	const struct registry_contents *contents =
	    &import->registrar->change.contents;
	const struct registry_user *user =
	    registry_contents_find_name(contents, wish->name);
	bool is_changed = false;
	enum extauth_err err;
	uint32_t uid = 0;
	char *seen;

	if (user == NULL) {
		import->added++;
		import->seen.bytes[contents->user_count] = SEEN_CHANGED;
		return registrar_add(import->registrar, wish, &uid, error);
	}
	seen = &import->seen.bytes[user - contents->users];
	if (pass != PASS_GROUPS && *seen != SEEN_NOT)
		return error_set(
		    error, EXTAUTH_EXISTS, "it stands twice in this file");
	err = registrar_update(import->registrar, wish, &is_changed, error);
	count_again(import, seen, is_changed);
	return err;
}

/* Takes who brings a uid; his groups come when all of them are there. */
static enum extauth_err
person_take_with_uid(struct import *import, struct registrar_wish *wish,
    size_t number, struct extauth_error *error)
{
	bool has_groups = wish->group_count > 0;
	enum extauth_err err;

	wish->has_groups = wish->has_groups && !has_groups;
	wish->group_count = 0;
	err = person_take(import, wish, PASS_WITH_UID, error);
	if (err == EXTAUTH_OK && has_groups)
		import->passes.bytes[number] = PASS_GROUPS;
	return err;
}

static void
bad_row(struct import *import, const struct import_row *row,
    const struct extauth_error *error)
{
	const char *name = row->texts[IMPORT_NAME];

	import->bad++;
	if (name == NULL || name[0] == '\0')
		name = _("(no name)");
	complain(import->file->array != NULL ? "%s: entry %u: %s: %s"
					     : "%s: line %u: %s: %s",
	    import->path, row->line, name, error->text);
}

/* Takes a row if it belongs to the pass; PASS_NONE only asks, and takes those
 * that are first. `*ret_pass` is the one it belongs to. */
static enum extauth_err
row_take(struct import *import, const struct import_row *row, enum pass pass,
    enum pass *ret_pass)
{
	REGISTRY_UNWIPED cleanup_import_person struct import_person person;
	REGISTRY_UNWIPED struct extauth_error error;
	enum extauth_err err;

	person.groups = NULL;
	error.text[0] = '\0';
	err = import_row_read(row, &person, &error);
	if (err == EXTAUTH_OK) {
		*ret_pass = pass_of(&person);
		if (*ret_pass == PASS_REMOVED)
			err = person_bury(import, &person.wish, &error);
		else if (pass == PASS_WITH_UID)
			err = person_take_with_uid(
			    import, &person.wish, row->number, &error);
		else if (pass != PASS_NONE)
			err = person_take(import, &person.wish, pass, &error);
	}
	if (err == EXTAUTH_NOMEM)
		return err;
	if (err != EXTAUTH_OK && error.text[0] == '\0')
		(void)error_set(&error, err, "%s", error_name(err));
	if (err != EXTAUTH_OK)
		bad_row(import, row, &error);
	return EXTAUTH_OK;
}

static enum extauth_err
pass_note(struct import *import, size_t number, enum pass pass)
{
	if (number >= import->passes.size &&
	    registry_pages_grow(&import->passes,
		number < ROWS_FIRST ? ROWS_FIRST : number * 2) != EXTAUTH_OK)
		return EXTAUTH_NOMEM;
	import->passes.bytes[number] = (char)pass;
	return EXTAUTH_OK;
}

/* Reads all rows, takes the removed users, and notes when the others are to
 * come. */
static enum extauth_err
rows_read(struct import *import, struct extauth_error *error)
{
	struct import_row row;
	enum extauth_err err;

	for (;;) {
		enum pass pass = PASS_NONE;

		err = import_file_next(import->file, &row, error);
		if (err == EXTAUTH_NOTFOUND)
			return EXTAUTH_OK;
		if (err == EXTAUTH_INVALID || err == EXTAUTH_CONFIG) {
			complain("%s: %s", import->path, error->text);
			import->bad++;
		}
		if (err == EXTAUTH_CONFIG)
			return EXTAUTH_OK;
		if (err == EXTAUTH_INVALID)
			continue;
		if (err == EXTAUTH_OK)
			err = row_take(import, &row, PASS_NONE, &pass);
		if (err == EXTAUTH_OK)
			err = pass_note(import, row.number, pass);
		if (err != EXTAUTH_OK)
			return err;
	}
}

/* Looks ahead, so that the row need not wait for memory when its turn comes. */
static void
row_expect(struct import *import, size_t number, enum pass pass)
{
	const struct registry_contents *contents =
	    &import->registrar->change.contents;
	REGISTRY_UNWIPED struct extauth_error error;
	struct import_row row;
	uint32_t uid = 0;

	if (number >= import->file->count || number >= import->passes.size ||
	    import->passes.bytes[number] != (char)pass ||
	    import->file->array != NULL ||
	    import_file_again(import->file, number, &row, &error) != EXTAUTH_OK)
		return;
	registry_contents_expect(contents, row.texts[IMPORT_NAME],
	    row.texts[IMPORT_EMAIL], row.texts[IMPORT_EXTERNAL_ID]);
	if (row.texts[IMPORT_UID] != NULL &&
	    number_parse(row.texts[IMPORT_UID], &uid))
		registry_contents_expect_uid(contents, uid);
}

static enum extauth_err
rows_take(struct import *import, enum pass pass, struct extauth_error *error)
{
	struct import_row row;
	enum pass found = PASS_NONE;
	size_t number;
	enum extauth_err err;

	for (number = 0;
	     number < import->file->count && number < import->passes.size;
	     number++) {
		if (import->passes.bytes[number] != (char)pass)
			continue;
		row_expect(import, number + ROWS_AHEAD, pass);
		err = import_file_again(import->file, number, &row, error);
		if (err == EXTAUTH_OK)
			err = row_take(import, &row, pass, &found);
		if (err != EXTAUTH_OK)
			return err;
	}
	return EXTAUTH_OK;
}

/* Room for all at once: nothing grows by and by. */
static enum extauth_err
import_reserve(struct import *import)
{
	struct registry_contents *contents =
	    &import->registrar->change.contents;
	size_t count = import->file->count;
	enum extauth_err err;

	err = registry_pages_take(
	    contents->user_count + count + 1, &import->seen);
	if (err == EXTAUTH_OK && count > ROWS_FIRST)
		err = registry_contents_reserve(contents, count);
	/* The fields of CSV stay where they were cut. */
	if (import->file->array == NULL)
		registry_contents_lend(
		    contents, import->file->text.bytes, import->file->length);
	return err;
}

/* Groups with their gids, as a JSON export has them. */
static enum extauth_err
group_take(struct import *import, struct json_object *group,
    struct extauth_error *error)
{
	bool is_changed = false;
	enum extauth_err err;
	uint32_t gid = 0;

	if (!json_object_is_type(group, json_type_object) ||
	    !number_parse(document_get_text(group, "gid"), &gid))
		return error_set(error, EXTAUTH_INVALID, "no name and gid");
	err = registrar_add_group(import->registrar,
	    document_get_text(group, "name"), gid, &is_changed, error);
	import->groups += is_changed;
	return err;
}

static enum extauth_err
groups_take(struct import *import)
{
	struct json_object *groups = import->file->groups_of_file;
	enum extauth_err err = EXTAUTH_OK;
	size_t index;

	if (!json_object_is_type(groups, json_type_array))
		return EXTAUTH_OK;
	for (index = 0; index < json_object_array_length(groups); index++) {
		struct extauth_error error = {0};

		err = group_take(
		    import, json_object_array_get_idx(groups, index), &error);
		if (err == EXTAUTH_NOMEM)
			return err;
		if (err == EXTAUTH_OK)
			continue;
		import->bad++;
		complain(
		    "%s: group %zu: %s", import->path, index + 1, error.text);
	}
	return EXTAUTH_OK;
}

enum extauth_err
import_people(struct import *import, struct extauth_error *error)
{
	enum extauth_err err = rows_read(import, error);

	/* Behind the removed users, whose uids are no gids either. */
	if (err == EXTAUTH_OK)
		err = groups_take(import);
	if (err == EXTAUTH_OK)
		err = import_reserve(import);
	if (err == EXTAUTH_OK)
		err = rows_take(import, PASS_WITH_UID, error);
	if (err == EXTAUTH_OK)
		err = rows_take(import, PASS_GROUPS, error);
	if (err == EXTAUTH_OK)
		err = rows_take(import, PASS_WITHOUT_UID, error);
	return err;
}

void
import_clear(struct import *import)
{
	registry_pages_give(&import->passes);
	registry_pages_give(&import->seen);
}
