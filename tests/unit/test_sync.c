/* SPDX-License-Identifier: MIT */
#include "sync.h"

#include <stdlib.h>
#include <string.h>

#include "sync_case.h"
#include "unit.h"

START_TEST(job_comes_back_as_it_went)
{
	struct sync_job *job = calloc(2, sizeof(*job));
	cleanup_frame struct frame frame = {0};
	char theirs[FRAME_NONCE_BYTES];

	ck_assert_ptr_nonnull(job);
	strcpy(job->config_path, "/etc/extauth/extauth.conf");
	strcpy(job->source, "corp");
	strcpy(job->request_id, "0badcafe");
	strcpy(job->email, "jane@example.com");
	memset(job->state, 's', SYNC_STATE_MAX_BYTES);
	job->flags = LOGIN_TRACE;
	job->deadline_ms = 3600000;
	ck_assert_ok(sync_job_to_frame(job, sync_case_nonce, &frame));
	ck_assert_int_eq(frame.type, FRAME_SYNC);
	ck_assert_ok(sync_job_from_frame(&frame, &job[1], theirs));
	ck_assert_mem_eq(&job[0], &job[1], sizeof(*job));
	ck_assert_mem_eq(theirs, sync_case_nonce, sizeof(sync_case_nonce));
	free(job);
}
END_TEST

START_TEST(user_comes_back_as_he_went)
{
	cleanup_sync_user struct sync_user user = sync_case_jane();
	cleanup_sync_user struct sync_user back = {0};
	cleanup_frame struct frame frame = {0};
	const char *text = NULL;

	ck_assert_ok(sync_user_to_frame(&user, &frame));
	ck_assert_ok(sync_user_from_frame(&frame, &back));
	ck_assert_str_eq(back.id, "u-1");
	ck_assert_str_eq(back.email, "jane@example.com");
	ck_assert_str_eq(back.name, "Jane");
	ck_assert_str_eq(back.gecos, "Jane D\xc3\xb6");
	ck_assert_str_eq(back.home, "/home/j");
	ck_assert_str_eq(back.shell, "/bin/sh");
	ck_assert(back.has_uid && back.is_disabled && !back.is_gone);
	ck_assert_uint_eq(back.uid, 0x81020304);
	ck_assert_uint_eq(back.groups.count, 4);
	text = sync_texts_next(&back.groups, text);
	ck_assert_str_eq(text, "g-1");
	text = sync_texts_next(&back.groups, text);
	ck_assert_str_eq(text, "admins");
	text = sync_texts_next(&back.groups, text);
	ck_assert_str_eq(text, "");
	text = sync_texts_next(&back.groups, text);
	ck_assert_str_eq(text, "staff");
	ck_assert_ptr_null(sync_texts_next(&back.groups, text));
}
END_TEST

START_TEST(user_who_is_gone_has_an_id_alone)
{
	struct sync_user user = {.id = "u-2", .is_gone = true};
	cleanup_sync_user struct sync_user back = {0};
	cleanup_frame struct frame frame = {0};

	ck_assert_ok(sync_user_to_frame(&user, &frame));
	ck_assert_ok(sync_user_from_frame(&frame, &back));
	ck_assert(back.is_gone && !back.is_disabled && !back.has_uid);
	ck_assert_uint_eq(back.groups.count, 0);
	ck_assert_ptr_null(sync_texts_next(&back.groups, NULL));
}
END_TEST

START_TEST(group_comes_back_as_it_went)
{
	cleanup_sync_group struct sync_group group = sync_case_admins();
	cleanup_sync_group struct sync_group back = {0};
	cleanup_frame struct frame frame = {0};
	const char *text;

	ck_assert_ok(sync_group_to_frame(&group, &frame));
	ck_assert_ok(sync_group_from_frame(&frame, &back));
	ck_assert_str_eq(back.id, "g-1");
	ck_assert_str_eq(back.name, "admins");
	ck_assert(back.has_gid);
	ck_assert_uint_eq(back.gid, 70000);
	ck_assert_uint_eq(back.members.count, 2);
	text = sync_texts_next(&back.members, NULL);
	ck_assert_str_eq(text, "u-1");
	ck_assert_str_eq(sync_texts_next(&back.members, text), "u-2");
}
END_TEST

START_TEST(total_comes_back_as_it_went)
{
	cleanup_frame struct frame frame = {0};
	struct frame other = {.type = FRAME_USER};
	uint32_t total = 0;

	ck_assert_ok(sync_total_to_frame(UINT32_MAX, &frame));
	ck_assert_ok(sync_total_from_frame(&frame, &total));
	ck_assert_uint_eq(total, UINT32_MAX);
	ck_assert_int_eq(
	    sync_total_from_frame(&other, &total), EXTAUTH_INVALID);
}
END_TEST

