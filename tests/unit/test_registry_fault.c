/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "registry_base.h"
#include "registry_sweep.h"

#define MANY 2500
#define NEW_NAME "newcomer"

static enum extauth_err
change_some(struct registry_change *change, struct extauth_error *error)
{
	struct registry_contents *contents = &change->contents;
	struct registry_user user = case_alice();
	enum extauth_err err = registry_contents_add_group(
	    contents, "fresh", EMPTY_GID + 1, error);

	user.name = NEW_NAME;
	user.email = NEW_NAME "@example.com";
	user.external_id = "00u9";
	user.uid = FIRST_UID + 90;
	user.gid = user.uid;
	if (err == EXTAUTH_OK)
		err = registry_contents_add_user(contents, &user, error);
	if (err != EXTAUTH_OK)
		return err;
	user = *registry_contents_find_name(contents, "user7");
	user.is_disabled = true;
	user.gecos = "Another and longer name";
	err = registry_contents_change_user(contents, &user, error);
	if (err == EXTAUTH_OK)
		err = registry_contents_remove_user(contents, "user9");
	if (err == EXTAUTH_OK)
		err = registry_contents_remove_group(contents, "empty");
	if (err == EXTAUTH_NOMEM && error->text[0] == '\0')
		return error_set(error, err, "out of memory");
	return err;
}

static enum extauth_err
change_and_commit(bool is_anew, struct extauth_error *error)
{
	cleanup_change struct registry_change change = REGISTRY_CHANGE_NONE;
	enum extauth_err err =
	    registry_change_begin(case_directory(), 0, &change, error);

	if (err == EXTAUTH_OK)
		err = change_some(&change, error);
	if (err != EXTAUTH_OK)
		return err;
	if (is_anew)
		change.contents.base->is_current = false;
	return registry_change_commit(&change, error);
}

static enum extauth_err
commit_patched(struct extauth_error *error)
{
	return change_and_commit(false, error);
}

static enum extauth_err
commit_anew(struct extauth_error *error)
{
	return change_and_commit(true, error);
}

static enum extauth_err
commit_the_first(struct extauth_error *error)
{
	cleanup_change struct registry_change change = REGISTRY_CHANGE_NONE;
	struct registry_user user = case_alice();
	enum extauth_err err;

	user.gid_count = 0;
	sweep_expect(unlink(case_path("registry")) == 0);
	sweep_expect(unlink(case_path("nss")) == 0);
	err = registry_change_begin(case_directory(), 0, &change, error);
	if (err == EXTAUTH_OK)
		err =
		    registry_contents_add_user(&change.contents, &user, error);
	return err == EXTAUTH_OK ? registry_change_commit(&change, error) : err;
}

static bool
is_there(const char *file, const char *name)
{
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_room struct registry_room room = {0};
	struct registry_user user;
	enum extauth_err err;

	case_open(file, &registry);
	err = registry_find_name(&registry, name, &room, &user);
	ck_assert(err == EXTAUTH_OK || err == EXTAUTH_NOTFOUND);
	return err == EXTAUTH_OK;
}

static void
assert_swept(void)
{
	ck_assert_int_ne(access(case_path(".registry.new"), F_OK), 0);
	ck_assert_int_ne(access(case_path(".nss.new"), F_OK), 0);
}

/* The next writer goes on as if nothing had been. */
static void
assert_goes_on(void)
{
	struct registry_change change;
	uint64_t generation = case_verified("registry").generation;

	case_begin(&change);
	case_add_numbered(&change, SWEEP_USERS + 1, FIRST_UID + 95);
	case_commit(&change);
	ck_assert_uint_eq(case_verified("registry").generation, generation + 1);
	ck_assert_uint_eq(case_verified("nss").generation, generation + 1);
	ck_assert(is_there("nss", "user41") && is_there("registry", "user41"));
}

static mode_t
mode_of(const char *file)
{
	struct stat status;

	ck_assert_int_eq(stat(case_path(file), &status), 0);
	return status.st_mode & 07777;
}

