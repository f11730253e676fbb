/* SPDX-License-Identifier: MIT */
#include "oauth.h"

#include <stdio.h>
#include <string.h>

#include "exchange_case.h"
#include "unit.h"

#define ODD_SECRET "a%b c:d+e"
#define ENDPOINTS                                                              \
	"type = oauth2\ntoken_url = https://as.example.com/token\n"            \
	"userinfo_url = https://as.example.com/userinfo\n"                     \
	"introspection_url = https://as.example.com/introspect\n"
#define SECRET_FILE "client_secret_file = /etc/extauth/secrets/client\n"
#define URLS ENDPOINTS "client_id = client:1\n"
#define SECRET URLS SECRET_FILE
#define PLAIN ENDPOINTS SECRET_FILE "client_id = client-1\n"

static const char *
header_of(const struct request *request, const char *name)
{
	size_t length = strlen(name);
	size_t at;

	for (at = 0; at < request->header_count; at++) {
		const char *line = buffer_text(&request->headers[at]);

		if (strncmp(line, name, length) == 0 && line[length] == ':')
			return line + length + 2;
	}
	return "";
}

struct client_case {
	const char *keys;
	const char *authorization;
	const char *masked;
	const char *body; /* behind the grant type */
	const char *masked_body;
};

#define REST_OF "&username=alice%40example.com&password=hunter2&scope=openid"
#define REST_MASKED "&username=alice%40example.com&password=MASKED&scope=openid"

static const struct client_case client_cases[] = {
    {SECRET "client_auth = basic\n",
	"Basic Y2xpZW50JTNBMTphJTI1YiUyMGMlM0FkJTJCZQ==", "Basic MASKED",
	REST_OF, REST_MASKED},
    {PLAIN "client_auth = basic_raw\n", "Basic Y2xpZW50LTE6YSViIGM6ZCtl",
	"Basic MASKED", REST_OF, REST_MASKED},
    {SECRET "client_auth = post\n", "", "",
	"&client_id=client%3A1&client_secret=a%25b%20c%3Ad%2Be" REST_OF,
	"&client_id=client%3A1&client_secret=MASKED" REST_MASKED},
    {URLS "client_auth = none\n", "", "", "&client_id=client%3A1" REST_OF,
	"&client_id=client%3A1" REST_MASKED},
};

static void
check_client(const struct client_case *one)
{
	struct step step = {0};
	struct extauth_error error = {0};
	struct exchange_case *made;
	char keys[1024];
	char body[512];

	(void)snprintf(keys, sizeof(keys), "%sscope = openid\n", one->keys);
	made = exchange_case_make(keys, "hunter2");
	ck_assert_ok(
	    secret_set(&made->client_secret, ODD_SECRET, strlen(ODD_SECRET)));
	ck_assert_ok(oauth_password_step(&made->login, &step, &error));
	ck_assert_int_eq(step.kind, STEP_REQUEST);
	ck_assert_int_eq(step.request.method, CONFIG_POST);
	ck_assert(step.request.bears_password);
	ck_assert_str_eq(
	    buffer_text(&step.request.url), "https://as.example.com/token");
	ck_assert_str_eq(header_of(&step.request, "Content-Type"),
	    "application/x-www-form-urlencoded");
	ck_assert_str_eq(
	    header_of(&step.request, "Accept"), "application/json");
	ck_assert_str_eq(
	    header_of(&step.request, "Authorization"), one->authorization);
	ck_assert_str_eq(header_of(&step.masked, "Authorization"), one->masked);
	(void)snprintf(body, sizeof(body), "grant_type=password%s", one->body);
	ck_assert_str_eq(buffer_text(&step.request.body), body);
	(void)snprintf(
	    body, sizeof(body), "grant_type=password%s", one->masked_body);
	ck_assert_str_eq(buffer_text(&step.masked.body), body);
	step_clear(&step);
	exchange_case_free(made);
}

START_TEST(client_proves_itself_in_four_ways)
{
	size_t at;

	for (at = 0; at < sizeof(client_cases) / sizeof(*client_cases); at++)
		check_client(&client_cases[at]);
}
END_TEST

START_TEST(colon_in_a_raw_name_is_refused)
{
	struct exchange_case *made =
	    exchange_case_make(SECRET "client_auth = basic_raw\n", "hunter2");
	struct extauth_error error = {0};
	struct step step = {0};

	ck_assert_int_eq(
	    oauth_password_step(&made->login, &step, &error), EXTAUTH_CONFIG);
	ck_assert_ptr_nonnull(strstr(error.text, "client_id"));
	ck_assert_int_eq(step.kind, STEP_VERDICT);
	exchange_case_free(made);
}
END_TEST

