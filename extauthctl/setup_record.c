/* SPDX-License-Identifier: MIT */
#include "setup_record.h"

#include <string.h>
#include <unistd.h>

#include "paths.h"
#include "setup_pam.h"

#define RECORD EXTAUTH_REGISTRY_DIRECTORY "/setup"
#define RECORD_BYTES ((size_t)8 * 1024 * 1024)

static const char *const kind_names[] = {"file", "lines", "profile"};

static bool
member_is_text(struct json_object *entry, const char *key)
{
	return json_object_is_type(
	    json_object_object_get(entry, key), json_type_string);
}

static bool
digests_are_sound(struct json_object *digests)
{
	size_t index;

	if (!json_object_is_type(digests, json_type_array))
		return false;
	for (index = 0; index < json_object_array_length(digests); index++)
		if (!json_object_is_type(
			json_object_array_get_idx(digests, index),
			json_type_string))
			return false;
	return true;
}

/* What is no entry of ours would be dropped as one that is done. */
static bool
entry_is_sound(struct json_object *entry)
{
	const char *kind;
	const char *path;

	if (!json_object_is_type(entry, json_type_object) ||
	    !member_is_text(entry, "kind") || !member_is_text(entry, "path"))
		return false;
	kind = document_get_text(entry, "kind");
	path = document_get_text(entry, "path");
	if (strcmp(kind, kind_names[SETUP_PROFILE]) == 0)
		return *path != '\0' && *path != '-' && *path != '/';
	if (*path != '/')
		return false;
	return strcmp(kind, kind_names[SETUP_LINES]) == 0
	    ? member_is_text(entry, "before") && member_is_text(entry, "after")
	    : strcmp(kind, kind_names[SETUP_FILE]) == 0 &&
		digests_are_sound(json_object_object_get(entry, "digests"));
}

static bool
entries_are_sound(struct json_object *entries)
{
	size_t index;

	if (!json_object_is_type(entries, json_type_array))
		return false;
	for (index = 0; index < json_object_array_length(entries); index++)
		if (!entry_is_sound(json_object_array_get_idx(entries, index)))
			return false;
	return true;
}

enum extauth_err
setup_record_load(struct setup_record *ret_record, struct extauth_error *error)
{
	cleanup_buffer struct buffer text = buffer_make(RECORD_BYTES);
	struct json_object *entries = NULL;
	enum extauth_err err = setup_file_read(RECORD, &text, error);

	if (err == EXTAUTH_NOTFOUND) {
		ret_record->entries = document_array();
		return EXTAUTH_OK;
	}
	if (err != EXTAUTH_OK)
		return err;
	entries = json_tokener_parse(buffer_text(&text));
	if (!entries_are_sound(entries)) {
		document_clear(&entries);
		return error_set(error, EXTAUTH_INVALID,
		    "%s: damaged: what setup did is not known any more; move "
		    "it away, and see unsetup in extauthctl(8)",
		    RECORD);
	}
	ret_record->entries = entries;
	return EXTAUTH_OK;
}

enum extauth_err
setup_record_save(
    const struct setup_record *record, struct extauth_error *error)
{
	cleanup_buffer struct buffer text = buffer_make(RECORD_BYTES);
	enum extauth_err err;

	if (setup_record_count(record) == 0)
		return setup_file_remove(RECORD, error);
	err = buffer_append_text(
	    &text, document_render(record->entries, JSON_C_TO_STRING_PRETTY));
	if (err == EXTAUTH_OK)
		err = buffer_append_text(&text, "\n");
	if (err != EXTAUTH_OK)
		return error_set(error, err, "%s: %s", RECORD, error_name(err));
	return setup_file_replace(RECORD, &text, 0600, error);
}

size_t
setup_record_count(const struct setup_record *record)
{
	return json_object_array_length(record->entries);
}

void
setup_record_drop(struct setup_record *record, size_t index)
{
	(void)json_object_array_del_idx(record->entries, index, 1);
}

