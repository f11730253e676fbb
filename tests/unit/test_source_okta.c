/* SPDX-License-Identifier: MIT */
#include "source_okta.h"

#include <stdio.h>
#include <string.h>

#include "source_case.h"
#include "unit.h"

#define OKTA "type = okta\nurl = https://dir.example.com\ntoken_file = dir\n"
#define USER(id, status, updated)                                              \
	"{\"id\":\"" id "\",\"status\":\"" status                              \
	"\",\"lastUpdated\":\"2025-" updated                                   \
	"Z\",\"profile\":{\"login\":\"" id "@example.com\",\"email\":"         \
	"\"" id "@example.com\",\"displayName\":\"N " id "\"}}"
#define TOLD(id) "user " id " " id "@example.com " id "@example.com gecos=N " id
#define NEXT(rest)                                                             \
	"Link: <https://dir.example.com/api/v1/" rest ">; rel=\"next\""
#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))
#define DONE                                                                   \
	{                                                                      \
		"", 0, NULL, NULL, false                                       \
	}

static const struct source_case_answer alice_alone[] = {
    {"/api/v1/users", 200, "[" USER("a", "ACTIVE", "12-31T10:00:00.000") "]",
	NULL, true},
    DONE,
};

static void
okta_set_state(struct source_case *it, const char *state)
{
	(void)snprintf(it->job.state, sizeof(it->job.state), "%s", state);
}

/* Leaves the state of a reading of all at SOURCE_CASE_NOW_S. */
static void
okta_read_all(struct source_case *it)
{
	source_case_run(it, alice_alone);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	ck_assert_ptr_nonnull(it->end.state);
	okta_set_state(it, it->end.state);
}

START_TEST(users_are_read_page_by_page_along_the_link_header)
{
	const struct source_case_answer answers[] = {
	    {"after=2", 200, "[" USER("c", "ACTIVE", "12-01T00:00:00.000") "]",
		NULL, false},
	    {"limit=200", 200,
		"[" USER("a", "ACTIVE", "12-01T00:00:00.000") "," USER(
		    "b", "ACTIVE", "12-01T00:00:00.000") "]",
		"Link: <https://dir.example.com/api/v1/users?limit=200>; "
		"rel=\"self\"\n" NEXT("users?after=2&limit=200"),
		false},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_okta, OKTA);

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_expect_told(
	    it, TOLD("a") "\n" TOLD("b") "\n" TOLD("c") "\n");
	source_case_expect_asked(it,
	    "GET /api/v1/users?limit=200\n"
	    "GET /api/v1/users?after=2&limit=200\n");
	ck_assert_ptr_nonnull(strstr(
	    buffer_text(&it->headers), "Authorization: SSWS api-token\n"));
	source_case_free(it);
}
END_TEST

START_TEST(page_size_and_filter_are_asked_for)
{
	struct source_case *it = source_case_make(&source_okta,
	    OKTA "page_size = 50\nfilter = profile.department eq \"IT\"\n");

	source_case_run(it, alice_alone);
	source_case_expect_asked(it,
	    "GET /api/v1/users?limit=50&search="
	    "profile.department%20eq%20%22IT%22\n");
	source_case_expect_end(it, SYNC_COMPLETE, "");
	ck_assert_ptr_null(it->end.state);
	source_case_free(it);
}
END_TEST

static const struct {
	const char *status;
	const char *told;
} statuses[] = {
    {"ACTIVE", TOLD("a") "\n"},
    {"PASSWORD_EXPIRED", TOLD("a") "\n"},
    {"RECOVERY", TOLD("a") "\n"},
    {"LOCKED_OUT", TOLD("a") "\n"},
    {"STAGED", TOLD("a") " disabled\n"},
    {"PROVISIONED", TOLD("a") " disabled\n"},
    {"SUSPENDED", TOLD("a") " disabled\n"},
    {"SOMETHING_NEW", TOLD("a") " disabled\n"},
    {"DEPROVISIONED", ""},
};

