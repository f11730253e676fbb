/* SPDX-License-Identifier: MIT */
#include "provider_oauth2.h"

#include <stdio.h>
#include <string.h>

#include "device_case.h"
#include "unit.h"

#define CLAIMS(email)                                                          \
	"{\"iss\":\"" AS "\",\"aud\":\"client-1\",\"exp\":1767225900,"         \
	"\"email\":\"" email "\"}"

START_TEST(code_is_asked_for_shown_and_polled)
{
	struct machine_case *it = device_case_make(KEYS);

	ck_assert_str_eq(machine_case_url(it), AS "/device");
	ck_assert_str_eq(
	    machine_case_body(it), "client_id=client-1&scope=openid%20email");
	ck_assert(!it->step.request.bears_password);
	ck_assert(!it->step.request.is_poll);
	machine_case_answer(it, 200, DEVICE);
	ck_assert_int_eq(it->step.kind, STEP_PROMPT);
	ck_assert(it->step.echo);
	ck_assert_str_eq(buffer_text(&it->step.text),
	    "Open https://as/device and enter the code WDJB-MJHT, then press "
	    "Enter: ");
	machine_case_event(it, EVENT_ANSWER);
	ck_assert_str_eq(machine_case_url(it), AS "/token");
	ck_assert_str_eq(machine_case_body(it),
	    "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code"
	    "&client_id=client-1&device_code=DEVICE-CODE");
	ck_assert(it->step.request.is_poll);
	ck_assert(!it->step.request.bears_password);
	machine_case_expect_masked(it);
	machine_case_free(it);
}
END_TEST

START_TEST(whoever_approves_must_be_the_asked_user)
{
	static char tokens[MACHINE_CASE_TEXT_BYTES];
	struct machine_case *it = device_case_make_polling(DEVICE);

	machine_case_tokens(CLAIMS("alice@example.com"), tokens);
	machine_case_answer(it, 200, tokens);
	machine_case_expect(it, VERDICT_ACCEPTED, "");
	machine_case_free(it);
	it = device_case_make_polling(DEVICE);
	machine_case_tokens(CLAIMS("mallory@example.com"), tokens);
	machine_case_answer(it, 200, tokens);
	machine_case_expect(it, VERDICT_REJECTED, "somebody else");
	machine_case_free(it);
	it = device_case_make_polling(DEVICE);
	machine_case_answer(
	    it, 200, "{\"access_token\":\"T\",\"token_type\":\"Bearer\"}");
	machine_case_expect(it, VERDICT_MISCONFIGURED, "whose token");
	machine_case_free(it);
}
END_TEST

START_TEST(no_key_lets_anybody_approve)
{
	struct machine_case *it =
	    machine_case_make(provider_oauth2(), KEYS, "");
	/* config refuses this; the machine does not rely on it. */
	struct config_provider careless = *it->one->provider;

	careless.identity_from = CONFIG_FROM_NOWHERE;
	it->one->login.provider = &careless;
	machine_case_start(it);
	machine_case_answer(it, 200, DEVICE);
	machine_case_event(it, EVENT_ANSWER);
	machine_case_answer(
	    it, 200, "{\"access_token\":\"T\",\"token_type\":\"Bearer\"}");
	machine_case_expect(it, VERDICT_MISCONFIGURED, "whose token");
	machine_case_free(it);
}
END_TEST

struct end_case {
	unsigned status;
	const char *body;
	enum verdict verdict;
	const char *reason;
};

#define NO_CODE "no code that can be shown"
#define WITH(code, uri, expires)                                               \
	"{\"device_code\":\"D\",\"user_code\":" code                           \
	",\"verification_uri\":" uri ",\"expires_in\":" expires "}"
#define LONG_CODE "\"123456789012345678901234567890123\""

