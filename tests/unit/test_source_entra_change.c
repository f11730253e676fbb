/* SPDX-License-Identifier: MIT */
#include "source_entra.h"

#include <stdio.h>
#include <string.h>

#include "source_case.h"
#include "source_entra_internal.h"
#include "unit.h"

#define ENTRA                                                                  \
	"type = entra\nurl = https://dir.example.com/v1.0\ntenant = t\n"       \
	"token_file = dir\n"
#define USER_OF(id, name)                                                      \
	"{\"id\":\"" id                                                        \
	"\",\"accountEnabled\":true,\"userPrincipalName\":\"" id               \
	"@example.com\",\"mail\":\"" id                                        \
	"@example.com\",\"displayName\":\"" name "\"}"
#define USER(id) USER_OF(id, "N")
#define TOLD(id) "user " id " " id "@example.com " id "@example.com gecos=N\n"
#define REMOVED(id) "{\"id\":\"" id "\",\"@removed\":{\"reason\":\"changed\"}}"
#define LINK(name, rest)                                                       \
	",\"@odata." name "\":\"https://dir.example.com/v1.0/" rest "\""
#define DELTA(rest) LINK("deltaLink", "users/delta?$deltatoken=" rest)
#define PAGE(users, links) "{\"value\":[" users "]" links "}"
#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))
#define DONE                                                                   \
	{                                                                      \
		"", 0, NULL, NULL, false                                       \
	}

/* A source that has read all, up to $deltatoken=D1. */
static struct source_case *
changes_make(const char *keys)
{
	const struct source_case_answer answers[] = {
	    {"/groups?", 200, PAGE("", ""), NULL, false},
	    {"", 200, PAGE("", DELTA("D1")), NULL, false},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_entra, keys);

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	ck_assert_ptr_nonnull(it->end.state);
	(void)snprintf(
	    it->job.state, sizeof(it->job.state), "%s", it->end.state);
	return it;
}

START_TEST(changes_are_told_when_all_of_them_are_known)
{
	const struct source_case_answer answers[] = {
	    {"skiptoken", 200, PAGE(REMOVED("b"), DELTA("D2")), NULL, false},
	    {"deltatoken=D1", 200,
		PAGE(USER("a"), LINK("nextLink", "users/delta?$skiptoken=S")),
		NULL, false},
	    DONE,
	};
	struct source_case *it = changes_make(ENTRA);

	it->login.now_s += 3600;
	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_CHANGES, "");
	source_case_expect_told(it, TOLD("a") "user b - - gone\n");
	source_case_expect_asked(it,
	    "GET /v1.0/users/delta?$deltatoken=D1\n"
	    "GET /v1.0/users/delta?$skiptoken=S\n");
	ck_assert_str_eq(strstr(it->end.state, " "),
	    " 1767225600 "
	    "https://dir.example.com/v1.0/users/delta?$deltatoken=D2");
	source_case_free(it);
}
END_TEST

/* Pages that leave open what somebody is now. */
static const char *const unsure[] = {
    PAGE("{\"id\":\"a\",\"displayName\":\"M\"}", DELTA("D2")),
    PAGE("{\"id\":\"a\",\"accountEnabled\":false,\"userPrincipalName\":"
	 "\"a@example.com\",\"displayName\":null}",
	DELTA("D2")),
    PAGE(USER_OF("a", "M") "," USER_OF("a", "O"), DELTA("D2")),
    PAGE(USER_OF("a", "M") "," REMOVED("a"), DELTA("D2")),
    PAGE(REMOVED("a") "," USER_OF("a", "M"), DELTA("D2")),
};

static const struct {
	unsigned status;
	const char *body;
	const char *told;
} findings[] = {
    {200, USER("a"), TOLD("a")},
    {200, "{\"id\":\"a\",\"userPrincipalName\":\"u@example.com\"}",
	"user a u@example.com u@example.com\n"},
    {404, "{}", "user a - - gone\n"},
    {410, "{}", "user a - - gone\n"},
};

static void
check_unsure(size_t page, size_t finding)
{
	const struct source_case_answer answers[] = {
	    {"/users/a?", findings[finding].status, findings[finding].body,
		NULL, false},
	    {"deltatoken=D1", 200, unsure[page], NULL, false},
	    DONE,
	};
	struct source_case *it = changes_make(ENTRA);

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_CHANGES, "");
	source_case_expect_told(it, findings[finding].told);
	source_case_expect_asked(it,
	    "GET /v1.0/users/delta?$deltatoken=D1\n"
	    "GET /v1.0/users/a?%24select=id%2CaccountEnabled%2C"
	    "userPrincipalName%2Cmail%2CdisplayName\n");
	ck_assert_ptr_null(strstr(buffer_text(&it->headers), "Prefer"));
	ck_assert_ptr_nonnull(strstr(it->end.state, "=D2"));
	source_case_free(it);
}

START_TEST(who_is_not_told_in_full_is_asked_for)
{
	size_t page;
	size_t finding;

	for (page = 0; page < COUNT(unsure); page++)
		for (finding = 0; finding < COUNT(findings); finding++)
			check_unsure(page, finding);
}
END_TEST

static const struct {
	unsigned status;
	const char *body;
} strange[] = {
    {200, USER("b")},
    {200, "[]"},
    {200, "7"},
    {200, "{} , {}"},
    {400, "{}"},
    {403, "{}"},
};

