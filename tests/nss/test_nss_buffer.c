/* SPDX-License-Identifier: MIT */
/* Gives the entry points of the built module buffers of every length and
 * alignment.
 * Does not know: nsswitch.conf. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "nss_case.h"
#include "nss_entry.h"

#define LENGTH_MAX 2048
#define ALIGN_MAX 16
#define GUARD 0x5a

/* A buffer of a wanted length and misalignment, with guards around it. */
struct guarded {
	char bytes[64 + ALIGN_MAX + LENGTH_MAX + 64];
	char *start;
	size_t length;
};

static void
guard(struct guarded *room, size_t length, size_t shift)
{
	memset(room->bytes, GUARD, sizeof(room->bytes));
	room->start = room->bytes + 64 + shift;
	room->length = length;
}

/* One assert for all bytes: Check notes each, which takes its time. */
static void
assert_guards_hold(const struct guarded *room)
{
	const char *byte;
	bool holds = true;

	for (byte = room->bytes; byte < room->start; byte++)
		holds = holds && *byte == GUARD;
	for (byte = room->start + room->length;
	     byte < room->bytes + sizeof(room->bytes); byte++)
		holds = holds && *byte == GUARD;
	ck_assert(holds);
}

static void
assert_inside(const struct guarded *room, const char *text)
{
	ck_assert(text >= room->start);
	ck_assert(text + strlen(text) + 1 <= room->start + room->length);
}

static void
assert_is_alice(const struct guarded *room, const struct passwd *entry)
{
	assert_inside(room, entry->pw_name);
	assert_inside(room, entry->pw_passwd);
	assert_inside(room, entry->pw_gecos);
	assert_inside(room, entry->pw_dir);
	assert_inside(room, entry->pw_shell);
	ck_assert_str_eq(entry->pw_name, "alice");
	ck_assert_str_eq(entry->pw_passwd, "*");
	ck_assert_str_eq(entry->pw_gecos, "Alice Example");
	ck_assert_str_eq(entry->pw_dir, "/home/alice");
	ck_assert_str_eq(entry->pw_shell, "/bin/bash");
	ck_assert_uint_eq(entry->pw_uid, ALICE_UID);
	ck_assert_uint_eq(entry->pw_gid, ALICE_UID);
}

static void
assert_is_admins(const struct guarded *room, const struct group *entry)
{
	assert_inside(room, entry->gr_name);
	assert_inside(room, entry->gr_passwd);
	ck_assert_uint_eq((uintptr_t)entry->gr_mem % _Alignof(char *), 0);
	ck_assert((char *)entry->gr_mem >= room->start);
	ck_assert((char *)(entry->gr_mem + 3) <= room->start + room->length);
	ck_assert_str_eq(entry->gr_name, "admins");
	ck_assert_str_eq(entry->gr_passwd, "*");
	ck_assert_uint_eq(entry->gr_gid, ADMINS_GID);
	assert_inside(room, entry->gr_mem[0]);
	assert_inside(room, entry->gr_mem[1]);
	ck_assert_str_eq(entry->gr_mem[0], "alice");
	ck_assert_str_eq(entry->gr_mem[1], "carol@example.com");
	ck_assert_ptr_null(entry->gr_mem[2]);
}

/* Asks one of six ways; the answer is checked where there is one. */
static enum nss_status
ask(const struct nss_module *module, unsigned way, struct guarded *room,
    int *error)
{
	struct passwd entry = {0};
	struct group group = {0};
	char *start = room->start;
	enum nss_status status;

	switch (way) {
	case 0:
		status = module->getpwnam(
		    "alice", &entry, start, room->length, error);
		break;
	case 1:
		status = module->getpwuid(
		    ALICE_UID, &entry, start, room->length, error);
		break;
	case 2:
		status = module->getgrnam(
		    "admins", &group, start, room->length, error);
		break;
	case 3:
		status = module->getgrgid(
		    ADMINS_GID, &group, start, room->length, error);
		break;
	default:
		module->setgrent(0);
		status = module->getgrent(&group, start, room->length, error);
		break;
	}
	if (status == NSS_STATUS_SUCCESS && way < 2)
		assert_is_alice(room, &entry);
	if (status == NSS_STATUS_SUCCESS && way >= 2)
		assert_is_admins(room, &group);
	return status;
}

START_TEST(buffer_is_too_small_or_the_answer_lies_in_it)
{
	struct nss_module module;
	static struct guarded room;
	size_t shift;
	size_t length;
	unsigned way = (unsigned)_i;

	nss_case_enter();
	nss_case_write(true, 0);
	module = nss_load();
	for (shift = 0; shift < ALIGN_MAX; shift++) {
		bool fits = false;

		for (length = 0; length <= LENGTH_MAX; length++) {
			int error = 4242;
			enum nss_status status;

			guard(&room, length, shift);
			errno = 77;
			status = ask(&module, way, &room, &error);
			ck_assert_int_eq(errno, 77);
			assert_guards_hold(&room);
			if (status == NSS_STATUS_SUCCESS) {
				fits = true;
				continue;
			}
			ck_assert(!fits);
			ck_assert_int_eq(status, NSS_STATUS_TRYAGAIN);
			ck_assert_int_eq(error, ERANGE);
		}
		ck_assert(fits);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("nss_buffer");
	TCase *all = tcase_create("all");
	SRunner *runner;
	int failed;

	tcase_set_timeout(all, 120);
	tcase_add_loop_test(
	    all, buffer_is_too_small_or_the_answer_lies_in_it, 0, 5);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