START_TEST(end_comes_back_as_it_went)
{
	char state[] = "s\x01\xff";
	struct sync_end end = sync_case_end(state);
	cleanup_sync_end struct sync_end back = {0};
	cleanup_frame struct frame frame = {0};

	ck_assert_ok(sync_end_to_frame(&end, sync_case_nonce, &frame));
	ck_assert_ok(sync_end_from_frame(&frame, sync_case_nonce, &back));
	ck_assert_int_eq(back.kind, SYNC_COMPLETE);
	ck_assert(back.is_configuration);
	ck_assert_uint_eq(back.http_status, 200);
	ck_assert_str_eq(back.reason, "why");
	ck_assert_str_eq(back.tls, "tls");
	ck_assert_str_eq(back.state, state);
}
END_TEST

START_TEST(end_without_a_state_has_none)
{
	struct sync_end end = sync_case_end(NULL);
	cleanup_sync_end struct sync_end back = {0};
	cleanup_frame struct frame frame = {0};

	ck_assert_ok(sync_end_to_frame(&end, sync_case_nonce, &frame));
	ck_assert_ok(sync_end_from_frame(&frame, sync_case_nonce, &back));
	ck_assert_ptr_null(back.state);
}
END_TEST

START_TEST(end_is_believed_with_our_nonce_only)
{
	static const char other[FRAME_NONCE_BYTES] = "0123456789abcdf";
	struct sync_end end = sync_case_end(NULL);
	struct sync_end back = {0};
	cleanup_frame struct frame frame = {0};

	ck_assert_ok(sync_end_to_frame(&end, other, &frame));
	ck_assert_int_eq(sync_end_from_frame(&frame, sync_case_nonce, &back),
	    EXTAUTH_INVALID);
	ck_assert_int_eq(back.kind, SYNC_FAILED);
}
END_TEST

START_TEST(texts_are_made_printable)
{
	struct sync_user user = {
	    .id = "a\nb", .email = "\x1b[2J", .gecos = "x\xff"};
	cleanup_sync_user struct sync_user back = {0};
	cleanup_frame struct frame frame = {0};

	ck_assert_ok(sync_texts_add(&user.groups, "g\n"));
	ck_assert_ok(sync_texts_add(&user.groups, "\t"));
	ck_assert_ok(sync_user_to_frame(&user, &frame));
	ck_assert_ok(sync_user_from_frame(&frame, &back));
	ck_assert_str_eq(back.id, "a?b");
	ck_assert_str_eq(back.email, "?[2J");
	ck_assert_str_eq(sync_texts_next(&back.groups, NULL), "g?");
	ck_assert_uint_eq(back.groups.count, 2);
	sync_user_clear(&user);
}
END_TEST

START_TEST(clearing_nothing_is_allowed)
{
	struct sync_user user = {.id = "u"};

	sync_user_clear(NULL);
	sync_group_clear(NULL);
	sync_end_clear(NULL);
	sync_user_clear(&user);
	ck_assert_str_eq(user.id, "");
}
END_TEST

START_TEST(list_of_texts_has_a_limit)
{
	cleanup_sync_group struct sync_group group = {.id = "g"};
	cleanup_sync_group struct sync_group back = {0};
	cleanup_frame struct frame frame = {0};
	char text[256];
	int i;

	memset(text, 'x', sizeof(text) - 1);
	text[255] = '\0';
	for (i = 0; i < SYNC_TEXTS_MAX_BYTES / 256; i++)
		ck_assert_ok(sync_texts_add(&group.members, text));
	ck_assert_int_eq(sync_texts_add(&group.members, ""), EXTAUTH_TOOBIG);
	ck_assert_uint_eq(group.members.count, SYNC_TEXTS_MAX_BYTES / 256);
	ck_assert_ok(sync_group_to_frame(&group, &frame));
	ck_assert_ok(sync_group_from_frame(&frame, &back));
	ck_assert_uint_eq(back.members.count, SYNC_TEXTS_MAX_BYTES / 256);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    job_comes_back_as_it_went,
	    user_comes_back_as_he_went,
	    user_who_is_gone_has_an_id_alone,
	    group_comes_back_as_it_went,
	    total_comes_back_as_it_went,
	    end_comes_back_as_it_went,
	    end_without_a_state_has_none,
	    end_is_believed_with_our_nonce_only,
	    texts_are_made_printable,
	    clearing_nothing_is_allowed,
	    list_of_texts_has_a_limit,
	    NULL,
	};

	return unit_run("sync", tests);
}
