/* SPDX-License-Identifier: MIT */
#include "identity.h"

#include <string.h>

#include "unit.h"

static const char *
repeated(char byte, size_t count)
{
	static char text[2048];

	ck_assert_uint_lt(count, sizeof(text));
	memset(text, byte, count);
	text[count] = '\0';
	return text;
}

START_TEST(short_name_follows_its_grammar)
{
	static const char *const good[] = {
	    "a", "_", "alice", "a-b_c9", "z0", "_9-"};
	static const char *const bad[] = {"", "-a", "9a", "A", "aB", "a.b",
	    "a b", "a@b", "a:b", "a\nb", "\xc3\xa9", "a\xc3\xa9", "a/b", "a$"};
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ck_assert_msg(identity_is_short_name(good[i]), "%s", good[i]);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(!identity_is_short_name(bad[i]), "%s", bad[i]);
	ck_assert(identity_is_short_name(repeated('a', 32)));
	ck_assert(!identity_is_short_name(repeated('a', 33)));
}
END_TEST

START_TEST(short_name_takes_these_bytes_and_no_others)
{
	const char *allowed = "abcdefghijklmnopqrstuvwxyz0123456789_-";
	int byte;

	for (byte = 1; byte < 256; byte++) {
		char name[] = {'x', (char)byte, '\0'};

		ck_assert_int_eq(identity_is_short_name(name),
		    strchr(allowed, byte) != NULL);
	}
}
END_TEST

START_TEST(email_name_is_lower_case_and_harmless)
{
	static const char *const good[] = {"bob@example.com",
	    "b.o_b+tag-1@mail.example.org", "_x@a.de", "9@9a.b"};
	static const char *const bad[] = {"Bob@example.com", "bob@Example.com",
	    "bob", "-f@example.com", "+b@example.com", "a/b@example.com",
	    "a$b@example.com", "a`b@example.com", "a'b@example.com",
	    "a|b@example.com", ".a@example.com", "bob@example",
	    "bob@@example.com"};
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ck_assert_msg(identity_is_email_name(good[i]), "%s", good[i]);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(!identity_is_email_name(bad[i]), "%s", bad[i]);
}
END_TEST

START_TEST(system_names_are_refused)
{
	static const char *const names[] = {"root", "daemon", "nobody", "sudo",
	    "wheel", "docker", "adm", "systemd-network", "systemd-", "_apt",
	    "www-data", "admin", "extauth"};
	struct extauth_error error;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		ck_assert(identity_is_short_name(names[i]));
		ck_assert_int_eq(identity_check_name(names[i], true, &error),
		    EXTAUTH_INVALID);
		ck_assert_ptr_nonnull(strstr(error.text, "system"));
	}
	ck_assert_ok(identity_check_name("systemd", false, NULL));
	ck_assert_ok(identity_check_name("roots", false, NULL));
	ck_assert_ok(identity_check_name("roo", false, NULL));
}
END_TEST

START_TEST(email_is_a_name_only_where_it_is_allowed)
{
	struct extauth_error error;

	ck_assert_ok(identity_check_name("bob@example.com", true, NULL));
	ck_assert_int_eq(identity_check_name("bob@example.com", false, &error),
	    EXTAUTH_INVALID);
	ck_assert_str_eq(error.text,
	    "an e-mail as login name needs email_login_names = yes");
	ck_assert_int_eq(identity_check_name("Bob@example.com", true, &error),
	    EXTAUTH_INVALID);
	ck_assert_ptr_nonnull(strstr(error.text, "lower case"));
	ck_assert_int_eq(
	    identity_check_name("Bob", false, &error), EXTAUTH_INVALID);
	ck_assert_ptr_null(strstr(error.text, "e-mail"));
	ck_assert_ok(identity_check_name("bob", true, NULL));
}
END_TEST

START_TEST(email_follows_its_grammar)
{
	static const char *const good[] = {"a@b.c", "A.b@C.D", "o'neil@x.ie",
	    "!#$%&'*+-/=?^_`{|}~@x.y", "a@1.2.c3", "a@b-c.d", "a@1.2.3d"};
	static const char *const bad[] = {"", "@", "a", "a@", "@b.c", "a@b",
	    ".a@b.c", "a.@b.c", "a..b@b.c", "a b@b.c", "a@b..c", "a@.b.c",
	    "a@b.c.", "a@-b.c", "a@b-.c", "a@b_c.d", "a@b.c\n", "a\n@b.c",
	    "\"a\"@b.c", "a@[1.2.3.4]", "a@1.2.3.4", "a@b.9", "a@b@c.d",
	    "a:b@c.d", "a,b@c.d", "a<b@c.d", "a(b@c.d", "a\\b@c.d", "a;b@c.d",
	    "\xc3\xa9@b.c", "a@\xc3\xa9.c", "a\x7f@b.c", "a@b.c d", "a@b .c"};
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ck_assert_msg(identity_check_email(good[i], NULL) == EXTAUTH_OK,
		    "%s", good[i]);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct extauth_error error = {{0}};

		ck_assert_msg(
		    identity_check_email(bad[i], &error) == EXTAUTH_INVALID,
		    "%s", bad[i]);
		ck_assert_str_ne(error.text, "");
	}
}
END_TEST

