/* SPDX-License-Identifier: MIT */
#include "import_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX_BYTES ((size_t)1 << 30)
#define GROUPS_MAX_BYTES 8192
#define READ_BYTES 2048
#define JSON_DEPTH 8

static enum extauth_err
read_all(const char *path, struct buffer *text, struct extauth_error *error)
{
	bool is_stdin = strcmp(path, "-") == 0;
	cleanup_fd int opened =
	    is_stdin ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	int fd = is_stdin ? STDIN_FILENO : opened;
	char bytes[READ_BYTES];
	enum extauth_err err = EXTAUTH_OK;
	ssize_t got = fd < 0 ? -1 : 1;

	while (err == EXTAUTH_OK && got > 0) {
		got = read(fd, bytes, sizeof(bytes));
		if (got > 0)
			err = buffer_append(text, bytes, (size_t)got);
	}
	if (got < 0)
		return error_set(
		    error, EXTAUTH_SYSTEM, "%s", strerrordesc_np(errno));
	return err;
}

static enum extauth_err
headline_read(struct import_file *file, struct extauth_error *error)
{
	cleanup_csv_record struct csv_record record = {0};
	bool is_seen[IMPORT_FIELD_COUNT] = {false};
	enum extauth_err err;
	size_t index;

	err = csv_read(&file->reader, &record, error);
	if (err == EXTAUTH_NOTFOUND)
		return error_set(error, EXTAUTH_INVALID,
		    "empty; the first line names the columns");
	if (err != EXTAUTH_OK)
		return err;
	for (index = 0; index < record.count; index++) {
		enum import_field field =
		    import_field_find(record.fields[index]);

		if (field == IMPORT_FIELD_COUNT)
			return error_set(error, EXTAUTH_INVALID,
			    "line %u: unknown column \"%s\"", record.line,
			    record.fields[index]);
		if (is_seen[field])
			return error_set(error, EXTAUTH_INVALID,
			    "line %u: column \"%s\" twice", record.line,
			    record.fields[index]);
		is_seen[field] = true;
		file->columns[index] = field;
	}
	if (!is_seen[IMPORT_NAME])
		return error_set(error, EXTAUTH_INVALID,
		    "line %u: no column \"name\"", record.line);
	file->column_count = record.count;
	file->start = file->reader.offset;
	return EXTAUTH_OK;
}

static void
array_append(struct json_object *to, struct json_object *from, bool is_removed)
{
	size_t count = json_object_array_length(from);
	size_t index;

	for (index = 0; index < count; index++) {
		struct json_object *entry =
		    json_object_array_get_idx(from, index);

		if (is_removed && json_object_is_type(entry, json_type_object))
			document_text(entry, "state", "removed");
		document_push(to, json_object_get(entry));
	}
}

static enum extauth_err
document_flatten(struct json_object *document, struct import_file *file,
    struct extauth_error *error)
{
	struct json_object *users = document;
	struct json_object *removed = NULL;
	struct json_object *groups = NULL;

	if (json_object_is_type(document, json_type_object)) {
		(void)json_object_object_get_ex(document, "users", &users);
		(void)json_object_object_get_ex(document, "removed", &removed);
	}
	if (!json_object_is_type(users, json_type_array) ||
	    (removed != NULL && !json_object_is_type(removed, json_type_array)))
		return error_set(error, EXTAUTH_INVALID,
		    "neither an array of users nor an object with one");
	if (json_object_is_type(document, json_type_object) &&
	    json_object_object_get_ex(document, "groups", &groups))
		file->groups_of_file = json_object_get(groups);
	file->array = document_array();
	array_append(file->array, users, false);
	if (removed != NULL)
		array_append(file->array, removed, true);
	return EXTAUTH_OK;
}

static enum extauth_err
json_read(struct import_file *file, struct extauth_error *error)
{
	struct json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH);
	cleanup_document struct json_object *document = NULL;
	enum json_tokener_error failed;
	size_t offset;

	if (tokener == NULL)
		return EXTAUTH_NOMEM;
	json_tokener_set_flags(
	    tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	/* With its NUL, so that a document that is cut off is an error. */
	document = json_tokener_parse_ex(
	    tokener, buffer_text(&file->text), (int)file->text.length + 1);
	failed = json_tokener_get_error(tokener);
	offset = json_tokener_get_parse_end(tokener);
	json_tokener_free(tokener);
	if (document == NULL || failed != json_tokener_success)
		return error_set(error, EXTAUTH_INVALID,
		    "byte %zu: no JSON: %s", offset,
		    json_tokener_error_desc(failed));
	return document_flatten(document, file, error);
}

