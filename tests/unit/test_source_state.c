/* SPDX-License-Identifier: MIT */
#include "source_state.h"

#include <stdio.h>
#include <string.h>

#include "source_case.h"
#include "unit.h"

#define SCIM "type = scim\nurl = https://dir.example.com/scim\n"
#define GROUP "[group team]\nremote = Team\n"
#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))

static const struct source no_machine = {.name = "none"};

/* No two of them are the same to a reading. */
static const char *const settings[] = {
    SCIM,
    "type = scim\nurl = https://dir.example.com/scim2\n",
    "type = scim\nurl = https://dir.example.com/scim/{{ORGID}}\n",
    "type = scim\nurl = https://dir.example.com/scim/{{HOSTNAME}}\n",
    "type = scim\nurl = https://dir.example.com/scim/{{SECRET:x}}\n",
    SCIM "filter = a pr\n",
    SCIM "username = reader\npassword_file = dir\n",
    SCIM "client_id = one\nclient_secret_file = dir\n"
	 "token_url = https://dir.example.com/token\n",
    SCIM "client_id = two\nclient_secret_file = dir\n"
	 "token_url = https://dir.example.com/token\n",
    SCIM "user_id = /key\n",
    SCIM "user_email = /key\n",
    SCIM "user_name = /key\n",
    SCIM "user_gecos = /key\n",
    SCIM "user_uid = /key\n",
    SCIM "user_home = /key\n",
    SCIM "user_shell = /key\n",
    SCIM "user_groups = /key\n",
    SCIM "group_gid = /key\n",
    SCIM "group_prefix = p-\n",
    SCIM "posix_schema = urn:example:posix\n",
    SCIM "uid_base = 100000\n",
    SCIM "paging = index\n",
    SCIM "disabled_if = /a\n",
    SCIM "disabled_if = /b\n",
    SCIM "disabled_if = /a == 1\n",
    SCIM "disabled_if = /a != 1\n",
    SCIM "disabled_if = /a == 2\n",
    SCIM "skip_if = /a\n",
    SCIM "domains = example.com\n",
    SCIM "domains = example.com, example.org\n",
    SCIM GROUP,
    SCIM GROUP "remote = Other\n",
    SCIM GROUP "source = corp\n",
    SCIM GROUP "gid = 2000300000\n",
    SCIM "only_groups = team\n" GROUP,
    SCIM "[group crew]\nremote = Team\n",
};

START_TEST(each_setting_that_matters_is_in_the_fingerprint)
{
	uint64_t sums[COUNT(settings)];
	size_t at;
	size_t other;

	for (at = 0; at < COUNT(settings); at++) {
		struct source_case *it =
		    source_case_make(&no_machine, settings[at]);

		sums[at] = source_state_fingerprint(&it->run);
		ck_assert_uint_eq(sums[at], source_state_fingerprint(&it->run));
		source_case_free(it);
		for (other = 0; other < at; other++)
			ck_assert_msg(sums[at] != sums[other], "%s\n%s",
			    settings[at], settings[other]);
	}
}
END_TEST

START_TEST(the_token_and_what_only_the_host_does_are_not_in_it)
{
	struct source_case *one =
	    source_case_make(&no_machine, SCIM "token_file = dir\n");
	struct source_case *other = source_case_make(&no_machine,
	    SCIM "token_file = other\nmax_removal_percent = 7\n"
		 "when_gone = remove\ntimeout = 7s\npage_size = 7\n");

	ck_assert_uint_eq(source_state_fingerprint(&one->run),
	    source_state_fingerprint(&other->run));
	source_case_free(one);
	source_case_free(other);
}
END_TEST

static void
state_make(struct source_case *it, char kind, const char *rest)
{
	cleanup_buffer struct buffer state = buffer_make(SYNC_STATE_MAX_BYTES);

	ck_assert_ok(source_state_begin(&it->run, kind, &state));
	ck_assert_ok(buffer_append_text(&state, rest));
	(void)snprintf(
	    it->job.state, sizeof(it->job.state), "%s", buffer_text(&state));
}