/* Each of the files is the old or the new one, and `nss` is not the newer. */
static void
check_commit(enum extauth_err err)
{
	struct registry whole = case_verified("registry");
	struct registry shown = case_verified("nss");

	ck_assert(whole.generation == 2 || whole.generation == 3);
	ck_assert(shown.generation == 2 || shown.generation == 3);
	ck_assert_uint_le(shown.generation, whole.generation);
	if (err == EXTAUTH_OK)
		ck_assert_uint_eq(shown.generation, 3);
	ck_assert(is_there("registry", NEW_NAME) == (whole.generation == 3));
	ck_assert(is_there("registry", "user9") == (whole.generation == 2));
	ck_assert(is_there("nss", NEW_NAME) == (shown.generation == 3));
	ck_assert(is_there("nss", "user9") == (shown.generation == 2));
	ck_assert_uint_eq(mode_of("registry"), 0600);
	ck_assert_uint_eq(mode_of("nss"), 0644);
	assert_swept();
	assert_goes_on();
}

static void
check_first(enum extauth_err err)
{
	bool has_registry = access(case_path("registry"), F_OK) == 0;
	bool has_nss = access(case_path("nss"), F_OK) == 0;

	ck_assert(has_registry || !has_nss);
	if (err == EXTAUTH_OK)
		ck_assert(has_nss && is_there("nss", "alice"));
	if (has_registry)
		ck_assert(is_there("registry", "alice"));
	assert_swept();
}

START_TEST(patched_commit_is_whole_or_told)
{
	static const struct scene scene = {
	    commit_patched, check_commit, {20, 15, 4}};

	sweep_all(&scene);
}
END_TEST

START_TEST(commit_of_files_made_anew_is_whole_or_told)
{
	static const struct scene scene = {
	    commit_anew, check_commit, {20, 15, 4}};

	sweep_all(&scene);
}
END_TEST

START_TEST(first_commit_is_whole_or_told)
{
	static const struct scene scene = {
	    commit_the_first, check_first, {15, 12, 4}};

	sweep_all(&scene);
}
END_TEST

/* Enough for many writes of each file. */
static enum extauth_err
commit_many(struct extauth_error *error)
{
	cleanup_change struct registry_change change = REGISTRY_CHANGE_NONE;
	static char text[252];
	char name[32];
	char email[48];
	unsigned long number;
	enum extauth_err err =
	    registry_change_begin(case_directory(), 0, &change, error);

	memset(text, 'x', sizeof(text) - 1);
	text[0] = '/';
	for (number = 0; number < MANY && err == EXTAUTH_OK; number++) {
		struct registry_user user = case_alice();

		snprintf(name, sizeof(name), "many%lu", number);
		snprintf(email, sizeof(email), "many%lu@example.com", number);
		user.name = name;
		user.email = email;
		user.external_id = "";
		user.home = text;
		user.shell = text;
		user.uid = FIRST_UID + 10000 + (uint32_t)number;
		user.gid = user.uid;
		err =
		    registry_contents_add_user(&change.contents, &user, error);
	}
	return err == EXTAUTH_OK ? registry_change_commit(&change, error) : err;
}

/* Counts the users of a whole file, who are as many as it says. */
static uint64_t
count_users(const char *file)
{
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_room struct registry_room room = {0};
	struct registry whole = case_verified(file);
	struct registry_record record;
	uint64_t cursor = 0;
	uint64_t count = 0;
	enum extauth_err err;

	case_open(file, &registry);
	while ((err = registry_next(&registry, &cursor, &room, &record)) ==
	    EXTAUTH_OK)
		count += record.kind == REGISTRY_USER;
	ck_assert_int_eq(err, EXTAUTH_NOTFOUND);
	ck_assert_uint_eq(count, whole.user_count);
	return count;
}

static void
check_many(enum extauth_err err)
{
	uint64_t users = count_users("registry");
	uint64_t shown = count_users("nss");

	ck_assert(users == SWEEP_USERS + 3 || users == SWEEP_USERS + 3 + MANY);
	ck_assert(shown == SWEEP_USERS + 2 || shown == SWEEP_USERS + 2 + MANY);
	ck_assert(err != EXTAUTH_OK || shown == SWEEP_USERS + 2 + MANY);
	assert_swept();
}

