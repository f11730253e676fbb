/* SPDX-License-Identifier: MIT */
#include "dialog_source.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit.h"

#define DEADLINE_MS 20000
#define PEOPLE 20000

static const char nonce[FRAME_NONCE_BYTES] = "0123456789abcdef";

/* Both ends of a dialog whose SYNC has been told. */
struct world {
	int host;
	struct dialog dialog;
	struct dialog_job *job;
	struct buffer pending;
};

static void
world_open(struct world *world, uint32_t deadline_ms)
{
	struct sync_job *job = calloc(1, sizeof(*job));
	cleanup_frame struct frame frame = {0};
	int ends[2];

	ck_assert_ptr_nonnull(job);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	world->host = ends[0];
	world->dialog.fd = ends[1];
	world->pending = buffer_make((size_t)FRAME_MAX_BYTES * 2);
	world->job = calloc(1, sizeof(*world->job));
	ck_assert_ptr_nonnull(world->job);
	(void)snprintf(job->source, sizeof(job->source), "corp");
	(void)snprintf(job->config_path, sizeof(job->config_path), "/c");
	(void)snprintf(job->state, sizeof(job->state), "s1");
	job->deadline_ms = deadline_ms;
	job->flags = LOGIN_TRACE;
	ck_assert_ok(sync_job_to_frame(job, nonce, &frame));
	ck_assert_ok(
	    frame_send(world->host, &frame, frame_clock_ms() + DEADLINE_MS));
	free(job);
}

static void
world_close(struct world *world)
{
	dialog_job_clear(world->job);
	free(world->job);
	buffer_clear(&world->dialog.pending);
	buffer_clear(&world->dialog.gathered);
	buffer_clear(&world->pending);
	close(world->dialog.fd);
	close(world->host);
}

static void
world_begin(struct world *world, uint32_t deadline_ms)
{
	world_open(world, deadline_ms);
	ck_assert_ok(dialog_receive_job(&world->dialog, world->job));
}

