/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "fault.h"
#include "login.h"
#include "unit.h"

#define FAULTS_MAX 1000

static const char nonce[FRAME_NONCE_BYTES] = "0123456789abcde";

/* Check itself allocates: what is seen in between is asserted later. */
static bool is_wrong;

static const struct login_facts facts = {
    .config_path = "/etc/extauth/extauth.conf",
    .provider = "main",
    .request_id = "01234567",
    .username = "alice",
    .email = "alice@example.com",
    .service = "sshd",
    .uid = 2000200001U,
    .login_deadline_ms = 10000,
    .person_deadline_ms = 1000,
};

/* Writes a CHANGE, and reads it again. */
static enum extauth_err
pass_facts(void)
{
	static struct login_facts read;
	cleanup_secret struct secret old = {0};
	cleanup_secret struct secret new = {0};
	cleanup_secret struct secret read_old = {0};
	cleanup_secret struct secret read_new = {0};
	struct login_passwords passwords = {&old, &new};
	cleanup_frame struct frame frame = {0};
	char read_nonce[FRAME_NONCE_BYTES];
	enum extauth_err err = secret_set(&old, "old password", 12);

	if (err == EXTAUTH_OK)
		err = secret_set(&new, "new password", 12);
	if (err == EXTAUTH_OK)
		err = login_to_frame(
		    FRAME_CHANGE, &facts, nonce, &passwords, &frame);
	if (err == EXTAUTH_OK)
		err = login_from_frame(
		    &frame, &read, read_nonce, &read_old, &read_new);
	if (err == EXTAUTH_OK)
		is_wrong = is_wrong || strcmp(read.email, facts.email) != 0 ||
		    strcmp(secret_reveal(&read_old), "old password") != 0 ||
		    strcmp(secret_reveal(&read_new), "new password") != 0;
	return err;
}

/* Writes a grant with a token, and reads it again. */
static enum extauth_err
pass_outcome(void)
{
	cleanup_outcome struct login_outcome outcome = {
	    .verdict = VERDICT_ACCEPTED, .http_status = 200};
	cleanup_outcome struct login_outcome read = {0};
	cleanup_frame struct frame frame = {0};
	enum extauth_err err = secret_set(&outcome.token, "token", 5);

	if (err == EXTAUTH_OK)
		err = login_outcome_to_frame(&outcome, nonce, &frame);
	if (err == EXTAUTH_OK)
		err = login_outcome_from_frame(&frame, nonce, &read);
	if (err == EXTAUTH_OK)
		is_wrong = is_wrong || read.verdict != VERDICT_ACCEPTED ||
		    strcmp(secret_reveal(&read.token), "token") != 0;
	else
		is_wrong = is_wrong || read.verdict != VERDICT_REJECTED;
	return err;
}

/* Each allocation in turn fails. */
static void
sweep(enum extauth_err (*run)(void), size_t least)
{
	size_t after;
	bool is_hit = true;

	for (after = 0; is_hit; after++) {
		enum extauth_err err;

		is_wrong = false;
		fault_begin(FAULT_MEMORY, after, ENOMEM);
		err = run();
		is_hit = fault_end();
		ck_assert(!is_wrong);
		ck_assert_int_eq(err, is_hit ? EXTAUTH_NOMEM : EXTAUTH_OK);
		ck_assert_uint_lt(after, FAULTS_MAX);
	}
	ck_assert_uint_gt(after, least);
}

START_TEST(facts_and_passwords_arrive_or_memory_has_run_out)
{
	sweep(pass_facts, 5);
}
END_TEST

START_TEST(grant_arrives_or_memory_has_run_out)
{
	sweep(pass_outcome, 3);
}
END_TEST

START_TEST(request_id_is_there_without_random_numbers)
{
	static struct login_facts made;

	fault_begin(FAULT_CALL, 0, ENOSYS);
	login_make_request_id(&made);
	ck_assert(fault_end());
	ck_assert_str_eq(made.request_id, "00000000");
	login_make_request_id(&made);
	ck_assert_uint_eq(strlen(made.request_id), LOGIN_REQUEST_ID_BYTES);
	ck_assert_uint_eq(strspn(made.request_id, "0123456789abcdef"), 8);
	ck_assert_str_ne(made.request_id, "00000000");
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    facts_and_passwords_arrive_or_memory_has_run_out,
	    grant_arrives_or_memory_has_run_out,
	    request_id_is_there_without_random_numbers,
	    NULL,
	};

	return unit_run("login_fault", tests);
}
