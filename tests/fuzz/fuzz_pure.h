/* SPDX-License-Identifier: MIT */
/* The targets that need no library but libc, so that each of them can be built
 * with MemorySanitizer as well.
 * Does not know: libFuzzer. */
#ifndef EXTAUTH_FUZZ_PURE_H
#define EXTAUTH_FUZZ_PURE_H

#include <stddef.h>
#include <stdint.h>

/* Each takes one input; what it is stands in the file of that name. */
void fuzz_condition(const uint8_t *bytes, size_t length);
void fuzz_config(const uint8_t *bytes, size_t length);
void fuzz_csv(const uint8_t *bytes, size_t length);
void fuzz_escape(const uint8_t *bytes, size_t length);
void fuzz_frame(const uint8_t *bytes, size_t length);
void fuzz_id_map(const uint8_t *bytes, size_t length);
void fuzz_identity(const uint8_t *bytes, size_t length);
void fuzz_ini(const uint8_t *bytes, size_t length);
void fuzz_module_option(const uint8_t *bytes, size_t length);
void fuzz_nss(const uint8_t *bytes, size_t length);
void fuzz_passwd_entry(const uint8_t *bytes, size_t length);
void fuzz_phrase(const uint8_t *bytes, size_t length);
void fuzz_registry(const uint8_t *bytes, size_t length);
void fuzz_template(const uint8_t *bytes, size_t length);
void fuzz_throttle(const uint8_t *bytes, size_t length);
void fuzz_xml(const uint8_t *bytes, size_t length);

#endif
