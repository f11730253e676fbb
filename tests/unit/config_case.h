/* SPDX-License-Identifier: MIT */
/* What the tests of config share: texts that are taken, texts that are refused
 * with an exact line. */
#ifndef EXTAUTH_CONFIG_CASE_H
#define EXTAUTH_CONFIG_CASE_H

#include "config.h"
#include "unit.h"

#define CONFIG_CASE_LENGTH(rows) (sizeof(rows) / sizeof((rows)[0]))

struct config_refused {
	const char *text;
	const char *line; /* what the administrator reads */
};

/* Asserts that each text, as file x.conf, is refused with its line. */
void config_case_refused(const struct config_refused *rows, size_t count);

/* Asserts that the text, as file x.conf, is taken, and hands back what it
 * says; the caller's (config_clear). */
struct config config_case_taken(const char *text);

#endif
