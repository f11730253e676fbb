/* SPDX-License-Identifier: MIT */
/* Hosts in odd states find themselves as they were before, whatever was asked
 * and however it ended: second factors, waits, logins without a password,
 * tokens, changed passwords. With the stand-in. Through the real libpam. */
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "host.h"
#include "host_state.h"
#include "paths.h"
#include "place.h"
#include "suite.h"

#define KEYS                                                                   \
	"[extauth]\ndefault_provider = main\nfailure_delay = 10ms\n"           \
	"max_failures = 0\nlogin_deadline = 1s\nperson_deadline = 1s\n"        \
	"[provider main]\n"
#define GRANT                                                                  \
	"type = oauth2\nclient_id = host\n"                                    \
	"token_url = https://id.example.com/token\n"                           \
	"userinfo_url = https://id.example.com/userinfo\n"
#define DEVICE                                                                 \
	GRANT "grant = device\n"                                               \
	      "device_authorization_url = https://id.example.com/device\n"
#define OKTA "type = okta\nurl = https://id.example.com\n"

/* What happens, and what the host gets. */
static const struct {
	const char *provider;
	const char *script;
	const char *password;
	const char *answer; /* NULL: an error of the conversation */
	int code;
} logins[] = {
    {OKTA, "ask Code: \nverdict accepted\n", "secret", "1", PAM_SUCCESS},
    {OKTA, "prompt Code: \nverdict accepted\n", "secret", NULL, PAM_AUTH_ERR},
    {OKTA, "ask Code: \nverdict accepted\n", "secret", NULL, PAM_AUTH_ERR},
    {OKTA, "ask Code: \nverdict accepted\n", "secret", "secret", PAM_AUTH_ERR},
    {OKTA, "ask Code: \nverdict rejected\n", "secret", "1", PAM_AUTH_ERR},
    {OKTA, "wait 100\nverdict accepted\n", "secret", NULL, PAM_SUCCESS},
    {OKTA, "wait 9000\nverdict accepted\n", "secret", NULL, PAM_AUTH_ERR},
    {OKTA, "ask Code: \nhang\n", "secret", "1", PAM_AUTHINFO_UNAVAIL},
    {OKTA, "ask Code: \ndie\n", "secret", "1", PAM_SYSTEM_ERR},
    {OKTA, "inform Wait.\nverdict accepted\n", "secret", NULL, PAM_SUCCESS},
    {DEVICE, "ask Go there: \nverdict accepted\n", NULL, "", PAM_SUCCESS},
    {DEVICE, "ask Go there: \nverdict accepted\n", NULL, NULL, PAM_AUTH_ERR},
    {GRANT "export_token = THE_TOKEN\n", "token t0k3n\nverdict accepted\n",
	"secret", NULL, PAM_SUCCESS},
};

static void
assert_unchanged(const struct host_state *before)
{
	static struct host_state after;
	const char *change;

	host_state_read(&after);
	change = host_state_change(before, &after);
	ck_assert_msg(change == NULL, "changed: %s", change);
}

static void
configure(const char *provider)
{
	place_write(EXTAUTH_CONFIG_PATH, KEYS, 0644);
	place_append(EXTAUTH_CONFIG_PATH, provider);
}

static void
check_logins(void)
{
	static struct host_state before;
	size_t number;

	for (number = 0; number < sizeof(logins) / sizeof(logins[0]);
	     number++) {
		struct host host = {.user = "alice",
		    .password = logins[number].password,
		    .answer = logins[number].answer};
		int code;

		configure(logins[number].provider);
		place_script(logins[number].script);
		host_state_read(&before);
		code = host_authenticate(&host);
		ck_assert_msg(code == logins[number].code, "%zu: %s: %s",
		    number, pam_strerror(NULL, code), place_log());
		assert_unchanged(&before);
	}
}

static void
check_changes(void)
{
	static struct host_state before;
	struct host host = {.user = "alice", .hidden = {"old", "new", "new"}};

	configure(OKTA);
	place_script("http 200\nverdict accepted\n");
	host_state_read(&before);
	ck_assert_int_eq(host_chauthtok(&host), PAM_SUCCESS);
	host = (struct host){.user = "alice", .hidden = {"old", "new", "no"}};
	ck_assert_int_ne(host_chauthtok(&host), PAM_SUCCESS);
	assert_unchanged(&before);
}

static void
check_all(void)
{
	/* The socket of syslog(3) is the C library's. */
	openlog(NULL, LOG_NDELAY, LOG_AUTH);
	check_logins();
	check_changes();
}

START_TEST(plain_host_is_left_as_it_was)
{
	check_all();
}
END_TEST

START_TEST(host_with_signals_of_its_own_is_left_as_it_was)
{
	sigset_t mask;

	ck_assert(signal(SIGCHLD, SIG_IGN) != SIG_ERR);
	ck_assert(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
	(void)sigemptyset(&mask);
	(void)sigaddset(&mask, SIGTERM);
	(void)sigaddset(&mask, SIGINT);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &mask, NULL), 0);
	(void)umask(0);
	check_all();
}
END_TEST

START_TEST(host_that_blocks_every_signal_is_left_as_it_was)
{
	host_state_block_signals();
	check_all();
}
END_TEST

START_TEST(interrupted_host_is_left_as_it_was)
{
	host_state_interrupt_often();
	check_all();
}
END_TEST

START_TEST(host_with_closed_standard_descriptors_is_left_as_it_was)
{
	(void)close(0);
	(void)close(1);
	(void)close(2);
	check_all();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    plain_host_is_left_as_it_was,
	    host_with_signals_of_its_own_is_left_as_it_was,
	    host_that_blocks_every_signal_is_left_as_it_was,
	    interrupted_host_is_left_as_it_was,
	    host_with_closed_standard_descriptors_is_left_as_it_was,
	    NULL,
	};

	return suite_run("pam_dialog", tests);
}
