/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buffer.h"
#include "registry_case.h"

#define FILE_BYTES_MAX 65536
#define PAGE_BYTES 4096

/* What both files hold. */
struct photo {
	char bytes[2][FILE_BYTES_MAX];
	ssize_t length[2];
};

static void
take_photo(struct photo *photo)
{
	static const char *const names[] = {"registry", "nss"};
	size_t number;

	for (number = 0; number < 2; number++) {
		cleanup_fd int fd =
		    open(case_path(names[number]), O_RDONLY | O_CLOEXEC);

		ck_assert_int_ge(fd, 0);
		photo->length[number] =
		    read(fd, photo->bytes[number], FILE_BYTES_MAX);
		ck_assert_int_gt(photo->length[number], 0);
		ck_assert_int_lt(photo->length[number], FILE_BYTES_MAX);
	}
}

static bool
is_photo_of_now(const struct photo *photo)
{
	static struct photo now;
	size_t number;

	take_photo(&now);
	for (number = 0; number < 2; number++) {
		if (now.length[number] != photo->length[number] ||
		    memcmp(now.bytes[number], photo->bytes[number],
			(size_t)now.length[number]) != 0)
			return false;
	}
	return true;
}

static void
assert_no_temporary(void)
{
	ck_assert_int_ne(access(case_path(".registry.new"), F_OK), 0);
	ck_assert_int_ne(access(case_path(".nss.new"), F_OK), 0);
}

