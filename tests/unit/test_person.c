/* SPDX-License-Identifier: MIT */
#include "person.h"

#include <stdio.h>
#include <string.h>

#include "exchange_case.h"
#include "unit.h"

struct person_case {
	const char *registered_id;
	const char *answer;
	enum config_identity_is is;
	bool is_asked;
	const char *reason;
};

#define ELSE "the answer is about somebody else"
#define SILENT "the answer does not say whom it is about"

static const struct person_case person_cases[] = {
    {"", "{\"who\":\"alice@example.com\"}", CONFIG_IS_EMAIL, true, ""},
    {"", "{\"who\":\"Alice@EXAMPLE.com\"}", CONFIG_IS_EMAIL, true, ""},
    {"", "{\"who\":\"bob@example.com\"}", CONFIG_IS_EMAIL, false, ELSE},
    {"", "{\"who\":\"alice@example.com \"}", CONFIG_IS_EMAIL, false, ELSE},
    {"", "{\"who\":\"\"}", CONFIG_IS_EMAIL, false, SILENT},
    {"", "{\"who\":null}", CONFIG_IS_EMAIL, false, SILENT},
    {"", "{\"who\":[\"alice@example.com\"]}", CONFIG_IS_EMAIL, false, SILENT},
    {"", "{\"who\":\"alice@example.com\\u0001\"}", CONFIG_IS_EMAIL, false,
	ELSE},
    {"", "{}", CONFIG_IS_EMAIL, false, SILENT},
    {"", "[]", CONFIG_IS_EMAIL, false, SILENT},
    {"", "{\"who\":\"alice\"}", CONFIG_IS_NAME, true, ""},
    {"", "{\"who\":\"alice@example.com\"}", CONFIG_IS_NAME, false, ELSE},
    {"1", "{\"who\":\"alice@example.com\",\"id\":1}", CONFIG_IS_EMAIL, true,
	""},
    {"1", "{\"who\":\"alice@example.com\",\"id\":\"1\"}", CONFIG_IS_EMAIL, true,
	""},
    {"1", "{\"who\":\"alice@example.com\"}", CONFIG_IS_EMAIL, true, ""},
    {"1", "{\"who\":\"alice@example.com\",\"id\":null}", CONFIG_IS_EMAIL, true,
	""},
    {"1", "{\"who\":\"alice@example.com\",\"id\":7}", CONFIG_IS_EMAIL, false,
	"identity changed: registered 1, answered 7"},
    {"1", "{\"who\":\"alice@example.com\",\"id\":1.0}", CONFIG_IS_EMAIL, false,
	"the answer's id is neither text nor number"},
    {"1", "{\"who\":\"alice@example.com\",\"id\":{}}", CONFIG_IS_EMAIL, false,
	"the answer's id is neither text nor number"},
    {"1", "{\"who\":\"bob@example.com\",\"id\":1}", CONFIG_IS_EMAIL, false,
	ELSE},
    {"aB", "{\"who\":\"aB\"}", CONFIG_IS_EXTERNAL_ID, true, ""},
    {"aB", "{\"who\":\"ab\"}", CONFIG_IS_EXTERNAL_ID, false,
	"identity changed: registered aB, answered ab"},
    {"aB", "{}", CONFIG_IS_EXTERNAL_ID, false, SILENT},
    {"", "{\"who\":\"\"}", CONFIG_IS_EXTERNAL_ID, false,
	"the user is registered without an external id"},
};

static void
check_person(struct exchange_case *one, const struct person_case *row)
{
	struct login_outcome outcome = {.verdict = VERDICT_ACCEPTED};
	cleanup_json struct json json = {0};
	struct extauth_error error;
	bool is_asked;

	(void)snprintf(one->facts.external_id, sizeof(one->facts.external_id),
	    "%s", row->registered_id);
	exchange_case_refill(one);
	ck_assert_ok(
	    json_parse(row->answer, strlen(row->answer), &json, &error));
	is_asked = person_has_id(&one->login, &json, "/id", &outcome) &&
	    person_is_named(&one->login, &json, "/who", row->is, &outcome);
	ck_assert_msg(is_asked == row->is_asked, "%s", row->answer);
	ck_assert_int_eq(outcome.verdict,
	    row->is_asked ? VERDICT_ACCEPTED : VERDICT_REJECTED);
	ck_assert_str_eq(outcome.reason, row->reason);
}

