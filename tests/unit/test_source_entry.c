/* SPDX-License-Identifier: MIT */
#include "source_entry.h"

#include <stdio.h>
#include <string.h>

#include "source_case.h"
#include "unit.h"

#define COUNT(cases) (sizeof(cases) / sizeof(*(cases)))
#define URN "urn:ietf:params:scim:schemas:oracle:idcs:extension:posix:User"
#define SCIM                                                                   \
	"type = scim\nurl = https://dir.example.com/scim/v2\n"                 \
	"token_file = dir\n"
#define OKTA                                                                   \
	"type = okta\nurl = https://dir.example.com\n"                         \
	"token_file = dir\n"
#define ENTRA                                                                  \
	"type = entra\ntenant = 11111111-2222-3333-4444-555555555555\n"        \
	"client_id = c\nclient_secret_file = dir\n"
#define PINGONE                                                                \
	"type = pingone\n"                                                     \
	"environment = 11111111-2222-3333-4444-555555555555\nregion = eu\n"    \
	"client_id = c\nclient_secret_file = dir\n"

/* Reads the one element of its memory: a page. */
struct reader {
	struct source_entry entry;
};

static const char *page_text;
static const char *page_list;
static bool has_groups;
static bool has_nameless_group;

static enum extauth_err
reader_start(struct source_run *run, struct source_step *ret_step,
    struct extauth_error *error)
{
	struct reader *reader = run->memory;
	cleanup_json struct json page = {0};
	enum extauth_err err;

	ck_assert_ok(json_parse(page_text, strlen(page_text), &page, error));
	err = source_entry_read(run, &page, page_list, 0, &reader->entry);
	if (err != EXTAUTH_OK)
		return err;
	has_groups = reader->entry.has_groups;
	has_nameless_group = reader->entry.has_nameless_group;
	if (reader->entry.kind == SOURCE_ENTRY_USER)
		source_step_user(ret_step, &reader->entry.user);
	else
		source_step_fail(ret_step, false, 0, "nobody");
	return EXTAUTH_OK;
}

static enum extauth_err
reader_next(struct source_run *run, const struct event *event,
    struct source_step *ret_step, struct extauth_error *error)
{
	(void)run;
	(void)event;
	(void)error;
	return source_step_end(ret_step, SYNC_COMPLETE, NULL);
}

static void
reader_forget(void *memory)
{
	struct reader *reader = memory;

	source_entry_clear(&reader->entry);
}

static const struct source machine = {
    .name = "reader",
    .memory_bytes = sizeof(struct reader),
    .forget = reader_forget,
    .start = reader_start,
    .next = reader_next,
};

struct entry_case {
	const char *keys;
	const char *page;
	const char *told; /* "": nobody */
};

static void
check_cases(const struct entry_case *cases, size_t count)
{
	size_t at;

	page_list = "";
	for (at = 0; at < count; at++) {
		struct source_case *it =
		    source_case_make(&machine, cases[at].keys);

		page_text = cases[at].page;
		source_case_run(it, NULL);
		ck_assert_msg(
		    strcmp(buffer_text(&it->told), cases[at].told) == 0,
		    "%s: %s and not %s", page_text, buffer_text(&it->told),
		    cases[at].told);
		source_case_free(it);
	}
}

START_TEST(a_scim_user_is_read_whole)
{
	static const struct entry_case cases[] = {
	    {SCIM,
		"[{\"id\":\"u-1\",\"userName\":\"alice\",\"displayName\":"
		"\"Alice A\",\"active\":true,\"emails\":[{\"value\":\"a@b.org\""
		"},{\"value\":\"alice@example.com\",\"primary\":true}],\"" URN
		"\":{\"uidNumber\":20001,\"homeDirectory\":\"/home/alice\","
		"\"loginShell\":\"/bin/zsh\"}}]",
		"user u-1 alice@example.com alice gecos=Alice A uid=20001 "
		"home=/home/alice shell=/bin/zsh\n"},
	    {SCIM,
		"[{\"id\":7,\"userName\":\"a@b.org\",\"" URN
		"\":{\"uidNumber\":\"20001\"}}]",
		"user 7 a@b.org a@b.org uid=20001\n"},
	    {SCIM, "[{\"id\":\"1\",\"emails\":[{\"value\":\"a@b.org\"}]}]",
		"user 1 a@b.org -\n"},
	    {SCIM, "[{\"id\":\"1\",\"emails\":[\"a@b.org\",\"c@d.org\"]}]",
		"user 1 a@b.org -\n"},
	    {SCIM, "[{\"id\":\"1\",\"emails\":[],\"userName\":\"x\"}]",
		"user 1 - x\n"},
	    {SCIM, "[{\"id\":\"1\",\"emails\":[7],\"userName\":null}]",
		"user 1 7 -\n"},
	};

	check_cases(cases, COUNT(cases));
}
END_TEST