START_TEST(commit_of_many_is_whole_or_told)
{
	static const struct scene scene = {commit_many, check_many, {0, 15, 9}};

	sweep(&scene, FAULT_CALL, ENOSPC);
	sweep(&scene, FAULT_SHORT, 0);
}
END_TEST

/* Nobody else has put it there, and a program that is started keeps it not. */
START_TEST(temporary_file_is_opened_as_nobodys)
{
	struct registry_change change;
	unsigned round;

	case_setup();
	for (round = 0; round < 2; round++) {
		struct fault_opened opened;

		case_begin(&change);
		change.contents.base->is_current = round == 0;
		case_add_numbered(&change, round, FIRST_UID + 90 + round);
		case_commit(&change);
		opened = fault_opened_last();
		ck_assert_int_eq(opened.flags & ~O_LARGEFILE,
		    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW);
		ck_assert_uint_eq(opened.mode, 0600);
	}
	case_remove();
}
END_TEST

/* Commits a change, of whose calls the one after so many others fails. */
static struct fault_outcome
commit_at(enum fault_kind kind, size_t calls)
{
	cleanup_change struct registry_change change = REGISTRY_CHANGE_NONE;
	struct fault_outcome outcome = {0};

	case_begin(&change);
	change.contents.base->is_current = kind == FAULT_MEMORY;
	case_add_numbered(&change, calls, FIRST_UID + 100 + (uint32_t)calls);
	fault_begin(kind, calls, EIO);
	outcome.err = registry_change_commit(&change, &outcome.error);
	outcome.has_failed = fault_end();
	return outcome;
}

START_TEST(call_of_a_commit_that_fails_is_named)
{
	struct fault_outcome outcome;
	unsigned random = 0;
	size_t calls = 0;

	case_setup();
	do {
		outcome = commit_at(FAULT_CALL, calls++);
		ck_assert_int_eq(outcome.err,
		    outcome.has_failed ? EXTAUTH_SYSTEM : EXTAUTH_OK);
		ck_assert(strstr(outcome.error.text, ": Input/output error") ||
		    !outcome.has_failed);
		random += strstr(outcome.error.text, "getrandom") != NULL;
	} while (outcome.has_failed);
	/* One for each file. */
	ck_assert_uint_eq(random, 2);
	case_remove();
}
END_TEST

/* Files that cannot be patched are made anew, if there is memory for that. */
START_TEST(commit_without_memory_is_told_or_made_anew)
{
	struct fault_outcome outcome;
	size_t calls = 0;

	case_setup();
	do {
		outcome = commit_at(FAULT_MEMORY, calls++);
		ck_assert(outcome.err == EXTAUTH_OK ||
		    (outcome.has_failed && outcome.err == EXTAUTH_NOMEM));
		ck_assert((outcome.err == EXTAUTH_OK) ==
		    (outcome.error.text[0] == '\0'));
	} while (outcome.has_failed);
	ck_assert_uint_gt(calls, 5);
	case_remove();
}
END_TEST

START_TEST(temporary_name_that_cannot_be_swept_is_told)
{
	cleanup_change struct registry_change change = REGISTRY_CHANGE_NONE;
	struct extauth_error error = {0};

	case_setup();
	ck_assert_int_eq(mkdir(case_path(".nss.new"), 0700), 0);
	case_begin(&change);
	case_add_numbered(&change, 1, FIRST_UID + 90);
	ck_assert_int_eq(
	    registry_change_commit(&change, &error), EXTAUTH_SYSTEM);
	ck_assert_str_eq(error.text, ".nss.new: File exists");
	ck_assert_int_ne(access(case_path(".registry.new"), F_OK), 0);
	ck_assert_uint_eq(case_verified("registry").generation, 1);
	ck_assert_int_eq(rmdir(case_path(".nss.new")), 0);
	case_remove();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    patched_commit_is_whole_or_told,
	    commit_of_files_made_anew_is_whole_or_told,
	    first_commit_is_whole_or_told,
	    commit_of_many_is_whole_or_told,
	    temporary_file_is_opened_as_nobodys,
	    call_of_a_commit_that_fails_is_named,
	    commit_without_memory_is_told_or_made_anew,
	    temporary_name_that_cannot_be_swept_is_told,
	    NULL,
	};

	return unit_run("registry_fault", tests);
}