START_TEST(password_grant_sends_what_is_configured)
{
	struct exchange_case *made = exchange_case_make(URLS
	    "username = EXAMPLE\\{{USERNAME}}\nfield = audience: api one\n"
	    "scope = openid email\n",
	    "p&w=\xc3\xa9 ");
	struct extauth_error error = {0};
	struct step step = {0};

	ck_assert_ok(oauth_password_step(&made->login, &step, &error));
	ck_assert_str_eq(buffer_text(&step.request.body),
	    "grant_type=password&client_id=client%3A1"
	    "&username=EXAMPLE%5Calice&password=p%26w%3D%C3%A9%20"
	    "&scope=openid%20email&audience=api%20one");
	step_clear(&step);
	exchange_case_free(made);
}
END_TEST

/* Nobody's name with something around it is still nobody's. */
START_TEST(user_without_the_value_of_a_name_sends_no_password)
{
	struct exchange_case *made = exchange_case_make(
	    URLS "username = {{USEREXTERNALID}}@corp\n", "hunter2");
	struct extauth_error error = {0};
	struct step step = {0};

	ck_assert_int_eq(
	    oauth_password_step(&made->login, &step, &error), EXTAUTH_INVALID);
	ck_assert_str_eq(error.text, "the user's name is empty");
	ck_assert_int_eq(step.kind, STEP_VERDICT);
	exchange_case_free(made);
}
END_TEST

START_TEST(client_credentials_hold_no_person)
{
	struct exchange_case *made =
	    exchange_case_make(SECRET "scope = read\n", "hunter2");
	struct extauth_error error = {0};
	struct step step = {0};

	ck_assert_ok(oauth_client_step(&made->login, &step, &error));
	ck_assert_str_eq(buffer_text(&step.request.body),
	    "grant_type=client_credentials&scope=read");
	ck_assert(!step.request.bears_password);
	step_clear(&step);
	exchange_case_free(made);
}
END_TEST

START_TEST(token_is_shown_to_userinfo_and_introspection)
{
	struct exchange_case *made = exchange_case_make(URLS, "hunter2");
	struct extauth_error error = {0};
	struct secret token = {0};
	struct step step = {0};

	ck_assert_ok(secret_set(&token, "T+1", 3));
	ck_assert_ok(oauth_userinfo_step(&made->login, &token, &step, &error));
	ck_assert_int_eq(step.request.method, CONFIG_GET);
	ck_assert(!step.request.has_body);
	ck_assert_str_eq(
	    buffer_text(&step.request.url), "https://as.example.com/userinfo");
	ck_assert_str_eq(
	    header_of(&step.request, "Authorization"), "Bearer T+1");
	ck_assert_str_eq(
	    header_of(&step.masked, "Authorization"), "Bearer MASKED");
	step_clear(&step);
	ck_assert_ok(
	    oauth_introspection_step(&made->login, &token, &step, &error));
	ck_assert_str_eq(buffer_text(&step.request.url),
	    "https://as.example.com/introspect");
	ck_assert_str_eq(buffer_text(&step.request.body),
	    "client_id=client%3A1&token=T%2B1&token_type_hint=access_token");
	ck_assert_str_eq(buffer_text(&step.masked.body),
	    "client_id=client%3A1&token=MASKED&token_type_hint=access_token");
	step_clear(&step);
	secret_clear(&token);
	exchange_case_free(made);
}
END_TEST

static void
accept_with(const char *keys, const char *token)
{
	struct exchange_case *made = exchange_case_make(keys, "hunter2");
	struct oauth_tokens tokens = {0};
	struct step step = {0};

	ck_assert_ok(secret_set(&tokens.access_token, "T", 1));
	ck_assert_ok(oauth_accept(&made->login, &tokens, 200, &step));
	ck_assert_int_eq(step.kind, STEP_VERDICT);
	ck_assert_int_eq(step.outcome.verdict, VERDICT_ACCEPTED);
	ck_assert_uint_eq(step.outcome.http_status, 200);
	ck_assert_str_eq(secret_reveal(&step.outcome.token), token);
	step_clear(&step);
	oauth_tokens_clear(&tokens);
	exchange_case_free(made);
}

START_TEST(token_leaves_only_where_it_is_wanted)
{
	accept_with(URLS, "");
	accept_with(URLS "export_token = SSO_TOKEN\n", "T");
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    client_proves_itself_in_four_ways,
	    colon_in_a_raw_name_is_refused,
	    password_grant_sends_what_is_configured,
	    user_without_the_value_of_a_name_sends_no_password,
	    client_credentials_hold_no_person,
	    token_is_shown_to_userinfo_and_introspection,
	    token_leaves_only_where_it_is_wanted,
	    NULL,
	};

	return unit_run("oauth", tests);
}