static const struct end_case device_cases[] = {
    {200, "", VERDICT_UNAVAILABLE, "JSON"},
    {200, "{}", VERDICT_REJECTED, NO_CODE},
    {200, "{\"error\":\"x\"}", VERDICT_MISCONFIGURED, "x"},
    {400, "{\"error\":\"unauthorized_client\"}", VERDICT_MISCONFIGURED,
	"unauthorized_client"},
    {400, "{\"error\":\"invalid_grant\"}", VERDICT_MISCONFIGURED,
	"invalid_grant"},
    {401, "", VERDICT_MISCONFIGURED, "401"},
    {404, "", VERDICT_MISCONFIGURED, "404"},
    {429, "", VERDICT_THROTTLED, "429"},
    {500, "", VERDICT_UNAVAILABLE, "500"},
    {200, WITH("7", "\"https://as/d\"", "600"), VERDICT_REJECTED, NO_CODE},
    {200, WITH("\"\"", "\"https://as/d\"", "600"), VERDICT_REJECTED, NO_CODE},
    {200, WITH("\"W\\u001b[2J\"", "\"https://as/d\"", "600"), VERDICT_REJECTED,
	NO_CODE},
    {200, WITH("\"W\\u00e9\"", "\"https://as/d\"", "600"), VERDICT_REJECTED,
	NO_CODE},
    {200, WITH(LONG_CODE, "\"https://as/d\"", "600"), VERDICT_REJECTED,
	NO_CODE},
    {200, WITH("\"W\"", "\"ftp://as/d\"", "600"), VERDICT_REJECTED, NO_CODE},
    {200, WITH("\"W\"", "\"javascript:x\"", "600"), VERDICT_REJECTED, NO_CODE},
    {200, WITH("\"W\"", "\"https://as/\\nd\"", "600"), VERDICT_REJECTED,
	NO_CODE},
    {200, WITH("\"W\"", "\"https://as/ d\"", "600"), VERDICT_REJECTED, NO_CODE},
    {200, WITH("\"W\"", "\"https://as/d\"", "\"600\""), VERDICT_REJECTED,
	NO_CODE},
    {200, WITH("\"W\"", "\"https://as/d\"", "0"), VERDICT_REJECTED, NO_CODE},
};

START_TEST(what_cannot_be_shown_ends_the_login)
{
	size_t at;

	for (at = 0; at < sizeof(device_cases) / sizeof(*device_cases); at++) {
		struct machine_case *it = device_case_make(KEYS);

		machine_case_answer(
		    it, device_cases[at].status, device_cases[at].body);
		machine_case_expect(
		    it, device_cases[at].verdict, device_cases[at].reason);
		machine_case_free(it);
	}
}
END_TEST

START_TEST(long_url_is_not_shown)
{
	char url[300] = "\"https://";
	char body[512];
	struct machine_case *it;

	memset(url + 9, 'a', 248);
	memcpy(url + 9 + 247, "\"", 2);
	(void)snprintf(body, sizeof(body),
	    "{\"device_code\":\"D\",\"user_code\":\"W\","
	    "\"verification_uri\":%s,\"expires_in\":600}",
	    url);
	it = device_case_make(KEYS);
	machine_case_answer(it, 200, body);
	ck_assert_int_eq(it->step.kind, STEP_PROMPT); /* 255 bytes */
	machine_case_free(it);
	memcpy(url + 9 + 247, "a\"", 3);
	(void)snprintf(body, sizeof(body),
	    "{\"device_code\":\"D\",\"user_code\":\"W\","
	    "\"verification_uri\":%s,\"expires_in\":600}",
	    url);
	it = device_case_make(KEYS);
	machine_case_answer(it, 200, body);
	machine_case_expect(it, VERDICT_REJECTED, NO_CODE);
	machine_case_free(it);
}
END_TEST

START_TEST(service_that_cannot_ask_gets_no_code)
{
	struct machine_case *it =
	    machine_case_make(provider_oauth2(), KEYS, "");

	it->one->login.flags = LOGIN_CAN_WAIT | LOGIN_HAS_CODE;
	machine_case_start(it);
	machine_case_expect(
	    it, VERDICT_SECOND_FACTOR_NEEDED, "the service cannot show a code");
	machine_case_free(it);
	it = machine_case_make(provider_oauth2(), KEYS, "");
	it->one->login.flags = LOGIN_CAN_ASK;
	machine_case_start(it);
	machine_case_answer(it, 200, DEVICE);
	machine_case_event(it, EVENT_ANSWER);
	machine_case_answer(it, 400, PENDING);
	machine_case_expect(
	    it, VERDICT_SECOND_FACTOR_NEEDED, "not approved yet");
	machine_case_free(it);
}
END_TEST

