/* SPDX-License-Identifier: MIT */
/* What the fuzz targets share: the form that libFuzzer gives, and a word for
 * what must hold.
 * Does not know: what is fuzzed. */
#ifndef EXTAUTH_FUZZ_H
#define EXTAUTH_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Called by libFuzzer: once, and for each input. */
int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Ends the program, so that libFuzzer keeps the input, unless `holds`. */
void fuzz_require(bool holds, const char *what);

#endif
