/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "config_case.h"

#define SOURCE "[source corp]\ntype = scim\nurl = https://h/v2\n"
#define HR                                                                     \
	"[source hr]\ntype = rest\nurl = https://h/\nuser_id = /id\n"          \
	"user_email = /m\n"
#define FORM                                                                   \
	"the name of a group is made of a-z 0-9 _ -, begins with a letter "    \
	"or _, and has at most 32 bytes"
#define GROUP "[group devs]\n"
#define DEVS GROUP "remote = Dev\n"
#define AT(line) "x.conf:" #line ": [group devs] "
#define OPS_AT(line) "x.conf:" #line ": [group ops] "

#define LIST "[source corp]\ntype = csv\nfile = /a\n"
#define IN(line) "x.conf:" #line ": [source corp] "

#define ASSERT_REFUSED(rows)                                                   \
	config_case_refused((rows), CONFIG_CASE_LENGTH(rows))

START_TEST(a_group_has_a_name_of_its_own)
{
	static const struct config_refused rows[] = {
	    {"[group]\n",
		"x.conf:1: [group]: needs the name of the local group, as in "
		"[group developers]"},
	    {"[group Devs]\nremote = D\n", "x.conf:2: [group Devs]: " FORM},
	    {"[group j.d]\nremote = D\n", "x.conf:2: [group j.d]: " FORM},
	    {"[group sudo]\nremote = D\n",
		"x.conf:2: [group sudo]: the name \"sudo\" belongs to the "
		"system"},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

START_TEST(a_group_names_what_is_there)
{
	static const struct config_refused rows[] = {
	    {GROUP,
		AT(1) "remote: is missing: the name or id of the directory's "
		      "group"},
	    {GROUP "remote = D\nremote =\n",
		AT(2) "remote: is missing: the name or id of the directory's "
		      "group"},
	    {GROUP "remote = a\n b\n",
		AT(2) "remote: a?b: must be one line of printable text"},
	    {DEVS "source = corp\n",
		AT(3) "source: corp: there is no section [source corp]"},
	    {SOURCE DEVS "source = crop\n",
		"x.conf:6: [group devs] source: crop: there is no section "
		"[source crop] (did you mean \"corp\"?)"},
	    {HR DEVS "source = hr\n",
		AT(8) "source: hr: tells of no groups: it has no user_groups"},
	    {"[source hr]\ntype = csv\nfile = /a\nuser_groups =\n" DEVS
	     "source = hr\n",
		AT(7) "source: hr: tells of no groups: it has no user_groups"},
	    {DEVS "gid = 999\n",
		AT(3) "gid: 999: 999 is kept for root and the system's own "
		      "users"},
	    {DEVS "gid = 524288\n",
		AT(3) "gid: 524288: 524288 is kept for containers and "
		      "sub-uids"},
	    {DEVS "gid = x\n",
		AT(3) "gid: x: must be a number from 0 to 4294967295"},
	    {DEVS "paging = auto\n",
		AT(3) "paging: this key belongs into [source NAME]"},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

START_TEST(a_remote_of_256_bytes_is_too_long)
{
	cleanup_buffer struct buffer text = buffer_make(1000);
	cleanup_config struct config config = {0};
	struct config refused = {0};
	struct extauth_error error = {0};
	char name[257];

	memset(name, 'x', sizeof(name));
	name[255] = '\0';
	ck_assert_ok(buffer_append_format(&text, GROUP "remote = %s\n", name));
	config = config_case_taken(buffer_text(&text));
	ck_assert_uint_eq(strlen(config.groups[0].remote.items[0]), 255);
	name[255] = 'x';
	name[256] = '\0';
	buffer_clear(&text);
	ck_assert_ok(buffer_append_format(&text, GROUP "remote = %s\n", name));
	ck_assert_int_eq(config_parse("x.conf", buffer_text(&text), text.length,
			     &refused, &error),
	    EXTAUTH_CONFIG);
	ck_assert_ptr_nonnull(strstr(error.text, "is longer than 255 bytes"));
}
END_TEST

#define OPS "[group ops]\n"

START_TEST(two_groups_share_neither_number_nor_remote)
{
	static const struct config_refused rows[] = {
	    {DEVS "gid = 2000300000\n" OPS "remote = Ops\n"
		  "gid = 2000300000\n",
		OPS_AT(6) "gid: 2000300000: [group devs] has it as well "
			  "(x.conf:3)"},
	    {DEVS OPS "remote = Ops\nremote = Dev\n",
		OPS_AT(5) "remote: Dev: [group devs] has it as well "
			  "(x.conf:2)"},
	    {SOURCE DEVS "remote = D2\n" OPS "remote = D2\nsource = corp\n",
		OPS_AT(8) "remote: D2: [group devs] has it as well "
			  "(x.conf:6)"},
	    {SOURCE DEVS "source = corp\n" OPS "remote = Dev\n",
		OPS_AT(8) "remote: Dev: [group devs] has it as well "
			  "(x.conf:5)"},
	    {SOURCE DEVS "source = corp\n" OPS "remote = Dev\n"
			 "source = corp\n",
		OPS_AT(8) "remote: Dev: [group devs] has it as well "
			  "(x.conf:5)"},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

START_TEST(groups_of_two_sources_may_share_a_remote)
{
	cleanup_config struct config config = config_case_taken(
	    SOURCE HR "user_groups = /g\n" DEVS "source = corp\n" OPS
		      "remote = Dev\nsource = hr\ngid = 0\n");

	ck_assert_uint_eq(config.group_count, 2);
	ck_assert_uint_eq(config.groups[0].gid, 0);
	ck_assert_uint_eq(config.groups[1].gid, 0);
	ck_assert_str_eq(config.groups[1].source, "hr");
}
END_TEST

START_TEST(groups_of_a_source_are_there)
{
	static const struct config_refused rows[] = {
	    {SOURCE "group_prefix = Corp-\n",
		IN(4) "group_prefix: Corp-: the name of a group is made of "
		      "a-z 0-9 _ -, begins with a letter or _, and has at most "
		      "32 "
		      "bytes"},
	    {SOURCE "group_prefix = abcdefghijklmnopq\n",
		IN(4) "group_prefix: abcdefghijklmnopq: is longer than 16 "
		      "bytes, of the 32 that a group's name may have"},
	    {SOURCE "group_prefix = systemd-\n",
		IN(4) "group_prefix: systemd-: the name \"systemd-x\" belongs "
		      "to the system"},
	    {SOURCE "group_prefix = corp-a\n" HR "group_prefix = corp-\n",
		IN(4) "group_prefix: corp-a: its groups could be some of "
		      "source hr, whose prefix is the same or begins it"},
	    {SOURCE "group_prefix = c-\n" HR "group_prefix = c-\n",
		IN(4) "group_prefix: c-: its groups could be some of source "
		      "hr, whose prefix is the same or begins it"},
	    {SOURCE "only_groups = dev\n" DEVS,
		IN(4) "only_groups: dev: there is no section [group dev] (did "
		      "you mean \"devs\"?)"},
	    {SOURCE "only_groups = x\n",
		IN(4) "only_groups: x: there is no section [group x]"},
	    {SOURCE "only_groups = x-\ngroup_prefix = x-\n",
		IN(4) "only_groups: x-: there is no section [group x-]"},
	    {SOURCE "only_groups = devs\n[source hr]\ntype = csv\n"
		    "file = /a\n" DEVS "source = hr\n",
		IN(4) "only_groups: devs: [group devs] is of another source, "
		      "hr"},
	    {HR "only_groups = devs\n" DEVS,
		"x.conf:6: [source hr] only_groups: devs: needs user_groups: "
		"nobody would be "
		"in any"},
	    {LIST "user_groups =\nonly_groups = devs\n" DEVS,
		IN(5) "only_groups: devs: needs user_groups: nobody would be "
		      "in any"},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    a_group_has_a_name_of_its_own,
	    a_group_names_what_is_there,
	    a_remote_of_256_bytes_is_too_long,
	    two_groups_share_neither_number_nor_remote,
	    groups_of_two_sources_may_share_a_remote,
	    groups_of_a_source_are_there,
	    NULL,
	};

	return unit_run("config_group", tests);
}
