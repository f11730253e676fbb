/* SPDX-License-Identifier: MIT */
/* The offer of a reset mail, after a login and in place of a password change.
 * Through the real libpam, the real extauth-exchange and the real test service
 * over TLS. */
#include <string.h>

#include "host.h"
#include "paths.h"
#include "place.h"
#include "real_service.h"
#include "suite.h"

#define QUESTION                                                               \
	"ask: Forgot your password? Send a reset mail to the registered "      \
	"address [y/N] \n"
#define ANSWER                                                                 \
	"info: If you asked for it and the address is registered, a mail is "  \
	"on its way.\n"
#define PASSWORD "hidden: Password: \n"

#define PROVIDER REAL_SERVICE_LOGIN REAL_SERVICE_FORGOT

static void
prepare(void)
{
	real_service_use("", PROVIDER);
}

static int
count_mails(void)
{
	return real_service_saw("/forgot?e=");
}

static const struct {
	const char *user;
	int code;
	int requests;
} asked[] = {
    {"alice", PAM_AUTH_ERR, 1},
    {"bob", PAM_AUTH_ERR, 1},
    {"nosuchuser", PAM_USER_UNKNOWN, 0},
    {"no@example.com", PAM_USER_UNKNOWN, 0},
    {"dora", PAM_AUTH_ERR, 0},
};

START_TEST(everybody_is_asked_the_same_and_the_registered_get_a_mail)
{
	size_t number;

	for (number = 0; number < sizeof(asked) / sizeof(asked[0]); number++) {
		struct host host = {.user = asked[number].user,
		    .password = "wrong",
		    .answer = "y",
		    .options = "forgot_password"};

		place_reset();
		prepare();
		ck_assert_int_eq(host_authenticate(&host), asked[number].code);
		ck_assert_str_eq(host.shown, PASSWORD QUESTION ANSWER);
		ck_assert_int_eq(count_mails(), asked[number].requests);
	}
}
END_TEST

static const struct {
	const char *answer;
	int requests;
} answers[] = {{"y", 1}, {"Y", 1}, {"yes", 1}, {"YeS", 1}, {"", 0}, {"n", 0},
    {"ye", 0}, {"yess", 0}, {"yeah", 0}, {" y", 0}, {"wrong", 0}};

START_TEST(only_yes_is_yes)
{
	size_t number;

	for (number = 0; number < sizeof(answers) / sizeof(answers[0]);
	     number++) {
		struct host host = {.user = "alice",
		    .password = "wrong",
		    .answer = answers[number].answer,
		    .options = "forgot_password"};

		place_reset();
		prepare();
		ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
		ck_assert_str_eq(host.shown,
		    answers[number].answer[0] == '\0'
			? PASSWORD QUESTION
			: PASSWORD QUESTION ANSWER);
		ck_assert_int_eq(count_mails(), answers[number].requests);
	}
}
END_TEST

/* What sshd gives for a name that it does not know, as long as the answer. */
START_TEST(answer_that_sshd_made_up_reads_the_same)
{
	struct host host = {.user = "nosuchuser",
	    .password = "\b\n\r\177I",
	    .answer = "\b",
	    .options = "forgot_password"};

	ck_assert_int_eq(host_authenticate(&host), PAM_USER_UNKNOWN);
	ck_assert_str_eq(host.shown, PASSWORD QUESTION ANSWER);
	ck_assert_int_eq(count_mails(), 0);
}
END_TEST

START_TEST(one_mail_is_sent_in_ten_minutes)
{
	struct host host = {.user = "alice",
	    .password = "wrong",
	    .answer = "y",
	    .options = "forgot_password"};

	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	host.shown[0] = '\0';
	host.password = "wrong again";
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	ck_assert_str_eq(host.shown, PASSWORD QUESTION ANSWER);
	ck_assert_int_eq(count_mails(), 1);
	ck_assert_ptr_nonnull(
	    strstr(place_log(), "result=reset_mail_held_back user=alice"));
}
END_TEST

START_TEST(one_conversation_asks_once)
{
	struct host host = {.user = "alice",
	    .password = "wrong",
	    .answer = "n",
	    .options = "forgot_password"};

	ck_assert_int_eq(host_authenticate_twice(&host), PAM_AUTH_ERR);
	ck_assert_int_eq(host.hidden_prompts, 2);
	ck_assert_int_eq(host.shown_prompts, 1);
}
END_TEST

