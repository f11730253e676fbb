/* SPDX-License-Identifier: MIT */
/* The token of a login, for the session: who gets it and who does not. With the
 * stand-in. Through the real libpam. */
#include <string.h>

#include "host.h"
#include "paths.h"
#include "place.h"
#include "suite.h"

static const char token_config[] =
    "[extauth]\ndefault_provider = main\nfailure_delay = 100ms\n"
    "[provider main]\ntype = oauth2\nclient_id = host\n"
    "token_url = https://id.example.com/token\n"
    "userinfo_url = https://id.example.com/userinfo\n"
    "export_token = ID_TOKEN\n";

static void
assert_exported(const char *script, int code, const char *expected)
{
	struct host host = {.user = "alice", .password = "secret"};
	const char *token;

	place_script(script);
	host_begin(&host);
	ck_assert_int_eq(pam_authenticate(host.pamh, 0), code);
	token = pam_getenv(host.pamh, "ID_TOKEN");
	if (expected == NULL)
		ck_assert_ptr_null(token);
	else
		ck_assert_pstr_eq(token, expected);
	host_end(&host);
}

START_TEST(token_of_a_login_is_exported_where_the_provider_says_so)
{
	assert_exported("token eyJ.a.b\nverdict accepted\n", PAM_SUCCESS, NULL);
	place_write(EXTAUTH_CONFIG_PATH, token_config, 0644);
	assert_exported(
	    "token eyJ.a.b\nverdict accepted\n", PAM_SUCCESS, "eyJ.a.b");
	assert_exported("verdict accepted\n", PAM_SUCCESS, NULL);
	assert_exported("token eyJ.a.b\nverdict locked\n", PAM_AUTH_ERR, NULL);
	ck_assert_ptr_null(strstr(place_log(), "eyJ"));
}
END_TEST

/* What sudo runs belongs to somebody else. */
START_TEST(token_is_not_given_to_a_host_that_asks_its_own_caller)
{
	static const struct {
		const char *caller;
		const char *token;
	} hosts[] = {{"alice", NULL}, {"bob", "secret1"}};
	size_t number;

	place_write(EXTAUTH_CONFIG_PATH, token_config, 0644);
	place_script("token secret1\nverdict accepted\n");
	for (number = 0; number < 2; number++) {
		struct host host = {.user = "alice", .password = "secret"};

		host_begin(&host);
		ck_assert_int_eq(
		    pam_set_item(host.pamh, PAM_RUSER, hosts[number].caller),
		    PAM_SUCCESS);
		ck_assert_int_eq(pam_authenticate(host.pamh, 0), PAM_SUCCESS);
		ck_assert_pstr_eq(
		    pam_getenv(host.pamh, "ID_TOKEN"), hosts[number].token);
		host_end(&host);
	}
	ck_assert_ptr_null(strstr(place_log(), "token_not_exported"));
}
END_TEST

START_TEST(login_without_its_token_is_still_one)
{
	place_write(EXTAUTH_CONFIG_PATH, token_config, 0644);
	assert_exported("token a b\nverdict accepted\n", PAM_SUCCESS, NULL);
	ck_assert_ptr_nonnull(
	    strstr(place_log(), "result=token_not_exported user=alice"));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    token_of_a_login_is_exported_where_the_provider_says_so,
	    token_is_not_given_to_a_host_that_asks_its_own_caller,
	    login_without_its_token_is_still_one,
	    NULL,
	};

	return suite_run("pam_token", tests);
}
