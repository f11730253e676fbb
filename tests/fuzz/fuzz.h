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

/* An input in pieces: an answer is three bytes of status, and then its text. */
struct fuzz_input {
	const char *next;
	const char *end;
};

#define FUZZ_STATUS_BYTES 3

/* Lends the next piece; the last is followed by empty ones. */
const char *fuzz_next_text(struct fuzz_input *input, size_t *ret_length);

/* Reads a status from 0 to 999: any byte counts as a digit, '0' as 0. */
unsigned fuzz_read_status(const char *text, size_t length);

/* Ends the program, so that libFuzzer keeps the input, unless `holds`. */
void fuzz_require(bool holds, const char *what);

#endif