/* The number of lines of the prompt, the last of which has no end. */
static size_t
prompt_lines(const char *rest)
{
	struct machine_case *it = device_case_make(
	    TYPE "token_url = " AS "/token\n"
		 "device_authorization_url = " AS "/device\nqr_code = yes\n");
	const char *text;
	char body[512];
	size_t lines = 0;

	(void)snprintf(body, sizeof(body),
	    "%s\"user_code\":\"W\",%s,\"expires_in\":600%s}", DEVICE_BEGIN,
	    DEVICE_URI, rest);
	machine_case_answer(it, 200, body);
	ck_assert_int_eq(it->step.kind, STEP_PROMPT);
	for (text = buffer_text(&it->step.text); *text != '\0'; text++)
		if (*text == '\n')
			lines++;
	ck_assert_str_eq(strstr(buffer_text(&it->step.text), "Open "),
	    "Open https://as/device and enter the code W, then press Enter: ");
	machine_case_free(it);
	return lines;
}

START_TEST(picture_of_the_url_stands_above_the_text)
{
	size_t plain = prompt_lines("");
	size_t whole = prompt_lines(
	    ",\"verification_uri_complete\":"
	    "\"https://as/device?user_code=a-rather-long-one-for-a-picture\"");

	if (plain == 0)
		return; /* built without libqrencode */
	ck_assert_uint_gt(plain, 10);
	ck_assert_uint_gt(whole, plain);
	ck_assert_uint_eq(
	    prompt_lines(",\"verification_uri_complete\":\"x:/y\""), plain);
}
END_TEST

START_TEST(device_endpoint_is_discovered)
{
	struct machine_case *it = device_case_make(TYPE "issuer = " AS "\n");

	ck_assert_str_eq(
	    machine_case_url(it), AS "/.well-known/openid-configuration");
	machine_case_answer(it, 200,
	    "{\"issuer\":\"" AS "\",\"token_endpoint\":\"" AS "/t\","
	    "\"device_authorization_endpoint\":\"" AS "/d\"}");
	ck_assert_str_eq(machine_case_url(it), AS "/d");
	machine_case_free(it);
	it = device_case_make(TYPE "issuer = " AS "\n");
	machine_case_answer(
	    it, 200, "{\"issuer\":\"" AS "\",\"token_endpoint\":\"" AS "/t\"}");
	machine_case_expect(it, VERDICT_MISCONFIGURED,
	    "names no device_authorization_endpoint");
	machine_case_free(it);
}
END_TEST

START_TEST(entra_and_pingfederate_have_it_too)
{
	struct machine_case *it = device_case_make(
	    "type = entra\ntenant = example.com\nclient_id = c\n"
	    "grant = device\nqr_code = no\n");

	ck_assert_str_eq(machine_case_url(it),
	    "https://login.microsoftonline.com/example.com/oauth2/v2.0/"
	    "devicecode");
	ck_assert_str_eq(machine_case_body(it),
	    "client_id=c&scope=openid%20profile%20email");
	machine_case_free(it);
	it = device_case_make(
	    "type = pingfederate\nurl = https://sso.example.com:9031\n"
	    "client_id = c\ngrant = device\n");
	ck_assert_str_eq(machine_case_url(it),
	    "https://sso.example.com:9031/as/device_authz.oauth2");
	machine_case_free(it);
}
END_TEST

START_TEST(rehearsal_goes_to_the_end)
{
	struct machine_case *it =
	    machine_case_make(provider_oauth2(), KEYS, "");

	it->one->login.flags = LOGIN_DRY_RUN;
	machine_case_start(it);
	machine_case_rehearse(it);
	ck_assert_int_eq(it->step.kind, STEP_PROMPT);
	machine_case_event(it, EVENT_ANSWER);
	machine_case_rehearse(it);
	machine_case_expect(it, VERDICT_ACCEPTED, "");
	machine_case_free(it);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    code_is_asked_for_shown_and_polled,
	    whoever_approves_must_be_the_asked_user,
	    no_key_lets_anybody_approve,
	    what_cannot_be_shown_ends_the_login,
	    long_url_is_not_shown,
	    service_that_cannot_ask_gets_no_code,
	    picture_of_the_url_stands_above_the_text,
	    device_endpoint_is_discovered,
	    entra_and_pingfederate_have_it_too,
	    rehearsal_goes_to_the_end,
	    NULL,
	};

	return unit_run("provider_oauth2_device", tests);
}
