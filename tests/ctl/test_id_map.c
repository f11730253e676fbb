/* SPDX-License-Identifier: MIT */
#include "id_map.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

#define HEAD "kind,number,name,email,external_id\r\n"

static enum extauth_err
parse(struct id_map *map, const char *text, struct extauth_error *error)
{
	return id_map_parse(map, text, strlen(text), error);
}

START_TEST(people_are_found_by_external_id_or_else_by_email)
{
	cleanup_id_map struct id_map map = {0};
	const struct id_entry *found;

	ck_assert_ok(parse(&map,
	    HEAD "user,2000200001,alice,Alice@Example.com,x-1\r\n"
		 "user,2000200002,bob,bob@example.com,\r\n"
		 "group,2000200003,admins,,\r\n"
		 "removed,2000200004,carol,,\r\n",
	    NULL));
	ck_assert_uint_eq(map.count, 4);
	found = id_map_find_user(&map, "x-1", "other@example.com");
	ck_assert_ptr_nonnull(found);
	ck_assert_uint_eq(found->number, 2000200001);
	found = id_map_find_user(&map, "", "BOB@example.com");
	ck_assert_ptr_nonnull(found);
	ck_assert_uint_eq(found->number, 2000200002);
	found = id_map_find_group(&map, "admins");
	ck_assert_ptr_nonnull(found);
	ck_assert_uint_eq(found->number, 2000200003);
	ck_assert_ptr_null(id_map_find_user(&map, "", "alice@example.com"));
	ck_assert_ptr_null(id_map_find_user(&map, "bob@example.com", ""));
	ck_assert_ptr_null(id_map_find_user(&map, "admins", ""));
	ck_assert_ptr_null(id_map_find_group(&map, "carol"));
}
END_TEST

START_TEST(a_group_is_found_by_its_name_whatever_else_its_row_has)
{
	cleanup_id_map struct id_map map = {0};

	ck_assert_ok(parse(&map,
	    HEAD "user,2000200001,alice,a@example.com,x-1\r\n"
		 "group,2000200003,admins,a@example.com,x-2\r\n"
		 "group,2000200004,staffers,,\r\n",
	    NULL));
	ck_assert_ptr_nonnull(id_map_find_group(&map, "admins"));
	ck_assert_ptr_nonnull(id_map_find_group(&map, "staffers"));
	ck_assert_ptr_null(id_map_find_user(&map, "x-2", ""));
}
END_TEST

START_TEST(an_empty_map_has_nobody)
{
	cleanup_id_map struct id_map map = {0};
	uint32_t *numbers = NULL;

	ck_assert_ok(parse(&map, "", NULL));
	ck_assert_ok(parse(&map, HEAD, NULL));
	ck_assert_ptr_null(id_map_find_user(&map, "x", "x@example.com"));
	ck_assert_ok(id_map_check_numbers(&map, NULL));
	ck_assert_ok(id_map_numbers(&map, &numbers));
	ck_assert_ptr_null(numbers);
	id_map_clear(NULL);
}
END_TEST

static const struct {
	const char *text;
	const char *reason;
} bad_files[] = {
    {"kind,number,name\r\n", "headline"},
    {"user,2000200001,alice,a@example.com,\r\n", "headline"},
    {HEAD "user,2000200001,alice\r\n", "line 2: has 3 fields"},
    {HEAD "person,2000200001,alice,a@example.com,\r\n", "line 2: kind"},
    {HEAD "user,many,alice,a@example.com,\r\n", "line 2: number"},
    {HEAD "user,-1,alice,a@example.com,\r\n", "line 2: number"},
    {HEAD "user,0,alice,a@example.com,\r\n", "line 2: "},
    {HEAD "user,999,alice,a@example.com,\r\n", "line 2: "},
    {HEAD "user,2000200001,Alice!,a@example.com,\r\n", "is no name"},
    {HEAD "user,2000200001,alice,,\r\n", "line 2: "},
    {HEAD "user,2000200001,alice,nonsense,x\r\n", "line 2: "},
    {HEAD "group,2000200001,a@example.com,,\r\n", "is no name"},
    {HEAD "user,2000200001,\"alice,a@example.com,\r\n", "quote"},
};

START_TEST(a_bad_file_is_refused_with_line_and_reason)
{
	size_t at;

	for (at = 0; at < sizeof(bad_files) / sizeof(bad_files[0]); at++) {
		cleanup_id_map struct id_map map = {0};
		struct extauth_error error = {0};

		ck_assert_int_eq(
		    parse(&map, bad_files[at].text, &error), EXTAUTH_INVALID);
		ck_assert_msg(strstr(error.text, bad_files[at].reason) != NULL,
		    "'%s' is not in '%s'", bad_files[at].reason, error.text);
	}
}
END_TEST

START_TEST(one_number_for_two_is_refused)
{
	cleanup_id_map struct id_map map = {0};
	struct extauth_error error = {0};

	ck_assert_ok(parse(&map,
	    HEAD "user,2000200001,alice,a@example.com,\r\n"
		 "group,2000200002,admins,,\r\n"
		 "removed,2000200001,bob,,\r\n",
	    NULL));
	ck_assert_int_eq(id_map_check_numbers(&map, &error), EXTAUTH_INVALID);
	ck_assert_ptr_nonnull(strstr(error.text, "2000200001"));
	ck_assert_ptr_nonnull(strstr(error.text, "line 2"));
	ck_assert_ptr_nonnull(strstr(error.text, "line 4"));
}
END_TEST

START_TEST(what_is_written_is_read_again)
{
	char directory[] = "/tmp/extauth-ids-XXXXXX";
	cleanup_id_map struct id_map written = {0};
	cleanup_id_map struct id_map again = {0};
	cleanup_fd int fd = -1;
	cleanup_free char *path = NULL;
	struct stat status;

	ck_assert_ptr_nonnull(mkdtemp(directory));
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ge(asprintf(&path, "%s/%s", directory, ID_MAP_FILE), 0);
	ck_assert_ok(id_map_load(path, &again, NULL));
	ck_assert_uint_eq(again.count, 0);
	ck_assert_int_eq(id_map_read(path, &again, NULL), EXTAUTH_SYSTEM);
	ck_assert_ok(parse(&written,
	    HEAD "user,2000200001,alice,a@example.com,\"x,1\"\r\n"
		 "group,2000200002,admins,,\r\n",
	    NULL));
	ck_assert_ok(id_map_write(&written, fd, NULL));
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0600);
	ck_assert_ok(id_map_load(path, &again, NULL));
	ck_assert_uint_eq(again.count, 2);
	ck_assert_str_eq(again.entries[0].external_id, "x,1");
	ck_assert_uint_eq(again.entries[1].number, 2000200002);
	id_map_clear(&written);
	ck_assert_ok(id_map_write(&written, fd, NULL));
	ck_assert_int_ne(stat(path, &status), 0);
	ck_assert_int_eq(rmdir(directory), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    people_are_found_by_external_id_or_else_by_email,
	    a_group_is_found_by_its_name_whatever_else_its_row_has,
	    an_empty_map_has_nobody,
	    a_bad_file_is_refused_with_line_and_reason,
	    one_number_for_two_is_refused,
	    what_is_written_is_read_again,
	    NULL,
	};

	return unit_run("id_map", tests);
}
