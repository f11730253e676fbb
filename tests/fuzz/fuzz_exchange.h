/* SPDX-License-Identifier: MIT */
/* The targets that go through libcurl, and what else of extauth-exchange has no
 * machine.
 * Does not know: libFuzzer. */
#ifndef EXTAUTH_FUZZ_EXCHANGE_H
#define EXTAUTH_FUZZ_EXCHANGE_H

#include <stddef.h>
#include <stdint.h>

/* Each takes one input; what it is stands in fuzz_http.c and fuzz_url.c. */
void fuzz_base64url(const uint8_t *bytes, size_t length);
void fuzz_http(const uint8_t *bytes, size_t length);
void fuzz_response(const uint8_t *bytes, size_t length);
void fuzz_url(const uint8_t *bytes, size_t length);

#endif
