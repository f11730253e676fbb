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

/* Begins with the first of `length` bytes. */
struct fuzz_input fuzz_begin(const uint8_t *bytes, size_t length);

/* Takes one byte; 0 at the end. */
uint8_t fuzz_next_byte(struct fuzz_input *input);

/* Copies the next piece, up to its first NUL, into memory that is not a byte
 * longer; the caller's (free). */
char *fuzz_copy_text(struct fuzz_input *input);

/* Copies bytes into memory that is not a byte longer; the caller's (free). */
char *fuzz_copy_bytes(const char *bytes, size_t length);

/* Reads a status from 0 to 999: any byte counts as a digit, '0' as 0. */
unsigned fuzz_read_status(const char *text, size_t length);

/* Lends what follows "fuzz_" in the name of the program, arguments[0]:
 * libFuzzer hands nothing else on. */
const char *fuzz_target_name(char *const *arguments);

/* Tells whether a text is printable ASCII. */
bool fuzz_is_shown(const char *text);

/* Ends the program, so that libFuzzer keeps the input, unless `holds`. */
void fuzz_require(bool holds, const char *what);

#endif
