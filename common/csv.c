/* SPDX-License-Identifier: MIT */
#include "csv.h"

#include <stdlib.h>
#include <string.h>

static bool
is_at_end(const struct csv_reader *reader)
{
	return reader->offset >= reader->length;
}

static char
byte_at(const struct csv_reader *reader)
{
	if (is_at_end(reader))
		return '\n';
	return reader->text[reader->offset];
}

/* Takes LF or CR LF, and tells whether there was one. */
static bool
take_line_end(struct csv_reader *reader)
{
	size_t left = reader->length - reader->offset;
	const char *text = reader->text + reader->offset;

	if (left >= 2 && text[0] == '\r' && text[1] == '\n')
		reader->offset++;
	else if (left == 0 || text[0] != '\n')
		return left == 0;
	reader->offset++;
	reader->line++;
	return true;
}

static enum extauth_err
wrong(const struct csv_reader *reader, struct extauth_error *error,
    const char *reason)
{
	return error_set(
	    error, EXTAUTH_INVALID, "line %u: %s", reader->line, reason);
}

static enum extauth_err
read_quoted(struct csv_reader *reader, char **to, struct extauth_error *error)
{
	reader->offset++;
	for (;;) {
		char byte = byte_at(reader);

		if (is_at_end(reader))
			return wrong(reader, error, "a quote is not closed");
		reader->offset++;
		if (byte == '"' && byte_at(reader) != '"')
			return EXTAUTH_OK;
		if (byte == '"')
			reader->offset++;
		if (byte == '\n')
			reader->line++;
		*(*to)++ = byte;
	}
}

static bool
is_record_end(const struct csv_reader *reader)
{
	char byte = byte_at(reader);

	return byte == '\n' ||
	    (byte == '\r' && reader->offset + 1 < reader->length &&
		reader->text[reader->offset + 1] == '\n');
}

static enum extauth_err
read_field(struct csv_reader *reader, char **to, struct extauth_error *error)
{
	enum extauth_err err = EXTAUTH_OK;

	if (byte_at(reader) == '"') {
		err = read_quoted(reader, to, error);
		if (err == EXTAUTH_OK && byte_at(reader) != ',' &&
		    !is_record_end(reader))
			err =
			    wrong(reader, error, "text behind a closing quote");
	}
	while (err == EXTAUTH_OK && byte_at(reader) != ',' &&
	    !is_record_end(reader)) {
		if (byte_at(reader) == '"')
			return wrong(
			    reader, error, "a quote inside a plain field");
		*(*to)++ = reader->text[reader->offset++];
	}
	*(*to)++ = '\0';
	return err;
}

/* How many bytes the record takes, at most. */
static size_t
record_span(const struct csv_reader *reader)
{
	const char *text = reader->text + reader->offset;
	size_t left = reader->length - reader->offset;
	bool is_quoted = false;
	size_t span;

	for (span = 0; span < left; span++) {
		if (text[span] == '"')
			is_quoted = !is_quoted;
		if (text[span] == '\n' && !is_quoted)
			break;
	}
	return span;
}

enum extauth_err
csv_read(struct csv_reader *reader, struct csv_record *ret_record,
    struct extauth_error *error)
{
	cleanup_csv_record struct csv_record record = {0};
	enum extauth_err err;
	size_t span;
	char *to;

	while (!is_at_end(reader) && take_line_end(reader))
		;
	if (is_at_end(reader))
		return EXTAUTH_NOTFOUND;
	span = record_span(reader);
	if (memchr(reader->text + reader->offset, '\0', span) != NULL)
		return wrong(reader, error, "there is a NUL in the text");
	record.line = reader->line;
	/* A field has at most as many bytes as its text, and its NUL takes the
	 * place of the comma or of the end. */
	record.bytes = malloc(span + 1);
	if (record.bytes == NULL)
		return EXTAUTH_NOMEM;
	to = record.bytes;
	do {
		if (record.count == CSV_FIELDS_MAX)
			return wrong(reader, error, "too many fields");
		record.fields[record.count++] = to;
		if (record.count > 1)
			reader->offset++;
		err = read_field(reader, &to, error);
		if (err != EXTAUTH_OK)
			return err;
	} while (byte_at(reader) == ',');
	(void)take_line_end(reader);
	*ret_record = record;
	record.bytes = NULL;
	return EXTAUTH_OK;
}

void
csv_record_clear(struct csv_record *record)
{
	if (record == NULL)
		return;
	free(record->bytes);
	*record = (struct csv_record){0};
}

enum extauth_err
csv_append(struct buffer *buffer, const char *field, bool is_first)
{
	bool is_quoted = field[strcspn(field, ",\"\r\n")] != '\0';
	enum extauth_err err = EXTAUTH_OK;

	if (!is_first)
		err = buffer_append_text(buffer, ",");
	if (!is_quoted)
		return err != EXTAUTH_OK ? err
					 : buffer_append_text(buffer, field);
	if (err == EXTAUTH_OK)
		err = buffer_append_text(buffer, "\"");
	for (; err == EXTAUTH_OK && *field != '\0'; field++)
		err = buffer_append(buffer, *field == '"' ? "\"\"" : field,
		    *field == '"' ? 2 : 1);
	return err != EXTAUTH_OK ? err : buffer_append_text(buffer, "\"");
}