static void
write_text(const char *name, const char *text)
{
	FILE *file = fopen(case_path(name), "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
}

static mode_t
mode_of(const char *name)
{
	struct stat status;

	ck_assert_int_eq(lstat(case_path(name), &status), 0);
	return status.st_mode & 07777;
}

static void
assert_refused(const char *directory, enum extauth_err wanted)
{
	struct extauth_error error = {0};
	struct registry_change change = {.directory_fd = 42};
	enum extauth_err err =
	    registry_change_begin(directory, 0, &change, &error);

	ck_assert_msg(err == wanted, "%d: %s", (int)err, error.text);
	ck_assert_str_ne(error.text, "");
	ck_assert_int_eq(change.directory_fd, 42);
}

START_TEST(what_was_not_committed_is_gone)
{
	static struct photo photo;
	struct registry_change change;

	case_setup();
	take_photo(&photo);
	case_begin(&change);
	case_add_numbered(&change, 1, FIRST_UID + 5);
	registry_change_end(&change);
	registry_change_end(&change);
	registry_change_end(NULL);
	ck_assert(is_photo_of_now(&photo));
	assert_no_temporary();
	case_begin(&change);
	ck_assert_ptr_null(
	    registry_contents_find_name(&change.contents, "user1"));
	registry_change_end(&change);
	case_remove();
}
END_TEST

START_TEST(generation_counts_the_commits)
{
	struct registry_change change;

	case_setup();
	case_begin(&change);
	ck_assert_uint_eq(change.contents.generation, 1);
	ck_assert_ok(registry_change_commit(&change, NULL));
	case_add_numbered(&change, 1, FIRST_UID + 5);
	ck_assert_ok(registry_change_commit(&change, NULL));
	case_commit(&change);
	ck_assert_uint_eq(case_verified("registry").generation, 4);
	ck_assert_uint_eq(case_verified("nss").generation, 4);
	ck_assert_uint_eq(case_verified("registry").user_count, 4);
	ck_assert_uint_eq(case_verified("nss").user_count, 3);
	case_remove();
}
END_TEST

START_TEST(umask_does_not_matter)
{
	static const mode_t masks[] = {0, 022, 077, 0777};
	struct registry_change change;
	size_t number;

	for (number = 0; number < sizeof(masks) / sizeof(*masks); number++) {
		case_make_directory();
		ck_assert_int_eq(rmdir(case_directory()), 0);
		umask(masks[number]);
		case_begin(&change);
		case_commit(&change);
		umask(022);
		ck_assert_uint_eq(mode_of("."), 0755);
		ck_assert_uint_eq(mode_of("registry"), 0600);
		ck_assert_uint_eq(mode_of("nss"), 0644);
		ck_assert_uint_eq(mode_of("lock") & 0177, 0);
		case_remove();
	}
}
END_TEST

START_TEST(what_lies_in_the_way_is_replaced_not_followed)
{
	struct registry_change change;

	case_setup();
	write_text(".nss.new", "half a file");
	write_text("link", "victim");
	ck_assert_int_eq(symlink("link", case_path(".registry.new")), 0);
	ck_assert_int_eq(unlink(case_path("nss")), 0);
	ck_assert_int_eq(symlink("link", case_path("nss")), 0);
	case_begin(&change);
	case_commit(&change);
	assert_no_temporary();
	ck_assert_uint_eq(case_verified("registry").generation, 2);
	ck_assert_uint_eq(case_verified("nss").generation, 2);
	ck_assert_uint_eq(mode_of("registry"), 0600);
	ck_assert_uint_eq(mode_of("nss"), 0644);
	ck_assert_uint_eq(mode_of("link"), 0644);
	case_remove();
}
END_TEST

START_TEST(linked_lock_is_refused)
{
	case_setup();
	ck_assert_int_eq(unlink(case_path("lock")), 0);
	ck_assert_int_eq(symlink("link", case_path("lock")), 0);
	assert_refused(case_directory(), EXTAUTH_SYSTEM);
	ck_assert_int_ne(access(case_path("link"), F_OK), 0);
	case_remove();
}
END_TEST

START_TEST(directory_of_others_is_refused)
{
	static const mode_t modes[] = {0775, 0757, 0777, 01777};
	static struct photo photo;
	size_t number;

	case_setup();
	take_photo(&photo);
	for (number = 0; number < sizeof(modes) / sizeof(*modes); number++) {
		ck_assert_int_eq(chmod(case_directory(), modes[number]), 0);
		assert_refused(case_directory(), EXTAUTH_UNAVAILABLE);
		ck_assert_uint_eq(mode_of("."), modes[number]);
	}
	ck_assert_int_eq(chmod(case_directory(), 0755), 0);
	ck_assert_int_eq(chown(case_directory(), 65534, 0), 0);
	assert_refused(case_directory(), EXTAUTH_UNAVAILABLE);
	ck_assert_int_eq(chown(case_directory(), 0, 0), 0);
	ck_assert_int_eq(symlink(case_directory(), case_path("link")), 0);
	assert_refused(case_path("link"), EXTAUTH_SYSTEM);
	assert_refused(case_path("nss"), EXTAUTH_SYSTEM);
	assert_refused(case_path("none/none"), EXTAUTH_SYSTEM);
	ck_assert(is_photo_of_now(&photo));
	case_remove();
}
END_TEST

/* Puts the damage in, and finds all as it was after a writer was there. */
static void
assert_damage_stays(const char *bytes, size_t length)
{
	static struct photo photo;
	FILE *file = fopen(case_path("registry"), "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(bytes, 1, length, file), length);
	ck_assert_int_eq(fclose(file), 0);
	take_photo(&photo);
	assert_refused(case_directory(), EXTAUTH_UNAVAILABLE);
	ck_assert(is_photo_of_now(&photo));
	assert_no_temporary();
}

START_TEST(damaged_registry_is_an_error_and_stays)
{
	static struct photo photo;
	char *bytes = photo.bytes[0];
	size_t length;
	size_t number;

	case_setup();
	take_photo(&photo);
	length = (size_t)photo.length[0];
	for (number = 0; number < length; number += 61) {
		bytes[number] ^= 0x10;
		assert_damage_stays(bytes, length);
		bytes[number] ^= 0x10;
	}
	for (number = 1; number < length; number += 97)
		assert_damage_stays(bytes, number);
	assert_damage_stays("root:x:0:0::/:/bin/sh\n", 22);
	assert_damage_stays(photo.bytes[1], (size_t)photo.length[1]);
	case_remove();
}
END_TEST

/* As a writer leaves it that is killed between the two renames. */
START_TEST(older_nss_file_is_brought_up_by_the_next_commit)
{
	struct registry_change change;
	char old[128];

	case_setup();
	snprintf(old, sizeof(old), "%s", case_path("link"));
	ck_assert_int_eq(rename(case_path("nss"), old), 0);
	case_begin(&change);
	case_commit(&change);
	ck_assert_int_eq(rename(old, case_path("nss")), 0);
	ck_assert_uint_eq(case_verified("nss").generation, 1);
	case_begin(&change);
	ck_assert_uint_eq(change.contents.generation, 2);
	case_commit(&change);
	ck_assert_uint_eq(case_verified("registry").generation, 3);
	ck_assert_uint_eq(case_verified("nss").generation, 3);
	case_remove();
}
END_TEST

START_TEST(failed_second_rename_is_told_and_mended)
{
	struct extauth_error error = {0};
	struct registry_change change;

	case_setup();
	ck_assert_int_eq(unlink(case_path("nss")), 0);
	ck_assert_int_eq(mkdir(case_path("nss"), 0755), 0);
	case_begin(&change);
	ck_assert_int_eq(
	    registry_change_commit(&change, &error), EXTAUTH_SYSTEM);
	ck_assert_str_eq(error.text, "nss: Is a directory");
	assert_no_temporary();
	ck_assert_int_eq(rmdir(case_path("nss")), 0);
	case_commit(&change);
	ck_assert_uint_eq(case_verified("nss").generation,
	    case_verified("registry").generation);
	case_remove();
}
END_TEST

/* The test's directory becomes a small disk that this process alone sees. */
static void
make_disk(void)
{
	struct registry_change change;
	unsigned number;

	case_make_directory();
	unit_hide_mounts();
	ck_assert_int_eq(
	    mount("tmpfs", case_directory(), "tmpfs", 0, "mode=0755,size=256k"),
	    0);
	case_begin(&change);
	for (number = 0; number < 100; number++)
		case_add_numbered(&change, number, FIRST_UID + number);
	case_commit(&change);
}

static void
remove_disk(void)
{
	ck_assert_int_eq(umount(case_directory()), 0);
	case_remove();
}

START_TEST(old_files_stay_when_the_disk_is_full)
{
	static const char page[PAGE_BYTES];
	static struct photo photo;
	struct extauth_error error = {0};
	struct registry_change change;
	enum extauth_err err;
	off_t length = 0;
	unsigned failures = 0;
	int fd;

	make_disk();
	take_photo(&photo);
	case_begin(&change);
	case_add_numbered(&change, 100, FIRST_UID + 100);
	fd = open(case_path("link"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	while (write(fd, page, sizeof(page)) == PAGE_BYTES)
		length += PAGE_BYTES;
	for (;;) {
		err = registry_change_commit(&change, &error);
		assert_no_temporary();
		if (err == EXTAUTH_OK)
			break;
		failures++;
		ck_assert_int_eq(err, EXTAUTH_SYSTEM);
		ck_assert_ptr_nonnull(strstr(error.text, "No space left"));
		ck_assert(is_photo_of_now(&photo));
		length -= PAGE_BYTES;
		ck_assert_int_eq(ftruncate(fd, length), 0);
	}
	ck_assert_int_eq(close(fd), 0);
	registry_change_end(&change);
	ck_assert_uint_gt(failures, 8);
	ck_assert_uint_eq(case_verified("registry").user_count, 101);
	ck_assert_uint_eq(case_verified("nss").generation, 2);
	remove_disk();
}
END_TEST

START_TEST(old_files_stay_when_the_disk_is_read_only)
{
	static struct photo photo;

	make_disk();
	take_photo(&photo);
	ck_assert_int_eq(mount("tmpfs", case_directory(), "none",
			     MS_REMOUNT | MS_RDONLY, NULL),
	    0);
	assert_refused(case_directory(), EXTAUTH_SYSTEM);
	ck_assert(is_photo_of_now(&photo));
	remove_disk();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    what_was_not_committed_is_gone,
	    generation_counts_the_commits,
	    umask_does_not_matter,
	    what_lies_in_the_way_is_replaced_not_followed,
	    linked_lock_is_refused,
	    directory_of_others_is_refused,
	    damaged_registry_is_an_error_and_stays,
	    older_nss_file_is_brought_up_by_the_next_commit,
	    failed_second_rename_is_told_and_mended,
	    old_files_stay_when_the_disk_is_full,
	    old_files_stay_when_the_disk_is_read_only,
	    NULL,
	};

	return unit_run("registry_write", tests);
}
