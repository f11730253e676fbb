/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "machine_case.h"
#include "oauth.h"
#include "oauth_rehearse.h"
#include "unit.h"

#define KEYS                                                                   \
	"type = oauth2\ntoken_url = https://as.example.com/token\n"            \
	"client_id = client-1\nscope = openid email\n"
#define ISSUER "https://as.example.com"
#define ISS "\"iss\":\"https://as.example.com\""
#define AUD "\"aud\":\"client-1\""
#define EXP "\"exp\":1767225900"

struct claims_case {
	const char *claims;
	const char *reason; /* NULL: they are right */
};

static const struct claims_case claims_cases[] = {
    {"{" ISS "," AUD "," EXP "}", NULL},
    {"{" ISS ",\"aud\":[\"client-1\"]," EXP "}", NULL},
    {"{" ISS ",\"aud\":[\"other\",\"client-1\"]," EXP "}", NULL},
    {"{" ISS "," AUD "," EXP ",\"azp\":\"client-1\"}", NULL},
    {"{" ISS "," AUD ",\"exp\":1767225541}", NULL},
    {"{" ISS "," AUD "," EXP ",\"nbf\":1767225900,\"iat\":1767225900}", NULL},
    {"{" ISS "," AUD "," EXP ",\"nbf\":0,\"iat\":0}", NULL},
    {"{" AUD "," EXP "}", "iss"},
    {"{\"iss\":\"https://as.example.com/\"," AUD "," EXP "}", "iss"},
    {"{\"iss\":[\"https://as.example.com\"]," AUD "," EXP "}", "iss"},
    {"{" ISS "," EXP "}", "aud"},
    {"{" ISS ",\"aud\":\"other\"," EXP "}", "aud"},
    {"{" ISS ",\"aud\":\"CLIENT-1\"," EXP "}", "aud"},
    {"{" ISS ",\"aud\":[]," EXP "}", "aud"},
    {"{" ISS ",\"aud\":[\"other\"]," EXP "}", "aud"},
    {"{" ISS ",\"aud\":[[\"client-1\"]]," EXP "}", "aud"},
    {"{" ISS ",\"aud\":{\"0\":\"client-1\"}," EXP "}", "aud"},
    {"{" ISS "," AUD "," EXP ",\"azp\":\"other\"}", "azp"},
    {"{" ISS "," AUD "," EXP ",\"azp\":7}", "azp"},
    {"{" ISS "," AUD "}", "exp"},
    {"{" ISS "," AUD ",\"exp\":\"1767225900\"}", "exp"},
    {"{" ISS "," AUD ",\"exp\":1767225540}", "expired"},
    {"{" ISS "," AUD ",\"exp\":0}", "expired; is the clock right?"},
    {"{" ISS "," AUD "," EXP ",\"nbf\":1767225901}", "to come"},
    {"{" ISS "," AUD "," EXP ",\"iat\":1767225901}", "to come"},
    {"{" ISS "," AUD "," EXP ",\"iat\":\"0\"}", "to come"},
    {"[]", "no object"},
    {"", "no JSON Web Token"},
    {"{" ISS "," AUD "," EXP, "no JSON Web Token"},
    {"{" ISS "," ISS "," AUD "," EXP "}", "no JSON Web Token"},
};

/* Reads a token and gives the reason of the refusal, "" if there is none. */
static void
read_token(const char *token, const char *issuer, struct login_outcome *outcome)
{
	struct exchange_case *one = exchange_case_make(KEYS, "hunter2");
	struct secret secret = {0};
	struct json claims = {0};
	bool is_read;

	*outcome = (struct login_outcome){.http_status = 200};
	ck_assert_ok(secret_set(&secret, token, strlen(token)));
	is_read =
	    oauth_read_claims(&one->login, &secret, issuer, &claims, outcome);
	ck_assert(is_read == (outcome->reason[0] == '\0'));
	ck_assert(is_read == json_is_object(&claims, ""));
	ck_assert_int_eq(outcome->verdict, VERDICT_REJECTED);
	ck_assert_uint_eq(outcome->http_status, 200);
	json_clear(&claims);
	secret_clear(&secret);
	exchange_case_free(one);
}

START_TEST(claims_are_for_this_client_from_this_issuer_and_now)
{
	static char token[MACHINE_CASE_TEXT_BYTES];
	struct login_outcome outcome;
	size_t at;

	for (at = 0; at < sizeof(claims_cases) / sizeof(*claims_cases); at++) {
		const struct claims_case *one = &claims_cases[at];

		machine_case_id_token(one->claims, token);
		read_token(token, ISSUER, &outcome);
		ck_assert_msg(one->reason == NULL
			? outcome.reason[0] == '\0'
			: strstr(outcome.reason, one->reason) != NULL,
		    "%s: %s", one->claims, outcome.reason);
	}
	machine_case_id_token("{" AUD "," EXP "}", token);
	read_token(token, NULL, &outcome);
	ck_assert_str_eq(outcome.reason, "");
}
END_TEST

