/* SPDX-License-Identifier: MIT */
/* The file of an id map: its reading and its writing.
 * Does not know: who looks for what. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "csv.h"
#include "id_map.h"
#include "identity.h"
#include "number.h"
#include "replace.h"
#include "translate.h"

#define TEXT_MAX_BYTES ((size_t)4 << 30)

enum id_column {
	COLUMN_KIND = 0,
	COLUMN_NUMBER,
	COLUMN_NAME,
	COLUMN_EMAIL,
	COLUMN_EXTERNAL_ID,
	COLUMN_COUNT
};

static const char *const column_names[COLUMN_COUNT] = {
    "kind", "number", "name", "email", "external_id"};
static const char *const kind_names[] = {"user", "group", "removed"};

#define KIND_COUNT (sizeof(kind_names) / sizeof(*kind_names))

static enum extauth_err
check_user(const struct id_entry *entry, struct extauth_error *error)
{
	enum extauth_err err =
	    identity_check_external_id(entry->external_id, error);

	if (err == EXTAUTH_OK &&
	    (*entry->external_id == '\0' || *entry->email != '\0'))
		err = identity_check_email(entry->email, error);
	return err;
}

static enum extauth_err
check_entry(const struct id_entry *entry, struct extauth_error *error)
{
	enum extauth_err err = identity_check_uid(entry->number, error);

	if (err == EXTAUTH_OK && entry->kind == ID_USER)
		err = check_user(entry, error);
	if (err == EXTAUTH_OK && !identity_is_short_name(entry->name) &&
	    (entry->kind == ID_GROUP || !identity_is_email_name(entry->name)))
		err = error_set(
		    error, EXTAUTH_INVALID, "'%s' is no name", entry->name);
	return err;
}

static enum extauth_err
record_take(struct id_map *map, const struct csv_record *record,
    struct extauth_error *error)
{
	struct id_entry entry = {.line = record->line};
	size_t kind = 0;
	enum extauth_err err;

	if (record->count != COLUMN_COUNT)
		return error_set(error, EXTAUTH_INVALID,
		    "line %u: has %zu fields and not %u", record->line,
		    record->count, (unsigned)COLUMN_COUNT);
	while (kind < KIND_COUNT &&
	    strcmp(record->fields[COLUMN_KIND], kind_names[kind]) != 0)
		kind++;
	if (kind == KIND_COUNT)
		return error_set(error, EXTAUTH_INVALID,
		    "line %u: kind is user, group or removed", record->line);
	if (!number_parse(record->fields[COLUMN_NUMBER], &entry.number))
		return error_set(error, EXTAUTH_INVALID,
		    "line %u: number is no number", record->line);
	entry.kind = (enum id_kind)kind;
	entry.name = record->fields[COLUMN_NAME];
	entry.email = record->fields[COLUMN_EMAIL];
	entry.external_id = record->fields[COLUMN_EXTERNAL_ID];
	err = check_entry(&entry, error);
	if (err != EXTAUTH_OK) {
		struct extauth_error reason = *error;

		return error_set(error, EXTAUTH_INVALID, "line %u: %s",
		    record->line, reason.text);
	}
	return id_map_add(map, &entry);
}

static enum extauth_err
head_take(const struct csv_record *record, struct extauth_error *error)
{
	size_t at;

	for (at = 0; at < COLUMN_COUNT; at++)
		if (record->count != COLUMN_COUNT ||
		    strcmp(record->fields[at], column_names[at]) != 0)
			return error_set(error, EXTAUTH_INVALID,
			    "line %u: the headline is not "
			    "kind,number,name,email,external_id",
			    record->line);
	return EXTAUTH_OK;
}

enum extauth_err
id_map_parse(struct id_map *map, const char *text, size_t length,
    struct extauth_error *error)
{
	struct csv_reader reader = {.text = text, .length = length, .line = 1};
	bool is_head = true;

	for (;;) {
		cleanup_csv_record struct csv_record record = {0};
		enum extauth_err err = csv_read(&reader, &record, error);

		if (err == EXTAUTH_NOTFOUND)
			return is_head && length > 0
			    ? error_set(error, EXTAUTH_INVALID,
				  "there is no headline")
			    : EXTAUTH_OK;
		if (err == EXTAUTH_OK)
			err = is_head ? head_take(&record, error)
				      : record_take(map, &record, error);
		if (err != EXTAUTH_OK)
			return err;
		is_head = false;
	}
}

/* Reads what is behind a descriptor; `path` is for messages. */
static enum extauth_err
map_take(int fd, const char *path, struct id_map *ret_map,
    struct extauth_error *error)
{
	cleanup_buffer struct buffer text = buffer_make(TEXT_MAX_BYTES);
	cleanup_id_map struct id_map map = {0};
	enum extauth_err err = buffer_read(&text, fd);