START_TEST(answer_must_be_about_the_asked_user)
{
	struct exchange_case *one = exchange_case_make(
	    "type = rest\nurl = https://id.example/login\n", "x");
	size_t at;

	for (at = 0; at < sizeof(person_cases) / sizeof(*person_cases); at++)
		check_person(one, &person_cases[at]);
	exchange_case_free(one);
}
END_TEST

START_TEST(keys_say_where_to_look)
{
	struct exchange_case *one = exchange_case_make(
	    "type = rest\nurl = https://id.example/login\n"
	    "identity = /user/mail\nidentity_external_id = /user/id\n",
	    "x");
	static const char right[] =
	    "{\"user\":{\"mail\":\"alice@example.com\",\"id\":5}}";
	struct login_outcome outcome = {.verdict = VERDICT_ACCEPTED};
	cleanup_json struct json json = {0};
	struct extauth_error error;

	ck_assert_ok(json_parse(right, strlen(right), &json, &error));
	ck_assert(person_is_configured(&one->login, &json, &outcome));
	(void)snprintf(
	    one->facts.external_id, sizeof(one->facts.external_id), "6");
	exchange_case_refill(one);
	ck_assert(!person_is_configured(&one->login, &json, &outcome));
	exchange_case_free(one);
}
END_TEST

/* What no key says to look for is not looked for; a kind that nobody knows is
 * nobody. */
START_TEST(only_what_is_configured_is_compared)
{
	struct exchange_case *one = exchange_case_make(
	    "type = rest\nurl = https://id.example/login\n", "x");
	static const char text[] = "{\"who\":\"bob@example.com\",\"id\":7}";
	struct login_outcome outcome = {.verdict = VERDICT_ACCEPTED};
	cleanup_json struct json json = {0};
	struct extauth_error error;

	(void)snprintf(
	    one->facts.external_id, sizeof(one->facts.external_id), "6");
	exchange_case_refill(one);
	ck_assert_ok(json_parse(text, strlen(text), &json, &error));
	ck_assert(person_has_id(&one->login, &json, NULL, &outcome));
	ck_assert(person_has_id(&one->login, &json, "", &outcome));
	ck_assert(person_is_named(
	    &one->login, &json, NULL, CONFIG_IS_EMAIL, &outcome));
	ck_assert(
	    person_is_named(&one->login, &json, "", CONFIG_IS_EMAIL, &outcome));
	ck_assert_int_eq(outcome.verdict, VERDICT_ACCEPTED);
	ck_assert(!person_is_named(
	    &one->login, &json, "/who", (enum config_identity_is)99, &outcome));
	ck_assert_int_eq(outcome.verdict, VERDICT_REJECTED);
	ck_assert_str_eq(outcome.reason, "the answer is about nobody");
	exchange_case_free(one);
}
END_TEST

START_TEST(id_is_compared_to_its_last_byte)
{
	struct exchange_case *one = exchange_case_make(
	    "type = rest\nurl = https://id.example/login\n", "x");
	size_t length;

	for (length = 254; length < 258; length++) {
		struct login_outcome outcome = {.verdict = VERDICT_ACCEPTED};
		cleanup_json struct json json = {0};
		struct extauth_error error;
		char id[260] = "";
		char text[300];

		memset(id, 'i', length);
		(void)snprintf(text, sizeof(text), "{\"id\":\"%s\"}", id);
		memset(one->facts.external_id, 'i', 255);
		exchange_case_refill(one);
		ck_assert_ok(json_parse(text, strlen(text), &json, &error));
		ck_assert(person_has_id(&one->login, &json, "/id", &outcome) ==
		    (length == 255));
		if (length > 255)
			ck_assert_str_eq(outcome.reason,
			    "the answer's id is neither text nor number");
	}
	exchange_case_free(one);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    answer_must_be_about_the_asked_user,
	    keys_say_where_to_look,
	    only_what_is_configured_is_compared,
	    id_is_compared_to_its_last_byte,
	    NULL,
	};

	return unit_run("person", tests);
}
