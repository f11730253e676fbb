/* SPDX-License-Identifier: MIT */
/* Numbers as people write them.
 * Does not know: what they count. */
#ifndef EXTAUTHCTL_NUMBER_H
#define EXTAUTHCTL_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* Reads decimal digits alone, up to 4294967295. Tells whether it was one; only
 * then `*ret_number` is written. */
bool number_parse(const char *text, uint32_t *ret_number);

/* Compares two uint32_t for qsort(3) and bsearch(3). */
int number_compare(const void *one, const void *other);

#endif
