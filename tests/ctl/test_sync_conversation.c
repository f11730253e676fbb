/* SPDX-License-Identifier: MIT */
#include "sync_conversation.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sync_roles.h"
#include "unit.h"

#define SOON_MS 5000

static const struct {
	const char *name;
	enum extauth_err err; /* without state and e-mail */
	enum extauth_err err_state;
	enum extauth_err err_email;
} roles[] = {
    {"whole", EXTAUTH_OK, EXTAUTH_OK, EXTAUTH_SYSTEM},
    {"killed", EXTAUTH_SYSTEM, EXTAUTH_SYSTEM, EXTAUTH_SYSTEM},
    {"closes", EXTAUTH_SYSTEM, EXTAUTH_SYSTEM, EXTAUTH_SYSTEM},
    {"half", EXTAUTH_SYSTEM, EXTAUTH_SYSTEM, EXTAUTH_SYSTEM},
    {"twice", EXTAUTH_SYSTEM, EXTAUTH_SYSTEM, EXTAUTH_SYSTEM},
    {"goes on", EXTAUTH_SYSTEM, EXTAUTH_SYSTEM, EXTAUTH_SYSTEM},
    {"other nonce", EXTAUTH_SYSTEM, EXTAUTH_SYSTEM, EXTAUTH_SYSTEM},
    {"garbage", EXTAUTH_SYSTEM, EXTAUTH_SYSTEM, EXTAUTH_SYSTEM},
    {"prompt", EXTAUTH_SYSTEM, EXTAUTH_SYSTEM, EXTAUTH_SYSTEM},
    {"nobody", EXTAUTH_SYSTEM, EXTAUTH_SYSTEM, EXTAUTH_SYSTEM},
    {"failed", EXTAUTH_OK, EXTAUTH_OK, EXTAUTH_OK},
    {"changes", EXTAUTH_SYSTEM, EXTAUTH_OK, EXTAUTH_SYSTEM},
    {"unchanged", EXTAUTH_SYSTEM, EXTAUTH_OK, EXTAUTH_SYSTEM},
    {"unchanged and told", EXTAUTH_SYSTEM, EXTAUTH_SYSTEM, EXTAUTH_SYSTEM},
    {"one", EXTAUTH_SYSTEM, EXTAUTH_SYSTEM, EXTAUTH_OK},
    {"hangs", EXTAUTH_UNAVAILABLE, EXTAUTH_UNAVAILABLE, EXTAUTH_UNAVAILABLE},
};

#define ROLE_COUNT (sizeof(roles) / sizeof(roles[0]))

struct witness {
	unsigned users;
	unsigned groups;
	uint32_t total;
	char trace[64];
	enum extauth_err err;
};

static void
on_total(void *context, uint32_t total)
{
	struct witness *witness = context;

	witness->total = total;
}

static enum extauth_err
on_user(void *context, const struct sync_user *user)
{
	struct witness *witness = context;

	ck_assert_str_eq(user->email, "jane@example.com");
	witness->users++;
	return witness->err;
}

static enum extauth_err
on_group(void *context, const struct sync_group *group)
{
	struct witness *witness = context;

	ck_assert_str_eq(group->id, "g");
	witness->groups++;
	return EXTAUTH_OK;
}

static void
on_trace(void *context, const char *text)
{
	struct witness *witness = context;

	strncpy(witness->trace, text, sizeof(witness->trace) - 1);
}

static enum extauth_err
converse(const char *role, const char *state, const char *email,
    struct witness *witness, struct sync_end *ret_end)
{
	struct sync_listener listener = {
	    witness, on_total, on_user, on_group, on_trace};
	struct sync_job *job = calloc(1, sizeof(*job));
	struct extauth_error error = {0};
	char program[1024] = "";
	enum extauth_err err;

	ck_assert_ptr_nonnull(job);
	ck_assert_int_gt(
	    readlink("/proc/self/exe", program, sizeof(program) - 1), 0);
	strcpy(job->source, role);
	strcpy(job->state, state);
	strcpy(job->email, email);
	job->deadline_ms = strcmp(role, "hangs") == 0 ? 200 : SOON_MS;
	err = sync_converse(program, job, &listener, ret_end, &error);
	ck_assert((err == EXTAUTH_OK) == (error.text[0] == '\0'));
	free(job);
	return err;
}

START_TEST(whole_reading_is_taken)
{
	cleanup_sync_end struct sync_end end = {0};
	struct witness witness = {0};

	ck_assert_ok(converse("whole", "", "", &witness, &end));
	ck_assert_int_eq(end.kind, SYNC_COMPLETE);
	ck_assert_str_eq(end.state, "state");
	ck_assert_uint_eq(witness.total, 7);
	ck_assert_uint_eq(witness.users, 2);
	ck_assert_uint_eq(witness.groups, 1);
	ck_assert_str_eq(witness.trace, "GET /?");
}
END_TEST

START_TEST(every_fault_of_the_worker_fails_the_reading)
{
	size_t i;

	for (i = 0; i < ROLE_COUNT; i++) {
		struct witness witness = {0};
		struct sync_end end = {0};
		enum extauth_err err =
		    converse(roles[i].name, "", "", &witness, &end);

		ck_assert_msg(
		    err == roles[i].err, "%s: %d", roles[i].name, (int)err);
		sync_end_clear(&end);
		err = converse(roles[i].name, "state", "", &witness, &end);
		ck_assert_msg(err == roles[i].err_state, "%s, with a state: %d",
		    roles[i].name, (int)err);
		sync_end_clear(&end);
		err = converse(
		    roles[i].name, "", "jane@example.com", &witness, &end);
		ck_assert_msg(err == roles[i].err_email, "%s, for one: %d",
		    roles[i].name, (int)err);
		sync_end_clear(&end);
	}
}
END_TEST

START_TEST(failure_has_its_reason)
{
	cleanup_sync_end struct sync_end end = {0};
	struct witness witness = {0};

	ck_assert_ok(converse("failed", "", "", &witness, &end));
	ck_assert_int_eq(end.kind, SYNC_FAILED);
	ck_assert_str_eq(end.reason, "because");
}
END_TEST

START_TEST(listener_can_end_the_reading)
{
	struct sync_end end = {0};
	struct witness witness = {.err = EXTAUTH_TOOBIG};

	ck_assert_int_eq(
	    converse("whole", "", "", &witness, &end), EXTAUTH_TOOBIG);
	ck_assert_uint_eq(witness.users, 1);
	witness.err = EXTAUTH_NOMEM;
	ck_assert_int_eq(
	    converse("whole", "", "", &witness, &end), EXTAUTH_NOMEM);
}
END_TEST

START_TEST(worker_that_is_not_there_is_a_fault)
{
	struct sync_listener listener = {0};
	struct sync_job *job = calloc(1, sizeof(*job));
	struct extauth_error error = {0};
	struct sync_end end = {0};

	ck_assert_int_eq(
	    sync_converse("/nonexistent", job, &listener, &end, &error),
	    EXTAUTH_SYSTEM);
	free(job);
}
END_TEST

int
main(int argc, char **argv)
{
	const TTest *const tests[] = {
	    whole_reading_is_taken,
	    every_fault_of_the_worker_fails_the_reading,
	    failure_has_its_reason,
	    listener_can_end_the_reading,
	    worker_that_is_not_there_is_a_fault,
	    NULL,
	};

	if (argc > 0 && sync_role_is_ours(argv[0]))
		return sync_role_play();
	return unit_run("sync_conversation", tests);
}
