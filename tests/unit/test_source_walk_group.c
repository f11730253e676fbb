/* SPDX-License-Identifier: MIT */
#include "source_walk.h"

#include <stdio.h>
#include <string.h>

#include "source_case.h"
#include "source_okta.h"
#include "unit.h"

#define OKTA "type = okta\nurl = https://dir.example.com\ntoken_file = dir\n"
#define A "{\"id\":\"a\",\"status\":\"ACTIVE\"}"
#define DONE                                                                   \
	{                                                                      \
		"", 0, NULL, NULL, false                                       \
	}

/* Members whose ids do not fit into one frame. */
static void
serve_members(struct source_case *it, const char *url, struct event *ret_event)
{
	cleanup_buffer struct buffer body = buffer_make(1 << 22);
	const unsigned *count = it->context;
	unsigned at;

	if (strstr(url, "/groups/g/") == NULL) {
		source_case_respond(ret_event, 200, NULL,
		    strstr(url, "/groups?") != NULL
			? "[{\"id\":\"g\",\"profile\":{\"name\":\"G\"}}]"
			: "[]");
		return;
	}
	for (at = 0; at < *count; at++)
		ck_assert_ok(buffer_append_format(
		    &body, "%c{\"id\":\"%0200u\"}", at == 0 ? '[' : ',', at));
	ck_assert_ok(buffer_append_text(&body, "]"));
	source_case_respond(ret_event, 200, NULL, buffer_text(&body));
}

static size_t
count_texts(const char *text, const char *part)
{
	size_t count = 0;

	while ((text = strstr(text, part)) != NULL) {
		text += strlen(part);
		count++;
	}
	return count;
}

START_TEST(a_big_group_is_told_in_several_frames)
{
	unsigned count = 1000;
	struct source_case *it =
	    source_case_make(&source_okta, OKTA "[group team]\nremote = G\n");

	it->serve = serve_members;
	it->context = &count;
	source_case_run(it, NULL);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	ck_assert_uint_eq(count_texts(buffer_text(&it->told), "group g G"), 3);
	ck_assert_uint_eq(count_texts(buffer_text(&it->told), " has="), count);
	source_case_free(it);
}
END_TEST

/* Groups of a person whose texts do not fit into his frame. */
static void
serve_memberships(
    struct source_case *it, const char *url, struct event *ret_event)
{
	cleanup_buffer struct buffer body = buffer_make(1 << 22);
	const unsigned *count = it->context;
	unsigned at;

	if (strstr(url, "/groups") == NULL) {
		source_case_respond(ret_event, 200, NULL,
		    "{\"id\":\"a\",\"profile\":{\"email\":\"a@example.com\"}}");
		return;
	}
	for (at = 0; at < *count; at++)
		ck_assert_ok(buffer_append_format(&body,
		    "%c{\"id\":\"%0200u\",\"profile\":{\"name\":\"%0200u\"}}",
		    at == 0 ? '[' : ',', at, at));
	ck_assert_ok(buffer_append_text(&body, "]"));
	source_case_respond(ret_event, 200, NULL, buffer_text(&body));
}

START_TEST(groups_beyond_a_frame_are_left_out)
{
	unsigned count = 300;
	struct source_case *it =
	    source_case_make(&source_okta, OKTA "group_prefix = g-\n");

	(void)snprintf(it->job.email, sizeof(it->job.email), "a@example.com");
	it->serve = serve_memberships;
	it->context = &count;
	source_case_run(it, NULL);
	source_case_expect_end(it, SYNC_ONE, "");
	ck_assert_uint_eq(count_texts(buffer_text(&it->told), " in="),
	    SYNC_TEXTS_MAX_BYTES / 402);
	source_case_free(it);
}
END_TEST

START_TEST(many_groups_are_kept_apart)
{
	const struct source_case_answer answers[] = {
	    {"/groups/", 200, "[" A "]", NULL, true},
	    {"/groups?", 200,
		"[{\"id\":1},{\"id\":2},{\"id\":3},{\"id\":4},{\"id\":5},"
		"{\"id\":6},{\"id\":7},{\"id\":8},{\"id\":9},{\"id\":10},"
		"{\"id\":11},{\"id\":12},{\"id\":13},{\"id\":14},{\"id\":15},"
		"{\"id\":16},{\"id\":17},{\"id\":18},{},{\"id\":1}]",
		NULL, false},
	    {"", 200, "[]", NULL, false},
	    DONE,
	};
	struct source_case *it =
	    source_case_make(&source_okta, OKTA "group_prefix = g-\n");

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	ck_assert_uint_eq(
	    count_texts(buffer_text(&it->told), " - has=a\n"), 18);
	source_case_free(it);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    a_big_group_is_told_in_several_frames,
	    groups_beyond_a_frame_are_left_out,
	    many_groups_are_kept_apart,
	    NULL,
	};

	return unit_run("source_walk_group", tests);
}
