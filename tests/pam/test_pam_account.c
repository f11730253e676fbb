/* SPDX-License-Identifier: MIT */
/* All that is decided before a password, without a worker: who is ours, the
 * account step, credentials, session. Through the real libpam. */
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host.h"
#include "paths.h"
#include "place.h"
#include "suite.h"

static const struct {
	const char *user;
	int code;
} accounts[] = {
    {"alice", PAM_SUCCESS},
    {"eva@example.com", PAM_SUCCESS},
    {"dora", PAM_ACCT_EXPIRED},
    {"paula", PAM_ACCT_EXPIRED},
    {"bob", PAM_SUCCESS},
    {"root", PAM_USER_UNKNOWN},
    {"toor", PAM_USER_UNKNOWN},
    {"lucy", PAM_USER_UNKNOWN},
    {"carl", PAM_USER_UNKNOWN},
    {"lena", PAM_USER_UNKNOWN},
    {"nosuchuser", PAM_USER_UNKNOWN},
    {"Alice", PAM_USER_UNKNOWN},
    {"alice ", PAM_USER_UNKNOWN},
    {"alice@example.com", PAM_USER_UNKNOWN},
    {"EVA@example.com", PAM_USER_UNKNOWN},
    {"-f root", PAM_USER_UNKNOWN},
};

static int
account_of(const char *user)
{
	struct host host = {.user = user};

	return host_account(&host);
}

START_TEST(account_step_tells_registered_from_others)
{
	size_t number;

	for (number = 0; number < sizeof(accounts) / sizeof(accounts[0]);
	     number++) {
		struct host host = {.user = accounts[number].user};

		ck_assert_msg(host_account(&host) == accounts[number].code,
		    "account of \"%s\"", accounts[number].user);
		ck_assert_str_eq(host.shown, "");
	}
}
END_TEST

START_TEST(service_rules_hold_in_the_account_step)
{
	struct host host = {.user = "alice", .service = "sudo"};

	place_append(
	    EXTAUTH_CONFIG_PATH, "[service sudo]\nallow_users = dora\n");
	ck_assert_int_eq(host_account(&host), PAM_PERM_DENIED);
	ck_assert_ptr_nonnull(
	    strstr(place_log(), "result=service_not_allowed user=alice"));
	host = (struct host){.user = "alice", .service = "sudo-i"};
	ck_assert_int_eq(host_account(&host), PAM_PERM_DENIED);
	host = (struct host){.user = "alice", .service = "login"};
	ck_assert_int_eq(host_account(&host), PAM_SUCCESS);
}
END_TEST

START_TEST(linked_user_keeps_his_account_when_refused)
{
	place_append(
	    EXTAUTH_CONFIG_PATH, "[service test]\nallow_users = dora\n");
	ck_assert_int_eq(account_of("bob"), PAM_USER_UNKNOWN);
	ck_assert_int_eq(account_of("alice"), PAM_PERM_DENIED);
}
END_TEST

static const char *const local_users[] = {"root", "toor", "lucy", "bob"};

static void
break_config(void)
{
	place_append(EXTAUTH_CONFIG_PATH, "nonsense = 1\n");
}

static void
remove_config(void)
{
	ck_assert_int_eq(unlink(EXTAUTH_CONFIG_PATH), 0);
}

static void
remove_registry(void)
{
	ck_assert_int_eq(unlink(EXTAUTH_REGISTRY_PATH), 0);
}

static void
damage_registry(void)
{
	place_write(EXTAUTH_REGISTRY_PATH, "no registry", 0600);
}

static void
remove_worker(void)
{
	ck_assert_int_eq(unlink(EXTAUTH_EXCHANGE_PATH), 0);
}

static void
break_nothing(void)
{
}

/* What a registered user gets; the worker does not matter to the account. */
static const struct {
	void (*damage)(void);
	const char *options;
	int authenticate;
	int account;
} damages[] = {
    {break_config, "", PAM_SERVICE_ERR, PAM_SERVICE_ERR},
    {remove_config, "", PAM_SERVICE_ERR, PAM_SERVICE_ERR},
    {break_nothing, "use_frist_pass", PAM_SERVICE_ERR, PAM_SERVICE_ERR},
    {break_nothing, "config=relative.conf", PAM_SERVICE_ERR, PAM_SERVICE_ERR},
    {break_nothing, "config=/nowhere.conf", PAM_SERVICE_ERR, PAM_SERVICE_ERR},
    {break_nothing, "provider=", PAM_SERVICE_ERR, PAM_SERVICE_ERR},
    {remove_registry, "", PAM_AUTHINFO_UNAVAIL, PAM_AUTHINFO_UNAVAIL},
    {damage_registry, "", PAM_AUTHINFO_UNAVAIL, PAM_AUTHINFO_UNAVAIL},
    {remove_worker, "", PAM_SYSTEM_ERR, PAM_SUCCESS},
};

