/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buffer.h"
#include "registry_case.h"

static size_t
read_whole(const char *name, char *bytes, size_t capacity)
{
	cleanup_fd int fd = open(case_path(name), O_RDONLY | O_CLOEXEC);
	ssize_t length = read(fd, bytes, capacity);

	ck_assert_int_gt(length, 0);
	ck_assert_uint_lt((size_t)length, capacity);
	return (size_t)length;
}

static void
write_whole(const char *name, const char *bytes, size_t length)
{
	cleanup_fd int fd = open(
	    case_path(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes, length), (ssize_t)length);
}

/* Asks a file that may be damaged: every answer is the right one or none. */
static void
assert_right_or_none(void)
{
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_room struct registry_room room = {0};
	struct registry_group group;
	struct registry_record record;
	struct registry_user user;
	uint64_t cursor = 0;
	enum extauth_err err =
	    registry_open(case_path("registry"), &registry, NULL);

	if (err != EXTAUTH_OK) {
		ck_assert_int_eq(err, EXTAUTH_UNAVAILABLE);
		return;
	}
	if (registry_find_name(&registry, "alice", &room, &user) == EXTAUTH_OK)
		case_assert_alice(&user, false);
	if (registry_find_uid(&registry, FIRST_UID, &room, &user) == EXTAUTH_OK)
		case_assert_alice(&user, false);
	if (registry_find_email(&registry, "alice@example.com", &room, &user) ==
	    EXTAUTH_OK)
		case_assert_alice(&user, false);
	if (registry_find_external_id(&registry, "00u1", &room, &user) ==
	    EXTAUTH_OK)
		case_assert_alice(&user, false);
	if (registry_find_gid(&registry, ADMINS_GID, &room, &group) ==
	    EXTAUTH_OK)
		ck_assert_str_eq(group.name, "admins");
	ck_assert_int_ne(
	    registry_find_name(&registry, "nobody1", &room, &user), EXTAUTH_OK);
	do
		err = registry_next(&registry, &cursor, &room, &record);
	while (err == EXTAUTH_OK);
	ck_assert(err == EXTAUTH_NOTFOUND || err == EXTAUTH_UNAVAILABLE);
}

START_TEST(flipped_byte_never_gives_a_wrong_answer)
{
	static const unsigned char masks[] = {0x01, 0x80, 0xff};
	static char bytes[8192];
	size_t length;
	size_t number;

	case_setup();
	length = read_whole("registry", bytes, sizeof(bytes));
	for (number = 0; number < length * 3; number++) {
		struct registry registry = {.fd = -1};
		char mask = (char)masks[number % 3];

		bytes[number / 3] ^= mask;
		write_whole("registry", bytes, length);
		bytes[number / 3] ^= mask;
		assert_right_or_none();
		if (registry_open(case_path("registry"), &registry, NULL) ==
		    EXTAUTH_OK)
			ck_assert_int_eq(registry_verify(&registry, NULL),
			    EXTAUTH_UNAVAILABLE);
		registry_close(&registry);
	}
	case_remove();
}
END_TEST

START_TEST(truncated_file_is_unavailable)
{
	struct registry registry;
	static char bytes[8192];
	size_t length;
	size_t cut;

	case_setup();
	length = read_whole("registry", bytes, sizeof(bytes));
	for (cut = 0; cut < length; cut++) {
		write_whole("registry", bytes, cut);
		ck_assert_int_eq(
		    registry_open(case_path("registry"), &registry, NULL),
		    EXTAUTH_UNAVAILABLE);
	}
	case_remove();
}
END_TEST

