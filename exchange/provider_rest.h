/* SPDX-License-Identifier: MIT */
/* The types rest and basic: one request, judged by status and conditions.
 * Does not know: how a request is sent.
 *
 * An accepted status is a grant only if every accept_if holds and none of
 * expired_if, locked_if, second_factor_if, unavailable_if does: those are marks
 * of a refusal, wherever they stand. With any condition configured, an accepted
 * status with an answer that is not strict JSON is a refusal. Other verdicts
 * that the status alone gives are final. */
#ifndef EXTAUTH_PROVIDER_REST_H
#define EXTAUTH_PROVIDER_REST_H

#include "machine.h"

/* Lends the machine. Static. */
const struct provider *provider_rest(void);

#endif
