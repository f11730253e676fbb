/* SPDX-License-Identifier: MIT */
#include "sync_case.h"

#include <stdlib.h>

#include "unit.h"

const char sync_case_nonce[FRAME_NONCE_BYTES] = "0123456789abcde";

struct sync_user
sync_case_jane(void)
{
	struct sync_user user = {
	    .id = "u-1",
	    .email = "jane@example.com",
	    .name = "Jane",
	    .gecos = "Jane D\xc3\xb6",
	    .home = "/home/j",
	    .shell = "/bin/sh",
	    .has_uid = true,
	    .uid = 0x81020304,
	    .is_disabled = true,
	};

	ck_assert_ok(sync_texts_add(&user.groups, "g-1"));
	ck_assert_ok(sync_texts_add(&user.groups, "admins"));
	ck_assert_ok(sync_texts_add(&user.groups, ""));
	ck_assert_ok(sync_texts_add(&user.groups, "staff"));
	return user;
}

struct sync_group
sync_case_admins(void)
{
	struct sync_group group = {
	    .id = "g-1", .name = "admins", .has_gid = true, .gid = 70000};

	ck_assert_ok(sync_texts_add(&group.members, "u-1"));
	ck_assert_ok(sync_texts_add(&group.members, "u-2"));
	return group;
}

struct sync_end
sync_case_end(char *state)
{
	return (struct sync_end){.kind = SYNC_COMPLETE,
	    .http_status = 200,
	    .reason = "why",
	    .tls = "tls",
	    .is_configuration = true,
	    .state = state};
}

/* Reads a frame by its own reader and throws the result away. */
enum extauth_err
sync_case_read(const struct frame *frame)
{
	cleanup_free struct sync_job *job = calloc(1, sizeof(*job));
	cleanup_sync_user struct sync_user user = {0};
	cleanup_sync_group struct sync_group group = {0};
	cleanup_sync_end struct sync_end end = {0};
	char theirs[FRAME_NONCE_BYTES];
	uint32_t total;

	ck_assert_ptr_nonnull(job);
	if (frame->type == FRAME_SYNC)
		return sync_job_from_frame(frame, job, theirs);
	if (frame->type == FRAME_USER)
		return sync_user_from_frame(frame, &user);
	if (frame->type == FRAME_GROUP)
		return sync_group_from_frame(frame, &group);
	if (frame->type == FRAME_TOTAL)
		return sync_total_from_frame(frame, &total);
	return sync_end_from_frame(frame, sync_case_nonce, &end);
}

struct frame
sync_case_frame(int number)
{
	cleanup_sync_user struct sync_user user = sync_case_jane();
	cleanup_sync_group struct sync_group group = sync_case_admins();
	cleanup_free struct sync_job *job = calloc(1, sizeof(*job));
	struct frame frame = {0};
	char state[] = "state";
	struct sync_end end = sync_case_end(state);

	ck_assert_ptr_nonnull(job);
	if (number == 0)
		ck_assert_ok(sync_job_to_frame(job, sync_case_nonce, &frame));
	else if (number == 1)
		ck_assert_ok(sync_user_to_frame(&user, &frame));
	else if (number == 2)
		ck_assert_ok(sync_group_to_frame(&group, &frame));
	else if (number == 3)
		ck_assert_ok(sync_total_to_frame(7, &frame));
	else
		ck_assert_ok(sync_end_to_frame(&end, sync_case_nonce, &frame));
	return frame;
}
