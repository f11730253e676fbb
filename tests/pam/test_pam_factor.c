/* SPDX-License-Identifier: MIT */
/* The second factor of a login: services that ask, that append, that do neither
 * and that cannot; providers that want no password. With the stand-in. Through
 * the real libpam. */
#include <stdio.h>
#include <string.h>

#include "host.h"
#include "login.h"
#include "paths.h"
#include "place.h"
#include "suite.h"

#define SECOND_FACTOR(way) "[service test]\nsecond_factor = " way "\n"
#define NEEDED "result=second_factor_needed user=alice"

static const char device_config[] =
    "[extauth]\ndefault_provider = main\nfailure_delay = 100ms\n"
    "[provider main]\ntype = oauth2\ngrant = device\nclient_id = host\n"
    "token_url = https://id.example.com/token\n"
    "device_authorization_url = https://id.example.com/device\n"
    "userinfo_url = https://id.example.com/userinfo\n";

static void
assert_recorded(const char *line)
{
	ck_assert_msg(strstr(place_record(), line) != NULL, "%s not in %s",
	    line, place_record());
}

static void
assert_logged(const char *text)
{
	ck_assert_msg(strstr(place_log(), text) != NULL, "%s not in %s", text,
	    place_log());
}

static void
assert_job(unsigned flags, const char *password)
{
	char line[256];

	(void)snprintf(line, sizeof(line),
	    "job=%d provider=main flags=%u password=%s new=\n", FRAME_LOGIN,
	    flags, password);
	assert_recorded(line);
}

