/* SPDX-License-Identifier: MIT */
/* The Link header: where a list goes on.
 * Does not know: URLs. RFC 8288. */
#ifndef EXTAUTH_RESPONSE_LINK_H
#define EXTAUTH_RESPONSE_LINK_H

#include <stddef.h>

/* Finds the first link of a header's value whose relation is "next", among
 * others or alone, and that is about the page itself (no `anchor`); what is no
 * link ends the search. Lends its target out of `value` and returns its length;
 * 0 where there is none. RFC 8288 3. */
size_t response_link_next(
    const char *value, size_t length, const char **ret_target);

#endif
