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
	return error_set(error, EXTAUTH_INVALID, "line %u: %s", reader->line,
	    error_translated(reason));
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
		if (byte == '\0')
			return wrong(
			    reader, error, "there is a NUL in the text");
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

/* What a plain field ends at, or must not have. */
static const bool plain_end[256] = {
    ['\0'] = true, [','] = true, ['"'] = true, ['\r'] = true, ['\n'] = true};

/* Takes bytes over to `*to`, where they may be already. */
static void
take_bytes(struct csv_reader *reader, char **to, size_t count)
{
	const char *start = reader->text + reader->offset;

	if (*to != start)
		memmove(*to, start, count);
	*to += count;
	reader->offset += count;
}

static enum extauth_err
read_plain(struct csv_reader *reader, char **to, struct extauth_error *error)
{
	const char *end = reader->text + reader->length;

	for (;;) {
		const char *start = reader->text + reader->offset;
		const char *next = start;

		while (next < end && !plain_end[(unsigned char)*next])
			next++;
		take_bytes(reader, to, (size_t)(next - start));
		if (byte_at(reader) == ',' || is_record_end(reader))
			return EXTAUTH_OK;
		if (*next == '"')
			return wrong(
			    reader, error, "a quote inside a plain field");
		if (*next == '\0')
			return wrong(
			    reader, error, "there is a NUL in the text");
		take_bytes(reader, to, 1);
	}
}

static enum extauth_err
read_field(struct csv_reader *reader, char **to, struct extauth_error *error)
{
	enum extauth_err err;

	if (byte_at(reader) != '"')
		return read_plain(reader, to, error);
	err = read_quoted(reader, to, error);
	if (err == EXTAUTH_OK && byte_at(reader) != ',' &&
	    !is_record_end(reader))
		err = wrong(reader, error, "text behind a closing quote");
	return err;
}

/* Reads a record to `to`, which may be where it stands: a field has at most as
 * many bytes as its text, and its NUL takes the place of the comma or of the
 * end, which is looked at before. */
static enum extauth_err
read_fields(struct csv_reader *reader, char *to, struct csv_record *record,
    struct extauth_error *error)
{
	bool is_more = true;

	record->line = reader->line;
	record->count = 0;
	while (is_more) {
		enum extauth_err err;

		if (record->count == CSV_FIELDS_MAX)
			return wrong(reader, error, "too many fields");
		record->fields[record->count++] = to;
		err = read_field(reader, &to, error);
		if (err != EXTAUTH_OK)
			return err;
		is_more = byte_at(reader) == ',';
		if (is_more)
			reader->offset++;
		else
			(void)take_line_end(reader);
		*to++ = '\0';
	}
	return EXTAUTH_OK;
}

/* Goes to the next record. */
static bool
skip_empty_lines(struct csv_reader *reader)
{
	while (!is_at_end(reader) && take_line_end(reader))
		;
	return !is_at_end(reader);
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

	if (!skip_empty_lines(reader))
		return EXTAUTH_NOTFOUND;
	record.fields = malloc(
	    CSV_FIELDS_MAX * sizeof(*record.fields) + record_span(reader) + 1);
	if (record.fields == NULL)
		return EXTAUTH_NOMEM;
	err = read_fields(
	    reader, (char *)(record.fields + CSV_FIELDS_MAX), &record, error);
	if (err != EXTAUTH_OK)
		return err;
	*ret_record = record;
	record.fields = NULL;
	return EXTAUTH_OK;
}

enum extauth_err
csv_cut(struct csv_reader *reader, char *text, struct csv_record *record,
    struct extauth_error *error)
{
	if (!skip_empty_lines(reader))
		return EXTAUTH_NOTFOUND;
	return read_fields(reader, text + reader->offset, record, error);
}

void
csv_record_clear(struct csv_record *record)
{
	if (record == NULL)
		return;
	free(record->fields);
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
