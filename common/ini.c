/* SPDX-License-Identifier: MIT */
#include "ini.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "escape.h"
#include "ini_entries.h"

#define TEXT_MAX_BYTES ((size_t)1024 * 1024)
#define SHOWN_MAX_BYTES 64
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* One line, or a part of one, lent from the text. */
struct span {
	const char *text;
	size_t length;
};

/* The section and the key that are being read. A key is open, and may go on in
 * indented lines, as long as `key` is not empty. */
struct reader {
	struct ini *ini;
	const char *path;
	struct extauth_error *error;
	unsigned line;
	struct buffer section;
	unsigned section_line;
	bool section_has_key;
	struct buffer key;
	unsigned key_line;
	struct buffer value;
};

static void
reader_clear(struct reader *reader)
{
	buffer_clear(&reader->section);
	buffer_clear(&reader->key);
	buffer_clear(&reader->value);
}

#define cleanup_reader __attribute__((cleanup(reader_clear)))

static bool
is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

static bool
is_lower(char byte)
{
	return byte >= 'a' && byte <= 'z';
}

static bool
is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static struct span
trim(struct span span)
{
	while (span.length > 0 && is_blank(span.text[0])) {
		span.text++;
		span.length--;
	}
	while (span.length > 0 && is_blank(span.text[span.length - 1]))
		span.length--;
	return span;
}

/* Refuses the line; `key` may be empty. */
static enum extauth_err
refuse_key(const struct reader *reader, struct span key, const char *reason)
{
	const char *section = buffer_text(&reader->section);
	bool has_section = reader->section.length > 0;
	int shown =
	    key.length < SHOWN_MAX_BYTES ? (int)key.length : SHOWN_MAX_BYTES;

	return error_set(reader->error, EXTAUTH_CONFIG, "%s:%u: %s%s%s%.*s%s%s",
	    reader->path, reader->line, has_section ? "[" : "", section,
	    has_section ? "] " : "", shown, key.length > 0 ? key.text : "",
	    key.length > 0 ? ": " : "", error_translated(reason));
}

static enum extauth_err
refuse(const struct reader *reader, const char *reason)
{
	struct span key = {buffer_text(&reader->key), reader->key.length};

	return refuse_key(reader, key, reason);
}

/* Adds an entry of copies; without a key it stands for the section alone. */
static enum extauth_err
copy_entry(struct reader *reader, bool has_key)
{
	struct ini_entry entry = {.path = reader->path,
	    .line = has_key ? reader->key_line : reader->section_line};
	enum extauth_err err = EXTAUTH_NOMEM;

	entry.section = strdup(buffer_text(&reader->section));
	if (has_key) {
		entry.key = strdup(buffer_text(&reader->key));
		entry.value = strdup(buffer_text(&reader->value));
	}
	if (entry.section != NULL &&
	    (!has_key || (entry.key != NULL && entry.value != NULL)))
		err = ini_entries_add(reader->ini, entry);
	if (err != EXTAUTH_OK)
		ini_entry_clear(&entry);
	return err;
}

static enum extauth_err
end_key(struct reader *reader)
{
	enum extauth_err err;

	if (reader->key.length == 0)
		return EXTAUTH_OK;
	err = copy_entry(reader, true);
	buffer_clear(&reader->key);
	buffer_clear(&reader->value);
	return err;
}

static enum extauth_err
end_section(struct reader *reader)
{
	enum extauth_err err = end_key(reader);

	if (err != EXTAUTH_OK || reader->section.length == 0)
		return err;
	return reader->section_has_key ? EXTAUTH_OK : copy_entry(reader, false);
}

static bool
is_word(struct span span)
{
	size_t i;

	if (span.length == 0 || !is_lower(span.text[0]))
		return false;
	for (i = 1; i < span.length; i++)
		if (!is_lower(span.text[i]) && !is_digit(span.text[i]) &&
		    span.text[i] != '_')
			return false;
	return true;
}

static bool
is_section_name(struct span span)
{
	size_t i;

	for (i = 0; i < span.length; i++) {
		char byte = span.text[i];

		if (!is_lower(byte) && !is_digit(byte) &&
		    !(byte >= 'A' && byte <= 'Z') && byte != '.' &&
		    byte != '_' && byte != '-')
			return false;
	}
	return span.length > 0;
}

/* Cuts "kind NAME" at its first blanks; a NAME that is not there is empty. */
static struct span
cut_word(struct span *rest)
{
	struct span word = {rest->text, 0};

	while (word.length < rest->length && !is_blank(rest->text[word.length]))
		word.length++;
	rest->text += word.length;
	rest->length -= word.length;
	*rest = trim(*rest);
	return word;
}

static enum extauth_err
begin_section(struct reader *reader, struct span kind, struct span name)
{
	enum extauth_err err =
	    buffer_append(&reader->section, kind.text, kind.length);

	if (err == EXTAUTH_OK && name.length > 0)
		err = buffer_append(&reader->section, " ", 1);
	if (err == EXTAUTH_OK && name.length > 0)
		err = buffer_append(&reader->section, name.text, name.length);
	reader->section_line = reader->line;
	reader->section_has_key = false;
	return err;
}

static enum extauth_err
read_section(struct reader *reader, struct span line)
{
	enum extauth_err err = end_section(reader);
	struct span kind;
	struct span name;

	if (err != EXTAUTH_OK)
		return err;
	buffer_clear(&reader->section);
	line = trim(line);
	if (line.text[line.length - 1] != ']')
		return refuse(reader,
		    "a section is written as [name] or "
		    "[kind NAME], alone on its line");
	name = trim((struct span){line.text + 1, line.length - 2});
	kind = cut_word(&name);
	if (!is_word(kind) || (name.length > 0 && !is_section_name(name)))
		return refuse(reader,
		    "a section is written as [name] or "
		    "[kind NAME]: the first word of a-z, 0-9 "
		    "and '_', the second of letters, digits, "
		    "'.', '_' and '-'");
	return begin_section(reader, kind, name);
}