static struct json_object *
entry_at(const struct setup_record *record, size_t index)
{
	return json_object_array_get_idx(record->entries, index);
}

static bool
entry_flag(struct json_object *entry, const char *key)
{
	return json_object_get_boolean(json_object_object_get(entry, key));
}

/* Lines of one file are one entry for each text that was there before. */
static bool
entry_is_of(struct json_object *entry, const struct setup_step *step)
{
	return strcmp(document_get_text(entry, "kind"),
		   kind_names[step->kind]) == 0 &&
	    strcmp(document_get_text(entry, "path"), step->path) == 0 &&
	    (step->kind != SETUP_LINES ||
		strcmp(document_get_text(entry, "after"),
		    buffer_text(&step->after)) == 0);
}

static struct json_object *
entry_find(const struct setup_record *record, const struct setup_step *step)
{
	size_t index;

	for (index = 0; index < setup_record_count(record); index++)
		if (entry_is_of(entry_at(record, index), step))
			return entry_at(record, index);
	return NULL;
}

/* Not document_text, which would change bytes that are no UTF-8. */
static void
entry_put_text(
    struct json_object *entry, const char *key, const struct buffer *text)
{
	struct json_object *value =
	    json_object_new_string_len(buffer_text(text), (int)text->length);

	if (value == NULL)
		die_of_memory();
	document_put(entry, key, value);
}

static struct json_object *
entry_make(const struct setup_step *step)
{
	struct json_object *entry = document_object();

	document_text(entry, "kind", kind_names[step->kind]);
	document_text(entry, "path", step->path);
	document_flag(entry, "was_there", step->was_there);
	document_flag(entry, "is_secret", step->is_secret);
	document_number(entry, "mode", step->mode);
	if (!step->is_secret && step->kind != SETUP_PROFILE)
		entry_put_text(entry, "before", &step->before);
	if (step->kind == SETUP_LINES)
		entry_put_text(entry, "after", &step->after);
	if (step->kind == SETUP_FILE)
		document_put(entry, "digests", document_array());
	return entry;
}

enum extauth_err
setup_record_note(struct setup_record *record, const struct setup_step *step,
    struct extauth_error *error)
{
	struct json_object *entry = entry_find(record, step);
	char digest[SETUP_DIGEST_BYTES];

	if (entry == NULL) {
		entry = entry_make(step);
		document_push(record->entries, entry);
	}
	if (step->kind != SETUP_FILE)
		return EXTAUTH_OK;
	if (setup_file_digest(&step->after, digest) != EXTAUTH_OK)
		return error_set(error, EXTAUTH_SYSTEM, "SHA-256 failed");
	document_push_text(json_object_object_get(entry, "digests"), digest);
	return EXTAUTH_OK;
}

static bool
entry_wrote(struct json_object *entry, const struct buffer *text)
{
	struct json_object *digests = json_object_object_get(entry, "digests");
	char digest[SETUP_DIGEST_BYTES];
	size_t index;

	if (!json_object_is_type(digests, json_type_array) ||
	    setup_file_digest(text, digest) != EXTAUTH_OK)
		return false;
	for (index = 0; index < json_object_array_length(digests); index++)
		if (strcmp(json_object_get_string(
			       json_object_array_get_idx(digests, index)),
			digest) == 0)
			return true;
	return false;
}

static struct json_object *
file_find(const struct setup_record *record, const char *path)
{
	size_t index;

	for (index = 0; index < setup_record_count(record); index++) {
		struct json_object *entry = entry_at(record, index);

		if (strcmp(document_get_text(entry, "kind"), "file") == 0 &&
		    strcmp(document_get_text(entry, "path"), path) == 0)
			return entry;
	}
	return NULL;
}

bool
setup_record_has_file(const struct setup_record *record, const char *path)
{
	return file_find(record, path) != NULL;
}

bool
setup_record_wrote(const struct setup_record *record, const char *path,
    const struct buffer *text)
{
	struct json_object *entry = file_find(record, path);

	return entry != NULL && entry_wrote(entry, text);
}

