/* SPDX-License-Identifier: MIT */
/* Fuzz target of CSV: both readers and one of this file's own take the same
 * records, and what is written of them is read as the same. An input is the
 * text.
 * Does not know: what the columns are. */
#include <stdlib.h>
#include <string.h>

#include "csv.h"
#include "fuzz.h"
#include "fuzz_pure.h"

/* A reader by letters and a state, which puts its fields into one text: each
 * with a byte 0x02 behind it, each record with a byte 0x03. */
struct reader {
	const char *at;
	const char *end;
	struct buffer *out;
	bool is_wrong;
};

static void
put(struct buffer *out, char byte)
{
	fuzz_require(buffer_append(out, &byte, 1) == EXTAUTH_OK, "room");
}

static bool
is_line_end(const struct reader *reader)
{
	size_t left = (size_t)(reader->end - reader->at);

	return left == 0 || reader->at[0] == '\n' ||
	    (left > 1 && reader->at[0] == '\r' && reader->at[1] == '\n');
}

static void
read_quoted(struct reader *reader)
{
	for (reader->at++; reader->at < reader->end; reader->at++) {
		bool is_quote = *reader->at == '"';
		bool is_double = is_quote && reader->at + 1 < reader->end &&
		    reader->at[1] == '"';

		if (is_quote && !is_double) {
			reader->at++;
			reader->is_wrong |=
			    !is_line_end(reader) && *reader->at != ',';
			return;
		}
		reader->at += is_double;
		reader->is_wrong |= *reader->at == '\0';
		put(reader->out, *reader->at);
	}
	reader->is_wrong = true;
}

static void
read_plain(struct reader *reader)
{
	for (; !is_line_end(reader) && *reader->at != ','; reader->at++) {
		reader->is_wrong |= *reader->at == '"' || *reader->at == '\0';
		put(reader->out, *reader->at);
	}
}

/* Reads up to the first record that is none; false at the end. */
static bool
read_record(struct reader *reader)
{
	size_t fields = 0;

	while (reader->at < reader->end && is_line_end(reader))
		reader->at += *reader->at == '\r' ? 2 : 1;
	if (reader->at == reader->end)
		return false;
	for (;;) {
		reader->is_wrong |= ++fields > CSV_FIELDS_MAX;
		if (reader->at < reader->end && *reader->at == '"')
			read_quoted(reader);
		else
			read_plain(reader);
		put(reader->out, 2);
		if (reader->is_wrong || is_line_end(reader))
			break;
		reader->at++;
	}
	put(reader->out, 3);
	return !reader->is_wrong;
}

static void
put_record(
    struct buffer *out, struct buffer *written, const struct csv_record *record)
{
	size_t field;

	for (field = 0; field < record->count; field++) {
		const char *text = record->fields[field];

		fuzz_require(buffer_append_text(out, text) == EXTAUTH_OK &&
			csv_append(written, text, field == 0) == EXTAUTH_OK,
		    "room");
		put(out, 2);
	}
	put(out, 3);
	put(written, '\n');
}

static enum extauth_err
read_all(
    const char *text, size_t length, struct buffer *out, struct buffer *written)
{
	struct csv_reader reader = {.text = text, .length = length, .line = 1};
	struct extauth_error error = {{0}};

	for (;;) {
		cleanup_csv_record struct csv_record record = {0};
		enum extauth_err err = csv_read(&reader, &record, &error);

		fuzz_require(err != EXTAUTH_INVALID ||
			strncmp(error.text, "line ", 5) == 0,
		    "no line is given");
		if (err != EXTAUTH_OK)
			return err;
		put_record(out, written, &record);
	}
}

/* The same where it stands. */
static enum extauth_err
cut_all(char *text, size_t length, struct buffer *out, struct buffer *written)
{
	struct csv_reader reader = {.text = text, .length = length, .line = 1};
	struct extauth_error error = {{0}};
	const char *fields[CSV_FIELDS_MAX];
	struct csv_record record = {.fields = fields};

	for (;;) {
		enum extauth_err err = csv_cut(&reader, text, &record, &error);

		if (err != EXTAUTH_OK)
			return err;
		put_record(out, written, &record);
	}
}

static bool
is_same(const struct buffer *one, const struct buffer *other)
{
	return one->length == other->length &&
	    memcmp(buffer_text(one), buffer_text(other), one->length) == 0;
}

/* A record of one empty field is an empty line. */
static bool
has_empty_record(const struct buffer *out)
{
	return (out->length >= 2 && memcmp(out->bytes, "\2\3", 2) == 0) ||
	    memmem(buffer_text(out), out->length, "\3\2\3", 3) != NULL;
}

void
fuzz_csv(const uint8_t *bytes, size_t length)
{
	cleanup_free char *text = fuzz_copy_bytes((const char *)bytes, length);
	cleanup_free char *cut = malloc(length + 1);
	cleanup_buffer struct buffer own = buffer_make((size_t)1 << 20);
	cleanup_buffer struct buffer read = buffer_make((size_t)1 << 20);
	cleanup_buffer struct buffer other = buffer_make((size_t)1 << 20);
	cleanup_buffer struct buffer written = buffer_make((size_t)1 << 20);
	cleanup_buffer struct buffer unused = buffer_make((size_t)1 << 20);
	struct reader reader = {text, text + length, &own, false};
	enum extauth_err err = read_all(text, length, &read, &written);

	fuzz_require(cut != NULL, "memory");
	memcpy(cut, text, length);
	fuzz_require(cut_all(cut, length, &other, &unused) == err &&
		is_same(&read, &other),
	    "one reader differs from the other");
	while (read_record(&reader))
		;
	fuzz_require((err == EXTAUTH_NOTFOUND) == !reader.is_wrong,
	    "it is refused wrongly, or should be");
	if (err != EXTAUTH_NOTFOUND)
		return;
	fuzz_require(is_same(&read, &own), "a field is another");
	buffer_clear(&other);
	buffer_clear(&unused);
	err = read_all(buffer_text(&written), written.length, &other, &unused);
	fuzz_require(err == EXTAUTH_NOTFOUND, "what is written is no CSV");
	fuzz_require(has_empty_record(&read) || is_same(&read, &other),
	    "what is written is something else");
}
