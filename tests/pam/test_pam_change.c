/* SPDX-License-Identifier: MIT */
/* A change of the password, where the provider has a call for it. With the
 * stand-in. Through the real libpam. */
#include <stdio.h>
#include <string.h>

#include "host.h"
#include "login.h"
#include "paths.h"
#include "place.h"
#include "suite.h"

#define OLD "hidden: Current password: \n"
#define NEW "hidden: New password: \nhidden: Retype new password: \n"
#define PAGE "info: Please change your password at https://id.example.com/me.\n"

static const char okta_config[] =
    "[extauth]\ndefault_provider = main\nfailure_delay = 100ms\n"
    "login_deadline = 2s\n"
    "[provider main]\ntype = okta\nurl = https://id.example.com\n";

static void
prepare(const char *script)
{
	place_write(EXTAUTH_CONFIG_PATH, okta_config, 0644);
	place_script(script);
}

static void
assert_logged(const char *text)
{
	ck_assert_msg(strstr(place_log(), text) != NULL, "%s not in %s", text,
	    place_log());
}

static int
count_jobs(void)
{
	const char *at = place_record();
	int count = 0;

	for (; (at = strstr(at, "job=")) != NULL; at++)
		count++;
	return count;
}

START_TEST(both_passwords_reach_the_provider)
{
	struct host host = {
	    .user = "alice", .hidden = {"old one", "new one", "new one"}};
	char line[128];

	prepare("http 200\nverdict accepted\n");
	ck_assert_int_eq(host_chauthtok(&host), PAM_SUCCESS);
	ck_assert_str_eq(host.shown, OLD NEW);
	(void)snprintf(line, sizeof(line),
	    "job=%d provider=main flags=0 password=old one new=new one\n",
	    FRAME_CHANGE);
	ck_assert_str_eq(place_record(), line);
	assert_logged("result=accepted user=alice provider=main");
	ck_assert_ptr_null(strstr(place_log(), " one"));
}
END_TEST

static const struct {
	const char *script;
	int code;
	const char *result;
	const char *shown;
} verdicts[] = {
    {"http 403\nverdict rejected\n", PAM_AUTH_ERR, "rejected", ""},
    {"http 403\nmessage Use 12 letters.\nverdict denied_by_policy\n",
	PAM_AUTHTOK_ERR, "denied_by_policy", "error: Use 12 letters.\n"},
    {"http 403\nverdict denied_by_policy\n", PAM_AUTHTOK_ERR,
	"denied_by_policy",
	"error: The sign-in service does not take the new password.\n"},
    {"http 429\nverdict throttled\n", PAM_MAXTRIES, "throttled", ""},
    {"verdict expired\n", PAM_PERM_DENIED, "expired", ""},
    {"verdict locked\n", PAM_PERM_DENIED, "locked", ""},
    {"ask Code: \nverdict accepted\n", PAM_PERM_DENIED, "second_factor_needed",
	""},
    {"http 500\nverdict unavailable\n", PAM_AUTHTOK_ERR, "unavailable",
	"error: The sign-in service cannot be reached. Local accounts still "
	"work.\n"},
    {"http 404\nverdict misconfigured\n", PAM_AUTHTOK_ERR, "misconfigured",
	"error: The sign-in service cannot be reached. Local accounts still "
	"work.\n"},
    {"hang\n", PAM_AUTHTOK_ERR, "unavailable",
	"error: The sign-in service cannot be reached. Local accounts still "
	"work.\n"},
    {"die\n", PAM_SYSTEM_ERR, "fault", ""},
    {"token t\nverdict accepted\n", PAM_SYSTEM_ERR, "fault", ""},
};

START_TEST(each_verdict_has_its_code)
{
	char expected[512];
	size_t number;

	for (number = 0; number < sizeof(verdicts) / sizeof(verdicts[0]);
	     number++) {
		struct host host = {.user = "alice",
		    .hidden = {"old", "new", "new"},
		    .answer = "123456"};

		place_reset();
		prepare(verdicts[number].script);
		ck_assert_int_eq(host_chauthtok(&host), verdicts[number].code);
		(void)snprintf(expected, sizeof(expected), OLD NEW "%s",
		    verdicts[number].shown);
		ck_assert_str_eq(host.shown, expected);
		(void)snprintf(expected, sizeof(expected),
		    "result=%s user=alice", verdicts[number].result);
		assert_logged(expected);
	}
}
END_TEST

static const struct {
	const char *hidden[HOST_HIDDEN_MAX];
	int code;
	const char *end; /* of what is shown */
} refused[] = {
    {{""}, PAM_AUTH_ERR, OLD},
    {{"\b\n\r\177INCORRECT"}, PAM_AUTH_ERR, OLD},
    {{"old", "old", "old"}, PAM_AUTHTOK_ERR,
	"error: The new password cannot be used: it is the old one.\n"},
    {{"old", "  ", "  "}, PAM_AUTHTOK_ERR, "nothing but blanks.\n"},
    {{"old", "new\001", "new\001"}, PAM_AUTHTOK_ERR, "a control byte.\n"},
    {{"old", "new", "other"}, PAM_AUTHTOK_ERR, "do not match.\n"},
};

START_TEST(passwords_that_cannot_be_any_are_not_sent)
{
	size_t number;

	prepare("verdict accepted\n");
	for (number = 0; number < sizeof(refused) / sizeof(refused[0]);
	     number++) {
		struct host host = {.user = "alice"};
		size_t length = strlen(refused[number].end);

		memcpy(
		    host.hidden, refused[number].hidden, sizeof(host.hidden));
		ck_assert_int_eq(host_chauthtok(&host), refused[number].code);
		ck_assert_msg(strlen(host.shown) >= length &&
			strcmp(host.shown + strlen(host.shown) - length,
			    refused[number].end) == 0,
		    "%zu: %s", number, host.shown);
	}
	ck_assert_str_eq(place_record(), "");
	ck_assert_ptr_nonnull(
	    strstr(place_log(), "reason=\"the two new passwords differ\""));
}
END_TEST