#define DAMAGE_COUNT (sizeof(damages) / sizeof(damages[0]))

START_TEST(registered_user_fails_closed_when_something_is_broken)
{
	size_t number;

	for (number = 0; number < DAMAGE_COUNT; number++) {
		struct host host = {.user = "alice",
		    .password = "secret",
		    .options = damages[number].options};

		place_reset();
		damages[number].damage();
		ck_assert_int_eq(host_account(&host), damages[number].account);
		ck_assert_int_eq(
		    host_authenticate(&host), damages[number].authenticate);
	}
}
END_TEST

static void
check_left_alone(const char *user, size_t damage)
{
	struct host host = {.user = user,
	    .password = "secret",
	    .options = damages[damage].options};

	if (damages[damage].damage != remove_worker)
		ck_assert_int_eq(host_account(&host), PAM_USER_UNKNOWN);
	ck_assert_int_eq(host_authenticate(&host), PAM_USER_UNKNOWN);
	ck_assert_str_eq(host.shown, "");
}

START_TEST(local_user_is_left_alone_when_something_is_broken)
{
	size_t damage;
	size_t number;

	for (damage = 0; damage < DAMAGE_COUNT; damage++) {
		place_reset();
		damages[damage].damage();
		for (number = 0; number < 4; number++)
			check_left_alone(local_users[number], damage);
	}
}
END_TEST

START_TEST(stranger_is_left_alone_when_the_configuration_is_broken)
{
	struct host host = {.user = "nosuchuser", .password = "secret"};

	break_config();
	ck_assert_int_eq(host_authenticate(&host), PAM_USER_UNKNOWN);
	ck_assert_int_eq(host_account(&host), PAM_USER_UNKNOWN);
	ck_assert_str_eq(host.shown, "");
}
END_TEST

START_TEST(the_log_names_the_exact_line_of_the_configuration)
{
	struct host host = {.user = "alice", .password = "secret"};

	place_append(EXTAUTH_CONFIG_PATH, "metod = GET\n");
	ck_assert_int_eq(host_authenticate(&host), PAM_SERVICE_ERR);
	ck_assert_ptr_nonnull(strstr(place_log(),
	    "result=bad_configuration user=alice rhost=- "
	    "reason=\"/etc/extauth/extauth.conf:10: [provider main] metod: "));
}
END_TEST

START_TEST(name_clash_is_logged)
{
	struct host host = {.user = "carl", .password = "secret"};

	ck_assert_int_eq(host_authenticate(&host), PAM_USER_UNKNOWN);
	ck_assert_ptr_nonnull(
	    strstr(place_log(), "result=name_clash user=carl"));
	host = (struct host){.user = "lena", .password = "secret"};
	ck_assert_int_eq(host_authenticate(&host), PAM_USER_UNKNOWN);
	ck_assert_ptr_nonnull(
	    strstr(place_log(), "result=name_clash user=lena"));
}
END_TEST

START_TEST(account_that_nss_does_not_give_is_a_name_clash)
{
	place_write("/etc/nsswitch.conf", "passwd: files\n", 0644);
	ck_assert_int_eq(account_of("alice"), PAM_PERM_DENIED);
	ck_assert_ptr_nonnull(
	    strstr(place_log(), "result=name_clash user=alice"));
}
END_TEST

START_TEST(ignore_options_turn_exactly_their_code)
{
	struct host host = {.user = "lucy",
	    .options = "ignore_unknown_user ignore_authinfo_unavail"};

	/* libpam makes a stack that is only ignored a failure. */
	ck_assert_int_eq(host_account(&host), PAM_PERM_DENIED);
	host.user = "dora";
	ck_assert_int_eq(host_account(&host), PAM_ACCT_EXPIRED);
	remove_registry();
	host.user = "alice";
	ck_assert_int_eq(host_account(&host), PAM_PERM_DENIED);
	host.options = "ignore_unknown_user";
	ck_assert_int_eq(host_account(&host), PAM_AUTHINFO_UNAVAIL);
}
END_TEST

