/* SPDX-License-Identifier: MIT */
/* What the person is asked and told, and hosts that cannot; with a stand-in for
 * the worker. Through the real libpam. */
#include <string.h>

#include "host.h"
#include "paths.h"
#include "place.h"
#include "suite.h"

START_TEST(prompts_of_the_provider_reach_the_person)
{
	struct host host = {
	    .user = "alice", .password = "secret", .answer = "123456"};

	place_script("inform look \033[31mhere\nask Code:\nprompt Pin:\n"
		     "verdict accepted\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_SUCCESS);
	ck_assert_str_eq(host.shown,
	    "hidden: Password: \ninfo: look ?[31mhere\nask: Code:\n"
	    "hidden: Pin:\n");
	ck_assert_ptr_nonnull(
	    strstr(place_record(), "answer=123456\nanswer=secret\n"));
}
END_TEST

START_TEST(second_factor_that_cannot_be_asked_is_a_refusal)
{
	struct host host = {.user = "alice", .password = "secret"};

	place_script("ask Code:\nverdict accepted\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	place_append(
	    EXTAUTH_CONFIG_PATH, "[service test]\nsecond_factor = no\n");
	host =
	    (struct host){.user = "alice", .password = "other", .answer = "1"};
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	ck_assert_int_eq(host.shown_prompts, 0);
	ck_assert_ptr_nonnull(
	    strstr(place_log(), "result=second_factor_needed user=alice"));
}
END_TEST

START_TEST(refusals_are_explained_only_on_demand)
{
	struct host host = {.user = "alice", .password = "one"};

	place_script("message Locked for a day.\nverdict locked\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	ck_assert_str_eq(host.shown, "hidden: Password: \n");
	place_write(EXTAUTH_CONFIG_PATH,
	    "[extauth]\ndefault_provider = main\nfailure_delay = 0s\n"
	    "explain_refusals = yes\n"
	    "[provider main]\ntype = rest\nurl = https://id.example.com/\n",
	    0644);
	host = (struct host){.user = "alice", .password = "two"};
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	ck_assert_str_eq(
	    host.shown, "hidden: Password: \nerror: Locked for a day.\n");
	place_script("verdict expired\n");
	host = (struct host){.user = "alice", .password = "three"};
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	ck_assert_ptr_nonnull(strstr(host.shown, "has expired"));
}
END_TEST

START_TEST(silence_is_kept)
{
	struct host host = {.user = "alice",
	    .password = "secret",
	    .options = "forgot_password",
	    .flags = PAM_SILENT};

	place_script("inform look here\nverdict unavailable\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTHINFO_UNAVAIL);
	ck_assert_str_eq(host.shown, "hidden: Password: \n");
}
END_TEST

START_TEST(failures_of_the_conversation_keep_their_code)
{
	struct host host = {.user = "alice"};

	/* Made of PAM_CONV_ERR by pam_get_authtok itself. */
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTHTOK_ERR);
	host = (struct host){.user = "alice", .gives_null = true};
	ck_assert_int_ne(host_authenticate(&host), PAM_SUCCESS);
	host = (struct host){0};
	ck_assert_int_ne(host_authenticate(&host), PAM_SUCCESS);
	ck_assert_int_eq(place_requests("LOGIN"), 0);
	ck_assert_ptr_nonnull(
	    strstr(place_log(), "result=no_password user=alice"));
}
END_TEST

START_TEST(use_first_pass_never_asks)
{
	struct host host = {
	    .user = "alice", .password = "secret", .options = "use_first_pass"};

	place_script("verdict accepted\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	ck_assert_int_eq(host.hidden_prompts, 0);
	host.options = "try_first_pass";
	ck_assert_int_eq(host_authenticate(&host), PAM_SUCCESS);
	ck_assert_int_eq(host.hidden_prompts, 1);
}
END_TEST

START_TEST(password_of_an_earlier_module_is_taken_only_by_option)
{
	static const char unix_first[] = "auth optional pam_unix.so nodelay";
	struct host host = {.user = "alice",
	    .password = "secret",
	    .before = unix_first,
	    .options = "use_first_pass debug"};

	place_script("verdict accepted\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_SUCCESS);
	ck_assert_int_eq(host.hidden_prompts, 1);
	ck_assert_ptr_nonnull(strstr(place_log(), "provider=main by default"));
	host.options = "try_first_pass";
	ck_assert_int_eq(host_authenticate(&host), PAM_SUCCESS);
	ck_assert_int_eq(host.hidden_prompts, 2);
	host.options = "";
	ck_assert_int_eq(host_authenticate(&host), PAM_SUCCESS);
	ck_assert_int_eq(host.hidden_prompts, 4);
	ck_assert_ptr_null(strstr(place_log(), "secret"));
}
END_TEST

START_TEST(a_name_changed_during_the_conversation_is_a_fault)
{
	struct host host = {
	    .user = "alice", .password = "secret", .becomes = "dora"};

	place_script("verdict accepted\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_SYSTEM_ERR);
}
END_TEST

START_TEST(name_is_asked_for_where_the_service_has_none)
{
	struct host host = {.answer = "alice", .password = "secret"};

	place_script("verdict accepted\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_SUCCESS);
	ck_assert_int_eq(host.shown_prompts, 1);
	ck_assert_int_eq(host.hidden_prompts, 1);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    prompts_of_the_provider_reach_the_person,
	    second_factor_that_cannot_be_asked_is_a_refusal,
	    refusals_are_explained_only_on_demand,
	    silence_is_kept,
	    failures_of_the_conversation_keep_their_code,
	    use_first_pass_never_asks,
	    password_of_an_earlier_module_is_taken_only_by_option,
	    a_name_changed_during_the_conversation_is_a_fault,
	    name_is_asked_for_where_the_service_has_none,
	    NULL,
	};

	return suite_run("pam_conversation", tests);
}