START_TEST(conversation_that_fails_changes_nothing)
{
	struct host host = {.user = "alice"};

	prepare("verdict accepted\n");
	ck_assert_int_ne(host_chauthtok(&host), PAM_SUCCESS);
	host = (struct host){.user = "alice", .hidden = {"old"}};
	ck_assert_int_ne(host_chauthtok(&host), PAM_SUCCESS);
	ck_assert_str_eq(place_record(), "");
}
END_TEST

/* What is left of the first answer is lost memory: LeakSanitizer finds it. */
START_TEST(new_password_that_is_not_repeated_is_not_left_behind)
{
	struct host host = {.user = "alice", .hidden = {"old", "new"}};

	prepare("verdict accepted\n");
	ck_assert_int_eq(host_chauthtok(&host), PAM_AUTHTOK_ERR);
	ck_assert_int_eq(host.hidden_prompts, 3);
	ck_assert_str_eq(place_record(), "");
}
END_TEST

START_TEST(wrong_old_passwords_are_counted)
{
	char old[] = "old1";
	int number;

	prepare("http 403\nverdict rejected\n");
	for (number = 0; number < 6; number++) {
		struct host host = {
		    .user = "alice", .hidden = {old, "new", "new"}};

		ck_assert_int_eq(host_chauthtok(&host),
		    number < 5 ? PAM_AUTH_ERR : PAM_MAXTRIES);
		old[3]++;
	}
	ck_assert_int_eq(count_jobs(), 5);
	assert_logged("result=throttled_locally user=alice");
}
END_TEST

START_TEST(new_passwords_that_do_not_please_are_not_counted)
{
	int number;

	prepare("http 403\nverdict denied_by_policy\n");
	for (number = 0; number < 7; number++) {
		struct host host = {
		    .user = "alice", .hidden = {"old", "new", "new"}};

		ck_assert_int_eq(host_chauthtok(&host), PAM_AUTHTOK_ERR);
	}
	ck_assert_int_eq(count_jobs(), 7);
}
END_TEST

START_TEST(others_are_none_of_our_business)
{
	static const char *const names[] = {
	    "root", "lucy", "bob", "carl", "nosuchuser"};
	size_t number;

	prepare("verdict accepted\n");
	for (number = 0; number < sizeof(names) / sizeof(names[0]); number++) {
		struct host host = {
		    .user = names[number], .hidden = {"old", "new", "new"}};

		ck_assert_int_eq(host_chauthtok(&host), PAM_USER_UNKNOWN);
		ck_assert_str_eq(host.shown, "");
	}
	ck_assert_str_eq(place_record(), "");
}
END_TEST

START_TEST(disabled_user_changes_nothing)
{
	struct host host = {.user = "dora", .hidden = {"old", "new", "new"}};

	prepare("verdict accepted\n");
	ck_assert_int_eq(host_chauthtok(&host), PAM_PERM_DENIED);
	ck_assert_str_eq(host.shown, "");
	ck_assert_str_eq(place_record(), "");
}
END_TEST

START_TEST(other_providers_say_where_to_go)
{
	struct host host = {.user = "alice", .password = "secret"};

	place_append(
	    EXTAUTH_CONFIG_PATH, "password_page = https://id.example.com/me\n");
	ck_assert_int_eq(host_chauthtok(&host), PAM_PERM_DENIED);
	ck_assert_int_eq(strncmp(host.shown, PAGE, strlen(PAGE)), 0);
	ck_assert_int_eq(host.hidden_prompts, 0);
	ck_assert_str_eq(place_record(), "");
}
END_TEST

static const struct {
	const char *script;
	const char *shown;
} explained[] = {
    {"verdict expired\n",
	"error: Your password has expired. Please change it at "
	"https://id.example.com/me.\n"},
    {"verdict locked\n",
	"error: Your account is locked. Please unlock it at "
	"https://id.example.com/me.\n"},
    {"message Ask the desk.\nverdict locked\n", "error: Ask the desk.\n"},
};

START_TEST(expired_and_locked_are_told_where_to_go)
{
	char expected[256];
	size_t number;

	for (number = 0; number < sizeof(explained) / sizeof(explained[0]);
	     number++) {
		struct host host = {.user = "alice", .password = "secret"};

		place_reset();
		place_append(EXTAUTH_CONFIG_PATH,
		    "password_page = https://id.example.com/me\n"
		    "[extauth]\nexplain_refusals = yes\n");
		place_script(explained[number].script);
		ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
		(void)snprintf(expected, sizeof(expected),
		    "hidden: Password: \n%s", explained[number].shown);
		ck_assert_str_eq(host.shown, expected);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    both_passwords_reach_the_provider,
	    each_verdict_has_its_code,
	    passwords_that_cannot_be_any_are_not_sent,
	    conversation_that_fails_changes_nothing,
	    new_password_that_is_not_repeated_is_not_left_behind,
	    wrong_old_passwords_are_counted,
	    new_passwords_that_do_not_please_are_not_counted,
	    others_are_none_of_our_business,
	    disabled_user_changes_nothing,
	    other_providers_say_where_to_go,
	    expired_and_locked_are_told_where_to_go,
	    NULL,
	};

	return suite_run("pam_change", tests);
}