/* How many bytes the host could read now. */
static bool
is_quiet(const struct world *world)
{
	char byte;

	return recv(world->host, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0;
}

static enum frame_type
receive(struct world *world, struct frame *ret_frame)
{
	ck_assert_ok(frame_receive(world->host, &world->pending,
	    frame_clock_ms() + DEADLINE_MS, ret_frame));
	return ret_frame->type;
}

START_TEST(sync_is_a_job_with_a_deadline_of_its_own)
{
	struct world world = {0};
	int64_t left_ms;

	world_begin(&world, 7200000);
	left_ms = world.dialog.deadline_ms - frame_clock_ms();
	ck_assert_int_eq(world.job->type, FRAME_SYNC);
	ck_assert_str_eq(world.job->sync.source, "corp");
	ck_assert_str_eq(world.job->sync.state, "s1");
	ck_assert_uint_eq(world.job->sync.flags, LOGIN_TRACE);
	ck_assert_int_gt(left_ms, 7190000);
	ck_assert_int_le(left_ms, 7200000);
	dialog_set_alarm(&world.dialog, 0);
	ck_assert_uint_gt(alarm(0), 7190);
	world_close(&world);
}
END_TEST

START_TEST(frame_that_is_no_job_is_refused)
{
	static const enum frame_type types[] = {
	    FRAME_ANSWER, FRAME_USER, FRAME_GROUP, FRAME_TOTAL, FRAME_END};
	size_t at;

	for (at = 0; at < sizeof(types) / sizeof(*types); at++) {
		struct world world = {0};
		struct frame frame = frame_make(types[at]);
		struct frame ours = {0};

		world_open(&world, 1000);
		/* what was sent before is taken away */
		ck_assert_ok(frame_receive(world.dialog.fd, &world.pending,
		    frame_clock_ms() + DEADLINE_MS, &ours));
		ck_assert_ok(frame_send(
		    world.host, &frame, frame_clock_ms() + DEADLINE_MS));
		ck_assert_int_eq(dialog_receive_job(&world.dialog, world.job),
		    EXTAUTH_INVALID);
		frame_clear(&ours);
		frame_clear(&frame);
		world_close(&world);
	}
}
END_TEST

START_TEST(people_are_gathered_until_they_are_many)
{
	struct sync_user user = {.id = "1"};
	struct sync_group group = {.id = "g"};
	struct frame frame = {0};
	struct world world = {0};

	world_begin(&world, DEADLINE_MS);
	ck_assert_ok(dialog_gather_total(&world.dialog, 3));
	ck_assert_ok(dialog_gather_user(&world.dialog, &user));
	ck_assert_ok(dialog_gather_group(&world.dialog, &group));
	ck_assert_ok(dialog_gather_trace(&world.dialog, "a line"));
	ck_assert(is_quiet(&world));
	ck_assert_ok(dialog_flush(&world.dialog));
	ck_assert_int_eq(receive(&world, &frame), FRAME_TOTAL);
	frame_clear(&frame);
	ck_assert_int_eq(receive(&world, &frame), FRAME_USER);
	frame_clear(&frame);
	ck_assert_int_eq(receive(&world, &frame), FRAME_GROUP);
	frame_clear(&frame);
	ck_assert_int_eq(receive(&world, &frame), FRAME_TRACE);
	frame_clear(&frame);
	while (is_quiet(&world))
		ck_assert_ok(dialog_gather_user(&world.dialog, &user));
	ck_assert_uint_eq(world.dialog.gathered.length, 0);
	world_close(&world);
}
END_TEST

START_TEST(pause_tells_first_and_knows_the_deadline)
{
	struct sync_user user = {.id = "1"};
	struct extauth_error error = {0};
	struct world world = {0};
	int64_t start_ms;

	world_begin(&world, DEADLINE_MS);
	ck_assert_ok(dialog_gather_user(&world.dialog, &user));
	start_ms = frame_clock_ms();
	ck_assert_ok(dialog_pause(&world.dialog, 50, &error));
	ck_assert_int_ge(frame_clock_ms() - start_ms, 50);
	ck_assert(!is_quiet(&world));
	ck_assert_ok(dialog_pause(&world.dialog, 0, &error));
	start_ms = frame_clock_ms();
	ck_assert_int_eq(
	    dialog_pause(&world.dialog, DEADLINE_MS + 1000, &error),
	    EXTAUTH_UNAVAILABLE);
	ck_assert_int_lt(frame_clock_ms() - start_ms, 1000);
	ck_assert_ptr_nonnull(strstr(error.text, "pause of 21 s"));
	world_close(&world);
}
END_TEST

START_TEST(hang_up_ends_a_pause)
{
	struct extauth_error error = {0};
	struct world world = {0};
	int64_t start_ms = frame_clock_ms();

	world_begin(&world, DEADLINE_MS);
	close(world.host);
	ck_assert_int_eq(
	    dialog_pause(&world.dialog, 10000, &error), EXTAUTH_SYSTEM);
	ck_assert_int_lt(frame_clock_ms() - start_ms, 5000);
	world.host = dup(world.dialog.fd);
	world_close(&world);
}
END_TEST

static void *
tell_many(void *context)
{
	struct dialog *dialog = context;
	struct sync_end end = {.kind = SYNC_COMPLETE};
	struct sync_user user = {.email = "somebody@example.com"};
	unsigned at;

	for (at = 0; at < PEOPLE; at++) {
		(void)snprintf(user.id, sizeof(user.id), "%u", at);
		if (dialog_gather_user(dialog, &user) != EXTAUTH_OK)
			return NULL;
	}
	return dialog_end_sync(dialog, &end) == EXTAUTH_OK ? dialog : NULL;
}

START_TEST(host_that_reads_slowly_gets_all_and_the_end_last)
{
	struct sync_end end = {0};
	struct world world = {0};
	void *is_sent = NULL;
	pthread_t teller;
	unsigned people = 0;

	world_begin(&world, DEADLINE_MS);
	ck_assert_int_eq(
	    pthread_create(&teller, NULL, tell_many, &world.dialog), 0);
	for (;;) {
		cleanup_frame struct frame frame = {0};
		cleanup_sync_user struct sync_user user = {0};

		if (receive(&world, &frame) == FRAME_END) {
			ck_assert_ok(sync_end_from_frame(&frame, nonce, &end));
			break;
		}
		ck_assert_ok(sync_user_from_frame(&frame, &user));
		ck_assert_uint_eq(strtoul(user.id, NULL, 10), people);
		if (++people % 1000 == 0)
			usleep(1000);
	}
	pthread_join(teller, &is_sent);
	ck_assert_ptr_nonnull(is_sent);
	ck_assert_uint_eq(people, PEOPLE);
	ck_assert_int_eq(end.kind, SYNC_COMPLETE);
	ck_assert(is_quiet(&world));
	world_close(&world);
}
END_TEST

START_TEST(host_that_does_not_read_is_given_up_at_the_deadline)
{
	struct sync_user user = {.id = "1"};
	struct world world = {0};
	enum extauth_err err = EXTAUTH_OK;
	unsigned at;

	world_begin(&world, 300);
	for (at = 0; at < 100000 && err == EXTAUTH_OK; at++)
		err = dialog_gather_user(&world.dialog, &user);
	ck_assert_int_eq(err, EXTAUTH_UNAVAILABLE);
	world_close(&world);
}
END_TEST

START_TEST(end_that_cannot_be_told_is_one_that_failed)
{
	struct sync_end end = {.kind = SYNC_COMPLETE};
	cleanup_sync_end struct sync_end read = {0};
	cleanup_frame struct frame frame = {0};
	struct world world = {0};

	end.state = malloc(SYNC_STATE_MAX_BYTES + 2);
	ck_assert_ptr_nonnull(end.state);
	memset(end.state, 'x', SYNC_STATE_MAX_BYTES + 1);
	end.state[SYNC_STATE_MAX_BYTES + 1] = '\0';
	world_begin(&world, DEADLINE_MS);
	ck_assert_ok(dialog_end_sync(&world.dialog, &end));
	ck_assert_int_eq(receive(&world, &frame), FRAME_END);
	ck_assert_ok(sync_end_from_frame(&frame, nonce, &read));
	ck_assert_int_eq(read.kind, SYNC_FAILED);
	ck_assert_str_eq(read.reason, "the end cannot be told");
	free(end.state);
	world_close(&world);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    sync_is_a_job_with_a_deadline_of_its_own,
	    frame_that_is_no_job_is_refused,
	    people_are_gathered_until_they_are_many,
	    pause_tells_first_and_knows_the_deadline,
	    hang_up_ends_a_pause,
	    host_that_reads_slowly_gets_all_and_the_end_last,
	    host_that_does_not_read_is_given_up_at_the_deadline,
	    end_that_cannot_be_told_is_one_that_failed,
	    NULL,
	};

	return unit_run("dialog_source", tests);
}
