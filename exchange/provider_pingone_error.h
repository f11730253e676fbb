/* SPDX-License-Identifier: MIT */
/* What an answer of PingOne's API means that is no plain success.
 * Does not know: which request it answers. */
#ifndef EXTAUTH_PROVIDER_PINGONE_ERROR_H
#define EXTAUTH_PROVIDER_PINGONE_ERROR_H

#include "judge.h"

/* Judges the status; then, in all but a JSON object of status 200, PingOne's
 * codes. Returns false, with a refusal that holds the status alone, for such an
 * object: it is to be read. */
bool pingone_judge(const struct answer *answer, struct login_outcome *outcome);

/* Sets the verdict of the first known code in the answer: of an error, or of
 * the state of a password. Returns false if there is none, with a REJECTED that
 * names what stands there instead. */
bool pingone_judge_code(
    const struct answer *answer, struct login_outcome *outcome);

#endif