START_TEST(who_has_no_id_is_nobody)
{
	static const struct entry_case cases[] = {
	    {SCIM, "[]", ""},
	    {SCIM, "{}", ""},
	    {SCIM, "null", ""},
	    {SCIM, "[null]", ""},
	    {SCIM, "[7]", ""},
	    {SCIM, "[{\"id\":\"\"}]", ""},
	    {SCIM, "[{\"id\":1.5}]", ""},
	    {SCIM, "[{\"id\":-1}]", ""},
	    {SCIM, "[{\"id\":[\"1\"]}]", ""},
	    {SCIM "skip_if = /userType == \"robot\"\n",
		"[{\"id\":\"1\",\"userType\":\"robot\"}]", ""},
	    {SCIM "skip_if = /userType == \"robot\"\n",
		"[{\"id\":\"1\",\"userType\":\"man\"}]", "user 1 - -\n"},
	};

	check_cases(cases, COUNT(cases));
}
END_TEST

START_TEST(an_id_that_does_not_fit_is_nobodys_and_a_text_is_cut)
{
	static char page[700];
	static char wide[301];
	struct entry_case one = {SCIM, page, ""};
	struct source_case *it;

	memset(wide, 'x', sizeof(wide) - 1);
	(void)snprintf(page, sizeof(page), "[{\"id\":\"%s\"}]", wide);
	check_cases(&one, 1);
	(void)snprintf(page, sizeof(page),
	    "[{\"id\":\"1\",\"displayName\":\"%s\"}]", wide);
	it = source_case_make(&machine, SCIM);
	page_text = page;
	source_case_run(it, NULL);
	wide[IDENTITY_TEXT_MAX_BYTES] = '\0';
	(void)snprintf(page, sizeof(page), "user 1 - - gecos=%s\n", wide);
	source_case_expect_told(it, page);
	source_case_free(it);
}
END_TEST

START_TEST(a_uid_is_a_number_or_its_digits)
{
#define UID(uid) "[{\"id\":\"41\",\"n\":" uid "}]"
	static const char keys[] = SCIM "user_uid = /n\n";
	static const char based[] =
	    SCIM "user_uid = /n\nuid_base = 2000200001\n";
	static const struct entry_case cases[] = {
	    {keys, UID("5"), "user 41 - - uid=5\n"},
	    {keys, UID("\"5\""), "user 41 - - uid=5\n"},
	    {keys, UID("4294967295"), "user 41 - - uid=4294967295\n"},
	    {keys, UID("4294967296"), "user 41 - -\n"},
	    {keys, UID("18446744073709551616"), "user 41 - -\n"},
	    {keys, UID("\"99999999999999999999999\""), "user 41 - -\n"},
	    {keys, UID("-5"), "user 41 - -\n"},
	    {keys, UID("5.0"), "user 41 - -\n"},
	    {keys, UID("\"5 \""), "user 41 - -\n"},
	    {keys, UID("\"0x5\""), "user 41 - -\n"},
	    {keys, UID("true"), "user 41 - -\n"},
	    {keys, UID("null"), "user 41 - -\n"},
	    {based, UID("5"), "user 41 - - uid=5\n"},
	    {based, UID("null"), "user 41 - - uid=2000200042\n"},
	    {based, "[{\"id\":\"u41\"}]", "user u41 - -\n"},
	    {based, "[{\"id\":\"4294967295\"}]", "user 4294967295 - -\n"},
	};

	check_cases(cases, COUNT(cases));
}
END_TEST