START_TEST(service_that_cannot_ask_shows_the_message)
{
	struct host host = {
	    .user = "alice", .password = "wrong", .options = "forgot_password"};

	real_service_use("forgot_password_message = Ask the desk.\n", PROVIDER);
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	ck_assert_str_eq(host.shown, PASSWORD QUESTION "info: Ask the desk.\n");
	ck_assert_int_eq(count_mails(), 0);
}
END_TEST

START_TEST(nothing_is_offered_without_a_refusal_or_the_option)
{
	struct host host = {.user = "alice", .password = "a", .answer = "y"};

	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	host.options = "forgot_password";
	host.password = "secret";
	ck_assert_int_eq(host_authenticate(&host), PAM_SUCCESS);
	real_service_answer("/status/503");
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTHINFO_UNAVAIL);
	host.user = "lucy";
	ck_assert_int_eq(host_authenticate(&host), PAM_USER_UNKNOWN);
	ck_assert_int_eq(host.shown_prompts, 0);
}
END_TEST

START_TEST(provider_without_a_reset_url_offers_none)
{
	struct host host = {.user = "alice",
	    .password = "wrong",
	    .answer = "y",
	    .options = "forgot_password"};

	real_service_use("", REAL_SERVICE_LOGIN);
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	host.user = "nosuchuser";
	ck_assert_int_eq(host_authenticate(&host), PAM_USER_UNKNOWN);
	ck_assert_int_eq(host.shown_prompts, 0);
}
END_TEST

START_TEST(stranger_is_asked_where_no_provider_is_the_default)
{
	struct host host = {.user = "nosuchuser",
	    .password = "wrong",
	    .answer = "y",
	    .options = "forgot_password"};

	place_write(EXTAUTH_CONFIG_PATH,
	    "[extauth]\nfailure_delay = 0s\n"
	    "[provider main]\ntype = rest\ndomains = example.com\n" PROVIDER,
	    0644);
	ck_assert_int_eq(host_authenticate(&host), PAM_USER_UNKNOWN);
	ck_assert_str_eq(host.shown, PASSWORD QUESTION ANSWER);
	host.user = "alice";
	host.shown[0] = '\0';
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	ck_assert_str_eq(host.shown, PASSWORD QUESTION ANSWER);
	ck_assert_int_eq(count_mails(), 1);
}
END_TEST

START_TEST(password_change_is_refused_with_the_same_offer)
{
	struct host host = {.user = "alice", .answer = "yes"};

	ck_assert_int_eq(host_chauthtok(&host), PAM_PERM_DENIED);
	ck_assert_str_eq(host.shown, QUESTION ANSWER);
	ck_assert_int_eq(count_mails(), 1);
	ck_assert_ptr_nonnull(
	    strstr(place_log(), "result=reset_mail_sent user=alice"));
}
END_TEST

START_TEST(password_change_says_try_again_without_a_provider)
{
	struct host host = {.user = "alice", .answer = "y"};

	real_service_answer("/status/503");
	ck_assert_int_eq(host_chauthtok(&host), PAM_TRY_AGAIN);
	ck_assert_ptr_nonnull(
	    strstr(place_log(), "result=reset_mail_failed user=alice"));
}
END_TEST

START_TEST(password_change_of_others_is_not_ours)
{
	static const char *const names[] = {
	    "root", "lucy", "bob", "carl", "nosuchuser"};
	size_t number;

	for (number = 0; number < sizeof(names) / sizeof(names[0]); number++) {
		struct host host = {.user = names[number], .answer = "y"};

		ck_assert_int_eq(host_chauthtok(&host), PAM_USER_UNKNOWN);
		ck_assert_str_eq(host.shown, "");
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    everybody_is_asked_the_same_and_the_registered_get_a_mail,
	    only_yes_is_yes,
	    answer_that_sshd_made_up_reads_the_same,
	    one_mail_is_sent_in_ten_minutes,
	    one_conversation_asks_once,
	    service_that_cannot_ask_shows_the_message,
	    nothing_is_offered_without_a_refusal_or_the_option,
	    provider_without_a_reset_url_offers_none,
	    stranger_is_asked_where_no_provider_is_the_default,
	    password_change_is_refused_with_the_same_offer,
	    password_change_says_try_again_without_a_provider,
	    password_change_of_others_is_not_ours,
	    NULL,
	};

	return suite_run_served("pam_forgot", tests, prepare);
}
