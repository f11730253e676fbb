/* SPDX-License-Identifier: MIT */
/* Two snapshots of the `nss` file that tell in every field which of them it is,
 * and how they take each other's place.
 * Does not know: who looks into them. */
#ifndef EXTAUTH_NSS_SWAP_H
#define EXTAUTH_NSS_SWAP_H

#include <stdbool.h>

#include "nss_entry.h"
#include "unit.h"

/* Users that both have: user0 and so on; in the second each has another uid. */
#define SWAP_USERS 50

/* Makes both, and puts the first one in its place. */
void swap_prepare(void);

/* Puts snapshot `number` % 2 in place of the other: a new file, renamed. */
void swap_put(unsigned number);

/* Asks for user `number` % SWAP_USERS in each way, and for one who is in one
 * snapshot alone. False if an answer is of neither snapshot. */
bool swap_answers_are_right(const struct nss_module *module, unsigned number);

/* From the next swap_prepare on the files say that nobody may map them. */
void swap_forbid_maps(void);

/* The bytes of snapshot `number` % 2, lent. */
const char *swap_bytes(unsigned number, size_t *ret_length);

/* Asks for user `number` % SWAP_USERS and his groups, where the file may be
 * damaged: whoever is not found is as good. Counts in `*found` those who are.
 * False if an answer is of neither snapshot. */
bool swap_answers_are_not_wrong(
    const struct nss_module *module, unsigned number, unsigned *found);

#endif
