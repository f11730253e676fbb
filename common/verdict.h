/* SPDX-License-Identifier: MIT */
/* What a provider decided, and how an HTTP status is read where there is
 * nothing better. "Cannot tell" is a verdict of its own, never a refusal.
 * Does not know: PAM, JSON. */
#ifndef EXTAUTH_VERDICT_H
#define EXTAUTH_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

enum verdict {
	VERDICT_REJECTED = 0,
	VERDICT_ACCEPTED,
	VERDICT_EXPIRED,
	VERDICT_LOCKED,
	VERDICT_SECOND_FACTOR_NEEDED,
	VERDICT_DENIED_BY_POLICY,
	VERDICT_THROTTLED,
	VERDICT_UNAVAILABLE,
	VERDICT_MISCONFIGURED,
};

/* The lower-case word that the log shows, as "second_factor_needed". Static. */
const char *verdict_name(enum verdict verdict);

/* The number that stands for a verdict between processes: 32 bits, any two of
 * them 8 or more bits apart. */
uint32_t verdict_to_wire(enum verdict verdict);

/* Reads such a number. EXTAUTH_INVALID for any other. */
EXTAUTH_CHECKED enum extauth_err verdict_from_wire(
    uint32_t wire, enum verdict *ret_verdict);

/* Reads an HTTP status by the table for rest and basic: one of `accept` (200
 * alone if `accept_count` is 0) is ACCEPTED, so far; 404, 405, 406, 415, 3xx
 * MISCONFIGURED; 429 THROTTLED; 407, 408, 425, 5xx and what is no status
 * UNAVAILABLE; the rest REJECTED. */
enum verdict verdict_from_status(
    unsigned status, const uint32_t *accept, size_t accept_count);

/* Tells whether the verdict proves the password right without granting: such a
 * one is shown as REJECTED is. */
bool verdict_is_refusal_after_password(enum verdict verdict);

#endif