/* Runs in a child that is not root. */
static int
code_without_root(int (*step)(struct host *), const char *user)
{
	const pid_t child = fork();
	int status = 0;

	if (child == 0) {
		struct host host = {.user = user, .password = "secret"};

		if (setgroups(0, NULL) != 0 || setegid(65534) != 0 ||
		    seteuid(65534) != 0)
			_exit(99);
		_exit(step(&host));
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

START_TEST(host_without_root_has_the_account_step_alone)
{
	ck_assert_int_eq(code_without_root(host_account, "alice"), PAM_SUCCESS);
	ck_assert_int_eq(
	    code_without_root(host_account, "dora"), PAM_ACCT_EXPIRED);
	ck_assert_int_eq(
	    code_without_root(host_account, "bob"), PAM_USER_UNKNOWN);
	ck_assert_int_eq(
	    code_without_root(host_account, "nosuchuser"), PAM_USER_UNKNOWN);
	ck_assert_int_eq(code_without_root(host_authenticate, "alice"),
	    PAM_AUTHINFO_UNAVAIL);
	ck_assert_ptr_nonnull(
	    strstr(place_log(), "result=not_root user=alice"));
	ck_assert_int_eq(code_without_root(host_authenticate, "nosuchuser"),
	    PAM_USER_UNKNOWN);
}
END_TEST

START_TEST(credentials_and_session_succeed_without_work)
{
	struct host host = {.user = "nosuchuser"};

	remove_config();
	remove_registry();
	ck_assert_int_eq(host_setcred(&host), PAM_SUCCESS);
	ck_assert_int_eq(host_open_session(&host), PAM_SUCCESS);
	ck_assert_int_eq(host_close_session(&host), PAM_SUCCESS);
	host.user = NULL;
	ck_assert_int_eq(host_setcred(&host), PAM_SUCCESS);
	ck_assert_int_eq(host_open_session(&host), PAM_SESSION_ERR);
	ck_assert_int_eq(host_close_session(&host), PAM_SESSION_ERR);
}
END_TEST

START_TEST(account_step_without_a_name_is_unknown)
{
	ck_assert_int_eq(account_of(NULL), PAM_USER_UNKNOWN);
}
END_TEST

START_TEST(long_line_in_passwd_hides_nobody)
{
	static char line[20000];

	memset(line, 'x', sizeof(line));
	memcpy(line, "long:x:1700:1700:", 17);
	memcpy(line + sizeof(line) - 20, ":/home/long:/bin/sh\n", 20);
	line[sizeof(line) - 1] = '\0';
	place_append("/etc/passwd", line);
	place_append("/etc/passwd", "\nzoe:x:0:0::/root:/bin/sh\n");
	break_config();
	ck_assert_int_eq(account_of("zoe"), PAM_USER_UNKNOWN);
	ck_assert_int_eq(account_of("long"), PAM_USER_UNKNOWN);
	ck_assert_ptr_null(strstr(place_log(), "pam_extauth"));
}
END_TEST

START_TEST(passwd_that_cannot_be_read_fails_closed_but_for_root)
{
	ck_assert_int_eq(unlink("/etc/passwd"), 0);
	ck_assert_int_eq(mkdir("/etc/passwd", 0755), 0);
	ck_assert_int_eq(account_of("alice"), PAM_AUTHINFO_UNAVAIL);
	ck_assert_int_eq(account_of("root"), PAM_USER_UNKNOWN);
	ck_assert_int_eq(rmdir("/etc/passwd"), 0);
	ck_assert_int_eq(account_of("alice"), PAM_SUCCESS);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    account_step_tells_registered_from_others,
	    service_rules_hold_in_the_account_step,
	    linked_user_keeps_his_account_when_refused,
	    registered_user_fails_closed_when_something_is_broken,
	    local_user_is_left_alone_when_something_is_broken,
	    stranger_is_left_alone_when_the_configuration_is_broken,
	    the_log_names_the_exact_line_of_the_configuration,
	    name_clash_is_logged,
	    account_that_nss_does_not_give_is_a_name_clash,
	    ignore_options_turn_exactly_their_code,
	    host_without_root_has_the_account_step_alone,
	    credentials_and_session_succeed_without_work,
	    account_step_without_a_name_is_unknown,
	    long_line_in_passwd_hides_nobody,
	    passwd_that_cannot_be_read_fails_closed_but_for_root,
	    NULL,
	};

	return suite_run("pam_account", tests);
}