static void
make_email(char *email, size_t local, size_t domain)
{
	size_t i;

	memset(email, 'a', local);
	email[local] = '@';
	for (i = 0; i < domain; i++)
		email[local + 1 + i] = i % 60 == 59 ? '.' : 'd';
	email[local + 1 + domain] = '\0';
}

START_TEST(email_lengths_hold_to_the_byte)
{
	char email[400];

	make_email(email, 64, 189);
	ck_assert_uint_eq(strlen(email), 254);
	ck_assert_ok(identity_check_email(email, NULL));
	make_email(email, 64, 190);
	ck_assert_int_eq(identity_check_email(email, NULL), EXTAUTH_INVALID);
	make_email(email, 65, 70);
	ck_assert_int_eq(identity_check_email(email, NULL), EXTAUTH_INVALID);
}
END_TEST

START_TEST(host_label_has_at_most_63_bytes)
{
	char email[100] = "a@";

	memset(email + 2, 'x', 63);
	memcpy(email + 2 + 63, ".de", 4);
	ck_assert_ok(identity_check_email(email, NULL));
	memset(email + 2, 'x', 64);
	memcpy(email + 2 + 64, ".de", 4);
	ck_assert_int_eq(identity_check_email(email, NULL), EXTAUTH_INVALID);
}
END_TEST

START_TEST(emails_are_equal_without_case)
{
	ck_assert(identity_equal("Bob@Example.COM", "bob@eXample.com"));
	ck_assert(identity_equal("", ""));
	ck_assert(!identity_equal("bob@a.b", "bob@a.bc"));
	ck_assert(!identity_equal("bob@a.bc", "bob@a.b"));
	ck_assert(!identity_equal("a", ""));
	ck_assert(!identity_equal("", "a"));
	ck_assert(!identity_equal("[", "{"));
	ck_assert(!identity_equal("@", "`"));
	ck_assert(!identity_equal("\xc3\x89", "\xc3\xa9"));
}
END_TEST

START_TEST(fold_changes_ascii_letters_only)
{
	char text[] = "AZ@[`az{\xc3\x89";

	identity_fold(text);
	ck_assert_str_eq(text, "az@[`az{\xc3\x89");
}
END_TEST

START_TEST(domain_is_behind_the_last_at)
{
	ck_assert_str_eq(identity_domain("a@b@example.com"), "example.com");
	ck_assert_str_eq(identity_domain("alice"), "");
	ck_assert_str_eq(identity_domain("a@"), "");
}
END_TEST

START_TEST(reserved_uids_are_refused_at_their_edges)
{
	static const uint32_t good[] = {
	    1000, 60000, 65536, 524287, 1879048192, 2000200001, 2147352575};
	static const uint32_t bad[] = {0, 1, 999, 60001, 65534, 65535, 524288,
	    1879048191, 2147352576, 2147483648, 4294967294, 4294967295};
	struct extauth_error error;
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ck_assert_ok(identity_check_uid(good[i], NULL));
	ck_assert(identity_are_uids(good, i));
	ck_assert(identity_are_uids(NULL, 0));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const uint32_t with_bad[] = {1000, 1001, 1002, 1003, bad[i]};

		ck_assert_int_eq(
		    identity_check_uid(bad[i], &error), EXTAUTH_INVALID);
		ck_assert(!identity_are_uids(with_bad, 5));
		ck_assert(identity_are_uids(with_bad, 4));
	}
	ck_assert_ptr_nonnull(strstr(error.text, "4294967295"));
}
END_TEST

START_TEST(next_uid_is_behind_the_reserved_ones)
{
	static const uint32_t rows[][2] = {{0, 1000}, {999, 1000}, {1000, 1000},
	    {60000, 60000}, {60001, 65536}, {65535, 65536}, {65536, 65536},
	    {524287, 524287}, {524288, 1879048192}, {1879048191, 1879048192},
	    {2147352575, 2147352575}, {2147352576, UINT32_MAX},
	    {UINT32_MAX, UINT32_MAX}};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_uint_eq(identity_next_uid(rows[i][0]), rows[i][1]);
}
END_TEST

