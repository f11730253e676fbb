/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "source_case.h"
#include "source_scim.h"
#include "unit.h"

#define SCIM                                                                   \
	"type = scim\nurl = https://dir.example.com/scim/v2\n"                 \
	"token_file = dir\nposix_schema =\n"
#define TEAM "[group team]\nremote = Team\n[group crew]\nremote = g3\n"
#define DONE                                                                   \
	{                                                                      \
		"", 0, NULL, NULL, false                                       \
	}
#define PAGE(list) "{\"Resources\":[" list "]}"
#define NOBODY PAGE("")
#define ALICE                                                                  \
	"{\"id\":\"1\",\"userName\":\"alice\",\"emails\":[{\"value\":"         \
	"\"Alice@example.com\"}]}"
#define BOB "{\"id\":\"2\",\"userName\":\"bob@example.com\"}"
#define GROUP(id, name, members)                                               \
	"{\"id\":\"" id "\",\"displayName\":\"" name                           \
	"\",\"members\":[" members "]}"
#define BY_NAME "userName%20eq%20%22alice%40example.com%22"
#define BY_VALUE "emails.value%20eq%20%22alice%40example.com%22"
#define BY_ENTRY "emails%5Bvalue%20eq%20%22alice%40example.com%22%5D"
#define REFUSED "{\"scimType\":\"invalidFilter\",\"detail\":\"no\"}"

static struct source_case *
ask(const char *keys, const struct source_case_answer *answers)
{
	struct source_case *it = source_case_make(&source_scim, keys);

	(void)snprintf(
	    it->job.email, sizeof(it->job.email), "alice@example.com");
	source_case_run(it, answers);
	return it;
}

struct user_case {
	const char *keys;
	struct source_case_answer answers[8];
	enum sync_end_kind end;
	const char *reason;
	const char *told;
};

static void
check(const struct user_case *rows, size_t count)
{
	size_t at;

	for (at = 0; at < count; at++) {
		struct source_case *it = ask(rows[at].keys, rows[at].answers);

		source_case_expect_end(it, rows[at].end, rows[at].reason);
		source_case_expect_told(it, rows[at].told);
		source_case_free(it);
	}
}

START_TEST(somebody_is_found_by_one_of_three_filters)
{
	static const struct user_case rows[] = {
	    {SCIM, {{BY_NAME, 200, PAGE(ALICE), NULL, false}, DONE}, SYNC_ONE,
		"", "user 1 Alice@example.com alice\n"},
	    {SCIM,
		{{BY_NAME, 200, NOBODY, NULL, false},
		    {BY_VALUE, 200, PAGE(ALICE), NULL, false}, DONE},
		SYNC_ONE, "", "user 1 Alice@example.com alice\n"},
	    {SCIM,
		{{BY_NAME, 200, NOBODY, NULL, false},
		    {BY_VALUE, 400, REFUSED, NULL, true},
		    {BY_ENTRY, 200, PAGE(ALICE), NULL, false}, DONE},
		SYNC_ONE, "", "user 1 Alice@example.com alice\n"},
	    {SCIM,
		{{BY_NAME, 400, REFUSED, NULL, true},
		    {BY_VALUE, 200, NOBODY, NULL, false},
		    {BY_ENTRY, 400, REFUSED, NULL, true}, DONE},
		SYNC_ONE, "", ""},
	    {SCIM,
		{{BY_NAME, 200, NOBODY, NULL, false},
		    {BY_VALUE, 400, REFUSED, NULL, true},
		    {BY_ENTRY, 400, REFUSED, NULL, true}, DONE},
		SYNC_FAILED, "refuses to be asked for an e-mail", ""},
	};

	check(rows, sizeof(rows) / sizeof(*rows));
}
END_TEST

START_TEST(who_was_not_asked_for_is_not_told)
{
	static const struct user_case rows[] = {
	    /* The filter is ignored. */
	    {SCIM, {{BY_NAME, 200, PAGE(BOB "," ALICE), NULL, true}, DONE},
		SYNC_ONE, "", "user 1 Alice@example.com alice\n"},
	    {SCIM, {{"/Users", 200, PAGE(BOB), NULL, true}, DONE}, SYNC_ONE, "",
		""},
	    {SCIM,
		{{"/Users", 200, "{\"totalResults\":2,\"Resources\":[" BOB "]}",
		     NULL, false},
		    {"startIndex=1&", 200,
			"{\"totalResults\":2,\"Resources\":[" BOB "," ALICE
			"]}",
			NULL, false},
		    DONE},
		SYNC_ONE, "", "user 1 Alice@example.com alice\n"},
	    {SCIM,
		{{"/Users", 200,
		     "{\"id\":\"1\",\"userName\":\"alice@example.com\"}", NULL,
		     true},
		    DONE},
		SYNC_FAILED, "holds no list", ""},
	};

	check(rows, sizeof(rows) / sizeof(*rows));
}
END_TEST

