/* SPDX-License-Identifier: MIT */
#include "source_csv_row.h"

#include <stdio.h>
#include <string.h>

#include "identity.h"
#include "source_entry.h"

#define NOWHERE CSV_FIELDS_MAX
#define TEXT_BYTES (IDENTITY_TEXT_MAX_BYTES + 1)

/* A column that is a text of a person. */
struct csv_text {
	size_t offset;
	enum csv_column column;
	bool is_whole; /* over 255 bytes it is no line; else it is cut, and the
			* host refuses it or, for gecos, takes it */
};

#define USER(member) offsetof(struct sync_user, member)

static const struct csv_text csv_texts[] = {
    {USER(id), CSV_ID, true},
    {USER(email), CSV_EMAIL, false},
    {USER(name), CSV_NAME, false},
    {USER(gecos), CSV_GECOS, false},
    {USER(home), CSV_HOME, true},
    {USER(shell), CSV_SHELL, true},
};

static enum extauth_err
csv_wrong(const struct csv_record *record, struct extauth_error *error,
    const char *reason)
{
	return error_set(
	    error, EXTAUTH_INVALID, "line %u: %s", record->line, reason);
}

/* Tells whether `text` without the blanks around it is `name`. */
static bool
csv_is_named(const char *text, const char *name)
{
	char bare[TEXT_BYTES];
	size_t length;

	text += strspn(text, " \t");
	length = strlen(text);
	while (
	    length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
		length--;
	if (length == 0 || length >= sizeof(bare))
		return false;
	memcpy(bare, text, length);
	bare[length] = '\0';
	return identity_equal(bare, name);
}

static enum extauth_err
csv_find_column(const struct csv_record *header, const char *name,
    size_t *ret_at, struct extauth_error *error)
{
	size_t found = NOWHERE;
	size_t at;

	for (at = 0; at < header->count; at++) {
		if (!csv_is_named(header->fields[at], name))
			continue;
		if (found != NOWHERE)
			return error_set(error, EXTAUTH_CONFIG,
			    "line %u: two columns %s", header->line, name);
		found = at;
	}
	*ret_at = found;
	return EXTAUTH_OK;
}

/* What spreadsheets write instead. */
static const char *
csv_hint(const struct csv_record *header)
{
	if (header->count > 1)
		return "";
	if (strchr(header->fields[0], ';') != NULL ||
	    strchr(header->fields[0], '\t') != NULL)
		return ": columns are separated by commas";
	return "";
}

/* A line end of CR alone is none: all people would be the last column. */
static enum extauth_err
csv_check_line_ends(
    const struct csv_record *header, struct extauth_error *error)
{
	size_t at;

	for (at = 0; at < header->count; at++)
		if (strchr(header->fields[at], '\r') != NULL)
			return csv_wrong(header, error,
			    "lines end with CR alone, and not with LF");
	return EXTAUTH_OK;
}

enum extauth_err
csv_find_columns(const struct source_run *run, const struct csv_record *header,
    struct csv_columns *ret_columns, struct extauth_error *error)
{
	const struct config_source *source = run->source;
	const char *const names[CSV_COLUMNS] = {
	    [CSV_ID] = source->user_id,
	    [CSV_EMAIL] = source->user_email,
	    [CSV_NAME] = source->user_name,
	    [CSV_GECOS] = source->user_gecos,
	    [CSV_UID] = source->user_uid,
	    [CSV_HOME] = source->user_home,
	    [CSV_SHELL] = source->user_shell,
	    [CSV_GROUPS] = source->user_groups,
	    [CSV_STATE] = "state",
	};
	struct csv_columns columns = {.count = header->count};
	enum extauth_err err = csv_check_line_ends(header, error);
	size_t at;

	if (err != EXTAUTH_OK)
		return err;
	for (at = 0; at < CSV_COLUMNS; at++) {
		columns.at[at] = NOWHERE;
		if (*names[at] == '\0')
			continue;
		err =
		    csv_find_column(header, names[at], &columns.at[at], error);
		if (err != EXTAUTH_OK)
			return err;
		if ((at == CSV_ID || at == CSV_EMAIL) &&
		    columns.at[at] == NOWHERE)
			return error_set(error, EXTAUTH_CONFIG,
			    "line %u: no column %s%s", header->line, names[at],
			    csv_hint(header));
	}
	if (columns.at[CSV_ID] == NOWHERE)
		return error_set(error, EXTAUTH_CONFIG, "user_id is empty");
	*ret_columns = columns;
	return EXTAUTH_OK;
}

static const char *
csv_field(const struct csv_columns *columns, const struct csv_record *record,
    enum csv_column column)
{
	size_t at = columns->at[column];

	return at < record->count ? record->fields[at] : "";
}

static enum extauth_err
csv_read_texts(const struct csv_columns *columns,
    const struct csv_record *record, struct sync_user *user,
    struct extauth_error *error)
{
	size_t at;

	for (at = 0; at < sizeof(csv_texts) / sizeof(*csv_texts); at++) {
		const struct csv_text *text = &csv_texts[at];
		const char *field = csv_field(columns, record, text->column);
		size_t length = strnlen(field, TEXT_BYTES);

		if (length == TEXT_BYTES && text->is_whole)
			return csv_wrong(
			    record, error, "a field is over 255 bytes");
		if (length == TEXT_BYTES)
			length--;
		memcpy((char *)user + text->offset, field, length);
	}
	if (user->id[0] == '\0')
		return csv_wrong(record, error, "there is no id");
	if (user->email[0] == '\0' &&
	    identity_check_email(user->name, NULL) == EXTAUTH_OK)
		memcpy(user->email, user->name, sizeof(user->email));
	return EXTAUTH_OK;
}

static bool
csv_number(const char *text, uint32_t *ret_number)
{
	uint64_t number = 0;
	const char *digit;

	for (digit = text; *digit != '\0'; digit++) {
		if (*digit < '0' || *digit > '9')
			return false;
		number = number * 10 + (uint64_t)(*digit - '0');
		if (number > UINT32_MAX)
			return false;
	}
	*ret_number = (uint32_t)number;
	return digit > text;
}

static enum extauth_err
csv_read_uid(const struct source_run *run, const struct csv_columns *columns,
    const struct csv_record *record, struct sync_user *user,
    struct extauth_error *error)
{
	const char *field = csv_field(columns, record, CSV_UID);
	uint32_t base = run->source->uid_base;
	uint32_t number;

	if (*field != '\0') {
		user->has_uid = csv_number(field, &user->uid);
		return user->has_uid
		    ? EXTAUTH_OK
		    : csv_wrong(record, error, "the uid is no number");
	}
	if (base == 0 || !csv_number(user->id, &number) ||
	    number > UINT32_MAX - base)
		return EXTAUTH_OK;
	user->has_uid = true;
	user->uid = base + number;
	return EXTAUTH_OK;
}

/* `name` of `length` bytes, without the blanks around it. */
static enum extauth_err
csv_add_group(const struct source_run *run, const char *name, size_t length,
    struct sync_texts *groups)
{
	char text[TEXT_BYTES];
	enum extauth_err err;

	while (length > 0 && *name == ' ') {
		name++;
		length--;
	}
	while (length > 0 && name[length - 1] == ' ')
		length--;
	if (length == 0)
		return EXTAUTH_OK;
	if (length >= sizeof(text))
		return EXTAUTH_TOOBIG;
	memcpy(text, name, length);
	text[length] = '\0';
	if (!source_entry_wants_group(run, "", text))
		return EXTAUTH_OK;
	err = sync_texts_add(groups, "");
	return err == EXTAUTH_OK ? sync_texts_add(groups, text) : err;
}

static enum extauth_err
csv_read_groups(const struct source_run *run, const struct csv_columns *columns,
    const struct csv_record *record, struct sync_user *user,
    struct extauth_error *error)
{
	const char *field = csv_field(columns, record, CSV_GROUPS);
	enum extauth_err err = EXTAUTH_OK;

	while (*field != '\0' && err == EXTAUTH_OK) {
		size_t length = strcspn(field, ";");

		err = csv_add_group(run, field, length, &user->groups);
		field += field[length] == ';' ? length + 1 : length;
	}
	return err == EXTAUTH_TOOBIG
	    ? csv_wrong(record, error, "the groups do not fit")
	    : err;
}

static enum extauth_err
csv_read_state(const struct csv_columns *columns,
    const struct csv_record *record, struct csv_person *person,
    struct extauth_error *error)
{
	const char *field = csv_field(columns, record, CSV_STATE);

	/* Held is what `user export` calls one who was disabled by hand. */
	person->user.is_disabled =
	    strcmp(field, "disabled") == 0 || strcmp(field, "held") == 0;
	person->is_removed = strcmp(field, "removed") == 0;
	if (person->user.is_disabled || person->is_removed || *field == '\0' ||
	    strcmp(field, "enabled") == 0)
		return EXTAUTH_OK;
	return csv_wrong(record, error,
	    "the state is none of enabled, disabled, held, removed");
}

enum extauth_err
csv_read_user(const struct source_run *run, const struct csv_columns *columns,
    const struct csv_record *record, struct csv_person *ret_person,
    struct extauth_error *error)
{
	struct csv_person person = {0};
	enum extauth_err err;

	if (record->count != columns->count)
		return error_set(error, EXTAUTH_INVALID,
		    "line %u: %zu fields and not %zu", record->line,
		    record->count, columns->count);
	err = csv_read_state(columns, record, &person, error);
	if (err == EXTAUTH_OK && !person.is_removed)
		err = csv_read_texts(columns, record, &person.user, error);
	if (err == EXTAUTH_OK && !person.is_removed)
		err = csv_read_uid(run, columns, record, &person.user, error);
	if (err == EXTAUTH_OK && !person.is_removed)
		err =
		    csv_read_groups(run, columns, record, &person.user, error);
	if (err == EXTAUTH_OK)
		*ret_person = person;
	else
		sync_user_clear(&person.user);
	return err;
}