enum extauth_err
import_file_open(const char *path, bool is_json, struct import_file *ret_file,
    struct extauth_error *error)
{
	struct import_file *file = ret_file;
	enum extauth_err err;

	*file = (struct import_file){.text = buffer_make(FILE_MAX_BYTES),
	    .groups = buffer_make(GROUPS_MAX_BYTES)};
	err = read_all(path, &file->text, error);
	if (err != EXTAUTH_OK)
		return err;
	if (is_json)
		return json_read(file, error);
	file->reader = (struct csv_reader){
	    buffer_text(&file->text), file->text.length, 0, 1};
	return headline_read(file, error);
}

static enum extauth_err
csv_next(struct import_file *file, struct import_row *ret_row,
    struct extauth_error *error)
{
	struct import_row row = {0};
	enum extauth_err err;
	size_t index;

	csv_record_clear(&file->record);
	err = csv_read(&file->reader, &file->record, error);
	if (err != EXTAUTH_OK)
		return err;
	row.line = file->record.line;
	if (file->record.count != file->column_count)
		return error_set(error, EXTAUTH_INVALID,
		    "line %u: %zu fields, the first line has %zu", row.line,
		    file->record.count, file->column_count);
	for (index = 0; index < file->column_count; index++)
		row.texts[file->columns[index]] = file->record.fields[index];
	*ret_row = row;
	return EXTAUTH_OK;
}

/* Several rows may name many groups; the texts of one row are enough. */
static enum extauth_err
groups_join(struct import_file *file, struct json_object *groups)
{
	size_t count = json_object_array_length(groups);
	enum extauth_err err = EXTAUTH_OK;
	size_t index;

	buffer_clear(&file->groups);
	for (index = 0; index < count && err == EXTAUTH_OK; index++) {
		const char *name = json_object_get_string(
		    json_object_array_get_idx(groups, index));

		err =
		    buffer_append_text(&file->groups, name != NULL ? name : "");
		if (err == EXTAUTH_OK)
			err = buffer_append_text(&file->groups, ";");
	}
	return err;
}

static enum extauth_err
member_take(struct import_file *file, const char *name,
    struct json_object *value, struct import_row *row,
    struct extauth_error *error)
{
	enum import_field field = import_field_find(name);

	if (field == IMPORT_FIELD_COUNT)
		return error_set(error, EXTAUTH_INVALID,
		    "entry %u: unknown member \"%s\"", row->line, name);
	if (value == NULL)
		return EXTAUTH_OK;
	if (json_object_is_type(value, json_type_object))
		return error_set(error, EXTAUTH_INVALID,
		    "entry %u: %s: an object", row->line, name);
	row->texts[field] = json_object_get_string(value);
	if (field == IMPORT_GROUPS &&
	    json_object_is_type(value, json_type_array)) {
		row->texts[field] = "";
		if (groups_join(file, value) != EXTAUTH_OK)
			return error_set(error, EXTAUTH_INVALID,
			    "entry %u: too many groups", row->line);
		row->texts[field] = buffer_text(&file->groups);
	}
	return EXTAUTH_OK;
}

static enum extauth_err
json_next(struct import_file *file, struct import_row *ret_row,
    struct extauth_error *error)
{
	struct json_object_iterator member;
	struct json_object_iterator end;
	struct json_object *entry;
	struct import_row row = {0};
	enum extauth_err err;

	if (file->next >= json_object_array_length(file->array))
		return EXTAUTH_NOTFOUND;
	entry = json_object_array_get_idx(file->array, file->next++);
	row.line = (unsigned)file->next;
	if (!json_object_is_type(entry, json_type_object))
		return error_set(
		    error, EXTAUTH_INVALID, "entry %u: no object", row.line);
	end = json_object_iter_end(entry);
	for (member = json_object_iter_begin(entry);
	     !json_object_iter_equal(&member, &end);
	     json_object_iter_next(&member)) {
		err = member_take(file, json_object_iter_peek_name(&member),
		    json_object_iter_peek_value(&member), &row, error);
		if (err != EXTAUTH_OK)
			return err;
	}
	*ret_row = row;
	return EXTAUTH_OK;
}

enum extauth_err
import_file_next(struct import_file *file, struct import_row *ret_row,
    struct extauth_error *error)
{
	return file->array != NULL ? json_next(file, ret_row, error)
				   : csv_next(file, ret_row, error);
}

void
import_file_rewind(struct import_file *file)
{
	file->next = 0;
	file->reader.offset = file->start;
	file->reader.line = 2;
}

void
import_file_clear(struct import_file *file)
{
	if (file == NULL)
		return;
	buffer_clear(&file->text);
	buffer_clear(&file->groups);
	csv_record_clear(&file->record);
	document_clear(&file->array);
	document_clear(&file->groups_of_file);
}
