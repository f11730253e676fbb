/* SPDX-License-Identifier: MIT */
#include "setup_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

static struct buffer
text_of(const char *text)
{
	struct buffer buffer = buffer_make(1000);

	ck_assert_ok(buffer_append_text(&buffer, text));
	return buffer;
}

START_TEST(lines_are_exchanged_one_for_one)
{
	static const struct {
		const char *text;
		const char *from;
		const char *to;
		const char *result;
		size_t count;
	} cases[] = {
	    {"a\nb\nc\n", "b\n", "x\n", "a\nx\nc\n", 1},
	    {"a\nb\nc\n", "a\nc\n", "x\ny\n", "x\nb\ny\n", 2},
	    {"a\nb", "b\n", "x\n", "a\nx", 1},
	    {"a\nb\n", "b", "x", "a\nx\n", 1},
	    {"aa\nba\n", "a\n", "x\n", "aa\nba\n", 0},
	    {"a\n\na\n", "a\n", "x\n", "x\n\nx\n", 2},
	    {"", "a\n", "x\n", "", 0},
	    {"a\n", "", "", "a\n", 0},
	    {"a\nb\n", "a\nb\n", "x\n", "x\nb\n", 1},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cleanup_buffer struct buffer result = buffer_make(1000);
		size_t count = 99;

		ck_assert_ok(setup_lines_exchange(cases[i].text, cases[i].from,
		    cases[i].to, &result, &count));
		ck_assert_str_eq(buffer_text(&result), cases[i].result);
		ck_assert_uint_eq(count, cases[i].count);
	}
}
END_TEST

START_TEST(line_is_found_as_a_whole)
{
	ck_assert(setup_line_is_in("one\ntwo\n", "two", 3));
	ck_assert(setup_line_is_in("one\ntwo", "two", 3));
	ck_assert(!setup_line_is_in("one\ntwos\n", "two", 3));
	ck_assert(!setup_line_is_in("", "two", 3));
}
END_TEST

START_TEST(digest_is_that_of_the_standard)
{
	cleanup_buffer struct buffer text = text_of("abc");
	char digest[SETUP_DIGEST_BYTES];

	ck_assert_ok(setup_file_digest(&text, digest));
	ck_assert_str_eq(digest,
	    "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad");
}
END_TEST

START_TEST(file_that_is_replaced_keeps_mode_and_link)
{
	cleanup_buffer struct buffer first = text_of("first");
	cleanup_buffer struct buffer second = text_of("second");
	cleanup_buffer struct buffer found = buffer_make(100);
	struct extauth_error error = {{0}};
	char directory[] = "/tmp/extauth-setup-XXXXXX";
	char path[64];
	char link[64];
	struct stat status;

	ck_assert_ptr_nonnull(mkdtemp(directory));
	(void)snprintf(path, sizeof(path), "%s/file", directory);
	(void)snprintf(link, sizeof(link), "%s/link", directory);
	ck_assert_int_eq(symlink("file", link), 0);
	ck_assert_int_eq(
	    setup_file_read(path, &found, &error), EXTAUTH_NOTFOUND);
	ck_assert_ok(setup_file_replace(path, &first, 0640, &error));
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0640);
	ck_assert_int_eq(chmod(path, 0604), 0);
	ck_assert_ok(setup_file_replace(link, &second, 0640, &error));
	ck_assert_int_eq(lstat(link, &status), 0);
	ck_assert(S_ISLNK(status.st_mode));
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0604);
	ck_assert_ok(setup_file_read(path, &found, &error));
	ck_assert_str_eq(buffer_text(&found), "second");
	ck_assert_ok(setup_file_remove(path, &error));
	ck_assert_ok(setup_file_remove(path, &error));
	ck_assert_int_eq(unlink(link), 0);
	ck_assert_int_eq(rmdir(directory), 0);
}
END_TEST

START_TEST(directory_that_is_not_there_is_told)
{
	cleanup_buffer struct buffer text = text_of("x");
	struct extauth_error error = {{0}};

	ck_assert_int_eq(
	    setup_file_replace("/nonexistent/file", &text, 0644, &error),
	    EXTAUTH_SYSTEM);
	ck_assert_ptr_nonnull(strstr(error.text, "/nonexistent/file: "));
}
END_TEST

START_TEST(lines_are_in_a_text_if_every_one_is)
{
	ck_assert(setup_lines_are_in("a\nb\nc\n", "c\na\n"));
	ck_assert(!setup_lines_are_in("a\nb\nc\n", "a\nd\n"));
	ck_assert(!setup_lines_are_in("ab\n", "a\n"));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    lines_are_exchanged_one_for_one,
	    line_is_found_as_a_whole,
	    digest_is_that_of_the_standard,
	    file_that_is_replaced_keeps_mode_and_link,
	    directory_that_is_not_there_is_told,
	    lines_are_in_a_text_if_every_one_is,
	    NULL,
	};

	return unit_run("setup_file", tests);
}
