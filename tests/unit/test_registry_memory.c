/* SPDX-License-Identifier: MIT */
#include "fault.h"
#include "registry_base.h"
#include "registry_case.h"
#include "registry_contents.h"

/* One change of what was read from the sample. */
typedef enum extauth_err (*change)(
    struct registry_contents *contents, struct extauth_error *error);

static enum extauth_err
add_user(struct registry_contents *contents, struct extauth_error *error)
{
	static const uint32_t gids[] = {ADMINS_GID};
	struct registry_user user = {.name = "newcomer",
	    .gecos = "New",
	    .home = "/home/newcomer",
	    .shell = "/bin/sh",
	    .email = "new@example.com",
	    .external_id = "00u9",
	    .provider = "main",
	    .source = "people",
	    .uid = FIRST_UID + 50,
	    .gid = FIRST_UID + 50,
	    .gids = gids,
	    .gid_count = 1};

	return registry_contents_add_user(contents, &user, error);
}

static enum extauth_err
change_user(struct registry_contents *contents, struct extauth_error *error)
{
	struct registry_user user =
	    *registry_contents_find_name(contents, "alice");

	user.email = "other@example.com";
	user.gid_count = 0;
	return registry_contents_change_user(contents, &user, error);
}

static enum extauth_err
remove_user(struct registry_contents *contents, struct extauth_error *error)
{
	(void)error;
	return registry_contents_remove_user(contents, "carol@example.com");
}

static enum extauth_err
add_group(struct registry_contents *contents, struct extauth_error *error)
{
	return registry_contents_add_group(
	    contents, "fresh", EMPTY_GID + 1, error);
}

static enum extauth_err
remove_group(struct registry_contents *contents, struct extauth_error *error)
{
	(void)error;
	return registry_contents_remove_group(contents, "empty");
}

static enum extauth_err
load(struct registry_contents *contents, struct extauth_error *error)
{
	registry_contents_clear(contents);
	return registry_contents_load(case_path("registry"), contents, error);
}

/* Does it while the allocation after so many others fails; tells whether there
 * was such a one. */
static bool
fails_at(change run, size_t allocations, bool is_current)
{
	cleanup_contents struct registry_contents contents = case_loaded();
	struct extauth_error error = {0};
	enum extauth_err err;
	bool failed;

	contents.base->is_current = is_current;
	fault_begin(FAULT_MEMORY, allocations, 0);
	err = run(&contents, &error);
	failed = fault_end();
	ck_assert_int_eq(err, failed ? EXTAUTH_NOMEM : EXTAUTH_OK);
	if (err == EXTAUTH_OK)
		ck_assert_str_eq(error.text, "");
	return failed;
}

START_TEST(change_without_memory_is_told)
{
	static const change changes[] = {
	    add_user, change_user, remove_user, add_group, remove_group, load};
	size_t number;

	case_setup();
	for (number = 0; number < 2 * sizeof(changes) / sizeof(*changes);
	     number++) {
		size_t allocations = 0;

		while (
		    fails_at(changes[number / 2], allocations, number % 2 == 0))
			allocations++;
		ck_assert_msg(allocations > 0, "change %zu", number);
	}
	case_remove();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    change_without_memory_is_told,
	    NULL,
	};

	return unit_run("registry_memory", tests);
}
