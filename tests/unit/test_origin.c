/* SPDX-License-Identifier: MIT */
#include "origin.h"

#include "exchange_case.h"
#include "unit.h"

struct origin_case {
	const char *one;
	const char *other;
	bool is_same;
};

static const struct origin_case origin_cases[] = {
    {"https://a.example", "https://a.example/x?y", true},
    {"https://a.example", "https://A.EXAMPLE:443/", true},
    {"HTTPS://a.example", "https://a.example", true},
    {"http://a.example:80", "http://a.example", true},
    {"https://[::1]:8443/a", "https://[::1]:8443/b", true},
    {"https://a.example", "http://a.example", false},
    {"https://a.example:443", "http://a.example:443", false},
    {"https://a.example", "https://a.example:8443", false},
    {"https://a.example", "https://b.example", false},
    {"https://a.example", "https://a.example.evil.example", false},
    {"https://a.example", "https://a.exampl", false},
    {"https://a.example", "https://user@a.example", false},
    {"https://a.example", "https://a.example@evil.example", false},
    {"https://a.example", "https://a.example\\@evil.example", false},
    {"https://a.example", "https://a.example/\t", false},
    {"https://a.example", "https://a.example/\xc3\xa4", false},
    {"https://a.example", "//a.example", false},
    {"https://a.example", "/path", false},
    {"https://a.example", "", false},
    {"https://a.example", "ftp://a.example", false},
    {"https://a.example", "https://a.example:", false},
    {"https://a.example", "https://a.example:0", false},
    {"https://a.example", "https://a.example:65979", false},
    {"https://a.example", "https://a.example:44x", false},
    {"https://[::1]", "https://[::1]x", false},
    {"https://", "https://", false},
    {"https://a.example:65535", "https://a.example:65535/", true},
    {"https://a.example:65536", "https://a.example:65536", false},
    {"https://a.example:1", "https://a.example:01", true},
    {"https://a.example:90", "https://a.example:90", true},
    {"https://a.example:4.4", "https://a.example:4.4", false},
    {"https://a.example:4:4", "https://a.example:4:4", false},
    {"https://a.example:44", "https://a.example:4\x2f", false},
    {"https://AZ.example", "https://az.example", true},
    {"https://a[.example", "https://a{.example", false},
    {"https://a.example?x", "https://a.example#y", true},
    {"https://a.example/@", "https://a.example", true},
    {"https://a.example/!~", "https://a.example", true},
    {"https://a.example/ ", "https://a.example", false},
    {"https://a.example/\x7f", "https://a.example", false},
    {"https://[::1", "https://[::1", true},
    {"https://[::1]:", "https://[::1]", false},
    {"https://[::1]", "https://[::2]", false},
    {"https://a]:1", "https://a]:1", true},
};

START_TEST(scheme_host_and_port_make_an_origin)
{
	size_t at;

	for (at = 0; at < sizeof(origin_cases) / sizeof(*origin_cases); at++) {
		const struct origin_case *one = &origin_cases[at];

		ck_assert_msg(
		    origin_is_same(one->one, one->other) == one->is_same,
		    "%s, %s", one->one, one->other);
		ck_assert_msg(
		    origin_is_same(one->other, one->one) == one->is_same,
		    "%s, %s", one->other, one->one);
	}
}
END_TEST

#define TWO_SERVERS                                                            \
	"type = rest\nurl = https://api.example/login\n"                       \
	"connection = oauth2_client_credentials\n"                             \
	"token_url = https://id.example/token\nclient_id = c\n"                \
	"client_secret_file = c\n"                                             \
	"forgot_password_url = https://www.example/f?e={{USEREMAIL}}\n"

START_TEST(configured_servers_are_listed_once_and_no_others_are_known)
{
	struct exchange_case *one = exchange_case_make(TWO_SERVERS, "x");
	const char *urls[ORIGINS_MAX];

	ck_assert_uint_eq(origin_list(one->provider, FRAME_LOGIN, urls), 2);
	ck_assert_str_eq(urls[0], "https://id.example/token");
	ck_assert_str_eq(urls[1], "https://api.example/login");
	ck_assert_uint_eq(origin_list(one->provider, FRAME_FORGOT, urls), 1);
	ck_assert(origin_is_same(urls[0], "https://www.example"));
	ck_assert(
	    origin_is_configured(one->provider, "https://id.example/other"));
	ck_assert(!origin_is_configured(one->provider, "https://www.example/"));
	ck_assert(!origin_is_configured(one->provider, "http://id.example/"));
	exchange_case_free(one);
}
END_TEST

/* Keys of one origin are one, and who knows no page for forgotten passwords
 * asks where he logs in. */
START_TEST(one_origin_is_listed_once)
{
	struct exchange_case *one =
	    exchange_case_make("type = rest\nurl = https://api.example/login\n"
			       "connection = oauth2_client_credentials\n"
			       "token_url = https://API.example:443/token\n"
			       "client_id = c\nclient_secret_file = c\n",
		"x");
	const char *urls[ORIGINS_MAX];

	ck_assert_uint_eq(origin_list(one->provider, FRAME_LOGIN, urls), 1);
	ck_assert_str_eq(urls[0], "https://API.example:443/token");
	ck_assert_uint_eq(origin_list(one->provider, FRAME_FORGOT, urls), 1);
	ck_assert_str_eq(urls[0], "https://API.example:443/token");
	exchange_case_free(one);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    scheme_host_and_port_make_an_origin,
	    configured_servers_are_listed_once_and_no_others_are_known,
	    one_origin_is_listed_once,
	    NULL,
	};

	return unit_run("origin", tests);
}
