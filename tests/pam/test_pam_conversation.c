/* SPDX-License-Identifier: MIT */
/* What the person is asked and told, and hosts that cannot. Through the real
 * libpam, the real extauth-exchange and the real test service over TLS. */
#include <string.h>

#include "host.h"
#include "place.h"
#include "real_service.h"
#include "suite.h"

static void
prepare(void)
{
	real_service_use("", REAL_SERVICE_LOGIN);
}

static const char explaining[] =
    REAL_SERVICE_LOGIN "accept_if = /status == \"active\"\n"
		       "locked_if = /status == \"locked\"\n"
		       "expired_if = /status == \"expired\"\n"
		       "reject_message = /error/message\n";

START_TEST(refusals_are_explained_only_on_demand)
{
	struct host host = {.user = "alice", .password = "one"};

	real_service_use("", explaining);
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	ck_assert_str_eq(host.shown, "hidden: Password: \n");
	real_service_use("explain_refusals = yes\n", explaining);
	real_service_add_account("alice@example.com:three:expired");
	host = (struct host){.user = "alice", .password = "two"};
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	ck_assert_str_eq(host.shown,
	    "hidden: Password: \n"
	    "error: The e-mail or the password is wrong.\n");
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

	real_service_answer("/status/503");
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
	ck_assert_int_eq(real_service_requests(), 0);
	ck_assert_ptr_nonnull(
	    strstr(place_log(), "result=no_password user=alice"));
}
END_TEST

START_TEST(conversation_cannot_take_the_module_out_of_the_stack)
{
	struct host host = {.conversation_code = PAM_IGNORE,
	    .before = "auth required pam_permit.so"};

	ck_assert_int_ne(host_authenticate(&host), PAM_SUCCESS);
	host = (struct host){.user = "alice",
	    .conversation_code = PAM_IGNORE,
	    .before = "auth required pam_permit.so"};
	ck_assert_int_ne(host_authenticate(&host), PAM_SUCCESS);
	ck_assert_int_eq(real_service_requests(), 0);
}
END_TEST

START_TEST(use_first_pass_never_asks)
{
	struct host host = {
	    .user = "alice", .password = "secret", .options = "use_first_pass"};

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

	ck_assert_int_eq(host_authenticate(&host), PAM_SYSTEM_ERR);
}
END_TEST

START_TEST(name_is_asked_for_where_the_service_has_none)
{
	struct host host = {.answer = "alice", .password = "secret"};

	ck_assert_int_eq(host_authenticate(&host), PAM_SUCCESS);
	ck_assert_int_eq(host.shown_prompts, 1);
	ck_assert_int_eq(host.hidden_prompts, 1);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    refusals_are_explained_only_on_demand,
	    silence_is_kept,
	    failures_of_the_conversation_keep_their_code,
	    conversation_cannot_take_the_module_out_of_the_stack,
	    use_first_pass_never_asks,
	    password_of_an_earlier_module_is_taken_only_by_option,
	    a_name_changed_during_the_conversation_is_a_fault,
	    name_is_asked_for_where_the_service_has_none,
	    NULL,
	};

	return suite_run_served("pam_conversation", tests, prepare);
}