START_TEST(who_is_outside_of_the_filter_is_not_found)
{
	static const struct source_case_answer answers[] = {
	    {"", 200, NOBODY, NULL, true}, DONE};
	struct source_case *it = ask(SCIM "filter = active eq true\n", answers);

	ck_assert_ptr_nonnull(strstr(buffer_text(&it->asked),
	    "&filter=" BY_NAME "%20and%20active%20eq%20true\n"));
	source_case_free(it);
	it = ask(SCIM "filter = a eq 1 or b eq 2\n", answers);
	ck_assert_ptr_nonnull(strstr(buffer_text(&it->asked),
	    "&filter=" BY_NAME
	    "%20and%20%28a%20eq%201%20or%20b%20eq%202%29\n"));
	source_case_free(it);
}
END_TEST

START_TEST(an_address_cannot_end_the_filter)
{
	static const struct source_case_answer answers[] = {
	    {"", 200, NOBODY, NULL, true}, DONE};
	struct source_case *it = source_case_make(&source_scim, SCIM);

	(void)snprintf(it->job.email, sizeof(it->job.email), "a\" or \"\\@b.c");
	source_case_run(it, answers);
	ck_assert_ptr_nonnull(strstr(buffer_text(&it->asked),
	    "userName%20eq%20%22a%5C%22%20or%20%5C%22%5C%5C%40b.c%22\n"));
	source_case_free(it);
}
END_TEST

START_TEST(attributes_that_are_refused_are_left_out)
{
	static const struct source_case_answer answers[] = {
	    {"attributes=", 400, "{}", NULL, true},
	    {BY_NAME, 200, PAGE(ALICE), NULL, false}, DONE};
	struct source_case *it = ask(SCIM, answers);

	source_case_expect_end(it, SYNC_ONE, "");
	source_case_expect_asked(it,
	    "GET /scim/v2/Users?attributes=id%2CuserName%2Cemails%2C"
	    "displayName%2Cactive&filter=" BY_NAME
	    "\nGET /scim/v2/Users?filter=" BY_NAME "\n");
	source_case_free(it);
}
END_TEST

#define MEMBER(id) "members.value%20eq%20%22" id "%22"
#define USER(id) "{\"value\":\"" id "\"}"
#define NESTED(id) "{\"value\":\"" id "\",\"type\":\"Group\"}"

START_TEST(groups_of_the_one_are_found)
{
	static const struct user_case rows[] = {
	    {SCIM TEAM,
		{{BY_NAME, 200,
		     PAGE("{\"id\":\"1\",\"userName\":\"alice@example.com\","
			  "\"groups\":[{\"value\":\"g1\",\"display\":"
			  "\"Team\"}]}"),
		     NULL, false},
		    DONE},
		SYNC_ONE, "",
		"user 1 alice@example.com alice@example.com in=g1/Team\n"},
	    {SCIM TEAM,
		{{BY_NAME, 200, PAGE(ALICE), NULL, false},
		    {MEMBER("1"), 200,
			PAGE(GROUP("g1", "Team", USER("1")) "," GROUP("g2",
			    "Other",
			    USER("1")) "," GROUP("g4", "Not", USER("9"))),
			NULL, false},
		    {MEMBER("g1"), 200, NOBODY, NULL, false},
		    {MEMBER("g2"), 200, PAGE(GROUP("g3", "Crew", NESTED("g2"))),
			NULL, false},
		    {MEMBER("g4"), 200, NOBODY, NULL, false},
		    {MEMBER("g3"), 200,
			PAGE(GROUP("g2", "Other", NESTED("g3"))), NULL, false},
		    DONE},
		SYNC_ONE, "",
		"user 1 Alice@example.com alice in=g1/Team in=g3/Crew\n"},
	    {SCIM TEAM,
		{{BY_NAME, 200, PAGE(ALICE), NULL, false},
		    {MEMBER("1"), 400, REFUSED, NULL, true},
		    {"/Groups?startIndex=1&", 200,
			PAGE(GROUP("g1", "Team", USER("1")) "," GROUP(
			    "g3", "Crew", USER("2"))),
			NULL, false},
		    {"/Groups?startIndex=2&", 200, NOBODY, NULL, false},
		    {"/Groups?startIndex=3&", 200, NOBODY, NULL, false}, DONE},
		SYNC_ONE, "", "user 1 Alice@example.com alice in=g1/Team\n"},
	    /* A filter that is not known finds nobody. */
	    {SCIM TEAM,
		{{BY_NAME, 200, PAGE(ALICE), NULL, false},
		    {MEMBER("1"), 200, NOBODY, NULL, false},
		    {"/Groups?startIndex=1&", 200, NOBODY, NULL, false}, DONE},
		SYNC_ONE, "", "user 1 Alice@example.com alice\n"},
	    {SCIM TEAM,
		{{BY_NAME, 200, PAGE(ALICE), NULL, false},
		    {MEMBER("1"), 404, "", NULL, false}, DONE},
		SYNC_FAILED, "page 1 of groups: status 404", ""},
	};

	check(rows, sizeof(rows) / sizeof(*rows));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    somebody_is_found_by_one_of_three_filters,
	    who_was_not_asked_for_is_not_told,
	    who_is_outside_of_the_filter_is_not_found,
	    an_address_cannot_end_the_filter,
	    attributes_that_are_refused_are_left_out,
	    groups_of_the_one_are_found,
	    NULL,
	};

	return unit_run("source_scim_user", tests);
}