START_TEST(a_state_is_a_letter_and_a_fingerprint_and_the_rest)
{
	struct source_case *it = source_case_make(&no_machine, SCIM);
	char wanted[64];

	state_make(it, 's', "W/\"1 2\"");
	(void)snprintf(wanted, sizeof(wanted), "s%016llx W/\"1 2\"",
	    (unsigned long long)source_state_fingerprint(&it->run));
	ck_assert_str_eq(it->job.state, wanted);
	ck_assert_str_eq(source_state_lend(&it->run, 's'), "W/\"1 2\"");
	state_make(it, 's', "");
	ck_assert_str_eq(source_state_lend(&it->run, 's'), "");
	source_case_free(it);
}
END_TEST

START_TEST(another_kind_or_other_settings_or_nothing_is_no_state)
{
	struct source_case *it = source_case_make(&no_machine, SCIM);
	struct source_case *other =
	    source_case_make(&no_machine, SCIM "filter = a pr\n");

	ck_assert_ptr_null(source_state_lend(&it->run, 's'));
	state_make(it, 's', "rest");
	ck_assert_ptr_null(source_state_lend(&it->run, 't'));
	memcpy(other->job.state, it->job.state, sizeof(it->job.state));
	ck_assert_ptr_null(source_state_lend(&other->run, 's'));
	it->job.state[17] = '\0';
	ck_assert_ptr_null(source_state_lend(&it->run, 's'));
	source_case_free(it);
	source_case_free(other);
}
END_TEST

START_TEST(a_dated_state_grows_old)
{
	struct source_case *it = source_case_make(&no_machine, SCIM);
	cleanup_buffer struct buffer state = buffer_make(SYNC_STATE_MAX_BYTES);
	int64_t whole_s = 0;

	ck_assert_ok(
	    source_state_begin_dated(&it->run, 'd', SOURCE_CASE_NOW_S, &state));
	(void)snprintf(it->job.state, sizeof(it->job.state), "%srest",
	    buffer_text(&state));
	it->login.now_s = SOURCE_CASE_NOW_S + 99;
	ck_assert_str_eq(
	    source_state_lend_dated(&it->run, 'd', 100, &whole_s), "rest");
	ck_assert_int_eq(whole_s, SOURCE_CASE_NOW_S);
	ck_assert_ptr_null(
	    source_state_lend_dated(&it->run, 'd', 99, &whole_s));
	ck_assert_ptr_null(
	    source_state_lend_dated(&it->run, 'e', 100, &whole_s));
	it->login.now_s = SOURCE_CASE_NOW_S - 1;
	ck_assert_ptr_null(
	    source_state_lend_dated(&it->run, 'd', 100, &whole_s));
	source_case_free(it);
}
END_TEST

START_TEST(a_date_is_digits_and_a_blank)
{
	static const char *const rests[] = {"", "rest", " rest", "1767225600",
	    "1767225600x rest", "-1767225600 rest", "+1 rest",
	    "00000001767225600 rest", "1767225600\trest"};
	struct source_case *it = source_case_make(&no_machine, SCIM);
	int64_t whole_s = 0;
	size_t at;

	for (at = 0; at < COUNT(rests); at++) {
		state_make(it, 'd', rests[at]);
		ck_assert_msg(source_state_lend_dated(
				  &it->run, 'd', INT64_MAX, &whole_s) == NULL,
		    "%s", rests[at]);
	}
	source_case_free(it);
}
END_TEST

START_TEST(a_state_may_have_no_room)
{
	struct source_case *it = source_case_make(&no_machine, SCIM);
	struct buffer state = buffer_make(10);

	ck_assert_int_eq(
	    source_state_begin(&it->run, 's', &state), EXTAUTH_TOOBIG);
	ck_assert_int_eq(
	    source_state_begin_dated(&it->run, 's', 1, &state), EXTAUTH_TOOBIG);
	source_case_free(it);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    each_setting_that_matters_is_in_the_fingerprint,
	    the_token_and_what_only_the_host_does_are_not_in_it,
	    a_state_is_a_letter_and_a_fingerprint_and_the_rest,
	    another_kind_or_other_settings_or_nothing_is_no_state,
	    a_dated_state_grows_old,
	    a_date_is_digits_and_a_blank,
	    a_state_may_have_no_room,
	    NULL,
	};

	return unit_run("source_state", tests);
}