static void
check_status(const char *status, const char *told)
{
	struct source_case *it = source_case_make(&source_okta, OKTA);
	char body[512];
	const struct source_case_answer answers[] = {
	    {"", 200, body, NULL, false},
	    DONE,
	};

	(void)snprintf(body, sizeof(body),
	    "[{\"id\":\"a\",\"status\":\"%s\",\"profile\":{\"login\":"
	    "\"a@example.com\",\"email\":\"a@example.com\","
	    "\"displayName\":\"N a\"}}]",
	    status);
	source_case_run(it, answers);
	source_case_expect_told(it, told);
	source_case_free(it);
}

START_TEST(a_status_decides_who_is_enabled_and_who_is_there)
{
	size_t at;

	for (at = 0; at < COUNT(statuses); at++)
		check_status(statuses[at].status, statuses[at].told);
}
END_TEST

START_TEST(what_changed_is_asked_for_five_minutes_before_the_newest)
{
	const struct source_case_answer answers[] = {
	    {"", 200,
		"[" USER("b", "ACTIVE", "12-31T12:00:00.000") "," USER(
		    "c", "DEPROVISIONED", "12-31T11:00:00.000") "]",
		NULL, false},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_okta, OKTA);

	okta_read_all(it);
	it->login.now_s += 3600;
	source_case_run(it, answers);
	source_case_expect_asked(it,
	    "GET /api/v1/users?limit=200&filter=lastUpdated%20gt%20%22"
	    "2025-12-31T09%3A55%3A00.000Z%22\n");
	source_case_expect_end(it, SYNC_CHANGES, "");
	source_case_expect_told(it, TOLD("b") "\nuser c - - gone\n");
	okta_set_state(it, it->end.state);
	source_case_run(it, alice_alone);
	ck_assert_ptr_nonnull(
	    strstr(buffer_text(&it->asked), "2025-12-31T11%3A55%3A00.000Z"));
	source_case_free(it);
}
END_TEST

START_TEST(who_changes_while_all_is_read_is_not_missed)
{
	/* Okta's clock is ahead; so is what was changed meanwhile. */
	const struct source_case_answer answers[] = {
	    {"", 200,
		"[{\"id\":\"a\",\"status\":\"ACTIVE\",\"lastUpdated\":"
		"\"2026-01-01T08:00:00.000Z\"}]",
		NULL, false},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_okta, OKTA);

	source_case_run(it, answers);
	okta_set_state(it, it->end.state);
	source_case_run(it, alice_alone);
	ck_assert_ptr_nonnull(
	    strstr(buffer_text(&it->asked), "2025-12-31T23%3A55%3A00.000Z"));
	source_case_free(it);
}
END_TEST

START_TEST(nobody_changed_keeps_the_state)
{
	const struct source_case_answer nobody[] = {
	    {"", 200, "[]", NULL, false},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_okta, OKTA);

	okta_read_all(it);
	source_case_run(it, nobody);
	source_case_expect_end(it, SYNC_CHANGES, "");
	ck_assert_str_eq(it->end.state, it->job.state);
	source_case_free(it);
}
END_TEST

START_TEST(all_is_read_once_a_day)
{
	struct source_case *it = source_case_make(&source_okta, OKTA);

	okta_read_all(it);
	it->login.now_s += 86399;
	source_case_run(it, alice_alone);
	source_case_expect_end(it, SYNC_CHANGES, "");
	/* The changes do not put it off. */
	okta_set_state(it, it->end.state);
	it->login.now_s++;
	source_case_run(it, alice_alone);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	it->login.now_s = SOURCE_CASE_NOW_S - 1;
	source_case_run(it, alice_alone);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_free(it);
}
END_TEST

static const char *const whole_keys[] = {
    OKTA "user_name = /profile/nick\n",
    OKTA "only_groups = team\n[group team]\nremote = Staff\n",
    OKTA "filter = status eq \"ACTIVE\"\n",
};

