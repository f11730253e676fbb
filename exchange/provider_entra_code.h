/* SPDX-License-Identifier: MIT */
/* The AADSTS codes of Microsoft Entra ID.
 * Does not know: requests, tokens. */
#ifndef EXTAUTH_PROVIDER_ENTRA_CODE_H
#define EXTAUTH_PROVIDER_ENTRA_CODE_H

#include "judge.h"

/* Gives a refusal the verdict and reason of its code, where the status is one
 * that comes with codes. The first known one of error_codes counts, else the
 * one in front of error_description; with an unknown one the verdict stays. */
void entra_judge_code(
    const struct answer *answer, struct login_outcome *outcome);

#endif