START_TEST(token_has_three_parts_of_base64url)
{
	/* {"aud":"client-1","exp":1767225900} */
	static const char right[] =
	    "eyJhdWQiOiJjbGllbnQtMSIsImV4cCI6MTc2NzIyNTkwMH0";
	static const char *const forms[] = {"%s", ".%s", "e30.%s",
	    "e30.%s.c2ln.", "e30.%s.c2ln.c2ln", "e30.%s=.c2ln", "e3.%s.c2ln",
	    "e30.%s.c2l", "e30 .%s.c2ln", "e30..%s", " e30.%s.", "e30.%s.\n"};
	struct login_outcome outcome;
	char token[256];
	size_t at;

	for (at = 0; at < sizeof(forms) / sizeof(*forms); at++) {
		const char *form = strstr(forms[at], "%s");

		(void)snprintf(token, sizeof(token), "%.*s%s%s",
		    (int)(form - forms[at]), forms[at], right, form + 2);
		read_token(token, NULL, &outcome);
		ck_assert_msg(
		    strstr(outcome.reason, "no JSON Web Token") != NULL,
		    "%s: %s", token, outcome.reason);
	}
	(void)snprintf(token, sizeof(token), "e30.%s.", right);
	read_token(token, NULL, &outcome);
	ck_assert_str_eq(outcome.reason, "");
}
END_TEST

struct asked_case {
	const char *keys;
	const char *claims;
	bool is_asked;
};

#define EMAIL "\"email\":\"Alice@Example.com\""

static const struct asked_case asked_cases[] = {
    {"", "{" EMAIL "}", true},
    {"", "{" EMAIL ",\"email_verified\":true}", true},
    {"", "{" EMAIL ",\"email_verified\":\"true\"}", true},
    {"", "{" EMAIL ",\"email_verified\":null}", true},
    {"", "{" EMAIL ",\"email_verified\":false}", false},
    {"", "{" EMAIL ",\"email_verified\":\"false\"}", false},
    {"", "{" EMAIL ",\"email_verified\":0}", false},
    {"", "{\"email\":\"bob@example.com\",\"email_verified\":true}", false},
    {"", "{}", false},
    {"identity = /upn\n",
	"{\"upn\":\"alice@example.com\",\"email_verified\":false}", true},
    {"identity = /sub\nidentity_is = name\n", "{\"sub\":\"alice\"}", true},
    {"identity = /sub\nidentity_is = name\n", "{\"sub\":\"bob\"}", false},
    {"identity_external_id = /sub\n", "{" EMAIL ",\"sub\":\"id-1\"}", true},
    {"identity_external_id = /sub\n", "{" EMAIL ",\"sub\":\"id-2\"}", false},
};

START_TEST(claims_are_about_the_asked_user)
{
	size_t at;

	for (at = 0; at < sizeof(asked_cases) / sizeof(*asked_cases); at++) {
		const struct asked_case *one = &asked_cases[at];
		struct login_outcome outcome = {0};
		struct exchange_case *made;
		struct json claims = {0};
		char keys[512];

		(void)snprintf(keys, sizeof(keys), KEYS "%s", one->keys);
		made = exchange_case_make(keys, "hunter2");
		(void)snprintf(made->facts.external_id,
		    sizeof(made->facts.external_id), "id-1");
		exchange_case_refill(made);
		ck_assert_ok(json_parse(
		    one->claims, strlen(one->claims), &claims, NULL));
		ck_assert_msg(oauth_is_asked(&made->login, &claims, &outcome) ==
			one->is_asked,
		    "%s %s", one->keys, one->claims);
		ck_assert((outcome.reason[0] == '\0') == one->is_asked);
		json_clear(&claims);
		exchange_case_free(made);
	}
}
END_TEST

struct rehearsal_case {
	const char *keys;
	const char *pointer;
	const char *value;
};

static const struct rehearsal_case rehearsal_cases[] = {
    {"", "/email", "alice@example.com"},
    {"identity_is = name\nidentity = /sub\n", "/sub", "alice"},
    {"identity_is = external_id\nidentity = /sub\n", "/sub", "id-1"},
    {"identity = /a/b~1c/d~0e\nidentity_external_id = /a/id\n", "/a/b~1c/d~0e",
	"alice@example.com"},
    {"identity = /sub\nidentity_external_id = /a/b/c\n", "/a/b/c", "id-1"},
};

START_TEST(rehearsed_claims_are_about_the_asked_user)
{
	size_t at;

	for (at = 0; at < sizeof(rehearsal_cases) / sizeof(*rehearsal_cases);
	     at++) {
		const struct rehearsal_case *one = &rehearsal_cases[at];
		struct buffer text = buffer_make(4096);
		struct login_outcome outcome = {0};
		struct exchange_case *made;
		struct json claims = {0};
		char keys[512];

		(void)snprintf(keys, sizeof(keys), KEYS "%s", one->keys);
		made = exchange_case_make(keys, "hunter2");
		(void)snprintf(made->facts.external_id,
		    sizeof(made->facts.external_id), "id-1");
		exchange_case_refill(made);
		ck_assert_ok(oauth_rehearse_claims(&made->login, &text));
		ck_assert_ok(
		    json_parse(buffer_text(&text), text.length, &claims, NULL));
		ck_assert_str_eq(
		    json_string(&claims, one->pointer), one->value);
		ck_assert(oauth_is_asked(&made->login, &claims, &outcome));
		json_clear(&claims);
		buffer_clear(&text);
		exchange_case_free(made);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    claims_are_for_this_client_from_this_issuer_and_now,
	    token_has_three_parts_of_base64url,
	    claims_are_about_the_asked_user,
	    rehearsed_claims_are_about_the_asked_user,
	    NULL,
	};

	return unit_run("oauth_claims", tests);
}
