/* SPDX-License-Identifier: MIT */
#include "source_entra.h"

#include <stdio.h>
#include <string.h>

#include "source_case.h"
#include "unit.h"

#define ENTRA                                                                  \
	"type = entra\nurl = https://dir.example.com/v1.0\ntenant = t\n"       \
	"token_file = dir\n"
#define SELECT                                                                 \
	"%24select=id%2CaccountEnabled%2CuserPrincipalName%2Cmail%2C"          \
	"displayName"
#define USER(id)                                                               \
	"{\"id\":\"" id                                                        \
	"\",\"accountEnabled\":true,\"userPrincipalName\":\"" id               \
	"@example.com\",\"mail\":\"" id "@example.com\",\"displayName\":null}"
#define TOLD(id) "user " id " " id "@example.com " id "@example.com"
#define LINK(name, rest)                                                       \
	",\"@odata." name "\":\"https://dir.example.com/v1.0/" rest "\""
#define DELTA(rest) LINK("deltaLink", "users/delta?$deltatoken=" rest)
#define PAGE(users, links) "{\"value\":[" users "]" links "}"
#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))
#define DONE                                                                   \
	{                                                                      \
		"", 0, NULL, NULL, false                                       \
	}

START_TEST(all_are_read_by_the_first_delta)
{
	const struct source_case_answer answers[] = {
	    {"skiptoken", 200, PAGE(USER("b"), DELTA("D1")), NULL, false},
	    {"/users/delta?", 200,
		PAGE(USER("a"), LINK("nextLink", "users/delta?$skiptoken=S1")),
		NULL, false},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_entra, ENTRA);
	const char *state;

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_expect_told(it, TOLD("a") "\n" TOLD("b") "\n");
	source_case_expect_asked(it,
	    "GET /v1.0/users/delta?" SELECT "\n"
	    "GET /v1.0/users/delta?$skiptoken=S1\n");
	ck_assert_ptr_nonnull(strstr(
	    buffer_text(&it->headers), "Prefer: odata.maxpagesize=999\n"));
	state = it->end.state;
	ck_assert_ptr_nonnull(state);
	ck_assert_int_eq(state[0], 'e');
	ck_assert_str_eq(strstr(state, " "),
	    " 1767225600 "
	    "https://dir.example.com/v1.0/users/delta?$deltatoken=D1");
	source_case_free(it);
}
END_TEST

START_TEST(a_client_gets_its_token_first)
{
	const struct source_case_answer answers[] = {
	    {"/token", 200,
		"{\"access_token\":\"TOKEN-1\",\"token_type\":\"Bearer\"}",
		NULL, false},
	    {"/users/delta?", 200, PAGE("", DELTA("D1")), NULL, false},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_entra,
	    "type = entra\nurl = https://dir.example.com/v1.0\n"
	    "tenant = contoso.com\nclient_id = CLIENT\n"
	    "client_secret_file = dir\n");

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	ck_assert_ptr_nonnull(strstr(buffer_text(&it->asked),
	    "POST https://login.microsoftonline.com/contoso.com/oauth2/v2.0/"
	    "token "));
	ck_assert_ptr_nonnull(
	    strstr(buffer_text(&it->headers), "Authorization: Bearer TOKEN-1"));
	source_case_free(it);
}
END_TEST

static const struct {
	const char *element;
	const char *told;
} persons[] = {
    {"{\"id\":\"a\",\"mail\":null,\"userPrincipalName\":\"u@x.example.com\"}",
	"user a u@x.example.com u@x.example.com\n"},
    {"{\"id\":\"a\",\"mail\":\"\",\"userPrincipalName\":\"u@x.example.com\"}",
	"user a u@x.example.com u@x.example.com\n"},
    {"{\"id\":\"a\",\"mail\":\"m@x.example.com\",\"accountEnabled\":false,"
     "\"displayName\":\"A\"}",
	"user a m@x.example.com - gecos=A disabled\n"},
    {"{\"id\":\"a\",\"@removed\":{\"reason\":\"deleted\"}}", ""},
    {"{\"mail\":\"m@x.example.com\"}", ""},
    {"null", ""},
    {"[1]", ""},
};