START_TEST(who_is_disabled_is_told_so)
{
#define STATUS(status) "[{\"id\":\"1\",\"status\":\"" status "\"}]"
	static const struct entry_case cases[] = {
	    {SCIM, "[{\"id\":\"1\",\"active\":false}]",
		"user 1 - - disabled\n"},
	    {SCIM, "[{\"id\":\"1\",\"active\":\"False\"}]",
		"user 1 - - disabled\n"},
	    {SCIM, "[{\"id\":\"1\",\"active\":\"true\"}]", "user 1 - -\n"},
	    {SCIM, "[{\"id\":\"1\",\"active\":0}]", "user 1 - - disabled\n"},
	    {SCIM, "[{\"id\":\"1\",\"active\":null}]", "user 1 - -\n"},
	    {SCIM, "[{\"id\":\"1\",\"enabled\":false}]", "user 1 - -\n"},
	    {SCIM "disabled_if = /locked == true\n",
		"[{\"id\":\"1\",\"active\":true,\"locked\":true}]",
		"user 1 - - disabled\n"},
	    {ENTRA, "[{\"id\":\"1\",\"accountEnabled\":false}]",
		"user 1 - - disabled\n"},
	    {ENTRA, "[{\"id\":\"1\",\"accountEnabled\":true}]", "user 1 - -\n"},
	    {PINGONE, "[{\"id\":\"1\",\"enabled\":false}]",
		"user 1 - - disabled\n"},
	    {OKTA, STATUS("ACTIVE"), "user 1 - -\n"},
	    {OKTA, STATUS("PASSWORD_EXPIRED"), "user 1 - -\n"},
	    {OKTA, STATUS("RECOVERY"), "user 1 - -\n"},
	    {OKTA, STATUS("LOCKED_OUT"), "user 1 - -\n"},
	    {OKTA, STATUS("SUSPENDED"), "user 1 - - disabled\n"},
	    {OKTA, STATUS("STAGED"), "user 1 - - disabled\n"},
	    {OKTA, STATUS("PROVISIONED"), "user 1 - - disabled\n"},
	    {OKTA, STATUS("DEPROVISIONED"), "user 1 - - disabled\n"},
	    {OKTA, "[{\"id\":\"1\"}]", "user 1 - - disabled\n"},
	};

	check_cases(cases, COUNT(cases));
}
END_TEST

START_TEST(a_null_mail_of_entra_is_the_principal_name)
{
	static const struct entry_case cases[] = {
	    {ENTRA,
		"[{\"id\":\"1\",\"mail\":null,\"userPrincipalName\":"
		"\"a@b.org\"}]",
		"user 1 a@b.org a@b.org\n"},
	    {ENTRA,
		"[{\"id\":\"1\",\"mail\":\"x@y.org\",\"userPrincipalName\":"
		"\"a@b.org\"}]",
		"user 1 x@y.org a@b.org\n"},
	    {ENTRA, "[{\"id\":\"1\",\"userPrincipalName\":\"a_b#EXT#@c.org\"}]",
		"user 1 a_b#EXT#@c.org a_b#EXT#@c.org\n"},
	};

	check_cases(cases, COUNT(cases));
}
END_TEST

START_TEST(wanted_groups_are_told_and_no_others)
{
#define GROUPS                                                                 \
	"[{\"id\":\"1\",\"groups\":[{\"value\":\"g1\",\"display\":\"Staff\"}," \
	"{\"value\":\"g2\",\"display\":\"Guests\"},\"admins\",{\"value\":"     \
	"\"g3\"},7,null]}]"
	static const struct entry_case cases[] = {
	    {SCIM, GROUPS, "user 1 - -\n"},
	    {SCIM "[group team]\nremote = Staff\n", GROUPS,
		"user 1 - - in=g1/Staff\n"},
	    {SCIM "[group team]\nremote = g2\nremote = admins\n", GROUPS,
		"user 1 - - in=g2/Guests in=-/admins\n"},
	    {SCIM "[group team]\nremote = team\n", GROUPS, "user 1 - -\n"},
	    {SCIM "[group team]\nremote = Staff\nsource = corp\n", GROUPS,
		"user 1 - - in=g1/Staff\n"},
	    {SCIM "group_prefix = x-\n",
		"[{\"id\":\"1\",\"groups\":[{\"value\":\"g1\"}]}]",
		"user 1 - - in=g1/-\n"},
	};

	check_cases(cases, COUNT(cases));
	ck_assert(has_groups);
	ck_assert(has_nameless_group);
}
END_TEST