START_TEST(gecos_cannot_start_another_field)
{
	ck_assert_ok(identity_check_gecos("", NULL));
	ck_assert_ok(identity_check_gecos("Bob ~ Builder, Room 1", NULL));
	ck_assert_int_eq(identity_check_gecos("a:b", NULL), EXTAUTH_INVALID);
	ck_assert_int_eq(identity_check_gecos("a\nb", NULL), EXTAUTH_INVALID);
	ck_assert_int_eq(identity_check_gecos("a\x7f", NULL), EXTAUTH_INVALID);
	ck_assert_int_eq(
	    identity_check_gecos("J\xc3\xb6rg", NULL), EXTAUTH_INVALID);
	ck_assert_ok(identity_check_gecos(repeated('g', 255), NULL));
	ck_assert_int_eq(
	    identity_check_gecos(repeated('g', 256), NULL), EXTAUTH_INVALID);
}
END_TEST

START_TEST(path_is_absolute_and_plain)
{
	static const char *const good[] = {"/a", "/home/bob", "/home/b.o.b",
	    "/home/..bob", "/home/...", "/home/.b", "/home/bob@example.com"};
	static const char *const bad[] = {"", "home", "/", "//", "//a", "/a//b",
	    "/a/", "/a/.", "/a/./b", "/..", "/a/../b", "/a/..", "/a:b", "/a\n",
	    "/\xc3\xa9"};
	struct extauth_error error;
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ck_assert_msg(
		    identity_check_path(good[i], "home", &error) == EXTAUTH_OK,
		    "%s", good[i]);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_msg(identity_check_path(bad[i], "home", &error) ==
			EXTAUTH_INVALID,
		    "%s", bad[i]);
		ck_assert_int_eq(strncmp(error.text, "home ", 5), 0);
	}
}
END_TEST

START_TEST(external_id_is_printable_without_blanks_at_its_ends)
{
	ck_assert_ok(identity_check_external_id("", NULL));
	ck_assert_ok(identity_check_external_id("x", NULL));
	ck_assert_ok(identity_check_external_id("cn=a b:c", NULL));
	ck_assert_int_eq(
	    identity_check_external_id(" x", NULL), EXTAUTH_INVALID);
	ck_assert_int_eq(
	    identity_check_external_id("x ", NULL), EXTAUTH_INVALID);
	ck_assert_int_eq(
	    identity_check_external_id("x\ty", NULL), EXTAUTH_INVALID);
	ck_assert_int_eq(
	    identity_check_external_id("x\xc3\xa9", NULL), EXTAUTH_INVALID);
	ck_assert_ok(identity_check_external_id(repeated('i', 255), NULL));
	ck_assert_int_eq(identity_check_external_id(repeated('i', 256), NULL),
	    EXTAUTH_INVALID);
}
END_TEST

START_TEST(password_has_no_control_byte)
{
	int byte;

	for (byte = 0; byte < 256; byte++) {
		char password[] = {'a', (char)byte, 'b'};
		bool is_control = byte < 0x20 || byte == 0x7f;

		ck_assert_int_eq(identity_check_password(password, 3, NULL),
		    is_control ? EXTAUTH_INVALID : EXTAUTH_OK);
	}
}
END_TEST

START_TEST(password_of_nothing_is_refused)
{
	ck_assert_int_eq(identity_check_password("", 0, NULL), EXTAUTH_INVALID);
	ck_assert_int_eq(
	    identity_check_password("a", 0, NULL), EXTAUTH_INVALID);
	ck_assert_int_eq(
	    identity_check_password("   ", 3, NULL), EXTAUTH_INVALID);
	ck_assert_ok(identity_check_password("  x", 3, NULL));
	ck_assert_ok(identity_check_password("x  ", 3, NULL));
	ck_assert_ok(identity_check_password(repeated('p', 1024), 1024, NULL));
	ck_assert_int_eq(
	    identity_check_password(repeated('p', 1025), 1025, NULL),
	    EXTAUTH_INVALID);
}
END_TEST

START_TEST(no_byte_of_a_password_is_told)
{
	struct extauth_error error = {{0}};

	ck_assert_int_eq(
	    identity_check_password("QXZ\x08\r\n\177INCORRECT", 16, &error),
	    EXTAUTH_INVALID);
	ck_assert_str_eq(error.text, "the password has a control byte");
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    short_name_follows_its_grammar,
	    short_name_takes_these_bytes_and_no_others,
	    email_name_is_lower_case_and_harmless,
	    system_names_are_refused,
	    email_is_a_name_only_where_it_is_allowed,
	    email_follows_its_grammar,
	    email_lengths_hold_to_the_byte,
	    host_label_has_at_most_63_bytes,
	    emails_are_equal_without_case,
	    fold_changes_ascii_letters_only,
	    domain_is_behind_the_last_at,
	    reserved_uids_are_refused_at_their_edges,
	    next_uid_is_behind_the_reserved_ones,
	    gecos_cannot_start_another_field,
	    path_is_absolute_and_plain,
	    external_id_is_printable_without_blanks_at_its_ends,
	    password_has_no_control_byte,
	    password_of_nothing_is_refused,
	    no_byte_of_a_password_is_told,
	    NULL,
	};

	return unit_run("identity", tests);
}
