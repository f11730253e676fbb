/* SPDX-License-Identifier: MIT */
#include "csv.h"

#include <string.h>

#include "unit.h"

static struct csv_reader
reader_of(const char *text)
{
	return (struct csv_reader){text, strlen(text), 0, 1};
}

START_TEST(records_and_fields_are_told_apart)
{
	struct csv_reader reader = reader_of("a,b,c\r\n1,,3\n\n\"x\",y,\n");
	cleanup_csv_record struct csv_record record = {0};

	ck_assert_ok(csv_read(&reader, &record, NULL));
	ck_assert_uint_eq(record.count, 3);
	ck_assert_str_eq(record.fields[2], "c");
	csv_record_clear(&record);
	ck_assert_ok(csv_read(&reader, &record, NULL));
	ck_assert_uint_eq(record.line, 2);
	ck_assert_str_eq(record.fields[1], "");
	ck_assert_str_eq(record.fields[2], "3");
	csv_record_clear(&record);
	ck_assert_ok(csv_read(&reader, &record, NULL));
	ck_assert_uint_eq(record.line, 4);
	ck_assert_str_eq(record.fields[0], "x");
	ck_assert_str_eq(record.fields[2], "");
	ck_assert_int_eq(csv_read(&reader, &record, NULL), EXTAUTH_NOTFOUND);
	csv_record_clear(NULL);
}
END_TEST

START_TEST(last_line_needs_no_end)
{
	struct csv_reader reader = reader_of("a,\"b\"");
	cleanup_csv_record struct csv_record record = {0};

	ck_assert_ok(csv_read(&reader, &record, NULL));
	ck_assert_uint_eq(record.count, 2);
	ck_assert_str_eq(record.fields[1], "b");
}
END_TEST

START_TEST(quoted_fields_hold_anything)
{
	struct csv_reader reader =
	    reader_of("\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\"\nnext\n");
	cleanup_csv_record struct csv_record record = {0};

	ck_assert_ok(csv_read(&reader, &record, NULL));
	ck_assert_uint_eq(record.count, 3);
	ck_assert_str_eq(record.fields[0], "a,b");
	ck_assert_str_eq(record.fields[1], "say \"hi\"");
	ck_assert_str_eq(record.fields[2], "two\r\nlines");
	csv_record_clear(&record);
	ck_assert_ok(csv_read(&reader, &record, NULL));
	ck_assert_uint_eq(record.line, 3);
}
END_TEST

START_TEST(what_is_no_csv_is_refused_with_its_line)
{
	static const struct {
		const char *text;
		size_t length;
		const char *reason;
	} cases[] = {
	    {"\n\"open", 6, "line 2: a quote is not closed"},
	    {"\"a\"b", 4, "line 1: text behind a closing quote"},
	    {"a\"b", 3, "line 1: a quote inside a plain field"},
	    {"a\0b", 3, "line 1: there is a NUL in the text"},
	};
	size_t index;

	for (index = 0; index < sizeof(cases) / sizeof(cases[0]); index++) {
		struct csv_reader reader = {
		    cases[index].text, cases[index].length, 0, 1};
		struct csv_record record = {0};
		struct extauth_error error = {0};

		ck_assert_int_eq(
		    csv_read(&reader, &record, &error), EXTAUTH_INVALID);
		ck_assert_str_eq(error.text, cases[index].reason);
	}
}
END_TEST

START_TEST(too_many_fields_are_refused)
{
	char text[CSV_FIELDS_MAX + 2];
	struct csv_reader reader;
	struct csv_record record = {0};
	struct extauth_error error = {0};

	memset(text, ',', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	reader = reader_of(text);
	ck_assert_int_eq(csv_read(&reader, &record, &error), EXTAUTH_INVALID);
	ck_assert_str_eq(error.text, "line 1: too many fields");
}
END_TEST

START_TEST(what_is_written_is_read_again)
{
	static const char *const fields[] = {
	    "plain", "a,b", "say \"hi\"", "two\nlines", "", "cr\r"};
	cleanup_buffer struct buffer row = buffer_make(1000);
	cleanup_csv_record struct csv_record record = {0};
	struct csv_reader reader;
	size_t index;

	for (index = 0; index < 6; index++)
		ck_assert_ok(csv_append(&row, fields[index], index == 0));
	reader = reader_of(buffer_text(&row));
	ck_assert_ok(csv_read(&reader, &record, NULL));
	ck_assert_uint_eq(record.count, 6);
	for (index = 0; index < 6; index++)
		ck_assert_str_eq(record.fields[index], fields[index]);
}
END_TEST

START_TEST(full_buffer_is_told)
{
	cleanup_buffer struct buffer row = buffer_make(3);

	ck_assert_int_eq(csv_append(&row, "a\"b", true), EXTAUTH_TOOBIG);
	buffer_clear(&row);
	ck_assert_int_eq(csv_append(&row, "abc", false), EXTAUTH_TOOBIG);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    records_and_fields_are_told_apart,
	    last_line_needs_no_end,
	    quoted_fields_hold_anything,
	    what_is_no_csv_is_refused_with_its_line,
	    too_many_fields_are_refused,
	    what_is_written_is_read_again,
	    full_buffer_is_told,
	    NULL,
	};

	return unit_run("csv", tests);
}