/* Only the first has one of its own. */
static void
check_settings(const char *keys, enum sync_end_kind second)
{
	const struct source_case_answer answers[] = {
	    {"/groups", 200, "[]", NULL, true},
	    {"/users", 200, "[" USER("a", "ACTIVE", "12-31T10:00:00.000") "]",
		NULL, true},
	    DONE,
	};
	struct source_case *first = source_case_make(&source_okta, OKTA);
	struct source_case *it = source_case_make(&source_okta, keys);

	okta_read_all(first);
	okta_set_state(it, first->job.state);
	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	if (it->end.state != NULL)
		okta_set_state(it, it->end.state);
	source_case_run(it, answers);
	source_case_expect_end(it, second, "");
	source_case_free(first);
	source_case_free(it);
}

START_TEST(other_settings_have_no_state)
{
	check_settings(whole_keys[0], SYNC_CHANGES);
	check_settings(whole_keys[1], SYNC_COMPLETE);
	check_settings(whole_keys[2], SYNC_COMPLETE);
}
END_TEST

static const char *const bad_rests[] = {"", "0", "1767225600", "1767225600 ",
    "1767225600 x", "x 1767225600", "1767225600 99999999999999999999",
    "1767225600 1767225600 ", "99999999999999999 1767225600", "-1 1767225600"};

START_TEST(a_spoilt_state_is_none)
{
	struct source_case *it = source_case_make(&source_okta, OKTA);
	size_t at;
	char *rest;

	okta_read_all(it);
	rest = strchr(it->job.state, ' ');
	ck_assert_ptr_nonnull(rest);
	for (at = 0; at < COUNT(bad_rests); at++) {
		(void)snprintf(rest + 1, 64, "%s", bad_rests[at]);
		source_case_run(it, alice_alone);
		source_case_expect_end(it, SYNC_COMPLETE, "");
		source_case_expect_asked(it, "GET /api/v1/users?limit=200\n");
	}
	source_case_free(it);
}
END_TEST

START_TEST(who_is_skipped_is_gone_among_the_changes)
{
	struct source_case *it = source_case_make(&source_okta,
	    OKTA "skip_if = /profile/login == \"b@example.com\"\n");
	const struct source_case_answer answers[] = {
	    {"", 200, "[" USER("b", "ACTIVE", "12-31T12:00:00.000") "]", NULL,
		true},
	    DONE,
	};

	okta_read_all(it);
	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_CHANGES, "");
	source_case_expect_told(it, "user b - - gone\n");
	it->job.state[0] = '\0';
	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_expect_told(it, "");
	source_case_free(it);
}
END_TEST

START_TEST(a_throttle_is_waited_for)
{
	const struct source_case_answer answers[] = {
	    {"", 429, "{\"errorCode\":\"E0000047\"}",
		SOURCE_CASE_DATE "\nX-Rate-Limit-Reset: 1767225609", false},
	    {"", 200, "[" USER("a", "ACTIVE", "12-31T10:00:00.000") "]", NULL,
		false},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_okta, OKTA);

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_expect_told(it, TOLD("a") "\n");
	source_case_expect_asked(it,
	    "GET /api/v1/users?limit=200\nwait 10000\n"
	    "GET /api/v1/users?limit=200\n");
	source_case_free(it);
}
END_TEST

START_TEST(a_refusal_says_which_page_it_was)
{
	const struct source_case_answer answers[] = {
	    {"after", 403, "{\"errorCode\":\"E0000006\"}", NULL, false},
	    {"", 200, "[" USER("a", "ACTIVE", "12-31T10:00:00.000") "]",
		NEXT("users?after=1"), false},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_okta, OKTA);

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_FAILED, "page 2 of users: status 403");
	ck_assert(it->end.is_configuration);
	ck_assert_ptr_null(it->end.state);
	source_case_free(it);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    users_are_read_page_by_page_along_the_link_header,
	    page_size_and_filter_are_asked_for,
	    a_status_decides_who_is_enabled_and_who_is_there,
	    other_settings_have_no_state,
	    a_spoilt_state_is_none,
	    what_changed_is_asked_for_five_minutes_before_the_newest,
	    who_changes_while_all_is_read_is_not_missed,
	    nobody_changed_keeps_the_state,
	    all_is_read_once_a_day,
	    who_is_skipped_is_gone_among_the_changes,
	    a_throttle_is_waited_for,
	    a_refusal_says_which_page_it_was,
	    NULL,
	};

	return unit_run("source_okta", tests);
}