START_TEST(file_that_shrinks_while_open_is_unavailable)
{
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_room struct registry_room room = {0};
	struct registry_record record;
	struct registry_user user;
	uint64_t cursor = 0;

	case_setup();
	case_open("registry", &registry);
	ck_assert_int_eq(truncate(case_path("registry"), 300), 0);
	ck_assert_int_eq(registry_find_name(&registry, "alice", &room, &user),
	    EXTAUTH_UNAVAILABLE);
	ck_assert_int_eq(registry_next(&registry, &cursor, &room, &record),
	    EXTAUTH_UNAVAILABLE);
	ck_assert_int_eq(registry_verify(&registry, NULL), EXTAUTH_UNAVAILABLE);
	case_remove();
}
END_TEST

static void
assert_unavailable(const char *name)
{
	struct extauth_error error = {0};
	struct registry registry;

	ck_assert_int_eq(registry_open(case_path(name), &registry, &error),
	    EXTAUTH_UNAVAILABLE);
	ck_assert_ptr_nonnull(strstr(error.text, case_path(name)));
}

START_TEST(file_of_doubtful_origin_is_unavailable)
{
	const char *path;

	case_setup();
	path = case_path("registry");
	ck_assert_int_eq(chmod(path, 0620), 0);
	assert_unavailable("registry");
	ck_assert_int_eq(chmod(path, 0602), 0);
	assert_unavailable("registry");
	ck_assert_int_eq(chmod(path, 0600), 0);
	ck_assert_int_eq(chown(path, 4242, 0), 0);
	assert_unavailable("registry");
	ck_assert_int_eq(symlink("nss", case_path("link")), 0);
	assert_unavailable("link");
	ck_assert_int_eq(unlink(case_path("link")), 0);
	ck_assert_int_eq(mkfifo(case_path("link"), 0600), 0);
	assert_unavailable("link");
	assert_unavailable(".");
	case_remove();
}
END_TEST

START_TEST(missing_file_is_not_found)
{
	struct registry registry = {.fd = -1};

	ck_assert_int_eq(
	    registry_open("/nonexistent/registry", &registry, NULL),
	    EXTAUTH_NOTFOUND);
	registry_close(&registry);
	registry_close(NULL);
	registry_room_clear(NULL);
}
END_TEST

static void
assert_no_change(const char *reason)
{
	struct extauth_error error = {0};
	struct registry_change change;

	ck_assert_int_eq(
	    registry_change_begin(case_directory(), 0, &change, &error),
	    EXTAUTH_UNAVAILABLE);
	ck_assert_msg(strstr(error.text, reason) != NULL, "%s", error.text);
	ck_assert_ptr_nonnull(strstr(error.text, "or remove "));
}

START_TEST(lost_registry_is_not_begun_anew)
{
	struct registry_change change;

	case_setup();
	ck_assert_int_eq(unlink(case_path("registry")), 0);
	assert_no_change("is lost");
	ck_assert_int_eq(truncate(case_path("nss"), 10), 0);
	assert_no_change("is lost");
	ck_assert_int_eq(unlink(case_path("nss")), 0);
	case_begin(&change);
	ck_assert_uint_eq(change.contents.user_count, 0);
	case_commit(&change);
	case_remove();
}
END_TEST

START_TEST(registry_from_an_old_backup_is_not_changed)
{
	static char old[65536];
	struct registry_change change;
	size_t length;

	case_setup();
	length = read_whole("registry", old, sizeof(old));
	case_begin(&change);
	case_add_numbered(&change, 1, FIRST_UID + 5);
	case_commit(&change);
	write_whole("registry", old, length);
	assert_no_change("is older than");
	ck_assert_int_eq(unlink(case_path("nss")), 0);
	case_begin(&change);
	case_commit(&change);
	case_remove();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    flipped_byte_never_gives_a_wrong_answer,
	    truncated_file_is_unavailable,
	    file_that_shrinks_while_open_is_unavailable,
	    file_of_doubtful_origin_is_unavailable,
	    missing_file_is_not_found,
	    lost_registry_is_not_begun_anew,
	    registry_from_an_old_backup_is_not_changed,
	    NULL,
	};

	return unit_run("registry_damage", tests);
}