static void
check_person(const char *keys, const char *element, const char *told)
{
	struct source_case *it = source_case_make(&source_entra, keys);
	char body[512];
	const struct source_case_answer answers[] = {
	    {"", 200, body, NULL, false},
	    DONE,
	};

	(void)snprintf(body, sizeof(body), PAGE("%s", DELTA("D1")), element);
	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_expect_told(it, told);
	source_case_free(it);
}

START_TEST(mail_or_else_the_principal_name_is_the_email)
{
	size_t at;

	for (at = 0; at < COUNT(persons); at++)
		check_person(ENTRA, persons[at].element, persons[at].told);
	check_person(ENTRA "user_name = /mailNickname\n",
	    "{\"id\":\"a\",\"mail\":null,\"mailNickname\":\"nick\","
	    "\"userPrincipalName\":\"u@x.example.com\"}",
	    "user a u@x.example.com nick\n");
}
END_TEST

START_TEST(what_the_attributes_begin_with_is_selected_once)
{
	const struct source_case_answer answers[] = {
	    {"", 200, PAGE("", DELTA("D1")), NULL, false},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_entra,
	    ENTRA
	    "user_uid = /onPremisesExtensionAttributes/extensionAttribute1\n"
	    "user_home = /onPremisesExtensionAttributes/extensionAttribute2\n"
	    "user_shell = /extension_1_shell\n"
	    "skip_if = /userType == \"Guest\"\n"
	    "disabled_if = /accountEnabled == false\n"
	    "disabled_if = /department == \"Left\"\n");

	source_case_run(it, answers);
	source_case_expect_asked(it,
	    "GET /v1.0/users/delta?" SELECT
	    "%2ConPremisesExtensionAttributes%2Cextension_1_shell"
	    "%2Cdepartment%2CuserType\n");
	source_case_free(it);
}
END_TEST

START_TEST(a_filter_has_no_delta)
{
	const struct source_case_answer answers[] = {
	    {"skiptoken", 200, PAGE(USER("b"), ""), NULL, true},
	    {"/users?", 200,
		PAGE(USER("a"),
		    LINK("nextLink",
			"users?$skiptoken=S1") ",\"@odata.count\":2"),
		NULL, true},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_entra,
	    ENTRA "page_size = 100\nfilter = department eq 'IT'\n");

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_expect_told(it, "total 2\n" TOLD("a") "\n" TOLD("b") "\n");
	source_case_expect_asked(it,
	    "GET /v1.0/users?" SELECT "&%24top=100&%24filter="
	    "department%20eq%20%27IT%27&%24count=true\n"
	    "GET /v1.0/users?$skiptoken=S1\n");
	ck_assert_ptr_nonnull(
	    strstr(buffer_text(&it->headers), "ConsistencyLevel: eventual\n"));
	ck_assert_ptr_null(it->end.state);
	source_case_free(it);
}
END_TEST

static const char *const without_delta[] = {
    ENTRA "user_id = /employeeId\n",
    ENTRA "only_groups = team\n[group team]\nremote = Team\n",
};

START_TEST(what_a_delta_cannot_tell_has_none)
{
	const struct source_case_answer answers[] = {
	    {"/groups?", 200, PAGE("", ""), NULL, true},
	    {"/users?", 200, PAGE("", DELTA("D1")), NULL, true},
	    DONE,
	};
	size_t at;

	for (at = 0; at < COUNT(without_delta); at++) {
		struct source_case *it =
		    source_case_make(&source_entra, without_delta[at]);

		source_case_run(it, answers);
		source_case_expect_end(it, SYNC_COMPLETE, "");
		ck_assert_ptr_null(it->end.state);
		ck_assert_ptr_nonnull(
		    strstr(buffer_text(&it->asked), "&%24top=999\n"));
		source_case_free(it);
	}
}
END_TEST

