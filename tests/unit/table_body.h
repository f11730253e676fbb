/* SPDX-License-Identifier: MIT */
/* The bodies of the table test: the files of tests/service/wire and what is
 * made of a good one.
 * Does not know: stages' machines, verdicts. */
#ifndef EXTAUTH_TABLE_BODY_H
#define EXTAUTH_TABLE_BODY_H

#include "table_stage.h"

/* One kind of body. Owned by its list. */
struct table_body {
	char name[48]; /* of a wire file: NAME.STATUS */
	char *text;
};

struct table_bodies {
	struct table_body *items;
	size_t count;
};

/* Reads a wire file, PROVIDER/NAME.STATUS.ext, with @ID_TOKEN@ filled in for
 * the stage. The text is the caller's (free). Fails the test if there is
 * none. */
char *table_wire_read(const struct table_stage *stage, const char *path);

/* Collects the bodies for a stage: each wire file of its provider, and what is
 * made of its good one. Ended by table_bodies_clear. */
void table_bodies_collect(
    const struct table_stage *stage, struct table_bodies *ret_bodies);
void table_bodies_clear(struct table_bodies *bodies);

#endif
