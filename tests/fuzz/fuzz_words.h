/* SPDX-License-Identifier: MIT */
/* What a user's fields may be, read a second time.
 * Does not know: the readers of common/. */
#ifndef EXTAUTH_FUZZ_WORDS_H
#define EXTAUTH_FUZZ_WORDS_H

#include <stdbool.h>
#include <stdint.h>

/* Each tells whether the text is one: see identity.h. */
bool fuzz_is_short_name(const char *name);
bool fuzz_is_email(const char *email);
bool fuzz_is_gecos(const char *text);
bool fuzz_is_path(const char *path);
bool fuzz_is_uid(uint32_t uid);

#endif