/* Links that are no good, and the pages that they stand on. */
static const char *const stateless[] = {
    /* no link at all */
    PAGE(USER("a"), ""),
    /* at another origin */
    PAGE(USER("a"), ",\"@odata.deltaLink\":\"https://evil.example.com/v1.0/\""),
    PAGE(USER("a"), ",\"@odata.deltaLink\":\"/v1.0/users/delta\""),
    PAGE(USER("a"), ",\"@odata.deltaLink\":7"),
    /* changed while all was read */
    PAGE(USER("a") "," USER("a"), DELTA("D1")),
    PAGE(USER("a") ",{\"id\":\"a\",\"@removed\":{}}", DELTA("D1")),
};

START_TEST(no_state_is_kept_where_something_may_be_missed)
{
	struct source_case *it = source_case_make(&source_entra, ENTRA);
	size_t at;

	for (at = 0; at < COUNT(stateless); at++) {
		const struct source_case_answer answers[] = {
		    {"", 200, stateless[at], NULL, false},
		    DONE,
		};

		source_case_run(it, answers);
		source_case_expect_end(it, SYNC_COMPLETE, "");
		source_case_expect_told(it, TOLD("a") "\n");
		ck_assert_ptr_null(it->end.state);
	}
	source_case_free(it);
}
END_TEST

START_TEST(a_link_that_is_too_long_to_keep_is_not_kept)
{
	struct source_case *it = source_case_make(&source_entra, ENTRA);
	cleanup_buffer struct buffer body =
	    buffer_make((size_t)SYNC_STATE_MAX_BYTES * 2);
	struct source_case_answer answers[] = {
	    {"", 200, NULL, NULL, false},
	    DONE,
	};
	unsigned at;

	ck_assert_ok(buffer_append_text(&body,
	    "{\"value\":[],\"@odata.deltaLink\":"
	    "\"https://dir.example.com/"));
	for (at = 0; at < SYNC_STATE_MAX_BYTES; at++)
		ck_assert_ok(buffer_append_text(&body, "0"));
	ck_assert_ok(buffer_append_text(&body, "\"}"));
	answers[0].body = buffer_text(&body);
	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	ck_assert_ptr_null(it->end.state);
	source_case_free(it);
}
END_TEST

START_TEST(a_throttle_is_waited_for)
{
	const struct source_case_answer answers[] = {
	    {"", 429, "{\"error\":{\"code\":\"TooManyRequests\"}}",
		"Retry-After: 10", false},
	    {"", 200, PAGE(USER("a"), DELTA("D1")), NULL, false},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_entra, ENTRA);

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_expect_asked(it,
	    "GET /v1.0/users/delta?" SELECT "\nwait 10000\n"
	    "GET /v1.0/users/delta?" SELECT "\n");
	source_case_free(it);
}
END_TEST

START_TEST(a_next_page_elsewhere_is_not_asked_for)
{
	const struct source_case_answer answers[] = {
	    {"", 200,
		PAGE(USER("a"),
		    ",\"@odata.nextLink\":"
		    "\"https://evil.example.com/v1.0/users\""),
		NULL, false},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_entra, ENTRA);

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_FAILED, "page 1 of users: ");
	ck_assert_uint_eq(it->requests, 1);
	source_case_free(it);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    all_are_read_by_the_first_delta,
	    a_client_gets_its_token_first,
	    mail_or_else_the_principal_name_is_the_email,
	    what_the_attributes_begin_with_is_selected_once,
	    a_filter_has_no_delta,
	    what_a_delta_cannot_tell_has_none,
	    no_state_is_kept_where_something_may_be_missed,
	    a_link_that_is_too_long_to_keep_is_not_kept,
	    a_throttle_is_waited_for,
	    a_next_page_elsewhere_is_not_asked_for,
	    NULL,
	};

	return unit_run("source_entra", tests);
}
