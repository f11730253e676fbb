/* SPDX-License-Identifier: MIT */
#include "verdict.h"

#include "unit.h"

static const enum verdict all[] = {VERDICT_REJECTED, VERDICT_ACCEPTED,
    VERDICT_EXPIRED, VERDICT_LOCKED, VERDICT_SECOND_FACTOR_NEEDED,
    VERDICT_DENIED_BY_POLICY, VERDICT_THROTTLED, VERDICT_UNAVAILABLE,
    VERDICT_MISCONFIGURED};

#define ALL_COUNT (sizeof(all) / sizeof(all[0]))

static unsigned
distance(uint32_t one, uint32_t other)
{
	return (unsigned)__builtin_popcount(one ^ other);
}

START_TEST(forgotten_verdict_is_a_refusal)
{
	enum verdict none = {0};

	ck_assert_int_eq(none, VERDICT_REJECTED);
	ck_assert_str_eq(verdict_name(none), "rejected");
}
END_TEST

START_TEST(each_verdict_has_its_word)
{
	static const char *const words[] = {"rejected", "accepted", "expired",
	    "locked", "second_factor_needed", "denied_by_policy", "throttled",
	    "unavailable", "misconfigured"};
	size_t i;

	for (i = 0; i < ALL_COUNT; i++)
		ck_assert_str_eq(verdict_name(all[i]), words[i]);
}
END_TEST

START_TEST(unknown_verdict_is_named_and_sent_as_a_refusal)
{
	enum verdict wrong = (enum verdict)77;

	ck_assert_str_eq(verdict_name(wrong), "rejected");
	ck_assert_uint_eq(
	    verdict_to_wire(wrong), verdict_to_wire(VERDICT_REJECTED));
	ck_assert(!verdict_is_refusal_after_password(wrong));
}
END_TEST

START_TEST(each_verdict_survives_the_wire)
{
	size_t i;

	for (i = 0; i < ALL_COUNT; i++) {
		enum verdict verdict = VERDICT_REJECTED;

		ck_assert_ok(
		    verdict_from_wire(verdict_to_wire(all[i]), &verdict));
		ck_assert_int_eq(verdict, all[i]);
	}
}
END_TEST

START_TEST(wire_numbers_are_far_apart)
{
	size_t i;
	size_t k;

	for (i = 0; i < ALL_COUNT; i++) {
		uint32_t wire = verdict_to_wire(all[i]);

		ck_assert_uint_ge(distance(wire, 0), 8);
		ck_assert_uint_ge(distance(wire, UINT32_MAX), 8);
		for (k = 0; k < i; k++)
			ck_assert_uint_ge(
			    distance(wire, verdict_to_wire(all[k])), 8);
	}
}
END_TEST

START_TEST(damaged_wire_number_is_no_verdict)
{
	enum verdict verdict = VERDICT_LOCKED;
	uint32_t accepted = verdict_to_wire(VERDICT_ACCEPTED);
	unsigned bit;
	uint32_t small;

	for (bit = 0; bit < 32; bit++)
		ck_assert_int_eq(
		    verdict_from_wire(accepted ^ (1U << bit), &verdict),
		    EXTAUTH_INVALID);
	for (small = 0; small < 256; small++)
		ck_assert_int_eq(
		    verdict_from_wire(small, &verdict), EXTAUTH_INVALID);
	ck_assert_int_eq(verdict, VERDICT_LOCKED);
}
END_TEST

/* The table of the design, written out by hand. */
static enum verdict
expected_of(unsigned status)
{
	static const unsigned wrong_url[] = {404, 405, 406, 415, 0};
	static const unsigned out_of_reach[] = {407, 408, 425, 0};
	size_t i;

	if (status == 200)
		return VERDICT_ACCEPTED;
	if (status == 429)
		return VERDICT_THROTTLED;
	for (i = 0; wrong_url[i] != 0; i++)
		if (status == wrong_url[i])
			return VERDICT_MISCONFIGURED;
	for (i = 0; out_of_reach[i] != 0; i++)
		if (status == out_of_reach[i])
			return VERDICT_UNAVAILABLE;
	if (status < 100 || status > 499)
		return VERDICT_UNAVAILABLE;
	return status / 100 == 3 ? VERDICT_MISCONFIGURED : VERDICT_REJECTED;
}

START_TEST(every_status_is_read_by_the_table)
{
	unsigned status;

	for (status = 0; status < 1200; status++)
		ck_assert_msg(
		    verdict_from_status(status, NULL, 0) == expected_of(status),
		    "status %u gives %s", status,
		    verdict_name(verdict_from_status(status, NULL, 0)));
}
END_TEST

START_TEST(only_200_is_accepted_where_nothing_is_configured)
{
	unsigned status;
	unsigned accepted = 0;

	for (status = 0; status < 70000; status++)
		if (verdict_from_status(status, NULL, 0) == VERDICT_ACCEPTED)
			accepted++;
	ck_assert_uint_eq(accepted, 1);
	ck_assert_int_eq(
	    verdict_from_status(UINT32_MAX, NULL, 0), VERDICT_UNAVAILABLE);
}
END_TEST

START_TEST(configured_statuses_replace_200)
{
	static const uint32_t accept[] = {204, 302};
	static const uint32_t edges[] = {100, 599};

	ck_assert_int_eq(verdict_from_status(204, accept, 2), VERDICT_ACCEPTED);
	ck_assert_int_eq(verdict_from_status(302, accept, 2), VERDICT_ACCEPTED);
	ck_assert_int_eq(verdict_from_status(100, edges, 2), VERDICT_ACCEPTED);
	ck_assert_int_eq(verdict_from_status(599, edges, 2), VERDICT_ACCEPTED);
	ck_assert_int_eq(
	    verdict_from_status(302, accept, 1), VERDICT_MISCONFIGURED);
	ck_assert_int_eq(verdict_from_status(200, accept, 2), VERDICT_REJECTED);
	ck_assert_int_eq(
	    verdict_from_status(500, accept, 2), VERDICT_UNAVAILABLE);
}
END_TEST

START_TEST(no_answer_is_never_accepted)
{
	static const uint32_t accept[] = {0, 99, 600};
	size_t i;

	for (i = 0; i < 3; i++)
		ck_assert_int_eq(verdict_from_status(accept[i], accept, 3),
		    VERDICT_UNAVAILABLE);
}
END_TEST

START_TEST(verdicts_that_tell_of_a_right_password_are_known)
{
	static const bool expected[] = {
	    false, false, true, true, true, true, false, false, false};
	size_t i;

	for (i = 0; i < ALL_COUNT; i++)
		ck_assert_int_eq(
		    verdict_is_refusal_after_password(all[i]), expected[i]);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    forgotten_verdict_is_a_refusal,
	    each_verdict_has_its_word,
	    unknown_verdict_is_named_and_sent_as_a_refusal,
	    each_verdict_survives_the_wire,
	    wire_numbers_are_far_apart,
	    damaged_wire_number_is_no_verdict,
	    every_status_is_read_by_the_table,
	    only_200_is_accepted_where_nothing_is_configured,
	    configured_statuses_replace_200,
	    no_answer_is_never_accepted,
	    verdicts_that_tell_of_a_right_password_are_known,
	    NULL,
	};

	return unit_run("verdict", tests);
}