	if (err != EXTAUTH_OK)
		return error_set(
		    error, err, "%s: cannot be read to its end", path);
	err = id_map_parse(&map, buffer_text(&text), text.length, error);
	if (err != EXTAUTH_OK)
		return error_prefix(error, err, path);
	*ret_map = map;
	map = (struct id_map){0};
	return EXTAUTH_OK;
}

static enum extauth_err
path_take(const char *path, bool may_be_missing, struct id_map *ret_map,
    struct extauth_error *error)
{
	cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		return map_take(fd, path, ret_map, error);
	if (errno != ENOENT || !may_be_missing)
		return error_set(error, EXTAUTH_SYSTEM, "%s: %s", path,
		    error_of_number(errno));
	*ret_map = (struct id_map){0};
	return EXTAUTH_OK;
}

enum extauth_err
id_map_read(
    const char *path, struct id_map *ret_map, struct extauth_error *error)
{
	if (strcmp(path, "-") == 0)
		return map_take(
		    STDIN_FILENO, _("standard input"), ret_map, error);
	return path_take(path, false, ret_map, error);
}

enum extauth_err
id_map_load(
    const char *path, struct id_map *ret_map, struct extauth_error *error)
{
	return path_take(path, true, ret_map, error);
}

static enum extauth_err
print_fields(const char *const fields[COLUMN_COUNT], struct buffer *text)
{
	enum extauth_err err = EXTAUTH_OK;
	size_t at;

	for (at = 0; at < COLUMN_COUNT && err == EXTAUTH_OK; at++)
		err = csv_append(text, fields[at], at == 0);
	return err == EXTAUTH_OK ? buffer_append_text(text, "\r\n") : err;
}

enum extauth_err
id_map_print_head(struct buffer *text)
{
	return print_fields(column_names, text);
}

enum extauth_err
id_map_print(const struct id_entry *entry, struct buffer *text)
{
	char number[12];
	const char *const fields[COLUMN_COUNT] = {
	    [COLUMN_KIND] = kind_names[entry->kind],
	    [COLUMN_NUMBER] = number,
	    [COLUMN_NAME] = entry->name,
	    [COLUMN_EMAIL] = entry->email,
	    [COLUMN_EXTERNAL_ID] = entry->external_id,
	};

	(void)snprintf(number, sizeof(number), "%u", entry->number);
	return print_fields(fields, text);
}

enum extauth_err
id_map_write(
    const struct id_map *map, int directory_fd, struct extauth_error *error)
{
	cleanup_buffer struct buffer text = buffer_make(TEXT_MAX_BYTES);
	enum extauth_err err = id_map_print_head(&text);
	size_t at;

	if (map->count == 0) {
		if (unlinkat(directory_fd, ID_MAP_FILE, 0) != 0 &&
		    errno != ENOENT)
			return error_set(error, EXTAUTH_SYSTEM, "%s: %s",
			    ID_MAP_FILE, error_of_number(errno));
		return EXTAUTH_OK;
	}
	for (at = 0; at < map->count && err == EXTAUTH_OK; at++)
		err = id_map_print(&map->entries[at], &text);
	if (err != EXTAUTH_OK)
		return error_set(error, err, "%s", error_name(err));
	return replace_file(directory_fd, ID_MAP_FILE, 0600, &text, error);
}