START_TEST(more_groups_than_a_frame_holds_are_left_out)
{
	struct source_case *it =
	    source_case_make(&machine, SCIM "group_prefix = x-\n");
	struct buffer page = buffer_make(1 << 20);
	unsigned at;

	ck_assert_ok(buffer_append_text(&page, "[{\"id\":\"1\",\"groups\":["));
	for (at = 0; at < 10000; at++)
		ck_assert_ok(buffer_append_format(&page,
		    "%s{\"value\":\"group-id-%05u\",\"display\":\"n\"}",
		    at > 0 ? "," : "", at));
	ck_assert_ok(buffer_append_text(&page, "]}]"));
	page_text = buffer_text(&page);
	page_list = "";
	source_case_run(it, NULL);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	ck_assert_ptr_nonnull(
	    strstr(buffer_text(&it->told), "in=group-id-05700/n"));
	ck_assert_ptr_null(
	    strstr(buffer_text(&it->told), "in=group-id-05800/n"));
	buffer_clear(&page);
	source_case_free(it);
}
END_TEST

START_TEST(a_group_is_read_by_its_own_attributes)
{
	struct source_case *it =
	    source_case_make(&machine, SCIM "group_gid = /n/gidNumber\n");
	static const char text[] =
	    "[{\"id\":\"g1\",\"displayName\":\"Staff\",\"n\":{\"gidNumber\":"
	    "\"30001\"}},{\"id\":\"g2\",\"profile\":{\"name\":\"Everyone\"}},"
	    "{\"displayName\":\"x\"}]";
	struct json list = {0};
	struct sync_group group = {0};
	struct json one;

	ck_assert_ok(json_parse(text, strlen(text), &list, NULL));
	one = json_element(&list, 0);
	ck_assert(source_entry_read_group(&it->run, &one, &group));
	ck_assert_str_eq(group.id, "g1");
	ck_assert_str_eq(group.name, "Staff");
	ck_assert(group.has_gid);
	ck_assert_uint_eq(group.gid, 30001);
	one = json_element(&list, 1);
	ck_assert(source_entry_read_group(&it->run, &one, &group));
	ck_assert_str_eq(group.name, "Everyone");
	ck_assert(!group.has_gid);
	one = json_element(&list, 2);
	ck_assert(!source_entry_read_group(&it->run, &one, &group));
	json_clear(&list);
	source_case_free(it);
}
END_TEST

START_TEST(who_was_seen_is_not_new)
{
	struct source_seen seen = {0};
	char id[16];
	bool is_new = false;
	unsigned at;

	for (at = 0; at < 100000; at++) {
		(void)snprintf(id, sizeof(id), "u-%u", at);
		ck_assert_ok(source_seen_add(&seen, id, &is_new));
		ck_assert(is_new);
	}
	for (at = 0; at < 100000; at += 7) {
		(void)snprintf(id, sizeof(id), "u-%u", at);
		ck_assert_ok(source_seen_add(&seen, id, &is_new));
		ck_assert(!is_new);
	}
	ck_assert_uint_eq(seen.count, 100000);
	source_seen_clear(&seen);
	source_seen_clear(NULL);
	source_entry_clear(NULL);
	ck_assert_uint_eq(seen.count, 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    a_scim_user_is_read_whole,
	    who_has_no_id_is_nobody,
	    an_id_that_does_not_fit_is_nobodys_and_a_text_is_cut,
	    a_uid_is_a_number_or_its_digits,
	    who_is_disabled_is_told_so,
	    a_null_mail_of_entra_is_the_principal_name,
	    wanted_groups_are_told_and_no_others,
	    more_groups_than_a_frame_holds_are_left_out,
	    a_group_is_read_by_its_own_attributes,
	    who_was_seen_is_not_new,
	    NULL,
	};

	return unit_run("source_entry", tests);
}
