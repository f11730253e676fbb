/* SPDX-License-Identifier: MIT */
#include "import_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "document.h"

#define CSV_MAX_BYTES ((size_t)16 << 30)
#define JSON_MAX_BYTES ((size_t)1 << 30)
#define GROUPS_MAX_BYTES 8192
#define READ_BYTES ((size_t)1 << 20)
#define LINES_FIRST ((size_t)4096)
#define JSON_DEPTH 8

/* Makes room for READ_BYTES more and a NUL. */
static enum extauth_err
text_reserve(struct import_file *file, size_t limit)
{
	size_t wanted = file->length + READ_BYTES + 1;

	if (wanted <= file->text.size)
		return EXTAUTH_OK;
	if (file->length > limit)
		return EXTAUTH_TOOBIG;
	if (wanted < file->text.size * 2)
		wanted = file->text.size * 2;
	return registry_pages_grow(&file->text, wanted);
}

static enum extauth_err
read_all(const char *path, struct import_file *file, size_t limit,
    struct extauth_error *error)
{
	bool is_stdin = strcmp(path, "-") == 0;
	cleanup_fd int opened =
	    is_stdin ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	int fd = is_stdin ? STDIN_FILENO : opened;
	ssize_t got = fd < 0 ? -1 : 1;
	struct stat status;
	enum extauth_err err = EXTAUTH_OK;

	/* Only a hint: what is read counts. */
	if (fd >= 0 && fstat(fd, &status) == 0 && status.st_size > 0 &&
	    (uint64_t)status.st_size <= limit)
		err = registry_pages_grow(
		    &file->text, (size_t)status.st_size + READ_BYTES + 1);
	while (err == EXTAUTH_OK && got > 0) {
		err = text_reserve(file, limit);
		if (err != EXTAUTH_OK)
			break;
		got = read(fd, file->text.bytes + file->length,
		    file->text.size - file->length - 1);
		if (got > 0)
			file->length += (size_t)got;
		if (file->length > limit)
			err = EXTAUTH_TOOBIG;
	}
	if (got < 0)
		return error_set(
		    error, EXTAUTH_SYSTEM, "%s", error_of_number(errno));
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
	    tokener, file->text.bytes, (int)file->length + 1);
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

	*file = (struct import_file){.groups = buffer_make(GROUPS_MAX_BYTES)};
	err = read_all(
	    path, file, is_json ? JSON_MAX_BYTES : CSV_MAX_BYTES, error);
	if (err != EXTAUTH_OK)
		return err;
	if (is_json)
		return json_read(file, error);
	file->reader =
	    (struct csv_reader){file->text.bytes, file->length, 0, 1};
	return headline_read(file, error);
}

static struct import_line *
file_lines(const struct import_file *file)
{
	return (struct import_line *)(void *)file->line_pages.bytes;
}

static enum extauth_err
line_add(struct import_file *file, const struct csv_record *record)
{
	size_t capacity = file->line_pages.size / sizeof(struct import_line);

	if (file->count == capacity &&
	    registry_pages_grow(&file->line_pages,
		(capacity < LINES_FIRST ? LINES_FIRST : capacity * 2) *
		    sizeof(struct import_line)) != EXTAUTH_OK)
		return EXTAUTH_NOMEM;
	file_lines(file)[file->count++] = (struct import_line){
	    (size_t)(record->fields[0] - file->text.bytes), record->line};
	return EXTAUTH_OK;
}

/* The next record is cut into fields where it stands. */
static enum extauth_err
csv_next(struct import_file *file, struct import_row *ret_row,
    struct extauth_error *error)
{
	const char *fields[CSV_FIELDS_MAX];
	struct csv_record record = {.fields = fields};
	struct import_row row = {.number = file->count};
	enum extauth_err err;
	size_t index;

	err = csv_cut(&file->reader, file->text.bytes, &record, error);
	if (err != EXTAUTH_OK)
		return err == EXTAUTH_INVALID ? EXTAUTH_CONFIG : err;
	row.line = record.line;
	if (record.count != file->column_count)
		return error_set(error, EXTAUTH_INVALID,
		    "line %u: %zu fields, the first line has %zu", row.line,
		    record.count, file->column_count);
	for (index = 0; index < file->column_count; index++)
		row.texts[file->columns[index]] = record.fields[index];
	err = line_add(file, &record);
	if (err == EXTAUTH_OK)
		*ret_row = row;
	return err;
}

static void
csv_again(
    const struct import_file *file, size_t number, struct import_row *ret_row)
{
	const struct import_line *line = &file_lines(file)[number];
	const char *field = file->text.bytes + line->offset;
	size_t index;

	*ret_row = (struct import_row){.line = line->line, .number = number};
	for (index = 0; index < file->column_count; index++) {
		ret_row->texts[file->columns[index]] = field;
		field += strlen(field) + 1;
	}
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
		const char *name =
		    document_value(json_object_array_get_idx(groups, index));

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
	row->texts[field] = document_value(value);
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
json_again(struct import_file *file, size_t number, struct import_row *ret_row,
    struct extauth_error *error)
{
	struct json_object_iterator member;
	struct json_object_iterator end;
	struct json_object *entry =
	    json_object_array_get_idx(file->array, number);
	struct import_row row = {
	    .line = (unsigned)number + 1, .number = number};
	enum extauth_err err;

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
	if (file->array == NULL)
		return csv_next(file, ret_row, error);
	if (file->count >= json_object_array_length(file->array))
		return EXTAUTH_NOTFOUND;
	return json_again(file, file->count++, ret_row, error);
}

enum extauth_err
import_file_again(struct import_file *file, size_t number,
    struct import_row *ret_row, struct extauth_error *error)
{
	if (file->array != NULL)
		return json_again(file, number, ret_row, error);
	csv_again(file, number, ret_row);
	return EXTAUTH_OK;
}

void
import_file_finish(struct import_file *file)
{
	registry_pages_give(&file->line_pages);
	file->count = 0;
}

void
import_file_clear(struct import_file *file)
{
	if (file == NULL)
		return;
	registry_pages_give(&file->text);
	registry_pages_give(&file->line_pages);
	buffer_clear(&file->groups);
	document_clear(&file->array);
	document_clear(&file->groups_of_file);
}