START_TEST(an_answer_about_nobody_fails)
{
	size_t at;

	for (at = 0; at < COUNT(strange); at++) {
		const struct source_case_answer answers[] = {
		    {"/users/a?", strange[at].status, strange[at].body, NULL,
			false},
		    {"deltatoken=D1", 200, unsure[0], NULL, false},
		    DONE,
		};
		struct source_case *it = changes_make(ENTRA);

		source_case_run(it, answers);
		source_case_expect_end(it, SYNC_FAILED, "changed users");
		source_case_free(it);
	}
}
END_TEST

START_TEST(an_expired_link_means_all_anew_at_once)
{
	static const unsigned statuses[] = {400, 404, 410};
	size_t at;

	for (at = 0; at < COUNT(statuses); at++) {
		const struct source_case_answer answers[] = {
		    {"skiptoken", statuses[at],
			"{\"error\":{\"code\":\"syncStateNotFound\"}}", NULL,
			false},
		    {"deltatoken=D1", 200,
			PAGE(USER("x"),
			    LINK("nextLink", "users/delta?$skiptoken=S")),
			NULL, false},
		    {"select=", 200, PAGE(USER("a"), DELTA("D9")), NULL, false},
		    DONE,
		};
		struct source_case *it = changes_make(ENTRA);

		it->login.now_s += 60;
		source_case_run(it, answers);
		source_case_expect_end(it, SYNC_COMPLETE, "");
		source_case_expect_told(it, TOLD("a"));
		ck_assert_ptr_nonnull(strstr(it->end.state, " 1767225660 "));
		ck_assert_ptr_nonnull(strstr(it->end.state, "=D9"));
		source_case_free(it);
	}
}
END_TEST

START_TEST(all_is_read_once_a_week)
{
	const struct source_case_answer answers[] = {
	    {"", 200, PAGE("", DELTA("D2")), NULL, true},
	    DONE,
	};
	struct source_case *it = changes_make(ENTRA);

	it->login.now_s += 604799;
	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_CHANGES, "");
	it->login.now_s++;
	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_free(it);
}
END_TEST

START_TEST(a_state_that_leads_elsewhere_is_none)
{
	const struct source_case_answer answers[] = {
	    {"", 200, PAGE("", DELTA("D2")), NULL, true},
	    DONE,
	};
	struct source_case *it = changes_make(ENTRA);
	char *link = strstr(it->job.state, "https");

	ck_assert_ptr_nonnull(link);
	link[strlen("https://d")] = 'e';
	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	ck_assert_ptr_null(strstr(buffer_text(&it->asked), "://der"));
	source_case_free(it);
}
END_TEST

START_TEST(who_is_skipped_now_is_gone)
{
	const struct source_case_answer answers[] = {
	    {"/users/b?", 200, USER_OF("b", "M"), NULL, false},
	    {"deltatoken=D1", 200,
		PAGE(USER_OF("a", "M") ",{\"id\":\"b\"}," USER("c"),
		    DELTA("D2")),
		NULL, false},
	    DONE,
	};
	struct source_case *it =
	    changes_make(ENTRA "skip_if = /displayName == \"M\"\n");

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_CHANGES, "");
	source_case_expect_told(
	    it, "user a - - gone\nuser b - - gone\n" TOLD("c"));
	source_case_free(it);
}
END_TEST

START_TEST(a_round_without_a_new_link_keeps_no_state)
{
	const struct source_case_answer answers[] = {
	    {"", 200, PAGE(USER("a"), ""), NULL, false},
	    DONE,
	};
	struct source_case *it = changes_make(ENTRA);

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_CHANGES, "");
	source_case_expect_told(it, TOLD("a"));
	ck_assert_ptr_null(it->end.state);
	source_case_free(it);
}
END_TEST

/* So many changes on one page. */
static void
serve_many(struct source_case *it, const char *url, struct event *ret_event)
{
	cleanup_buffer struct buffer body = buffer_make(1 << 22);
	const unsigned *count = it->context;
	unsigned at;

	if (strstr(url, "deltatoken") == NULL) {
		source_case_respond(
		    ret_event, 200, NULL, PAGE(USER("a"), DELTA("D9")));
		return;
	}
	ck_assert_ok(buffer_append_text(&body, "{\"value\":["));
	for (at = 0; at < *count; at++)
		ck_assert_ok(buffer_append_format(
		    &body, "{\"id\":\"u%u\",\"@removed\":{}},", at));
	ck_assert_ok(buffer_append_text(&body, USER("u0") "]}"));
	source_case_respond(ret_event, 200, NULL, buffer_text(&body));
}

START_TEST(too_many_changes_mean_all_anew)
{
	unsigned count = ENTRA_CHANGES_MAX + 1;
	struct source_case *it = changes_make(ENTRA);

	it->serve = serve_many;
	it->context = &count;
	source_case_run(it, NULL);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_expect_told(it, TOLD("a"));
	source_case_free(it);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    changes_are_told_when_all_of_them_are_known,
	    who_is_not_told_in_full_is_asked_for,
	    an_answer_about_nobody_fails,
	    an_expired_link_means_all_anew_at_once,
	    all_is_read_once_a_week,
	    a_state_that_leads_elsewhere_is_none,
	    who_is_skipped_now_is_gone,
	    a_round_without_a_new_link_keeps_no_state,
	    too_many_changes_mean_all_anew,
	    NULL,
	};

	return unit_run("source_entra_change", tests);
}
