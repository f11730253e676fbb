/* SPDX-License-Identifier: MIT */
/* What only a worker can say or do to the module and no answer of a server to
 * the types rest and basic can cause: prompts, informs, DENIED_BY_POLICY, and a
 * worker that dies or hangs. With the stand-in. Through the real libpam. */
#include <string.h>

#include "host.h"
#include "paths.h"
#include "place.h"
#include "suite.h"

#define MESSAGE_UNAVAILABLE                                                    \
	"error: The sign-in service cannot be reached. Local accounts still "  \
	"work.\n"

START_TEST(denial_by_policy_is_a_refusal_with_its_log_line)
{
	struct host host = {
	    .user = "alice", .password = "secret", .rhost = "192.0.2.7"};

	place_script(
	    "http 299\nreason a \"reason\"\nverdict denied_by_policy\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	ck_assert_ptr_nonnull(strstr(place_log(),
	    "result=denied_by_policy user=alice provider=main rhost=192.0.2.7 "
	    "http=299 ms="));
	ck_assert_ptr_nonnull(strstr(place_log(), "reason=\"a 'reason'\""));
	ck_assert_ptr_null(strstr(place_log(), "secret"));
	ck_assert_str_eq(host.shown, "hidden: Password: \n");
}
END_TEST

START_TEST(prompts_of_the_provider_reach_the_person)
{
	struct host host = {
	    .user = "alice", .hidden = {"secret", "pin"}, .answer = "123456"};

	place_script("inform look \033[31mhere\nask Code:\nprompt Pin:\n"
		     "verdict accepted\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_SUCCESS);
	ck_assert_str_eq(host.shown,
	    "hidden: Password: \ninfo: look ?[31mhere\nask: Code:\n"
	    "hidden: Pin:\n");
	ck_assert_ptr_nonnull(
	    strstr(place_record(), "answer=123456\nanswer=pin\n"));
}
END_TEST

START_TEST(informs_are_not_shown_in_silence)
{
	struct host host = {
	    .user = "alice", .password = "secret", .flags = PAM_SILENT};

	place_script("inform look here\nverdict accepted\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_SUCCESS);
	ck_assert_str_eq(host.shown, "hidden: Password: \n");
}
END_TEST

START_TEST(worker_that_gives_no_verdict_is_no_refusal)
{
	struct host host = {.user = "alice", .password = "secret"};

	place_script("die\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_SYSTEM_ERR);
	place_script("hang\n");
	host.shown[0] = '\0';
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTHINFO_UNAVAIL);
	ck_assert_ptr_nonnull(strstr(host.shown, MESSAGE_UNAVAILABLE));
	ck_assert_ptr_nonnull(
	    strstr(place_log(), "result=unavailable user=alice"));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    denial_by_policy_is_a_refusal_with_its_log_line,
	    prompts_of_the_provider_reach_the_person,
	    informs_are_not_shown_in_silence,
	    worker_that_gives_no_verdict_is_no_refusal,
	    NULL,
	};

	return suite_run("pam_worker", tests);
}