static enum extauth_err
begin_key(struct reader *reader, struct span key, struct span value)
{
	enum extauth_err err =
	    buffer_append(&reader->key, key.text, key.length);

	reader->key_line = reader->line;
	reader->section_has_key = true;
	if (err != EXTAUTH_OK)
		return err;
	return buffer_append(&reader->value, value.text, value.length);
}

static enum extauth_err
read_key(struct reader *reader, struct span line)
{
	const char *equals = memchr(line.text, '=', line.length);
	enum extauth_err err = end_key(reader);
	struct span key = line;
	struct span value;

	if (err != EXTAUTH_OK)
		return err;
	if (equals == NULL)
		return refuse(reader,
		    "this is no [section], no key = value "
		    "and no comment; a value goes on in "
		    "indented lines");
	key.length = (size_t)(equals - line.text);
	key = trim(key);
	value.text = equals + 1;
	value.length = line.length - (size_t)(value.text - line.text);
	if (!is_word(key))
		return refuse_key(reader, key,
		    "a key is of a-z, 0-9 and '_', "
		    "and starts with a letter");
	if (reader->section.length == 0)
		return refuse_key(
		    reader, key, "this key stands before any [section]");
	return begin_key(reader, key, trim(value));
}

static enum extauth_err
read_continuation(struct reader *reader, struct span line)
{
	enum extauth_err err = EXTAUTH_OK;

	if (reader->key.length == 0)
		return refuse(reader,
		    "an indented line goes on with the value "
		    "before it, and there is none");
	line = trim(line);
	if (reader->value.length > 0)
		err = buffer_append(&reader->value, "\n", 1);
	if (err != EXTAUTH_OK)
		return err;
	return buffer_append(&reader->value, line.text, line.length);
}

/* An open key owns the line only if the line goes on with its value. */
static enum extauth_err
check_bytes(const struct reader *reader, struct span line)
{
	struct span key = {NULL, 0};
	size_t i;

	if (line.length > 0 && is_blank(line.text[0]))
		key = (struct span){
		    buffer_text(&reader->key), reader->key.length};
	for (i = 0; i < line.length; i++) {
		unsigned char byte = (unsigned char)line.text[i];

		if (byte == '\r')
			return refuse_key(reader, key,
			    "there is a carriage return that ends no line");
		if (byte == 0x7f || (byte < 0x20 && byte != '\t'))
			return refuse_key(
			    reader, key, "there is a control byte");
	}
	if (!escape_is_utf8(line.text, line.length))
		return refuse_key(
		    reader, key, "there are bytes that are not UTF-8");
	return EXTAUTH_OK;
}

/* A comment in the first column leaves an open value open, so that a line of a
 * long value can be taken out; behind blanks it is a comment only where no
 * value is open. An empty line ends the value. */
static enum extauth_err
read_line(struct reader *reader, struct span line)
{
	enum extauth_err err = check_bytes(reader, line);
	struct span bare = trim(line);

	if (err != EXTAUTH_OK)
		return err;
	if (bare.length == 0)
		return end_key(reader);
	if ((bare.text[0] == '#' || bare.text[0] == ';') &&
	    (bare.text == line.text || reader->key.length == 0))
		return EXTAUTH_OK;
	if (is_blank(line.text[0]))
		return read_continuation(reader, line);
	if (line.text[0] == '[')
		return read_section(reader, line);
	return read_key(reader, line);
}

static enum extauth_err
read_text(struct reader *reader, const char *text, size_t length)
{
	const char *end = text + length;
	enum extauth_err err = EXTAUTH_OK;

	while (text < end && err == EXTAUTH_OK) {
		const char *feed = memchr(text, '\n', (size_t)(end - text));
		struct span line = {text, (size_t)((feed ? feed : end) - text)};

		reader->line++;
		text = feed != NULL ? feed + 1 : end;
		if (line.length > 0 && line.text[line.length - 1] == '\r')
			line.length--;
		err = read_line(reader, line);
	}
	return err == EXTAUTH_OK ? end_section(reader) : err;
}

static enum extauth_err
read_checked(struct reader *reader, const char *text, size_t length)
{
	reader->line = 1;
	if (length > TEXT_MAX_BYTES)
		return refuse(reader, "the file has more than 1 MiB");
	if (length >= 3 && memcmp(text, BYTE_ORDER_MARK, 3) == 0)
		return refuse(reader,
		    "the file starts with a byte order mark: "
		    "save it as UTF-8 without one");
	reader->line = 0;
	return read_text(reader, text, length);
}

enum extauth_err
ini_parse(struct ini *ini, const char *path, const char *text, size_t length,
    struct extauth_error *error)
{
	cleanup_reader struct reader reader = {
	    .ini = ini,
	    .error = error,
	    .section = buffer_make(TEXT_MAX_BYTES),
	    .key = buffer_make(TEXT_MAX_BYTES),
	    .value = buffer_make(TEXT_MAX_BYTES),
	};
	size_t count = ini->count;
	enum extauth_err err = ini_entries_add_path(ini, path);

	if (err != EXTAUTH_OK)
		return err;
	reader.path = ini->paths[ini->path_count - 1];
	err = read_checked(&reader, text, length);
	if (err == EXTAUTH_OK)
		return EXTAUTH_OK;
	ini_entries_cut(ini, count);
	free(ini->paths[--ini->path_count]);
	return err;
}