/* Fills a text of the step from the entry. */
static void
text_fill(struct json_object *entry, const char *key, struct buffer *text)
{
	struct json_object *value = json_object_object_get(entry, key);

	if (json_object_is_type(value, json_type_string) &&
	    buffer_append(text, json_object_get_string(value),
		(size_t)json_object_get_string_len(value)) != EXTAUTH_OK)
		die_of_memory();
}

static enum setup_return
return_file(struct json_object *entry, struct setup_step *step)
{
	struct extauth_error ignored = {0};
	enum extauth_err err;

	text_fill(entry, "before", &step->after);
	step->will_be_there = entry_flag(entry, "was_there");
	err = setup_file_read(step->path, &step->before, &ignored);
	step->was_there = err != EXTAUTH_NOTFOUND;
	if (!step->was_there)
		return step->will_be_there ? SETUP_RETURN_LEAVE
					   : SETUP_RETURN_NOTHING;
	/* What it was is not kept of a secret. */
	if (err != EXTAUTH_OK || (step->is_secret && step->will_be_there) ||
	    !entry_wrote(entry, &step->before))
		return step->will_be_there &&
			strcmp(buffer_text(&step->before),
			    buffer_text(&step->after)) == 0
		    ? SETUP_RETURN_NOTHING
		    : SETUP_RETURN_LEAVE;
	return SETUP_RETURN_STEP;
}

static bool
has_any_line(const char *text, const char *lines)
{
	const char *line;
	size_t length;

	while ((line = setup_line_take(&lines, &length)) != NULL)
		if (setup_line_is_in(text, line, length))
			return true;
	return false;
}

static enum setup_return
return_lines(struct json_object *entry, struct setup_step *step)
{
	cleanup_buffer struct buffer text = buffer_make(SETUP_FILE_MAX_BYTES);
	struct extauth_error ignored = {0};

	text_fill(entry, "after", &step->before);
	text_fill(entry, "before", &step->after);
	if (setup_file_read(step->path, &text, &ignored) != EXTAUTH_OK)
		return SETUP_RETURN_LEAVE;
	if (has_any_line(buffer_text(&text), buffer_text(&step->before)))
		return SETUP_RETURN_STEP;
	return setup_lines_are_in(buffer_text(&text), buffer_text(&step->after))
	    ? SETUP_RETURN_NOTHING
	    : SETUP_RETURN_LEAVE;
}

static enum setup_return
return_profile(struct setup_step *step)
{
	struct extauth_error ignored = {0};

	step->was_there = true;
	step->will_be_there = false;
	if (setup_pam_lines(step->path, &step->before, &ignored) != EXTAUTH_OK)
		buffer_clear(&step->before);
	return setup_pam_is_on(step->path) ? SETUP_RETURN_STEP
					   : SETUP_RETURN_NOTHING;
}

enum setup_return
setup_record_step(const struct setup_record *record, size_t index,
    struct setup_step *ret_step)
{
	struct json_object *entry = entry_at(record, index);
	const char *kind = document_get_text(entry, "kind");
	bool is_lines = strcmp(kind, kind_names[SETUP_LINES]) == 0;
	bool is_profile = strcmp(kind, kind_names[SETUP_PROFILE]) == 0;

	*ret_step = setup_step_make(is_lines ? SETUP_LINES
		: is_profile                 ? SETUP_PROFILE
					     : SETUP_FILE,
	    document_get_text(entry, "path"));
	ret_step->is_secret = entry_flag(entry, "is_secret");
	ret_step->mode =
	    (mode_t)json_object_get_int(json_object_object_get(entry, "mode")) &
	    07777;
	if (is_lines)
		return return_lines(entry, ret_step);
	return is_profile ? return_profile(ret_step)
			  : return_file(entry, ret_step);
}

void
setup_record_clear(struct setup_record *record)
{
	if (record != NULL)
		document_clear(&record->entries);
}
