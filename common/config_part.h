/* SPDX-License-Identifier: MIT */
/* The configuration as it would be with one file more, or less.
 * Does not know: who is about to write the file. */
#ifndef EXTAUTH_CONFIG_PART_H
#define EXTAUTH_CONFIG_PART_H

#include "config.h"

/* A file NAME of conf.d/ that is to be taken for granted. */
struct config_part {
	const char *name;
	const char *text; /* NULL: as if it were not there */
	size_t length;
};

/* As config_load, but in place of the file conf.d/NAME, whether it is there or
 * not, the text of `part` is read. */
EXTAUTH_CHECKED enum extauth_err config_load_with(const char *path,
    const struct config_part *part, struct config *ret_config,
    struct extauth_error *error);

#endif