START_TEST(service_asks_if_nothing_is_said)
{
	struct host host = {
	    .user = "alice", .password = "secret,123456", .answer = "654321"};

	place_script("ask Code: \nverdict accepted\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_SUCCESS);
	assert_job(LOGIN_CAN_ASK | LOGIN_CAN_WAIT, "secret,123456");
	assert_recorded("answer=654321\n");
	ck_assert_str_eq(host.shown, "hidden: Password: \nask: Code: \n");
}
END_TEST

START_TEST(empty_answer_is_an_answer)
{
	struct host host = {
	    .user = "alice", .password = "secret", .answer = ""};

	place_script("ask Press Enter: \nverdict accepted\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_SUCCESS);
	assert_recorded("answer=\n");
}
END_TEST

/* sshd's method `password` gives an error to what it cannot answer. */
START_TEST(service_with_one_password_and_no_more_cannot_ask)
{
	struct host host = {.user = "alice", .password = "secret"};

	place_script("ask Code: \nverdict accepted\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	assert_logged(NEEDED);
	assert_logged("reason=\"the service cannot ask, or the person gave up: "
		      "Conversation error (sshd asks by "
		      "KbdInteractiveAuthentication;");
	ck_assert_ptr_null(strstr(place_record(), "answer="));
}
END_TEST

START_TEST(password_that_is_given_again_is_no_answer)
{
	struct host host = {
	    .user = "alice", .password = "secret", .answer = "secret"};

	place_script("prompt Code: \nverdict accepted\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	place_script("ask Code: \nverdict accepted\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	assert_logged(NEEDED);
	assert_logged("reason=\"the service cannot ask: it answered with the "
		      "password again (sshd asks by ");
	ck_assert_ptr_null(strstr(place_record(), "answer="));
}
END_TEST

/* As mail servers do, which think that they are asked for it. */
START_TEST(name_of_the_user_is_no_answer)
{
	struct host host = {
	    .user = "alice", .password = "secret", .answer = "alice"};

	place_script("ask Press Enter: \nverdict accepted\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	assert_logged(NEEDED);
	assert_logged("it answered with the user's name\"");
	ck_assert_ptr_null(strstr(place_record(), "answer="));
}
END_TEST

/* sudo sets PAM_SILENT at each login, and shows questions all the same. */
START_TEST(silent_host_is_asked_and_told_nothing)
{
	struct host host = {.user = "alice",
	    .password = "secret",
	    .answer = "123456",
	    .flags = PAM_SILENT};

	place_script("inform Hello\nask Code: \nverdict accepted\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_SUCCESS);
	assert_job(LOGIN_CAN_ASK | LOGIN_CAN_WAIT, "secret");
	ck_assert_str_eq(host.shown, "hidden: Password: \nask: Code: \n");
}
END_TEST

/* The same password with the right code comes within the seconds in which a
 * wrong password is not sent again. */
START_TEST(wrong_code_does_not_make_the_password_wrong)
{
	struct host host = {
	    .user = "alice", .password = "secret", .answer = "000000"};

	place_script("ask Code: \nhttp 403\nverdict rejected\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	place_script("ask Code: \nverdict accepted\n");
	host.answer = "123456";
	ck_assert_int_eq(host_authenticate(&host), PAM_SUCCESS);
	place_script("http 401\nverdict rejected\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	assert_logged("result=repeated user=alice");
}
END_TEST

/* What is typed, and what of it is password and code. */
static const struct {
	const char *typed;
	const char *password;
	const char *code; /* NULL: none */
} appended[] = {
    {"secret,123456", "secret", "123456"},
    {"secret,1234567890", "secret", "1234567890"},
    {"se,cret,000000", "se,cret", "000000"},
    {"a,111111,222222", "a,111111", "222222"},
    {"secret", "secret", NULL},
    {"secret,", "secret,", NULL},
    {"secret,12345", "secret,12345", NULL},
    {"secret,12345678901", "secret,12345678901", NULL},
    {"secret,12345a", "secret,12345a", NULL},
    {"secret, 123456", "secret, 123456", NULL},
    {"secret 123456", "secret 123456", NULL},
    {"123456", "123456", NULL},
};

START_TEST(code_is_what_follows_the_last_comma)
{
	size_t number;

	for (number = 0; number < sizeof(appended) / sizeof(appended[0]);
	     number++) {
		const char *code = appended[number].code;
		struct host host = {
		    .user = "alice", .password = appended[number].typed};

		place_reset();
		place_append(EXTAUTH_CONFIG_PATH, SECOND_FACTOR("append"));
		place_script("verdict accepted\n");
		ck_assert_int_eq(host_authenticate(&host), PAM_SUCCESS);
		assert_job(LOGIN_CAN_WAIT |
			(code != NULL ? (unsigned)LOGIN_HAS_CODE : 0),
		    appended[number].password);
	}
}
END_TEST

START_TEST(appended_code_answers_the_first_prompt)
{
	struct host host = {
	    .user = "alice", .password = "secret,123456", .answer = "no"};

	place_append(EXTAUTH_CONFIG_PATH, SECOND_FACTOR("append"));
	place_script("ask Code: \nverdict accepted\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_SUCCESS);
	assert_recorded("answer=123456\n");
	ck_assert_str_eq(host.shown, "hidden: Password: \n");
	place_script("prompt Code: \nask Again: \nverdict accepted\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	assert_logged(NEEDED);
	assert_logged("the provider wants more than the code that was "
		      "appended\"");
	ck_assert_int_eq(host.shown_prompts, 0);
}
END_TEST

START_TEST(code_that_is_missing_is_asked_for_in_the_log)
{
	struct host host = {
	    .user = "alice", .password = "secret", .answer = "123456"};

	place_append(EXTAUTH_CONFIG_PATH, SECOND_FACTOR("append"));
	place_script("ask Code: \nverdict accepted\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	assert_logged("append the code to the password, as password,123456\"");
	place_script("verdict accepted\n");
	host.password = "secret,123456";
	ck_assert_int_eq(host_authenticate(&host), PAM_SUCCESS);
}
END_TEST

START_TEST(code_alone_is_no_password)
{
	struct host host = {.user = "alice", .password = ",123456"};

	place_append(EXTAUTH_CONFIG_PATH, SECOND_FACTOR("append"));
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	assert_logged("result=password_refused user=alice");
	ck_assert_str_eq(place_record(), "");
}
END_TEST

START_TEST(password_without_its_code_is_what_the_throttle_sees)
{
	struct host host = {.user = "alice", .password = "wrong"};

	place_append(EXTAUTH_CONFIG_PATH, SECOND_FACTOR("append"));
	place_script("http 401\nverdict rejected\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	host.password = "wrong,123456";
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	assert_logged("result=repeated user=alice");
}
END_TEST

START_TEST(service_that_denies_tries_none)
{
	struct host host = {
	    .user = "alice", .password = "secret", .answer = "123456"};

	place_append(EXTAUTH_CONFIG_PATH, SECOND_FACTOR("deny"));
	place_script("ask Code: \nverdict accepted\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	assert_job(0, "secret");
	assert_logged(NEEDED);
	assert_logged("nobody can be asked\"");
	ck_assert_int_eq(host.shown_prompts, 0);
}
END_TEST

START_TEST(waiting_for_a_person_does_not_end_at_login_deadline)
{
	struct host host = {.user = "alice", .password = "secret"};

	place_script("wait 2500\nverdict accepted\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_SUCCESS);
}
END_TEST

START_TEST(five_prompts_without_an_answer_pause)
{
	struct host host = {.user = "alice", .password = "secret"};
	int number;

	place_script("ask Code: \nverdict accepted\n");
	for (number = 0; number < 5; number++)
		ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	ck_assert_ptr_null(strstr(place_log(), "throttled_locally"));
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	assert_logged("result=throttled_locally user=alice");
}
END_TEST

START_TEST(device_provider_wants_no_password)
{
	struct host host = {.user = "alice",
	    .password = "secret",
	    .answer = "",
	    .options = "use_first_pass"};

	place_write(EXTAUTH_CONFIG_PATH, device_config, 0644);
	place_script("ask Go to example.com: \nverdict accepted\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_SUCCESS);
	assert_job(LOGIN_CAN_ASK | LOGIN_CAN_WAIT, "");
	ck_assert_str_eq(host.shown, "ask: Go to example.com: \n");
	assert_recorded("answer=\n");
}
END_TEST

START_TEST(device_login_where_nobody_is_asked_says_what_it_wants)
{
	struct host host = {.user = "alice"};

	place_write(EXTAUTH_CONFIG_PATH, device_config, 0644);
	place_script("ask Go to example.com: \nverdict accepted\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	assert_logged("Conversation error (sshd asks by "
		      "KbdInteractiveAuthentication)\"");
	place_append(EXTAUTH_CONFIG_PATH, SECOND_FACTOR("append"));
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	assert_logged("it wants second_factor = ask\"");
}
END_TEST

START_TEST(device_login_that_failed_may_be_repeated_at_once)
{
	struct host host = {.user = "alice", .answer = ""};

	place_write(EXTAUTH_CONFIG_PATH, device_config, 0644);
	place_script("http 400\nverdict rejected\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	ck_assert_ptr_null(strstr(place_log(), "result=repeated"));
}
END_TEST

START_TEST(others_are_asked_for_a_password_as_ever)
{
	static const char *const users[] = {"dora", "paula", "nosuchuser"};
	size_t number;

	place_write(EXTAUTH_CONFIG_PATH, device_config, 0644);
	for (number = 0; number < 3; number++) {
		struct host host = {
		    .user = users[number], .password = "secret"};

		ck_assert_int_ne(host_authenticate(&host), PAM_SUCCESS);
		ck_assert_str_eq(host.shown, "hidden: Password: \n");
	}
	ck_assert_str_eq(place_record(), "");
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    service_asks_if_nothing_is_said,
	    empty_answer_is_an_answer,
	    service_with_one_password_and_no_more_cannot_ask,
	    password_that_is_given_again_is_no_answer,
	    name_of_the_user_is_no_answer,
	    silent_host_is_asked_and_told_nothing,
	    wrong_code_does_not_make_the_password_wrong,
	    code_is_what_follows_the_last_comma,
	    appended_code_answers_the_first_prompt,
	    code_that_is_missing_is_asked_for_in_the_log,
	    code_alone_is_no_password,
	    password_without_its_code_is_what_the_throttle_sees,
	    service_that_denies_tries_none,
	    waiting_for_a_person_does_not_end_at_login_deadline,
	    five_prompts_without_an_answer_pause,
	    device_provider_wants_no_password,
	    device_login_where_nobody_is_asked_says_what_it_wants,
	    device_login_that_failed_may_be_repeated_at_once,
	    others_are_asked_for_a_password_as_ever,
	    NULL,
	};

	return suite_run("pam_factor", tests);
}
