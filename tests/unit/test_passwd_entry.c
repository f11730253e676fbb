/* SPDX-License-Identifier: MIT */
#include "passwd_entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

#define LONG_BYTES 5000
#define TOO_LONG_BYTES ((size_t)2 << 20)

/* The name of a file that goes with the test. */
struct place {
	char path[32];
};

static void
place_remove(const struct place *place)
{
	unlink(place->path);
}

#define cleanup_place __attribute__((cleanup(place_remove)))

/* A file of alice, a line with `length` times 'x' in it, and bob. */
static struct place
place_make(size_t length)
{
	struct place place = {"/tmp/extauth-passwd-XXXXXX"};
	int fd = mkstemp(place.path);
	FILE *file;
	size_t i;

	ck_assert_int_ge(fd, 0);
	file = fdopen(fd, "w");
	ck_assert_ptr_nonnull(file);
	fputs("alice:x:1001:1002:Alice:/home/alice:/bin/sh\n", file);
	fputs("long:x:1003:1003:", file);
	for (i = 0; i < length; i++)
		fputc('x', file);
	fputs(":/:/bin/sh\n# bob:x:1:1::/:/\nbob:x:1004:1004::/b:/bin/b\n"
	      "bob:x:0:0::/:/\n",
	    file);
	ck_assert_int_eq(fclose(file), 0);
	return place;
}

START_TEST(entry_is_found_with_all_its_fields)
{
	cleanup_place struct place place = place_make(10);
	cleanup_passwd_entry struct passwd_entry alice = {0};
	cleanup_passwd_entry struct passwd_entry bob = {0};

	ck_assert_ok(passwd_entry_find(place.path, "alice", &alice, NULL));
	ck_assert_uint_eq(alice.fields.pw_uid, 1001);
	ck_assert_uint_eq(alice.fields.pw_gid, 1002);
	ck_assert_str_eq(alice.fields.pw_gecos, "Alice");
	ck_assert_str_eq(alice.fields.pw_dir, "/home/alice");
	ck_assert_str_eq(alice.fields.pw_shell, "/bin/sh");
	ck_assert_ok(passwd_entry_find(place.path, "bob", &bob, NULL));
	ck_assert_uint_eq(bob.fields.pw_uid, 1004);
}
END_TEST

START_TEST(long_lines_hide_nobody)
{
	cleanup_place struct place place = place_make(LONG_BYTES);
	cleanup_passwd_entry struct passwd_entry bob = {0};
	cleanup_passwd_entry struct passwd_entry other = {0};

	ck_assert_ok(passwd_entry_find(place.path, "bob", &bob, NULL));
	ck_assert_uint_eq(bob.fields.pw_uid, 1004);
	ck_assert_ok(passwd_entry_find(place.path, "long", &other, NULL));
	ck_assert_uint_eq(strlen(other.fields.pw_gecos), LONG_BYTES);
}
END_TEST

START_TEST(who_is_not_there_is_not_found)
{
	cleanup_place struct place place = place_make(10);
	struct passwd_entry entry = {0};

	ck_assert_int_eq(passwd_entry_find(place.path, "carl", &entry, NULL),
	    EXTAUTH_NOTFOUND);
	ck_assert_int_eq(
	    passwd_entry_find("/nonexistent/passwd", "bob", &entry, NULL),
	    EXTAUTH_NOTFOUND);
	ck_assert_ptr_null(entry.line);
}
END_TEST

START_TEST(file_that_cannot_be_read_says_nothing_of_anybody)
{
	cleanup_place struct place place = place_make(TOO_LONG_BYTES);
	struct passwd_entry entry = {0};
	struct extauth_error error = {""};

	ck_assert_int_eq(passwd_entry_find(place.path, "bob", &entry, &error),
	    EXTAUTH_UNAVAILABLE);
	ck_assert_ptr_nonnull(strstr(error.text, place.path));
	ck_assert_int_eq(
	    passwd_entry_find("/etc/passwd/x", "bob", &entry, &error),
	    EXTAUTH_UNAVAILABLE);
	ck_assert_str_eq(error.text, "/etc/passwd/x: Not a directory");
	ck_assert_ptr_null(entry.line);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    entry_is_found_with_all_its_fields,
	    long_lines_hide_nobody,
	    who_is_not_there_is_not_found,
	    file_that_cannot_be_read_says_nothing_of_anybody,
	    NULL,
	};

	return unit_run("passwd_entry", tests);
}
