/* SPDX-License-Identifier: MIT */
#include "job_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

/* A file of its own, and a request for it. */
struct world {
	int fd;
	struct request request;
	struct event event;
};

static void
world_make(struct world *world, const char *content)
{
	char path[] = "/tmp/extauth-list-XXXXXX";
	size_t length = strlen(content);

	world->fd = mkstemp(path);
	ck_assert_int_ge(world->fd, 0);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(write(world->fd, content, length), (ssize_t)length);
	world->request.body_max_bytes = 1 << 20;
}

static void
world_clear(struct world *world)
{
	request_clear(&world->request);
	event_clear(&world->event);
	close(world->fd);
}

static void
ask(struct world *world)
{
	event_clear(&world->event);
	ck_assert_ok(
	    job_file_answer(world->fd, &world->request, &world->event));
}

START_TEST(file_is_an_answer)
{
	struct world world = {0};
	static char content[70000];

	memset(content, 'x', sizeof(content));
	content[sizeof(content) - 1] = '\0';
	world_make(&world, content);
	ask(&world);
	ck_assert_int_eq(world.event.kind, EVENT_RESPONSE);
	ck_assert_uint_eq(world.event.response.status, 200);
	ck_assert(world.event.response.is_framed);
	ck_assert_str_eq(buffer_text(&world.event.response.body), content);
	ask(&world);
	ck_assert_str_eq(buffer_text(&world.event.response.body), content);
	world_clear(&world);
}
END_TEST

START_TEST(file_that_did_not_change_is_known)
{
	struct world world = {0};
	char mark[RESPONSE_FIELD_MAX_BYTES + 1];
	const struct timespec later[2] = {{1, 1}, {1, 1}};

	world_make(&world, "id,email\n");
	ask(&world);
	memcpy(mark, world.event.response.etag, sizeof(mark));
	ck_assert_int_eq(mark[0], '"');
	ck_assert_ok(request_add_header(&world.request, "Accept", "*/*"));
	ck_assert_ok(request_add_header(&world.request, "If-None-Match", mark));
	ask(&world);
	ck_assert_uint_eq(world.event.response.status, 304);
	ck_assert_uint_eq(world.event.response.body.length, 0);
	ck_assert_int_eq(futimens(world.fd, later), 0);
	ask(&world);
	ck_assert_uint_eq(world.event.response.status, 200);
	ck_assert_str_ne(world.event.response.etag, mark);
	world_clear(&world);
}
END_TEST

START_TEST(file_that_cannot_be_read_is_no_answer)
{
	struct world world = {0};
	int fd;

	world_make(&world, "0123456789");
	world.request.body_max_bytes = 9;
	ask(&world);
	ck_assert_int_eq(world.event.kind, EVENT_FAILED);
	ck_assert_str_eq(world.event.failure.reason, "the file is too big");
	fd = world.fd;
	world.fd = -1;
	ask(&world);
	ck_assert_int_eq(world.event.kind, EVENT_FAILED);
	world.fd = open("/tmp", O_RDONLY | O_DIRECTORY);
	ask(&world);
	ck_assert_int_eq(world.event.kind, EVENT_FAILED);
	ck_assert_str_eq(world.event.failure.reason, "Is a directory");
	close(world.fd);
	world.fd = fd;
	world_clear(&world);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    file_is_an_answer,
	    file_that_did_not_change_is_known,
	    file_that_cannot_be_read_is_no_answer,
	    NULL,
	};

	return unit_run("job_file", tests);
}
